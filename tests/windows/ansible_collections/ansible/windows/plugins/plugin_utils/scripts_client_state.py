# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the scripts of the role client_state would read on an imitated host.

A user has a profile (a key below ProfileList), and a loaded hive if there is a key HKU:\\SID. A hive on disk has keys below
HKLM:\\ANSIBLE, where win_regedit sees it. A file entry with C(link) is a link to somewhere else.
"""

from __future__ import annotations

import re
from typing import Any

_PROFILES = "hklm:\\software\\microsoft\\windows nt\\currentversion\\profilelist"


def read_state(state: dict[str, Any], parameters: dict[str, Any], _check_mode: bool) -> dict[str, Any]:
    registry, given = state["registry"], {name.lower(): value for name, value in parameters.items()}

    def keys(names: str, root: str, tree: dict[str, Any] = registry) -> list[dict[str, Any]]:
        return [_key(tree, root, path) for path in given.get(names, ())]

    def trees(names: str, root: str) -> list[str]:
        return [path for path in given.get(names, ()) if f"{root}\\{path}".lower() in registry]

    def folders(profile: str) -> list[dict[str, Any]]:
        return [_folder(state, profile, name) for name in given.get("localfolders", ())]

    users = []
    for sid in sorted(_sids(registry, given["sidpattern"])):
        root = f"HKU:\\{sid}"
        profile = _value(registry, f"{_PROFILES}\\{sid}".lower(), "profileimagepath")
        user = {
            "sid": sid,
            "profile": profile,
            "loaded": root.lower() in registry,
            "keys": [],
            "trees": [],
            "classes": [],
        }
        if user["loaded"]:
            user.update(keys=keys("userkeys", root), trees=trees("usertrees", root))
            user.update(classes=trees("classestrees", f"{root}_Classes"))
        users.append({**user, "folders": folders(profile) if profile else []})

    profile = _value(registry, _PROFILES, "default")
    hive = f"{profile}\\NTUSER.DAT" if f"{profile}\\ntuser.dat".lower() in state["files"] else ""
    loaded = state.get("hives", {}).get(hive.lower(), {})
    default = {"profile": profile, "hive": hive, "folders": folders(profile), "keys": []}
    if hive:
        default["keys"] = keys("userkeys", "HKLM:\\ANSIBLE", loaded)
    result = {
        "computer": "IMITATED",
        "os64": state.get("os64", True),
        "process64": state.get("process64", state.get("os64", True)),
        "machine": keys("machinekeys", "HKLM:"),
        "machine_trees": trees("machinetrees", "HKLM:"),
        "default": default,
        "users": users,
    }
    return {"changed": False, "result": result}


def _sids(registry: dict[str, Any], pattern: str) -> set[str]:
    names = set()
    for key in registry.values():
        parts = key["path"].split("\\")
        if parts[0].lower() == "hku:" and len(parts) > 1:
            names.add(parts[1])
        elif key["path"].lower().startswith(f"{_PROFILES}\\"):
            names.add(parts[-1])
    return {name for name in names if re.match(pattern, name)}


def _key(registry: dict[str, Any], root: str, path: str) -> dict[str, Any]:
    whole = f"{root}\\{path}".lower()
    below = {key[len(whole) + 1 :].split("\\")[0] for key in registry if key.startswith(whole + "\\")}
    values = list(registry.get(whole, {"values": {}})["values"].values())
    return {"path": path, "exists": whole in registry, "subkeys": len(below), "values": values}


def _value(registry: dict[str, Any], path: str, name: str) -> str:
    return registry.get(path, {"values": {}})["values"].get(name, {"data": ""})["data"]


def _folder(state: dict[str, Any], profile: str, name: str) -> dict[str, Any]:
    path, linked = profile, False
    for part in f"AppData\\Local\\{name}".split("\\"):
        path = f"{path}\\{part}"
        linked = linked or bool(state["files"].get(path.lower(), {}).get("link"))
    exists = any((key + "\\").startswith(path.lower() + "\\") for key in state["files"])
    return {"name": name, "path": path, "exists": exists, "linked": linked}
