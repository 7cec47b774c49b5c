# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a rekey does next, and what stands against it, situation by situation."""

from __future__ import annotations

import re

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.filter.rekey_plan import FilterModule

from .rekey_made import (
    AFTER,
    ATTESTED,
    BEFORE,
    BYOK,
    NEW,
    OLD,
    OTHER,
    REASON,
    THIRD,
    TPD,
    WAITING,
    done,
    key,
    situation,
    under_way,
    unread,
)

PLAN = FilterModule().filters()["rekey_plan"]


def joined(sentences):
    return " ".join(sentences)


# -- what comes next ---------------------------------------------------------------------------------------------------

NEXT = [
    # self-service
    ("the first time", {}, "activate", "planned"),
    ("it was begun and nothing is activated yet", {"case__rekeys": [under_way("self_service")]}, "activate", "planned"),
    (
        "it was activated and is not on record",
        {"case__rekeys": [under_way("self_service")], "service__keys": AFTER},
        "finish",
        "planned",
    ),
    ("it is done", {"case__rekeys": [done()], "service__keys": AFTER}, "nothing", "changing_over"),
    ("clients too", {"case__rekeys": [done(clients=["pc-1", "pc-2"])], "service__keys": AFTER}, "nothing", "done"),
    (
        "clients are left out",
        {"case__rekeys": [done()], "service__keys": AFTER, "reset_clients": False},
        "nothing",
        "done",
    ),
    ("the record is in an earlier case", {"earlier": [done()], "service__keys": AFTER}, "nothing", "done"),
    (
        "it is done, and the tenant is silent",
        {"case__rekeys": [done()], "service": unread()},
        "nothing",
        "changing_over",
    ),
    ("the wanted key is active already", {"key_id": "{" + OLD.upper() + "}"}, "nothing", "unchanged"),
    (
        "the wanted key is active, by a rekey for another reason",
        {"case__rekeys": [done()], "service__keys": AFTER, "key_id": NEW, "reason": OTHER},
        "nothing",
        "unchanged",
    ),
    (
        "it was done, and another key is wanted for the same reason",
        {
            "case__rekeys": [done()],
            "service__keys": [*AFTER, key(THIRD, "Archived")],
            "key_id": THIRD,
            "key_sizes": {THIRD: 2048},
        },
        "activate",
        "planned",
    ),
    (
        "the same key is wanted by another name of the reason that was given meanwhile",
        {"case__rekeys": [done(further_reasons=[OTHER])], "service__keys": AFTER, "reason": OTHER},
        "nothing",
        "changing_over",
    ),
    (
        "another key than the confirmed one has become active",
        {
            "case__rekeys": [under_way("self_service")],
            "service__keys": [key(THIRD), key(OLD, "Archived"), key(NEW, "Archived")],
        },
        "activate",
        "planned",
    ),
    (
        "nobody says again why, and it is done",
        {"case__rekeys": [done()], "service__keys": AFTER, "reason": ""},
        "nothing",
        "changing_over",
    ),
    ("nobody says again why", {"case__rekeys": [under_way("self_service")], "reason": ""}, "activate", "planned"),
    # by case
    ("a case, the first time", {"mode": "case"}, "open", "planned"),
    ("a case without reading the tenant", {"mode": "case", "service": unread()}, "open", "planned"),
    ("support is at work", {"mode": "case", "case__rekeys": [under_way()]}, "wait", "waiting"),
    (
        "support is at work, unseen",
        {"mode": "case", "case__rekeys": [under_way()], "service": unread()},
        "wait",
        "waiting",
    ),
    (
        "support has done it",
        {"mode": "case", "case__rekeys": [under_way()], "service__keys": [key(THIRD), key(OLD, "Archived")]},
        "finish",
        "planned",
    ),
    (
        "a person says so",
        {"mode": "case", "case__rekeys": [under_way()], "service": unread(), "attested": ATTESTED},
        "finish",
        "planned",
    ),
    (
        "a new key is active, but the old one is not archived",
        {"mode": "case", "case__rekeys": [under_way()], "service__keys": [key(NEW)]},
        "wait",
        "waiting",
    ),
    ("it was done by a case", {"mode": "case", "case__rekeys": [done(mode="case")]}, "nothing", "changing_over"),
    ("done, for another reason", {"mode": "case", "case__rekeys": [done()], "reason": OTHER}, "open", "planned"),
    (
        "a person says so, but the tenant does not show it",
        {"mode": "case", "case__rekeys": [under_way()], "service__keys": [key(NEW)], "attested": ATTESTED},
        "wait",
        "waiting",
    ),
    # from one to the other
    (
        "support has given the tenant another key than self-service would have",
        {
            "mode": "case",
            "case__rekeys": [under_way("self_service")],
            "service__keys": [key(THIRD), key(OLD, "Archived")],
        },
        "finish",
        "planned",
    ),
    ("a case goes on in self-service", {"case__rekeys": [under_way()]}, "activate", "planned"),
    (
        "self-service goes on as a case",
        {"mode": "case", "case__rekeys": [under_way("self_service")]},
        "open",
        "planned",
    ),
    (
        "a case that support has done meanwhile is not done again in self-service",
        {"case__rekeys": [under_way()], "service__keys": AFTER},
        "finish",
        "planned",
    ),
]


@pytest.mark.parametrize(("changes", "todo", "status"), [row[1:] for row in NEXT], ids=[row[0] for row in NEXT])
def test_what_comes_next(changes, todo, status):
    plan = PLAN(situation(**changes))
    assert (plan["blocked"], plan["todo"], plan["status"]) == ([], todo, status)
    assert re.fullmatch(r"contoso-[0-9a-f]{8}", plan["confirmation"])
    assert plan["steps"]


# -- what stands against it --------------------------------------------------------------------------------------------

BLOCKED = [
    ("case", {"case": {}}, "There is no case in /srv/contoso"),
    ("rehearsal", {"case__rehearsal": True}, "a rehearsal"),
    ("reason", {"reason": " "}, "the company has split into two or more"),
    ("reason", {"reason": "", "mode": "case"}, "believed to be compromised"),
    (
        "reason",
        {"reason": "", "case__rekeys": [done()], "service__keys": AFTER, "key_id": OLD},
        "There is no reason",
    ),
    ("reason", {"reason": "x" * 401}, "has 401 characters"),
    ("service", {"service": unread("No route.")}, "The tenant could not be read. No route."),
    ("service", {"service__state__functional_state": "Disabled"}, "It protects nothing any more"),
    ("service", {"service__state__functional_state": "Disabled", "mode": "case"}, "It protects nothing any more"),
    ("tenant", {"service__state__service_id": THIRD}, f"signs in to one with the service id {THIRD}"),
    ("tenant", {"case__export": {}, "service_id": THIRD}, f"that of contoso is {THIRD}"),
    ("keys", {"service__keys": [key()]}, "The export of 2026-01-01T00:00:00Z holds the key that you have now"),
    ("keys", {"service__keys": [key()], "case__export": {}}, "So export the key that you have now before that"),
    ("keys", {"service__keys": [key(THIRD)]}, "So export the key that you have now before that"),
    ("keys", {"service__keys": [key(), key(NEW, "Archived", BYOK)]}, "one of your own (BYOK)"),
    ("keys", {"service__keys": []}, "0 active keys"),
    ("keys", {"service__keys": [key(), key(NEW)]}, "2 active keys"),
    ("keys", {"service__keys": [*BEFORE, key(THIRD, "Archived")]}, "Say which one with rekey_key_id"),
    ("keys", {"key_id": THIRD}, f"The tenant has no key {THIRD}"),
    ("keys", {"service__keys": AFTER, "case__rekeys": [done()], "reason": OTHER}, "an earlier rekey has given up"),
    ("keys", {"service__keys": AFTER, "earlier": [done()], "reason": OTHER}, "an earlier rekey has given up"),
    ("target", {"service__keys": [key(), key(NEW, "Archived", BYOK)], "key_id": NEW}, f"is {BYOK}"),
    ("target", {"key_sizes": {NEW.upper(): 1024}}, "has 1024 bits"),
    ("target", {"key_sizes": {}}, "is unknown"),
    ("target", {"key_sizes": {OLD: 2048}}, "rekey_key_sizes"),
    ("attestation", {"mode": "case", "attested": ATTESTED}, "none is under way"),
]
UNTRUE = [
    ({"by": " "}, "who says so (by)"),
    ({"at": None}, "when it was seen (at)"),
    ({"key_id": ""}, "which key is active now (key_id)"),
    ({"who": "x"}, "what it does not need: who"),
    ({"at": "2026-02-28"}, "before the rekey was opened (2026-03-01T08:00:00Z)"),
    ({"at": "2026-03-03"}, "in the future"),
    ({"at": "yesterday"}, "is no time"),
    ({"key_id": "{" + OLD.upper() + "}"}, "the key that was to be given up"),
]
BLOCKED += [("attestation", {**WAITING, "attested": {**ATTESTED, **wrong}}, says) for wrong, says in UNTRUE]
BLOCKED += [
    ("attestation", {**WAITING, "service": situation()["service"], "attested": ATTESTED}, "but the tenant has"),
]


@pytest.mark.parametrize(("gate", "changes", "says"), BLOCKED, ids=[f"{row[0]}: {row[2]}" for row in BLOCKED])
def test_what_alone_stands_against_it(gate, changes, says):
    plan = PLAN(situation(**changes))
    assert plan["blocked_by"] == [gate]
    assert says in joined(plan["blocked"])


NOTED = [
    ("a short key is let through", {"key_sizes": {NEW: 1024}, "allow_1024": True}, "Allowed by rekey_allow_1024"),
    ("so is one of unknown size", {"key_sizes": {}, "allow_1024": True}, "Allowed by rekey_allow_1024"),
    ("nothing tells the tenant", {"case__export": {}}, "Nothing on record says which tenant this is"),
    ("it could be done in self-service", {"mode": "case"}, "without a support case (rekey_mode: self_service)"),
    ("a person has to say so", WAITING, "a person has to say so (rekey_done)"),
    ("it is overdue", {**WAITING, "time": "2026-03-08T08:00:01Z"}, "overdue since 2026-03-08T08:00:00Z: ask support"),
    (
        "the old key is not archived",
        {"mode": "case", "case__rekeys": [under_way()], "service__keys": [key(NEW)]},
        f"The old key {OLD} is not archived",
    ),
    (
        "back to a key that was given up",
        {"service__keys": AFTER, "case__rekeys": [done()], "reason": OTHER, "key_id": OLD},
        f"was given up on 2026-03-01T09:00:00Z (rekey-2026-03-01), for this reason: {REASON}",
    ),
    (
        "a case is to be withdrawn",
        {"case__rekeys": [under_way(support_case="4711")]},
        "Withdraw the support case 4711.",
    ),
    ("another key is active than on record", {"case__rekeys": [done()]}, "but the tenant has:"),
]


@pytest.mark.parametrize(("changes", "says"), [row[1:] for row in NOTED], ids=[row[0] for row in NOTED])
def test_what_the_operator_should_know(changes, says):
    plan = PLAN(situation(**changes))
    assert plan["blocked"] == []
    assert says in joined(plan["warnings"])


def test_nothing_is_noted_where_all_is_well():
    assert PLAN(situation())["warnings"] == []
    assert PLAN(situation(mode="case", service__keys=[key()]))["warnings"] == []
    assert "overdue" not in joined(PLAN(situation(**WAITING, time="2026-03-08T08:00:00Z"))["warnings"])


def test_a_size_is_known_from_the_exported_tpd():
    """The exported key is the one to go to: the tenant was on another one."""
    changes = {"service__keys": AFTER, "key_id": OLD, "key_sizes": {}}
    assert PLAN(situation(**changes))["blocked"] == []
    short = PLAN(
        situation(**changes, case__export={"decrypted": "2026-01-01T00:00:00Z", "tpd": {**TPD, "key_size": 1024}})
    )
    assert short["blocked_by"] == ["target"]


@pytest.mark.parametrize(("changes", "todo"), [row[1:3] for row in NEXT], ids=[row[0] for row in NEXT])
def test_who_changes_nothing_needs_to_confirm_nothing(changes, todo):
    asked = PLAN(situation(**changes), "")["blocked_by"]
    assert asked == (["confirmation"] if todo in ("open", "activate") else [])
