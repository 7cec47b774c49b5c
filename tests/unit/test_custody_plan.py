# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the role custody places copies, and what would meet there."""

from __future__ import annotations

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.filter.custody_plan import FilterModule as Plan
from ansible_collections.infoprotect.tenant_key.plugins.filter.custody_vault_faults import FilterModule as VaultFaults

FILTERS = {**Plan().filters(), **VaultFaults().filters()}

WORKING = {
    "tpd": "/srv/contoso/TPD.xml",
    "password": "/srv/contoso/Password.txt",
    "private_key": "/srv/contoso/PrivateKey.txt",
}


def plan(*copies, **seen):
    return FILTERS["custody_plan"](
        {
            "copies": copies,
            "host": "export",
            "working": WORKING,
            "kinds": ["tpd", "password"],
            "before": [],
            "recorded": [],
            "looked": [],
            **seen,
        }
    )


def at(host, directory="/srv/custody", what="tpd", **more):
    return {"what": what, "host": host, "directory": directory, **more}


def recorded(host, file, what="tpd", custodian=None, **more):
    return {"custodian": custodian or host, "host": host, "file": file, "what": what, **more}


# -- the plan ----------------------------------------------------------------------------------------------------------


def test_a_copy_is_planned_in_full():
    (copy,) = plan(at("safe", owner="keeper", group="keepers", mode="0400", vault_id="tpd-id"))["copies"]
    assert copy == {
        "custodian": "safe",
        "host": "safe",
        "what": "tpd",
        "file": "/srv/custody/TPD.xml",
        "owner": "keeper",
        "group": "keepers",
        "mode": "0400",
        "vault_id": "tpd-id",
    }


def test_what_is_left_out_has_defaults():
    (copy,) = plan({"what": "password", "directory": "/media/drive//"})["copies"]
    assert copy["host"] == "export"
    assert copy["custodian"] == "/media/drive"  # a folder on the export host is a custodian by itself
    assert copy["file"] == "/media/drive/Password.txt"
    assert (copy["owner"], copy["group"], copy["mode"], copy["vault_id"]) == ("", "", "0600", "")


@pytest.mark.parametrize(
    ("copy", "custodian"),
    [
        (at("export", "/media/drive"), "/media/drive"),
        (at("safe"), "safe"),
        (at("safe", custodian="Erika"), "Erika"),
        (at("export", "/media/drive", custodian="Erika"), "Erika"),
        (at("export", "/"), "/"),
    ],
)
def test_who_the_custodian_is(copy, custodian):
    assert [copy["custodian"] for copy in plan(copy)["copies"]] == [custodian]


def test_both_are_two_files():
    found = plan(at("safe", what="both"))
    assert [(copy["what"], copy["file"]) for copy in found["copies"]] == [
        ("tpd", "/srv/custody/TPD.xml"),
        ("password", "/srv/custody/Password.txt"),
    ]
    assert found["joint"] == ["Password and TPD would meet at safe"]


@pytest.mark.parametrize(
    ("copies", "joint"),
    [
        ([at("one"), at("two", what="password")], []),
        ([at("one"), at("one", "/elsewhere")], []),
        ([at("one"), at("one", "/elsewhere", what="password")], ["Password and TPD would meet at one"]),
        ([at("one"), at("one", what="private_key")], ["Request's private key and TPD would meet at one"]),
        ([at("one"), at("two", what="password", custodian="one")], ["Password and TPD would meet at one"]),
        (
            [at("one", what="both"), at("one", what="private_key")],
            ["Password and request's private key and TPD would meet at one"],
        ),
    ],
)
def test_halves_must_not_meet(copies, joint):
    assert plan(*copies)["joint"] == joint


def test_what_is_on_record_still_lies_there():
    lying = recorded("one", "/srv/old/TPD.xml")
    found = plan(at("one", what="password"), recorded=[lying])
    assert found["strays"] == [lying]
    assert found["joint"] == ["Password and TPD would meet at one"]


def test_what_somebody_has_taken_away_lies_there_no_more():
    lying = recorded("one", "/srv/old/TPD.xml")
    looked = [{"item": lying, "problems": [{"id": "missing"}]}]
    found = plan(at("one", what="password"), recorded=[lying], looked=looked)
    assert (found["gone"], found["joint"]) == ([lying], [])


@pytest.mark.parametrize(
    "result",
    [
        {"problems": []},
        {"problems": [{"id": "mode"}]},
        {"problems": [{"id": "parents"}, {"id": "missing"}]},
        {"unreachable": True},
        {"failed": True, "msg": "No Python."},
    ],
)
def test_what_may_still_be_there_counts(result):
    lying = recorded("one", "/srv/old/TPD.xml")
    found = plan(at("one", what="password"), recorded=[lying], looked=[{"item": lying, **result}])
    assert (found["gone"], len(found["joint"])) == ([], 1)


def test_a_wanted_copy_is_no_stray():
    lying = recorded("one", "/srv/custody/TPD.xml")
    assert plan(at("one"), recorded=[lying])["strays"] == []


def looked(copy, *problems):
    return {"item": copy, "problems": [{"id": name, "message": f"It is {name}."} for name in problems]}


COPY = recorded("safe", "/srv/custody/TPD.xml", owner="keeper", mode="0600")


@pytest.mark.parametrize(
    ("asked", "more", "unknown", "bad"),
    [
        ({}, {}, [], []),
        ({"owner": "keeper", "mode": "0600"}, {}, [], []),
        ({"mode": "0400"}, {}, ["/srv/custody/TPD.xml on safe"], []),
        ({"group": "keepers"}, {}, ["/srv/custody/TPD.xml on safe"], []),
        ({}, {"before": [], "looked": []}, ["/srv/custody/TPD.xml on safe"], []),
        ({}, {"looked": [looked(COPY, "mode", "acl")]}, [], ["/srv/custody/TPD.xml on safe: It is mode. It is acl."]),
        (
            {},
            {"looked": [{"item": COPY, "unreachable": True}]},
            [],
            ["/srv/custody/TPD.xml on safe: could not be looked at."],
        ),
    ],
)
def test_what_is_to_be_placed_again(asked, more, unknown, bad):
    found = plan(at("safe", **asked), **{"before": [COPY], "recorded": [COPY], "looked": [looked(COPY)], **more})
    assert (found["unknown"], found["bad"]) == (unknown, bad)
    assert found["as_wanted"] is not bool(unknown or bad)


def test_what_is_never_said_to_be_placed_already():
    seen = {"before": [COPY], "recorded": [COPY], "looked": [looked(COPY)]}
    assert plan(at("safe"), **seen)["as_wanted"]
    assert not plan(**seen)["as_wanted"], "nothing is wanted"
    stray = recorded("safe", "/srv/old/TPD.xml")
    known = {"before": [COPY, stray], "recorded": [COPY, stray], "looked": [looked(COPY), looked(stray, "missing")]}
    assert not plan(at("safe"), **known)["as_wanted"], "a stray is to be taken off the record"
    assert plan(at("safe"), **{**known, "looked": [looked(COPY), looked(stray, "mode")]})["as_wanted"]
    vaulted = {**COPY, "vault_id": "id"}
    seen = {"before": [vaulted], "recorded": [vaulted], "looked": [looked(vaulted)]}
    assert not plan(at("safe", vault_id="id"), **seen)["as_wanted"], "what is in a vault is not known"
    # A copy of the request's private key that is still named does not stand in the way of those of the pair.
    key = recorded("other", "/srv/key/PrivateKey.txt", what="private_key")
    seen = {"before": [COPY], "recorded": [COPY, key], "looked": [looked(COPY), looked(key, "content")]}
    assert plan(at("safe"), at("other", "/srv/key", what="private_key"), **seen)["as_wanted"]


# -- vaults ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ids", "secrets", "says"),
    [
        (("", ""), {}, []),
        (("a", "b"), {"a": "1", "b": "2"}, []),
        (("a", ""), {"a": "1"}, []),
        (("a", "a"), {"a": "1"}, ["The vault id a is used for both halves. Give each half one of its own."]),
        (("a", "b"), {"a": "1", "b": "1"}, ["have the same secret"]),
        (("a", "b"), {"a": "1"}, ["has no secret for the vault id b"]),
        (("a", "b"), {}, ["has no secret for the vault id a", "has no secret for the vault id b"]),
    ],
)
def test_vaults_keep_the_halves_apart(ids, secrets, says):
    copies = plan(at("one", vault_id=ids[0]), at("two", what="password", vault_id=ids[1]))["copies"]
    faults = FILTERS["custody_vault_faults"](copies, secrets)
    assert len(faults) == len(says)
    assert all(text in fault for text, fault in zip(says, faults))
    assert not any("1" in fault for fault in faults)  # no secret


def test_one_vault_may_hold_the_same_half_twice():
    copies = plan(at("one", vault_id="a"), at("two", vault_id="a"))["copies"]
    assert FILTERS["custody_vault_faults"](copies, {"a": "1"}) == []
