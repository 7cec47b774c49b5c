# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""For action plugins whose arguments are secret: no secret travels to a host in a file."""

from __future__ import annotations

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase


def require_pipelining(action: ActionBase, what: str) -> None:
    """Turn pipelining on for the action's task, or refuse; ``what`` would be written, as in "content".

    Without pipelining Ansible writes the arguments, and with them the secret, to a file on the host.
    """
    try:
        action._connection.set_option("pipelining", True)
    except KeyError:
        pass  # this connection has no such option; whether it pipelines all the same is seen below
    if action._task.async_val or not action._is_pipelining_enabled("new"):
        raise AnsibleActionFail(
            f"The {what} would be written to a temporary file on the host, because this task runs without pipelining."
            " Take away what prevents it: async, ANSIBLE_KEEP_REMOTE_FILES, become_method su, or a connection that"
            " cannot pipeline."
        )
