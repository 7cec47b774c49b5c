# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is kept of the runs: a run replaces the parts that it has measured, in results.json and in docs/benchmarks.md.

Results are {"runs": [...], "measures": [...]}. A run has "taken", which no other run has, "machine", "versions", "settings"
and "parts". A measure has the "part" that it came of and, as "run", what that run has as "taken".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import collections_tree
import table

# In the order of the page, whatever was measured last.
PARTS = ("export", "export-ssh", "fleet", "reply", "floor", "tasks", "tasks-ssh", "profile")
PAGE = collections_tree.CHECKOUT / "docs" / "benchmarks.md"
RESULTS = collections_tree.CHECKOUT / "benchmarks" / "results.json"


def merge(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """The old results with the new ones in place of all that the same parts had before, and only runs that measures are of."""
    measured = {measure["part"] for measure in new["measures"]}
    measures = [
        measure
        for part in PARTS
        for measure in (new if part in measured else old)["measures"]
        if measure["part"] == part
    ]
    current = {measure["run"] for measure in measures}
    return {
        "runs": [run for run in [*old["runs"], *new["runs"]] if run["taken"] in current],
        "measures": measures,
    }


def write(new: Mapping[str, Any], quick: bool, output: Path | None) -> None:
    """Into the documentation, or with ``output`` into that folder, which gets only what was measured."""
    if output:
        output.mkdir(parents=True, exist_ok=True)
        _write(new, output / PAGE.name, output / RESULTS.name)
    elif quick:
        print(table.markdown(new))
    else:
        _write(merge(json.loads(RESULTS.read_text()), new), PAGE, RESULTS)


def _write(results: Mapping[str, Any], page: Path, file: Path) -> None:
    text = table.insert(PAGE.read_text(), results)
    file.write_text(json.dumps(results, indent=2) + "\n")
    page.write_text(text)
    print(f"Written: {page} and {file}")
