# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/gates.py [NAME...]: everything that a change must pass, or only the parts of these names.

Two parts run at a time; each writes .build/logs/NAME.log. The last lines tell the figures that the parts have counted
(tests/figures.py), added up, then what was not tested here, and the very last one counts the tests of all parts.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from copy_tree import CHECKOUT, IN_TREE, copy, files

BUILD = CHECKOUT / ".build"
LOGS = BUILD / "logs"
TOGETHER = 2
TIME_LIMIT = "40m"
TIMED_OUT = 124
# The tests of plugins/module_utils/_tpd; the conftest.py of the other tests would ask for ansible-core.
CORE_TESTS = "--noconftest -p tests.conftest tests/unit/tpd tests/unit/test_known_answers.py"
LEAKS = "-m tests.leaks.check"
LEAKS_NEED = ("root", "ssh", "sshd", "strace")
# What a part's script returns when what it needs is not on this machine; its last line says what.
SKIPPED = 77
FIGURES: Counter[str] = Counter()
# Parts that were skipped, with the reason; and why parts ran with the network (tools/offline), with how many.
NOT_TESTED: list[str] = []
NOT_OFFLINE: Counter[str] = Counter()


@dataclass(frozen=True)
class Part:
    name: str
    command: str
    folder: Path = CHECKOUT
    # Programs of Debian packages, or the word root. Without them the part is skipped, except in CI, which has them.
    needs: tuple[str, ...] = ()
    # What is done before with the network; the command itself has none but the loopback (tools/offline).
    prepare: str = ""
    # Installs what it needs as it goes.
    online: bool = False
    # Takes long and shows little that another part does not show: only where it is asked for by name.
    asked_for: bool = False
    # What it needs is in no Debian package, so that CI may have to skip it, too.
    rare: bool = False

    def script(self) -> str:
        """All of it for bash."""
        command = (
            self.command if self.online else f"{CHECKOUT / 'tools' / 'offline'} bash -c {shlex.quote(self.command)}"
        )
        return f"{self.prepare} && {command}" if self.prepare else command

    def missing(self) -> list[str]:
        """What it needs and this machine does not have. Daemons lie where an ordinary user's PATH does not lead."""
        path = f"{os.environ['PATH']}:/usr/local/sbin:/usr/sbin:/sbin"
        return [need for need in self.needs if (os.getuid() if need == "root" else not shutil.which(need, path=path))]


def within(lock: str, versions: str, name: str, command: str, **more: Any) -> Part:
    """A part that runs Python in an environment of its own."""
    venv = f".build/venvs/{lock}"
    return Part(name, f"{venv}/bin/python {command}", prepare=f"tools/make-venv {lock} {venv} {versions}", **more)


def scenarios() -> list[Part]:
    """The Molecule scenarios; a file `needs` beside molecule.yml lists what one needs, one word a line."""
    parts = []
    for folder in sorted(path.parent for path in (CHECKOUT / "extensions" / "molecule").glob("*/molecule.yml")):
        needs = folder / "needs"
        words = needs.read_text().splitlines() if needs.exists() else []
        needed = tuple(word for word in words if word and not word.startswith("#"))
        parts.append(Part(f"molecule-{folder.name}", f"tools/molecule {folder.name}", needs=needed))
    return parts


def all_parts(tree: Path) -> list[Part]:
    """The slowest first, so that the last ones to finish are short.

    The tree is a collections tree with a copy of the checkout, in which some programs find less to stumble over: no
    .venv, no .build, and no file that changes while they read.
    """
    copied = tree / IN_TREE
    return [
        Part("sanity", "tools/sanity", online=True),
        *scenarios(),
        Part("faults", "python tests/faults/matrix.py ${CI:+--all}", needs=("strace",)),
        Part("unit", "python -m pytest"),
        Part(
            "fleet",
            "python tests/fleet/environment.py && python tests/fleet/check.py",
            prepare="tools/make-venv runner .build/venvs/runner 3.11 3.12 3.13",
        ),
        within("newest", "3.14 3.13 3.12", "unit-newest", "-m pytest", rare=True),
        Part("leaks", f"python {LEAKS}", needs=LEAKS_NEED),
        within("core-2.20", "3.13 3.12 3.14", "leaks-2.20", LEAKS, needs=LEAKS_NEED, asked_for=True, rare=True),
        within("newest", "3.14 3.13 3.12", "leaks-newest", LEAKS, needs=LEAKS_NEED, asked_for=True, rare=True),
        within("core-2.22", "3.13 3.14", "leaks-2.22", LEAKS, needs=LEAKS_NEED, asked_for=True, rare=True),
        within("oldest", "3.9", "unit-oldest", f"-m pytest {CORE_TESTS}", rare=True),
        # Only shortly, and the same way each time; `make fuzz` goes on for as long as one likes, and finds new ways.
        # There is no atheris for some processors.
        within("fuzz", "3.11 3.12 3.13 3.14", "fuzz", "tests/fuzz/run.py --seconds 8 --seed 1", rare=True),
        # It measures time, so it wants a machine that has nothing else to do.
        Part("hostile", "python tests/fuzz/hostile.py", asked_for=True),
        Part("rehearsal", "tools/check-rehearsal"),
        # Its results are committed as fixtures; the live cross-check takes minutes (`make interop`).
        *([Part("interop", "tests/interop/run", needs=("mono", "mcs", "openssl"))] if os.environ.get("CI") else []),
        Part("inclusion", "python tests/examples/inclusion.py"),
        Part("runbook", "python tests/examples/runbook.py"),
        Part("examples", "python tests/examples/check.py"),
        Part("evidence", "python tests/evidence/check.py", needs=("chromium",)),
        Part("docs-site", "tools/make-docs", prepare="tools/make-venv docs .build/venvs/docs 3.11 3.12 3.13 3.14"),
        Part(
            "links",
            "tools/make-docs --links",
            prepare="tools/make-venv docs .build/venvs/docs 3.11 3.12 3.13 3.14",
            online=True,
            asked_for=True,
        ),
        # It writes a log into the home folder.
        Part("docs", f"HOME='{BUILD}' antsibull-docs lint-collection-docs --plugin-docs .", copied),
        # Windows modules are known from their imitation.
        Part("ansible-lint", f"ANSIBLE_COLLECTIONS_PATH=tests/windows:{tree} ansible-lint --nocolor", copied),
        Part("changelog", "antsibull-changelog lint", copied),
        Part("package", "python tools/check_package.py"),
        Part(
            "publisher", "tools/check-publisher", prepare="tools/make-venv publish .build/venvs/publish 3.11 3.12 3.13"
        ),
        Part("release", "tools/check-release"),
        Part("mypy", "mypy --strict plugins/module_utils/_tpd"),
        Part("ruff", "ruff check --output-format concise . && ruff format --check ."),
        Part("yamllint", "yamllint --strict .", copied),
    ]


def environment() -> dict[str, str]:
    """Nothing of the user's Ansible takes part, and nothing is written to the user's folders."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "MOLECULE_"))}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return kept | {
        "ANSIBLE_CONFIG": str(CHECKOUT / "tools" / "ansible.cfg"),
        "ANSIBLE_HOME": str(BUILD / "ansible-home"),
        "PATH": f"{CHECKOUT / '.venv' / 'bin'}:{os.environ['PATH']}",
    }


def untracked() -> set[str]:
    """Files that a part must not leave behind."""
    git = ["git", "-c", f"safe.directory={CHECKOUT}", "status", "--porcelain", "--untracked-files=all"]
    listed = subprocess.run(git, cwd=CHECKOUT, capture_output=True, text=True, check=False).stdout.splitlines()
    return {line[3:] for line in listed if line.startswith("??")}


def count(log: str, status: int) -> Counter[str]:
    """What the log's last line says was tested, as pytest does; else the part is one test."""
    last = log.rstrip().rpartition("\n")[2].strip("= ")
    counted: Counter[str] = Counter()
    if re.match(r"\d+ (passed|failed|skipped|error)", last):
        for number, word in re.findall(r"(\d+) (passed|failed|skipped|error)", last):
            counted["failed" if word == "error" else word] += int(number)
    if status == SKIPPED:
        return Counter(skipped=1)
    if status and not counted["failed"]:
        counted["failed"] = 1
    return counted or Counter(passed=1)


def figures(log: str) -> Counter[str]:
    """What the part has counted (tests/figures.py)."""
    found: Counter[str] = Counter()
    for what, number in re.findall(r"^figure: (.+): (\d+)$", log, re.MULTILINE):
        found[what] += int(number)
    return found


def run(part: Part) -> Counter[str]:
    """Run one part and report it."""
    started = time.monotonic()
    log = LOGS / f"{part.name}.log"
    if missing := part.missing():
        log.write_text(f"Not here: {', '.join(missing)}.\n")
        status, rare = SKIPPED, False
    else:
        with log.open("w") as output:
            status = subprocess.run(
                ["timeout", TIME_LIMIT, "bash", "-c", part.script()],
                cwd=part.folder,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            ).returncode
        rare = part.rare
    text = log.read_text(errors="replace")
    if status == SKIPPED and os.environ.get("CI") and not rare:
        status = 1
        text += "In CI nothing may be skipped but what needs something that is in no Debian package."
    counted = count(text, status)
    FIGURES.update(figures(text))
    NOT_OFFLINE.update(re.findall(r"^NOT OFFLINE: (.+)$", text, re.MULTILINE)[:1])
    word = "skipped" if status == SKIPPED else "FAILED" if status else "passed"
    numbers = ", ".join(f"{number} {what}" for what, number in sorted(counted.items()) if number)
    lines = [f"{word:8}{part.name:28}{time.monotonic() - started:6.1f} s  {numbers}"]
    if status == SKIPPED:
        reason = text.rstrip().rpartition("\n")[2]
        NOT_TESTED.append(f"{part.name}. {reason}")
        lines.append(f"        {reason}")
    elif status:
        if status == TIMED_OUT:
            text += f"\nStopped after {TIME_LIMIT}."
        lines += [*(f"    {line}" for line in text.splitlines()[-60:]), f"    (all of it: {log.relative_to(CHECKOUT)})"]
    print("\n".join(lines), flush=True)
    return counted


def main(names: list[str], tree: Path) -> int:
    """Install the collection, run the parts, add up."""
    started = time.monotonic()
    LOGS.mkdir(parents=True, exist_ok=True)
    there = all_parts(tree)
    asked = {part for part in there if part.name in names or part.name.split("-")[0] in names}
    parts = [part for part in there if part in asked or not (names or part.asked_for)]
    if not parts:
        print(f"No part is called {' or '.join(names)}. There are: {', '.join(part.name for part in there)}.")
        return 1
    before = untracked()
    copy(files(), tree / IN_TREE)
    total = run(Part("install", "tools/install-collection"))
    if not total["failed"]:
        with ThreadPoolExecutor(TOGETHER) as pool:
            total += sum(pool.map(run, parts), Counter[str]())
    if left := sorted(untracked() - before):
        print(f"FAILED  left in the checkout: {', '.join(left)}")
        total["failed"] += 1
    print(f"{'':8}{'altogether':28}{time.monotonic() - started:6.1f} s")
    for what, number in sorted(FIGURES.items()):
        print(f"{number:>12,} {what}")
    for reason, number in NOT_OFFLINE.items():
        print(f"NOT OFFLINE HERE: {number} parts, as {reason}")
    for what in sorted(NOT_TESTED):
        print(f"NOT TESTED HERE: {what}")
    print(f"{total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped")
    return 1 if total["failed"] else 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        sys.exit(main(sys.argv[1:], Path(scratch)))
