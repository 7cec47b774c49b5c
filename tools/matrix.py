# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/matrix.py [LOCK...]: runs the tests with each ansible-core, and from each of them every module on hosts with each Python.

Writes the table in README.md anew; with names of locks, such as core-2.22, only their rows. What could not be run here,
for want of a Python, is a cell that says so.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
README = CHECKOUT / "README.md"
LOGS = CHECKOUT / ".build" / "logs"
VENVS = Path(".build", "venvs")
BEGIN, END = "<!-- Written by make matrix, from here -->", "<!-- to here -->"
BELOW = "Host: every module sent to a host with that Python, run twice. Rows are taken one by one, so the number of tests may differ."
NO_PYTHON = 77
# Every module, in check mode, run, and run again; sent to a host with the Python of this variable.
ON_TARGET = "tests/unit/test_both_ways.py::test_both_ways_are_one"
TARGET_PYTHON = "TENANT_KEY_TARGET_PYTHON"


@dataclass(frozen=True)
class Environment:
    """A virtual environment as tools/make-venv makes it."""

    lock: str
    pythons: tuple[str, ...]

    @property
    def python(self) -> Path:
        return CHECKOUT / VENVS / f"{self.lock}-{self.pythons[0]}" / "bin" / "python"

    def make(self) -> bool:
        """Whether there is such a Python here."""
        command = ["tools/make-venv", self.lock, str(self.python.parents[1].relative_to(CHECKOUT)), *self.pythons]
        status = subprocess.run(command, cwd=CHECKOUT, check=False).returncode
        if status not in (0, NO_PYTHON):
            sys.exit(f"{' '.join(command)} has failed.")
        return status == 0

    def version(self, package: str) -> str:
        code = f"from importlib.metadata import version; print(version('{package}'))"
        return subprocess.run([self.python, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


NEWEST = Environment("newest", ("3.13", "3.12", "3.14"))
CORES = [
    Environment("dev", ("3.11",)),
    Environment("core-2.20", ("3.13", "3.12", "3.14")),
    NEWEST,
    Environment("core-2.22", ("3.13", "3.14")),
]
# The ends with every core, what lies between them with the newest.
ENDS = [Environment("target-oldest", ("3.9",)), Environment("target", ("3.13",))]
TARGETS = [
    ENDS[0],
    *(Environment("target", (version,)) for version in ("3.9", "3.10", "3.11", "3.12")),
    ENDS[1],
    Environment("target", ("3.14",)),
]


def run(core: Environment, name: str, *arguments: str, **variables: str) -> str:
    """What is said of a run of tests: their number, or that they failed."""
    environment = os.environ | variables
    for unwanted in ("PYTHONDONTWRITEBYTECODE", "ANSIBLE_CONFIG"):
        environment.pop(unwanted, None)
    log = LOGS / f"matrix-{name}.log"
    with log.open("w") as output:
        command = [core.python, "-m", "pytest", "-q", *arguments]
        status = subprocess.run(
            command, cwd=CHECKOUT, env=environment, stdout=output, stderr=subprocess.STDOUT, check=False
        ).returncode
    last = log.read_text().rstrip().rpartition("\n")[2].strip("= ")
    print(f"{name}: {last}", flush=True)
    counted = {word: number for number, word in re.findall(r"(\d+) (passed|skipped)", last)}
    if status or "passed" not in counted:
        return "**failed**"
    return " and ".join(f"{number} {word}" for word, number in counted.items())


def table(before: list[str], locks: list[str]) -> list[str]:
    """A row for each ansible-core: its own tests, and every module on a host with each Python.

    C(before): the table that there is, of which rows are kept if only others are asked for.
    """
    there = {target: target.make() for target in TARGETS}
    heads = ["ansible-core", "on Python", "unit tests", "taken on"]
    for target in TARGETS:
        library = f"cryptography {target.version('cryptography')}" if there[target] else "not here"
        heads.append(f"host: {target.pythons[0]}, {library}")
    rows = [_line(heads), _line(["---"] * len(heads))]
    if locks and before[:2] != rows:
        sys.exit("The columns are others than those of the table in README.md. Run all of it.")
    for number, core in enumerate(CORES, len(rows)):
        if locks and core.lock not in locks:
            rows.append(before[number])
            continue
        if not core.make():
            rows.append(_line([core.lock, "not here", *["not run"] * (len(heads) - 2)]))
            continue
        version = core.version("ansible-core")
        python = subprocess.run([core.python, "-V"], check=True, capture_output=True, text=True).stdout.split()[1]
        row = [version, python, run(core, f"{version}-unit"), f"{datetime.now(timezone.utc):%Y-%m-%d}"]
        for target in TARGETS:
            if not there[target] or (core != NEWEST and target not in ENDS):
                row.append("not run")
                continue
            name = f"{version}-{target.lock}-{target.pythons[0]}"
            passed = run(core, name, ON_TARGET, **{TARGET_PYTHON: str(target.python)})
            row.append("passed" if passed == "1 passed" else "**failed**")
        rows.append(_line(row))
    return rows


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def main(locks: list[str]) -> None:
    LOGS.mkdir(parents=True, exist_ok=True)
    text = README.read_text()
    head, rest = text.split(BEGIN)
    written, tail = rest.split(END)
    rows = table([line for line in written.splitlines() if line.startswith("|")], locks)
    README.write_text("\n".join([f"{head}{BEGIN}", "", *rows, "", BELOW, "", f"{END}{tail}"]))


if __name__ == "__main__":
    main(sys.argv[1:])
