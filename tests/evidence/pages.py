# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages that a browser is shown: of tenants that have come differently far, of a hostile one, and over all of them."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import evidence_made as made
from ansible_collections.infoprotect.tenant_key.plugins.plugin_utils._evidence_folder import file_name, pages

# What somebody might put into a page: a script, one from elsewhere, an image, a style.
POISONED = (
    "<script>window.ran = 1</script><script src='https://hostile.example/x.js'></script>"
    "<img src='https://hostile.example/x.png' onerror='window.ran = 2' alt=''><style>body{display:none}</style>"
)
HOSTILE = "<script>window.ran=3</script>\"'&amp;<img src=https://hostile.example/y.png onerror=window.ran=4>"
LONG = "N_" * 80


def _wrong() -> dict[str, Any]:
    """The key is out, the service is on, and little is in order: one copy is gone, one is wrong, one cannot be reached."""
    results = made.looked(made.COPIES)
    missing = {"id": "missing", "message": f"{made.COPIES[0]['file']} does not exist."}
    results[0] = {"item": made.COPIES[0], "exists": False, "problems": [missing]}
    mode = {"id": "mode", "message": f"The mode of {made.COPIES[1]['file']} is 0644, expected 0600."}
    results[1] = {"item": made.COPIES[1], "exists": True, "problems": [mode]}
    results[2] = {
        "item": made.COPIES[2],
        "unreachable": True,
        "msg": "Failed to connect to the host via ssh: No route to host",
    }
    incident = {
        "id": "key_leaked-2026-06-30",
        "incident": "key_leaked",
        "opened": "2026-06-30T09:00:00Z",
        "directory": "/i",
    }
    rekey = {
        "id": "rekey-2026-06-30",
        "mode": "case",
        "reason": "A copy may have leaked.",
        "opened": "2026-06-30T10:00:00Z",
    }
    key = {
        "key_identifier": made.KEY,
        "status": "Active",
        "key_type": "Microsoft-managed",
        "creation_time": "2016-01-01T00:00:00Z",
    }
    generation = {
        "directory": made.FOLDER,
        "case": made.GUID,
        "key_id": made.KEY,
        "fingerprint": made.FINGERPRINT,
        "decrypted": "2026-03-15T09:00:00Z",
        "rekeyed": "",
        "custodians": ["vault-munich", "/media/first drive/contoso"],
        "opens": f"Key {made.KEY} opens everything that is protected with it, until a rekey.",
    }
    return made.document(
        {**made.PLACED, "incidents": [incident], "rekeys": [rekey]},
        [
            *made.KEPT,
            (
                "2026-06-30T09:00:00Z",
                "incident",
                incident["id"],
                {"incident": "key_leaked", "noticed": "2026-06-29T18:00:00Z"},
            ),
        ],
        results,
        tenant="northwind",
        service={"asked": True, "problem": "", "functional_state": "Enabled", "keys": [key]},
        generations=[generation],
    )


def _hostile() -> dict[str, Any]:
    """Whoever may name a template, a custodian or a tenant names it like this."""
    case = copy.deepcopy(made.PLACED)
    tpd = case["export"]["tpd"]
    tpd["templates"][0]["names"] = {"1031": HOSTILE, "1033": LONG, "1036": "turned \u202efdp.exe around"}
    tpd["certificates"][0]["principal"] = HOSTILE
    case["placed"]["copies"][0].update(custodian=HOSTILE, host=LONG)
    case["support_case"] = HOSTILE
    case["export"]["checks"] = [{"id": "key_information", "result": "fail", "message": HOSTILE + LONG}]
    events = [("2026-03-15T09:00:00Z", "noted", HOSTILE, {"reason": LONG}), *made.KEPT]
    return made.document(case, events, tenant=f"{HOSTILE} {LONG}")


def documents() -> list[dict[str, Any]]:
    waiting = made.document(made.OPENED, made.REQUESTED, tenant="adatum")
    rehearsal = made.document({**made.PLACED, "rehearsal": True}, made.KEPT, tenant="rehearsal")
    return [
        made.document(),
        _wrong(),
        _hostile(),
        waiting,
        rehearsal,
        made.document({}, [], tenant="fabrikam"),
        made.unseen("tailspin", "The host cannot be reached. Failed to connect to the host via ssh."),
    ]


def write(folder: Path) -> dict[str, Any]:
    """Every page into a new folder; what each of them has to say, by the page's name."""
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    for file in pages(documents(), [], "names")["files"]:
        name, _dot, end = file["name"].rpartition(".")
        (folder / file["name"]).write_text(file["content"], encoding="utf-8")
        if end == "json":
            written[name] = json.loads(file["content"])
    assert {file_name("contoso"), "index"} <= written.keys()
    return written
