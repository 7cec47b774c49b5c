# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes how often each kind of task has run, and how long that took in all, to the file that the environment names."""

from __future__ import annotations

import json
import os
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: task_times
type: aggregate
short_description: How long each kind of task takes
description: For a play of one host, in which no task waits for another one.
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "task_times"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self) -> None:
        super().__init__()
        self._started: dict[str, float] = {}
        self._times: dict[str, list[float]] = defaultdict(list)

    def v2_runner_on_start(self, host: Any, task: Any) -> None:
        self._started[task._uuid] = time.perf_counter()

    def _ended(self, result: Any, kind: str = "") -> None:
        task = result.task
        if task._uuid not in self._started:
            return  # a meta task, for which no worker is started
        self._times[kind or task.resolved_action or task.action].append(time.perf_counter() - self._started[task._uuid])

    def v2_runner_on_ok(self, result: Any) -> None:
        self._ended(result)

    def v2_runner_on_skipped(self, result: Any) -> None:
        self._ended(result, "skipped")

    def v2_playbook_on_stats(self, stats: Any) -> None:
        Path(os.environ["TASK_TIMES"]).write_text(json.dumps(self._times))
