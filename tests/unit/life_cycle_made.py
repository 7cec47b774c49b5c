# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A made-up tenant as the filter life_cycle takes it, at any point of its way. No key in here exists."""

from __future__ import annotations

import copy
from typing import Any

from ansible_collections.infoprotect.tenant_key.plugins.filter.life_cycle import FilterModule

STATUS = FilterModule().filters()["life_cycle"]
FOLDER = "/srv/contoso"
REPLY = FOLDER + "/TPD-77172C7B-8E21-48B7-9854-7A4CEAC474D0.xml"
KEY, NEW_KEY = "7c9e6679-7425-40de-944b-e07fc1f90ae7", "16fd2706-8baf-433b-82eb-8c7fada847da"
WORKING = [FOLDER + "/ExportedTPD-1.xml", FOLDER + "/Password-1.txt"]

# How a case grows, stage by stage.
OPENED = {
    "schema": 1,
    "tenant": "contoso",
    "guid": "C",
    "purpose": "leave",
    "rehearsal": False,
    "support_case": "",
    "opened": "2026-03-01T08:00:00Z",
    "expected_by": "2026-03-22T08:00:00Z",
}
REQUESTED = {
    **OPENED,
    "key": {
        "made": "2026-03-01T08:01:00Z",
        "public_key_file": FOLDER + "/PublicKey-1.txt",
        "private_key_file": FOLDER + "/PrivateKey-1.txt",
    },
}
KEPT = {"copies": [{"custodian": "safe-9", "host": "safe-9", "what": "private_key", "file": "/srv/key"}]}
WAITING = {**REQUESTED, "support_case": "4711", "key_copies": KEPT}
EXPORTED = {
    **WAITING,
    "export": {
        "decrypted": "2026-03-02T09:00:00Z",
        "tpd": {"key_id": "{" + KEY.upper() + "}", "fingerprint": "f" * 64},
        "sha256": {"tpd": "a" * 64, "password": "b" * 64},
    },
}
COPIES = [
    {"custodian": f"safe-{number}", "host": f"safe-{number}", "what": what, "file": f"/srv/{what}"}
    for number, what in enumerate(("tpd", "tpd", "password", "password"), 1)
]
PLACED = {**EXPORTED, "placed": {"at": "2026-03-02T10:00:00Z", "copies": COPIES}}
IMPORTED = {**PLACED, "imported": {"at": "2026-03-03T10:00:00Z", "host": "rms1", "tpds": [{"key_id": KEY}]}}
DEACTIVATED = {**IMPORTED, "decommission": {"deactivated": {"at": "2026-03-05T10:00:00Z"}}}

SENT = ("sent", "2026-03-01T12:00:00Z")
DECRYPTED = ("decrypted", "2026-03-02T09:00:00Z")
ATTESTED = ("attested", "2026-03-04T10:00:00Z")
LEFT = ("deactivated", "2026-03-05T10:00:00Z")


def log(*events: tuple[str, ...], exposure: dict[str, Any] | None = None) -> dict[str, Any]:
    """What custody_info returns. An event is its word, its time, and its subject."""
    lines = []
    for word, time, *subject in events:
        lines.append(
            {"event": word, "time": time, "tenant": "contoso", "case": "C", "subject": "".join(subject), "details": {}}
        )
    out = [{"tenant": "contoso", "case": "C", **exposure}] if exposure else []
    return {"intact": True, "problems": [], "events": lines, "exposures": out}


OUT = {"since": "2026-03-02T09:00:00Z", "until": None, "seconds": 9 * 86400 + 3600, "open": True}
ENDED = {"since": "2026-03-02T09:00:00Z", "until": "2026-03-05T10:00:00Z", "seconds": 262800, "open": False}


def files(*paths: str) -> list[dict[str, Any]]:
    return [{"path": path, "mtime": 1772442000.5} for path in paths]  # 2026-03-02T09:00:00Z


def service(state: str = "Enabled", *keys: dict[str, str]) -> dict[str, Any]:
    return {"asked": True, "problem": "", "functional_state": state, "keys": list(keys)}


def key(name: str = KEY, status: str = "Active", kind: str = "Microsoft-managed") -> dict[str, str]:
    return {"key_identifier": name, "status": status, "key_type": kind, "creation_time": "2016-01-01T00:00:00Z"}


def seen(case: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """Settings are changed one by one, the rest as a whole; without a change nothing is overdue but what the case makes so."""
    settings = {
        "required_copies": 2,
        "audit_days": 90,
        "reply_file": "",
        "copies_planned": True,
        "adrms_host": "rms1",
        "way": "redirect",
        "subscription_ends": "",
        "clients": [],
        "generations_problem": "",
    }
    made = {
        "tenant": "contoso",
        "host": "export-contoso",
        "directory": FOLDER + "/",
        "now": "2026-03-11T10:00:00Z",
        "case": case or {},
        "log": log(),
        "files": [],
        "service": {"asked": False},
        "generations": [],
        "settings": {name: changes.pop(name, value) for name, value in settings.items()},
    }
    return copy.deepcopy({**made, **changes})


def status(case: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    return STATUS(seen(case, **changes))


BACKUP = {**PLACED, "purpose": "backup"}
SPLIT = {**PLACED, "purpose": "split"}
REHEARSAL = {**PLACED, "rehearsal": True}
OFF = log(DECRYPTED, ATTESTED, LEFT, exposure=ENDED)

REKEY = {"id": "rekey-2026-03-01", "mode": "case", "reason": "split", "opened": "2026-03-01", "support_case": "815"}
INCIDENT = {
    "id": "key_leaked-2026-03-08",
    "incident": "key_leaked",
    "opened": "2026-03-08T10:00:00Z",
    "directory": "/i",
}


def rekeyed(**more):
    return {**BACKUP, "rekeys": [{"id": "rekey-2025-01-01", "done_at": "2025-01-02"}, {**REKEY, **more}]}
