# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gate by gate: what alone stands against a decommission, and what somebody has to type. No key in here exists."""

from __future__ import annotations

import copy
import re

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.filter.decommission_plan import FilterModule

PLAN = FilterModule().filters()["decommission_plan"]
SERVICE_ID = "0f8fad5b-d9cb-469f-a165-70867728950e"
KEY, OLD_KEY, NEW_TEMPLATE = (
    "7c9e6679-7425-40de-944b-e07fc1f90ae7",
    "16fd2706-8baf-433b-82eb-8c7fada847da",
    "886313e1-3b8a-5372-9b90-0c9aee199e5d",
)
TEMPLATE = "1d79c1c5-57dd-4897-8d07-86eb60b1f338"
TPD = {
    "rehearsal": False,
    "key_id": "{" + KEY + "}",
    "fingerprint": "f" * 64,
    "licensing_url": f"https://{SERVICE_ID}.rms.eu.aadrm.com/_wmcs/licensing",
    "templates": [{"guid": "{" + TEMPLATE.upper() + "}"}],
}
COPY = {"what": "tpd", "custodian": "safe", "host": "safe", "file": "/srv/tpd", "mode": "0600"}


def key(name=KEY, status="Active", kind="Microsoft-managed"):
    return {"key_identifier": name, "status": status, "key_type": kind, "creation_time": "2016-01-01T00:00:00Z"}


def event(name, **details):
    return {"event": name, "details": details}


def situation(**changes):
    """One in which nothing stands against it."""
    made = {
        "tenant": "contoso",
        "directory": "/srv/contoso",
        "way": "redirect",
        "case": {
            "guid": "C",
            "purpose": "leave",
            "rehearsal": False,
            "export": {"sha256": {"tpd": "a" * 64}, "tpd": TPD},
            "placed": {"copies": [COPY]},
        },
        "service": {
            "problem": "",
            "state": {
                "functional_state": "Enabled",
                "service_id": SERVICE_ID.upper(),
                "super_users_enabled": "Disabled",
                "super_users": [],
                "super_user_group": "",
            },
            "keys": [key()],
            "templates": [{"template_id": TEMPLATE}],
        },
        "findings": [],
        "drill": {"passed": True, "failure": "", "tpd": TPD},
        "archived": [],
        "events": [event("imported", key_id=KEY), event("attested", by="Erika Mustermann")],
        "waived_keys": {},
        "import_waived": "",
        "templates_waived": "",
        "super_user": "",
        "super_user_group": "",
        "subscription_ends": "2026-12-31",
        "today": "2026-03-02",
        "clients": ["pc-1", "pc-2"],
    }
    made = copy.deepcopy(made)
    for path, value in changes.items():
        *parents, last = path.split("__")
        place = made
        for name in parents:
            place = place[name]
        place[last] = value
    return made


def warnings(plan):
    return [gate["id"] for gate in plan["gates"] if gate["result"] == "warn"]


@pytest.mark.parametrize("way", ["redirect", "redirect_all", "unprotect", "recovery"])
def test_nothing_stands_against_it(way):
    plan = PLAN(situation(way=way, super_user="dr@contoso.example"))
    assert (plan["blocked"], plan["blocked_by"], warnings(plan)) == ([], [], ["dependants"])
    assert re.fullmatch(r"contoso-[0-9a-f]{8}", plan["confirmation"])
    assert plan["steps"][-1] == "Deactivate the service (now: Enabled) and prove that it is Disabled."


TWO_KEYS = [key(), key(OLD_KEY, "Archived")]
BLOCKED = [
    ("export", {"case": {}}, "no finished export in /srv/contoso"),
    ("export", {"case": {"guid": "C", "purpose": "leave"}}, "Run the export first"),
    ("purpose", {"case__purpose": "backup"}, "purpose is backup, not leave"),
    ("rehearsal", {"case__rehearsal": True}, "This is a rehearsal"),
    ("rehearsal", {"drill__tpd": {**TPD, "rehearsal": True}}, "This is a rehearsal"),
    ("custody", {"findings": [{"id": "too_few_copies", "message": "Too few."}]}, "Too few."),
    ("custody", {"findings": [{"id": "log_damaged", "message": "The log is damaged."}]}, "The log is damaged."),
    ("recovery", {"drill": {"passed": False, "failure": "no copy was good."}}, "has not passed: no copy was good."),
    (
        "service",
        {"service": {"problem": "No route.", "state": {}, "keys": [], "templates": []}},
        "could not be read. No route.",
    ),
    ("tenant", {"service__state__service_id": KEY}, "The TPD is of another tenant"),
    ("tenant", {"service__state__service_id": ""}, "the tenant's service id is unknown"),
    ("tenant", {"drill__tpd": {**TPD, "licensing_url": None}}, "its licensing URL is None"),
    ("archived", {"archived": [{"file": "/srv/old", "tpd": {}, "problem": "No such file."}]}, "/srv/old"),
    ("keys", {"service__keys": TWO_KEYS}, f"No TPD covers the tenant's key {OLD_KEY} (Archived, Microsoft-managed)"),
    ("keys", {"service__keys": TWO_KEYS, "waived_keys": {OLD_KEY: " "}}, "waive it with a reason"),
    ("keys", {"service__keys": []}, "has shown no key"),
    ("adrms", {"events": [event("attested")]}, f"AD RMS has the TPD of the key {KEY} (imported)"),
    ("adrms", {"events": [event("imported")]}, "opens through AD RMS (attested)"),
    ("super_user", {"way": "recovery"}, "needs a super user, and the tenant has none"),
    ("super_user", {"way": "unprotect"}, "needs a super user, and the tenant has none"),
    (
        "super_user",
        {"service__state__super_user_group": "a@x", "super_user_group": "b@x"},
        "The super user group is a@x",
    ),
    (
        "templates",
        {"service__templates": [{"template_id": TEMPLATE}, {"template_id": NEW_TEMPLATE}]},
        f"lacks 1 of the tenant's templates ({NEW_TEMPLATE})",
    ),
    ("subscription", {"subscription_ends": "2026-03-01"}, "has ended on 2026-03-01"),
    ("subscription", {"subscription_ends": "soon"}, "is no date"),
]


@pytest.mark.parametrize(("gate", "changes", "sentence"), BLOCKED)
def test_a_gate_alone_blocks_and_says_why(gate, changes, sentence):
    plan = PLAN(situation(**changes))
    assert plan["blocked_by"] == [gate]
    assert sentence in plan["blocked"][0]


def test_another_key_than_the_tenants():
    plan = PLAN(situation(service__keys=[key(OLD_KEY)]))
    assert plan["blocked_by"] == ["keys", "tenant"]
    assert f"is none of the tenant's keys ({OLD_KEY})" in plan["blocked"][0]


def test_all_are_reported_together():
    plan = PLAN(situation(case__purpose="backup", events=[], subscription_ends="2026-01-01"), "")
    assert plan["blocked_by"] == ["adrms", "confirmation", "purpose", "subscription"]
    assert len(plan["blocked"]) == 5


WARNED = [
    ("custody", {"findings": [{"id": "copy_mode", "message": "A copy may be read by others."}]}),
    (
        "keys",
        {"service__keys": TWO_KEYS, "waived_keys": {"{" + OLD_KEY.upper() + "}": "nothing was protected with it"}},
    ),
    ("keys", {"waived_keys": {NEW_TEMPLATE: "a mistake"}}),
    ("adrms", {"events": [], "import_waived": "AD RMS belongs to another team"}),
    ("templates", {"service__templates": [{"template_id": NEW_TEMPLATE}], "templates_waived": "never used"}),
    ("subscription", {"subscription_ends": ""}),
    ("subscription", {"subscription_ends": "2026-03-20"}),
    ("clients", {"clients": []}),
]


@pytest.mark.parametrize(("gate", "changes"), WARNED)
def test_what_an_operator_should_know(gate, changes):
    plan = PLAN(situation(**changes))
    assert plan["blocked"] == []
    assert gate in warnings(plan)


def test_an_archived_key_is_covered_by_a_tpd_that_was_imported():
    old = {"file": "/srv/old", "tpd": {**TPD, "key_id": OLD_KEY, "fingerprint": "e" * 64}, "problem": ""}
    plan = PLAN(situation(service__keys=TWO_KEYS, archived=[old]))
    assert plan["blocked_by"] == ["adrms"]
    assert OLD_KEY in plan["blocked"][0]
    events = [*situation()["events"], event("imported", key_id=OLD_KEY.upper())]
    assert PLAN(situation(service__keys=TWO_KEYS, archived=[old], events=events))["blocked"] == []
    mixed = {**old, "tpd": {**old["tpd"], "rehearsal": True}}
    assert PLAN(situation(service__keys=TWO_KEYS, archived=[mixed], events=events))["blocked_by"] == ["rehearsal"]


@pytest.mark.parametrize(
    "state",
    [
        {"super_users_enabled": "Enabled", "super_users": ["a@x"]},
        {"super_users_enabled": "Enabled", "super_user_group": "g@x"},
    ],
)
def test_a_super_user_that_is_there_is_proof(state):
    made = situation(way="unprotect", events=[], clients=[])
    made["service"]["state"].update(state)
    assert PLAN(made)["blocked"] == []
    made["service"]["state"]["super_users_enabled"] = "Disabled"
    assert PLAN(made)["blocked_by"] == ["super_user"]


# -- what has to be typed ------------------------------------------------------------------------------------------------

OTHER_SITUATIONS = [
    {"tenant": "fabrikam"},
    {"way": "redirect_all"},
    {"case__guid": "D"},
    {"case__export": {"sha256": {"tpd": "b" * 64}, "tpd": TPD}},
    {"case__export": {"sha256": {"tpd": "a" * 64}, "tpd": {**TPD, "fingerprint": "0" * 64}}},
    {"case__placed": {"copies": []}},
    {"case__placed": {"copies": [{**COPY, "host": "other"}]}},
    {"service__state__service_id": KEY},
    {"service__keys": TWO_KEYS},
    {"service__keys": [key(status="Archived")]},
    {"service__templates": []},
    {"archived": [{"file": "/srv/old", "tpd": {**TPD, "key_id": OLD_KEY}, "problem": ""}]},
    {"waived_keys": {OLD_KEY: "a reason"}},
    {"import_waived": "a reason"},
    {"templates_waived": "a reason"},
    {"super_user": "a@x"},
    {"super_user_group": "g@x"},
    {"clients": ["pc-1"]},
]
SAME_SITUATIONS = [
    {"service__state__functional_state": "Disabled"},
    {"service__state__super_users_enabled": "Enabled"},
    {"service__state__super_users": ["a@x"]},
    {"today": "2026-03-03"},
    {"subscription_ends": "2026-11-30"},
    {"events": [*situation()["events"], event("redirected"), event("deactivated")]},
    {"findings": [{"id": "copy_unreachable", "message": "Out of reach today."}]},
    {"clients": ["pc-2", "pc-1"]},
    {"case__decommission": {"confirmed": {"hash": "x"}, "clients": ["pc-1"]}},
    {"case__placed": {"copies": [{**COPY, "mode": "0400"}]}},
]


@pytest.mark.parametrize("changes", OTHER_SITUATIONS)
def test_another_situation_needs_another_confirmation(changes):
    assert PLAN(situation(**changes))["confirmation"] != PLAN(situation())["confirmation"]


@pytest.mark.parametrize("changes", SAME_SITUATIONS)
def test_what_passes_or_was_done_needs_none(changes):
    assert PLAN(situation(**changes))["confirmation"] == PLAN(situation())["confirmation"]


def test_clients_count_only_where_they_are_changed():
    unprotect = {"way": "unprotect", "super_user": "a@x"}
    assert PLAN(situation(clients=[], **unprotect))["hash"] == PLAN(situation(**unprotect))["hash"]


def test_the_typed_confirmation():
    right = PLAN(situation())["confirmation"]
    for typed in (right, f"fabrikam-00000000, {right}", f"{right},"):
        assert PLAN(situation(), typed)["blocked"] == []
    for typed in ("", "contoso", right[:-1], right.upper(), f"x{right}", right.replace("-", "_")):
        plan = PLAN(situation(), typed)
        assert plan["blocked_by"] == ["confirmation"]
        assert f"decommission_confirm={right}" in plan["blocked"][0]
        assert "another plan" not in plan["blocked"][0]
    assert "another plan" in PLAN(situation(), "contoso-00000000")["blocked"][0]


def test_a_service_that_is_off_need_not_tell_its_keys_again():
    """A run that stopped after the deactivation goes on with the same confirmation, and a finished one needs none."""
    before = PLAN(situation())
    record = {"confirmed": {"hash": before["hash"]}, "tenant": before["tenant"]}
    off = {
        "problem": "The service is disabled.",
        "state": {"functional_state": "Disabled"},
        "keys": [],
        "templates": [],
    }
    stopped = situation(service=off, case__decommission=record)
    assert PLAN(stopped, before["confirmation"])["blocked"] == []
    assert PLAN(stopped, "")["blocked_by"] == ["confirmation"]
    assert PLAN(stopped)["steps"][-1] == "The service is Disabled already; put that on record."
    done = {**record, "deactivated": {"at": "2026-03-02T09:15:00Z"}}
    assert PLAN(situation(service=off, case__decommission=done), "")["blocked"] == []
    other = situation(service=off, case__decommission=done, way="redirect_all")
    assert PLAN(other, "")["blocked_by"] == ["confirmation"]


def test_a_service_that_somebody_else_has_switched_off():
    off = {
        "problem": "The service is disabled.",
        "state": {"functional_state": "Disabled"},
        "keys": [],
        "templates": [],
    }
    plan = PLAN(situation(service=off, way="recovery"))
    assert plan["blocked"] == []
    assert "nothing more can be lost" in next(gate["message"] for gate in plan["gates"] if gate["id"] == "service")
