# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the source on the controller, and hands over its content."""

from __future__ import annotations

import base64
from typing import Any

from ansible.errors import AnsibleActionFail, AnsibleError
from ansible.module_utils.common.text.converters import to_text
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.parsing.vault import is_encrypted

from ..module_utils._files import read_file
from ..module_utils._ops.secure_file import LARGEST, OPERATION
from ..module_utils._tpd import TpdError
from ..plugin_utils._operation_action import OperationAction

# Vault writes each byte of the content as four characters, with a line break after eighty.
_LARGEST_VAULT = 5 * LARGEST


class ActionModule(OperationAction):
    OPERATION = OPERATION

    def operate(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        if not self._reads_here(arguments):
            return super().operate(arguments, task_vars)
        arguments.update(content=self._read(arguments.pop("src")), encoding="base64")
        result = super().operate(arguments, task_vars)
        self._show_source(result)
        return result

    @staticmethod
    def _reads_here(arguments: dict[str, Any]) -> bool:
        """Whether the source is to be read on the controller; wrong combinations of options are left to the module."""
        return (
            arguments.get("src") is not None
            and arguments.get("content") is None
            and arguments.get("state", "present") == "present"
            and not boolean(arguments.get("remote_src", False), strict=False)
        )

    def _read(self, source: str) -> str:
        """The source's bytes as base64, decrypted in memory if they are a vault."""
        try:
            path = self._find_needle("files", source)
            content = read_file(path, _LARGEST_VAULT, "source file")
            if is_encrypted(content):
                # get_real_file() would do it by way of a temporary file.
                content = self._loader._vault.decrypt(content)
        except (AnsibleError, TpdError) as error:
            raise AnsibleActionFail(to_text(error)) from error
        return base64.b64encode(content).decode("ascii")

    def _show_source(self, result: dict[str, Any]) -> None:
        """In what is shown of the arguments, put back what the playbook said."""
        shown = result.get("invocation", {}).get("module_args")
        if shown:
            shown.update(
                content=None, src=to_text(self._task.args["src"]), encoding=self._task.args.get("encoding", "text")
            )
