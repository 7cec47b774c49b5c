# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A made-up client: what it answers to read_state.ps1, and what it is after the changes of a plan."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

ANNA, BERT, CARL = "S-1-5-21-1-2-3-1001", "S-1-12-1-4-5-6-7", "S-1-5-21-1-2-3-1003"
OLD = "https://0f8fad5b-d9cb-469f-a165-70867728950e.rms.eu.aadrm.com/_wmcs/licensing"
NEW = "https://rms.contoso.com/_wmcs/licensing"
DEFAULT = "C:\\Users\\Default"
MSIPC = "SOFTWARE\\Microsoft\\MSIPC\\ServiceLocation"
MSIPC32 = "SOFTWARE\\Wow6432Node\\Microsoft\\MSIPC\\ServiceLocation"


def asked(operation: str = "redirect", **other: Any) -> dict[str, Any]:
    """The role's variables, as it hands them to the filter."""
    tpd = {"rehearsal": False, "licensing_url": OLD, "templates": []}
    return {
        "operation": operation,
        "state": "present",
        "old_urls": [],
        "tpd": tpd,
        "intranet_url": NEW,
        "extranet_url": "",
        "network": "intranet",
        "reset_first": False,
        "purpose": "migration",
        "scope": "user",
        "id": "case-1",
        "time": "2026-03-05T09:15:00Z",
        **other,
    }


@dataclass
class Client:
    """Three users, of whom Carl is not signed in; keys are paths from the hive on, with their values."""

    os64: bool = True
    process64: bool = True
    hive: bool = True
    keys: dict[str, dict[str, tuple[str, Any]]] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)
    profiles: dict[str, str] = field(
        default_factory=lambda: {ANNA: "C:\\Users\\anna", BERT: "D:\\Profiles\\bert", CARL: "C:\\Users\\carl"}
    )
    loaded: set[str] = field(default_factory=lambda: {ANNA, BERT})

    def put(self, key: str, name: str = "", data: Any = None, kind: str = "string") -> None:
        """Make a key, with those above it, and a value in it."""
        parts = key.split("\\")
        for end in range(2, len(parts) + 1):
            self.keys.setdefault("\\".join(parts[:end]), {})
        if data is not None:
            self.keys[key][name] = (kind, data)

    def state(self, reading: dict[str, Any]) -> dict[str, Any]:
        """The result of the script for these parameters."""
        users = []
        for sid in sorted(self.profiles):
            root, there = f"HKU:\\{sid}", sid in self.loaded
            users.append(
                {
                    "sid": sid,
                    "profile": self.profiles[sid],
                    "loaded": there,
                    "keys": self._keys(reading.get("UserKeys", []), root) if there else [],
                    "trees": self._trees(reading.get("UserTrees", []), root) if there else [],
                    "classes": self._trees(reading.get("ClassesTrees", []), f"{root}_Classes") if there else [],
                    "folders": self._folders(reading, self.profiles[sid]),
                }
            )
        default = {"profile": DEFAULT, "hive": f"{DEFAULT}\\NTUSER.DAT" if self.hive else ""}
        default["keys"] = self._keys(reading.get("UserKeys", []), "HKLM:\\ANSIBLE") if self.hive else []
        default["folders"] = self._folders(reading, DEFAULT)
        return {
            "computer": "CLIENT-1",
            "os64": self.os64,
            "process64": self.process64,
            "machine": self._keys(reading.get("MachineKeys", []), "HKLM:"),
            "machine_trees": self._trees(reading.get("MachineTrees", []), "HKLM:"),
            "default": default,
            "users": users,
        }

    def apply(self, plan: dict[str, list[Any]]) -> None:
        """What win_file and win_regedit do with it, in the role's order."""
        for change in plan["clear_folders"]:
            self.folders = {path for path in self.folders if not (path + "\\").startswith(change["path"] + "\\")}
        for change in plan["clear_registry"]:
            self._regedit(change)
        self.folders |= {change["path"] for change in plan["marks"]}
        for change in plan["set_registry"]:
            self._regedit(change)

    def _regedit(self, change: dict[str, Any]) -> None:
        assert ("hive" in change) == change["path"].startswith("HKLM:\\ANSIBLE")
        if change["state"] == "present":
            self.put(change["path"], change.get("name", ""), change["data"], change["type"])
        elif "name" in change or change.get("delete_key") is False:
            del self.keys[change["path"]][change.get("name", "")]
        else:
            self.keys = {key: it for key, it in self.keys.items() if not (key + "\\").startswith(change["path"] + "\\")}

    def _keys(self, paths: list[str], root: str) -> list[dict[str, Any]]:
        found = []
        for path in paths:
            whole = f"{root}\\{path}"
            values = [{"name": n, "type": t, "data": d} for n, (t, d) in self.keys.get(whole, {}).items()]
            below = {key.split("\\")[whole.count("\\") + 1] for key in self.keys if key.startswith(whole + "\\")}
            found.append({"path": path, "exists": whole in self.keys, "subkeys": len(below), "values": values})
        return found

    def _trees(self, paths: list[str], root: str) -> list[str]:
        return [path for path in paths if f"{root}\\{path}" in self.keys]

    def _folders(self, reading: dict[str, Any], profile: str) -> list[dict[str, Any]]:
        found = []
        for name in reading.get("LocalFolders", []):
            path = f"{profile}\\AppData\\Local\\{name}"
            exists = any((there + "\\").startswith(path + "\\") for there in self.folders)
            linked = any((path + "\\").startswith(re.sub(r"\\$", "", link) + "\\") for link in self.links)
            found.append({"name": name, "path": path, "exists": exists, "linked": linked})
        return found
