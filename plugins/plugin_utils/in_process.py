# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs an operation in this process with the answer that its module would print: validated, masked, and plain JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values
from ansible.module_utils.errors import UnsupportedError

from ..module_utils import _secrets
from ..module_utils._operation import Operation, Result
from ..module_utils._runner import attempt


def answer(operation: Operation, name: str, arguments: Mapping[str, Any], check_mode: bool) -> Result:
    """What the module of this name answers, with its warnings as texts.

    Ansible masks what a module prints, but not what an action plugin returns, so it is done here.
    """
    # As JSON carries them to a module: without the tags that mark where a value came from.
    plain = json.loads(json.dumps(arguments))
    validation = ArgumentSpecValidator(dict(operation.argument_spec), **operation.constraints()).validate(plain)
    params = validation.validated_parameters
    if validation.error_messages:
        result, failure = {}, validation.errors.msg
        if isinstance(validation.errors[0], UnsupportedError):
            failure = f"Unsupported parameters for ({name}) module: {failure}"
    else:
        result, failure = attempt(operation, params, check_mode)
    if failure:
        result = {"failed": True, "msg": failure}
    answered = {**result, "invocation": {"module_args": params}}
    return remove_values(answered, validation._no_log_values | _secrets.registered())
