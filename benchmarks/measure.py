# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was measured, and what follows from it: medians, spread, ratios, and whether a bound is reached. No clock here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

# What a contestant does once, and what came out of it: figures by name, in seconds, bytes or any other unit.
Figures = Mapping[str, float]
Contestant = Callable[[int], Figures]


@dataclass(frozen=True)
class Series:
    """One figure of one contestant, once per round."""

    name: str
    unit: str  # s, ms, MiB
    samples: tuple[float, ...]

    @property
    def median(self) -> float:
        return median(self.samples)

    def facts(self) -> dict[str, Any]:
        return {
            **asdict(self),
            "samples": list(self.samples),
            "median": self.median,
            "lowest": min(self.samples),
            "highest": max(self.samples),
        }


@dataclass(frozen=True)
class Finding:
    """A figure with its bound, if it has one. It is reached where it is not exceeded; nothing is rounded before that."""

    title: str
    value: float
    unit: str  # "" for a ratio
    lowest: float  # of the rounds
    highest: float
    bound: float | None = None

    @property
    def reached(self) -> bool | None:
        return None if self.bound is None else self.value <= self.bound

    def facts(self) -> dict[str, Any]:
        return {**asdict(self), "reached": self.reached}


def ratio(title: str, ours: Series, other: Series, bound: float | None = None) -> Finding:
    """The ratio of the medians; the spread is that of the ratios within each round."""
    rounds = [mine / theirs for mine, theirs in zip(ours.samples, other.samples, strict=True)]
    return Finding(title, ours.median / other.median, "", min(rounds), max(rounds), bound)


def highest(title: str, series: Series, bound: float) -> Finding:
    """For a measure that may never be more than the bound, not even once."""
    return Finding(title, max(series.samples), series.unit, min(series.samples), max(series.samples), bound)


@dataclass
class Measure:
    """One part of the table."""

    title: str
    note: str = ""
    series: list[Series] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def facts(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "note": self.note,
            "series": [series.facts() for series in self.series],
            "findings": [finding.facts() for finding in self.findings],
        }


def alternate(
    contestants: Mapping[str, Contestant], rounds: int, say: Callable[[str], None] = print
) -> dict[str, list[Figures]]:
    """Every contestant once per round, another one first in each round, so that no one always meets a warm machine."""
    results: dict[str, list[Figures]] = {name: [] for name in contestants}
    names = list(contestants)
    for number in range(rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            figures = contestants[name](number)
            results[name].append(figures)
            say(f"  round {number + 1} of {rounds}, {name}: {shown(figures)}")
    return results


def shown(figures: Figures) -> str:
    return ", ".join(f"{name} {value:.3f}" for name, value in figures.items())


def series(name: str, unit: str, results: Sequence[Figures], figure: str, scale: float = 1.0) -> Series:
    """One figure out of what a contestant has returned in each round."""
    return Series(name, unit, tuple(figures[figure] * scale for figures in results))
