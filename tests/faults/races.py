# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two runs at once on one folder that is not there yet, again and again, at every distance in time from one another."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from material import KeyPair, Material, new_keys_are
from process import Run, wait_until
from records import logs
from scene import File, Scene, State, undisturbed
from scenes import OLD, decryptions, key_pairs, secure_files

ROUNDS = 200
# The second run starts up to so much later than the first, which is about as long as a run takes.
FARTHEST = 0.010
# Between two looks at the folder while the runs are going on.
PAUSE = 0.005

Function = Callable[[], dict[str, Any]]


@dataclass(frozen=True)
class Race:
    """Two runs on the folder that a scene begins with."""

    name: str
    scene: Scene
    runs: Callable[[Path], tuple[Function, Function]]
    meanwhile: list[State]
    in_the_end: list[State]
    one_changes: bool = True  # the other one finds everything done

    def run(self, folder: Path) -> list[str]:
        """All rounds; for each that went wrong, what did."""
        problems = []
        for number in range(ROUNDS):
            found = list(self._round(folder / "root", FARTHEST * number / ROUNDS))
            if found:
                problems.append(f"round {number}: {'; '.join(found)}")
        return problems

    def _round(self, root: Path, distance: float) -> Iterator[str]:
        shutil.rmtree(root, ignore_errors=True)
        self.scene.lay(root)
        first, second = (Run(function) for function in self.runs(root))
        first.go()
        wait_until(time.perf_counter() + distance)
        second.go()
        while not (first.ended() and second.ended()):
            yield from self.scene.problems(root, self.meanwhile, hidden=True)
            time.sleep(PAUSE)
        outcomes = [first.outcome(), second.outcome()]
        for outcome in outcomes:
            if outcome.result is None:
                yield f"a run failed: {outcome.refusal or outcome.crash or 'it was killed'}"
        changed = sorted(bool(outcome.result and outcome.result["changed"]) for outcome in outcomes)
        if self.one_changes and changed != [False, True]:
            yield f"changed is {changed}"
        yield from self.scene.problems(root, self.in_the_end, hidden=False)


def all_races(material: Material) -> list[Race]:
    """For each module that makes something which there must be only one of."""
    pair, contents = key_pairs(material)[0], (material.other.private_file, material.other.public_file)
    steps = [(name, File(content, file.mode)) for content, (name, file) in zip(contents, pair.steps)]
    pairs = [*pair.states(), *replace(pair, steps=steps).states()[1:]]

    file, export, log = secure_files()[0], decryptions(material)[0], logs()[0]
    ((key, new),) = file.steps
    either = [{key: new}, {key: replace(new, content=OLD)}]
    return [
        Race(
            "race/tpd_keypair",
            pair,
            lambda root: (with_key(material.pair, pair.run(root)), with_key(material.other, pair.run(root))),
            pairs,
            [state for state in pairs if len(state) == 2],
        ),
        Race(
            "race/secure_file",
            file,
            lambda root: (file.run(root), file.run(root, content=OLD.decode())),
            [{}, *either],
            either,
            one_changes=False,
        ),
        Race(
            "race/tpd_decrypt",
            export,
            lambda root: (export.run(root), export.run(root)),
            export.states(),
            export.states()[-1:],
        ),
        two_lines(log),
    ]


def two_lines(log: Scene) -> Race:
    """Two events are logged at once: both lines are there in the end, the second one with the hash of the first."""
    subjects = ("one thing", "another thing")
    alone = [undisturbed(log, subject=subject) for subject in subjects]
    both = [
        undisturbed(replace(log, before=state), subject=subject) for state, subject in zip(alone, reversed(subjects))
    ]

    def runs(root: Path) -> tuple[Function, Function]:
        return log.run(root, subject=subjects[0]), log.run(root, subject=subjects[1])

    return Race("race/custody_log", log, runs, [{}, *alone, *both], both, one_changes=False)


def with_key(pair: KeyPair, run: Function) -> Function:
    """The run, in a process in which a new key is this one."""

    def function() -> dict[str, Any]:
        new_keys_are(pair)
        return run()

    return function
