# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an audit of custody finds, from what was seen at custodians and on the export host."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.filter.custody_anchors import FilterModule as Anchors
from ansible_collections.infoprotect.tenant_key.plugins.filter.custody_findings import FilterModule as Findings

FILTERS = {**Anchors().filters(), **Findings().filters()}


def b64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


HEAD = "a" * 64
EXPOSURE = {
    "tenant": "contoso",
    "case": "GUID",
    "since": "2026-03-02T09:15:00Z",
    "until": None,
    "seconds": 3 * 86400 + 5,
}


def anchor(custodian, content=None, **result):
    if content is not None:
        result["content"] = b64(content if isinstance(content, bytes) else json.dumps(content).encode())
    return {"item": {"custodian": custodian, "file": f"/{custodian}/custody-contoso.anchor.json"}, **result}


def copy(custodian, what, **result):
    item = {"custodian": custodian, "host": custodian, "what": what, "file": f"/c/{what}"}
    return {"item": item, **(result or {"problems": [], "exists": True})}


@pytest.fixture
def seen():
    """Two custodians for each half, an anchored log, nothing left over: all is well."""
    looked = [copy("a", "tpd"), copy("b", "tpd"), copy("c", "password"), copy("d", "password")]
    log = {"intact": True, "anchored": None, "path": "/log", "problems": []}
    return {
        "case": {"tenant": "contoso", "guid": "GUID", "purpose": "leave", "export": {}},
        "tenant": "contoso",
        "directory": "/t/contoso",
        "host": "export1",
        "looked": looked,
        "planned": [result["item"] for result in looked],
        "required": 2,
        "allow_joint": False,
        "anchors": [anchor(name, {"seq": 7, "head": HEAD}) for name in "abcd"],
        "logs": [
            {**log, "item": {}, "exposures": [{**EXPOSURE, "open": False}]},
            {**log, "item": {"seq": 7, "head": HEAD, "custodians": list("abcd")}, "anchored": True, "exposures": []},
        ],
        "found": [],
        "skipped": [],
    }


def found(seen):
    findings = FILTERS["custody_findings"](seen)
    assert all(set(finding) == {"id", "severity", "message"} and len(finding["message"]) > 20 for finding in findings)
    return [(finding["id"], finding["severity"]) for finding in findings], " ".join(f["message"] for f in findings)


def test_nothing_is_wrong(seen):
    assert found(seen) == ([], "")


def test_no_case(seen):
    assert found({**seen, "case": {}})[0] == [("no_case", "warning")]


def test_copies_that_are_wrong_out_of_reach_or_too_few(seen):
    seen["looked"][0].update(
        problems=[{"id": "mode", "message": "The mode is 0644 now."}, {"id": "acl", "message": "An ACL."}]
    )
    seen["looked"][2] = copy("c", "password", unreachable=True, msg="Connection refused")
    ids, text = found(seen)
    assert ids == [
        ("copy_mode", "error"),
        ("copy_acl", "error"),
        ("copy_unreachable", "warning"),
        ("too_few_copies", "error"),
        ("too_few_copies", "error"),
    ]
    assert "good copy of the TPD: 1 (b), required: 2." in text
    assert "The password at c (/c/password): It could not be reached: Connection refused" in text
    seen["looked"][3]["item"]["custodian"] = "c"
    assert "password: 0" not in found(seen)[1]


def test_one_custodian_counts_once(seen):
    seen["looked"][1]["item"]["custodian"] = "a"
    assert found(seen)[0] == [("too_few_copies", "error")]


def test_joint_custody(seen):
    seen["looked"].append(copy("a", "password"))
    seen["planned"].append(seen["looked"][-1]["item"])
    assert found(seen)[0] == [("joint_custody", "error")]
    assert found({**seen, "allow_joint": True})[0] == []
    seen["looked"][-1].update(exists=False, problems=[{"id": "missing", "message": "/c/password does not exist."}])
    assert found(seen)[0] == [("copy_missing", "error")]


def test_copies_that_nobody_wants_any_more(seen):
    seen["looked"] += [copy("e", "tpd"), copy("f", "private_key")]
    assert found(seen)[0] == [("copy_unplanned", "warning"), ("request_key_kept", "warning")]
    seen["planned"] = []  # nothing is said of what is wanted
    assert found(seen)[0] == [("request_key_kept", "warning")]
    del seen["case"]["export"]
    assert found({**seen, "looked": seen["looked"][-1:]})[0] == []


def test_the_log(seen):
    own, against = seen["logs"]
    own.update(intact=False, problems=[{"kind": "changed", "message": "Line 3 does not carry the hash of line 2."}])
    against.update(
        intact=False,
        anchored=False,
        problems=[*own["problems"], {"kind": "rewritten", "message": "Line 7 is another."}],
    )
    ids, text = found(seen)
    assert ids == [("log_damaged", "error"), ("log_not_anchored", "error")]
    assert "is not what a, b, c, d vouch for. Line 7 is another." in text
    seen["logs"] = [
        {"item": {}, "msg": "There is no custody log /log."},
        {"item": {"seq": 7}, "msg": "There is no log."},
    ]
    assert found(seen)[0] == [("log_missing", "error")]


@pytest.mark.parametrize(
    "content",
    [
        None,
        b"",
        b"\xff",
        b"[]",
        b"7",
        b"{" * 5000,
        {"seq": 0, "head": HEAD},
        {"seq": True, "head": HEAD},
        {"seq": 7},
        {"seq": 7, "head": "a"},
    ],
)
def test_anchors_that_say_nothing(seen, content):
    seen["anchors"][1] = anchor("b", content)
    ids, text = found(seen)
    assert ids == [("anchor_missing", "warning")]
    assert "b has no anchor of the custody log that can be read (/b/custody-contoso.anchor.json)." in text
    assert FILTERS["custody_anchors"](seen["anchors"]) == [{"seq": 7, "head": HEAD, "custodians": ["a", "c", "d"]}]


def test_each_different_anchor_once():
    other = "b" * 64
    results = [
        anchor("a", {"seq": 9, "head": HEAD}),
        anchor("b", {"seq": 7, "head": other}),
        anchor("c", {"seq": 9, "head": HEAD}),
    ]
    assert FILTERS["custody_anchors"](results) == [
        {"seq": 7, "head": other, "custodians": ["b"]},
        {"seq": 9, "head": HEAD, "custodians": ["a", "c"]},
    ]


def test_an_anchor_out_of_reach_is_no_finding_of_its_own(seen):
    seen["anchors"][0] = anchor("a", unreachable=True)
    assert found(seen)[0] == []


def test_working_copies(seen):
    inside, outside, kept = "/t/contoso/PrivateKey-1.txt", "/home/x/TPD-1.xml", "/drive/ExportedTPD-1.xml"
    seen["looked"][0]["item"].update(host="export1", file=kept)
    seen["planned"] = []
    seen.update(found=[outside, kept, inside], skipped=["/none"])
    ids, text = found(seen)
    assert ids == [("working_copy", "warning")] * 2 + [("folder_unreadable", "warning")]
    assert kept not in text
    del seen["case"]["export"]  # while the case waits, its key belongs there
    ids, text = found(seen)
    assert (ids[0], inside in text, outside in text) == (("working_copy", "warning"), False, True)


@pytest.mark.parametrize("purpose", ["leave", "split", "backup"])
def test_exposure(seen, purpose):
    seen["case"]["purpose"] = purpose
    others = [{**EXPOSURE, "open": True, "case": "another"}, {**EXPOSURE, "open": True, "tenant": "another"}]
    seen["logs"][0]["exposures"] = others
    assert found(seen)[0] == []
    seen["logs"][0]["exposures"] = [*others, {**EXPOSURE, "open": True}]
    ids, text = found(seen)
    assert ids == ([] if purpose == "backup" else [("service_active", "warning")])
    assert ("2026-03-02T09:15:00Z (3 days)" in text) is (purpose != "backup")


def test_every_finding_is_documented():
    """docs/custody.md lists the ids that an operator can name in custody_audit_fail_on."""
    root = Path(__file__).resolve().parents[2]
    source = (root / "plugins" / "plugin_utils" / "_findings.py").read_text(encoding="utf-8")
    guide = (root / "docs" / "custody.md").read_text(encoding="utf-8")
    ids = {part.split('"')[0] for part in source.split('_finding("')[1:]}
    assert len(ids) > 10
    assert [name for name in sorted(ids) if f"`{name}`" not in guide] == []
