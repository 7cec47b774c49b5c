# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One status of a fleet that was looked at in slices."""

from __future__ import annotations

import json

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.filter.life_cycle_merge import FilterModule as Merge
from ansible_collections.infoprotect.tenant_key.plugins.filter.life_cycle_table import FilterModule as Table

from .life_cycle_made import BACKUP, DEACTIVATED, OFF, PLACED, STATUS, WAITING, log, status

MERGE = Merge().filters()["life_cycle_merge"]
TABLE = Table().filters()["life_cycle_table"]
NOW, EARLIER, LATER = "2026-03-11T10:00:00Z", "2026-03-11T08:00:00Z", "2026-03-11T09:00:00Z"
A, B, C = "/srv/status/slice_0.json", "/srv/status/slice_1.json", "/srv/status/slice_2.json"


def of(name, found):
    return {**found, "tenant": name, "host": f"host-{name}"}


FLEET = {
    "abel": of("abel", status(PLACED)),
    "bert": of("bert", status({**PLACED, "placed": {}})),
    "carl": of("carl", status(WAITING)),
    "dora": of("dora", status(BACKUP)),
    "emil": of("emil", status(DEACTIVATED, log=OFF)),
    "fred": STATUS({"tenant": "fred", "host": "host-fred", "problem": "No route to host.", "unreachable": True}),
}


def written(file, *names, at=LATER, schema=1):
    return {"file": file, "text": json.dumps({"schema": schema, "at": at, "tenants": [FLEET[name] for name in names]})}


def merged(*slices, names=tuple(FLEET), hours=12):
    return MERGE(list(slices), [{"host": f"host-{name}", "tenant": name} for name in names], NOW, hours)


WHOLE = (written(A, "bert", "dora"), written(B, "abel", "fred", at=EARLIER), written(C, "carl", "emil"))


def test_slices_make_the_same_status_as_one_run():
    found = merged(*WHOLE)
    assert found == {"at": EARLIER, "remarks": [], "tenants": list(FLEET.values())}
    assert TABLE(found["tenants"]) == TABLE(list(FLEET.values()))


@pytest.mark.parametrize(
    ("slice_", "remark"),
    [
        (
            {"file": C, "text": ""},
            "it is not there, is empty or cannot be read. Its slice has not ended, or writes elsewhere.",
        ),
        (
            {"file": C, "text": None},
            "it is not there, is empty or cannot be read. Its slice has not ended, or writes elsewhere.",
        ),
        (
            {**WHOLE[2], "text": WHOLE[2]["text"][:-9]},
            "it is not JSON, or not all of it is there. Run its slice again.",
        ),
        ({"file": C, "text": "[]"}, "it is no status file."),
        ({"file": C, "text": '{"schema": 1, "at": "2026-03-11T09:00:00Z"}'}, "it is no status file."),
        ({"file": C, "text": '{"schema": 1, "at": "yesterday", "tenants": []}'}, "it is no status file."),
        (
            {"file": C, "text": '{"schema": 1, "at": "2026-03-11T09:00:00Z", "tenants": [{"tenant": "carl"}]}'},
            "it is no status file.",
        ),
        (
            written(C, "carl", "emil", schema=2),
            "it has schema 2, and 1 is known here. Have the same release of the collection everywhere.",
        ),
        (
            written(C, "carl", "emil", at="2026-03-10T09:59:00Z"),
            "it is of 2026-03-10T09:59:00Z, more than 12 hours ago (status_slices_hours). Its slice has not ended since.",
        ),
    ],
)
def test_a_file_that_does_not_count_is_named_and_so_are_its_tenants(slice_, remark):
    found = merged(*WHOLE[:2], slice_)
    assert found["remarks"] == [
        f"{C}: {remark}",
        "In no status file that counts: carl, emil. Run their slices again.",
    ]
    carl = found["tenants"][2]
    assert (carl["tenant"], carl["host"], carl["stage"]) == ("carl", "host-carl", "unknown")
    assert carl["problem"] == "It is in no status file that counts."
    assert [result for result in found["tenants"] if not result["problem"].startswith("It is in no")] == [
        FLEET[name] for name in ("abel", "bert", "dora", "fred")
    ]


def test_an_old_file_counts_if_the_operator_says_so():
    assert merged(*WHOLE[:2], written(C, "carl", "emil", at="2026-03-10T10:00:00Z"), hours=24)["remarks"] == []


def test_of_a_tenant_in_several_slices_the_newest_counts_wherever_it_stands():
    old = {**FLEET["abel"], "stage": "exported"}
    stale = {"file": A, "text": json.dumps({"schema": 1, "at": EARLIER, "tenants": [old]})}
    remark = f"Tenant abel is in more than one: {B} of {LATER} counts, not {A}. Let no two slices have the same tenant."
    for slices in ((stale, written(B, "abel")), (written(B, "abel"), stale)):
        found = merged(*slices, names=["abel"])
        assert found["tenants"] == [FLEET["abel"]]
        assert found["remarks"] == [remark]
        assert found["at"] == EARLIER


def test_of_two_of_the_same_time_the_one_named_last_counts():
    found = merged(written(A, "abel"), written(B, "abel"), names=["abel"])
    assert found["remarks"][0].startswith(f"Tenant abel is in more than one: {B} of {LATER} counts, not {A}.")


def test_a_tenant_that_the_inventory_does_not_know_is_shown_and_named():
    found = merged(*WHOLE, names=["abel"])
    assert [result["tenant"] for result in found["tenants"]] == ["abel", "fred", "bert", "dora", "carl", "emil"]
    assert found["remarks"] == ["Not in this inventory, and shown all the same: fred, bert, dora, carl, emil."]


def test_without_any_file_nothing_is_known():
    found = merged({"file": A, "text": ""}, names=["abel"])
    assert found["at"] == NOW
    assert TABLE(found["tenants"])[1].split() == ["abel", "unknown", "-", "look", "at", "it", "?"]


def test_what_a_slice_says_of_a_log_is_kept_whole():
    held = of("abel", status(PLACED, log=log(exposure={"since": "s", "until": None, "seconds": 1, "open": True})))
    text = json.dumps({"schema": 1, "at": LATER, "tenants": [held]})
    assert merged({"file": A, "text": text}, names=["abel"])["tenants"] == [held]
