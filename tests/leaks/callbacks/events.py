# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes down everything that a callback is told of results, as job events of AWX and logs of all kinds get it."""

from __future__ import annotations

import json
import os
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: events
type: notification
short_description: Every result as a line of JSON
description: For the search for secrets in what callbacks are told.
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "events"
    CALLBACK_NEEDS_ENABLED = True

    def _write(self, *told: Any) -> None:
        with open(os.environ["LEAKS_EVENTS"], "a", encoding="utf-8") as events:
            events.write(json.dumps(told, default=repr) + "\n")

    def _result(self, result: Any) -> None:
        # Older cores have no other names for these.
        self._write(result._host.get_name(), result._task.get_name(), result._result)

    v2_runner_on_ok = v2_runner_on_skipped = v2_runner_on_unreachable = _result
    v2_runner_item_on_ok = v2_runner_item_on_failed = v2_runner_item_on_skipped = v2_runner_retry = _result
    v2_on_file_diff = _result

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._result(result)
