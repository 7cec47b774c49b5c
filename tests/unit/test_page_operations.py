# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operations of Microsoft's page that ask for nothing, Revoke and Backup, held against what the playbook status says.

Source: "Microsoft-managed: Tenant key life cycle operations" of 2016-06-03 (German) and of 2017-07-19; both editions say the
same here. That no key can be exported after the subscription has ended is on the page about decommissioning.
"""

from __future__ import annotations

import pytest

from .life_cycle_made import (
    ATTESTED,
    BACKUP,
    DEACTIVATED,
    EXPORTED,
    IMPORTED,
    OFF,
    OPENED,
    PLACED,
    REPLY,
    REQUESTED,
    SPLIT,
    WAITING,
    files,
    log,
    status,
)

# Every stage: the case, and what else was seen.
STAGES = {
    "none": (None, {}),
    "opened": (OPENED, {}),
    "requested": (REQUESTED, {}),
    "waiting": (WAITING, {}),
    "replied": (WAITING, {"files": files(REPLY)}),
    "exported": (EXPORTED, {}),
    "placed": (PLACED, {}),
    "placed, backup": (BACKUP, {}),
    "placed, split": (SPLIT, {}),
    "imported": (IMPORTED, {}),
    "attested": (IMPORTED, {"log": log(ATTESTED)}),
    "deactivated": (DEACTIVATED, {"log": OFF}),
}
BEFORE = ("none", "opened", "requested", "waiting", "replied")
AFTER = tuple(stage for stage in STAGES if stage not in BEFORE)

# operation; what the page says; at which stages that is to be heard; how status says it
PAGE = [
    (
        "Revoke",
        "it happens when the subscription is cancelled",
        (*BEFORE, *AFTER),
        "when the subscription is cancelled",
    ),
    ("Revoke", "the service stops using the key", (*BEFORE, *AFTER), "the service stops using the tenant key"),
    ("Revoke", "nobody needs to do anything", (*BEFORE, *AFTER), "by itself"),
    ("Revoke", "afterwards no key can be exported", BEFORE, "the key can no longer be exported"),
    (
        "Revoke",
        "what was exported stays and has to be guarded",
        AFTER,
        "The exported key stays, and so does its custody",
    ),
    (
        "Backup and recover",
        "Microsoft is responsible",
        (*BEFORE, *AFTER),
        "Microsoft is responsible for backing up the key",
    ),
    ("Backup and recover", "it is the service's key that is meant", (*BEFORE, *AFTER), "the key in the service"),
    ("Backup and recover", "the exported files are to be backed up", AFTER, "The exported pair is yours to back up"),
    ("Backup and recover", "there are none before an export", BEFORE, "There is no exported pair"),
]


def said(stage, operation):
    """The one sentence, or two, on this operation."""
    case, more = STAGES[stage]
    found = status(case, **more)
    assert found["stage"] == stage.split(",")[0]
    (text,) = [text for text in found["no_action"] if text.startswith(f"{operation}:")]
    return text


@pytest.mark.parametrize(("operation", "claim", "stages", "sentence"), PAGE)
def test_status_says_what_the_page_says(operation, claim, stages, sentence):
    heard = [stage for stage in STAGES if sentence in said(stage, operation)]
    assert heard == list(stages), claim


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("operation", ["Revoke", "Backup and recover"])
def test_nothing_is_asked_of_anybody(stage, operation):
    assert "ansible-playbook" not in said(stage, operation)
    case, more = STAGES[stage]
    found = status(case, **more)
    assert not any(text.startswith(operation) for text in (*found["next"], *found["overdue"]))


@pytest.mark.parametrize(
    ("now", "ended"), [("2026-03-11T23:59:59Z", False), ("2026-03-12T00:00:00Z", True), ("2026-09-01T00:00:00Z", True)]
)
def test_after_the_subscription_has_ended_it_is_said_that_it_has_happened(now, ended):
    found = status(BACKUP, subscription_ends="2026-03-11", now=now)["no_action"]
    (text,) = [text for text in found if text.startswith("Revoke")]
    said = "has ended on 2026-03-11, and with it the service has stopped using the tenant key by itself"
    assert (said in text) == ended
    assert ("when the subscription is cancelled" in text) != ended


def test_the_backup_that_is_ones_own_counts_its_custodians():
    assert "custodians on record: 2 for the TPD, 2 for the password" in said("placed", "Backup and recover")
    assert "custodians on record: 0 for the TPD, 0 for the password" in said("exported", "Backup and recover")
