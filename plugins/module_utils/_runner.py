# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs an operation as an Ansible module. The only place where an error becomes C(fail_json)."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common.parameters import remove_values

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
    result, failure = attempt(operation, module.params, module.check_mode)
    module.no_log_values.update(_secrets.registered())
    for warning in result.pop("warnings", ()):
        # Ansible masks results but not warnings.
        module.warn(remove_values(warning, module.no_log_values))
    if failure:
        # Outside any except block: inside one, Ansible would add the exception with its text to the answer.
        module.fail_json(msg=failure)
    module.exit_json(**result)


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
