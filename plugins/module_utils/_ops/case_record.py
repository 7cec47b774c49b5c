# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The record of one case, C(case.json): read, and where told, opened and added to, all in one go."""

from __future__ import annotations

import hashlib
import json
import os
import re
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from .._files import Attributes, FileError, Folder, MissingFolder, read_file, split_path
from .._files.lowlevel import explained
from .._inputs import LARGEST_DOCUMENT, is_there
from .._operation import Operation, Result
from .._placing import changes_in
from .._tpd import TpdError

SCHEMA = 1
MODE = 0o600
LARGEST_RECORD = 16 * 1024 * 1024
_TIME = "%Y-%m-%dT%H:%M:%SZ"
# What looks like a reply or a working copy, by its name.
_WORKING = re.compile(r"(PrivateKey|Password|(Exported)?T(PD|DP))-.+", re.IGNORECASE | re.DOTALL)
_REPLY = re.compile(r"TPD-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.(xml|tpd)", re.IGNORECASE)

Case = dict[str, Any]


def run(params: Mapping[str, Any], check_mode: bool) -> Result:
    """Read, compare, decide, (check mode stops here), write."""
    path = params["path"]
    folder, name = split_path(path)
    if params["new"] is None and params["record"] is None:
        # As any file that an operator points at: nothing is written, so the folder need not be fit for it.
        content = read_file(path, LARGEST_RECORD, "case record") if is_there(path) else None
        case = _read(params, content)
        return {"changed": False, "path": path, "case": case, **_looked(params, case)}
    owner = os.geteuid()
    with changes_in(folder, owner, check_mode, create=True) as changes:
        case = _read(params, changes.content(name, LARGEST_RECORD)) or _opened(params)
        case.update(params["record"] or {})
        for member, file in (params["sha256"] or {}).items():
            _put(case, member, hashlib.sha256(read_file(file, LARGEST_DOCUMENT, "file")).hexdigest())
        changes.ensure(name, _document(case), Attributes(owner, None, MODE))
        return changes.result(path=path, case=case, **_looked(params, case))


def _read(params: Mapping[str, Any], content: bytes | None) -> Case:
    """The record, which is the wanted one; empty if there is none."""
    if content is None:
        return {}
    try:
        case = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):
        case = None
    if not isinstance(case, dict):
        raise TpdError(
            f"The case record {params['path']} is damaged: it is no JSON object in UTF-8. It says what was done and where"
            " everything lies, so nothing is done without it. Bring it back from a backup."
        )
    if case.get("schema", SCHEMA) != SCHEMA:
        raise TpdError(
            f"The case record {params['path']} has a schema that is not {SCHEMA}, the only one that this version of the"
            " collection knows. Use the version that wrote it."
        )
    tenant, rehearsal = params["tenant"], params["rehearsal"]
    if case and tenant is not None and (case.get("tenant"), case.get("rehearsal")) != (tenant, rehearsal):
        raise TpdError(
            f"The folder {os.path.dirname(params['path'])} holds a case of tenant {case.get('tenant', '(unknown)')}"
            f" ({'a rehearsal' if case.get('rehearsal') else 'a real one'}), not this"
            f" {'rehearsal' if rehearsal else 'real case'} of tenant {tenant}. Give each case a folder of its own"
            " (tenant_key_directory)."
        )
    return case


def _opened(params: Mapping[str, Any]) -> Case:
    """What a new case begins with: what is given, and what everything has that is not."""
    if params["new"] is None:
        return {}
    now = datetime.now(timezone.utc)
    case = {"schema": SCHEMA, "opened": now.strftime(_TIME), **params["new"]}
    if params["tenant"] is not None:
        case.update(tenant=params["tenant"], rehearsal=params["rehearsal"])
    if params["expected_days"] is not None:
        case.setdefault("expected_by", (now + timedelta(days=params["expected_days"])).strftime(_TIME))
    case["guid"] = case.get("guid") or str(uuid.uuid4()).upper()
    return case


def _put(case: Case, member: str, value: str) -> None:
    """Set a member that is named by the way to it, as in export.sha256.tpd."""
    *way, last = member.split(".")
    for step in way:
        # A copy, as the parts may be the caller's.
        case[step] = dict(case.get(step) or {})
        case = case[step]
    case[last] = value


def _document(case: Case) -> bytes:
    """As the filter to_nice_json writes it, so that a record changes only where it says something else."""
    return (json.dumps(case, ensure_ascii=False, sort_keys=True, indent=4) + "\n").encode("utf-8")


def _looked(params: Mapping[str, Any], case: Case) -> dict[str, Any]:
    """What lies there: the exported pair by half, and everything that looks like a working copy."""
    export = case.get("export") or {}
    hashes = export.get("sha256") or {}
    files = {half: export.get(f"{half}_file") for half in ("tpd", "password")}
    own = os.path.dirname(params["path"])
    found, unread = _listed([own, *params["look_in"]])
    looked_at = _there(params["look_at"])
    replies = {file for file in found if os.path.dirname(file) == own and _REPLY.fullmatch(os.path.basename(file))}
    # One of them may be named by another way to it, with a slash too many or through a link.
    same = {os.path.realpath(file) for file in replies}
    found.update(looked_at)
    return {
        "pair": {half: _lies(file, hashes[half]) for half, file in files.items() if file and half in hashes},
        "found": [{"path": file, "mtime": found[file]} for file in sorted(found)],
        "replies": sorted(replies | {file for file in looked_at if os.path.realpath(file) not in same}),
        "unread": unread,
    }


def _listed(folders: Iterable[str]) -> tuple[dict[str, float], list[str]]:
    """Files with the name of a working copy, with the time of their last change; and folders that cannot be read."""
    found, unread = {}, []
    for folder in dict.fromkeys(folders):
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if _WORKING.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                        found[entry.path] = entry.stat(follow_symlinks=False).st_mtime
        except (OSError, ValueError):
            unread.append(folder)
    return found, unread


def _there(files: Iterable[str]) -> dict[str, float]:
    """Those of the files that there are."""
    found = {}
    for file in files:
        if is_there(file):
            with explained("look at", file):
                found[file] = os.stat(file).st_mtime
    return found


def _lies(path: str, sha256: str) -> str:
    """C(intact): as it was placed. C(missing), or C(changed), which whatever uses the file says more about."""
    folder, name = split_path(path)
    try:
        with Folder.open(folder) as opened:
            state, content = opened.state(name), opened.read(name, LARGEST_DOCUMENT, "file")
    except MissingFolder:
        return "missing"
    except FileError:
        return "changed"
    if state is None or content is None:
        return "missing"
    fits = state.fits(Attributes(os.geteuid(), None, MODE)) and hashlib.sha256(content).hexdigest() == sha256
    return "intact" if fits else "changed"


OPERATION = Operation(
    argument_spec={
        "path": {"type": "path", "required": True},
        "tenant": {"type": "str"},
        "rehearsal": {"type": "bool", "default": False},
        "new": {"type": "dict"},
        "expected_days": {"type": "int"},
        "record": {"type": "dict"},
        "sha256": {"type": "dict"},
        "look_in": {"type": "list", "elements": "path", "default": []},
        "look_at": {"type": "list", "elements": "path", "default": []},
    },
    run=run,
)
