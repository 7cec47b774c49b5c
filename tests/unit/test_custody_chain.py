# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The chain of a custody log: whatever is done to a line is found and named, and what is no log is no trouble."""

from __future__ import annotations

import json
import tracemalloc
from datetime import timedelta

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils import _custody, _custody_line
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._custody_line import CustodyError
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import TpdError
from hypothesis import given
from hypothesis import strategies as st

from .custody_made import START, ZEROS, chained, examples, found, lines, said, sha256
from .work import steps

LINES = lines()
LOG = b"".join(LINES)


def damaged(content: bytes) -> bool:
    """Whether the log itself shows that it is not what was written."""
    return bool(_custody.read(content).problems)


def told(content: bytes, written: list[bytes] = LINES) -> bool:
    """Whether the log, or the anchor that was taken from what was written, shows it."""
    log = _custody.read(content)
    return bool(log.problems) or _custody.against_anchor(log, len(written), sha256(written[-1])) is not None


def test_the_format_as_it_is_documented():
    """Read with nothing but json and hashlib."""
    previous = ZEROS
    for number, line in enumerate(LOG.splitlines(keepends=True), 1):
        entry = json.loads(line)
        assert list(entry) == [
            *("seq", "time", "event", "actor", "host", "tenant", "case", "subject", "details", "previous"),
        ]
        assert (entry["seq"], entry["previous"], entry["details"]["name"]) == (number, previous, "Zürich")
        assert line.isascii()
        previous = sha256(line)
    log = _custody.read(LOG)
    assert (log.head, log.problems, log.unfinished, len(log.events)) == (previous, (), None, len(LINES))
    assert log.events[0]["time"] == "2026-03-02T09:15:00Z"


def test_every_single_byte():
    """Each byte changed in several ways, taken out, or joined by another one: the chain tells, in the last line the anchor."""
    written = LINES[:3]
    log, last = b"".join(written), len(b"".join(written[:-1]))
    for offset in range(len(log)):
        before, byte, after = log[:offset], log[offset], log[offset + 1 :]
        others = {byte ^ 1, byte ^ 0x80, ord("\n"), ord("0"), ord(" ")} - {byte}
        for other in others:
            changed = before + bytes([other]) + after
            assert damaged(changed) if offset < last else told(changed, written), (offset, other)
            assert told(before + bytes([other, byte]) + after, written), (offset, other)
        assert damaged(before + after) if offset < last else told(before + after, written), offset


@examples(500)
@given(st.integers(0, len(LOG)), st.integers(0, len(LOG)), st.binary(max_size=400) | st.sampled_from(LINES))
def test_any_piece_exchanged(one, other, piece):
    start, end = sorted((one, other))
    changed = LOG[:start] + piece + LOG[end:]
    if changed != LOG:
        assert told(changed)


@examples(300)
@given(st.permutations(LINES), st.integers(1, len(LINES)))
def test_any_other_order(order, count):
    """Some of the lines in any order: only the beginning of the log is a log, and the anchor tells that from the whole."""
    content = b"".join(order[:count])
    assert damaged(content) == (order[:count] != LINES[:count])
    assert told(content) == (order != LINES or count < len(LINES))


FORGED = _custody.follow(_custody.read(b"".join(LINES[:3])), said(subject="forged"), START)
CHANGED = LINES[2].replace(b"Erika", b"Frank")


@pytest.mark.parametrize(
    ("content", "problems", "words"),
    [
        ([*LINES[:2], CHANGED, *LINES[3:]], [(4, "changed")], "Line 4 does not carry the hash of line 3"),
        (
            [LINES[0].replace(b"Erika", b"Frank"), *LINES[1:]],
            [(2, "changed")],
            "Line 2 does not carry the hash of line 1",
        ),
        ([*LINES[:2], b"{}\n", *LINES[3:]], [(3, "form"), (4, "changed")], "Line 3 carries no valid seq"),
        ([*LINES[:2], b"\n", *LINES[2:]], [(3, "form"), (4, "misplaced")], "Line 3 is not a JSON object"),
        ([*LINES[:2], *LINES[3:]], [(3, "missing")], "The lines numbered 3 to 3 are missing before line 3."),
        ([*LINES[:1], *LINES[4:]], [(2, "missing")], "The lines numbered 2 to 4 are missing before line 2."),
        (LINES[2:], [(1, "missing")], "The lines numbered 1 to 2 are missing before line 1."),
        ([*LINES[:3], LINES[2], *LINES[3:]], [(4, "misplaced")], "Line 4 repeats line 3."),
        (
            [*LINES[:2], LINES[3], LINES[2], *LINES[4:]],
            [(3, "misplaced"), (4, "misplaced"), (5, "misplaced")],
            "line 4",
        ),
        ([*LINES[:3], FORGED, *LINES[3:]], [(5, "misplaced")], "Line 5 was written to follow line 3"),
        ([*LINES[:3], FORGED, *LINES[4:]], [(5, "changed")], "Line 5 does not carry the hash of line 4"),
        ([*LINES, *LINES], [(7, "misplaced")], "Line 7 repeats line 1."),
        ([*LINES, FORGED], [(7, "misplaced")], "Line 7 was written to follow line 3"),
    ],
)
def test_what_was_done_is_named(content, problems, words):
    content = b"".join(content)
    assert found(content) == problems
    assert words in " ".join(problem.message for problem in _custody.read(content).problems)


def test_lines_that_only_a_forger_writes():
    """The hash before is right, the number is not, or the other way round."""
    numbered = chained({}, {}, {}).replace(b'{"seq":3', b'{"seq":%d')
    assert found(numbered % 5) == [(3, "missing")]
    assert found(numbered % 2) == [(3, "misplaced")]
    assert found(chained({}).replace(ZEROS.encode(), b"1" * 64)) == [(1, "changed")]


@pytest.mark.parametrize(
    "piece",
    [
        *(line for line in (b"\n", b"{}\n", b"[]\n", b"null\n", b"\xff\xfe\n", LINES[0].replace(b":", b": "))),
        LINES[0].replace(b"\n", b"\r\n"),
        LINES[0].replace(b"\\u00fc", "ü".encode()),
        *(b'{"seq":1,"time":"2026-03-02T09:15:00Z",%s\n' % (b"[" * 20000 + b"]" * size) for size in (0, 20000)),
    ],
)
def test_no_line_of_a_log(piece):
    with pytest.raises(CustodyError):
        _custody_line.parse(piece)
    assert (1, "form") in found(piece)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("seq", [None, "1", 1.0, True, -1, 2**53, 10**5000]),
        (
            "time",
            [None, 0, "", "2026-03-02", "2026-02-30T00:00:00Z", "2026-03-02T09:15:60Z", "2026-03-02T09:15:00+00:00"],
        ),
        ("event", [None, "", "Created", "a b", "a" * 33, "\u0660"]),
        ("actor", [None, "", 1, "\ud800"]),
        ("host", [None, ""]),
        ("tenant", [1, "", []]),
        ("case", [1, ""]),
        ("subject", [1, "", {}]),
        ("details", [None, [], "", {"a": [[[[[[[[]]]]]]]]}, {"a": "\udfff"}, {"\udfff": 1}]),
        ("previous", [None, 0, "", "0" * 63, "A" * 64, "0" * 65]),
        ("discarded", [None, 1, {}, {"size": 1}, {"size": "1", "sha256": ZEROS}, {"size": 1, "sha256": "x"}]),
        ("more", [[[[[[[[[[]]]]]]]]]]),
    ],
)
def test_a_field_that_is_none(field, values):
    """In lines whose chain is in order, so that nothing but the field gives them away."""
    for value in values:
        try:
            content = chained({}, {field: value})
        except ValueError:
            continue  # a number with too many digits for this Python, which therefore cannot read it either
        assert (2, "form") in found(content), value
        (problem,) = _custody.read(content).problems[:1]
        assert len(problem.message) < 100


def test_what_a_later_release_may_write():
    """Other events and more fields are read, and held together by the chain like everything else."""
    content = chained({"event": "escrowed", "details": {"facts": {"a": [1.5, None, True]}}, "version": 2}, {})
    assert found(content) == []
    assert _custody.read(content).events[0]["version"] == 2


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)
FIELDS = ("seq", "time", "event", "actor", "host", "tenant", "case", "subject", "details", "previous", "discarded")
ENTRIES = st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, JSON))


@examples(100)
@given(st.lists(st.binary(max_size=60) | JSON | ENTRIES | st.sampled_from(LINES), max_size=8), st.booleans())
def test_anything_at_all(parts, ended):
    """Nothing that a file may hold raises anything, and whatever is taken for a line is the only way to write it."""
    raw = [part if isinstance(part, bytes) else json.dumps(part, separators=(",", ":")).encode() for part in parts]
    content = b"".join(part if part.endswith(b"\n") else part + b"\n" for part in raw)[: None if ended else -1]
    log = _custody.read(content)
    assert log.problems or b"".join(map(_custody_line.render, log.events)) == content
    for message in (problem.message for problem in log.problems):
        assert message.endswith(".")
        assert "\n" not in message


@examples(300)
@given(st.binary() | JSON.map(lambda value: json.dumps(value, separators=(",", ":")).encode() + b"\n"))
def test_a_line_of_anything(line):
    """Nothing but the project's error comes out."""
    try:
        entry = _custody_line.parse(line)
    except TpdError:
        return
    assert _custody_line.render(entry) == line


def test_huge_files_that_are_no_log():
    """Refused with no more work than the largest log takes, and mostly with next to none, however little of a log is in them."""
    size = _custody.LARGEST_LOG
    hostile = [
        b"\n" * size,
        b"[" * size,
        b"{" * 16000 + b"\n",
        b'{"a":' * (size // 5),
        b"\0" * size,
        b"\xff\n" * (size // 2),
    ]
    hostile += [chained({})[:-1] * 30000, chained({}) * 30000, b"1" * size]
    for content in hostile:
        taken, log = steps(_custody.read, content[:size])
        assert taken < (8_000_000 if content.startswith(chained({})) else 10_000)
        assert 0 < len(log.problems) <= _custody.MOST_PROBLEMS
        assert log.damage
    many = _custody.read(b"\n" * 1000)
    assert (many.whole, many.problems[-1].kind) == (False, "too_many")
    assert _custody.against_anchor(many, 500, ZEROS).kind == "rewritten"


def test_a_full_log_is_read_in_linear_time():
    entry = {**said(), "time": "2026-03-02T09:15:00Z"}
    small, large = (chained(*[entry] * count) for count in (1000, 8000))
    assert (found(small), found(large)) == ([], [])
    assert steps(_custody.read, large)[0] < 8.1 * steps(_custody.read, small)[0]
    tracemalloc.start()
    _custody.read(small)
    assert tracemalloc.get_traced_memory()[1] < 20 * len(small)
    tracemalloc.stop()


def test_the_longest_line():
    """Whatever may be logged fits, also with the largest number and an unfinished line before it."""
    texts = dict.fromkeys(("actor", "host", "tenant", "case"), "x " * 250)
    fact = said(details={str(number): "x " * 250 for number in range(15)}, **texts, subject="\U0001f511" * 470)
    assert len(_custody_line.render(fact)) > _custody_line.LARGEST_FACTS - 600
    line = _custody.follow(_custody.Log((), ("f" * 64,) * 10**6, b"x" * _custody.LARGEST_LOG), fact, START)
    assert len(line) <= _custody_line.LONGEST_LINE
    assert _custody_line.parse(line)["discarded"]["size"] == _custody.LARGEST_LOG


@pytest.mark.parametrize("count", range(len(LINES) + 1))
def test_the_anchor(count):
    """It holds what the log was; what came after it may be anything that the chain allows."""
    seq, head = 3, sha256(LINES[2])
    log = _custody.read(b"".join(LINES[:count]))
    problem = _custody.against_anchor(log, seq, head)
    assert (problem and problem.kind) == (None if count >= seq else "cut_off")


@pytest.mark.parametrize(
    ("content", "kind", "words"),
    [
        ([*LINES[:4], LINES[5]], None, ""),  # damage behind the anchor is not the anchor's
        ([LINES[0], CHANGED, *LINES[2:]], "rewritten", "what comes before it is damaged"),
        (LINES[1:], "rewritten", "is line 2 now"),
        ([LINES[0], LINES[0], *LINES[1:]], "rewritten", "is line 4 now"),
        (lines(6, START + timedelta(seconds=1)), "rewritten", "is not the anchored one"),
        ([], "cut_off", "this one has 0"),
    ],
)
def test_what_the_anchor_tells(content, kind, words):
    problem = _custody.against_anchor(_custody.read(b"".join(content)), 3, sha256(LINES[2]))
    assert (problem and problem.kind) == kind
    assert problem is None or (words in problem.message and problem.line == 3)
