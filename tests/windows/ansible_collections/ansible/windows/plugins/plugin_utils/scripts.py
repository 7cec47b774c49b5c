# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""win_powershell: a script is known by its text, checked for its parameters, and imitated by a function.

What the function is to do stands in the script; nothing here runs PowerShell. A module `scripts_ROLE.py` beside this one has
the functions for the scripts in `roles/ROLE/files`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tree_sitter
import tree_sitter_powershell
from ansible.errors import AnsibleActionFail

from .memory import Failure, hashed

# The checkout's roles: the scripts that are run are the installed ones, and must have the same text.
_ROLES = Path(__file__).resolve().parents[7] / "roles"
_PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))
Script = Callable[[dict[str, Any], dict[str, Any], bool], dict[str, Any]]


def name_of(script: str) -> str:
    """The script's name, such as adrms_import/list.ps1. A script that is none of the roles' is refused."""
    for path in sorted(_ROLES.glob("*/files/*.ps1")):
        if path.read_text().strip() == script.strip():
            return f"{path.parts[-3]}/{path.name}"
    raise AnsibleActionFail("win_powershell is called with a script that is no file of a role.")


def without_secrets(arguments: dict[str, Any]) -> dict[str, Any]:
    """The parameters as they are recorded."""
    shown = {key: value for key, value in arguments.items() if value is not None and key != "script"}
    secrets = arguments.get("sensitive_parameters") or []
    shown["sensitive_parameters"] = {
        secret["name"]: hashed(secret.get("value") or secret.get("password") or "") for secret in secrets
    }
    return shown


def answer(state: dict[str, Any], arguments: dict[str, Any], check_mode: bool) -> dict[str, Any]:
    """Run the imitation of a script: it gets the host's state, the parameters, and whether nothing is to be changed.

    It returns what the script would give $Ansible.Result as C(result), and C(changed).
    """
    name = name_of(arguments["script"])
    given = dict(arguments.get("parameters") or {})
    for secret in arguments.get("sensitive_parameters") or []:
        given[secret["name"]] = secret.get("value") or (secret.get("username"), secret.get("password"))
    declared, mandatory, supports_check_mode = _parameters(arguments["script"])
    for parameter in given:
        if parameter.lower() not in declared:
            raise Failure(f"A parameter cannot be found that matches parameter name '{parameter}'.")
    if missing := mandatory - {parameter.lower() for parameter in given}:
        raise Failure(f"Missing mandatory parameters: {', '.join(sorted(missing))}.")
    if check_mode and not supports_check_mode:
        return {"changed": True, "skipped": True, "msg": "remote module does not support check mode"}
    role, file = name.split("/")
    functions = importlib.import_module(f"{__package__}.scripts_{role}")
    function: Script = getattr(functions, file[: -len(".ps1")])
    answered = {"changed": False, "output": [], "error": [], "host_out": "", **function(state, given, check_mode)}
    # Without the option it is 2: a result, what is in it, and what is in that.
    if _nested(answered.get("result")) > (arguments.get("depth") or 2) + 1:
        raise Failure(
            f"{name}: the result is nested deeper than the option depth lets through; the rest would come as text."
        )
    return answered


def _nested(value: Any) -> int:
    """How many dictionaries and lists lie in each other."""
    if not isinstance(value, (dict, list, tuple)):
        return 0
    return 1 + max(map(_nested, value.values() if isinstance(value, dict) else value), default=0)


def _parameters(script: str) -> tuple[set[str], set[str], bool]:
    """The declared parameters in lower case, the mandatory ones, and whether the script supports check mode."""
    root = _PARSER.parse(script.encode()).root_node
    declared, mandatory = set(), set()
    block = next(_nodes(root, "param_block"), None)
    for parameter in _nodes(block, "script_parameter") if block else ():
        name = next(node for node in parameter.children if node.type == "variable").text.decode()[1:].lower()
        declared.add(name)
        if "mandatory" in parameter.text.decode().lower():
            mandatory.add(name)
    return declared, mandatory, "supportsshouldprocess" in script.lower()


def _nodes(node: Any, kind: str) -> Any:
    if node.type == kind:
        yield node
    for child in node.children:
        yield from _nodes(child, kind)
