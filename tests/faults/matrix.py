# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""matrix.py [--only NAME] [--all]: runs operations, and lets each of their calls on files fail or be the last.

A first run of each scene is recorded. Then for every call that touches its folders there is one run that is killed just
before it, and, where it opens or changes something, one for each error that a disk may give. After each: old state or
new state, no secret open to others, and the next run finishes. Then two runs at once on one folder, many times over.

Left out, but for --all: of the kills between two calls that write all but one, as they leave the same on the disk; and
that opening a file only to read it fails because the disk is full or read-only, which it cannot.

NAME is a scene, such as "secure_file/replace", a race, such as "race/tpd_keypair", or a fault, as a failure names it;
of a single fault the calls are printed too.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import runpy
import sys
import tempfile
import time
from pathlib import Path
from typing import Union

# Makes the collection importable from the checkout.
runpy.run_path(str(Path(__file__).resolve().parents[1] / "conftest.py"))

from calls import read  # noqa: E402
from fault import KILL, Fault, attempt, plan  # noqa: E402
from material import prepare  # noqa: E402
from process import Untraceable  # noqa: E402
from races import ROUNDS, Race, all_races  # noqa: E402
from scenes import all_scenes  # noqa: E402

TOGETHER = 2
# What tools/gates.py takes for a part that this machine cannot run.
SKIPPED = 77
SHOWN = 20
ROW = "{:17}{:25}{:>7}{:>8}{:>8}{:>10}"

Attempt = Union[Fault, Race]
# Filled before the workers are forked: what is to be tried cannot be sent to them.
_attempts: list[Attempt] = []


def try_one(index: int) -> tuple[int, list[str]]:
    """In a worker: one fault or race, in the worker's own folder, which lies beside the others."""
    folder = Path(f"worker-{os.getpid()}").absolute()
    folder.mkdir(mode=0o700, exist_ok=True)
    what = _attempts[index]
    problems = attempt(what, folder) if isinstance(what, Fault) else what.run(folder)
    return index, [f"{what.name}: {problem.replace(str(folder / 'root') + '/', '')}" for problem in problems]


def main(only: str, everything: bool) -> int:
    """Run everything, or what is called so; print the table."""
    started = time.monotonic()
    os.umask(0)  # so that every mode is the code's own choice
    material = prepare()
    problems: dict[str, list[str]] = {}
    calls: dict[tuple[str, str], int] = {}
    with tempfile.TemporaryDirectory(prefix="tenant-key-faults-") as folder:
        os.chdir(folder)
        recorded = Path("recorded").absolute()
        recorded.mkdir(mode=0o700)
        for scene in all_scenes(material):
            scene_name = f"{scene.module}/{scene.name}"
            if not asked_for(scene_name, only):
                continue
            faults, wrong = plan(scene, recorded)
            calls[scene.module, scene.name] = len({(fault.call, fault.number) for fault in faults})
            problems[scene_name] = [
                f"{scene_name}: {problem.replace(str(recorded / 'root') + '/', '')}" for problem in wrong
            ]
            _attempts.extend(
                fault
                for fault in faults
                if asked_for(fault.name, only) and (fault.distinct or everything or fault.name == only)
            )
        # The races take long, so they are begun first.
        _attempts[:0] = [race for race in all_races(material) if asked_for(race.name, only)]
        if not _attempts:
            print(f"There is no scene, race or fault called {only}.")
            return 1
        with multiprocessing.get_context("fork").Pool(TOGETHER) as pool:
            for index, found in pool.imap_unordered(try_one, range(len(_attempts))):
                problems[_attempts[index].name] = found
        if len(_attempts) == 1 and isinstance(_attempts[0], Fault):
            show(next(Path().glob("worker-*/trace")).absolute())
        os.chdir("/")
    return report(calls, problems, time.monotonic() - started)


def asked_for(name: str, only: str) -> bool:
    """Whether one of the two names is the beginning of the other, in whole parts."""
    parts, asked = name.split("/"), [part for part in only.split("/") if part]
    return all(part == other for part, other in zip(parts, asked))


def show(trace: Path) -> None:
    """The calls of the only run, without those that have nothing to do with its folders."""
    root = trace.parent / "root"
    for call in read(trace):
        if call.touches(root):
            print(f"{call.name}({call.arguments}) = {call.result}".replace(str(root), ""))
    print()


def report(calls: dict[tuple[str, str], int], problems: dict[str, list[str]], seconds: float) -> int:
    """The table, what went wrong and how to see it again, and one line that counts scenes and races as tests."""
    faults = [what for what in _attempts if isinstance(what, Fault)]
    print(ROW.format("module", "scene", "calls", "killed", "failed", "survived"))
    total = [0, 0, 0, 0]
    broken = {name for name, found in problems.items() if found}
    for row, made in calls.items():
        tried = [fault for fault in faults if (fault.scene.module, fault.scene.name) == row]
        killed = sum(fault.kind == KILL for fault in tried)
        survived = sum(fault.name not in broken for fault in tried)
        numbers = [made, killed, len(tried) - killed, survived]
        total = [sum(pair) for pair in zip(total, numbers)]
        print(ROW.format(*row, *numbers))
    print(ROW.format("altogether", "", *total))
    races = [what for what in _attempts if isinstance(what, Race)]
    for race in races:
        print(f"{race.name:42}{ROUNDS:>7} rounds{ROUNDS - len(problems[race.name]):>19}")
    found = [problem for name in problems for problem in problems[name]]
    for problem in found[:SHOWN]:
        print(f"FAILED {problem}")
    if found:
        print(f"{len(found)} problems. See one again with its name: tests/faults/matrix.py --only 'NAME'")
    print(f"{sum(total[1:3])} faults, {len(races)} races, {seconds:.0f} seconds")
    print(f"figure: faults injected: {sum(total[1:3])}")
    print(f"figure: faults survived: {total[3]}")
    tests = {"/".join(name.split("/")[:2]) for name in problems}
    failed = {"/".join(name.split("/")[:2]) for name in broken}
    print(f"{len(tests - failed)} passed" + (f", {len(failed)} failed" if failed else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", metavar="NAME", default="", help="a module, scene, race or single fault")
    parser.add_argument("--all", action="store_true", help="leave out no fault that cannot differ from another one")
    try:
        given = parser.parse_args()
        sys.exit(main(given.only, given.all))
    except Untraceable as error:
        print(f"strace may not watch processes on this machine: {error}")
        sys.exit(SKIPPED)
