# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several events in one call of custody_log: one chain, all of them or none, and each only where the log lacks it."""

from __future__ import annotations

import hashlib
import json
import os

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils import _custody

RECEIVED = {"event": "received", "subject": "TPD-1.xml", "details": {"sha256": "00" * 32}}
DECRYPTED = {"event": "decrypted", "subject": "ExportedTPD-1.xml", "details": {"rehearsal": True}}


@pytest.fixture
def log(tmp_path):
    return tmp_path / "custody" / "contoso.jsonl"


def said(log):
    return [(entry["event"], entry["subject"], entry["details"]) for entry in read(log)]


def read(log):
    assert not _custody.read(log.read_bytes()).problems
    return [json.loads(line) for line in log.read_bytes().splitlines()]


def test_they_are_added_in_their_order(operator, log):
    answer = operator.four_runs(
        "custody_log", path=str(log), tenant="contoso", case="4711", events=[RECEIVED, DECRYPTED]
    )
    assert said(log) == [tuple(event.values()) for event in (RECEIVED, DECRYPTED)]
    assert {(entry["tenant"], entry["case"]) for entry in read(log)} == {("contoso", "4711")}
    last = log.read_bytes().splitlines(keepends=True)[-1]
    assert (answer["seq"], answer["head"]) == (2, hashlib.sha256(last).hexdigest())
    assert [entry["event"] for entry in answer["diff"]["after"]["added"]] == ["received", "decrypted"]


def test_only_what_the_log_lacks_is_added(operator, log):
    operator.run("custody_log", path=str(log), **RECEIVED)
    answer = operator.run("custody_log", path=str(log), events=[RECEIVED, DECRYPTED, DECRYPTED])
    assert (answer["changed"], answer["seq"]) == (True, 2)
    assert said(log) == [tuple(event.values()) for event in (RECEIVED, DECRYPTED)]
    again = {**RECEIVED, "repeat": True}
    assert operator.run("custody_log", path=str(log), events=[DECRYPTED, again])["seq"] == 3


def test_what_another_one_of_them_has_said_meanwhile_counts(operator, log):
    """As if each was added by a run of its own: the state changes to and fro."""
    there, gone = ({"event": "verified", "subject": "vault", "details": {"there": there}} for there in (True, False))
    operator.run("custody_log", path=str(log), events=[there, gone, there])
    assert [details["there"] for _event, _subject, details in said(log)] == [True, False, True]


def test_no_events(operator, log):
    answer = operator.run("custody_log", path=str(log), events=[])
    assert (answer["changed"], answer["seq"], answer["diff"]["before"]) == (False, 0, {"state": "absent"})
    assert not log.exists()
    operator.run("custody_log", path=str(log), **RECEIVED)
    content = log.read_bytes()
    assert operator.run("custody_log", path=str(log), events=[])["changed"] is False
    log.write_bytes(content + b'{"seq":2')
    assert operator.run("custody_log", path=str(log), events=[])["changed"] is False


def test_an_unfinished_line_is_on_record_once(operator, log):
    operator.run("custody_log", path=str(log), **RECEIVED)
    log.write_bytes(log.read_bytes() + b'{"seq":2')
    operator.four_runs("custody_log", path=str(log), events=[RECEIVED, DECRYPTED])
    # With what the log lacks, if it lacks anything: what it says already is not said again for it.
    assert [(entry["event"], "discarded" in entry) for entry in read(log)] == [("received", False), ("decrypted", True)]
    log.write_bytes(log.read_bytes() + b'{"seq":3')
    operator.four_runs("custody_log", path=str(log), events=[RECEIVED, DECRYPTED])
    assert [(entry["event"], "discarded" in entry) for entry in read(log)][2:] == [("received", True)]


@pytest.mark.parametrize(
    "bad", [{**DECRYPTED, "details": {"password": "made for a test"}}, {**DECRYPTED, "subject": "two\nlines"}]
)
def test_none_is_added_where_one_is_refused(operator, log, bad):
    operator.run("custody_log", path=str(log), event="noted")
    content = log.read_bytes()
    operator.refused("custody_log", path=str(log), events=[RECEIVED, bad])
    assert log.read_bytes() == content


def test_none_is_added_where_there_is_no_room_for_all(operator, log, monkeypatch):
    operator.run("custody_log", path=str(log), event="noted")
    content = log.read_bytes()
    monkeypatch.setattr(_custody, "LARGEST_LOG", len(content) + 400)
    assert "is full" in operator.refused("custody_log", path=str(log), events=[RECEIVED, DECRYPTED])
    assert log.read_bytes() == content
    operator.run("custody_log", path=str(log), events=[RECEIVED])


def test_one_write_and_one_sync(operator, log, monkeypatch):
    operator.run("custody_log", path=str(log), event="noted")
    writes = []
    monkeypatch.setattr(os, "write", lambda fd, data, write=os.write: writes.append(bytes(data)) or write(fd, data))
    operator.run("custody_log", path=str(log), events=[RECEIVED, DECRYPTED])
    assert [data.count(b"\n") for data in writes if b"received" in data] == [2]


def test_events_take_the_place_of_an_event(operator, log):
    for both in ("event", "subject", "details"):
        operator.refused("custody_log", path=str(log), events=[RECEIVED], **{both: RECEIVED[both]})
    operator.refused("custody_log", path=str(log))
    operator.refused("custody_log", path=str(log), events=[{"subject": "no event"}])
    assert not log.exists()
