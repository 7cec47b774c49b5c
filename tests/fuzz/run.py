# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""run.py [--seconds N | --runs N] [--seed N] [--grow] [TARGET...]: fuzzes each target (targets.py), guided by coverage.

Nothing but the project's own error may come out, no input may take longer than a limit that is meant for endless loops, nor
more memory than another. Everything lies in .build/fuzz: what each target starts from (seeds), what --grow keeps of one run
for the next (corpus), logs, and the inputs that were found to break something (findings).
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import platform
import random
import re
import runpy
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
# Makes the collection importable from the checkout.
TREE: Path = runpy.run_path(str(HERE.parent / "conftest.py"))["TREE"]
sys.path.insert(0, str(HERE.parent))

import corpus  # noqa: E402
import figures  # noqa: E402
from targets import TARGETS  # noqa: E402

BUILD = TREE.parent / "fuzz"
LIMITS = {"timeout": 20, "rss_limit_mb": 200, "max_len": 2 * corpus.LARGEST}
# What tools/gates.py takes for a part that this machine cannot run.
SKIPPED = 77
ROW = "{:18}{:>10}{:>10}{:>12}{:>12}{:>10}{:>10}"


@dataclass
class Outcome:
    """What libFuzzer says at a target's end."""

    name: str
    log: str
    failed: bool

    def number(self, pattern: str) -> int:
        """The last number that stands behind something; 0 where nothing does."""
        found = re.findall(pattern + r"\s*([0-9]+)", self.log)
        return int(found[-1]) if found else 0

    @property
    def inputs(self) -> int:
        """How many inputs were tried. A run that ended at a finding gives no sum, but numbers them."""
        return self.number(r"number_of_executed_units:") or self.number(r"(?m)^#")

    def row(self) -> str:
        """A line of the table."""
        first = re.search(r"INITED cov: ([0-9]+)", self.log)
        last = self.number(r" cov:")
        seconds = self.number(r"Done [0-9]+ runs in")
        return ROW.format(
            self.name,
            self.inputs,
            self.inputs // max(seconds, 1),
            last,
            f"+{last - int(first[1])}" if first else "",
            self.number(r" corp:"),
            f"{self.number(r'peak_rss_mb:')} MB",
        )

    def way(self) -> str:
        """How it came to the finding: the exception's way, or libFuzzer's sentence about time or memory."""
        begun = re.search(r"(?m)^ *=== Uncaught Python exception|^==[0-9]+== ?ERROR|^ALARM", self.log)
        return self.log[begun.start() :][:6000].rstrip() if begun else self.log[-2000:].rstrip()


def fuzz(name: str, options: argparse.Namespace, seed: int, found: Path) -> Outcome:
    """Run one target. C{found}: where it keeps the inputs that reach what none before has reached."""
    limits = LIMITS | ({"max_total_time": options.seconds} if options.runs is None else {"runs": options.runs})
    for folder in (BUILD / "logs", BUILD / "findings", found):
        folder.mkdir(parents=True, exist_ok=True)
    command = [
        *(sys.executable, str(HERE / "one.py"), name, f"-seed={seed}", "-print_final_stats=1"),
        *(f"-{option}={value}" for option, value in limits.items()),
        *(f"-dict={HERE / 'tokens.dict'}", f"-artifact_prefix={BUILD / 'findings' / name}-"),
        *(str(found), str(BUILD / "seeds" / name)),
    ]
    log = BUILD / "logs" / f"{name}.log"
    with log.open("w", encoding="utf-8") as output:
        # The order in which Python goes through a set shall not differ from run to run.
        environment = {**os.environ, "PYTHONPATH": str(TREE), "PYTHONHASHSEED": "0"}
        status = subprocess.run(
            command, env=environment, stdout=output, stderr=subprocess.STDOUT, check=False
        ).returncode
    return Outcome(name, log.read_text(encoding="utf-8", errors="replace"), status != 0)


def show(finding: Outcome) -> None:
    """What was found, and how to see it again."""
    written = re.findall(r"Test unit written to (\S+)", finding.log)
    print(f"\n{finding.name}: found something")
    print(f"{finding.way()}\n")
    for path in written:
        print(f"    {path}\n    again: PYTHONPATH={TREE} {sys.executable} {HERE / 'one.py'} {finding.name} {path}\n")


def main(options: argparse.Namespace) -> int:
    """Run the targets one after the other, print the table."""
    names = options.targets or list(TARGETS)
    if unknown := set(names) - set(TARGETS):
        print(f"No target is called {' or '.join(sorted(unknown))}. There are: {', '.join(TARGETS)}.")
        return 1
    if importlib.util.find_spec("atheris") is None:
        print(f"There is no atheris for this machine ({platform.machine()}).")
        return SKIPPED
    seed = options.seed or random.randrange(1, 2**31)  # noqa: S311
    corpus.make(BUILD / "seeds")
    print(f"seed {seed}")
    print(ROW.format("target", "inputs", "a second", "coverage", "of it new", "corpus", "peak"), flush=True)
    outcomes = []
    for name in names:
        with tempfile.TemporaryDirectory() as scratch:
            outcomes.append(fuzz(name, options, seed, BUILD / "corpus" / name if options.grow else Path(scratch)))
        print(outcomes[-1].row(), flush=True)
        if outcomes[-1].failed:
            show(outcomes[-1])
    failed = sum(outcome.failed for outcome in outcomes)
    print(figures.line("inputs fuzzed", sum(outcome.inputs for outcome in outcomes)))
    print(f"{len(names) - failed} passed" + (f", {failed} failed" if failed else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    amount = parser.add_mutually_exclusive_group()
    amount.add_argument("--seconds", type=int, default=600, help="for each target (600)")
    amount.add_argument("--runs", type=int, help="inputs for each target, instead of seconds")
    parser.add_argument(
        "--seed", type=int, help="a number from an earlier run; with --runs and without --grow, that run again"
    )
    parser.add_argument("--grow", action="store_true", help="go on from what earlier runs have kept")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    sys.exit(main(parser.parse_args()))
