# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names the one who runs Ansible as the actor, where nobody else is named."""

from __future__ import annotations

import getpass
import os
from typing import Any

from ..module_utils._ops.custody_log import OPERATION
from ..plugin_utils._operation_action import OperationAction


class ActionModule(OperationAction):
    OPERATION = OPERATION

    def operate(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        actor = arguments.get("actor") or task_vars.get("awx_user_name") or os.environ.get("SUDO_USER") or _user()
        return super().operate({**arguments, "actor": actor}, task_vars)


def _user() -> str | None:
    """The user of this process; None where the system has no name for it, as in a container. The module says who it runs as."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return None
