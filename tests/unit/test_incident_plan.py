# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far the steps of an incident have got, what a leaked key opens, and what somebody has to type."""

from __future__ import annotations

import re

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.filter.breach_response_plan import FilterModule

from .incident_made import CASE, KEY, OTHER_KEY, key, situation

PLAN = FilterModule().filters()["breach_response_plan"]
NAME = "key_leaked-2026-03-02"
REKEY = {"id": "R", "mode": "case", "reason": f"incident {NAME}", "opened": "2026-03-02T10:00:00Z"}
DONE = {**REKEY, "done_at": "2026-03-09T10:00:00Z"}
REPROTECTED = {"id": NAME, "at": "2026-03-02T11:00:00Z"}
WITHOUT_EXPORT = {name: value for name, value in CASE.items() if name != "export"}


def step(plan, name):
    return next((one["state"], one["detail"]) for one in plan["steps"] if one["id"] == name)


@pytest.mark.parametrize(
    ("changes", "state", "detail"),
    [
        ({}, "open", "Not started. It needs what the playbook asks you to type."),
        ({"case": {**CASE, "rekeys": [REKEY]}}, "open", "Opened at 2026-03-02T10:00:00Z (case)."),
        (
            {"case": {**CASE, "rekeys": [{**REKEY, "support_case": "12", "expected_by": "2026-03-09"}]}},
            "open",
            "(case, support case 12). Expected by 2026-03-09.",
        ),
        ({"case": {**CASE, "rekeys": [DONE]}}, "done", "Done at 2026-03-09T10:00:00Z."),
        # Another incident came first, and this one is a further reason for the same rekey.
        (
            {"case": {**CASE, "rekeys": [{**DONE, "reason": "split", "further_reasons": [REKEY["reason"]]}]}},
            "done",
            "Done at",
        ),
        ({"case": {**CASE, "rekeys": [{**DONE, "reason": "split"}]}}, "open", "Not started."),
        ({"rekey": {"mode": "case", "key_id": "", "plan": {"blocked": ["No key."]}, "problem": "x"}}, "open", "refuses to go on: No key."),
        ({"rekey": {"mode": "case", "key_id": "", "plan": {}, "problem": "No route."}}, "open", "Not started. No route."),
        (
            {"rekey": {"mode": "self_service", "key_id": KEY, "problem": "", "plan": {"status": "unchanged", "steps": ["Nothing: it is active."]}}},
            "open",
            "Make sure that this is not the key that has leaked.",
        ),
    ],
)  # fmt: skip
def test_how_far_the_rekey_has_got(changes, state, detail):
    found = step(PLAN(situation(**changes)), "rekey")
    assert found[0] == state
    assert detail in found[1]


@pytest.mark.parametrize(
    ("changes", "state", "detail"),
    [
        ({}, "open", "Not done."),
        ({"case": WITHOUT_EXPORT}, "nothing to do", "No TPD is on record"),
        ({"reprotect": {"left": [], "problem": "No copy opens."}}, "open", "No copy opens."),
        ({"case": {**CASE, "reprotected": REPROTECTED}}, "done", "Done at 2026-03-02T11:00:00Z."),
        ({"case": {**CASE, "reprotected": {**REPROTECTED, "id": "earlier"}}}, "open", "Not done."),
        (
            {"case": {**CASE, "reprotected": REPROTECTED}, "reprotect": {"left": ["safe-2 has one."], "problem": ""}},
            "open",
            "Left: safe-2 has one.",
        ),
    ],
)
def test_how_far_the_new_password_has_got(changes, state, detail):
    found = step(PLAN(situation(**changes)), "reprotect")
    assert found[0] == state
    assert detail in found[1]


def test_who_may_open_everything():
    told = {"super_users_enabled": "Enabled", "super_users": ["m@x"], "super_user_group": "g@x"}
    plan = PLAN(situation("rights_misused", evidence={"gaps": [], "tenant": told}))
    assert step(plan, "super_users") == ("done", "The feature is Enabled. Super users: m@x, g@x.")
    plan = PLAN(situation("rights_misused", evidence={"gaps": ["No tenant."], "tenant": {}}))
    assert step(plan, "super_users")[0] == "open"
    assert step(plan, "evidence") == ("done", "1 gaps: No tenant.")


@pytest.mark.parametrize(
    ("changes", "keys", "prepare"),
    [
        ({}, ("open", "No key is known"), ("nothing to do", "No known key")),
        ({"keys": [{"affected": False}]}, ("done", "affected: 0"), ("nothing to do", "No known key")),
        ({"keys": [{"affected": True}]}, ("done", "tenant: 1, affected: 1"), ("done", "rekey-request.txt. Nothing was sent.")),
        (
            {"keys": [{"affected": True}], "rekey": {"mode": "case", "key_id": "", "plan": {"blocked": ["No."]}, "problem": ""}},
            ("done", "affected: 1"),
            ("open", "The role rekey refuses it: No."),
        ),
    ],
)  # fmt: skip
def test_how_far_the_preparation_has_got(changes, keys, prepare):
    plan = PLAN(situation("algorithm_broken", **changes))
    for name, (state, detail) in (("keys", keys), ("prepare", prepare)):
        found = step(plan, name)
        assert found[0] == state
        assert detail in found[1]


def test_what_a_leaked_key_opens():
    plan = PLAN(situation(generations=[{"directory": "/srv/contoso", "opens": "Everything before."}]))
    assert plan["opens"][0].startswith(
        f"All content that is protected under the key {KEY}: from its creation at 2016-01-01T00:00:00Z until the rekey, which is not done yet"
    )
    assert "archived" in plan["opens"][1]
    assert "/srv/contoso: Everything before." in plan["opens"]
    assert "stays leaked" in plan["opens"][-1]
    done = PLAN(situation(case={**CASE, "rekeys": [DONE]}))
    assert "until the rekey of 2026-03-09T10:00:00Z" in done["opens"][0]
    assert PLAN(situation("rights_misused"))["opens"] == []


@pytest.mark.parametrize(
    ("case", "keys", "called"),
    [
        (CASE, [], f"the key {KEY}: from its creation, whose time is not known here, until"),
        (CASE, [key(OTHER_KEY)], f"the key {KEY}: from its creation, whose time is not known here, until"),
        ({}, [key(OTHER_KEY, "Archived"), key(KEY)], f"the key {KEY}: from its creation at 2016"),
        ({}, [], "the tenant key: from its creation, whose time is not known here, until"),
    ],
)
def test_what_the_leaked_key_is_called(case, keys, called):
    assert called in PLAN(situation(case=case, evidence={"gaps": [], "tenant": {"keys": keys}}))["opens"][0]


def test_somebody_has_to_type_it():
    plan = PLAN(situation(phase="all"), "")
    assert re.fullmatch("contoso-[0-9a-f]{8}", plan["confirmation"])
    assert f"breach_response_confirm={plan['confirmation']}" in plan["blocked"][0]
    assert plan["shown"][-1].endswith(plan["confirmation"])
    assert PLAN(situation(phase="all"), f"fabrikam-00000000, {plan['confirmation']}")["blocked"] == []
    assert PLAN(situation(phase="all"), "contoso-00000000")["blocked"][0].startswith(
        "What was typed is for another plan"
    )
    assert PLAN(situation(), "")["blocked"] == []
    assert PLAN(situation(phase="all"))["blocked"] == []


def test_nobody_has_to_type_it_again():
    done = {**CASE, "rekeys": [DONE], "reprotected": REPROTECTED}
    plan = PLAN(situation(phase="all", case=done), "")
    assert (plan["blocked"], plan["confirmation"]) == ([], "")
    left = {"left": ["safe-2 has one."], "problem": ""}
    assert PLAN(situation(phase="all", case=done, reprotect=left), "")["blocked"] != []
    assert PLAN(situation(phase="all", case={**CASE, "rekeys": [DONE]}), "")["blocked"] != []
    # Without a TPD there is nothing to re-protect.
    assert PLAN(situation(phase="all", case={**WITHOUT_EXPORT, "rekeys": [DONE]}), "")["blocked"] == []


CHANGES = [
    {"tenant": "fabrikam"},
    {"id": "key_leaked-2026-03-03"},
    {"case": {**CASE, "guid": "D"}},
    {"case": {**CASE, "placed": {"copies": CASE["placed"]["copies"][:1]}}},
    {"rekey": {"mode": "self_service", "key_id": "", "plan": {}, "problem": ""}},
    {"rekey": {"mode": "case", "key_id": OTHER_KEY, "plan": {}, "problem": ""}},
]


@pytest.mark.parametrize("changes", CHANGES)
def test_the_hash_changes_with_what_is_to_be_done(changes):
    assert PLAN(situation(**changes))["hash"] != PLAN(situation())["hash"]


def test_the_hash_does_not_change_with_what_is_done():
    copies = [{**copied, "file": "/s/new"} for copied in CASE["placed"]["copies"]]
    export = {**CASE["export"], "guid": "N", "sha256": {"tpd": "0" * 64}}
    case = {**CASE, "export": export, "placed": {"copies": copies}, "rekeys": [REKEY], "reprotected": REPROTECTED}
    assert PLAN(situation(case=case, phase="all"))["hash"] == PLAN(situation())["hash"]


def test_a_rekey_that_does_not_help_is_refused():
    plan = PLAN(situation("rights_misused", phase="all"), None)
    assert "does not help" in plan["blocked"][0]
    assert "breach_response_rekey_anyway" in plan["blocked"][0]
    assert PLAN(situation("rights_misused", phase="all", rekey_anyway="  "), None)["blocked"] != []


def test_a_rekey_that_does_not_help_is_done_all_the_same():
    anyway = {"rekey_anyway": "The board wants it."}
    plan = PLAN(situation("rights_misused", **anyway))
    assert (plan["overridden"], plan["refusal"], plan["starts_rekey"]) == ("The board wants it.", "", True)
    assert [one["id"] for one in plan["steps"]][:2] == ["evidence", "rekey"]
    assert "Nobody has confirmed" in PLAN(situation("rights_misused", phase="all", **anyway), "")["blocked"][0]
    assert plan["hash"] != PLAN(situation("rights_misused", rekey_anyway="Why not."))["hash"]
    # It needs no new password, so it is done once the key is another one.
    rekeyed = {**CASE, "rekeys": [{**DONE, "reason": "incident rights_misused-2026-03-02"}]}
    assert PLAN(situation("rights_misused", phase="all", case=rekeyed, **anyway), "")["blocked"] == []


def test_a_broken_algorithm_is_not_rekeyed_whoever_asks_for_it():
    plan = PLAN(situation("algorithm_broken", phase="all", rekey_anyway="Now."), None)
    assert "until Microsoft has updated the service" in plan["blocked"][0]
    assert not plan["starts_rekey"]
