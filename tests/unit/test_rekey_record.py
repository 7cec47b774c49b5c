# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What has to be typed for a rekey, what goes on record, what is said afterwards, and what proves it."""

from __future__ import annotations

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.filter.rekey_lacks import FilterModule as Lacks
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
    WAITING,
    done,
    key,
    situation,
    under_way,
    unread,
)

PLAN = FilterModule().filters()["rekey_plan"]
LACKS = Lacks().filters()["rekey_lacks"]


def joined(sentences):
    return " ".join(sentences)


# -- what has to be typed ----------------------------------------------------------------------------------------------


def test_only_what_was_typed_opens_it():
    now = situation()
    wanted = PLAN(now)["confirmation"]
    assert PLAN(now, f"fabrikam-00000000, {wanted}")["blocked"] == []
    assert PLAN(now, "")["blocked_by"] == ["confirmation"]
    assert "Nobody has confirmed this plan" in joined(PLAN(now, "contoso")["blocked"])
    stale = joined(PLAN(now, "contoso-00000000")["blocked"])
    assert "for another plan" in stale
    assert f"rekey_confirm={wanted}" in stale


CHANGED = [
    {"tenant": "fabrikam"},
    {"case__guid": "D"},
    {"mode": "case"},
    {"reason": OTHER},
    {"service__keys": [*BEFORE, key(THIRD, "Archived", BYOK)]},
    {"service__keys": [key(THIRD), key(NEW, "Archived")]},
    {"key_sizes": {NEW: 4096}},
    {"case__export": {}, "service__state__service_id": THIRD},
]


@pytest.mark.parametrize("changes", CHANGED)
def test_another_plan_needs_another_confirmation(changes):
    assert PLAN(situation(**changes))["hash"] != PLAN(situation())["hash"]


@pytest.mark.parametrize(
    "changes",
    [
        {"case__rekeys": [under_way("self_service")]},
        {"case__rekeys": [under_way("self_service")], "service__keys": AFTER},
        {"support_case": "4711", "time": "2027-01-01T00:00:00Z", "clients": []},
        {"service__templates": []},
        {"case__rekeys": [under_way("self_service")], "reason": ""},
        {"key_id": NEW},
    ],
)
def test_a_run_that_stopped_half_way_takes_the_same_confirmation(changes):
    assert PLAN(situation(**changes))["hash"] == PLAN(situation())["hash"]


def test_a_case_about_another_key_needs_another_confirmation():
    about = [PLAN(situation(mode="case", service__keys=[key(name)]))["hash"] for name in (OLD, THIRD)]
    assert about[0] != about[1]


def test_an_opened_case_keeps_its_confirmation():
    first = PLAN(situation(mode="case"))
    later = situation(mode="case", case__rekeys=[first["entry"]], service=unread())
    assert PLAN(later)["hash"] == first["hash"]


# -- what goes on record -----------------------------------------------------------------------------------------------


def test_what_goes_on_record_when_a_case_is_opened():
    plan = PLAN(situation(mode="case", expected_days=3, case__rekeys=[done()], reason=OTHER))
    assert plan["others"] == [done()]
    assert plan["entry"] == {
        "id": "rekey-2026-03-02",
        "mode": "case",
        "reason": OTHER,
        "opened": "2026-03-02T09:15:00Z",
        "expected_by": "2026-03-05T09:15:00Z",
        "from_key": OLD,
        "request_file": "/srv/contoso/rekey-request-rekey-2026-03-02.txt",
        "confirmed": plan["hash"],
    }


def test_what_goes_on_record_before_a_key_is_activated():
    plan = PLAN(situation())
    assert plan["entry"] == {
        "id": "rekey-2026-03-02",
        "mode": "self_service",
        "reason": REASON,
        "opened": "2026-03-02T09:15:00Z",
        "from_key": OLD,
        "to_key": NEW,
        "templates_directory": "/srv/contoso/templates-rekey-2026-03-02",
        "confirmed": plan["hash"],
    }
    assert (plan["backs_up"], plan["templates"]) == (True, ["t-1", "t-2"])


def test_each_rekey_has_an_id_of_its_own():
    taken = [done(id="rekey-2026-03-02"), done(id="rekey-2026-03-02-2")]
    changes = {"mode": "case", "reason": OTHER}
    assert PLAN(situation(**changes, case__rekeys=taken))["entry"]["id"] == "rekey-2026-03-02-3"
    assert PLAN(situation(**changes, earlier=taken[:1]))["entry"]["id"] == "rekey-2026-03-02-2"


def test_the_record_of_what_is_under_way_stays_as_it_is():
    entry = under_way(support_case="4711")
    assert PLAN(situation(mode="case", case__rekeys=[entry]))["entry"] == entry
    told = PLAN(situation(mode="case", case__rekeys=[entry], support_case="4712", reason=OTHER))
    assert told["entry"] == {**entry, "support_case": "4712", "further_reasons": [OTHER]}
    assert told["others"] == []


def test_what_goes_on_in_another_way_keeps_its_beginning():
    by_case = PLAN(situation(mode="case", case__rekeys=[under_way("self_service")]))["entry"]
    assert (by_case["id"], by_case["opened"], by_case["mode"]) == ("rekey-2026-03-01", "2026-03-01T08:00:00Z", "case")
    assert (by_case["expected_by"], "to_key" in by_case) == ("2026-03-09T09:15:00Z", False)
    served = PLAN(situation(case__rekeys=[under_way()]))["entry"]
    assert (served["mode"], served["to_key"], "expected_by" in served) == ("self_service", NEW, False)


def test_how_it_is_known_goes_on_record():
    seen = PLAN(situation(mode="case", case__rekeys=[under_way()], service__keys=AFTER))
    assert seen["entry"] == {**under_way(), "to_key": NEW, "proof": "tenant"}
    said = PLAN(situation(**WAITING, attested={**ATTESTED, "key_id": "{" + NEW.upper() + "}"}))
    by = {"by": "Erika Mustermann", "at": "2026-03-02"}
    assert said["entry"] == {**under_way(), "to_key": NEW, "proof": "attested", "attested": by}


def test_where_the_old_key_is_not_known_a_person_says_so():
    unknown = {name: value for name, value in under_way().items() if name != "from_key"}
    now = {"mode": "case", "case__rekeys": [unknown], "case__export": {}, "service__keys": AFTER}
    assert PLAN(situation(**now))["todo"] == "wait"
    assert PLAN(situation(**now, attested=ATTESTED))["todo"] == "finish"


def test_an_unknown_old_key_is_taken_from_the_tpd():
    assert PLAN(situation(mode="case", service=unread()))["entry"]["from_key"] == OLD
    assert "from_key" not in PLAN(situation(mode="case", service=unread(), case__export={}))["entry"]


def test_templates_that_are_signed_anew_are_not_backed_up():
    plan = PLAN(situation(case__rekeys=[under_way("self_service")], service__keys=[key(NEW)]))
    assert (plan["todo"], plan["backs_up"]) == ("activate", False)


def test_no_rekey_is_made_up():
    plan = PLAN(situation(key_id=OLD))
    assert (plan["entry"], plan["others"], plan["after"]) == ({}, [], [])
    assert "has no rekey to it on record, and puts none on record" in joined(plan["steps"])


# -- afterwards --------------------------------------------------------------------------------------------------------


def test_afterwards_the_old_tpd_is_needed_and_a_new_export_is_offered():
    plan = PLAN(situation(case__rekeys=[done()], service__keys=AFTER, earlier_directories=["/srv/first"]))
    text = joined(plan["after"])
    assert "The TPD of 2026-01-01T00:00:00Z in /srv/contoso stays needed" in text
    assert f"holds the old key {OLD}, and opens everything that was protected until 2026-03-01T09:00:00Z" in text
    assert "have not changed over yet" in text
    assert f"does not hold the new key {NEW}" in text
    assert "tenant_key_directory: /srv/contoso-rekey-2026-03-01" in text
    assert 'custody_earlier_directories: ["/srv/first", "/srv/contoso"], export_purpose: backup' in text
    assert "To be reset: 2 clients (pc-1, pc-2)." in text


def test_afterwards_without_an_export_or_clients():
    plan = PLAN(situation(case__rekeys=[done()], service__keys=AFTER, case__export={}, clients=[]))
    text = joined(plan["after"])
    assert "no TPD of it is on record" in text
    assert "No clients are known" in text


def test_a_key_of_ones_own_cannot_be_exported():
    keys = [key(OLD, "Archived"), key(NEW, "Active", BYOK)]
    plan = PLAN(situation(mode="case", case__rekeys=[under_way()], service__keys=keys))
    assert plan["todo"] == "finish"
    assert f"The new key {NEW} is {BYOK}" in joined(plan["after"])
    assert "custody_earlier_directories" not in joined(plan["after"])


@pytest.mark.parametrize("changes", [{"mode": "case"}, {"mode": "case", "case__rekeys": [under_way()]}])
def test_before_it_is_done_nothing_is_said_of_afterwards(changes):
    assert PLAN(situation(**changes))["after"] == []


# -- the proof ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        (AFTER, ""),
        ([*AFTER, key(THIRD, "Archived")], ""),
        (BEFORE, f"The active key is {OLD}, not {NEW}"),
        ([key(THIRD), key(OLD, "Archived"), key(NEW, "Archived")], f"The active key is {THIRD}, not {NEW}"),
        ([key(NEW), key(OLD)], "shows 2 active keys, not one"),
        ([key(OLD, "Archived"), key(NEW, "Archived")], "shows 0 active keys, not one"),
        ([key(NEW)], f"The old key {OLD} is not archived"),
        ([key(NEW), key(OLD, "Disabled")], f"The old key {OLD} is not archived"),
        ([], "It has: none."),
    ],
)
def test_the_proof(keys, says):
    lacks = LACKS(keys, OLD, "{" + NEW.upper() + "}")
    assert says in lacks.replace("{" + NEW.upper() + "}", NEW)
    assert bool(says) == bool(lacks)
