# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role custody does about a new password, and how it tells the keys of a tenant apart."""

from __future__ import annotations

import uuid

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.filter.custody_generations import FilterModule as Generations
from ansible_collections.infoprotect.tenant_key.plugins.filter.custody_mixed import FilterModule as Mixed
from ansible_collections.infoprotect.tenant_key.plugins.filter.custody_placed import FilterModule as Placed
from ansible_collections.infoprotect.tenant_key.plugins.filter.custody_reprotected import FilterModule as Reprotected
from ansible_collections.infoprotect.tenant_key.plugins.filter.custody_reprotection import FilterModule as Reprotection

FILTERS = {}
for module in (Generations, Mixed, Placed, Reprotected, Reprotection):
    FILTERS.update(module().filters())

OLD = "5E4C2018-8C8C-4548-8705-E3218AA1544E"
INCIDENT = "key_leaked-2026-03-02"
KEY = "{7c9e6679-7425-40de-944b-e07fc1f90ae7}"
NEXT_KEY = "{0a60d5a1-6c2b-4b43-9b1e-3a0c9a4e1f55}"


def copy(what, custodian, folder, host="contoso", **more):
    file = (
        f"{folder}/{'Password' if what == 'password' else 'ExportedTPD'}-{OLD}.{'txt' if what == 'password' else 'xml'}"
    )
    return {"custodian": custodian, "host": host, "what": what, "file": file, "owner": "root", "mode": "0600", **more}


@pytest.fixture
def case():
    return {
        "guid": "FA29D0FE-5049-4C8E-931B-96C6152B0441",
        "export": {
            "guid": OLD,
            "decrypted": "2026-03-01T10:00:00Z",
            "tpd_file": f"/srv/contoso/ExportedTPD-{OLD}.xml",
            "password_file": f"/srv/contoso/Password-{OLD}.txt",
            "sha256": {"tpd": "aa", "password": "bb"},
            "tpd": {"key_id": KEY, "fingerprint": "ff"},
        },
        "placed": {
            "copies": [
                copy("password", "safe-1", "/keep", host="safe-1", group="keepers"),
                copy("tpd", "/media/safe", "/media/safe", vault_id="contoso-tpd", sha256="dd"),
            ]
        },
    }


def begin(case, reason=INCIDENT):
    return FILTERS["custody_reprotection"](case, reason, "contoso")


# -- a new password ----------------------------------------------------------------------------------------------------


def test_each_copy_gets_a_successor_beside_it(case):
    begun = begin(case)
    guid = str(uuid.uuid5(uuid.UUID(OLD), INCIDENT)).upper()
    assert (begun["id"], begun["guid"], begun["earlier_guid"]) == (INCIDENT, guid, OLD)
    assert begun["files"] == {
        "tpd": f"/srv/contoso/ExportedTPD-{guid}.xml",
        "password": f"/srv/contoso/Password-{guid}.txt",
    }
    common = {"owner": "root", "mode": "0600"}
    assert begun["wanted"] == [
        {
            "custodian": "safe-1",
            "host": "safe-1",
            "what": "password",
            "group": "keepers",
            "vault_id": "",
            "file": f"/keep/Password-{guid}.txt",
            **common,
        },
        {
            "custodian": "/media/safe",
            "host": "contoso",
            "what": "tpd",
            "group": "",
            "vault_id": "contoso-tpd",
            "file": f"/media/safe/ExportedTPD-{guid}.xml",
            **common,
        },
    ]


def test_everything_that_opens_with_the_old_password_goes(case):
    case["staged"] = {"directory": "/srv/contoso/adrms"}
    assert [(entry["host"], entry["file"], entry["sha256"]) for entry in begin(case)["doomed"]] == [
        ("safe-1", f"/keep/Password-{OLD}.txt", "bb"),
        ("contoso", f"/media/safe/ExportedTPD-{OLD}.xml", "dd"),  # a vault file has a hash of its own
        ("contoso", f"/srv/contoso/ExportedTPD-{OLD}.xml", "aa"),
        ("contoso", f"/srv/contoso/Password-{OLD}.txt", "bb"),
        ("contoso", f"/srv/contoso/adrms/ExportedTPD-{OLD}.xml", "aa"),
    ]


def test_the_same_reason_gives_the_same_names_and_another_one_others(case):
    assert begin(case) == begin(case)
    assert begin(case)["guid"] != begin(case, "key_leaked-2026-04-01")["guid"]


def test_what_an_earlier_time_could_not_reach_is_not_forgotten(case):
    left = {"custodian": "safe-9", "host": "safe-9", "file": "/keep/ExportedTPD-older.xml", "sha256": "99"}
    case["reprotected"] = {"id": "before", "doomed": [left]}
    assert begin(case)["doomed"][0] == left
    assert len(begin(case)["doomed"]) == 5


def test_what_was_begun_for_another_reason_goes_too(case):
    begun = begin(case)
    case["reprotecting"] = {name: begun[name] for name in ("id", "files", "wanted")}
    assert begin(case) == begun  # the same reason goes on with it
    doomed = begin(case, "key_leaked-2026-04-01")["doomed"]
    assert [(entry["host"], entry["file"], entry["sha256"]) for entry in doomed[4:]] == [
        ("safe-1", begun["wanted"][0]["file"], ""),
        ("contoso", begun["wanted"][1]["file"], ""),
        ("contoso", begun["files"]["tpd"], ""),
        ("contoso", begun["files"]["password"], ""),
    ]
    case["reprotecting"] = {}
    assert len(begin(case, "key_leaked-2026-04-01")["doomed"]) == 4


def test_what_could_not_be_destroyed_is_kept_for_the_next_run_and_said():
    def item(custodian):
        return {"custodian": custodian, "host": custodian, "file": "/keep/ExportedTPD-old.xml", "sha256": "aa"}

    results = [
        {"item": item("one"), "dest": "/keep/ExportedTPD-old.xml", "changed": True},
        {"item": item("two"), "dest": "/keep/ExportedTPD-old.xml", "changed": False},
        {"item": item("three"), "unreachable": True, "msg": "Connection refused\nand more", "changed": False},
        {"item": item("four"), "msg": "The file is another than expected.", "changed": False},
        {"item": item("five"), "unreachable": True, "changed": False},
    ]
    found = FILTERS["custody_reprotected"](results)
    assert found["replaced"] == ["one:/keep/ExportedTPD-old.xml"]
    assert [entry["custodian"] for entry in found["doomed"]] == ["three", "four", "five"]
    assert found["left"] == [
        f"/keep/ExportedTPD-old.xml at {custodian} belongs to the old password and was not destroyed: {why}."
        " Run again, or destroy it by hand."
        for custodian, why in (
            ("three", "Connection refused"),
            ("four", "The file is another than expected"),
            ("five", "no reason was given"),
        )
    ]


def test_a_copy_that_is_out_of_reach_stays_on_record():
    wanted = {**copy("tpd", "safe", "/keep", host="safe"), "group": "", "vault_id": ""}
    before = [copy("tpd", "safe", "/keep", host="safe"), copy("tpd", "other", "/keep", host="other")]
    placed = FILTERS["custody_placed"]([{"item": wanted, "unreachable": True}], before, {"tpd": "aa"})
    assert placed == {"copies": before[:1], "events": []}
    assert FILTERS["custody_placed"]([{"item": wanted, "unreachable": True}], [], {}) == {"copies": [], "events": []}


# -- the keys of a tenant ----------------------------------------------------------------------------------------------


def generation(case, directory="/srv/contoso", **export):
    return {"directory": directory, "case": {**case, "export": {**case["export"], **export}}}


def test_one_key_opens_everything(case):
    (found,) = FILTERS["custody_generations"]([generation(case)])
    assert found == {
        "directory": "/srv/contoso",
        "case": case["guid"],
        "key_id": KEY,
        "fingerprint": "ff",
        "decrypted": "2026-03-01T10:00:00Z",
        "rekeyed": "",
        "custodians": ["/media/safe", "safe-1"],
        "opens": f"Key {KEY[1:-1]} opens everything that is protected with it, until a rekey.",
    }


def test_after_a_rekey_the_old_key_opens_what_was_protected_before(case):
    """Also where the tenant writes the key's id in another way than the TPD does."""
    unfinished = {"id": "rekey-2026-06-01", "from_key": NEXT_KEY}
    done = {"id": "rekey-2026-05-01", "from_key": KEY[1:-1].upper(), "done_at": "2026-05-03T08:00:00Z"}
    case["rekeys"] = [done, unfinished]
    new = {"key_id": NEXT_KEY, "fingerprint": "ee"}
    entries = [generation({**case, "rekeys": []}, "/srv/contoso-2", decrypted="2026-05-20T10:00:00Z", tpd=new)]
    old, young = FILTERS["custody_generations"]([*entries, generation(case)])
    assert (old["directory"], young["directory"]) == ("/srv/contoso", "/srv/contoso-2")
    assert (old["rekeyed"], young["rekeyed"]) == ("2026-05-03T08:00:00Z", "")
    assert (
        "opens what was protected before the rekey of 2026-05-03T08:00:00Z, and what clients still protected"
        in old["opens"]
    )
    assert "Nothing else opens that content, so keep it." in old["opens"]
    assert "until a rekey" in young["opens"]


def test_a_later_export_of_another_key_tells_as_much_where_no_rekey_is_on_record(case):
    new = {"key_id": NEXT_KEY, "fingerprint": "ee"}
    later = generation(case, "/srv/contoso-2", decrypted="2026-05-20T10:00:00Z", tpd=new)
    old, _young = FILTERS["custody_generations"]([generation(case), later])
    assert f"before key {NEXT_KEY[1:-1]} took over, whose export is of 2026-05-20T10:00:00Z" in old["opens"]
    again = generation(case, "/srv/contoso-3", decrypted="2026-05-20T10:00:00Z")
    old, _again = FILTERS["custody_generations"]([generation(case), again])
    assert "until a rekey" in old["opens"]


def test_a_case_that_waits_is_no_generation(case):
    waiting = {"directory": "/srv/contoso-2", "case": {"guid": "x"}}
    assert len(FILTERS["custody_generations"]([generation(case), waiting])) == 1
    assert FILTERS["custody_generations"]([waiting, {"directory": "/srv/none", "case": {}}]) == []


@pytest.mark.parametrize(
    ("host", "custodian", "folder", "meets"),
    [
        ("safe-1", "safe-1", "/keep", True),
        ("safe-1", "safe-1", "/keep/second", False),
        ("safe-2", "safe-2", "/keep", False),
        # The export host has another name in the inventory, for another case of the same tenant.
        ("contoso-2", "/media/safe", "/media/safe", True),
        ("contoso-2", "/media/safe-2", "/media/safe-2", False),
    ],
)
def test_copies_of_two_keys_do_not_share_a_folder(case, host, custodian, folder, meets):
    planned = [{"host": host, "custodian": custodian, "file": f"{folder}/{name}.xml"} for name in ("one", "two")]
    found = FILTERS["custody_mixed"](planned, [{"directory": "/srv/contoso", "case": case}])
    assert found == ([f"{folder} on {host} holds a copy of the case in /srv/contoso."] if meets else [])


def test_a_case_without_copies_is_in_nobodys_way():
    planned = [{"host": "safe", "custodian": "safe", "file": "/keep/one.xml"}]
    assert FILTERS["custody_mixed"](planned, [{"directory": "/srv/contoso", "case": {}}]) == []
