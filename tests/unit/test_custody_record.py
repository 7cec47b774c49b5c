# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role custody puts on record, and what it may destroy."""

from __future__ import annotations

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.filter.custody_doomed import FilterModule as Doomed
from ansible_collections.infoprotect.tenant_key.plugins.filter.custody_grounds import FilterModule as Grounds
from ansible_collections.infoprotect.tenant_key.plugins.filter.custody_lacking import FilterModule as Lacking
from ansible_collections.infoprotect.tenant_key.plugins.filter.custody_placed import FilterModule as Placed

FILTERS = {}
for module in (Doomed, Grounds, Lacking, Placed):
    FILTERS.update(module().filters())

WORKING = {
    "tpd": "/srv/contoso/TPD.xml",
    "password": "/srv/contoso/Password.txt",
    "private_key": "/srv/contoso/PrivateKey.txt",
}
SHA256 = {"tpd": "aa", "password": "bb", "private_key": "cc"}


def wanted(what="tpd", **more):
    """A planned copy."""
    file = f"/srv/custody/{WORKING[what].rpartition('/')[2]}"
    copy = {"custodian": "safe", "host": "safe", "what": what, "file": file}
    return {**copy, "owner": "", "group": "", "mode": "0600", "vault_id": "", **more}


def recorded(host, file, what="tpd", custodian=None, **more):
    return {"custodian": custodian or host, "host": host, "file": file, "what": what, **more}


# -- the record --------------------------------------------------------------------------------------------------------


def placed(copy, before=(), changed=True, **result):
    results = [{"item": copy, "owner": "keeper", "mode": "0600", "sha256": "dd", "changed": changed, **result}]
    return FILTERS["custody_placed"](results, before, SHA256)


def test_a_placed_copy_goes_on_record():
    copy = wanted()
    fact = {"custodian": "safe", "host": "safe", "what": "tpd", "file": copy["file"], "owner": "keeper", "mode": "0600"}
    found = placed(copy)
    assert found["copies"] == [fact]
    assert found["events"] == [
        {
            "event": "placed",
            "subject": "safe:/srv/custody/TPD.xml",
            "details": {**fact, "sha256": "aa"},
            "repeat": True,
        }
    ]


def test_no_event_tells_the_hash_of_a_password():
    copy = wanted("password")
    assert "sha256" not in placed(copy)["events"][0]["details"]


def test_both_hashes_of_a_vault_are_known():
    copy = wanted("password", vault_id="a", group="keepers")
    found = placed(copy)
    assert found["copies"][0]["sha256"] == "dd"
    assert (found["copies"][0]["vault_id"], found["copies"][0]["group"]) == ("a", "keepers")
    assert found["events"][0]["details"]["sha256"] == "dd"


def test_what_was_there_and_on_record_is_no_event():
    copy = wanted()
    before = placed(copy)["copies"]
    assert placed(copy, before, changed=False)["events"] == []
    assert placed(copy, before, changed=True)["events"][0]["repeat"] is True
    assert placed(copy, [], changed=False)["events"][0]["repeat"] is False
    assert len(placed(copy, before, changed=False, owner="other")["events"]) == 1


def test_the_grounds_are_what_is_in_order():
    good, bad, away = (recorded(host, "/f") for host in ("good", "bad", "away"))
    looked = [{"item": good, "problems": []}, {"item": bad, "problems": [{"id": "mode"}]}, {"item": away}]
    assert FILTERS["custody_grounds"](looked, SHA256, "") == [
        {"event": "verified", "subject": "good:/f", "details": {**good, "sha256": "aa"}}
    ]
    waived = FILTERS["custody_grounds"]([], SHA256, "Nobody imports it.")
    assert waived == [{"event": "waived", "subject": "import", "details": {"reason": "Nobody imports it."}}]


# -- destruction -------------------------------------------------------------------------------------------------------

CASE = {
    "tenant": "contoso",
    "guid": "G",
    "purpose": "leave",
    "key": {"private_key_file": WORKING["private_key"], "private_key_sha256": "cc"},
    "reply": {"file": "/srv/contoso/TPD-reply.xml", "sha256": "ee"},
    "export": {
        "password_file": WORKING["password"],
        "tpd_file": WORKING["tpd"],
        "sha256": {"tpd": "aa", "password": "bb"},
    },
    "key_copies": {
        "copies": [recorded("safe", "/k", "private_key"), recorded("two", "/v", "private_key", sha256="ff")]
    },
}


def test_everything_that_opens_it_is_doomed():
    found = FILTERS["custody_doomed"](CASE, "export")
    assert found["files"] == [
        {"host": "export", "file": WORKING["private_key"], "sha256": "cc"},
        {"host": "export", "file": "/srv/contoso/TPD-reply.xml", "sha256": "ee"},
        {"host": "export", "file": WORKING["password"], "sha256": "bb"},
        {"host": "export", "file": WORKING["tpd"], "sha256": "aa"},
        {"host": "safe", "file": "/k", "sha256": "cc"},
        {"host": "two", "file": "/v", "sha256": "ff"},
    ]
    assert [file.get("sha256") for file in found["record"]] == ["cc", "ee", None, "aa", "cc", "ff"]


def test_a_case_of_an_earlier_release_has_fewer_hashes():
    case = {**CASE, "key": {"private_key_file": "/p"}, "reply": {"file": "/r"}, "key_copies": {"copies": []}}
    found = FILTERS["custody_doomed"](case, "export")
    assert [file["sha256"] for file in found["files"]] == ["", "", "bb", "aa"]
    assert found["record"][0] == {"host": "export", "file": "/p"}


def test_a_private_key_that_stayed_elsewhere_is_not_doomed_here():
    case = {**CASE, "key": {"private_key_file": ""}, "key_copies": {"copies": []}}
    assert len(FILTERS["custody_doomed"](case, "export")["files"]) == 3


def lacking(**seen):
    """What is lacking where nothing is, but for what the test says."""
    events = [{"event": event, "tenant": "contoso", "case": "G"} for event in ("imported", "attested")]
    supply = {"verified": {"tpd": ["a", "b"], "password": ["c", "d"]}, "copies": []}
    whole = {"case": CASE, "supply": supply, "required": 2, "drill": "", "events": events, "waived": "", "mistrust": []}
    return FILTERS["custody_lacking"]({**whole, **seen})


def test_nothing_is_lacking():
    assert lacking() == []


def test_too_few_copies_are_told_with_the_reasons():
    supply = {
        "verified": {"tpd": ["a"], "password": ["c", "d"]},
        "copies": [
            {"what": "tpd", "reason": "TPD at b: gone."},
            {"what": "tpd", "reason": ""},
            {"what": "password", "reason": "password at e: gone."},
        ],
    }
    assert lacking(supply=supply) == [
        "Custodians with a verified copy of the TPD: 1 (a), required: 2 (custody_required_copies).",
        "TPD at b: gone.",
    ]
    assert lacking(required=3)[1].startswith("Custodians with a verified copy of the password: 2 (c, d), required: 3")
    nobody = {"verified": {"tpd": [], "password": ["c", "d"]}, "copies": []}
    assert "0 (none)" in lacking(supply=nobody)[0]


def test_a_drill_must_have_passed():
    assert lacking(drill="it was a bad day.") == ["The recovery drill has not passed: it was a bad day."]


@pytest.mark.parametrize(
    "event",
    [
        {"event": "imported", "tenant": "contoso", "case": "another"},
        {"event": "imported", "tenant": "fabrikam", "case": "G"},
        {"event": "staged", "tenant": "contoso", "case": "G"},
    ],
)
def test_only_the_import_of_this_case_counts(event):
    found = lacking(events=[event])
    assert [text.split(".")[0] for text in found] == [
        "The custody log does not show the import into AD RMS (imported)",
        "The custody log does not show that a document opens through AD RMS (attested)",
    ]


def test_the_import_may_be_waived_and_matters_only_to_whoever_leaves():
    assert lacking(events=[], waived="Nobody imports it.") == []
    assert lacking(events=[], case={**CASE, "purpose": "backup"}) == []


def test_everything_is_told_at_once():
    assert len(lacking(required=3, drill="no.", events=[], mistrust=["The log is cut."])) == 6
