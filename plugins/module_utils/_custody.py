# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The custody log as a chain of lines: what holds it together, what does not fit, what comes next. Bytes in, values out.

Line n carries the number n and, as C(previous), the SHA-256 of the bytes of line n - 1 with its line feed; line 1 carries
64 zeros. The SHA-256 of the last line is the log's head. So a head that is kept elsewhere, an anchor, pins every line up
to its own. The chain by itself cannot show that lines are missing at its end, or that all of it was written anew.

What follows the last line feed is an unfinished line, if it is the beginning of one: an append was interrupted. It never
was a part of the log; the line that takes its place carries its size and SHA-256 as C(discarded).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ._custody_line import LONGEST_LINE, CustodyError, Entry, parse, render, same, time_text

# Some 20,000 lines; the life of a tenant has some hundred. Bounds time and memory of reading a file that is none.
LARGEST_LOG = 8 * 1024 * 1024
NOTHING_BEFORE = "0" * 64
# A file with more is no log any more.
MOST_PROBLEMS = 100
# Lists and objects. Each takes three bytes of a line and seventy of memory; a line of a log has some ten at most.
MOST_PARTS = 250_000

# The kinds of problems.
FORM = "form"  # not a line of a log
CHANGED = "changed"  # the hash of the line before is another one
MISSING = "missing"  # numbers are left out
MISPLACED = "misplaced"  # reordered, inserted or repeated
INCOMPLETE = "incomplete"  # an unfinished line at the end
CUT_OFF = "cut_off"  # shorter than the anchor says
REWRITTEN = "rewritten"  # not what the anchor was taken from
TOO_MANY = "too_many"  # what follows was not looked at


@dataclass(frozen=True)
class Problem:
    """What does not fit, and in which line of the file, counted from 1."""

    line: int
    kind: str
    message: str


@dataclass(frozen=True)
class Log:
    """What was read.

    ``entries``: what each complete line says, None where it says nothing that can be read. ``hashes``: of each complete
    line. ``unfinished``: what follows the last line feed, None where nothing does; empty only where the file is.
    ``whole``: not where there was so much that is no line of a log that looking on would have been a waste.
    """

    entries: tuple[Entry | None, ...] = ()
    hashes: tuple[str, ...] = ()
    unfinished: bytes | None = None
    problems: tuple[Problem, ...] = ()
    whole: bool = True

    @property
    def head(self) -> str:
        """The hash that the next line has to carry."""
        return self.hashes[-1] if self.hashes else NOTHING_BEFORE

    @property
    def damage(self) -> tuple[Problem, ...]:
        """The problems less an unfinished line, which is one that the next append mends."""
        return tuple(problem for problem in self.problems if problem.kind != INCOMPLETE)

    @property
    def events(self) -> list[Entry]:
        """What could be read, in the order of the file."""
        return [entry for entry in self.entries if entry is not None]


def digest(line: bytes) -> str:
    """What the next line carries, and the head if there is none."""
    return hashlib.sha256(line).hexdigest()


def read(content: bytes) -> Log:
    """Read a log, whole or damaged, or anything else: raises nothing, takes time and memory in proportion to its size."""
    entries: list[Entry | None] = []
    hashes: list[str] = []
    faults: dict[int, str] = {}
    end = parts = 0
    for line in _lines(content):
        end += len(line)
        parts += line.count(b"[") + line.count(b"{")
        hashes.append(digest(line))
        try:
            if parts > MOST_PARTS:
                raise CustodyError(f"has, with the lines before it, more than {MOST_PARTS} lists and objects")
            entries.append(parse(line))
        except CustodyError as fault:
            entries.append(None)
            faults[len(entries)] = str(fault)
            if len(faults) == MOST_PROBLEMS or parts > MOST_PARTS:
                break
    whole = len(faults) < MOST_PROBLEMS and parts <= MOST_PARTS
    unfinished = content[end:] if whole and not content.endswith(b"\n") else None
    problems = _first(_problems(entries, hashes, faults, unfinished))
    return Log(tuple(entries), tuple(hashes), unfinished, tuple(problems), whole)


def follow(log: Log, facts: Mapping[str, Any], now: datetime) -> bytes:
    """The line that comes next and says this (see L{_custody_line.facts})."""
    entry = {"seq": len(log.hashes) + 1, "time": time_text(now), **facts}
    if log.unfinished is not None:
        entry["discarded"] = {"size": len(log.unfinished), "sha256": digest(log.unfinished)}
    return render({**entry, "previous": log.head})


def grown(log: Log, line: bytes) -> Log:
    """The log with the line that L{follow} gave for it."""
    return replace(
        log,
        entries=(*log.entries, parse(line)),
        hashes=(*log.hashes, digest(line)),
        unfinished=None,
        problems=log.damage,
    )


def is_known(log: Log, facts: Mapping[str, Any]) -> bool:
    """Whether the last line about the same event, subject, tenant and case has the same details."""
    about = ("event", "subject", "tenant", "case")
    for entry in reversed(log.events):
        if all(entry[name] == facts[name] for name in about):
            return same(entry["details"], facts["details"])
    return False


def against_anchor(log: Log, seq: int, head: str) -> Problem | None:
    """What is wrong if the log once had ``seq`` lines and this head; None if it has grown from there and nothing else."""
    if log.whole and len(log.hashes) < seq:
        return Problem(
            seq,
            CUT_OFF,
            f"The anchor was taken from a log of {seq} lines, this one has {len(log.hashes)}: its end was cut off, or it"
            " is another log.",
        )
    if log.hashes[seq - 1 : seq] == (head,):
        if all(problem.line > seq for problem in log.problems):
            return None
        return Problem(seq, REWRITTEN, f"Line {seq} is the anchored one, but what comes before it is damaged.")
    if head in log.hashes:
        place = log.hashes.index(head) + 1
        return Problem(
            seq, REWRITTEN, f"The anchored line {seq} is line {place} now: lines were taken out or put in before it."
        )
    return Problem(
        seq,
        REWRITTEN,
        f"Line {seq} is not the anchored one: it, or a line before it, was written anew since, or this is another log.",
    )


# -- what does not fit -------------------------------------------------------------------------------------------------


def _lines(content: bytes) -> Iterator[bytes]:
    """The complete lines, line feeds included."""
    start = 0
    while end := content.find(b"\n", start) + 1:
        yield content[start:end]
        start = end


def _first(problems: Iterator[Problem]) -> Iterator[Problem]:
    """No more than are of use."""
    for count, problem in enumerate(problems, 1):
        if count == MOST_PROBLEMS:
            yield Problem(
                problem.line, TOO_MANY, f"From line {problem.line} on there are more problems than are listed here."
            )
            return
        yield problem


def _problems(
    entries: list[Entry | None], hashes: list[str], faults: Mapping[int, str], unfinished: bytes | None
) -> Iterator[Problem]:
    lines: dict[str, int] = {}
    for number, found in enumerate(hashes, 1):
        lines.setdefault(found, number)
    due, previous = 1, NOTHING_BEFORE
    for number, (entry, found) in enumerate(zip(entries, hashes), 1):
        if entry is None:
            yield Problem(number, FORM, f"Line {number} {faults[number]}.")
            due += 1
        else:
            if (entry["seq"], entry["previous"]) != (due, previous):
                yield _misfit(number, due, entry, lines[found], lines.get(entry["previous"]))
            due = entry["seq"] + 1
        previous = found
    if unfinished is not None:
        yield _ending(len(hashes) + 1, unfinished)


def _misfit(number: int, due: int, entry: Entry, first: int, after: int | None) -> Problem:
    """Why line ``number`` does not follow the one before it, or is not numbered as ``due``.

    ``first``: the first line of these bytes. ``after``: the line that it was written to follow, None if that is not there.
    """
    seq = entry["seq"]
    if first < number:
        return Problem(number, MISPLACED, f"Line {number} repeats line {first}.")
    if after not in (None, number - 1):
        text = f"Line {number} was written to follow line {after}: lines were reordered, taken out or put in before it."
        return Problem(number, MISPLACED, text)
    if seq > due:
        return Problem(number, MISSING, f"The lines numbered {due} to {seq - 1} are missing before line {number}.")
    if seq < due:
        return Problem(
            number, MISPLACED, f"Line {number} is numbered {seq}, where {due} is due: lines were put in before it."
        )
    if number == 1:
        return Problem(
            number, CHANGED, "Line 1 names a line before it: it was changed, or what came before it was taken out."
        )
    text = (
        f"Line {number} does not carry the hash of line {number - 1}: one of the two was changed after it was written."
    )
    return Problem(number, CHANGED, text)


def _ending(number: int, unfinished: bytes) -> Problem:
    """What an interrupted append may leave: the beginning of the next line, or zeros after a power failure."""
    due = b'{"seq":%d,"time":"' % number
    length = min(len(due), len(unfinished))
    if not unfinished:
        return Problem(
            number, INCOMPLETE, "The file is empty, and no append leaves that. The next one puts it on record."
        )
    if len(unfinished) < LONGEST_LINE and (unfinished[:length] == due[:length] or not unfinished.strip(b"\0")):
        return Problem(
            number,
            INCOMPLETE,
            f"Line {number} is unfinished ({len(unfinished)} bytes): an append was interrupted, or the line was cut. The next"
            " append puts it on record.",
        )
    return Problem(number, FORM, f"Line {number} is not complete, nor is it the beginning of a line.")
