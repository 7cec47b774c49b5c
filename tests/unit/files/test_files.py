# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Owner, group and mode as asked, and the reader of what an operator points at."""

from __future__ import annotations

import os
import pwd
import socket

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._files import (
    FileError,
    attributes,
    lowlevel,
    read_file,
)
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import TpdError


class TestAttributes:
    def test_nothing_asked_is_the_user_who_runs_and_the_default_mode(self):
        wanted = attributes({"owner": None, "group": None, "mode": None}, 0o600)
        assert (wanted.owner, wanted.group, wanted.mode) == (os.geteuid(), None, 0o600)

    def test_names_and_numbers(self):
        wanted = attributes({"owner": "root", "group": "12345", "mode": "0440"}, 0o600)
        assert (wanted.owner, wanted.group, wanted.mode) == (0, 12345, 0o440)

    def test_a_public_file_may_be_readable_by_everyone(self):
        assert attributes({"mode": "0644"}, 0o600).mode == 0o644

    # An unquoted 0644 reaches a module as "420", an unquoted 0600 as "384".
    @pytest.mark.parametrize(
        "mode", ["420", "384", "600", "u=rw", "04600", "4600", "0o600", "", "0200", "0699", "٠٦٠٠"]
    )
    def test_modes_that_are_not_four_octal_digits_are_refused(self, mode):
        with pytest.raises(FileError, match=r"^The mode .* in quotes, such as '0600'"):
            attributes({"mode": mode}, 0o600)

    @pytest.mark.parametrize("name", ["no such user", "-1", "4294967295", "99999999999", "", "a\0b", "\ud800"])
    def test_unknown_owner_and_group_are_refused_by_name(self, name):
        with pytest.raises(FileError, match=r"There is no user .* on this host"):
            attributes({"owner": name}, 0o600)
        with pytest.raises(FileError, match=r"There is no group .* on this host"):
            attributes({"group": name}, 0o600)

    def test_a_name_goes_before_a_number(self, monkeypatch):
        root = pwd.getpwnam("root")
        monkeypatch.setattr(pwd, "getpwnam", lambda name: root)
        assert attributes({"owner": "777"}, 0o600).owner == 0


class TestReadFile:
    def test_content_through_a_link(self, tmp_path):
        (tmp_path / "real").write_bytes(b"\xff\xfea\x00")
        (tmp_path / "link").symlink_to("real")
        assert read_file(str(tmp_path / "link"), 4, "reply") == b"\xff\xfea\x00"

    def test_errors_belong_to_the_one_base(self, tmp_path):
        with pytest.raises(TpdError):
            read_file(str(tmp_path / "none"), 10, "reply")

    def test_missing(self, tmp_path):
        with pytest.raises(FileError, match=r"^The reply .*/none does not exist\. Check the path"):
            read_file(str(tmp_path / "none"), 10, "reply")

    def test_folder(self, tmp_path):
        with pytest.raises(FileError, match="is a folder, where a regular file is expected"):
            read_file(str(tmp_path), 10, "reply")

    def test_empty(self, tmp_path):
        (tmp_path / "empty").touch()
        with pytest.raises(FileError, match=r"^The reply .*/empty is empty"):
            read_file(str(tmp_path / "empty"), 10, "reply")

    def test_too_large_says_size_and_limit(self, tmp_path):
        (tmp_path / "large").write_bytes(b"x" * 11)
        assert read_file(str(tmp_path / "large"), 11, "reply") == b"x" * 11
        with pytest.raises(FileError, match=r"too large: 11 bytes, where at most 10 are read"):
            read_file(str(tmp_path / "large"), 10, "reply")

    def test_a_file_that_grows_is_not_read_without_end(self, tmp_path, monkeypatch):
        (tmp_path / "growing").write_bytes(b"x")
        monkeypatch.setattr(os, "read", lambda fd, size: b"x" * size)
        with pytest.raises(FileError, match="grew while it was read"):
            read_file(str(tmp_path / "growing"), 10, "reply")

    def test_a_fifo_does_not_make_it_wait(self, tmp_path):
        os.mkfifo(tmp_path / "fifo")
        with pytest.raises(FileError, match="is a FIFO"):
            read_file(str(tmp_path / "fifo"), 10, "reply")

    def test_a_fifo_put_there_at_the_last_moment_does_not_make_it_wait(self, tmp_path, monkeypatch):
        os.mkfifo(tmp_path / "fifo")
        (tmp_path / "file").touch()
        regular = os.stat(tmp_path / "file")
        monkeypatch.setattr(os, "stat", lambda path: regular)
        with pytest.raises(FileError, match="is a FIFO"):
            read_file(str(tmp_path / "fifo"), 10, "reply")

    def test_socket_and_device(self, tmp_path):
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(tmp_path / "socket"))
            with pytest.raises(FileError, match="is a socket"):
                read_file(str(tmp_path / "socket"), 10, "reply")
        with pytest.raises(FileError, match="is a device"):
            read_file("/dev/zero", 10, "reply")

    def test_below_a_file(self, tmp_path):
        (tmp_path / "file").write_bytes(b"x")
        with pytest.raises(FileError, match=r"Could not look at the reply .*: Not a directory"):
            read_file(str(tmp_path / "file" / "x"), 10, "reply")

    def test_not_allowed(self, public_path, unprivileged):
        (public_path / "locked").write_bytes(b"x")
        os.chmod(public_path / "locked", 0)
        message = unprivileged(lambda: read_file(str(public_path / "locked"), 10, "reply"))
        assert message.startswith(
            f"Could not read the reply {public_path}/locked: Permission denied. Run as a user who"
        )

    @pytest.mark.parametrize("path", ["", "/tmp/a\0b", "/tmp/\ud800"])
    def test_impossible_paths(self, path):
        with pytest.raises(FileError, match="holds a character that no file name can have"):
            read_file(path, 10, "reply")


@pytest.mark.parametrize("there", [b"", b"abc", b"abcdefg", b"abcdeX", b"Xbcdef"])
def test_what_is_read_back_must_be_all_of_it_and_no_more(tmp_path, monkeypatch, there):
    monkeypatch.setattr(lowlevel, "_CHUNK", 4)
    (tmp_path / "file").write_bytes(there)
    with open(tmp_path / "file", "rb") as file:
        assert not lowlevel.holds(file.fileno(), b"abcdef")
        assert lowlevel.holds(file.fileno(), there)
