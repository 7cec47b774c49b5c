# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an import into AD RMS is to do, decided from a case, opened TPDs, and what a cluster lists."""

from __future__ import annotations

import copy

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.filter.adrms_import_plan import FilterModule

from .adrms_made import KEY, OLD_KEY, OTHER_ID, begun, case, check, entry, on_record, opened, record, tpd

PLAN = FilterModule().filters()["adrms_import_plan"]


def plan(of=None, *further, listing=(), **options):
    given = case() if of is None else of
    before = copy.deepcopy(given)
    made = PLAN(given, "Contoso", "rms1", list(further), list(listing), **options)
    assert given == before
    assert len(made["conflicts"]) == len([step for step in made["steps"] if step["state"] == "conflict"])
    return made


def states(made):
    return [(step["state"], step["id"]) for step in made["steps"]]


# -- what speaks against a TPD -----------------------------------------------------------------------------------------


def test_good_tpds_have_no_problem():
    made = plan(None, opened())
    assert made["problems"] == []
    assert made["conflicts"] == []


def test_a_rehearsal_needs_both():
    """The case must be one, and it must be allowed."""
    for real_case, allow, refused in (
        (True, True, 1),
        (True, False, 1),
        (False, False, 1),
        (False, True, 0),
    ):
        of = case(rehearsal=not real_case)
        of["export"]["tpd"]["rehearsal"] = True
        made = plan(of, allow_rehearsal=allow)
        assert len(made["problems"]) == refused
    (problem,) = plan(None, opened(tpd=tpd(OLD_KEY, "f2", rehearsal=True)), allow_rehearsal=True)["problems"]
    assert problem.startswith("Archived (/a.xml): It was made for a rehearsal and opens no real document.")


def test_a_rehearsal_is_not_allowed_unless_that_is_said():
    of = case(rehearsal=True)
    of["export"]["tpd"]["rehearsal"] = True
    assert len(plan(of)["problems"]) == 1


def test_a_failed_check_speaks_against_it():
    failed = opened(checks=[check("mode", "fail"), check(), check("dates", "fail"), check("names", "warn")])
    (problem,) = plan(None, failed)["problems"]
    assert problem == (
        "Archived (/a.xml): Importers are known to refuse it. mode: About mode. dates: About dates."
        " Set adrms_import_allow_failed_checks to import it all the same."
    )
    assert plan(None, failed, allow_failed_checks=True)["problems"] == []
    of = case()
    of["export"]["checks"].append(check("mode", "fail"))
    assert plan(of)["problems"][0].startswith("Contoso (/c/ExportedTPD.xml): Importers are known to refuse it.")


def test_a_tpd_that_does_not_open_is_not_decided_on():
    unread = {"item": {"display_name": "One", "label": "One (/1)", "problem": "It could not be read."}, "skipped": True}
    shut = {
        "item": {"display_name": "Two", "label": "Two (/2)", "problem": "", "sha256": "s"},
        "msg": "Wrong password.",
    }
    silent = {"item": {"display_name": "Three", "label": "Three (/3)", "problem": "", "sha256": "s"}}
    made = plan(None, unread, shut, silent, opened())
    assert made["problems"] == [
        "One (/1): It could not be read.",
        "Two (/2): Wrong password.",
        "Three (/3): It could not be opened.",
    ]
    assert [step["index"] for step in made["steps"]] == [0, 4]


@pytest.mark.parametrize("name", ["", "  ", "x" * 257, "two\nlines", "bell\a"])
def test_a_display_name_must_be_one(name):
    (problem,) = plan(None, opened(name))["problems"]
    assert "Its display name is empty, longer than 256 characters or not printable." in problem
    assert plan(None, opened("x" * 256))["problems"] == []


def test_no_key_and_no_name_twice():
    (problem,) = plan(None, opened("Again", KEY.lower().strip("{}"), "f1"))["problems"]
    assert problem == "Again (/a.xml) holds the same key as Contoso (/c/ExportedTPD.xml). Name each key once."
    (problem,) = plan(None, opened("CONTOSO"))["problems"]
    assert problem == "CONTOSO (/a.xml) has the display name of Contoso (/c/ExportedTPD.xml). Give each key its own."
    # The same id with another key, or the other way round, is another key.
    assert plan(None, opened("Again", KEY, "f2"), opened("Old", OLD_KEY, "f1"))["problems"] == []
    three = plan(None, opened("A", "k", "f"), opened("B", "k", "f"), opened("C", "k", "f"))["problems"]
    assert len(three) == 3


# -- what is to be done ------------------------------------------------------------------------------------------------


def test_into_an_empty_cluster_all_are_imported():
    made = plan(None, opened())
    assert made["steps"] == [
        {
            "index": 0,
            "state": "import",
            "display_name": "Contoso",
            "key_id": KEY,
            "fingerprint": "f1",
            "tpd_sha256": "s1",
            "id": "",
        },
        {
            "index": 1,
            "state": "import",
            "display_name": "Archived",
            "key_id": OLD_KEY,
            "fingerprint": "f2",
            "tpd_sha256": "s2",
            "id": "",
        },
    ]
    assert made["imported"] == made["before"] == []


@pytest.mark.parametrize("identity", [KEY, KEY.lower(), KEY.strip("{}"), f" {KEY.lower()} "])
def test_the_id_of_the_key_is_that_key(identity):
    """Whoever imported it, and under whichever name."""
    made = plan(listing=[entry(OTHER_ID, "Other"), entry(identity, "By hand")])
    assert states(made) == [("present", identity)]
    assert made["steps"][0]["display_name"] == "By hand"
    assert made["imported"] == [record(identity, "By hand")]


def test_a_key_without_id_is_not_every_key_without_id():
    of = case()
    of["export"]["tpd"]["key_id"] = ""
    assert states(plan(of, listing=[entry("", "Other")])) == [("import", "")]


def test_what_is_on_record_is_there():
    of = case(imported=on_record(record()))
    made = plan(of, listing=[entry()])
    assert states(made) == [("present", OTHER_ID)]
    assert made["imported"] == made["before"] == [record()]
    # The TPD was sealed anew since: that changes neither the key nor the record.
    of["export"]["sha256"]["tpd"] = "s3"
    assert plan(of, listing=[entry()])["imported"] == [record()]
    # Its name on record counts, not the one that is wanted now.
    of = case(imported=on_record(record(display_name="Before")))
    assert states(plan(of, listing=[entry(display_name="BEFORE")])) == [("present", OTHER_ID)]


@pytest.mark.parametrize(
    ("of_record", "listing"),
    [
        (on_record(record(), host="rms2"), [entry()]),
        (on_record(record(fingerprint="f9")), [entry()]),
        (on_record(record(key_id=OLD_KEY)), [entry()]),
        (on_record(record(display_name="Renamed")), [entry()]),
        (on_record(record(identity="another")), [entry()]),
    ],
)
def test_what_is_not_the_recorded_entry_is_another_key(of_record, listing):
    made = plan(case(imported=of_record), listing=listing)
    assert states(made) == [("conflict", "")]
    (conflict,) = made["conflicts"]
    assert conflict == (
        f"Contoso (/c/ExportedTPD.xml): The cluster has a trusted publishing domain named Contoso that holds another key (Id {OTHER_ID})."
        " Import this one under another display name."
    )
    assert record() not in made["imported"]


def test_what_was_removed_from_the_cluster_is_imported_again():
    made = plan(case(imported=on_record(record())), listing=[entry("another", "Other")])
    assert states(made) == [("import", "")]
    assert made["before"] == [record()]
    assert made["imported"] == []


def test_an_id_may_be_given_again():
    """The entry was removed, and another key has got its Id under another name."""
    made = plan(case(imported=on_record(record())), listing=[entry(display_name="Other")])
    assert states(made) == [("import", "")]


def test_all_conflicts_are_said():
    made = plan(None, opened(), listing=[entry(display_name="contoso"), entry("9", "ARCHIVED")])
    assert len(made["conflicts"]) == 2
    assert "named contoso" in made["conflicts"][0]
    assert "named ARCHIVED" in made["conflicts"][1]
    assert "(Id 9)" in made["conflicts"][1]


def test_the_record_follows_the_entry_that_was_found():
    """Somebody has imported the key once more, so that its Id is the key's; the entry on record is still there, too."""
    made = plan(case(imported=on_record(record())), listing=[entry(), entry(KEY, "By hand")])
    assert made["imported"] == [record(KEY, "By hand")]
    # And the entry may be on record for another key, by mistake.
    mistaken = record(KEY, "By hand", OLD_KEY, "f2")
    made = plan(case(imported=on_record(mistaken)), listing=[entry(KEY, "By hand")])
    assert made["imported"] == [record(KEY, "By hand"), mistaken]


def test_others_on_record_stay_as_long_as_they_are_there():
    old = record("7", "Archived", OLD_KEY, "f2", "s2")
    of = case(imported=on_record(old, record()))
    assert plan(of, listing=[entry(), entry("7", "Archived")])["imported"] == [record(), old]
    assert plan(of, listing=[entry()])["imported"] == [record()]
    # With the TPD wanted as well each is there once.
    made = plan(of, opened(), listing=[entry(), entry("7", "Archived")])
    assert made["imported"] == [record(), old]


def test_another_host_has_another_record():
    of = case(imported=on_record(record(), host="rms2"))
    made = plan(of, listing=[])
    assert made["before"] == made["imported"] == []


# -- imports that were begun -------------------------------------------------------------------------------------------


def test_what_has_appeared_since_it_began_is_its_work():
    made = plan(case(importing=begun()), listing=[entry(OLD_KEY, "Contoso"), entry("new", "contoso"), entry("x", "Y")])
    assert states(made) == [("present", "new")]
    assert made["imported"] == [record("new", "contoso")]
    # As a name that was wanted then, whatever is wanted now.
    made = plan(case(importing=begun(display_name="Then")), listing=[entry("new", "Then")])
    assert states(made) == [("present", "new")]


def test_nothing_has_appeared_since_it_began():
    assert states(plan(case(importing=begun()), listing=[entry(OLD_KEY, "Other")])) == [("import", "")]
    assert states(plan(case(importing={}), listing=[])) == [("import", "")]


def test_two_have_appeared_since_it_began():
    made = plan(case(importing=begun()), listing=[entry("1", "Contoso"), entry("2", "Contoso")])
    assert states(made) == [("conflict", "")]
    assert made["conflicts"] == [
        "Contoso (/c/ExportedTPD.xml): Several entries of the name Contoso appeared since the import began (Id 1, 2). Remove them."
    ]


@pytest.mark.parametrize("changes", [{"host": "rms2"}, {"key_id": OLD_KEY}, {"fingerprint": "f2"}, {"known": ["new"]}])
def test_what_was_begun_elsewhere_or_with_another_key_or_was_there_before_is_not_its_work(changes):
    made = plan(case(importing=begun(**changes)), listing=[entry("new", "Contoso")])
    assert states(made) == [("conflict", "")]
    assert "holds another key (Id new)" in made["conflicts"][0]
