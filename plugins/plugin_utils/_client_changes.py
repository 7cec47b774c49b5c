# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is still to do on a client, from its state (read_state.ps1) and from what is wanted: nothing on the second run.

A reset is planned before values are, and values are planned for what the reset will leave, so that one reading is enough
and check mode foresees all of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..module_utils._tpd import TpdError
from ._client_wanted import CLASSES_TREES, MACHINE_MARKS, MACHINE_TREES, MARKED, USER_FOLDERS, USER_TREES, VIEWS, mark

# Where win_regedit puts a hive that it loads from a file for the time of a change.
_LOADED = "HKLM:\\ANSIBLE"
# A folder on a drive, and not the drive itself.
_PROFILE = re.compile(r"[A-Za-z]:(\\[^\\/:*?\"<>|]+)+")

Keys = Mapping[str, Mapping[str, Any]]
Change = dict[str, Any]


class Plan:
    """The lists that the role works off, and what it tells the operator."""

    def __init__(self) -> None:
        self.clear_folders: list[Change] = []
        self.clear_registry: list[Change] = []
        self.marks: list[Change] = []
        self.set_registry: list[Change] = []
        self.kept: list[str] = []
        self.not_reached: list[str] = []

    def as_dict(self) -> dict[str, list[Any]]:
        return dict(vars(self))


def changes(state: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, list[Any]]:
    """C(clear_folders), C(clear_registry), C(marks) (folders that say so) and C(set_registry): what to do, in this order.

    The first and the third are for win_file, the others for win_regedit. C(kept) says which values stay because they hold
    something else; C(not_reached) what a later run must see to.
    """
    if state["os64"] and not state["process64"]:
        raise TpdError(
            f"PowerShell on {state['computer']} runs as a 32-bit process, which sees another registry than 64-bit programs do. "
            "Let Ansible connect to the 64-bit one."
        )
    plan = Plan()
    # Users first: that is the order in which Microsoft clears a client.
    for user in sorted(state["users"], key=lambda user: user["sid"]):
        _user(plan, user, state, wanted)
    _default(plan, state["default"], state, wanted)
    _machine(plan, state, wanted)
    reset = wanted["reset"]
    changed = plan.clear_registry + plan.set_registry
    if reset and reset["purpose"] == "rekey" and any(change["path"].startswith("HKLM:") for change in changed):
        raise TpdError("A reset for a new tenant key was about to change HKLM, which it must not. Nothing was changed.")
    return plan.as_dict()


def _machine(plan: Plan, state: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    keys, reset = _by_path(state["machine"]), wanted["reset"]
    gone: list[str] = []
    if reset and reset["machine"] and not _value(keys, MACHINE_MARKS, reset["id"], gone):
        there = {tree.lower() for tree in state["machine_trees"]}
        gone = [tree for tree in MACHINE_TREES if tree.lower() in there]
        plan.clear_registry += [_remove_key(f"HKLM:\\{tree}", _holds(keys, tree)) for tree in gone]
        plan.clear_registry.append(
            {
                "title": f"Note that the machine has been reset ({reset['id']})",
                "path": f"HKLM:\\{MACHINE_MARKS}",
                "name": reset["id"],
                "data": reset["time"],
                "type": "string",
                "state": "present",
            }
        )
    _values(plan, "HKLM:", keys, _fitting(wanted["machine"], state), gone, wanted["state"])


def _default(plan: Plan, default: Mapping[str, Any], state: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    """What new users begin with: the values, and the notes that they need no reset."""
    if wanted["reset"] and _safe(plan, default):
        _marks(plan, default, wanted["reset"], MARKED)
    if not wanted["user"]:
        return
    if not default["hive"]:
        plan.not_reached.append(
            f"The default profile ({default['profile']}) has no NTUSER.DAT, so new users begin without the values."
        )
        return
    before = len(plan.set_registry)
    _values(plan, _LOADED, _by_path(default["keys"]), _fitting(wanted["user"], state), [], wanted["state"])
    for change in plan.set_registry[before:]:
        change["hive"] = default["hive"]


def _user(plan: Plan, user: Mapping[str, Any], state: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    gone: list[str] = []
    if wanted["reset"] and _safe(plan, user):
        gone = _reset_user(plan, user, wanted["reset"])
    if not user["loaded"]:
        plan.not_reached.append(
            f"The registry of the user {user['sid']} ({user['profile']}) is not loaded, since the user is not signed in. "
            "Run again when the user is."
        )
        return
    fitting = _fitting(wanted["user"], state)
    _values(plan, f"HKU:\\{user['sid']}", _by_path(user["keys"]), fitting, gone, wanted["state"])


def _reset_user(plan: Plan, user: Mapping[str, Any], reset: Mapping[str, Any]) -> list[str]:
    """Plan what has not been done under this id yet, and return the keys that will be gone."""
    folders = {folder["name"].lower(): folder for folder in user["folders"]}
    done = {part: folders[mark(reset["id"], part).lower()]["exists"] for part in MARKED}
    clear_keys = user["loaded"] and not done["keys"]
    # With keys that were out of reach before, folders may have come back that belong to them.
    if clear_keys or not done["folders"]:
        present = [folders[name.lower()] for name in USER_FOLDERS if folders[name.lower()]["exists"]]
        plan.clear_folders += [_folder("Remove", folder["path"], "absent") for folder in present]
    gone: list[str] = []
    if clear_keys:
        gone = _present(USER_TREES, user["trees"])
        plan.clear_registry += [_remove_key(f"HKU:\\{user['sid']}\\{tree}") for tree in gone]
        classes = _present(CLASSES_TREES, user["classes"])
        plan.clear_registry += [_remove_key(f"HKU:\\{user['sid']}_Classes\\{tree}") for tree in classes]
    _marks(plan, user, reset, MARKED if user["loaded"] else ("folders",))
    return gone


def _marks(plan: Plan, profile: Mapping[str, Any], reset: Mapping[str, Any], parts: Iterable[str]) -> None:
    folders = {folder["name"].lower(): folder for folder in profile["folders"]}
    for part in parts:
        folder = folders[mark(reset["id"], part).lower()]
        if not folder["exists"]:
            plan.marks.append(_folder("Make", folder["path"], "directory"))


def _safe(plan: Plan, profile: Mapping[str, Any]) -> bool:
    """Whether files below this profile can be removed: a user may have led a folder's name somewhere else."""
    if not _PROFILE.fullmatch(profile["profile"]):
        plan.not_reached.append(
            f"{profile['profile'] or 'A profile without folder'} is no folder of a profile. It was not reset."
        )
        return False
    linked = [folder["path"] for folder in profile["folders"] if folder["linked"]]
    if linked:
        plan.not_reached.append(
            f"The profile {profile['profile']} was not reset, because a link stands on the way to {linked[0]}. Look at what it is for."
        )
    return not linked


def _values(
    plan: Plan,
    root: str,
    keys: Keys,
    values: Iterable[Mapping[str, Any]],
    gone: list[str],
    state: str,
) -> None:
    removed: dict[str, list[Change]] = {}
    for value in values:
        found = _value(keys, value["path"], value["name"], gone)
        change = {"path": f"{root}\\{value['path']}", "state": state}
        # Without a name win_regedit deals with the default value, and without delete_key with the key.
        change.update({"name": value["name"]} if value["name"] else {"delete_key": False} if state == "absent" else {})
        shown = f"{change['path']}: {value['name'] or '(default)'}"
        if state == "present":
            if not found or (found["type"], found["data"]) != (value["type"], value["data"]):
                title = f"Set {shown} = {value['data']}"
                plan.set_registry.append({**change, "title": title, "data": value["data"], "type": value["type"]})
        elif found and not _ours(found["data"], value["ours"]):
            plan.kept.append(f"{shown} is {found['data']}, which this role would not set here. It stays.")
        elif found:
            removed.setdefault(value["path"], []).append({**change, "title": f"Remove {shown}"})
    for path, made in removed.items():
        # A key that is then empty was made for these values; an empty one may mean something to a client.
        key = keys[path.lower()]
        alone = len(made) == len(key["values"]) and not key["subkeys"]
        plan.set_registry += [_remove_key(f"{root}\\{path}")] if alone else made


def _value(keys: Keys, path: str, name: str, gone: list[str]) -> Mapping[str, Any] | None:
    if any(f"{path}\\".lower().startswith(f"{tree}\\".lower()) for tree in gone):
        return None
    values = keys[path.lower()]["values"]
    return next((value for value in values if value["name"].lower() == name.lower()), None)


def _ours(data: Any, ours: Iterable[Any]) -> bool:
    return str(data).lower() in {str(mine).lower() for mine in ours}


def _holds(keys: Keys, tree: str) -> str:
    """What else a reset takes away, for the operator to see before it does."""
    inside = (key for path, key in keys.items() if path.startswith(f"{tree}\\".lower()))
    count = sum(len(key["values"]) for key in inside)
    return f", and {count} redirection{'s' if count > 1 else ''} in it" if count else ""


def _remove_key(path: str, also: str = "") -> Change:
    return {"title": f"Remove the key {path}{also}", "path": path, "state": "absent", "delete_key": True}


def _folder(verb: str, path: str, state: str) -> Change:
    return {"title": f"{verb} {path}", "path": path, "state": state}


def _fitting(values: Iterable[Mapping[str, Any]], state: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """32-bit Windows has no second view."""
    return (value for value in values if state["os64"] or VIEWS[1].lower() not in value["path"].lower())


def _present(trees: Iterable[str], there: Iterable[str]) -> list[str]:
    found = {tree.lower() for tree in there}
    return [tree for tree in trees if tree.lower() in found]


def _by_path(keys: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {key["path"].lower(): key for key in keys}
