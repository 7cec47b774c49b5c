# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One fault at one call of one scene, and everything that must hold after it."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import calls
from calls import Call, normal
from process import Outcome, run, watched
from scene import RESERVED, File, Scene, State, look

KILL = "KILL"
# What a disk may say, to whoever writes and to whoever only reads.
ERRORS = ("ENOSPC", "EIO", "EDQUOT", "EROFS", "EACCES")
READ_ERRORS = ("EIO", "EACCES")

# Scenes and what was found there, from where the next run is known to reach the wanted state.
_finished: set[tuple[str, frozenset[tuple[str, File | None]]]] = set()


@dataclass(frozen=True)
class Fault:
    """What happens instead of a call: the run is killed, or the call fails."""

    scene: Scene
    call: str
    number: int
    kind: str
    distinct: bool  # False: it cannot happen, or leaves the same on the disk as another one
    expected: str  # the call without what is random, so that it is certain that the same one was hit

    @property
    def name(self) -> str:
        """For --only."""
        return f"{self.scene.module}/{self.scene.name}/{self.call}/{self.number}/{self.kind}"

    def injection(self) -> str:
        """For strace, which delivers a signal before the call is made, and makes no call that it lets fail."""
        what = "signal=KILL" if self.kind == KILL else f"error={self.kind}"
        return f"{self.call}:{what}:when={self.number}"


def plan(scene: Scene, folder: Path) -> tuple[list[Fault], list[str]]:
    """Every fault of a scene, after a run that records its calls; and what was wrong in that run already."""
    root, trace = _prepare(scene, folder)
    outcome = watched(scene.run(root), trace)
    made = calls.read(trace)
    problems = [f"without a fault: {problem}" for problem in _after(scene, root, made, outcome)]
    touching = [call for call in made if call.touches(root)]
    return [fault for call in touching for fault in _faults(scene, call, root, call == touching[-1])], problems


def attempt(fault: Fault, folder: Path) -> list[str]:
    """Make the fault happen in a folder of its own; what did not hold, in sentences."""
    scene = fault.scene
    root, trace = _prepare(scene, folder)
    outcome = watched(scene.run(root), trace, fault.injection())
    made = calls.read(trace)
    return [*_hit(fault, root, made, outcome), *_after(scene, root, made, outcome)]


def _faults(scene: Scene, call: Call, root: Path, last: bool) -> Iterator[Fault]:
    """Nothing changes between two calls that write, so one kill stands for all those in between."""
    expected = call.describe(root)
    yield Fault(scene, call.name, call.number, KILL, call.writes or last, expected)
    for kind in ERRORS if call.kind else ():
        yield Fault(scene, call.name, call.number, kind, call.writes or kind in READ_ERRORS, expected)


def _prepare(scene: Scene, folder: Path) -> tuple[Path, Path]:
    root = folder / "root"
    shutil.rmtree(root, ignore_errors=True)
    scene.lay(root)
    return root, folder / "trace"


def _hit(fault: Fault, root: Path, made: list[Call], outcome: Outcome) -> Iterator[str]:
    """Whether the fault was where it was meant to be, and was told in one sentence."""
    candidates = made[-1:] if fault.kind == KILL else [call for call in made if call.injected]
    hit = candidates[0] if candidates and (outcome == Outcome()) == (fault.kind == KILL) else None
    if hit is None or (hit.describe(root), hit.number) != (fault.expected, fault.number):
        yield f"the fault was to hit {fault.expected}, but hit {hit.describe(root) if hit else 'nothing'}"
    reason = os.strerror(getattr(errno, fault.kind)) if fault.kind != KILL else ""
    if outcome.refusal and (reason not in outcome.refusal or "\n" in outcome.refusal):
        yield f"the sentence does not say {reason}: {outcome.refusal}"


def _after(scene: Scene, root: Path, made: list[Call], outcome: Outcome) -> Iterator[str]:
    """What must hold at once, after the next run, and after one more."""
    modes = {str(root / name): file.mode for name, file in scene.before.items()}
    touching = [call for call in made if call.touches(root)]
    yield from calls.violations(touching, modes, succeeded=outcome.result is not None)
    if outcome.crash:
        yield f"not a TpdError: {outcome.crash}"
    states = scene.states()
    yield from scene.problems(root, states[-1:] if outcome.result else states, hidden=not outcome.result)

    if outcome.refusal:
        yield from (f"{name} is left of a write that failed" for name in _new_files(root) - scene.before.keys())
    # What follows depends on nothing but the disk: the same state need not be gone on from twice.
    left = (f"{scene.module}/{scene.name}", _disk(root))
    if left not in _finished:
        problems = list(_finish(scene, root, states[-1:]))
        yield from problems
        if not problems:
            _finished.add(left)


def _finish(scene: Scene, root: Path, wanted: list[State]) -> Iterator[str]:
    following = run(scene.run(root))
    if following.result is None:
        yield f"the next run failed: {following.refusal or following.crash}"
    yield from (f"after the next run: {problem}" for problem in scene.problems(root, wanted, hidden=False))
    before = _everything(root)
    last = run(scene.run(root, **scene.afterwards))
    if last.result is None or last.result["changed"] or _everything(root) != before:
        yield f"the run after that changed something: {last.refusal or last.crash or last.result}"


def _new_files(root: Path) -> set[str]:
    """Hidden files that were meant to become visible ones; one that is being destroyed is the next run's to finish."""
    return {str(path.relative_to(root)) for path in root.rglob(f"{RESERVED}new-*")}


def _disk(root: Path) -> frozenset[tuple[str, File | None]]:
    """All that a later run can find, without what is random in names."""
    files, _problems = look(root)
    folders = {str(path.relative_to(root)): None for path in root.rglob("*") if path.is_dir()}
    return frozenset((normal(name), file) for name, file in {**files, **folders}.items())


def _everything(root: Path) -> dict[str, tuple[int, ...]]:
    """What changes when a file is written or replaced, if only by the same again."""
    found = {}
    for path in sorted(root.rglob("*")):
        info = path.lstat()
        found[str(path)] = (info.st_ino, info.st_mode, info.st_uid, info.st_gid, info.st_size, info.st_mtime_ns)
    return found
