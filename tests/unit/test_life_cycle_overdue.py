# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is overdue for a tenant: each thing alone, and what is not."""

from __future__ import annotations

import pytest

from .life_cycle_made import (
    BACKUP,
    COPIES,
    DEACTIVATED,
    IMPORTED,
    INCIDENT,
    OFF,
    OUT,
    PLACED,
    REHEARSAL,
    REPLY,
    REQUESTED,
    SPLIT,
    WAITING,
    files,
    log,
    rekeyed,
    service,
    status,
)

LATE = {"now": "2026-03-24T08:00:00Z"}
ONE = {**BACKUP, "placed": {"at": "2026-03-02T10:00:00Z", "copies": COPIES[:3]}}
DOOMED = {"custodian": "safe-1", "host": "safe-1", "file": "/srv/old", "sha256": "b" * 64}
RENEWED = {"id": "key_leaked-2026-03-08", "at": "2026-03-08", "guid": "2", "earlier_guid": "1"}
DAMAGED = {**log(), "intact": False, "problems": [{"line": 2, "kind": "changed", "message": "Line 2 was changed."}]}
LONG_AGO = {"now": "2026-06-01T10:00:00Z"}

# case, what else was seen, and a piece of the one sentence
OVERDUE = [
    (WAITING, LATE, "Support's reply was expected by 2026-03-22T08:00:00Z, 2 days ago. Ask support (case 4711)."),
    (REQUESTED, LATE, "2 days ago. The request is not on record as sent."),
    (
        PLACED,
        {"log": log(exposure=OUT)},
        "The key is out since 2026-03-02T09:00:00Z (9 days), and the service is not on record",
    ),
    (PLACED, {}, "out since 2026-03-02T09:00:00Z (9 days)"),
    (PLACED, {"service": service()}, "says that it is Enabled. Until it is deactivated"),
    (DEACTIVATED, {"log": OFF, "service": service()}, "is exposed again"),
    (
        DEACTIVATED,
        {"log": log(), "service": service()},
        "since 2026-03-05T10:00:00Z, and the tenant says that it is Enabled",
    ),
    (
        IMPORTED,
        {"log": OFF, "service": service()},
        "since 2026-03-05T10:00:00Z, and the tenant says that it is Enabled",
    ),
    ({**BACKUP, "placed": {}}, {"required_copies": 0}, None),
    (ONE, {}, "a copy of the password: 1 (safe-3), required: 2 (custody_required_copies)"),
    (
        {**BACKUP, "reprotected": {**RENEWED, "doomed": [DOOMED, {**DOOMED, "custodian": "safe-2"}]}},
        {},
        "for key_leaked-2026-03-08, and what belongs to the old one is still to be destroyed: /srv/old at safe-1, /srv/old at safe-2.",
    ),
    ({**BACKUP, "reprotected": {**RENEWED, "doomed": []}}, {}, None),
    ({**BACKUP, "imported": IMPORTED["imported"]}, {}, "(2026-03-03T10:00:00Z, 8 days ago) was attested by nobody"),
    (
        rekeyed(expected_by="2026-03-09"),
        {},
        "rekey-2026-03-01 was expected by 2026-03-09, 2 days ago. Ask support (case 815).",
    ),
    (rekeyed(expected_by="2026-03-20"), {}, None),
    (rekeyed(expected_by="2026-03-09", done_at="2026-03-10"), {}, None),
    ({**BACKUP, "incidents": [INCIDENT]}, {}, "key_leaked-2026-03-08 is open since 2026-03-08T10:00:00Z (3 days)"),
    (BACKUP, {"log": {"msg": "There is no custody log."}}, "could not be read. There is no custody log."),
    (BACKUP, {"log": DAMAGED}, "The custody log is damaged. Line 2 was changed."),
    (BACKUP, {"generations_problem": "No such folder."}, "Earlier keys of this tenant are not known. No such folder."),
    (None, {"log": DAMAGED}, "The custody log is damaged."),
    (None, {"log": {"msg": "There is no custody log."}}, None),
    (BACKUP, LONG_AGO, "since 2026-03-02T10:00:00Z (91 days) that the copies are there"),
    (BACKUP, {**LONG_AGO, "audit_days": 91}, None),
    (BACKUP, {**LONG_AGO, "log": log(("audited", "2026-03-04T10:00:00Z"))}, None),
    (BACKUP, {"audit_days": 1, "log": log(("audited", "2026-03-04T10:00:00Z"))}, "since 2026-03-04T10:00:00Z (7 days)"),
    (None, {"subscription_ends": "2026-03-10"}, "The subscription has ended on 2026-03-10"),
    (None, {"subscription_ends": "2026-03-11"}, None),
    (None, {"subscription_ends": "2026-03-11", "now": "2026-03-11T23:59:59Z"}, None),
    (
        None,
        {"subscription_ends": "2026-03-11", "now": "2026-03-12T00:00:00Z"},
        "The subscription has ended on 2026-03-11",
    ),
    (None, {"subscription_ends": "soon"}, "which is no day"),
    (BACKUP, {"subscription_ends": "2026-03-01"}, None),
    (None, LONG_AGO, None),
    (WAITING, {**LATE, "files": files(REPLY)}, None),
    (BACKUP, {"log": log(exposure=OUT)}, None),
    (SPLIT, {"log": log(exposure=OUT)}, None),
    (DEACTIVATED, {"log": OFF, "service": service("Disabled")}, None),
    ({**REHEARSAL, "incidents": [INCIDENT], "placed": {}}, LONG_AGO, None),
]


@pytest.mark.parametrize(("case", "more", "sentence"), OVERDUE)
def test_what_is_overdue_alone(case, more, sentence):
    found = status(case, **more)["overdue"]
    if sentence is None:
        assert found == []
    else:
        assert [text for text in found if sentence not in text] == []
        assert len(found) == 1


def test_everything_overdue_is_said_the_gravest_first():
    case = {**IMPORTED, "placed": {}, "incidents": [INCIDENT]}
    found = status(case, log={})["overdue"]
    starts = ["The incident", "The key is out", "Custodians on", "Custodians on", "The import", "The custody log"]
    assert [text.startswith(start) for text, start in zip(found, starts)] == [True] * len(starts) == [True] * len(found)
