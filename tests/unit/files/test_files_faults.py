# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every call to the file system fails once, and a run is killed before each: the old state or the new one, never between.

The calls are counted in a run that succeeds; then one run is made for each of them and each error.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._ops.secure_file import OPERATION

OLD = b"old, made for a test"
NEW = b"new, made for a test, and longer"
DEFAULTS = {option: rule.get("default") for option, rule in OPERATION.argument_spec.items()}
ERRORS = [errno.ENOSPC, errno.EIO, errno.EACCES]


class Scene:
    """A folder with or without an old file, and a run that is to bring about the new state."""

    def __init__(self, path, old, old_mode, wanted):
        self.path = path
        self.dest = path / "key"
        self.old = old and (old, old_mode)
        self.new = wanted.get("state") != "absent" and (wanted["content"].encode(), int(wanted["mode"], 8))
        self._parameters = {**DEFAULTS, "dest": str(self.dest), **wanted}

    def __enter__(self):
        self.path.mkdir(mode=0o700)
        if self.old:
            self.dest.write_bytes(self.old[0])
            self.dest.chmod(self.old[1])
        return self

    def __exit__(self, *exception):
        shutil.rmtree(self.path)

    def run(self):
        return OPERATION.run(self._parameters, False)

    def require_old_or_new(self):
        there = (self.dest.read_bytes(), stat.S_IMODE(self.dest.stat().st_mode)) if self.dest.exists() else None
        assert there in (self.old or None, self.new or None)

    def require_private(self):
        """Nothing in the folder is more open than the old or the new file is meant to be."""
        allowed = 0o600 | (self.new[1] if self.new else 0)
        for name in os.listdir(self.path):
            if name != "key":
                assert not stat.S_IMODE((self.path / name).stat().st_mode) & ~allowed

    def require_new_after_another_run(self):
        self.run()
        assert os.listdir(self.path) == (["key"] if self.new else [])
        self.old = self.new
        self.require_old_or_new()
        assert self.run()["changed"] is False


SCENES = {
    "create": (None, 0, {"content": NEW.decode(), "mode": "0600"}),
    "replace": (OLD, 0o600, {"content": NEW.decode(), "mode": "0640"}),
    "replace nothing by itself": (NEW, 0o600, {"content": NEW.decode(), "mode": "0600"}),
    "close": (NEW, 0o644, {"content": NEW.decode(), "mode": "0600"}),
    "open": (NEW, 0o600, {"content": NEW.decode(), "mode": "0644"}),
    "destroy": (OLD, 0o400, {"state": "absent"}),
}


@pytest.fixture(params=SCENES.values(), ids=SCENES.keys())
def scene(request, tmp_path):
    return lambda: Scene(tmp_path / "folder", *request.param)


def calls_of(scene, disk):
    with scene() as stage:
        calls, end = disk.run(stage.run)
    assert end is None
    assert {"os.open", "os.fstat", "fcntl.flock", "os.fsync"} <= set(calls)
    return calls


def fail(number):
    raise OSError(number, os.strerror(number))


def test_killed_before_every_call(scene, disk):
    def kill_from(moment):
        def fault(call):
            if call >= moment:
                raise disk.Killed

        return fault

    for moment in range(len(calls_of(scene, disk))):
        with scene() as stage:
            _calls, end = disk.run(stage.run, kill_from(moment))
            assert isinstance(end, disk.Killed)
            stage.require_old_or_new()
            stage.require_private()
            stage.require_new_after_another_run()


@pytest.mark.parametrize("number", ERRORS, ids=errno.errorcode.get)
def test_every_call_fails_once(scene, disk, number):
    for moment, name in enumerate(calls_of(scene, disk)):
        with scene() as stage:
            _calls, end = disk.run(stage.run, lambda call, moment=moment: call == moment and fail(number))
            assert end is not None, name
            assert os.strerror(number) in str(end)
            assert "made for a test" not in str(end)
            stage.require_old_or_new()
            stage.require_private()
            stage.require_new_after_another_run()


@pytest.mark.parametrize("number", ERRORS, ids=errno.errorcode.get)
@pytest.mark.parametrize("name", ["os.write", "os.fsync", "os.rename", "os.fchmod", "os.unlink"])
def test_a_disk_that_fails_for_good(scene, disk, name, number):
    """The first error is the one that is told, also where cleaning up fails as well."""
    with scene() as stage:
        calls, end = disk.run(stage.run, lambda call: fail(number), only=(name,))
        assert bool(calls) == (end is not None)
        assert end is None or os.strerror(number) in str(end)
        stage.require_private()
        stage.require_old_or_new()
        stage.require_new_after_another_run()
