# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every imitated module does: check how it is called, record that, and answer from the host's memory."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.action import ActionBase

from . import files, memory, registry, scripts

# The options of the real modules; the command that makes it again lies beside it.
_OPTIONS = Path(__file__).resolve().parents[5] / "options.json"
_ANSWERS = {
    "win_powershell": scripts.answer,
    "win_regedit": registry.answer,
    "win_file": files.win_file,
    "win_stat": files.win_stat,
    "win_find": files.win_find,
    "slurp": files.slurp,
}


class Imitated(ActionBase):
    """One imitated module; a subclass names it."""

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_diff = True
    module = ""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        arguments = self._checked()
        check_mode = self._task.check_mode
        name = self._task.delegate_to or (task_vars or {})["inventory_hostname"]
        script = scripts.name_of(arguments["script"]) if self.module == "win_powershell" else ""
        call = script or self.module
        with memory.locked():
            memory.record(
                {
                    "host": name,
                    "call": call,
                    "check_mode": check_mode,
                    "become_user": self._task.become_user if self._task.become else None,
                    "arguments": scripts.without_secrets(arguments) if script else arguments,
                }
            )
            try:
                memory.fault(name, call, "before")
                with memory.host(name, keep=not check_mode) as state:
                    result.update(_ANSWERS[self.module](state, arguments, check_mode))
                memory.fault(name, call, "after")
            except memory.Failure as failure:
                result.update(failed=True, msg=str(failure))
        return result

    def _checked(self) -> dict[str, Any]:
        """The arguments as the real module would take them, or an error."""
        options = json.loads(_OPTIONS.read_text())[self.module]
        validated = ArgumentSpecValidator(options).validate(self._task.args)
        if validated.error_messages:
            raise AnsibleActionFail(f"ansible.windows.{self.module}: {' '.join(validated.error_messages)}")
        arguments = validated.validated_parameters
        if arguments.get("sensitive_parameters") and not self._task.no_log:
            raise AnsibleActionFail("sensitive_parameters are given to a task without no_log.")
        if self._task.async_val:
            raise AnsibleActionFail("async writes the arguments to a file on the host.")
        return arguments
