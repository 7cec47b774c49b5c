# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What else the result says of a tenant: exposure, service, and what could not be looked at."""

from __future__ import annotations

import json

import pytest

from .life_cycle_made import (
    ATTESTED,
    BACKUP,
    DEACTIVATED,
    ENDED,
    IMPORTED,
    OFF,
    OUT,
    PLACED,
    REHEARSAL,
    SPLIT,
    STATUS,
    WAITING,
    WORKING,
    files,
    key,
    log,
    service,
    status,
)


@pytest.mark.parametrize(
    ("case", "more", "exposure"),
    [
        (None, {}, {"since": None, "until": None, "seconds": 0, "open": False}),
        (PLACED, {"log": log(exposure=OUT)}, OUT),
        (PLACED, {"log": {}}, OUT),
        (DEACTIVATED, {"log": {}}, ENDED),
        (
            {**PLACED, "export": {**PLACED["export"], "decrypted": "soon"}},
            {"log": {}},
            {"since": "soon", "until": None, "seconds": 0, "open": True},
        ),
        (REHEARSAL, {"log": log(exposure=OUT)}, {"since": None, "until": None, "seconds": 0, "open": False}),
    ],
)
def test_the_exposure_is_that_of_the_log_or_of_the_case(case, more, exposure):
    assert status(case, **more)["exposure"] == exposure


# The page's step 4 asks whoever leaves the service to deactivate it; others are told why it asks nothing of them.
@pytest.mark.parametrize(
    ("case", "more", "sentence"),
    [
        (None, {}, None),
        ({**WAITING, "purpose": "backup"}, {}, None),
        (PLACED, {}, None),
        (BACKUP, {}, "Deactivation: the key was exported as a backup"),
        (SPLIT, {}, "Deactivation: the key was exported to split a company"),
        (DEACTIVATED, {"log": OFF}, "Deactivation: the service is off, and the key is exposed no more"),
        (DEACTIVATED, {"log": OFF, "service": service("Disabled")}, "Deactivation: the service is off"),
        (DEACTIVATED, {"log": OFF, "service": service("Enabled")}, None),
        (REHEARSAL, {}, "This is a rehearsal: its key opens no document"),
        ({**REHEARSAL, "purpose": "backup"}, {}, "This is a rehearsal"),
    ],
)
def test_why_no_deactivation_is_due(case, more, sentence):
    _revoke, _backup, *rest = status(case, **more)["no_action"]
    assert len(rest) == (0 if sentence is None else 1)
    assert "".join(rest).startswith(sentence or "")


def test_another_tenants_events_say_nothing():
    foreign = log(ATTESTED, exposure=OUT)
    foreign["events"][0]["tenant"] = foreign["exposures"][0]["tenant"] = "fabrikam"
    foreign["exposures"][0]["seconds"] = 5
    found = status(IMPORTED, log=foreign)
    assert (found["stage"], found["exposure"]["seconds"]) == ("imported", OUT["seconds"])


def test_what_the_tenant_said():
    said = status(PLACED, service=service("Enabled", key()))["service"]
    assert said == {"asked": True, "reachable": True, "problem": "", "functional_state": "Enabled", "keys": [key()]}
    silent = status(PLACED, service={"asked": True, "problem": "No route."})
    assert silent["service"] == {
        "asked": True,
        "reachable": False,
        "problem": "No route.",
        "functional_state": "",
        "keys": [],
    }
    assert silent["overdue"] == status(PLACED)["overdue"]
    assert not status(PLACED)["service"]["reachable"]


@pytest.mark.parametrize(("unreachable", "stage"), [(True, "unreachable"), (False, "unknown")])
def test_what_could_not_be_looked_at(unreachable, stage):
    given = {"tenant": "contoso", "host": "c", "problem": "No route to host.", "unreachable": unreachable}
    found = STATUS(given)
    assert (found["stage"], found["problem"], found["overdue"]) == (stage, "No route to host.", [])
    assert found.keys() == status().keys()


def test_no_hash_of_a_file_and_nothing_that_json_does_not_know():
    said = json.dumps(status(DEACTIVATED, log=OFF, files=files(*WORKING), service=service("Disabled", key())))
    assert "a" * 64 not in said
    assert "b" * 64 not in said
