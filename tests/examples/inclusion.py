# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tests/examples/inclusion.py [ROLE...]: every role in somebody else's playbook: include_role, import_role and `roles:`.

The entry point main is taken in by each way, any other by include_role or import_role. All of it is run for real, by a tag, and three
times as a check with a diff. A play has one of the keywords throttle, `strategy: free` and serial; each run gives each way the next
one. So a way has one keyword for real (throttle with include_role, free with import_role, serial with `roles:`), the next by a tag, and
as a check each of the three.

In each run the caller's play goes on for every host, and its handler runs once for each. No fact is left behind but what the
descriptions of the entry point, and of those that it comes to, name, and what is a role's own: names that begin with two underscores
and the role's name may stay. Of entry points that are not run here, the tasks are read.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import facts
from callers import ENTRIES, KEYWORDS, NOT_ALONE, Caller, Play
from common import FIGURES, check, run

# The imitation of Windows notes what it was asked.
NOTES = {"windows/calls.jsonl", "windows/lock"}


def specifications() -> Iterator[tuple[str, str]]:
    for file in sorted(facts.ROLES.glob("*/meta/argument_specs.yml")):
        role = file.parents[1].name
        for entry in facts.specification(role):
            yield role, entry


def shown(said: str, word: str) -> dict[tuple[str, str], list[set[str]]]:
    """The facts that the caller's own tasks have shown, by play and host."""
    found = defaultdict(list)
    for name, host, names in re.findall(rf'"msg": "{word} (\S+) (\S+) (\[.*\])"', said):
        found[name, host].append(set(json.loads(names.replace('\\"', '"'))))
    return found


def look(plays: list[Play], said: str, mode: str) -> list[str]:
    """What is wrong with what the run has printed."""
    before, after, handled = (shown(said, word) for word in ("BEFORE", "AFTER", "HANDLED"))
    found = []
    for play in plays:
        may_stay, own = facts.documented(play.role, play.entry), facts.own(play.role, play.entry)
        for tenant in play.hosts:
            key = (play.name, play.host(tenant))
            where = f"{mode}: {play.name} on {tenant}"
            if len(after[key]) != 1:
                found.append(f"{where}: the caller's play has not gone on")
                continue
            if len(handled[key]) != 1:
                found.append(f"{where}: the caller's handler has run {len(handled[key])} times")
            left = {name for name in after[key][0] - before[key][0] - may_stay if not name.startswith(own)}
            if left:
                found.append(f"{where}: these facts are left behind and not documented: {sorted(left)}")
            FIGURES["inclusions of a role, by way, run and host"] += 1
    return found


def changed(plays: list[Play], said: str, mode: str, expected: dict[str, int]) -> list[str]:
    """Where roles have changed something that was done already."""
    counted = {host: int(number) for host, number in re.findall(r"^(\S+) +: ok=\d+ +changed=(\d+)", said, re.MULTILINE)}
    found = []
    for play in plays:
        for tenant in play.hosts:
            own = 1  # the caller's first task
            number = counted[play.host(tenant)] - own
            if number != expected.get(f"{play.role}/{play.entry}", 0):
                found.append(f"{mode}: {play.name} on {tenant}: {number} tasks have changed something")
    return found


def main(scratch: Path) -> int:
    known, tried = set(specifications()), {entry[:2] for entry in ENTRIES}
    check(known == tried | NOT_ALONE, f"Not tried, or not there: {known ^ (tried | NOT_ALONE)}")
    found = [
        f"{role}/{entry}: {name} is not documented" for role, entry in known for name in facts.undocumented(role, entry)
    ]
    check(not found, "\n".join(sorted(found)))
    caller = Caller(scratch, sys.argv[1:])

    def turn(number: int, mode: str, *options: str, expected: dict[str, int] | None = None) -> None:
        """Run all plays; where so many changes are expected of an entry point, of every other one none are."""
        print(f"{len(caller.plays)} plays, {mode}", flush=True)
        there = caller.remembered()
        said = caller.run(number, *options)
        found.extend(look(caller.plays, said, mode))
        if expected is not None:
            found.extend(changed(caller.plays, said, mode, expected))
        if "--check" in options:
            now = caller.remembered()
            touched = {name for name in there | now if there.get(name) != now.get(name)} - NOTES
            found.extend(f"{mode}: {name} was touched" for name in sorted(touched))

    caller.open()
    turn(0, "for real")
    # What the first run's later plays have logged, custodians are told now.
    turn(1, "by their tag", "--tags", "taken_in", expected={"custody/main": 1})
    for number in range(2, 2 + len(KEYWORDS)):
        turn(number, f"as a check, the keywords turned {number} times", "--check", "--diff", expected={})
    print("Only the caller's tasks", flush=True)
    said = caller.run(0, "--skip-tags", "taken_in")
    # Core itself checks arguments whatever the tags.
    others = [
        task for task in re.findall(r"^TASK \[(infoprotect.+?)\]", said, re.MULTILINE) if "Validating" not in task
    ]
    found += [f"Although its tag is skipped, this task was run: {task}" for task in sorted(set(others))]
    if len(shown(said, "AFTER")) != len(shown(said, "BEFORE")):
        found.append("Without the roles the caller's play has not gone on.")
    check(not found, "\n".join(found))
    return (3 + len(KEYWORDS)) * len(caller.plays)


if __name__ == "__main__":
    run(main)
