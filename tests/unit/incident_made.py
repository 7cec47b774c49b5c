# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of incidents share: a case, what was seen of it, and a situation. No key in here exists."""

from __future__ import annotations

import copy

KEY, OTHER_KEY = "7c9e6679-7425-40de-944b-e07fc1f90ae7", "16fd2706-8baf-433b-82eb-8c7fada847da"
PASSWORD_SHA256 = "b" * 64
TPD = {"key_id": "{" + KEY + "}", "fingerprint": "f" * 64, "key_size": 2048, "crypto_mode": 2}
CASE = {
    "guid": "C",
    "tenant": "contoso",
    "purpose": "leave",
    "rehearsal": False,
    "engine": "native",
    "key": {"private_key_file": "/srv/contoso/PrivateKey-C.txt", "fingerprint": "e" * 64},
    "reply": {"file": "/srv/contoso/TPD-R.xml"},
    "export": {
        "guid": "G",
        "tpd_file": "/srv/contoso/ExportedTPD-G.xml",
        "password_file": "/srv/contoso/Password-G.txt",
        "sha256": {"tpd": "a" * 64, "password": PASSWORD_SHA256},
        "tpd": TPD,
    },
    "placed": {
        "copies": [
            {"custodian": "safe-1", "host": "safe-1", "what": "password", "file": "/s/Password-G.txt", "owner": "anna"},
            {"custodian": "safe-2", "host": "safe-2", "what": "tpd", "file": "/s/ExportedTPD-G.xml", "owner": "bert"},
        ]
    },
}


def key(name=KEY, status="Active", created="2016-01-01T00:00:00Z"):
    return {"key_identifier": name, "status": status, "key_type": "Microsoft-managed", "creation_time": created}


def event(number, name="placed", subject="safe-1", actor="anna", tenant="contoso"):
    return {
        "seq": number,
        "time": f"2026-03-02T09:00:{number:02}Z",
        "event": name,
        "actor": actor,
        "host": "export",
        "tenant": tenant,
        "case": "C",
        "subject": subject,
        "details": {},
        "previous": f"{number - 1:064}",
    }


def log(*events):
    return {
        "path": "/srv/contoso.custody.jsonl",
        "intact": True,
        "problems": [],
        "events": list(events),
        "head": f"{len(events):064}",
        "exposures": [{"tenant": "contoso", "case": "C", "since": "2026-03-02T09:00:00Z", "seconds": 60, "open": True}],
    }


def looked(item, **changes):
    """A result of secure_file_info: the file lies as it should."""
    facts = {"exists": True, "owner": "root", "group": "root", "mode": "0600", "sha256": "a" * 64, "problems": []}
    return {"item": item, **facts, **changes}


def seen(**changes):
    """What evidence is made of; nothing is wrong and nothing is missing."""
    made = {
        "tenant": "contoso",
        "directory": "/srv/contoso",
        "case": CASE,
        "looked": [looked(copied) for copied in CASE["placed"]["copies"]],
        "findings": [],
        "log": log(event(1, "created"), event(2)),
        "log_file": "/srv/contoso.custody.jsonl",
        "told": {
            "functional_state": "Enabled",
            "super_users_enabled": "Enabled",
            "super_users": ["m@x"],
            "keys": [key()],
        },
        "told_problem": "",
        "admin_log": {"file": "/srv/contoso.incidents/I/admin-log.txt", "size": 9, "sha256": "d" * 64},
        "admin_log_problem": "",
    }
    return copy.deepcopy({**made, **changes})


def situation(incident="key_leaked", **changes):
    """One that nothing has been done about."""
    made = {
        "incident": incident,
        "id": f"{incident}-2026-03-02",
        "tenant": "contoso",
        "directory": f"/srv/contoso.incidents/{incident}-2026-03-02",
        "phase": "plan",
        "rekey_anyway": "",
        "case": CASE,
        "evidence": {"gaps": [], "tenant": {"super_users_enabled": "Enabled", "super_users": ["m@x"], "keys": [key()]}},
        "keys": [],
        "rekey": {"mode": "case", "key_id": "", "plan": {"blocked": []}, "problem": ""},
        "reprotect": {"left": [], "problem": ""},
        "generations": [],
    }
    return copy.deepcopy({**made, **changes})
