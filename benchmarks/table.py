# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Markdown of what was measured. A bound that was not reached is said in capital letters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

BEGIN, END = "<!-- Written by make bench, from here -->", "<!-- to here -->"
DAY = len("2026-01-01")


def insert(page: str, results: Mapping[str, Any]) -> str:
    """The page with the results in place of those that stand between the marks."""
    before, begin, rest = page.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"The page has no place for the results: {BEGIN} and {END}.")
    return f"{before}{BEGIN}\n\n{markdown(results)}\n{END}{after}"


def markdown(results: Mapping[str, Any]) -> str:
    """All tables: the bounds first, then what they were taken on, then every figure."""
    names = _names(results["runs"])
    parts = [
        "## Bounds",
        *_bounds(results["measures"], names),
        "",
        "## Machine and versions",
        *_taken_on(results["runs"], names),
    ]
    for measure in results["measures"]:
        note = f"{measure['note']} Taken on {names[measure['run']]}."
        parts += ["", f"## {measure['title']}", "", note, *_measure(measure)]
    return "\n".join(parts) + "\n"


def _names(runs: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """What the page calls each run: its day, with the time where several are of one day."""
    taken = [run["taken"] for run in runs]
    of_the_day = Counter(name[:DAY] for name in taken)
    return {name: name if of_the_day[name[:DAY]] > 1 else name[:DAY] for name in taken}


def _bounds(measures: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> list[str]:
    rows = [
        [
            measure["title"],
            finding["title"],
            _value(finding),
            _value({**finding, "value": finding["bound"]}),
            verdict(finding),
            names[measure["run"]],
        ]
        for measure in measures
        for finding in measure["findings"]
        if finding["bound"] is not None
    ]
    return _table(["measure", "what to what", "measured", "at most", "", "taken on"], rows)


def verdict(finding: Mapping[str, Any]) -> str:
    """Only a finding that has a bound has one."""
    return {True: "reached", False: "**NOT REACHED**", None: ""}[finding["reached"]]


def _taken_on(runs: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> list[str]:
    """One column for each run. What a run does not know, as one of an older version, stays empty."""
    rows = [
        [fact, *(run[section].get(fact, "") for run in runs)]
        for section in ("machine", "versions", "settings")
        for fact in dict.fromkeys(fact for run in runs for fact in run[section])
    ]
    parts = ["parts measured", *(", ".join(run["parts"]) for run in runs)]
    return _table(["taken on", *(names[run["taken"]] for run in runs)], [*rows, parts])


def _measure(measure: Mapping[str, Any]) -> list[str]:
    figures = [
        [series["name"], _figure(series["median"], series["unit"]), _spread(series, series["unit"])]
        for series in measure["series"]
    ]
    findings = [
        [finding["title"], _value(finding), _spread(finding, finding["unit"]), verdict(finding)]
        for finding in measure["findings"]
    ]
    return [
        *_table(["", "median", "lowest to highest"], figures),
        *(_table(["", "measured", "lowest to highest", ""], findings) if findings else []),
    ]


def _value(finding: Mapping[str, Any]) -> str:
    return _figure(finding["value"], finding["unit"])


def _spread(facts: Mapping[str, Any], unit: str) -> str:
    return f"{_figure(facts['lowest'], unit)} to {_figure(facts['highest'], unit)}"


def _figure(value: float, unit: str) -> str:
    """Three digits that count, or all before the point; a ratio has no unit."""
    digits = 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 1 else 3
    return f"{value:,.{digits}f} {unit}".rstrip()


def _table(heads: list[str], rows: list[list[str]]) -> list[str]:
    lines = [heads, ["---"] * len(heads), *rows]
    return ["", *("| " + " | ".join(cells) + " |" for cells in lines)]
