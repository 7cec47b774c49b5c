# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The evidence of a tenant: how long what lay where, what happened when, and what must not be in it."""

from __future__ import annotations

import json

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.filter.evidence import FilterModule

from . import evidence_made as made
from .evidence_made import COPIES, EXPORTED, KEPT, LEFT, OPENED, PLACED, REQUESTED, claim, document, seen

EVIDENCE = FilterModule().filters()["evidence"]
CANARY = "Canary-made-for-a-test-4711"


def span(found, name):
    return next((entry for entry in found["exposure"]["spans"] if entry["id"] == name), None)


# -- time --------------------------------------------------------------------------------------------------------------


def test_within_a_day_nothing_changes_by_itself():
    early, late = (
        document(PLACED, KEPT, now=at) for at in ("2026-07-01T09:20:00Z", "2026-07-02T09:00:00Z")
    )  # the key is out since 09:00, and the request key since 08:01
    assert early["exposure"]["spans"][0]["days"] == 108
    early, late = (
        document({**PLACED, "key": {**PLACED["key"], "made": "2026-03-15T09:00:00Z"}}, KEPT, now=at)
        for at in ("2026-07-01T09:20:00Z", "2026-07-02T08:59:59Z")
    )
    assert {**early, "collected_at": ""} == {**late, "collected_at": ""}


@pytest.mark.parametrize(
    ("until", "lasted"),
    [
        ("2026-03-15T09:00:20Z", "less than a minute"),
        ("2026-03-15T10:05:20Z", "1 hour 5 minutes"),
        ("2026-03-16T09:00:00Z", "1 day"),
        ("2026-03-17T10:59:00Z", "2 days 1 hour"),
    ],
)
def test_how_long_it_lasted(until, lasted):
    events = [*KEPT, (until, "deactivated", "protection service", {})]
    case = {**PLACED, "decommission": {"deactivated": {"at": until}}}
    assert span(document(case, events), "service")["lasted"] == lasted


def test_what_lasts_ends_after_its_whole_days():
    found = document(PLACED, KEPT)["exposure"]
    assert {entry["lasted"] for entry in found["spans"]} == {"108 days so far", "122 days so far"}
    assert found["until"] == "2026-07-01T09:00:00Z"  # not the present, which is another one on each run


def test_what_was_taken_away_unseen_has_no_end():
    found = document(PLACED, KEPT, pair={"tpd": "missing", "password": "missing"}, files=[])
    pair = span(found, "pair")
    assert (pair["open"], pair["until"], pair["days"]) == (False, None, None)
    assert pair["lasted"] == "gone; since when is not on record"


def test_nothing_is_exposed_of_a_rehearsal_or_before_an_export():
    assert span(document({**PLACED, "rehearsal": True}, KEPT), "service") is None
    assert document(OPENED, REQUESTED)["exposure"]["note"].startswith("The key has not been taken out")
    assert document({}, [])["exposure"] == {
        "since": None,
        "until": None,
        "note": document({}, [])["exposure"]["note"],
        "spans": [],
    }


def test_the_time_line_goes_from_the_first_step_to_the_last():
    line = document()["timeline"]
    assert (line["since"], line["until"], line["later"]) == ("2026-03-01T08:00:00Z", "2026-03-21T08:00:00Z", 1)
    assert [(entry["event"], entry["count"], entry["source"]) for entry in line["milestones"]] == [
        ("opened", 1, "case record"),
        ("created", 1, "log line 1"),
        ("sent", 1, "log line 2"),
        ("received", 1, "log line 3"),
        ("decrypted", 1, "log line 4"),
        ("placed", 4, "log lines 5 to 8"),
        ("imported", 1, "log line 9"),
        ("attested", 1, "log line 10"),
        ("deactivated", 1, "log line 11"),
        ("verified", 4, "log lines 12 to 15"),
        ("destroyed", 1, "log line 16"),
        ("audited", 1, "log line 17"),
    ]


def test_without_a_log_the_case_record_knows_the_steps():
    found = document(LEFT, [])
    steps = [entry["event"] for entry in found["timeline"]["milestones"]]
    assert steps == ["opened", "created", "decrypted", "placed", "imported", "deactivated", "destroyed"]
    assert {entry["source"] for entry in found["timeline"]["milestones"]} == {"case record"}
    assert (claim(found, "log")["result"], found["log"]["problems"]) == ("not so", ["There is no custody log."])


# -- what must not be in it --------------------------------------------------------------------------------------------


def planted(value):
    """With a member in every mapping that nobody has asked for."""
    if isinstance(value, dict):
        return {**{name: planted(part) for name, part in value.items()}, "unasked": CANARY}
    return [planted(part) for part in value] if isinstance(value, list) else value


def test_only_members_that_are_named_get_into_it():
    given = seen(PLACED, KEPT)
    before = json.dumps(EVIDENCE(given))
    given = {**planted(given), "pair": given["pair"]}
    for template in given["case"]["export"]["tpd"]["templates"]:
        del template["names"]["unasked"]  # a language
    assert json.dumps(EVIDENCE(given)) == before


def test_nor_does_any_hash_of_a_password_file():
    case = {**PLACED, "reprotected": {"id": "key_leaked", "doomed": [{**COPIES[2], "sha256": "9e" * 32}]}}
    told = {"id": "copy_content", "severity": "error", "message": f"It has {made.PASSWORD_SHA256.upper()}."}
    given = seen(case, [*KEPT, ("2026-04-01T00:00:00Z", "noted", made.PASSWORD_SHA256, {"sha256": "9e" * 32})])
    found = EVIDENCE({**given, "findings": [told]})
    text = json.dumps(found).lower()
    assert (made.PASSWORD_SHA256 in text, "9e" * 32 in text) == (False, False)
    assert found["findings"][0]["message"] == "It has [withheld]."
    assert found["events"][-1]["subject"] == "[withheld]"
    assert made.TPD_SHA256 in text


def test_lines_of_other_tenants_are_counted_and_not_shown():
    given = seen(PLACED, KEPT)
    other = {**given["log"]["events"][-1], "tenant": "northwind", "subject": CANARY}
    given["log"]["events"] += [other, {**other, "tenant": None, "case": "another", "subject": "everybody"}]
    found = EVIDENCE(given)
    assert CANARY not in json.dumps(found)
    assert (found["log"]["others"], found["events"][-1]["other_case"]) == (1, "another")
    assert found["events"][0]["other_case"] is None


def test_a_damaged_log_and_one_that_custodians_do_not_vouch_for():
    given = seen(PLACED, KEPT)
    content = made.log(KEPT).replace(b"4711", b"4712").replace(b"Erika", b"Frank", 1)
    logs = made.checked(content, [{"seq": 2, "head": "0" * 64, "custodians": ["vault-munich"]}])
    found = EVIDENCE({**given, "log": logs[0], "anchors": logs[1:]})
    assert (found["log"]["intact"], found["log"]["anchors"][0]["holds"]) == (False, False)
    assert claim(found, "log")["result"] == "not so"
    assert len(found["log"]["problems"]) >= 2


def test_a_log_without_anchors_proves_less():
    found = document(EXPORTED, KEPT[:4])
    assert (claim(found, "log")["result"], found["log"]["anchors"]) == ("not proven", [])
