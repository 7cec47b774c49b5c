# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A file is placed whole, with its owner and mode from the first byte on, or it is not placed."""

from __future__ import annotations

import os
import stat

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._files import (
    Attributes,
    FileError,
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


class TestPlace:
    def test_new_file(self, folder, tmp_path, left_in):
        folder.place("key", SECRET, PRIVATE)
        assert (tmp_path / "key").read_bytes() == SECRET
        assert folder.read("key", 100, "key") == SECRET
        assert folder.state("key").fits(PRIVATE)
        assert (folder.exists("key"), folder.exists("no key")) == (True, False)
        assert folder.names() == ["key"]
        assert left_in(tmp_path) == []

    def test_replacing_leaves_a_hard_link_and_an_open_reader_with_the_old_file(self, folder, tmp_path):
        (tmp_path / "key").write_bytes(b"old")
        os.link(tmp_path / "key", tmp_path / "other name")
        with open(tmp_path / "key", "rb") as reader:
            folder.place("key", SECRET, PRIVATE)
            assert reader.read() == b"old"
        assert (tmp_path / "other name").read_bytes() == b"old"
        assert (tmp_path / "key").read_bytes() == SECRET

    @pytest.mark.parametrize("wanted", [0o400, 0o600, 0o640, 0o644, 0o777])
    @pytest.mark.parametrize("umask", [0o000, 0o077, 0o777])
    def test_the_mode_is_the_wanted_one_whatever_the_umask(self, folder, tmp_path, wanted, umask):
        before = os.umask(umask)
        try:
            folder.place("key", SECRET, Attributes(ME, None, wanted))
        finally:
            os.umask(before)
        assert mode(tmp_path / "key") == wanted

    def test_owner_and_mode_are_set_before_the_first_byte_and_never_wider(self, folder, monkeypatch):
        """Watched at every write of owner, mode and content: nobody has more than he shall have in the end."""
        seen = []

        def watched(name, real):
            def call(fd, *arguments):
                seen.append((name, os.fstat(fd).st_size, stat.S_IMODE(os.fstat(fd).st_mode)))
                return real(fd, *arguments)

            return call

        monkeypatch.setattr(os, "fchown", watched("owner", lambda fd, uid, gid: None))
        monkeypatch.setattr(os, "fchmod", watched("mode", os.fchmod))
        monkeypatch.setattr(os, "write", watched("content", os.write))
        with pytest.raises(FileError, match="does not keep owner and mode"):
            folder.place("key", SECRET, Attributes(ME + 1, None, 0o640))
        assert seen == [("owner", 0, 0o600), ("mode", 0, 0o600)]
        seen.clear()
        folder.place("key", SECRET, Attributes(ME, None, 0o640))
        assert seen == [("mode", 0, 0o600), ("content", 0, 0o640)]

    def test_short_writes_are_continued(self, folder, tmp_path, monkeypatch):
        real_write = os.write
        monkeypatch.setattr(os, "write", lambda fd, data: real_write(fd, bytes(data[:3])))
        folder.place("key", SECRET, PRIVATE)
        assert (tmp_path / "key").read_bytes() == SECRET

    def test_a_write_that_writes_nothing_ends(self, folder, tmp_path, monkeypatch):
        monkeypatch.setattr(os, "write", lambda fd, data: 0)
        with pytest.raises(FileError, match=r"Could not write .*/key: Input/output error"):
            folder.place("key", SECRET, PRIVATE)
        assert os.listdir(tmp_path) == []

    def test_a_disk_that_gives_back_other_bytes_is_found_out(self, folder, tmp_path, monkeypatch, left_in):
        (tmp_path / "key").write_bytes(b"old")
        real_read = os.read
        with monkeypatch.context() as patch:
            patch.setattr(os, "read", lambda fd, size: real_read(fd, size).replace(b"m", b"n"))
            with pytest.raises(FileError, match="is not what was written"):
                folder.place("key", SECRET, PRIVATE)
        assert (tmp_path / "key").read_bytes() == b"old"
        assert left_in(tmp_path) == []

    def test_a_file_system_without_folder_sync_will_do(self, folder, monkeypatch):
        real_fsync = os.fsync

        def fsync(fd):
            if stat.S_ISDIR(os.fstat(fd).st_mode):
                raise OSError(22, "Invalid argument")
            real_fsync(fd)

        monkeypatch.setattr(os, "fsync", fsync)
        folder.place("key", SECRET, PRIVATE)
        assert folder.destroy("key")

    def test_a_rename_that_was_done_though_reported_as_failed_keeps_the_new_file(self, folder, tmp_path, monkeypatch):
        """So do network file systems when the answer gets lost. What was placed must not be overwritten as refuse."""
        real_rename = os.rename

        def rename(*arguments, **options):
            real_rename(*arguments, **options)
            raise OSError(2, "No such file or directory")

        monkeypatch.setattr(os, "rename", rename)
        with pytest.raises(FileError, match="No such file"):
            folder.place("key", SECRET, PRIVATE)
        assert (tmp_path / "key").read_bytes() == SECRET

    def test_a_folder_that_was_moved_meanwhile_gets_nothing(self, tmp_path):
        (tmp_path / "work").mkdir()
        with Folder.open(str(tmp_path / "work")) as folder:
            (tmp_path / "work").rename(tmp_path / "moved")
            with pytest.raises(FileError, match="was moved while a file was written"):
                folder.place("key", SECRET, PRIVATE)
            (tmp_path / "work").mkdir()
            with pytest.raises(FileError, match="was moved while a file was written"):
                folder.place("key", SECRET, PRIVATE)
        assert os.listdir(tmp_path / "moved") == os.listdir(tmp_path / "work") == []

    def test_a_new_file_exchanged_by_others_is_found_out(self, folder, tmp_path, monkeypatch):
        real_rename = os.rename

        def rename(source, target, **options):
            (tmp_path / source).unlink()
            (tmp_path / source).write_bytes(b"theirs")
            real_rename(source, target, **options)

        monkeypatch.setattr(os, "rename", rename)
        with pytest.raises(FileError, match="was exchanged while it was written"):
            folder.place("key", SECRET, PRIVATE)

    def test_an_inherited_access_list_that_widens_is_refused(self, folder, tmp_path, acl):
        acl.put(tmp_path, acl.DEFAULT, user=12345, allowed=4)
        with pytest.raises(FileError, match=r"would let user 12345 into .*/key .* \(setfacl -k\)"):
            folder.place("key", SECRET, Attributes(ME, None, 0o640))
        assert os.listdir(tmp_path) == []

    def test_an_inherited_access_list_that_the_mode_masks_is_harmless(self, folder, tmp_path, acl):
        acl.put(tmp_path, acl.DEFAULT, user=12345, allowed=4)
        folder.place("key", SECRET, PRIVATE)
        assert folder.state("key").fits(PRIVATE)

    def test_an_access_list_of_unknown_make_counts_as_widening(self, folder, acl):
        acl.show(b"\x03\x00\x00\x00")
        with pytest.raises(FileError, match="unknown list version"):
            folder.place("key", SECRET, Attributes(ME, None, 0o640))

    def test_no_such_lists_outside_linux(self, folder, monkeypatch):
        monkeypatch.delattr(os, "getxattr")
        folder.place("key", SECRET, Attributes(ME, None, 0o640))

    def test_a_stranger_cannot_give_files_away(self, public_path, unprivileged):
        public_path.chmod(0o1777)

        def give():
            with Folder.open(str(public_path)) as folder:
                folder.place("key", SECRET, Attributes(os.geteuid() + 1, None, 0o600))

        assert unprivileged(give).startswith("Could not give ")
        assert os.listdir(public_path) == []
