# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""custody_info through its module's main(): a log that does not fit is a result, anchors, and how long a key was exposed."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta, timezone

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils import _custody
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._custody_exposure import exposures, summary
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._custody_line import time_text

from .custody_made import START, chained, lines, sha256
from .work import steps

LINES = lines()
DAY = 86400


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "contoso.jsonl"
    path.write_bytes(b"".join(LINES))
    return path


def looked(operator, path, **anchor):
    """The same answer in check mode and without, and nothing changed."""
    before = (path.read_bytes(), path.stat().st_mtime_ns)
    answers = [operator.run("custody_info", check=check, path=str(path), **anchor) for check in (True, False)]
    for answer in answers:
        assert (answer.get("msg"), answer["changed"]) == (None, False)
        assert "diff" not in answer
        answer["exposure"].pop("seconds")
        for exposure in answer["exposures"]:
            exposure.pop("seconds")
    assert answers[0] == answers[1]
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    return answers[1]


def test_a_log_as_it_should_be(operator, log):
    answer = looked(operator, log)
    assert (answer["intact"], answer["anchored"], answer["problems"]) == (True, None, [])
    assert (answer["path"], answer["seq"], answer["head"]) == (str(log), 6, sha256(LINES[-1]))
    assert answer["events"] == [json.loads(line) for line in LINES]


def test_what_custody_log_returned_is_an_anchor(operator, tmp_path):
    path = tmp_path / "log"
    anchors = [operator.run("custody_log", path=str(path), event=event) for event in ("opened", "created", "sent")]
    for anchor in anchors:
        given = {"expected_seq": anchor["seq"], "expected_head": anchor["head"].upper()}
        answer = looked(operator, path, **given)
        assert (answer["intact"], answer["anchored"]) == (True, True)
    # All of it written anew, as whoever can write the file can do: the chain is in order, the anchor is not there.
    path.write_bytes(b"".join(LINES[:3]))
    answer = looked(operator, path, **given)
    assert (answer["intact"], answer["anchored"]) == (True, False)
    assert [(problem["line"], problem["kind"]) for problem in answer["problems"]] == [(3, "rewritten")]
    path.write_bytes(b"".join(LINES[:2]))
    answer = looked(operator, path, **given)
    assert (answer["intact"], answer["anchored"], answer["problems"][0]["kind"]) == (True, False, "cut_off")


def test_all_findings_in_one_go(operator, log):
    log.write_bytes(b"".join([LINES[0], LINES[2].replace(b"Erika", b"Frank"), b"?\n", LINES[4]]) + LINES[5][:50])
    answer = looked(operator, log, expected_seq=6, expected_head=sha256(LINES[-1]))
    assert (answer["intact"], answer["anchored"], answer["seq"]) == (False, False, 4)
    assert [(problem["line"], problem["kind"]) for problem in answer["problems"]] == [
        *((2, "missing"), (3, "form"), (4, "changed"), (5, "form"), (6, "cut_off")),
    ]
    assert [event["seq"] for event in answer["events"]] == [1, 3, 5]
    assert "Frank" not in str(answer["problems"])


def test_damage_after_the_anchor(operator, log):
    log.write_bytes(b"".join([*LINES[:4], LINES[5]]))
    answer = looked(operator, log, expected_seq=4, expected_head=sha256(LINES[3]))
    assert (answer["intact"], answer["anchored"]) == (False, True)


@pytest.mark.parametrize(
    ("content", "head", "kind"),
    [
        (b"", None, "incomplete"),
        (LINES[0][:-1], None, "incomplete"),
        (LINES[0] + LINES[1][:1], sha256(LINES[0]), "incomplete"),
        (LINES[0] + b"\0" * 300, sha256(LINES[0]), "incomplete"),
        (LINES[0] + b"\0" * 20000, sha256(LINES[0]), "form"),
        (LINES[0] + LINES[2][:20], sha256(LINES[0]), "form"),
        (b"no log at all", None, "form"),
    ],
)
def test_what_is_unfinished(operator, log, content, head, kind):
    log.write_bytes(content)
    answer = looked(operator, log)
    assert (answer["intact"], answer["head"], answer["seq"]) == (False, head, int(head is not None))
    assert [problem["kind"] for problem in answer["problems"]] == [kind]


def test_a_file_that_is_something_else(operator, log):
    log.write_bytes(b"a line\n" * 5000)
    answer = looked(operator, log, expected_seq=1, expected_head="0" * 64)
    assert (answer["intact"], answer["anchored"], answer["seq"], answer["head"]) == (False, False, None, None)
    assert len(answer["problems"]) == _custody.MOST_PROBLEMS + 1
    assert [problem["kind"] for problem in answer["problems"][-2:]] == ["too_many", "rewritten"]
    assert answer["events"] == []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"path": "contoso.jsonl"}, "absolute path"),
        ({"path": "/"}, "does not end in the name of a file"),
        ({"path": "{folder}/nothing"}, "There is no custody log"),
        ({"path": "{folder}/nowhere/log"}, "There is no custody log"),
        ({"path": "{folder}"}, "is a folder"),
        ({"path": "{folder}/fifo"}, "is a FIFO"),
        ({"path": "{folder}/link"}, "is a symbolic link"),
        ({"expected_seq": 1}, "Give expected_seq and expected_head, or neither"),
        ({"expected_head": "0" * 64}, "Give expected_seq and expected_head, or neither"),
        ({"expected_seq": 0, "expected_head": "0" * 64}, "from 1 on"),
        ({"expected_seq": 2**60, "expected_head": "0" * 64}, "from 1 on"),
        ({"expected_seq": 1, "expected_head": "0" * 63}, "expected_head is not a SHA-256"),
    ],
)
def test_what_is_refused(operator, log, given, words):
    os.mkfifo(log.parent / "fifo")
    (log.parent / "link").symlink_to(log)
    given = {"path": str(log), **given}
    operator.refused("custody_info", words, **{**given, "path": given["path"].format(folder=log.parent)})


def test_a_file_that_is_too_large(operator, log, monkeypatch):
    monkeypatch.setattr(_custody, "LARGEST_LOG", 1000)
    operator.refused("custody_info", "is too large", str(log), path=str(log))


def test_a_log_that_may_not_be_read(operator, public_path):
    log = public_path / "log"
    log.write_bytes(b"".join(LINES))
    log.chmod(0o600 if os.geteuid() == 0 else 0)
    assert "Permission denied" in operator.as_nobody("custody_info", path=str(log))["msg"]
    # An auditor's copy may lie in a folder that is not safe, and belong to somebody else.
    public_path.chmod(0o777)
    log.chmod(0o644)
    assert operator.as_nobody("custody_info", path=str(log))["intact"] is True


def story(*parts):
    """The events of a log in which each (day, event, tenant, case) is a line."""
    entries = [
        {"time": time_text(START + timedelta(days=day)), "event": event, "tenant": tenant, "case": case}
        for day, event, tenant, case in parts
    ]
    return [json.loads(line) for line in chained(*entries).splitlines()]


def told(now, *parts):
    """Exposures as (case, first day, days, open), and the summary as (days, open); now is a day, too."""
    found = exposures(story(*parts))
    end = START + timedelta(days=now)

    def days(facts):
        assert (facts["until"] is None) == (facts["open"] or facts["since"] is None)
        return facts["seconds"] / DAY, facts["open"]

    each = [(exposure.case, (exposure.since - START).days, *days(summary([exposure], end))) for exposure in found]
    return each, days(summary(found, end))


@pytest.mark.parametrize(
    ("parts", "each", "whole"),
    [
        ([], [], (0, False)),
        ([(0, "received", "a", "1"), (1, "deactivated", "a", "1")], [], (0, False)),
        ([(2, "decrypted", "a", "1")], [("1", 2, 98, True)], (98, True)),
        ([(2, "decrypted", "a", "1"), (9, "deactivated", "a", "1")], [("1", 2, 7, False)], (7, False)),
        # Decrypted again, before and after: the first time counts.
        (
            [
                (2, "decrypted", "a", "1"),
                (3, "decrypted", "a", "1"),
                (9, "deactivated", "a", "1"),
                (11, "decrypted", "a", "1"),
            ],
            [("1", 2, 7, False)],
            (7, False),
        ),
        # A rekey ends nothing, and the second key's case overlaps the first one's; deactivation ends both.
        (
            [
                *((0, "decrypted", "a", "1"), (10, "rekeyed", "a", "1"), (20, "decrypted", "a", "2")),
                (30, "deactivated", "a", "2"),
            ],
            [("1", 0, 30, False), ("2", 20, 10, False)],
            (30, False),
        ),
        # Back in the service with a new case after a deactivation: an exposure of its own.
        (
            [(0, "decrypted", "a", "1"), (10, "deactivated", "a", "1"), (40, "decrypted", "a", "2")],
            [("1", 0, 10, False), ("2", 40, 60, True)],
            (70, True),
        ),
        # Another tenant's deactivation ends nothing.
        (
            [(0, "decrypted", "a", "1"), (10, "deactivated", "b", "1"), (20, "deactivated", None, "1")],
            [("1", 0, 100, True)],
            (100, True),
        ),
        ([(0, "decrypted", None, None), (10, "deactivated", None, "1")], [(None, 0, 10, False)], (10, False)),
        # The clock was put back: the order of the lines counts.
        ([(9, "decrypted", "a", "1"), (2, "deactivated", "a", "1")], [("1", 9, 0, False)], (0, False)),
    ],
)
def test_exposure(parts, each, whole):
    assert told(100, *parts) == (each, whole)


def test_exposure_until_now(operator, log):
    """In the answer of the module; deactivation was the tenth thing to happen."""
    before = int((datetime.now(timezone.utc) - START).total_seconds()) - 4 * DAY
    answer = operator.run("custody_info", path=str(log))
    exposure = answer["exposure"]
    assert (exposure["since"], exposure["until"], exposure["open"]) == ("2026-03-06T09:15:00Z", None, True)
    assert before <= exposure["seconds"] <= before + 60
    log.write_bytes(b"".join(lines(10)))
    answer = operator.run("custody_info", path=str(log))
    closed = {"since": "2026-03-06T09:15:00Z", "until": "2026-03-11T09:15:00Z", "seconds": 5 * DAY, "open": False}
    assert (answer["exposure"], answer["exposures"]) == (closed, [{"tenant": "contoso", "case": "4711", **closed}])


def test_many_cases_take_linear_time():
    """A log full of them, each decrypted, and of other tenants that leave the service."""

    def taken(cases):
        made = {"time": time_text(START), "tenant": "a"}
        events = [{**made, "event": "decrypted", "case": str(number)} for number in range(cases)]
        events += [{**made, "event": "deactivated", "case": None, "tenant": str(number)} for number in range(cases)]
        looking, found = steps(exposures, events)
        adding_up, added_up = steps(summary, found, START)
        assert (len(found), added_up["open"]) == (cases, True)
        return looking + adding_up

    assert taken(16000) < 8.1 * taken(2000)
