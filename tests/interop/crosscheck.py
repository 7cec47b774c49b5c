# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""crosscheck.py PROGRAM SCRATCH: what other implementations say of what the collection writes, and the reverse.

PROGRAM is the compiled TenantKey.exe, SCRATCH an empty folder. Prints every failure and a table of counts; the exit
status is 1 if anything failed. tests/interop/run calls it.
"""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
# Makes the collection importable from the checkout.
runpy.run_path(str(HERE.parent / "conftest.py"))

import against_mono  # noqa: E402
import against_openssl  # noqa: E402
import against_xmlsec  # noqa: E402
from samples import Outcome, Samples  # noqa: E402


def known_answers(program: Path, scratch: Path) -> Iterator[Outcome]:
    """The unit test of the committed fixtures, over fixtures that were made just now."""
    fixtures = scratch / "fixtures"
    subprocess.run(["mono", str(program), "make", str(fixtures)], check=True, stdout=subprocess.DEVNULL)
    test = HERE.parent / "unit" / "test_known_answers.py"
    command = [sys.executable, "-m", "pytest", "--quiet", "--tb=short", "-rA", str(test)]
    done = subprocess.run(
        command,
        check=False,
        cwd=HERE.parents[1],
        env={**os.environ, "INFOPROTECT_FIXTURES": str(fixtures)},
        capture_output=True,
        text=True,
    )
    results = re.findall(r"^(PASSED|FAILED|ERROR) \S*?::(\S+)", done.stdout, re.MULTILINE)
    for result, name in results:
        yield Outcome("we read what mono wrote", name, None if result == "PASSED" else result.lower())
    if done.returncode or not results:
        print("".join(line for line in done.stdout.splitlines(True) if not line.startswith("PASSED")), done.stderr)
    if (done.returncode == 0) != all(result == "PASSED" for result, _name in results) or not results:
        yield Outcome("we read what mono wrote", "pytest", f"exit status {done.returncode}")


def main(program: Path, scratch: Path) -> int:
    """Run everything, print the table."""
    samples = Samples()
    passed: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    for part in (
        known_answers(program, scratch),
        against_mono.outcomes(samples, program, scratch),
        against_xmlsec.outcomes(samples),
        against_openssl.outcomes(samples, scratch),
    ):
        for outcome in part:
            (failed if outcome.fault else passed)[outcome.group] += 1
            if outcome.fault:
                print(f"FAIL {outcome.group}: {outcome.name}: {outcome.fault}")
    print(f"{'cross-check':<48}{'passed':>8}{'failed':>8}")
    for group in dict.fromkeys([*passed, *failed]):
        print(f"{group:<48}{passed[group]:>8}{failed[group]:>8}")
    print(f"{passed.total()} passed, {failed.total()} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
