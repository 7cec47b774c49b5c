# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Markdown of what was measured. A bound that was not reached is said in capital letters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

BEGIN, END = "<!-- Written by make bench, from here -->", "<!-- to here -->"


def insert(page: str, results: Mapping[str, Any]) -> str:
    """The page with the results in place of those that stand between the marks."""
    before, begin, rest = page.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"The page has no place for the results: {BEGIN} and {END}.")
    return f"{before}{BEGIN}\n\n{markdown(results)}\n{END}{after}"


def markdown(results: Mapping[str, Any]) -> str:
    """All tables: the bounds first, then what they were taken on, then every figure."""
    parts = ["## Bounds", *_bounds(results["measures"]), "", "## Machine and versions", *_taken_on(results)]
    for measure in results["measures"]:
        parts += ["", f"## {measure['title']}", "", measure["note"], *_measure(measure)]
    return "\n".join(parts) + "\n"


def _bounds(measures: Iterable[Mapping[str, Any]]) -> list[str]:
    rows = [
        [
            measure["title"],
            finding["title"],
            _value(finding),
            _value({**finding, "value": finding["bound"]}),
            verdict(finding),
        ]
        for measure in measures
        for finding in measure["findings"]
        if finding["bound"] is not None
    ]
    return _table(["measure", "what to what", "measured", "at most", ""], rows)


def verdict(finding: Mapping[str, Any]) -> str:
    """Only a finding that has a bound has one."""
    return {True: "reached", False: "**NOT REACHED**", None: ""}[finding["reached"]]


def _taken_on(results: Mapping[str, Any]) -> list[str]:
    facts = {"taken on": results["taken"], **results["machine"], **results["versions"], **results["settings"]}
    return _table(["", ""], [[name, value] for name, value in facts.items()])


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
