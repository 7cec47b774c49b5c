# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that an import into AD RMS needs, in one folder: the TPD, a manifest and a script. Never the password.

Durable order: the TPD, the script, then the manifest, which is the commit: the script does nothing without it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from typing import Any

from .._adrms_script import SCRIPT
from .._files import attributes, read_file
from .._inputs import LARGEST_DOCUMENT, PASSWORD_OPTIONS, password
from .._operation import Operation, Result
from .._placing import Changes, working_folder
from .._tpd import TpdError
from .._tpd.contents import Contents
from .tpd_info import check_facts, expectations, inspect

SCHEMA = 1
MANIFEST_FILE = "manifest.json"
SCRIPT_FILE = "Import-TenantKey.ps1"
LONGEST_NAME = 256


def run(params: Mapping[str, Any], check_mode: bool) -> Result:
    """Open and check the TPD, then have the folder hold it with its manifest and the script."""
    wanted = attributes({}, 0o600)
    display_name = _display_name(params["display_name"])
    content = read_file(params["tpd_file"], LARGEST_DOCUMENT, "TPD")
    contents, checks = inspect(content, password(params), expectations(params))
    facts = check_facts(checks)
    if not facts["importable"] and not params["allow_failed_checks"]:
        failed = " ".join(f"{check.id}: {check.message}" for check in checks if check.result == "fail")
        raise TpdError(
            f"The TPD is not staged, as importers are known to refuse it. {failed} Set allow_failed_checks to stage it all the same."
        )
    tpd_file = os.path.basename(params["tpd_file"])
    manifest = _manifest(display_name, tpd_file, content, contents, params, facts)
    with working_folder(params["directory"], wanted.owner, check_mode) as folder:
        changes = Changes(folder, check_mode)
        changes.ensure(tpd_file, content, wanted)
        changes.ensure(SCRIPT_FILE, SCRIPT.encode("ascii"), wanted)
        changes.ensure(MANIFEST_FILE, manifest, wanted)
        return changes.result(
            directory=params["directory"],
            manifest_file=os.path.join(params["directory"], MANIFEST_FILE),
            script_file=os.path.join(params["directory"], SCRIPT_FILE),
            tpd_file=os.path.join(params["directory"], tpd_file),
            **facts,
        )


def _display_name(text: str) -> str:
    if not text.strip() or len(text) > LONGEST_NAME or not text.isprintable():
        raise TpdError(
            f"The display name is empty, longer than {LONGEST_NAME} characters or not printable. Give another one."
        )
    return text


def _manifest(
    display_name: str,
    tpd_file: str,
    content: bytes,
    contents: Contents,
    params: Mapping[str, Any],
    facts: dict[str, Any],
) -> bytes:
    """UTF-8 JSON; its schema is in docs/formats.md. The same for the same input, so that a second run changes nothing."""
    tpd = contents.facts()
    urls = params["licensing_urls"] or [url for url in [contents.licensing_url] if url]
    manifest = {
        "schema": SCHEMA,
        "rehearsal": tpd["rehearsal"],
        "display_name": display_name,
        "tpd_file": tpd_file,
        "sha256": hashlib.sha256(content).hexdigest(),
        "key_id": tpd["key_id"],
        "key_fingerprint": tpd["fingerprint"],
        "crypto_mode": tpd["crypto_mode"],
        "csp_name": tpd["csp_name"],
        "csp_type": tpd["csp_type"],
        "licensing_urls": urls,
        "templates": [{"guid": entry["guid"], "names": entry["names"]} for entry in tpd["templates"]],
        **facts,
    }
    return (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


OPERATION = Operation(
    argument_spec={
        "tpd_file": {"type": "path", "required": True},
        **PASSWORD_OPTIONS,
        "directory": {"type": "path", "required": True},
        "display_name": {"type": "str", "required": True},
        "licensing_urls": {"type": "list", "elements": "str"},
        "allow_failed_checks": {"type": "bool", "default": False},
    },
    mutually_exclusive=(("password", "password_file"),),
    required_one_of=(("password", "password_file"),),
    run=run,
)
