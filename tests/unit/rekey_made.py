# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Situations of a rekey, made for tests. No key in here exists."""

from __future__ import annotations

import copy

SERVICE_ID = "0f8fad5b-d9cb-469f-a165-70867728950e"
# The active key, the one that came from AD RMS, and one more.
OLD, NEW, THIRD = (
    "7c9e6679-7425-40de-944b-e07fc1f90ae7",
    "16fd2706-8baf-433b-82eb-8c7fada847da",
    "886313e1-3b8a-5372-9b90-0c9aee199e5d",
)
REASON = "The copy of the key in the safe is believed to be compromised."
OTHER = "The company has split."
ATTESTED = {"key_id": NEW, "by": "Erika Mustermann", "at": "2026-03-02"}
BYOK = "Customer-managed (BYOK)"
TPD = {
    "key_id": "{" + OLD.upper() + "}",
    "key_size": 2048,
    "licensing_url": f"https://{SERVICE_ID}.rms.eu.aadrm.com/_wmcs/licensing",
}
NOW = "2026-03-02T09:15:00Z"


def key(name=OLD, status="Active", kind="Microsoft-managed"):
    return {"key_identifier": name, "status": status, "key_type": kind, "creation_time": "2016-01-01T00:00:00Z"}


BEFORE = [key(), key(NEW, "Archived")]
AFTER = [key(OLD, "Archived"), key(NEW)]


def unread(problem="aip_service_host is not set."):
    return {"problem": problem, "state": {}, "keys": [], "templates": []}


def under_way(mode="case", **members):
    """What is on record of a rekey that is not done."""
    entry = {
        "id": "rekey-2026-03-01",
        "mode": mode,
        "reason": REASON,
        "opened": "2026-03-01T08:00:00Z",
        "from_key": OLD,
        "confirmed": "1a2b3c4d",
    }
    way = {"to_key": NEW, "templates_directory": "/srv/contoso/templates-rekey-2026-03-01"}
    if mode == "case":
        way = {"expected_by": "2026-03-08T08:00:00Z", "request_file": "/srv/contoso/rekey-request-rekey-2026-03-01.txt"}
    return {**entry, **way, **members}


# A case is under way, and the tenant cannot be read.
WAITING = {"mode": "case", "case__rekeys": [under_way()], "service": unread()}


def done(**members):
    """What is on record of one that is done."""
    return {**under_way("self_service", proof="tenant", done_at="2026-03-01T09:00:00Z"), **members}


def situation(**changes):
    """One in which nothing stands against it: self-service, with one key to change to."""
    made = {
        "tenant": "contoso",
        "directory": "/srv/contoso",
        "case": {
            "guid": "C",
            "purpose": "backup",
            "rehearsal": False,
            "export": {"decrypted": "2026-01-01T00:00:00Z", "tpd": TPD},
        },
        "time": NOW,
        "mode": "self_service",
        "reason": REASON,
        "service": {
            "problem": "",
            "state": {"functional_state": "Enabled", "service_id": SERVICE_ID.upper()},
            "keys": BEFORE,
            "templates": [{"template_id": "t-1"}, {"template_id": "t-2"}],
        },
        "service_id": "",
        "earlier": [],
        "earlier_directories": [],
        "support_case": "",
        "expected_days": 7,
        "attested": {},
        "key_id": "",
        "key_sizes": {NEW: 2048},
        "allow_1024": False,
        "clients": ["pc-1", "pc-2"],
        "reset_clients": True,
    }
    made = copy.deepcopy(made)
    for path, value in changes.items():
        *parents, last = path.split("__")
        place = made
        for name in parents:
            place = place[name]
        place[last] = value
    return made
