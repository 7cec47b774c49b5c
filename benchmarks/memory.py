# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Peak memory: of a tree of processes together, and of one process that asks itself."""

from __future__ import annotations

import threading
from pathlib import Path

INTERVAL = 0.5  # seconds


def tree(root: int) -> set[int]:
    """The process and everything that it has started, directly or not, and that is still there."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The program's name, in brackets, may hold anything.
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # it has ended
        children.setdefault(parent, []).append(int(stat.parent.name))
    found, new = set(), {root}
    while new:
        found |= new
        new = {child for process in new for child in children.get(process, ())} - found
    return found


def proportional_size(processes: set[int]) -> int:
    """Bytes: the sum of PSS, in which a page that n processes share counts n times one n-th."""
    total = 0
    for process in processes:
        try:
            rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) * 1024
    return total


class Peak:
    """Watches a process tree until it is told to stop."""

    def __init__(self, root: int) -> None:
        self.bytes = 0
        self._root = root
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Peak:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(INTERVAL):
            self.bytes = max(self.bytes, proportional_size(tree(self._root)))


def own_peak() -> int:
    """Bytes: the most that this program has had resident.

    C{ru_maxrss} would not do: it also counts what the process was before it became this program.
    """
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("The kernel does not tell the peak of a process (VmHWM).")
