# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The registry of an imitated host, and win_regedit on it.

A key is remembered by its path in lower case, as C(path) and C(values), which are remembered by their names in lower case.
"""

from __future__ import annotations

from typing import Any

from .memory import Failure

_HIVES = ("hkcc:", "hkcr:", "hkcu:", "hklm:", "hku:")


def answer(state: dict[str, Any], arguments: dict[str, Any], _check_mode: bool) -> dict[str, Any]:
    """win_regedit."""
    path = arguments["path"].rstrip("\\")
    if path.split("\\")[0].lower() not in _HIVES:
        raise Failure(f"path: {path} is not a valid path, can be PowerShell notation or hive name")
    keys = state["registry"]
    if arguments.get("hive"):
        # A hive that is not loaded has a registry of its own; the real module loads it under this name for the time being.
        if not path.lower().startswith("hklm:\\ansible"):
            raise Failure("the hive is loaded at HKLM:\\ANSIBLE, so the path must begin with that")
        keys = state.setdefault("hives", {}).setdefault(arguments["hive"].lower(), {})
    before = _shown(keys, path)
    changed = _remove(keys, path, arguments) if arguments.get("state") == "absent" else _set(keys, path, arguments)
    return {"changed": changed, "diff": {"before": before, "after": _shown(keys, path)}}


def _set(keys: dict[str, Any], path: str, arguments: dict[str, Any]) -> bool:
    changed = path.lower() not in keys
    parts = path.split("\\")
    for end in range(2, len(parts) + 1):
        parent = "\\".join(parts[:end])
        keys.setdefault(parent.lower(), {"path": parent, "values": {}})
    if arguments.get("name") is None and arguments.get("data") is None:
        return changed
    name = arguments.get("name") or ""
    value = {"name": name, "type": arguments.get("type") or "string", "data": arguments.get("data")}
    values = keys[path.lower()]["values"]
    before = values.get(name.lower(), {})
    # Another spelling of the name is no change.
    values[name.lower()] = {**value, "name": before.get("name", name)}
    return changed or any(before.get(part) != value[part] for part in ("type", "data"))


def _remove(keys: dict[str, Any], path: str, arguments: dict[str, Any]) -> bool:
    if arguments.get("delete_key", True) and arguments.get("name") is None:
        gone = [key for key in keys if (key + "\\").startswith(path.lower() + "\\")]
        for key in gone:
            del keys[key]
        return bool(gone)
    values = keys.get(path.lower(), {"values": {}})["values"]
    return values.pop((arguments.get("name") or "").lower(), None) is not None


def _shown(keys: dict[str, Any], path: str) -> str:
    values = keys.get(path.lower(), {"values": {}})["values"]
    lines = [f"{value['name'] or '(default)'} = {value['data']} ({value['type']})\n" for value in values.values()]
    return "".join([f"{path}\n", *sorted(lines)]) if path.lower() in keys else ""
