# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files in an open folder: repaired, destroyed, finished; what others on the host may try meanwhile."""

from __future__ import annotations

import fcntl
import os
import stat
import threading
import time

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._files import (
    Attributes,
    FileError,
    FileState,
    Folder,
)

ME = os.geteuid()
PRIVATE = Attributes(ME, None, 0o600)
SECRET = b"made for a test \xff\x00"


@pytest.fixture
def folder(tmp_path):
    with Folder.open(str(tmp_path)) as opened:
        yield opened


def mode(path):
    return stat.S_IMODE(os.lstat(path).st_mode)


def test_the_order_in_which_things_reach_the_disk(folder, disk):
    """The content before the name that leads to it; the hidden name before the content that it hides goes."""
    steps = ("os.write", "os.fsync", "os.rename", "os.unlink")
    calls, _end = disk.run(lambda: folder.place("key", SECRET, PRIVATE), only=steps)
    assert calls == ["os.write", "os.fsync", "os.rename", "os.fsync"]
    calls, _end = disk.run(lambda: folder.destroy("key"), only=steps)
    assert calls == ["os.rename", "os.fsync", "os.write", "os.fsync", "os.unlink", "os.fsync"]


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "/a", ".infoprotect-new-1", "a\0b"])
def test_names_that_are_not_bare_or_not_free(folder, name):
    for use in (folder.exists, folder.state, folder.destroy, lambda name: folder.place(name, SECRET, PRIVATE)):
        with pytest.raises(FileError):
            use(name)


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (lambda path: path.mkdir(), "a folder"),
        (lambda path: path.symlink_to("elsewhere"), "a symbolic link"),
        (os.mkfifo, "a FIFO"),
    ],
)
def test_anything_but_a_regular_file_is_left_alone(folder, tmp_path, make, kind):
    make(tmp_path / "key")
    (tmp_path / "elsewhere").write_bytes(b"not ours")
    for use in (
        folder.state,
        folder.destroy,
        lambda name: folder.read(name, 100, "key"),
        lambda name: folder.place(name, SECRET, PRIVATE),
        lambda name: folder.repair(name, PRIVATE),
    ):
        with pytest.raises(FileError, match=f"/key is {kind}, where a regular file is expected"):
            use("key")
    assert (tmp_path / "elsewhere").read_bytes() == b"not ours"
    assert sorted(os.listdir(tmp_path)) == ["elsewhere", "key"]


def test_a_link_put_there_after_the_look_is_not_followed(folder, tmp_path, monkeypatch):
    (tmp_path / "elsewhere").write_bytes(b"not ours")
    (tmp_path / "key").symlink_to("elsewhere")
    regular = os.stat(tmp_path / "elsewhere")
    monkeypatch.setattr(os, "stat", lambda *arguments, **options: regular)
    with pytest.raises(FileError, match=r"Could not read the key .*: Too many levels of symbolic links"):
        folder.read("key", 100, "key")


class TestRepair:
    def test_mode(self, folder, tmp_path):
        (tmp_path / "key").write_bytes(SECRET)
        (tmp_path / "key").chmod(0o644)
        assert not folder.state("key").fits(PRIVATE)
        folder.repair("key", PRIVATE)
        assert folder.state("key").fits(PRIVATE)
        assert (tmp_path / "key").read_bytes() == SECRET

    def test_what_fits_is_not_touched(self, folder, tmp_path):
        folder.place("key", SECRET, PRIVATE)
        before = os.stat(tmp_path / "key")
        folder.repair("key", PRIVATE)
        assert os.stat(tmp_path / "key") == before

    def test_a_file_that_is_too_open_is_closed_even_where_no_copy_can_be_made(self, folder, tmp_path, monkeypatch):
        (tmp_path / "key").write_bytes(SECRET)
        (tmp_path / "key").chmod(0o666)

        def full(*arguments):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "write", full)
        with pytest.raises(FileError, match=r"No space left on device\. Free some space"):
            folder.repair("key", Attributes(ME, None, 0o640))
        assert mode(tmp_path / "key") == 0o640
        monkeypatch.undo()
        assert (tmp_path / "key").read_bytes() == SECRET

    def test_the_other_name_of_a_hard_link_keeps_its_mode(self, folder, tmp_path):
        (tmp_path / "theirs").write_bytes(b"theirs")
        (tmp_path / "theirs").chmod(0o644)
        os.link(tmp_path / "theirs", tmp_path / "key")
        folder.repair("key", PRIVATE)
        assert (mode(tmp_path / "theirs"), mode(tmp_path / "key")) == (0o644, 0o600)

    def test_access_by_name_is_taken_away(self, folder, tmp_path, acl):
        (tmp_path / "key").write_bytes(SECRET)
        wanted = Attributes(ME, None, 0o640)
        if acl.put(tmp_path / "key", acl.ACCESS, user=12345, allowed=4):
            (tmp_path / "key").chmod(0o640)
            assert folder.state("key").named_access
            folder.repair("key", wanted)
            assert folder.state("key").fits(wanted)
        else:
            (tmp_path / "key").chmod(0o640)
            assert folder.state("key").named_access
            with pytest.raises(FileError, match="would let user 12345"):
                folder.repair("key", wanted)

    def test_a_missing_file(self, folder):
        with pytest.raises(FileError, match="does not exist any more"):
            folder.repair("key", PRIVATE)


def test_what_fits():
    state = FileState(size=1, mode=0o600, uid=1, gid=2, links=1, named_access=False)
    assert state.fits(Attributes(1, None, 0o600))
    assert state.fits(Attributes(1, 2, 0o600))
    assert not state.fits(Attributes(1, 3, 0o600))
    assert not state.fits(Attributes(2, None, 0o600))
    assert not state.fits(Attributes(1, None, 0o640))
    assert not FileState(1, 0o600, 1, 2, 2, False).fits(Attributes(1, None, 0o600))
    assert not FileState(1, 0o600, 1, 2, 1, True).fits(Attributes(1, None, 0o600))


class TestDestroy:
    def test_the_content_is_overwritten_where_it_lay_and_the_name_is_gone(self, folder, tmp_path):
        (tmp_path / "key").write_bytes(SECRET)
        (tmp_path / "key").chmod(0o400)
        with open(tmp_path / "key", "rb") as reader:
            assert folder.destroy("key")
            there = reader.read()
        assert len(there) == len(SECRET)
        assert there != SECRET
        assert os.listdir(tmp_path) == []

    def test_absent_is_fine(self, folder):
        assert not folder.destroy("key")

    def test_another_hard_link_is_refused_and_nothing_changes(self, folder, tmp_path):
        (tmp_path / "key").write_bytes(SECRET)
        os.link(tmp_path / "key", tmp_path / "other")
        with pytest.raises(FileError, match=r"has 2 names \(hard links\), so its content would stay"):
            folder.destroy("key")
        assert (tmp_path / "key").read_bytes() == (tmp_path / "other").read_bytes() == SECRET

    def test_a_link_laid_at_the_last_moment_is_noticed(self, folder, tmp_path, monkeypatch):
        (tmp_path / "key").write_bytes(SECRET)
        real_rename = os.rename

        def link_and_rename(source, target, **options):
            if source == "key":
                os.link(tmp_path / "key", tmp_path / "other")
            real_rename(source, target, **options)

        monkeypatch.setattr(os, "rename", link_and_rename)
        with pytest.raises(FileError, match="was exchanged or linked"):
            folder.destroy("key")
        assert sorted(os.listdir(tmp_path)) == ["key", "other"]
        assert (tmp_path / "key").read_bytes() == SECRET

    def test_another_file_put_there_at_the_last_moment_is_left_alone(self, folder, tmp_path, monkeypatch):
        (tmp_path / "key").write_bytes(SECRET)
        (tmp_path / "theirs").write_bytes(b"theirs")
        real_rename = os.rename

        def exchange_and_rename(source, target, **options):
            if source == "key":
                (tmp_path / "theirs").replace(tmp_path / "key")
            real_rename(source, target, **options)

        monkeypatch.setattr(os, "rename", exchange_and_rename)
        with pytest.raises(FileError, match="was exchanged or linked"):
            folder.destroy("key")
        assert (tmp_path / "key").read_bytes() == b"theirs"

    def test_the_file_of_another_user_is_not_even_renamed(self, folder, tmp_path, monkeypatch):
        (tmp_path / "key").write_bytes(SECRET)
        monkeypatch.setattr(os, "geteuid", lambda: ME + 12345)
        with pytest.raises(FileError, match=r"Destroy it as that user or as root"):
            folder.destroy("key")
        assert (tmp_path / "key").read_bytes() == SECRET


class TestFinish:
    def test_what_a_killed_run_left_is_overwritten_and_removed(self, folder, tmp_path):
        (tmp_path / ".infoprotect-new-0").write_bytes(SECRET)
        (tmp_path / ".infoprotect-old-0").write_bytes(SECRET)
        (tmp_path / ".infoprotect-old-0").chmod(0o400)
        (tmp_path / "key").write_bytes(SECRET)
        (tmp_path / ".infoprotect.notes").write_bytes(b"the user's own")
        with open(tmp_path / ".infoprotect-new-0", "rb") as new, open(tmp_path / ".infoprotect-old-0", "rb") as old:
            assert len(folder.leftovers()) == 2
            assert folder.finish()
            assert SECRET not in (new.read(), old.read())
        assert not folder.finish()
        assert sorted(os.listdir(tmp_path)) == [".infoprotect.notes", "key"]

    def test_the_other_name_of_a_hard_link_keeps_its_content(self, folder, tmp_path):
        (tmp_path / "theirs").write_bytes(b"theirs")
        os.link(tmp_path / "theirs", tmp_path / ".infoprotect-new-0")
        assert folder.finish()
        assert os.listdir(tmp_path) == ["theirs"]
        assert (tmp_path / "theirs").read_bytes() == b"theirs"

    def test_what_is_not_a_file_is_left_alone(self, folder, tmp_path):
        (tmp_path / ".infoprotect-new-0").mkdir()
        (tmp_path / ".infoprotect-old-0").symlink_to("/etc/passwd")
        assert not folder.finish()

    def test_the_files_of_others_in_a_shared_folder_are_left_alone(self, tmp_path, give_away):
        (tmp_path / ".infoprotect-new-0").write_bytes(SECRET)
        tmp_path.chmod(0o1777)
        give_away(tmp_path / ".infoprotect-new-0")
        with Folder.open(str(tmp_path), strict=False) as folder:
            assert not folder.finish()
        assert os.listdir(tmp_path) == [".infoprotect-new-0"]

    def test_a_user_finishes_his_own_and_root_finishes_what_he_was_given(self, public_path, unprivileged):
        public_path.chmod(0o1777)
        (public_path / ".infoprotect-new-0").write_bytes(SECRET)

        def finish():
            (public_path / ".infoprotect-new-1").write_bytes(SECRET)
            with Folder.open(str(public_path)) as folder:
                return [folder.finish(), folder.leftovers()]

        assert unprivileged(finish) == [True, []]
        with Folder.open(str(public_path)) as folder:
            folder.finish()
        assert os.listdir(public_path) == []


class TestLock:
    def test_a_second_run_waits_for_the_first(self, folder, tmp_path):
        order = []

        def second():
            with Folder.open(str(tmp_path)) as other, other.lock():
                order.append("second")

        with folder.lock():
            thread = threading.Thread(target=second)
            thread.start()
            time.sleep(0.15)
            order.append("first")
        thread.join()
        assert order == ["first", "second"]

    def test_it_does_not_wait_for_ever(self, folder, tmp_path):
        waited = pytest.raises(FileError, match=r"has been locked by another run for 0\.1 seconds")
        with Folder.open(str(tmp_path)) as other, folder.lock(), waited, other.lock(0.1):
            pass
        with Folder.open(str(tmp_path)) as other, other.lock(0):
            pass

    def test_a_file_system_without_locks_is_an_error(self, folder, monkeypatch):
        def flock(fd, how):
            raise OSError(37, "No locks available")

        monkeypatch.setattr(fcntl, "flock", flock)
        with pytest.raises(FileError, match=r"Could not lock the folder .*: No locks available"), folder.lock():
            pass
