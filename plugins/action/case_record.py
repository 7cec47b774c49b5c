# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows nothing of a record, which holds the hash of the password file; what goes wrong is said."""

from __future__ import annotations

from typing import Any

from ..module_utils._ops.case_record import OPERATION
from ..plugin_utils.operation_action import OperationAction


class ActionModule(OperationAction):
    OPERATION = OPERATION

    def operate(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        # On the task it would hide why it fails, too. Here it keeps the arguments out of the host's own log.
        asked, self._task.no_log = self._task.no_log, True
        try:
            result = super().operate(arguments, task_vars)
        finally:
            self._task.no_log = asked
        result.pop("invocation", None)
        return {**result, "_ansible_no_log": not result.get("failed")}
