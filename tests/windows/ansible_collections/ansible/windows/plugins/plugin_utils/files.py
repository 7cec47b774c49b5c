# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of an imitated host, and the modules that deal with them.

A file or folder is remembered by its path in lower case: C(path), C(directory), C(content) (base64), and C(access), who may
read it, where a script has set that.
"""

from __future__ import annotations

import base64
import fnmatch
import hashlib
import re
from typing import Any

from .memory import Failure


def put(state: dict[str, Any], path: str, content: bytes, access: list[str] | None = None) -> None:
    """Write a file; its folder must be there."""
    folder = path.rpartition("\\")[0].lower()
    if not state["files"].get(folder, {}).get("directory"):
        raise Failure(f"Could not find a part of the path '{path}'.")
    entry = {"path": path, "directory": False, "content": base64.b64encode(content).decode()}
    state["files"][path.lower()] = {**entry, "access": access or state["files"][folder]["access"]}


def make_folder(state: dict[str, Any], path: str, access: list[str] | None = None) -> bool:
    """Make a folder, and say whether it was missing."""
    if path.lower() in state["files"]:
        return False
    state["files"][path.lower()] = {"path": path, "directory": True, "access": access or ["Everyone"]}
    return True


def read(state: dict[str, Any], path: str) -> bytes:
    """The content of a file."""
    entry = state["files"].get(path.lower())
    if entry is None or entry["directory"]:
        raise Failure(f"The path at '{path}' does not exist or is a directory.")
    return base64.b64decode(entry["content"])


def remove(state: dict[str, Any], path: str) -> bool:
    """Remove a file, or a folder with everything in it."""
    gone = [key for key in state["files"] if (key + "\\").startswith(path.rstrip("\\").lower() + "\\")]
    for key in gone:
        del state["files"][key]
    return bool(gone)


def within(state: dict[str, Any], folder: str) -> list[dict[str, Any]]:
    """What lies directly in a folder."""
    return [
        entry for key, entry in sorted(state["files"].items()) if key.rpartition("\\")[0] == folder.rstrip("\\").lower()
    ]


def win_file(state: dict[str, Any], arguments: dict[str, Any], _check_mode: bool) -> dict[str, Any]:
    path, wanted = arguments["path"], arguments.get("state")
    if wanted == "absent":
        return {"changed": remove(state, path)}
    if wanted == "directory":
        return {"changed": make_folder(state, path)}
    raise Failure(f"win_file with the state {wanted} is not imitated.")


def win_stat(state: dict[str, Any], arguments: dict[str, Any], _check_mode: bool) -> dict[str, Any]:
    entry = state["files"].get(arguments["path"].rstrip("\\").lower())
    if entry is None:
        return {"changed": False, "stat": {"exists": False}}
    return {"changed": False, "stat": {"exists": True, **_facts(entry, arguments)}}


def win_find(state: dict[str, Any], arguments: dict[str, Any], _check_mode: bool) -> dict[str, Any]:
    patterns = arguments.get("patterns") or ["*"]
    found = []
    for folder in arguments["paths"]:
        if not state["files"].get(folder.rstrip("\\").lower(), {}).get("directory"):
            raise Failure(f"Argument paths: '{folder}' does not exist or is not a directory.")
        for entry in within(state, folder):
            name = entry["path"].rpartition("\\")[2]
            regex = [pattern if arguments.get("use_regex") else fnmatch.translate(pattern) for pattern in patterns]
            if not entry["directory"] and any(re.match(pattern, name, re.IGNORECASE) for pattern in regex):
                found.append({"filename": name, **_facts(entry, arguments)})
    return {"changed": False, "files": found, "examined": len(found), "matched": len(found)}


def slurp(state: dict[str, Any], arguments: dict[str, Any], _check_mode: bool) -> dict[str, Any]:
    content = read(state, arguments["src"])
    return {"changed": False, "content": base64.b64encode(content).decode(), "encoding": "base64"}


def _facts(entry: dict[str, Any], arguments: dict[str, Any]) -> dict[str, Any]:
    facts = {"path": entry["path"], "isdir": entry["directory"]}
    if not entry["directory"]:
        content = base64.b64decode(entry["content"])
        facts["size"] = len(content)
        if arguments.get("get_checksum", True):
            facts["checksum"] = hashlib.new(arguments.get("checksum_algorithm") or "sha1", content).hexdigest()
    return facts
