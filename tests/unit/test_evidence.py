# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the evidence of a tenant says, from a made-up case, a real log, and what an audit has seen."""

from __future__ import annotations

import copy

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.filter.evidence import FilterModule

from . import evidence_made as made
from .evidence_made import COPIES, EXPORTED, GONE, KEPT, OPENED, PLACED, REQUESTED, claim, document, looked, seen

EVIDENCE = FilterModule().filters()["evidence"]


def span(found, name):
    return next((entry for entry in found["exposure"]["spans"] if entry["id"] == name), None)


def test_a_tenant_that_has_left_the_service():
    found = document()
    assert found["headline"] == f"{KEY_OUT}, and the service is off. It was exposed for 5 days 7 hours."
    assert (found["verdict"], found["stage"]) == ("good", "deactivated")
    assert found["assessment"] == "The audit finds nothing wrong. Nothing is overdue."
    assert {entry["result"] for entry in found["claims"]} == {"proven"}
    assert found["numbers"] == {
        "copies": 4,
        "good_copies": 4,
        "late_copies": 0,
        "tpd_custodians": 2,
        "password_custodians": 2,
        "required_custodians": 2,
        "errors": 0,
        "warnings": 0,
        "overdue": 0,
        "log_lines": len(GONE),
        "vouching_custodians": 4,
    }
    assert [(entry["id"], entry["open"], entry["days"]) for entry in found["exposure"]["spans"]] == [
        ("service", False, 5),
        ("pair", False, 5),
        ("request_key", False, 19),
    ]


KEY_OUT = "The key is out since 2026-03-15; custodians hold good copies, 2 of the TPD and 2 of the password"


@pytest.mark.parametrize(
    ("case", "events", "changes", "begins"),
    [
        ({}, [], {}, "No export of this tenant's key is on record"),
        ({**OPENED, "key": {}}, [], {}, "The case is opened"),
        ({**OPENED, "support_case": ""}, REQUESTED[:1], {}, "The request for the key is made, and is not on record"),
        (OPENED, REQUESTED, {}, "The request for the key is with support; the reply is expected by 2026-03-22."),
        (EXPORTED, KEPT[:4], {}, "The key is out since 2026-03-15, and no custodian has a copy yet."),
        (PLACED, KEPT, {}, f"{KEY_OUT}, and the service is still on: exposed for 108 days so far."),
        ({**PLACED, "purpose": "backup"}, KEPT, {}, f"{KEY_OUT}, and the service goes on as it is meant to."),
        ({**PLACED, "purpose": "split"}, KEPT, {}, f"{KEY_OUT}, and the service goes on as it is meant to."),
        ({**PLACED, "rehearsal": True}, KEPT, {}, f"A rehearsal: the{KEY_OUT[3:]}."),
        (PLACED, KEPT, {"results": []}, KEY_OUT.replace(" 2 of", " 0 of")),
    ],
)
def test_the_headline_says_where_the_key_is(case, events, changes, begins):
    assert document(case, events, **changes)["headline"].startswith(begins)


def test_a_tenant_without_a_case_is_in_order():
    found = document({}, [])
    assert (found["verdict"], found["findings"], found["claims"][-1]["result"]) == ("good", [], "not yet")


def test_a_tenant_that_could_not_be_looked_at():
    found = made.unseen(problem="Nothing in /srv/tenant keys/contoso/case.json could be read.")
    assert (found["seen"], found["verdict"]) == (False, "unknown")
    assert found["problem"] == "Nothing in case.json could be read."
    nowhere = made.unseen(directory="", paths="none", problem="The folder is not given (yes / no).")
    assert nowhere["problem"] == "The folder is not given (yes / no)."


# -- copies ------------------------------------------------------------------------------------------------------------


def test_each_copy_says_how_it_lies():
    results = looked(COPIES)
    results[0] = {**results[0], "problems": [{"id": "missing", "message": "/srv/x does not exist."}]}
    results[1] = {**results[1], "problems": [{"id": "mode", "message": "The mode is 0644, expected 0600."}]}
    results[2] = {"item": COPIES[2], "unreachable": True, "msg": "No route to host"}
    found = document(PLACED, KEPT, results[:3])
    assert [entry["state"] for entry in found["copies"]] == ["gone", "wrong", "not reached", "not looked at"]
    assert found["copies"][0]["problems"] == ["x does not exist."]
    assert (found["verdict"], claim(found, "copies_tpd")["result"]) == ("bad", "not so")
    assert found["numbers"]["errors"] == len([entry for entry in found["findings"] if entry["severity"] == "error"]) > 0
    severities = [entry["severity"] for entry in found["findings"]]
    assert severities == sorted(severities)


PLACED_ONLY = ("2026-03-15T09:20:00Z", "placed", True)


def audited(findings):
    return ("2026-04-10T00:00:00Z", "audited", "custody", {"findings": findings})


def recovered(host):
    return ("2026-04-11T00:00:00Z", "recovered", "/r", {"host": host, "file": COPIES[0]["file"]})


def verified(file):
    return ("2026-04-12T00:00:00Z", "verified", f"{COPIES[0]['custodian']}:{file}", {})


@pytest.mark.parametrize(
    ("more", "proven"),
    [
        ([], PLACED_ONLY),
        ([audited({})], ("2026-04-10T00:00:00Z", "audited", False)),
        ([audited({"copy_unplanned": 1, "service_active": 1})], ("2026-04-10T00:00:00Z", "audited", False)),
        ([audited({"copy_missing": 1})], PLACED_ONLY),
        ([audited("all good")], PLACED_ONLY),
        ([recovered(COPIES[0]["host"])], ("2026-04-11T00:00:00Z", "recovered", False)),
        ([recovered("another")], PLACED_ONLY),
        ([verified(COPIES[0]["file"])], ("2026-04-12T00:00:00Z", "verified", False)),
        ([verified("/another")], PLACED_ONLY),
    ],
)
def test_the_last_proof_of_a_copy(more, proven):
    entry = document(PLACED, [*KEPT, *more])["copies"][0]
    assert (entry["proven_at"], entry["proven_by"], entry["overdue"]) == proven
    assert document({**PLACED, "rehearsal": True}, [*KEPT, *more])["copies"][0]["overdue"] is False


# -- claims ------------------------------------------------------------------------------------------------------------


def checks(**results):
    return [{**check, "result": results.get(check["id"], check["result"])} for check in made.CHECKS]


def with_checks(**results):
    return {**PLACED, "export": {**PLACED["export"], "checks": checks(**results)}}


@pytest.mark.parametrize(
    ("case", "more", "name", "result"),
    [
        (with_checks(tenant_key_id="warn"), [], "whose", "not proven"),
        (with_checks(tenant_service_id="fail", tenant_key_id="warn"), [], "whose", "not so"),
        (with_checks(tenant_service_id="fail"), [], "importable", "not so"),
        (OPENED, None, "importable", "not yet"),
        (OPENED, None, "copies_password", "not yet"),
        (PLACED, [], "recovered", "not yet"),
        (PLACED, [("2026-04-11T00:00:00Z", "recovered", "/r", {})], "recovered", "proven"),
        (PLACED, [], "imported", "not yet"),
        (PLACED, [("2026-04-11T00:00:00Z", "waived", "import", {"reason": "No AD RMS."})], "imported", "waived"),
        ({**PLACED, "purpose": "backup"}, [], "imported", "not needed"),
        ({**PLACED, "rehearsal": True}, [], "deactivated", "not needed"),
        (PLACED, [], "deactivated", "not yet"),
        (PLACED, [], "destroyed", "not yet"),
    ],
)
def test_a_claim_is_no_more_than_what_is_known(case, more, name, result):
    found = document(case, REQUESTED if more is None else [*KEPT, *more])
    assert claim(found, name)["result"] == result


def test_a_waiver_says_why():
    more = ("2026-04-11T00:00:00Z", "waived", "import", {"reason": "No AD RMS."})
    assert claim(document(PLACED, [*KEPT, more]), "attested")["proof"] == "Reason: No AD RMS."


def test_who_has_attested():
    assert claim(document(), "attested")["proof"] == "Attested by Erika Mustermann."


@pytest.mark.parametrize(
    ("state", "result", "words"),
    [("Disabled", "proven", "says so now"), ("Enabled", "not so", "Enabled again"), ("", "proven", "said so then")],
)
def test_the_service_may_say_something_else_than_the_record(state, result, words):
    service = {"asked": bool(state), "problem": "", "functional_state": state, "keys": []}
    found = document(service=service)
    off = claim(found, "deactivated")
    assert off["result"] == result
    assert words in off["proof"]
    again = state == "Enabled"
    assert ("the service is on again" in found["headline"], "and the service is off" in found["headline"]) == (
        again,
        not again,
    )
    assert span(found, "service")["open"] == again
    assert ("exposed no more" in found["exposure"]["note"]) != again


def test_a_service_that_is_off_without_a_record():
    service = {"asked": True, "problem": "", "functional_state": "Disabled", "keys": []}
    assert claim(document(PLACED, KEPT, service=service), "deactivated")["result"] == "proven"


def test_one_custodian_with_both_halves():
    case = copy.deepcopy(PLACED)
    for entry in case["placed"]["copies"]:
        entry["custodian"] = "one for all"
    found = document(case, KEPT)
    assert (claim(found, "apart")["result"], found["verdict"]) == ("not so", "bad")


def test_working_copies_that_came_back():
    files = [{"path": f"{made.FOLDER}/{made.FILES['tpd']}", "mtime": 0}]
    found = document(files=files, pair={"tpd": "intact", "password": "missing"})
    assert claim(found, "destroyed")["result"] == "not so"
    assert (span(found, "pair")["open"], span(found, "pair")["until"]) == (True, None)


def test_an_audit_that_has_failed_is_an_error_and_proves_nothing():
    found = EVIDENCE({**seen(), "audit_problem": "No such option.", "looked": [], "log": {}, "anchors": []})
    assert found["findings"] == [
        {"id": "audit_failed", "severity": "error", "message": "The audit has failed. No such option."}
    ]
    assert (found["verdict"], claim(found, "copies_tpd")["result"], claim(found, "apart")["result"]) == (
        "bad",
        "not known",
        "not known",
    )
    assert claim(found, "log")["result"] == "not known"
    assert found["assessment"] == "The audit has failed, so how the copies lie is not known. Nothing is overdue."
