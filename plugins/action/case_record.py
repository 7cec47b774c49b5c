# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows nothing of a record, which holds the hash of the password file; what goes wrong is said."""

from __future__ import annotations

from typing import Any

from ansible.plugins.loader import filter_loader, test_loader

from ..module_utils._ops.case_record import OPERATION
from ..plugin_utils._operation_action import OperationAction

# Ansible reads all filters of a collection when the first of them is used, and would do so in every worker anew. This module
# is loaded before workers are forked, and roles begin with it, so they find the filters there.
filter_loader.get("infoprotect.tenant_key.custody_plan")
test_loader.get("ansible.builtin.exists")


class ActionModule(OperationAction):
    OPERATION = OPERATION
    CONFIDENTIAL = ("new", "record")

    def operate(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        # On the task it would hide why it fails, too. Here it keeps the arguments out of the host's own log, and keeps the
        # connection from showing at -vvv what comes from the host.
        connection = self._connection._play_context
        asked = self._task.no_log, connection.no_log
        self._task.no_log = connection.no_log = True
        try:
            result = super().operate(arguments, task_vars)
        finally:
            self._task.no_log, connection.no_log = asked
        result.pop("invocation", None)
        return {**result, "_ansible_no_log": not result.get("failed")}
