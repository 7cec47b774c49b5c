# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scripts of the role export, and a stand-in for AadrmTpd.exe.

Of the tool only its command line and the names of its files are public. That it leaves other files alone, returns 0 after
success and something else after a failure, and writes the password in UTF-16 are assumptions. The state key C(tool) chooses:
C(guid_rule) (C(new) or C(key)), and C(exit_code), which makes it fail.
"""

from __future__ import annotations

import hashlib
import uuid
from base64 import b64decode
from typing import Any

from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import TpdError, envelope, names, rsakeys

from . import files
from .memory import Failure

ADMINISTRATORS = ["Administrators", "SYSTEM"]


def make_folder(state: dict[str, Any], parameters: dict[str, Any], _check_mode: bool) -> dict[str, Any]:
    changed = files.make_folder(state, parameters["Folder"], ADMINISTRATORS)
    if state["files"][parameters["Folder"].lower()]["access"] != ADMINISTRATORS:
        raise Failure(f"{parameters['Folder']} is open to others than administrators and the system.")
    return {"changed": changed}


def put_file(state: dict[str, Any], parameters: dict[str, Any], _check_mode: bool) -> dict[str, Any]:
    path, content = parameters["Path"], b64decode(parameters["Content"])
    if hashlib.sha256(content).hexdigest() != parameters["Sha256"]:
        raise Failure(f"{path} is not what was sent: its SHA-256 differs.")
    if path.lower() in state["files"]:
        if files.read(state, path) != content:
            raise Failure(f"{path} is there already and holds something else. Move it away.")
        return {"changed": False}
    files.put(state, path, content)
    return {"changed": True}


def run_tool(state: dict[str, Any], parameters: dict[str, Any], check_mode: bool) -> dict[str, Any]:
    if parameters["Tool"].lower() not in state["files"]:
        raise Failure(f"{parameters['Tool']} is not there.")
    if check_mode:
        return {"changed": True, "result": {"exit_code": None}}
    asked, tool = list(parameters["Arguments"]), state.get("tool", {})
    if asked == ["-createkey"]:
        _create_key(state, parameters["Folder"])
        exit_code = 0
    elif [asked[0], asked[2]] == ["-key", "-target"] and not tool.get("exit_code"):
        exit_code = _decrypt(state, parameters["Folder"], asked[1], asked[3], tool)
    else:
        exit_code = tool.get("exit_code", 1)
    return {"changed": True, "result": {"exit_code": exit_code}}


def _create_key(state: dict[str, Any], folder: str) -> None:
    key, guid = rsakeys.generate(2048), names.new_guid()
    files.put(state, f"{folder}\\PrivateKey-{guid}.txt", rsakeys.dump_private(key, "rsakeyvalue"))
    files.put(state, f"{folder}\\PublicKey-{guid}.txt", rsakeys.dump_public(key.public_key(), "rsakeyvalue"))


def _decrypt(state: dict[str, Any], folder: str, key_file: str, target: str, tool: dict[str, Any]) -> int:
    key = rsakeys.load_private(files.read(state, f"{folder}\\{key_file}"))
    try:
        reply = envelope.open_reply(files.read(state, f"{folder}\\{target}"), key)
    except TpdError:
        return 1
    known = names.parse(key_file)
    guid = known.guid if known and tool.get("guid_rule") == "key" else str(uuid.uuid4()).upper()
    files.put(state, f"{folder}\\ExportedTPD-{guid}.xml", reply.tpd)
    files.put(state, f"{folder}\\Password-{guid}.txt", (reply.password + "\r\n").encode("utf-16-le"))
    return 0
