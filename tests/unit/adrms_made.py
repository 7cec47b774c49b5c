# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A case, its TPD and further ones, and what a cluster lists: what the filters of the role adrms_import are given."""

from __future__ import annotations

KEY = "{7C2171EF-DEBD-454D-93F4-F3443C1706B1}"
OLD_KEY = "{da577a52-3ba3-4e08-ba13-4c66587007d4}"
OTHER_ID = "{00000000-0000-4000-8000-00000000000b}"


def tpd(key_id=KEY, fingerprint="f1", rehearsal=False):
    return {"key_id": key_id, "fingerprint": fingerprint, "rehearsal": rehearsal}


def check(name="mode", result="pass"):
    return {"id": name, "result": result, "message": f"About {name}."}


def case(**sections):
    export = {
        "tpd_file": "/c/ExportedTPD.xml",
        "password_file": "/c/Password.txt",
        "sha256": {"tpd": "s1", "password": "p1"},
        "tpd": tpd(),
        "checks": [check(), check("templates", "warn")],
    }
    return {"rehearsal": False, "export": export, **sections}


def opened(display_name="Archived", key_id=OLD_KEY, fingerprint="f2", sha256="s2", **changes):
    item = {"display_name": display_name, "label": f"{display_name} (/a.xml)", "problem": "", "sha256": sha256}
    result = {"item": item, "tpd": tpd(key_id, fingerprint), "checks": [check()]}
    return {**result, **changes}


def entry(identity=OTHER_ID, display_name="Contoso"):
    return {"id": identity, "display_name": display_name}


def record(identity=OTHER_ID, display_name="Contoso", key_id=KEY, fingerprint="f1", sha256="s1"):
    return {
        "key_id": key_id,
        "tpd_sha256": sha256,
        "fingerprint": fingerprint,
        "id": identity,
        "display_name": display_name,
    }


def on_record(*tpds, host="rms1"):
    return {"at": "2026-03-02T09:15:00Z", "host": host, "tpds": list(tpds)}


def begun(**changes):
    return {
        "at": "2026-03-02T09:15:00Z",
        "host": "rms1",
        "key_id": KEY.lower(),
        "fingerprint": "f1",
        "display_name": "Contoso",
        "known": [OLD_KEY],
        **changes,
    }
