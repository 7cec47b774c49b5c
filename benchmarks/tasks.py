# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one task costs when starting Ansible does not count: many tasks in one run against one, on one host."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import Any

from measure import Contestant, Figures, Measure, Series, alternate, ratio, series
from plays import Controller

SSH_BOUND = 1.4
# A module takes so much longer than what runs in the worker that fewer of them are enough.
FEWER = {"keypair_module": 10}


@dataclass(frozen=True)
class Tasks:
    """So many tasks in a run, on one host that is reached in one way."""

    controller: Controller
    count: int
    connection: dict[str, Any]

    def contestant(self, what: str) -> Contestant:
        tasks = self.count // FEWER.get(what, 1)

        def measured(_round: int) -> Figures:
            inventory = self.controller.inventory("tasks", {"one": {}}, self.connection)
            with _folder(self.controller.scratch) as folder:
                one, many = (
                    self.controller.play(
                        "plays/loop.yml", inventory, {"what": what, "count": count, "directory": str(folder / name)}
                    ).seconds
                    # What a re-run finds is made by the first run.
                    for name, count in (("again" if what != "keypair_new" else "first", 1), ("again", tasks + 1))
                )
            return {"task": (many - one) / tasks}

        return measured


def costs(tasks: Tasks, names: dict[str, str], rounds: int) -> dict[str, Series]:
    """What one task of each of these costs."""
    results = alternate({what: tasks.contestant(what) for what in names}, rounds)
    return {what: series(name, "ms", results[what], "task", 1000) for what, name in names.items()}


def ssh_measure(tasks: Tasks, rounds: int) -> Measure:
    """Modules that have nothing to change, against the smallest module there is."""
    names = {
        "ping": "ansible.builtin.ping",
        "keypair_again": "tpd_keypair, re-run",
        "secure_file": "secure_file, re-run",
    }
    cost = costs(tasks, names, rounds)
    return Measure(
        "One module over SSH",
        f"Milliseconds per task, {tasks.count} tasks in a run.",
        list(cost.values()),
        [
            ratio(f"{names[what]}, to ansible.builtin.ping", cost[what], cost["ping"], SSH_BOUND)
            for what in ("keypair_again", "secure_file")
        ],
    )


def local_measure(tasks: Tasks, rounds: int) -> Measure:
    """The same in the controller's worker, against a task that does nothing there, and against its own module."""
    names = {
        "debug": "ansible.builtin.debug",
        "keypair_again": "tpd_keypair, re-run",
        "keypair_module": "tpd_keypair, re-run as a module",
        "keypair_new": "tpd_keypair, new key pair",
    }
    cost = costs(tasks, names, rounds)
    return Measure(
        "One task, local",
        f"Milliseconds per task, {tasks.count} tasks in a run, as a module {tasks.count // FEWER['keypair_module']}.",
        list(cost.values()),
        [
            ratio("tpd_keypair, re-run, to ansible.builtin.debug", cost["keypair_again"], cost["debug"]),
            ratio("tpd_keypair, re-run, to the same as a module", cost["keypair_again"], cost["keypair_module"]),
        ],
    )


@contextmanager
def _folder(scratch: Path) -> Iterator[Path]:
    folder = scratch / "tasks"
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        rmtree(folder)
