# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many tasks an export takes: each costs a fork, so one more is noticed here, and docs/benchmarks.md tells the number."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
BENCHMARKS = CHECKOUT / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))
try:
    import plays
    import tenants
finally:
    sys.path.remove(str(BENCHMARKS))

BUILTIN = "ansible.builtin."


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """The tasks of each run, by kind: before the reply, after it, and once more."""
    scratch = tmp_path_factory.mktemp("export")
    controller = plays.Controller(scratch, [CHECKOUT / ".build" / "tree"], forks=1)
    found = []
    with tenants.tenants(scratch, 1, tenants.secret()) as one:
        inventory = controller.inventory("export", one.hosts(), {**plays.local(), "export_rehearsal": True})
        for number in range(3):
            times = scratch / f"times-{number}.json"
            run = controller.play("plays/export.yml", inventory, task_times=times)
            found.append({kind: len(each) for kind, each in json.loads(times.read_text()).items()})
            if number == 0:
                one.answer()
        one.require_exported("ours")
        plays.require_unchanged(run, "ours")
    return found


def test_the_page_tells_how_many_tasks_an_export_takes(runs):
    text = " ".join((CHECKOUT / "docs" / "benchmarks.md").read_text().split())
    told = re.search(
        r"An export is (\d+) tasks .*?, (\d+) before the reply and (\d+) after it; a re-run is (\d+)\.", text
    )
    before, after, again = (sum(run.values()) for run in runs)
    assert [before + after, before, after, again] == [int(number) for number in told.groups()]


def test_no_run_starts_a_worker_for_a_task_that_is_skipped(runs):
    assert [run.get("skipped", 0) for run in runs] == [0, 0, 0]


def test_a_finished_export_is_looked_at_and_nothing_else(runs):
    assert runs[2] == {
        f"{BUILTIN}validate_argument_spec": 1,
        "infoprotect.tenant_key.case_record": 1,
        f"{BUILTIN}set_fact": 1,
        "infoprotect.tenant_key.adrms_stage": 1,
    }
