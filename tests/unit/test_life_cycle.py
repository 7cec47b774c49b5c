# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stage by stage: where a tenant stands, since when, and what is next."""

from __future__ import annotations

import pytest

from .life_cycle_made import (
    ATTESTED,
    BACKUP,
    COPIES,
    DEACTIVATED,
    EXPORTED,
    FOLDER,
    IMPORTED,
    INCIDENT,
    KEY,
    NEW_KEY,
    OFF,
    OPENED,
    PLACED,
    REHEARSAL,
    REPLY,
    REQUESTED,
    SENT,
    SPLIT,
    WAITING,
    WORKING,
    files,
    key,
    log,
    rekeyed,
    service,
    status,
)

# case, what else was seen; stage, since when, the next step in a few words, and a piece of the sentence
STAGES = [
    (None, {}, "none", "", "export, if wanted", "infoprotect.tenant_key.export -e tenant_key_hosts=export-contoso"),
    (None, {"files": files(REPLY)}, "none", "", "export, if wanted", "no case in /srv/contoso"),
    (OPENED, {}, "opened", "2026-03-01T08:00:00Z", "export", "no request key yet"),
    (REQUESTED, {}, "requested", "2026-03-01T08:01:00Z", "send the request", "export_support_case"),
    (REQUESTED, {"log": log(SENT)}, "waiting", "2026-03-01T12:00:00Z", "wait for the reply", "by 2026-03-22T08:00:00Z"),
    (WAITING, {}, "waiting", "2026-03-01T08:01:00Z", "wait for the reply", "export_reply_file"),
    (WAITING, {"files": files(REPLY)}, "replied", "2026-03-02T09:00:00Z", "export", REPLY),
    (
        WAITING,
        {"files": files(FOLDER + "/PrivateKey-1.txt")},
        "waiting",
        "2026-03-01T08:01:00Z",
        "wait for the reply",
        "",
    ),
    (
        WAITING,
        {"files": files("/tmp/answer"), "reply_file": "/tmp/answer"},
        "replied",
        "2026-03-02T09:00:00Z",
        "export",
        "",
    ),
    (WAITING, {"files": files("/tmp/" + REPLY[13:])}, "waiting", "2026-03-01T08:01:00Z", "wait for the reply", ""),
    (
        WAITING,
        {"files": files(REPLY, REPLY.replace("7", "8"))},
        "replied",
        "2026-03-02T09:00:00Z",
        "sort out the replies",
        "",
    ),
    (EXPORTED, {}, "exported", "2026-03-02T09:00:00Z", "place the copies", "no custodian. Place them"),
    (
        EXPORTED,
        {"copies_planned": False},
        "exported",
        "2026-03-02T09:00:00Z",
        "place the copies",
        "Name custodians in custody_copies.",
    ),
    (PLACED, {}, "placed", "2026-03-02T10:00:00Z", "import into AD RMS", "infoprotect.tenant_key.adrms_import"),
    (PLACED, {"adrms_host": ""}, "placed", "2026-03-02T10:00:00Z", "import into AD RMS", "Name a server"),
    (
        PLACED,
        {"way": "recovery"},
        "placed",
        "2026-03-02T10:00:00Z",
        "deactivate the service",
        "tenant_key.decommission",
    ),
    (
        PLACED,
        {"log": log(("waived", "2026-03-03T10:00:00Z", "import"))},
        "placed",
        "2026-03-02T10:00:00Z",
        "deactivate the service",
        "without delay",
    ),
    (BACKUP, {}, "placed", "2026-03-02T10:00:00Z", "", ""),
    (SPLIT, {}, "placed", "2026-03-02T10:00:00Z", "rekey", "rekey_mode=case"),
    (REHEARSAL, {"files": files(*WORKING)}, "placed", "2026-03-02T10:00:00Z", "", ""),
    (
        IMPORTED,
        {},
        "imported",
        "2026-03-03T10:00:00Z",
        "attest the import",
        "adrms_import_attestation (by, at, document)",
    ),
    (
        PLACED,
        {"log": log(("imported", "2026-03-03T11:00:00Z"))},
        "imported",
        "2026-03-03T11:00:00Z",
        "attest the import",
        "",
    ),
    (IMPORTED, {"log": log(ATTESTED)}, "attested", "2026-03-04T10:00:00Z", "deactivate the service", "what to type"),
    (DEACTIVATED, {"log": OFF}, "deactivated", "2026-03-05T10:00:00Z", "", ""),
    (IMPORTED, {"log": OFF}, "deactivated", "2026-03-05T10:00:00Z", "", ""),
    (
        DEACTIVATED,
        {"log": OFF, "service": service("Enabled")},
        "deactivated",
        "2026-03-05T10:00:00Z",
        "deactivate the service",
        "",
    ),
    (IMPORTED, {"service": service("Disabled")}, "deactivated", "", "put it on record", "is not on record"),
]


@pytest.mark.parametrize(("case", "more", "stage", "since", "step", "sentence"), STAGES)
def test_a_stage_and_what_it_leads_to(case, more, stage, since, step, sentence):
    found = status(case, **more)
    assert (found["stage"], found["since"], found["next_step"]) == (stage, since, step)
    assert sentence in " ".join(found["next"])
    assert bool(found["next"]) == bool(step)


LOGGED_ID = "rights_misused-2026-03-08"
LOGGED = log(("incident", "2026-03-08T10:00:00Z", LOGGED_ID))
LOGGED["events"][0].update(case=None, details={"incident": "rights_misused"})
CLOSED = log(("incident", "2026-03-08T10:00:00Z", LOGGED_ID), ("noted", "2026-03-09T10:00:00Z", LOGGED_ID))
CLOSED["events"][0].update(case=None, details={"incident": "rights_misused"})
CLOSED["events"][1].update(case=None, details={"closed": "Malware."})

# what else is seen of a backup; the conditions, the step that comes of it, and a piece of its sentence
BESIDE = [
    (rekeyed(expected_by="2026-03-20"), {}, ["rekey waiting"], "wait for the rekey", "815), expected by 2026-03-20"),
    (
        rekeyed(mode="self_service", to_key=NEW_KEY),
        {},
        ["rekey begun"],
        "go on with the rekey",
        "rekey_mode=self_service -e rekey_phase=plan",
    ),
    (rekeyed(), {}, ["rekey waiting"], "wait for the rekey", "rekey_mode=case -e rekey_phase=all"),
    (rekeyed(done_at="2026-03-09", to_key=KEY), {}, [], "", ""),
    (rekeyed(done_at="2026-03-09", to_key=KEY, clients=["pc-1"]), {"clients": ["pc-1"]}, [], "", ""),
    (
        rekeyed(done_at="2026-03-09", to_key=KEY, clients=["pc-1"]),
        {"clients": ["pc-2", "pc-1"]},
        ["rekey changing over"],
        "reset clients",
        "since the rekey rekey-2026-03-01: 1.",
    ),
    (rekeyed(done_at="2026-03-09", to_key=NEW_KEY), {}, [], "export the active key", NEW_KEY),
    (rekeyed(done_at="2026-03-09", to_key=NEW_KEY), {"service": service("Enabled", key(KEY))}, [], "", ""),
    (BACKUP, {"service": service("Enabled", key(KEY, "Archived"), key(NEW_KEY))}, [], "export the active key", NEW_KEY),
    (
        BACKUP,
        {"service": service("Enabled", key(NEW_KEY)), "generations": [{"key_id": NEW_KEY, "opens": "All."}]},
        [],
        "",
        "",
    ),
    (
        {**BACKUP, "incidents": [INCIDENT]},
        {},
        ["incident key_leaked"],
        "go on with the incident",
        "breach_incident=key_leaked",
    ),
    (
        {**BACKUP, "incidents": [INCIDENT]},
        {},
        ["incident key_leaked"],
        "go on with the incident",
        "Its folder is /i. Go on",
    ),
    ({**BACKUP, "incidents": [{**INCIDENT, "closed_at": "2026-03-09"}]}, {}, [], "", ""),
    (
        None,
        {"log": LOGGED},
        ["incident rights_misused"],
        "go on with the incident",
        "rights_misused-2026-03-08 is open. Go on",
    ),
    ({**BACKUP, "incidents": [{**INCIDENT, "id": LOGGED_ID, "closed_at": "2026-03-09"}]}, {"log": LOGGED}, [], "", ""),
    (None, {"log": CLOSED}, [], "export, if wanted", ""),
    (BACKUP, {"service": service("Enabled", key(NEW_KEY, kind="Customer-managed (BYOK)"))}, [], "", ""),
    (BACKUP, {"files": files(*WORKING)}, [], "destroy working copies", "custody_destroy_working_copies=true"),
    (
        {**BACKUP, "placed": {"at": "2026-03-02", "copies": [COPIES[0]]}},
        {"files": files(*WORKING)},
        [],
        "what is overdue",
        "",
    ),
    (PLACED, {"files": files(*WORKING)}, [], "import into AD RMS", ""),
    (DEACTIVATED, {"files": files(*WORKING)}, [], "destroy working copies", WORKING[1]),
    (
        PLACED,
        {"files": files(*WORKING), "log": log(("waived", "2026-03-03T10:00:00Z", "import"))},
        [],
        "deactivate the service",
        "custody_destroy_working_copies=true",
    ),
    (rekeyed(done_at="2026-03-09", to_key=NEW_KEY), {"service": service("Enabled", key(KEY, "Archived"))}, [], "", ""),
    (None, {"subscription_ends": "2026-04-10"}, [], "export before the end", "in 29 days"),
    (None, {"subscription_ends": "2026-04-11"}, [], "export, if wanted", ""),
    (None, {"service": service("Disabled")}, [], "ask support", "says that the service is Disabled"),
    (None, {"service": service("Enabled", key(kind="Customer-managed (BYOK)"))}, [], "use your own key", "(BYOK)"),
    (None, {"subscription_ends": "2026-03-12"}, [], "export before the end", "ends on 2026-03-12"),
    (None, {"subscription_ends": "2026-06-12"}, [], "export, if wanted", ""),
    (BACKUP, {"subscription_ends": "2026-03-12"}, [], "", ""),
]


@pytest.mark.parametrize(("case", "more", "conditions", "step", "sentence"), BESIDE)
def test_what_comes_beside_the_stage(case, more, conditions, step, sentence):
    found = status(case, **more)
    assert (found["conditions"], found["next_step"]) == (conditions, step)
    assert sentence in " ".join(found["next"])


def test_of_several_replies_the_newest_counts():
    older = {"path": REPLY.replace("7", "8"), "mtime": 1}
    found = status(WAITING, files=[*files(REPLY), older])
    assert found["since"] == "2026-03-02T09:00:00Z"
    assert f"{older['path']}, {REPLY}" in found["next"][0]


def test_of_a_reply_on_the_controller_it_is_not_known_when_it_came():
    found = status(WAITING, files=[{"path": "/tmp/answer", "mtime": 0}], reply_file="/tmp/answer")
    assert (found["stage"], found["since"]) == ("replied", "")


def test_an_incident_is_closed_by_its_own_closing_and_by_nothing_else():
    other, text, by_hand = (dict(CLOSED["events"][1]) for _copy in range(3))
    other["subject"] = "key_leaked-2026-03-08"
    text["details"] = {"done": "Malware."}
    by_hand.update(event="incident", subject="a stolen laptop")
    found = status(log={**LOGGED, "events": [by_hand, *LOGGED["events"], other, text, {**text, "event": "verified"}]})
    assert found["conditions"] == ["incident rights_misused"]
    foreign = {**LOGGED["events"][0], "tenant": "fabrikam"}
    assert status(log={**LOGGED, "events": [foreign]})["conditions"] == []


def test_the_request_key_is_worth_a_copy():
    assert any("(what: private_key)" in text for text in status({**WAITING, "key_copies": {}})["next"])
    assert not any("private_key" in text for text in status(WAITING)["next"])
    at_the_tool = {**WAITING, "key_copies": {}, "key": {**REQUESTED["key"], "private_key_file": ""}}
    assert not any("private_key" in text for text in status(at_the_tool)["next"])


def test_a_custodian_in_the_same_folder_is_no_working_copy():
    placed = [{**copy, "host": "export-contoso", "file": file} for copy, file in zip(COPIES[1:3], WORKING)]
    case = {**BACKUP, "placed": {"at": "2026-03-02T10:00:00Z", "copies": [*COPIES, *placed]}}
    assert status(case, files=files(*WORKING))["next"] == []
