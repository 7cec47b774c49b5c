# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugin of a module: where the host is the controller itself, the operation runs in the worker's process.

Starting a Python for a module costs half a second, of which almost nothing is work. The worker is a process of its own
already, of the same user and with the same Python, so nothing is lost by doing without.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from typing import Any

from ansible import constants as C
from ansible.errors import AnsibleActionFail
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase

from ..module_utils._operation import Operation
from ._in_process import answer
from ._pipelining import require_pipelining

# Ansible loads action plugins before it forks the workers, so what is imported here is imported once for all of them.
with contextlib.suppress(ImportError):  # an operation that needs it says so
    for _part in ("ciphers", "hashes", "serialization", "asymmetric.padding", "asymmetric.rsa"):
        importlib.import_module(f"cryptography.hazmat.primitives.{_part}")


class OperationAction(ActionBase):
    """An action plugin names its module's operation and is done."""

    TRANSFERS_FILES = False
    _supports_async = True
    OPERATION: Operation
    # Options that travel as those with no_log do, and that are no secret by themselves.
    CONFIDENTIAL: tuple[str, ...] = ()

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        super().run(tmp, task_vars)
        return self.operate(dict(self._task.args), task_vars or {})

    def operate(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """The operation's result, from this process or from the module on the host."""
        if self._runs_here(task_vars):
            result = answer(self.OPERATION, self._task.action, arguments, self._task.check_mode)
            for warning in result.pop("warnings", ()):
                self._display.warning(warning)
            if not self._shows_arguments(task_vars):
                result.pop("invocation")
            return result
        options = self.OPERATION.argument_spec.items()
        secrets = [name for name, rule in options if rule.get("no_log") or name in self.CONFIDENTIAL]
        if any(arguments.get(name) is not None for name in secrets):
            require_pipelining(self, " or the ".join(secrets))
        result = self._execute_module(module_args=arguments, task_vars=task_vars, wrap_async=self._task.async_val)
        result.pop("ansible_parsed", None)
        return result

    @staticmethod
    def _shows_arguments(task_vars: dict[str, Any]) -> bool:
        """Whether results hold the arguments, which is a setting since ansible-core 2.21."""
        setting = "INJECT_INVOCATION"
        return not hasattr(C, setting) or C.config.get_config_value(setting, variables=task_vars)

    def _runs_here(self, task_vars: dict[str, Any]) -> bool:
        """Whether the host is this machine and nothing asks for another user, another Python or another way."""
        task = self._task
        wanted = self._templar.template(task_vars.get("tenant_key_run_in_process", True))
        return (
            _switch(wanted)
            and self._connection.transport == "local"
            and self._connection.become is None
            and not task.async_val
            and not any(task.environment or ())
            and self._is_this_python(
                task_vars["ansible_delegated_vars"][task.delegate_to] if task.delegate_to else task_vars
            )
        )

    def _is_this_python(self, host_vars: dict[str, Any]) -> bool:
        """Whether the host's interpreter is the one that runs this, or none was asked for.

        In a virtual environment the file is a link to the system's Python, so the folder counts too.
        """
        asked = self._templar.template(C.config.get_config_value("INTERPRETER_PYTHON", variables=host_vars))
        return not asked or asked.startswith("auto") or _real(asked) == _real(sys.executable)


def _real(program: str) -> tuple[str, str]:
    return os.path.realpath(os.path.dirname(program)), os.path.realpath(program)


def _switch(value: Any) -> bool:
    try:
        return boolean(value)
    except TypeError as error:
        raise AnsibleActionFail(f"tenant_key_run_in_process is neither true nor false: {error}") from error
