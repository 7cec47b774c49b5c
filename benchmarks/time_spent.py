# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the time of an export goes: its tasks by kind, one tenant, so that none waits for another."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from statistics import median

from export import PLAYBOOKS, Exports
from measure import Measure, Series
from tenants import tenants


def measure(exports: Exports, who: str, rounds: int, where: str) -> Measure:
    """Every kind of task, the most expensive first, and what remains: starting Ansible, and getting from task to task."""
    alone = replace(exports, count=1)
    found = [_kinds(alone, who) for _round in range(rounds)]
    sums: dict[str, list[float]] = defaultdict(list)
    for kinds in found:
        for kind, times in kinds.items():
            sums[kind].append(sum(times))
    series = [
        Series(
            kind if kind == REST else f"{len(found[0][kind])} x {kind}",
            "ms",
            tuple(second * 1000 for second in seconds),
        )
        for kind, seconds in sorted(sums.items(), key=lambda item: -median(item[1]))
    ]
    note = "Milliseconds in all, both runs of one tenant; measured apart, since measuring costs something."
    return Measure(f"Where the time goes: {who}, {where}", note, series)


REST = "starting Ansible, and between tasks"


def _kinds(exports: Exports, who: str) -> dict[str, list[float]]:
    """The times of every kind of task in one export."""
    kinds: dict[str, list[float]] = defaultdict(list)
    file = exports.controller.scratch / "task-times.json"
    with tenants(exports.controller.scratch, 1, exports.secret) as one:
        inventory = exports.controller.inventory("exports", one.hosts(), exports.shared())
        whole = 0.0
        for number, playbook in enumerate(PLAYBOOKS[who]):
            if number:
                one.answer()
            whole += exports.controller.play(playbook, inventory, task_times=file).seconds
            for kind, times in json.loads(file.read_text()).items():
                kinds[kind] += times
    kinds[REST] = [whole - sum(map(sum, kinds.values()))]
    return kinds
