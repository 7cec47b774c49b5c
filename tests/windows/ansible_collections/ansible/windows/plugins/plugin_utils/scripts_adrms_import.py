# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scripts of the role adrms_import, imitated: an AD RMS cluster that remembers its trusted publishing domains as C(tpds).

Each has C(id), C(display_name) and C(sha256) of the file that was imported. Assumed are the form of the provider's Id, which is
not the key's, and the text of the errors; that a wrong password shows up as corrupted data is known.
"""

from __future__ import annotations

import base64
import hashlib
import uuid
from typing import Any

from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import TpdError, tpd

from . import files
from .memory import Failure

_PRIVATE = ["S-1-5-18", "S-1-5-32-544"]


def list_tpds(state: dict[str, Any], parameters: dict[str, Any], _check_mode: bool) -> dict[str, Any]:
    _drive(parameters)
    found = [{"id": entry["id"], "display_name": entry["display_name"]} for entry in state.get("tpds", ())]
    return {"result": {"tpds": found}}


def hand_over(state: dict[str, Any], parameters: dict[str, Any], _check_mode: bool) -> dict[str, Any]:
    folder, content = parameters["Folder"], base64.b64decode(parameters["Content"])
    if not files.make_folder(state, folder, access=_PRIVATE):
        raise Failure(f"{folder} is there already.")
    files.put(state, f"{folder}\\{parameters['Name']}", content)
    _require_hash(content, parameters)
    return {"changed": True}


def import_tpd(state: dict[str, Any], parameters: dict[str, Any], _check_mode: bool) -> dict[str, Any]:
    file = parameters["SourceFile"]
    content = files.read(state, file)
    _require_hash(content, parameters)
    for path in (file, file.rpartition("\\")[0]):
        if sorted(state["files"][path.lower()]["access"]) != _PRIVATE:
            raise Failure(f"Others than administrators and the system have access to {path}.")
    _drive(parameters)
    cluster = state.setdefault("tpds", [])
    if parameters["DisplayName"].casefold() in [entry["display_name"].casefold() for entry in cluster]:
        raise Failure("A trusted publishing domain of this name exists.")
    try:
        tpd.open(content, parameters["Password"])
    except TpdError:
        raise Failure("The trusted publishing domain could not be imported: the data is corrupted.") from None
    state["given_ids"] = state.get("given_ids", 0) + 1
    identity = "{" + str(uuid.uuid5(uuid.NAMESPACE_OID, str(state["given_ids"]))).upper() + "}"
    sha256 = hashlib.sha256(content).hexdigest()
    cluster.append({"id": identity, "display_name": parameters["DisplayName"], "sha256": sha256})
    return {"changed": True}


def _require_hash(content: bytes, parameters: dict[str, Any]) -> None:
    if hashlib.sha256(content).hexdigest() != parameters["Sha256"].lower():
        raise Failure("The file is not what was handed over: its SHA-256 differs.")


def _drive(parameters: dict[str, Any]) -> None:
    if not parameters["Root"].startswith("https://"):
        raise Failure("Cannot find drive. The root is no address of a cluster.")
