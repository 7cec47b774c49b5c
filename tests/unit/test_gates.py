# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/gates.py and tools/offline: what is not tested, or tested with the network, is seen."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parents[2] / "tools"
sys.path.insert(0, str(TOOLS))
try:
    import gates
finally:
    sys.path.remove(str(TOOLS))

NO_PYTHON = "echo 'No working Python 3.9.'; exit 77"


@pytest.fixture(params=[True, False], ids=["in CI", "elsewhere"])
def in_ci(request, monkeypatch):
    monkeypatch.setenv("CI", "true" if request.param else "")
    return request.param


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs one part as gates.py does."""
    monkeypatch.setattr(gates, "CHECKOUT", tmp_path)
    monkeypatch.setattr(gates, "LOGS", tmp_path)
    monkeypatch.setattr(gates, "NOT_TESTED", [])
    monkeypatch.setattr(gates, "NOT_OFFLINE", gates.Counter())

    def run(command, **more):
        return gates.run(gates.Part("part", command, folder=tmp_path, online=True, **more))

    return run


def test_a_part_that_skips_itself_fails_in_ci(run, in_ci, capsys):
    assert run(NO_PYTHON) == ({"failed": 1} if in_ci else {"skipped": 1})
    assert "No working Python 3.9." in capsys.readouterr().out
    not_tested = [] if in_ci else ["part. No working Python 3.9."]
    assert not_tested == gates.NOT_TESTED


def test_what_no_debian_package_brings_may_be_missing_in_ci_and_the_summary_says_so(run, in_ci):
    assert run(NO_PYTHON, rare=True) == {"skipped": 1}
    assert gates.NOT_TESTED == ["part. No working Python 3.9."]


def test_a_program_that_a_debian_package_brings_may_not(run, in_ci):
    assert run("true", needs=("no-such-program",), rare=True) == ({"failed": 1} if in_ci else {"skipped": 1})
    not_tested = [] if in_ci else ["part. Not here: no-such-program."]
    assert not_tested == gates.NOT_TESTED


def test_only_what_takes_another_python_or_processor_is_rare(tmp_path):
    rare = {part.name for part in gates.all_parts(tmp_path) if part.rare}
    assert rare == {"unit-newest", "unit-oldest", "leaks-2.20", "leaks-2.22", "leaks-newest", "fuzz"}


def test_the_summary_counts_the_parts_that_ran_with_the_network(run):
    for _time in range(2):
        assert run("echo 'NOT OFFLINE: of a reason.'; echo '3 passed in 1 s'") == {"passed": 3}
    assert gates.NOT_OFFLINE == {"of a reason.": 2}


def offline(folder, user):
    """tools/offline where C(id) says this user and C(unshare) always fails."""
    for name, script in {"id": f"echo {user}", "unshare": "exit 1"}.items():
        program = folder / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
    environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
    return subprocess.run(
        [TOOLS / "offline", "echo", "done"], env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(("user", "reason"), [(0, "unshare --net has failed;"), (1000, "only root")])
def test_where_the_network_cannot_be_cut_off_it_says_so(tmp_path, user, reason):
    ran = offline(tmp_path, user)
    assert (ran.returncode, ran.stdout) == (0, "done\n")
    assert ran.stderr.startswith(f"NOT OFFLINE: {reason}")
