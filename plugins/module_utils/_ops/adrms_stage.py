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
import re
from collections.abc import Mapping
from typing import Any

from .._adrms_script import SCRIPT
from .._checks import check_facts, expectations, inspect
from .._files import attributes, read_file
from .._inputs import LARGEST_DOCUMENT, about
from .._operation import Operation, Result
from .._passwords import PASSWORD_OPTIONS, open_tpd, password
from .._placing import Changes, changes_in
from .._tpd import TpdError, names
from .._tpd.contents import Contents

SCHEMA = 1
MANIFEST_FILE = "manifest.json"
SCRIPT_FILE = "Import-TenantKey.ps1"
RECORD_FILE = "imported.json"  # the script writes it
LONGEST_NAME = 256


def run(params: Mapping[str, Any], check_mode: bool) -> Result:
    """Open and check the TPD, then have the folder hold it with its manifest and the script."""
    wanted = attributes({}, 0o600)
    display_name, tpd_file = _display_name(params["display_name"]), _tpd_file(params["tpd_file"])
    content, secret = read_file(params["tpd_file"], LARGEST_DOCUMENT, "TPD"), password(params)
    with about(params["tpd_file"]):
        contents, checks = inspect(open_tpd(content, secret), secret, expectations(params))
    facts = check_facts(checks)
    if not facts["importable"] and not params["allow_failed_checks"]:
        failed = " ".join(f"{check.id}: {check.message}" for check in checks if check.result == "fail")
        raise TpdError(
            f"The TPD is not staged, as importers are known to refuse it. {failed} Set allow_failed_checks to stage it all the same."
        )
    manifest = _manifest(display_name, tpd_file, content, contents, params, facts)
    with changes_in(params["directory"], wanted.owner, check_mode, create=True) as changes:
        _require_own_folder(params, tpd_file, changes)
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


def _tpd_file(path: str) -> str:
    """The TPD's name, which must mean the same on Windows and be none of those that stand beside it."""
    name = os.path.basename(path)
    taken = [file.lower() for file in (MANIFEST_FILE, SCRIPT_FILE, RECORD_FILE)]
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*[A-Za-z0-9]", name) or name.lower() in taken:
        raise TpdError(
            f"The TPD {path} keeps its name, and this one cannot stand in the folder on a Windows server."
            " Call it ExportedTPD-<GUID>.xml."
        )
    return name


def _require_own_folder(params: Mapping[str, Any], tpd_file: str, changes: Changes) -> None:
    """The folder is handed over whole, so the password, a private key and another TPD have no business in it."""
    others = names.by_guid(changes.names(), names.PRIVATE_KEY, names.REPLY, names.PASSWORD, names.EXPORTED_TPD).values()
    found = sorted({name for files in others for name in files.values()} - {tpd_file})
    directory, password_file = params["directory"], params["password_file"]
    if password_file is not None and os.path.realpath(os.path.dirname(password_file)) == os.path.realpath(directory):
        found.append(os.path.basename(password_file))
    if found:
        raise TpdError(
            f"The folder {directory} also holds {found[0]}, which must not be handed over with it."
            " Give a folder of its own for each TPD."
        )


def _manifest(
    display_name: str,
    tpd_file: str,
    content: bytes,
    contents: Contents,
    params: Mapping[str, Any],
    facts: dict[str, Any],
) -> bytes:
    """UTF-8 JSON; its schema is in docs/formats.md. The same for the same input, so that a second run changes nothing."""
    found = contents.facts()
    urls = params["licensing_urls"] or [url for url in [contents.licensing_url] if url]
    manifest = {
        "schema": SCHEMA,
        "rehearsal": found["rehearsal"],
        "display_name": display_name,
        "tpd_file": tpd_file,
        "sha256": hashlib.sha256(content).hexdigest(),
        "key_id": found["key_id"],
        "key_fingerprint": found["fingerprint"],
        "crypto_mode": found["crypto_mode"],
        "csp_name": found["csp_name"],
        "csp_type": found["csp_type"],
        "licensing_urls": urls,
        "templates": [{"guid": entry["guid"], "names": entry["names"]} for entry in found["templates"]],
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
