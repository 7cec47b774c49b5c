# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The custody log and others: several writers at once, a reader in between, another user, what does not take turns."""

from __future__ import annotations

import os
import resource
import signal
import time

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils import _custody
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._files import Folder, folder
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._ops import custody_info, custody_log
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._runner import attempt

from .custody_made import lines

ROUNDS = 200
LINES = lines(3)


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


def in_children(*works):
    """Run each function in a process of its own, all at once; each must return."""
    children = []
    for work in works:
        child = os.fork()
        if child == 0:
            status = 1
            try:
                work()
                status = 0
            finally:
                os._exit(status)
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0] * len(children)


def test_two_writers_and_a_reader(tmp_path, monkeypatch):
    """200 rounds: each line is there once, what both see is logged once, and whoever looks in between sees a sound log."""
    monkeypatch.setattr(folder, "_LOCK_PAUSE", 0.0005)
    path = tmp_path / "custody" / "log"

    def writer(name):
        def work():
            try:
                for number in range(ROUNDS):
                    for subject in (f"{name} {number}", "seen by both")[: 1 + (number % 10 == 0)]:
                        result, failure = run(path, subject=subject, details={"number": number // 50})
                        assert (failure, result["head"] is None) == ("", False)
            finally:
                (tmp_path / f"done {name}").touch()  # or the reader would go on for ever

        return work

    def reader():
        looked = {"path": str(path), "expected_seq": None, "expected_head": None}
        while sum(1 for _each in tmp_path.glob("done *")) < 2:
            result, failure = attempt(custody_info.OPERATION, looked, False)
            if not failure:
                assert result["problems"] == []
                looked.update(expected_seq=result["seq"], expected_head=result["head"])
                assert result["anchored"] in (None, True)
            else:
                assert failure.startswith("There is no custody log")
            time.sleep(0.002)

    in_children(writer("one"), writer("other"), reader)
    subjects = [event["subject"] for event in events(path)]
    alone = [subject for subject in subjects if subject != "seen by both"]
    assert sorted(alone) == sorted(f"{name} {number}" for name in ("one", "other") for number in range(ROUNDS))
    assert 4 <= subjects.count("seen by both") <= ROUNDS // 5
    assert os.listdir(path.parent) == ["log"]


def test_a_limit_that_the_system_keeps(log):
    """A real short write: the process may not make the file larger than by 60 bytes."""
    old = log.read_bytes()

    def work():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(old) + 60,) * 2)
        _result, failure = run(log)
        assert failure.startswith(f"Could not append to {log}: File too large.")

    in_children(work)
    assert log.read_bytes() == old
    assert (run(log)[1], len(events(log))) == ("", 4)


def test_something_that_does_not_take_turns(log, monkeypatch):
    """It adds something between reading and adding."""
    real = Folder.read

    def read_then_changed(self, *arguments):
        content = real(self, *arguments)
        with log.open("ab") as stream:
            stream.write(b"?")
        return content

    with monkeypatch.context() as patch:
        patch.setattr(Folder, "read", read_then_changed)
        assert "by something that does not wait for its turn" in run(log)[1]
    assert log.read_bytes() == b"".join(LINES) + b"?"


def test_a_line_that_is_being_written_is_no_damage(operator, log):
    """custody_info waits for the writer."""
    whole = log.read_bytes()
    write(log, whole[:-20])
    ready, tell = os.pipe()

    def writer():
        with Folder.open(str(log.parent)) as opened, opened.lock():
            os.write(tell, b"1")
            time.sleep(0.3)
            with log.open("ab") as stream:
                stream.write(whole[-20:])

    def reader():
        os.read(ready, 1)
        assert operator.run("custody_info", path=str(log))["intact"] is True

    in_children(writer, reader)
    os.close(ready)
    os.close(tell)


def test_an_ordinary_user(operator, public_path):
    public_path.chmod(0o1777)
    log = public_path / "mine" / "log"
    answers = [operator.as_nobody("custody_log", path=str(log), event="noted") for _run in range(2)]
    assert [(answer["changed"], answer["seq"]) for answer in answers] == [(True, 1), (False, 1)]
    assert operator.as_nobody("custody_log", path=str(log), event="audited")["seq"] == 2
    assert operator.as_nobody("custody_info", path=str(log))["intact"] is True
