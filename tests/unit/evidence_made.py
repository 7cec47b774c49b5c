# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A made-up tenant as the filter evidence takes it: a case with its log, what an audit has seen, and where it stands.

The log is a real one, checked as the module checks it; status and findings are what the filters make of it. No key in here
exists, and the password's hash is none.
"""

from __future__ import annotations

import copy
import tempfile
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from ansible_collections.infoprotect.tenant_key.plugins.module_utils import _custody
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._custody_exposure import exposures, summary
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._custody_line import facts
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._ops import custody_info
from ansible_collections.infoprotect.tenant_key.plugins.plugin_utils._evidence import evidence
from ansible_collections.infoprotect.tenant_key.plugins.plugin_utils._findings import findings
from ansible_collections.infoprotect.tenant_key.plugins.plugin_utils._life_cycle import status

NOW = "2026-07-01T12:00:00Z"
FOLDER = "/srv/tenant keys/contoso"
GUID, PAIR = "FA29D0FE-5049-4C8E-931B-96C6152B0441", "5E4C2018-8C8C-4548-8705-E3218AA1544E"
KEY = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
PASSWORD_SHA256 = "b0" * 32
TPD_SHA256, FINGERPRINT, REQUEST = "a1" * 32, "f2" * 32, "e3" * 32
CUSTODIANS = {
    "tpd": ("vault-munich", "/media/first drive/contoso"),
    "password": ("vault-berlin", "/media/second drive/contoso"),
}
FILES = {"tpd": f"ExportedTPD-{PAIR}.xml", "password": f"Password-{PAIR}.txt"}

TPD = {
    "rehearsal": False,
    "version": 2,
    "key_id": "{" + KEY + "}",
    "key_id_type": "MS-GUID",
    "csp_name": "Microsoft Enhanced RSA and AES Cryptographic Provider",
    "csp_type": 24,
    "key_in_file": True,
    "key_size": 2048,
    "crypto_mode": 2,
    "fingerprint": FINGERPRINT,
    "key_matches_certificate": True,
    "licensing_url": "https://5c0a1f1e-6b7d-4d0e-9d0c-6c8f6f2a7f10.rms.eu.aadrm.com/_wmcs/licensing",
    "certificates": [
        {
            "readable": True,
            "type": "Microsoft Server Licensor Certificate",
            "guid": "{" + KEY + "}",
            "issuer": "Microsoft DRM Server Enrollment Service",
            "principal": "Contoso GmbH & Co. <KG>",
            "url": "https://licensing.example",
            "key_size": 2048,
            "issued": "2016-06-03T07:00:00Z",
            "valid_from": "2016-06-02T07:00:00Z",
            "valid_until": "2020-06-02T07:00:00Z",
            "signature": "verified",
        },
        {"readable": False},
    ],
    "templates": [
        {
            "readable": True,
            "guid": f"{{16fd2706-8baf-433b-82eb-8c7fada847d{number}}}",
            "names": {"1031": f"Vertraulich {number}", "1033": f"Confidential {number}"},
            "urls": [],
            "signature": "verified",
        }
        for number in range(3)
    ],
}
CHECKS = [
    {"id": "key_information", "result": "pass", "message": f"The key id is {{{KEY}}} (MS-GUID)."},
    {"id": "hierarchy", "result": "warn", "message": "The chain ends at a root that is not Microsoft's."},
    {
        "id": "tenant_service_id",
        "result": "pass",
        "message": "The licensing URL is that of the tenant's RightsManagementServiceId.",
    },
    {"id": "tenant_key_id", "result": "pass", "message": "The key id is one of the tenant's KeyIdentifiers."},
]
OPENED = {
    "schema": 1,
    "tenant": "contoso",
    "guid": GUID,
    "guid_rule": "new",
    "purpose": "leave",
    "rehearsal": False,
    "engine": "native",
    "support_case": "120071599000123",
    "opened": "2026-03-01T08:00:00Z",
    "expected_by": "2026-03-22T08:00:00Z",
    "key": {
        "made": "2026-03-01T08:01:00Z",
        "public_key_file": f"{FOLDER}/PublicKey-{GUID}.txt",
        "private_key_file": f"{FOLDER}/PrivateKey-{GUID}.txt",
        "private_key_sha256": "d4" * 32,
        "fingerprint": REQUEST,
        "size": 2048,
    },
}
COPIES = [
    {
        "custodian": custodian,
        "host": "export-contoso" if custodian.startswith("/") else custodian,
        "what": half,
        "file": f"{custodian if custodian.startswith('/') else '/srv/custody/contoso'}/{FILES[half]}",
        "owner": "root" if custodian.startswith("/") else "custodian",
        "mode": "0600",
    }
    for half, custodians in CUSTODIANS.items()
    for custodian in custodians
]
EXPORTED = {
    **OPENED,
    "reply": {"file": f"{FOLDER}/TPD-77172C7B-8E21-48B7-9854-7A4CEAC474D0.xml", "sha256": "c5" * 32},
    "export": {
        "decrypted": "2026-03-15T09:00:00Z",
        "guid": PAIR,
        "tpd_file": f"{FOLDER}/{FILES['tpd']}",
        "password_file": f"{FOLDER}/{FILES['password']}",
        "proof": "decrypted",
        "sha256": {"tpd": TPD_SHA256, "password": PASSWORD_SHA256},
        "tpd": TPD,
        "checks": CHECKS,
    },
}
PLACED = {**EXPORTED, "placed": {"at": "2026-03-15T09:20:00Z", "copies": COPIES}}
LEFT = {
    **PLACED,
    "imported": {"at": "2026-03-16T10:00:00Z", "host": "rms1", "tpds": [{"key_id": KEY}]},
    "decommission": {"way": "redirect", "deactivated": {"at": "2026-03-20T16:30:00Z"}},
    "destroyed": {
        "at": "2026-03-21T08:00:00Z",
        "files": [{"host": "export-contoso", "file": f"{FOLDER}/{name}"} for name in FILES.values()],
    },
}

# -- the log -----------------------------------------------------------------------------------------------------------

Event = tuple[str, str, str, dict[str, Any]]
REQUESTED: list[Event] = [
    ("2026-03-01T08:01:00Z", "created", f"PublicKey-{GUID}.txt", {"fingerprint": REQUEST}),
    ("2026-03-01T12:00:00Z", "sent", f"PublicKey-{GUID}.txt", {"support_case": "120071599000123"}),
]
KEPT: list[Event] = [
    *REQUESTED,
    ("2026-03-15T09:00:00Z", "received", "TPD-77172C7B-8E21-48B7-9854-7A4CEAC474D0.xml", {"sha256": "c5" * 32}),
    ("2026-03-15T09:00:00Z", "decrypted", FILES["tpd"], {"sha256": TPD_SHA256, "fingerprint": FINGERPRINT}),
    *(("2026-03-15T09:20:00Z", "placed", f"{one['custodian']}:{one['file']}", {"file": one["file"]}) for one in COPIES),
]
GONE: list[Event] = [
    *KEPT,
    ("2026-03-16T10:00:00Z", "imported", "Contoso", {"key_id": KEY}),
    ("2026-03-17T11:00:00Z", "attested", "Contoso", {"by": "Erika Mustermann", "document": "Budget 2015.docx"}),
    ("2026-03-20T16:30:00Z", "deactivated", "protection service", {"functional_state": "Disabled"}),
    *(("2026-03-21T07:59:00Z", "verified", f"{one['custodian']}:{one['file']}", {}) for one in COPIES),
    ("2026-03-21T08:00:00Z", "destroyed", "working copies", {}),
    ("2026-06-20T06:00:00Z", "audited", "custody", {"day": "2026-06-20", "findings": {}}),
]


def log(events: list[Event], tenant: str = "contoso", case: str | None = GUID) -> bytes:
    """As custody_log would have written it."""
    written = b""
    for at, event, subject, details in events:
        said = facts(
            event, details, actor="Erika Mustermann", host="export1", tenant=tenant, case=case, subject=subject
        )
        moment = datetime.strptime(at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
        written += _custody.follow(_custody.read(written) if written else _custody.Log(), said, moment)
    return written


def checked(content: bytes, anchors: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What custody_info says of it, by itself and against each anchor, as the role custody registers it."""
    results, now = [], datetime.strptime(NOW, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "log")
        path.write_bytes(content)
        for anchor in [{}, *anchors]:
            params = {"path": str(path), "expected_seq": anchor.get("seq"), "expected_head": anchor.get("head")}
            result = custody_info.OPERATION.run(params, False)
            # As it was at the made-up time, not today.
            result["exposures"] = [
                {"tenant": each.tenant, "case": each.case, **summary([each], now)}
                for each in exposures(result["events"])
            ]
            results.append({**result, "path": f"{FOLDER}.custody.jsonl", "item": anchor})
    return results


# -- what was seen -----------------------------------------------------------------------------------------------------


def looked(copies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Nothing is wrong with any of them."""
    return [{"item": one, "exists": True, "problems": [], "sha256": "a" * 64} for one in copies]


def seen(
    case: dict[str, Any] | None = None,
    events: list[Event] | None = None,
    results: list[dict[str, Any]] | None = None,
    **changes: Any,
) -> dict[str, Any]:
    """What the role hands over: of a tenant that has left the service, unless it is told otherwise."""
    tenant = changes.pop("tenant", "contoso")
    case = {**(LEFT if case is None else case)}
    case.update({"tenant": tenant} if case else {})
    content = log(GONE if events is None else events, tenant)
    copies = (case.get("placed") or {}).get("copies", [])
    results = looked(copies) if results is None else results
    head = _custody.read(content)
    anchor = {"seq": len(head.hashes), "head": head.head, "custodians": sorted({one["custodian"] for one in copies})}
    logs = (
        checked(content, [anchor] if copies and content else [])
        if content
        else [{"msg": "There is no custody log.", "item": {}}]
    )
    here = "destroyed" not in case
    export = case.get("export") or {}
    files = [{"path": export[f"{half}_file"], "mtime": 0} for half in FILES if export and here]
    files += [{"path": case["key"]["private_key_file"], "mtime": 0}] if case.get("key") and here else []
    made: dict[str, Any] = {
        "tenant": tenant,
        "host": "export-contoso",
        "directory": FOLDER,
        "now": NOW,
        "paths": "names",
        "problem": "",
        "case": case,
        "pair": dict.fromkeys(FILES, "intact" if here else "missing") if export else {},
        "files": files,
        "looked": results,
        "log": logs[0],
        "anchors": logs[1:],
        "audit_problem": "",
        "service": {"asked": False},
        "generations": [],
        "settings": {"required_copies": 2, "audit_days": 90, "clients": [], "reply_file": ""},
    }
    made.update(copy.deepcopy(changes))
    return {**made, "status": _status(made), "findings": _findings(made)}


def _status(made: dict[str, Any]) -> dict[str, Any]:
    more = {
        "copies_planned": True,
        "adrms_host": "rms1",
        "way": "redirect",
        "subscription_ends": "",
        "generations_problem": "",
    }
    return status({**made, "settings": {**made["settings"], **more}})


def _findings(made: dict[str, Any]) -> list[dict[str, str]]:
    return findings(
        {
            **{name: made[name] for name in ("case", "tenant", "directory", "host", "looked")},
            "planned": [],
            "required": made["settings"]["required_copies"],
            "allow_joint": False,
            "anchors": [],
            "logs": [made["log"], *made["anchors"]],
            "found": [file["path"] for file in made["files"]],
            "skipped": [],
        }
    )


def document(*given: Any, **changes: Any) -> dict[str, Any]:
    return evidence(seen(*given, **changes))


def unseen(tenant: str = "contoso", problem: str = "No route to host.", **changes: Any) -> dict[str, Any]:
    """Of a tenant that could not be looked at."""
    about = {
        "tenant": tenant,
        "host": f"export-{tenant}",
        "directory": FOLDER,
        "now": NOW,
        "paths": "names",
        "problem": problem,
    }
    return evidence({**about, **changes})


def claim(found: dict[str, Any], name: str) -> dict[str, Any]:
    return next(entry for entry in found["claims"] if entry["id"] == name)
