# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tests/leaks/check.py: looks for secrets in everything that runs of Ansible print, log, send, leave, and start programs with.

Every module, role and playbook runs at -vvvv --diff under strace, on the ansible-core of the Python that runs this, in the
controller's process and on a host behind SSH. To be run from the checkout: python -m tests.leaks.check
"""

from __future__ import annotations

import runpy
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.figures import line

# Makes the collection importable.
runpy.run_path(str(Path(__file__).resolve().parents[1] / "conftest.py"))

from . import modules, on_purpose, playbooks  # noqa: E402
from .canaries import Canaries  # noqa: E402
from .machine import Machine, search  # noqa: E402
from .story import Story, belongs  # noqa: E402

FIGURES: Counter[str] = Counter()


def look(machine: Machine, canaries: Canaries, belongs: Callable[[str], bool]) -> list[str]:
    """What was found, and where; what was looked for and at is counted."""
    looked, found = search(machine, canaries, belongs)
    print(", ".join(f"{number} {kind}" for kind, number in sorted(looked.items())), flush=True)
    if missing := {"events", "file", "log", "output", "process", "syslog", "temporary"} - looked.keys():
        sys.exit(f"FAILED: nothing was looked at of {', '.join(sorted(missing))}.")
    FIGURES["canaries searched for"] += len(canaries)
    FIGURES["places searched for canaries"] += sum(looked.values())
    return found


def every_module(machine: Machine) -> list[str]:
    canaries = Canaries()
    FIGURES["tasks of modules watched for leaks"] += modules.run(machine, canaries)
    return look(machine, canaries, modules.belongs)


def every_playbook(machine: Machine) -> list[str]:
    canaries = Canaries()
    story = Story(machine, canaries)
    for chapter in playbooks.tell(story):
        print(f"  {chapter}", flush=True)
    FIGURES["runs of playbooks watched for leaks"] += story.runs
    return look(machine, canaries, belongs)


def leaks_on_purpose(machine: Machine) -> list[str]:
    FIGURES["leaks made on purpose and found"] += on_purpose.prove(machine)
    return []


PARTS = (leaks_on_purpose, every_module, every_playbook)


def main() -> int:
    """Each part on a machine of its own."""
    failed = 0
    for part in PARTS:
        print(part.__name__.replace("_", " "), flush=True)
        with tempfile.TemporaryDirectory() as scratch:
            machine = Machine(Path(scratch).resolve())
            with machine.up():
                found = part(machine)
            print("".join(f"FAILED {find}\n" for find in found), end="", flush=True)
            failed += bool(found)
    for what, number in sorted(FIGURES.items()):
        print(line(what, number))
    print(f"{len(PARTS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
