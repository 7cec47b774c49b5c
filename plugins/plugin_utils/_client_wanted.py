# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to become of a client: which registry values it shall have, and what is to be cleared once.

The keys and folders are those of Microsoft's pages on leaving the service and on the migration of clients.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..module_utils._tpd import TpdError
from ._client_urls import certification, licensing, new_servers, old_servers

# 64-bit programs, and 32-bit programs on 64-bit Windows. On 32-bit Windows there is only the first.
VIEWS = ("", "Wow6432Node\\")
_SERVICE_LOCATION = "Microsoft\\MSIPC\\ServiceLocation"
_REDIRECTION_2010 = "Microsoft\\Office\\14.0\\Common\\DRM\\LicenseServerRedirection"

# Local and domain accounts, and those of Entra ID: neither the services' accounts nor the hives of classes.
SIDS = r"^S-1-(5-21|12-1)(-[0-9]+)+$"

USER_FOLDERS = (
    "Microsoft\\DRM",
    "Microsoft\\MSIPC",
    "Microsoft\\MSIP\\mip",
    "Microsoft\\MSIP\\AppDetails",
    "Microsoft\\MSIP\\TokenCache",
)
USER_TREES = (
    *(f"Software\\Microsoft\\Office\\{version}\\Common\\DRM" for version in ("14.0", "15.0", "16.0")),
    "Software\\Microsoft\\Office\\15.0\\Common\\Identity",
)
# HKCU\Software\Classes is a hive of its own, HKU\<SID>_Classes.
CLASSES_TREES = ("Local Settings\\Software\\Microsoft\\MSIPC",)
MACHINE_TREES = tuple(
    f"SOFTWARE\\{view}Microsoft\\{client}\\ServiceLocation" for client in ("MSIPC", "MSDRM") for view in VIEWS
)
# That a reset has been done is on record here, by the id of the reset. For a user it is a folder, since a user's registry
# may roam to machines that have not been reset, and a rekey must leave HKLM alone.
MACHINE_MARKS = "SOFTWARE\\infoprotect.tenant_key\\reset"
USER_MARKS = "infoprotect.tenant_key\\reset"
MARKED = ("folders", "keys")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)

# 15.0 is by analogy: Microsoft's page names 14.0 and 16.0.
_CREATION = tuple(
    f"Software\\Policies\\Microsoft\\Office\\{version}\\Common\\DRM" for version in ("14.0", "15.0", "16.0")
)


def wanted(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What shall be, from the role's variables, which the documentation of the filter names.

    C(state); C(machine) and C(user) (values, each C(path) C(name) C(type) C(data), and C(ours): all data that this role may
    have set); C(reset) (C(id) C(machine) C(purpose) C(time), or None); C(reading): the parameters of read_state.ps1.
    """
    operation = asked["operation"]
    machine, user = {"redirect": _redirection, "creation": _creation}.get(operation, _nothing)(asked)
    first = operation == "redirect" and asked["reset_first"]
    if first and (asked["state"], asked["purpose"]) != ("present", "migration"):
        raise TpdError(
            "client_state_reset_first belongs to a redirection (client_state_state present, client_state_purpose migration). "
            "To reset clients for another reason use the entry point reset."
        )
    reset = _reset(asked) if first or operation == "reset" else None
    reading = {
        "SidPattern": SIDS,
        "MachineKeys": _paths(machine),
        "UserKeys": _paths(user),
    }
    if reset:
        # What a reset removes is only looked for: the keys hold names of accounts.
        reading["UserTrees"], reading["ClassesTrees"] = list(USER_TREES), list(CLASSES_TREES)
        reading["LocalFolders"] = [*USER_FOLDERS, *(mark(reset["id"], part) for part in MARKED)]
        if reset["machine"]:
            reading["MachineKeys"] = list(dict.fromkeys([*reading["MachineKeys"], *_redirections(), MACHINE_MARKS]))
            reading["MachineTrees"] = list(MACHINE_TREES)
    return {
        "state": asked.get("state", "present"),
        "machine": machine,
        "user": user,
        "reset": reset,
        "reading": reading,
    }


def mark(reset_id: str, part: str) -> str:
    """The folder, below a profile's local application data, which says that a part of a reset has been done."""
    return f"{USER_MARKS}\\{reset_id}\\{part}"


def _redirection(asked: Mapping[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    old = old_servers(asked["old_urls"], asked["tpd"])
    new = new_servers(asked["intranet_url"], asked["extranet_url"])
    network = asked["network"]
    if network not in new:
        raise TpdError("client_state_network is extranet, but client_state_extranet_url is not given.")
    ours = [licensing(at) for at in dict.fromkeys(new.values())]
    to = licensing(new[network])

    def each(path: str) -> list[dict[str, Any]]:
        return [_text(path, licensing(at), to, ours) for at in old]

    machine, user = [], []
    for view in VIEWS:
        location = f"SOFTWARE\\{view}{_SERVICE_LOCATION}"
        machine += each(f"{location}\\LicensingRedirection")
        certifying = [certification(at) for at in dict.fromkeys(new.values())]
        machine.append(_text(f"{location}\\EnterpriseCertification", "", certification(new[network]), certifying))
        machine.append(_text(f"{location}\\EnterprisePublishing", "", to, ours))
        machine += each(f"SOFTWARE\\{view}{_REDIRECTION_2010}")
        user += each(f"Software\\{view}{_REDIRECTION_2010}")
    return machine, user


def _creation(_asked: Mapping[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    return [], [
        {"path": path, "name": "DisableCreation", "type": "dword", "data": 1, "ours": [1]} for path in _CREATION
    ]


def _nothing(_asked: Mapping[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    return [], []


def _reset(asked: Mapping[str, Any]) -> dict[str, Any]:
    purpose, scope, name = asked["purpose"], asked["scope"], asked["id"]
    if purpose == "rekey" and scope == "machine":
        raise TpdError(
            "client_state_reset_scope is machine, but client_state_purpose is rekey: the machine's part (HKLM) would wipe redirection, "
            "and a new tenant key does not need it. Set client_state_reset_scope to user."
        )
    if not name:
        raise TpdError(
            "client_state_reset_id is not given, and no case of the client's tenant (tenant_key_host) has been read for a migration. Give "
            "each reset a name of its own, such as rekey-2026-03: a client that was reset under this name is not reset again."
        )
    if not isinstance(name, str) or not _ID.fullmatch(name) or name.endswith("."):
        raise TpdError(
            "client_state_reset_id has 1 to 64 letters, digits, dots, hyphens and underscores, no dot at either end."
        )
    return {"id": name, "machine": scope == "machine", "purpose": purpose, "time": asked["time"]}


def _redirections() -> list[str]:
    return [f"SOFTWARE\\{view}{_SERVICE_LOCATION}\\LicensingRedirection" for view in VIEWS]


def _text(path: str, name: str, data: str, ours: list[str]) -> dict[str, Any]:
    return {"path": path, "name": name, "type": "string", "data": data, "ours": ours}


def _paths(values: list[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(value["path"] for value in values))
