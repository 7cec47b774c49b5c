# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs an operation in this process, with the answer that its module would give."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError

from ..module_utils import _runner
from ..module_utils._operation import Operation, Result


def answer(operation: Operation, name: str, arguments: Mapping[str, Any], check_mode: bool) -> Result:
    """What the module of this name answers, with its warnings as texts."""
    # As JSON carries them to a module: without the tags that mark where a value came from.
    plain = json.loads(json.dumps(arguments))
    validation = ArgumentSpecValidator(dict(operation.argument_spec), **operation.constraints()).validate(plain)
    params, inline = validation.validated_parameters, validation._no_log_values
    if not validation.error_messages:
        return _runner.answer(operation, params, check_mode, inline)
    failure = validation.errors.msg
    if isinstance(validation.errors[0], UnsupportedError):
        failure = f"Unsupported parameters for ({name}) module: {failure}"
    return _runner.shown(operation, params, {"failed": True, "msg": failure}, inline)
