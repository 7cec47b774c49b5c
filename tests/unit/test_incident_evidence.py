# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The evidence of an incident: who could read what, who did what, and what could not be had. No secret is in it."""

from __future__ import annotations

import json

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.filter.breach_response_evidence import FilterModule
from ansible_collections.infoprotect.tenant_key.plugins.filter.breach_response_places import FilterModule as Places
from ansible_collections.infoprotect.tenant_key.plugins.plugin_utils._incident_evidence import same

from .incident_made import CASE, PASSWORD_SHA256, event, log, looked, seen

EVIDENCE = FilterModule().filters()["breach_response_evidence"]
PLACES = Places().filters()["breach_response_places"]
COPY = {"custodian": "safe-1", "host": "safe-1", "what": "tpd", "file": "/s/ExportedTPD-G.xml"}


def test_all_places_of_a_case():
    case = {
        **CASE,
        "key_copies": {"copies": [{"custodian": "drive", "host": "export", "what": "private_key", "file": "/d/key"}]},
        "staged": {"directory": "/srv/staged"},
    }
    assert [(place["host"], place["what"], place["file"]) for place in PLACES(case, "export")] == [
        ("safe-1", "password", "/s/Password-G.txt"),
        ("safe-2", "tpd", "/s/ExportedTPD-G.xml"),
        ("export", "private_key", "/d/key"),
        ("export", "tpd", "/srv/contoso/ExportedTPD-G.xml"),
        ("export", "password", "/srv/contoso/Password-G.txt"),
        ("export", "private_key", "/srv/contoso/PrivateKey-C.txt"),
        ("export", "reply", "/srv/contoso/TPD-R.xml"),
        ("export", "staged", "/srv/staged/ExportedTPD-G.xml"),
    ]


def test_a_case_that_waits_has_its_request_key():
    waiting = {"key": {"private_key_file": "/srv/contoso/PrivateKey-C.txt", "fingerprint": "e" * 64}}
    assert [place["what"] for place in PLACES(waiting, "export")] == ["private_key"]
    assert PLACES({}, "export") == []


def test_nothing_is_missing():
    found = EVIDENCE(seen())
    assert found["gaps"] == []
    assert found["fingerprints"]["tpd_sha256"] == "a" * 64
    assert found["fingerprints"]["request_key"] == "e" * 64
    assert "other_tpd_sha256" not in found["fingerprints"]
    assert found["tenant"]["super_users"] == ["m@x"]
    assert found["log"]["exposures"] == [{"case": "C", "since": "2026-03-02T09:00:00Z", "until": None}]


def test_the_hash_of_a_password_file_is_not_in_it():
    results = [looked({**COPY, "what": what}, sha256=PASSWORD_SHA256) for what in ("password", "private_key", "reply")]
    assert PASSWORD_SHA256 not in json.dumps(EVIDENCE(seen(looked=results)))


@pytest.mark.parametrize(
    ("changes", "readers"),
    [
        ({}, ["user root"]),
        ({"mode": "0640", "group": "ops"}, ["user root", "group ops"]),
        ({"mode": "0604"}, ["user root", "everybody on the host"]),
        ({"mode": "0620"}, ["user root"]),
        ({"problems": [{"id": "acl", "message": "An ACL."}]}, ["user root", "whoever its access control list names"]),
        ({"problems": [{"id": "links", "message": "Two names."}]}, ["user root", "whoever can read its other names (hard links)"]),
        (
            {"problems": [{"id": "parents", "message": "A folder."}]},
            ["user root", "whoever can write to a folder on the way can put another file in its place"],
        ),
        ({"exists": False, "mode": None, "problems": [{"id": "missing", "message": "Gone."}]}, []),
    ],
)  # fmt: skip
def test_who_can_read_a_copy(changes, readers):
    (found,) = EVIDENCE(seen(looked=[looked(COPY, **changes)]))["copies"]
    assert found["readers"] == readers
    wrong = [problem["message"] for problem in changes.get("problems", ()) if problem["id"] != "missing"]
    assert found["problems"] == wrong


def test_a_copy_with_other_content_is_known_by_its_hash():
    found = EVIDENCE(seen(looked=[looked(COPY, sha256="c" * 64)]))
    assert found["fingerprints"]["other_tpd_sha256"] == ["c" * 64]


@pytest.mark.parametrize(
    ("changes", "gap"),
    [
        ({"case": {}, "looked": []}, "There is no case record in /srv/contoso"),
        ({"case": {name: value for name, value in CASE.items() if name != "export"}}, "The export is not finished"),
        ({"looked": [{"item": COPY, "unreachable": True, "msg": "No route."}]}, "/s/ExportedTPD-G.xml on safe-1: It could not be reached: No route."),
        ({"looked": [{"item": COPY, "msg": "Refused."}]}, "It could not be read: Refused."),
        ({"log": {"msg": "No such file."}}, "The custody log /srv/contoso.custody.jsonl says nothing"),
        ({"told_problem": "The tenant was not asked."}, "The tenant was not asked."),
        ({"admin_log_problem": "It is empty."}, "It is empty."),
    ],
)  # fmt: skip
def test_what_cannot_be_had_is_a_gap(changes, gap):
    (said,) = EVIDENCE(seen(**changes))["gaps"]
    assert gap in said


def test_who_did_what():
    events = [
        event(1, "created"),
        event(2, "placed"),
        event(3, "placed"),
        event(4, "recovered", actor="mallory"),
        event(5, actor="other", tenant="fabrikam"),
    ]
    found = EVIDENCE(seen(log=log(*events)))
    assert [(actor["actor"], actor["events"]) for actor in found["actors"]] == [
        ("anna", {"created": 1, "placed": 2}),
        ("mallory", {"recovered": 1}),
    ]
    assert (found["actors"][0]["first"], found["actors"][0]["last"]) == ("2026-03-02T09:00:01Z", "2026-03-02T09:00:03Z")
    assert [said["seq"] for said in found["events"]] == [1, 2, 3, 4]


def test_what_incidents_log_themselves_changes_nothing():
    before = EVIDENCE(seen())
    own = [
        event(3, "incident", "key_leaked-2026-03-02"),
        event(4, "noted", "key_leaked-2026-03-02 evidence"),
        event(5, "noted", "rights_misused-2026-03-03-2 evidence"),
    ]
    assert EVIDENCE(seen(log=log(event(1, "created"), event(2), *own))) == before
    assert EVIDENCE(seen(log=log(event(1, "created"), event(2), *own, event(6)))) != before
    # A log that the incident has begun says as much as none.
    assert EVIDENCE(seen(log=log(*own))) == EVIDENCE(seen(log={"msg": "No such file."}))


def test_the_head_is_that_of_the_last_line_of_others():
    found = EVIDENCE(seen(log=log(event(1), event(2), event(3, "noted", "key_leaked-2026-03-02 opens"))))
    assert (found["log"]["line"], found["log"]["head"]) == (2, f"{2:064}")


def test_days_that_pass_are_no_other_evidence():
    def found(name, message):
        return EVIDENCE(seen(findings=[{"id": name, "severity": "error", "message": message}]))

    assert same(found("service_active", "out for 3 days"), found("service_active", "out for 4 days"))
    assert not same(found("copy_mode", "0600"), found("copy_mode", "0644"))


@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        ({}, "Microsoft's service has the key."),
        (CASE, "support had it for the export"),
        ({**CASE, "imported": {"host": "rms1", "at": "2026-03-03"}}, "AD RMS cluster that rms1 reaches"),
        ({**CASE, "engine": "aadrmtpd"}, "The Windows host of AadrmTpd.exe"),
    ],
)
def test_where_else_the_key_is(case, sentence):
    assert sentence in EVIDENCE(seen(case=case))["elsewhere"][-1]
