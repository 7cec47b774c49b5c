# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs an operation as an Ansible module. The only place where an error becomes C(fail_json)."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Mapping
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from . import _deps, _secrets
from ._operation import Operation, Result
from ._tpd import TpdError


class _Module(AnsibleModule):
    def add_path_info(self, kwargs: dict[str, Any]) -> dict[str, Any]:
        """Leave the result as the operation made it; Ansible would add owner and mode of whatever is called path."""
        return kwargs


def run_module(operation: Operation) -> None:
    """Validate the arguments, run, answer."""
    module = _Module(argument_spec=dict(operation.argument_spec), supports_check_mode=True, **operation.constraints())
    with _secrets.kept_on_the_host():
        result = answer(operation, module.params, module.check_mode, module.no_log_values)
    for warning in result.pop("warnings", ()):
        module.warn(warning)
    if result.get("failed"):
        # Outside any except block: inside one, Ansible would add the exception with its text to the answer.
        module.fail_json(**result)
    module.exit_json(**result)


def answer(operation: Operation, params: Mapping[str, Any], check_mode: bool, inline: Iterable[str]) -> Result:
    """What Ansible gets to see of a run with valid arguments; C(inline) are the secrets among these.

    Versions of Ansible differ in what they mask of a result, and none masks warnings, so all of it is done here.
    """
    result, failure = attempt(operation, params, check_mode)
    return shown(operation, params, {"failed": True, "msg": failure} if failure else result, inline)


def shown(operation: Operation, params: Mapping[str, Any], result: Result, inline: Iterable[str]) -> Result:
    """A result with the arguments that led to it, and no secret in either."""
    hidden = {name for name, rule in operation.argument_spec.items() if rule.get("no_log") and params.get(name)}
    arguments = {name: _secrets.MASK if name in hidden else value for name, value in params.items()}
    return _secrets.masked({**result, "invocation": {"module_args": arguments}}, inline)


def attempt(operation: Operation, params: Mapping[str, Any], check_mode: bool) -> tuple[Result, str]:
    """The operation's result and "", or an empty result and one sentence that says why there is none."""
    try:
        return operation.run(params, check_mode), ""
    except TpdError as error:
        return {}, str(error)
    except Exception as error:  # pylint: disable=broad-except
        known = _deps.explanation(error)
        if known:
            return {}, known
        # An exception's text may quote what it choked on, so only its kind and the way it took are shown.
        places = " > ".join(f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__))
        return (
            {},
            f"Unexpected {type(error).__name__} at {places}. This is a defect of the collection, please report it.",
        )
