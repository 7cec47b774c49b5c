# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests of files need beside a temporary folder: somebody else, access control lists, a disk that fails."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import struct
import tempfile
from pathlib import Path

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._files import FileError

NOBODY = 65534
STRANGER = 54321


@pytest.fixture
def public_path():
    """A temporary folder that every user can reach, which pytest's own is not."""
    path = Path(tempfile.mkdtemp())
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def unprivileged():
    """unprivileged(function) -> what it returns, or the message of its FileError, in a process that is not root's."""

    def run(function):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            answer = "the child ended early"
            try:
                if os.geteuid() == 0:
                    os.setgroups([])
                    os.setgid(NOBODY)
                    os.setuid(NOBODY)
                answer = function()
            except FileError as error:
                answer = str(error)
            except BaseException as error:
                answer = repr(error)
            finally:
                os.write(writing, json.dumps(answer).encode())
                os._exit(0)
        os.close(writing)
        with open(reading, encoding="utf-8") as answer:
            result = json.load(answer)
        os.waitpid(child, 0)
        return result

    return run


@pytest.fixture
def give_away(monkeypatch):
    """give_away(path) -> its owner, who is somebody else then; a user who cannot give it becomes somebody else himself."""

    def give(path):
        if os.geteuid() == 0:
            os.chown(path, STRANGER, -1)
            return STRANGER
        owner = os.geteuid()
        monkeypatch.setattr(os, "geteuid", lambda: STRANGER)
        return owner

    return give


class AccessLists:
    """Writes POSIX access control lists as the bytes that Linux stores; where it cannot, they are only shown."""

    ACCESS = "system.posix_acl_access"
    DEFAULT = "system.posix_acl_default"

    def __init__(self, monkeypatch):
        self._monkeypatch = monkeypatch

    @staticmethod
    def packed(user, allowed):
        """rwx for the owner, `allowed` for one named user and the mask, nothing for anybody else."""
        nobody = 2**32 - 1
        entries = [
            (0x01, 7, nobody),
            (0x02, allowed, user),
            (0x04, 0, nobody),
            (0x10, allowed, nobody),
            (0x20, 0, nobody),
        ]
        return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)

    def put(self, path, name, user, allowed):
        """Whether the file system took the list; if not, every file shows it as its own from now on."""
        raw = self.packed(user, allowed)
        try:
            os.setxattr(path, name, raw)
        except OSError:
            self.show(raw)
            return False
        return True

    def show(self, raw):
        self._monkeypatch.setattr(os, "getxattr", lambda *arguments, **options: raw)


@pytest.fixture
def acl(monkeypatch):
    return AccessLists(monkeypatch)


class Killed(BaseException):
    """Stands for SIGKILL, if every later call to the file system raises it too."""


class Disk:
    """Counts the calls that reach the file system, and makes one of them fail, or all of one name, or all from one on."""

    CALLS = (
        *(f"os.{name}" for name in ("open", "stat", "fstat", "read", "write", "lseek", "listdir", "fsync", "rename")),
        *(f"os.{name}" for name in ("unlink", "mkdir", "fchown", "fchmod", "getxattr", "posix_fadvise")),
        "fcntl.flock",
    )
    Killed = Killed

    def __init__(self, monkeypatch):
        self._monkeypatch = monkeypatch

    def run(self, function, fault=None, only=CALLS):
        """Run it, with fault(number of the call) before each call; the calls' names, and the error that ended it."""
        calls = []

        def counted(name, real):
            def call(*arguments, **options):
                calls.append(name)
                if fault is not None:
                    fault(len(calls) - 1)
                return real(*arguments, **options)

            return call

        with self._monkeypatch.context() as patch:
            for name in only:
                module, function_name = name.split(".")
                module = {"os": os, "fcntl": fcntl}[module]
                patch.setattr(module, function_name, counted(name, getattr(module, function_name)))
            try:
                function()
            except (FileError, Killed) as end:
                return calls, end
        return calls, None


@pytest.fixture
def disk(monkeypatch):
    return Disk(monkeypatch)


@pytest.fixture
def left_in():
    """The hidden names in a folder, where there should be none."""
    return lambda folder: [name for name in os.listdir(folder) if name.startswith(".")]
