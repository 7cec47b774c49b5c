# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The custody log when things go wrong: killed, full disk, several at once. No complete line is lost, no half one is hidden."""

from __future__ import annotations

import errno
import json
import os
import stat

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils import _custody
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._ops import custody_log
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._runner import attempt

from .custody_made import lines, sha256

ROUNDS = 200
LINES = lines(3)
# What a run asks of the file system.
CALLS = ("open", "mkdir", "fstat", "stat", "listdir", "read", "write", "lseek", "pread", "fsync", "ftruncate")
CALLS += ("fchmod", "fchown", "rename", "unlink")


class Killed(BaseException):
    """Stands for SIGKILL: no handler for errors takes it, and no call is made after it."""


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "custody" / "contoso.jsonl"
    path.parent.mkdir(mode=0o700)
    write(path, b"".join(LINES))
    return path


def write(path, content):
    path.write_bytes(content)
    path.chmod(0o600)


def parameters(path, **given):
    defaults = {option: rule.get("default") for option, rule in custody_log.OPERATION.argument_spec.items()}
    return {**defaults, "path": str(path), "event": "audited", **given}


def run(path, **given):
    """The result, and what an error says."""
    return attempt(custody_log.OPERATION, parameters(path, **given), False)


def events(path):
    """What is in a log that has to be in order."""
    read = _custody.read(path.read_bytes())
    assert read.problems == ()
    return read.events


@pytest.mark.parametrize("count", [1, 3])
def test_cut_at_every_byte_of_the_last_line(operator, log, count):
    """The line before it stays, what is left of it goes on record, and its event, which was never confirmed, is logged anew."""
    kept, last = b"".join(LINES[: count - 1]), LINES[count - 1]
    again = {name: json.loads(last)[name] for name in ("event", "actor", "tenant", "case", "subject", "details")}
    for size in range(len(last)):
        write(log, kept + last[:size])
        answer = operator.run("custody_log", path=str(log), **again)
        content = log.read_bytes()
        assert (answer["changed"], answer["seq"], answer["head"]) == (True, count, sha256(content[len(kept) :]))
        assert content.startswith(kept)
        entry = events(log)[-1]
        expected = None if kept and not size else {"size": size, "sha256": sha256(last[:size])}
        assert entry.get("discarded") == expected
        assert operator.run("custody_log", path=str(log), **again)["changed"] is False


def test_what_is_unfinished_goes_on_record_with_whatever_is_seen_next(operator, log):
    """Also with what the log knows already: four runs, and the diff says why."""
    said = {name: json.loads(LINES[2])[name] for name in ("event", "tenant", "case", "subject", "details")}
    write(log, b"".join(LINES) + b"\0" * 500)
    answer = operator.four_runs("custody_log", path=str(log), **said)
    assert (answer["diff"]["before"]["unfinished"], answer["seq"]) == (500, 4)
    assert events(log)[-1]["discarded"] == {"size": 500, "sha256": sha256(b"\0" * 500)}


@pytest.fixture
def faults(monkeypatch):
    """faults(work, fault) runs the work with fault(number of the call, name, arguments) before each call to the file system."""

    def inject(work, fault=lambda number, name, arguments: None):
        calls, end = [], None

        def wrapped(name, real):
            def call(*arguments, **named):
                calls.append(name)
                fault(len(calls) - 1, name, arguments)
                return real(*arguments, **named)

            return call

        with monkeypatch.context() as patch:
            for name in CALLS:
                patch.setattr(os, name, wrapped(name, getattr(os, name)))
            try:
                work()
            except (Killed, Exception) as error:
                end = error
        return calls, end

    return inject


SCENES = {
    "create": None,
    "append": b"".join(LINES),
    "mend": b"".join(LINES) + b'{"seq":4,"ti',
    "first": b'{"seq":1,"ti',
    "close": b"".join(LINES),
}


@pytest.fixture(params=SCENES)
def scene(request, log):
    """scene() lays the old state out; what it was, less what is unfinished, and a function that runs the operation."""

    def lay():
        for path in log.parent.iterdir():
            path.unlink()
        old = SCENES[request.param]
        if old is not None:
            write(log, old)
            if request.param == "close":
                log.chmod(0o644)
        return old or b"", lambda: custody_log.OPERATION.run(parameters(log), False)

    return lay


def assert_nothing_lost(log, old):
    """The old file, or that with a new line, or, where it was to be added in place, with the beginning of one."""
    content = log.read_bytes() if log.exists() else b""
    complete = old[: old.rfind(b"\n") + 1]
    assert content.startswith(complete)
    assert content.count(b"\n") in (complete.count(b"\n"), complete.count(b"\n") + 1)
    assert _custody.read(content).damage == () or not log.exists()
    for name in os.listdir(log.parent):
        assert name == log.name or not stat.S_IMODE((log.parent / name).stat().st_mode) & 0o077
    return content


def assert_next_run_finishes(log, old):
    result, failure = run(log)
    assert failure == ""
    found = events(log)
    assert (result["seq"], found[-1]["event"]) == (len(found), "audited")
    assert len(found) in (old.count(b"\n") + 1, old.count(b"\n") + 2)
    assert (os.listdir(log.parent), stat.S_IMODE(log.stat().st_mode)) == ([log.name], 0o600)
    assert run(log)[0]["changed"] is False


def test_killed_before_every_call(log, scene, faults):
    def kill_from(moment):
        def fault(number, _name, _arguments):
            if number >= moment:
                raise Killed

        return fault

    _old, work = scene()
    calls, end = faults(work)
    assert (end, calls.count("fsync") >= 2) == (None, True)
    for moment in range(len(calls)):
        old, work = scene()
        _calls, end = faults(work, kill_from(moment))
        assert isinstance(end, Killed)
        assert assert_nothing_lost(log, old) == old or moment > calls.index("write")
        assert_next_run_finishes(log, old)


def kill_after(size):
    """That many bytes of the first write get through."""
    writes = []

    def fault(_number, name, arguments):
        if not writes and name == "write":
            writes.append(os.writev(arguments[0], [memoryview(arguments[1])[:size]]))
        elif not writes:
            return
        raise Killed

    return fault


def test_killed_in_the_middle_of_every_write(log, scene, faults):
    """Every byte at which a line can be cut has its own test; here a few do, in everything that a run may be doing."""
    for size in (0, 1, 7, 100):
        old, work = scene()
        _calls, end = faults(work, kill_after(size))
        assert isinstance(end, Killed)
        content = assert_nothing_lost(log, old)
        unfinished = content[content.rfind(b"\n") + 1 :]
        assert_next_run_finishes(log, old)
        expected = {"size": len(unfinished), "sha256": sha256(unfinished)} if unfinished else None
        assert events(log)[-1].get("discarded") == expected


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EACCES], ids=errno.errorcode.get)
def test_every_call_fails_once(log, scene, faults, number):
    """The old state or the new one, and one sentence; what could not be added is taken back."""

    def fail_at(moment):
        def fault(call, _name, _arguments):
            if call == moment:
                raise OSError(number, os.strerror(number))

        return fault

    _old, work = scene()
    calls, _end = faults(work)
    for moment, name in enumerate(calls):
        old, work = scene()
        _calls, end = faults(work, fail_at(moment))
        assert os.strerror(number) in str(end), name
        content = assert_nothing_lost(log, old)
        assert content == old or content.endswith(b"\n")
        assert_next_run_finishes(log, old)


@pytest.mark.parametrize("stays", [False, True])
def test_a_disk_that_takes_half_a_line(log, faults, stays):
    """One write comes back short and raises nothing, the next one does. What was added is taken back, where it can be."""
    old, short = log.read_bytes(), []

    def fault(_number, name, arguments):
        if name == "write" and short:
            raise OSError(errno.ENOSPC, "full")
        if name == "ftruncate" and stays:
            raise OSError(errno.EIO, "broken")

    def write_some(fd, view, real=os.write):
        short.append(len(view))
        return real(fd, view[:50])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "write", write_some)
        _calls, end = faults(lambda: custody_log.OPERATION.run(parameters(log), False), fault)
    assert str(end).startswith(f"Could not append to {log}: No space left on device. Free some space")
    assert len(assert_nothing_lost(log, old)) == len(old) + (50 if stays else 0)
    assert_next_run_finishes(log, old)
    assert events(log)[-1].get("discarded", {}).get("size") == (50 if stays else None)


def test_what_is_read_back_is_something_else(log, monkeypatch):
    old = log.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(os, "pread", lambda fd, size, offset: b"?" * size)
        assert "What was read back of" in run(log)[1]
    assert log.read_bytes() == old
    assert_next_run_finishes(log, old)


def test_a_folder_that_is_moved_meanwhile(log, faults, tmp_path):
    old, moved = log.read_bytes(), tmp_path / "moved"

    def fault(_number, name, _arguments):
        if name == "write":
            os.replace(log.parent, moved)

    _calls, end = faults(lambda: custody_log.OPERATION.run(parameters(log), False), fault)
    assert "was moved while" in str(end)
    assert (moved / log.name).read_bytes() == old
