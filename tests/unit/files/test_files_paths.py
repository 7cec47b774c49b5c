# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The walk from the root to a folder: nobody else can bend the way."""

from __future__ import annotations

import os

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._files import (
    FileError,
    Folder,
    MissingFolder,
    split_path,
)

STRANGER = 54321


def refusal(path, **options):
    with pytest.raises(FileError) as caught:
        Folder.open(str(path), **options)
    return str(caught.value)


def test_a_folder_of_mine_below_a_sticky_one(tmp_path):
    (tmp_path / "shared" / "mine").mkdir(parents=True)
    (tmp_path / "shared").chmod(0o1777)
    with Folder.open(str(tmp_path / "shared" / "mine")) as folder:
        assert folder.names() == []


def test_the_root_itself():
    with Folder.open("/") as folder:
        assert folder.exists("tmp")


def test_dots_and_double_slashes(tmp_path):
    (tmp_path / "a").mkdir()
    with Folder.open(f"/{tmp_path}//./a/../a/") as folder:
        assert folder.names() == []


@pytest.mark.parametrize("path", ["a/b", "", "~/a", "./a"])
def test_a_relative_path_is_refused(path):
    assert "Give an absolute path" in refusal(path) or "is empty" in refusal(path)
    with pytest.raises(FileError):
        split_path(path)


def test_split_path():
    assert split_path("/a/b/c.xml") == ("/a/b", "c.xml")
    assert split_path("/c.xml") == ("/", "c.xml")


@pytest.mark.parametrize("path", ["/a/", "/", "/a/..", "/a/.", "/a/.infoprotect-new-1"])
def test_a_path_that_leads_to_no_file_is_refused_before_a_folder_is_made_for_it(path):
    with pytest.raises(FileError, match=r"(does not end in the name of a file|are reserved for unfinished files)"):
        split_path(path)


def test_missing_is_an_error_of_its_own(tmp_path):
    with pytest.raises(MissingFolder, match=r"/none does not exist\. Create it \(mode 0700\)"):
        Folder.open(str(tmp_path / "none" / "below"))


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize("tail", ["link", "link/below"])
def test_a_link_on_the_way_is_refused_by_name_even_to_a_safe_folder(tmp_path, strict, tail):
    (tmp_path / "real" / "below").mkdir(parents=True)
    (tmp_path / "link").symlink_to("real")
    assert f"{tmp_path}/link is a symbolic link" in refusal(tmp_path / tail, strict=strict)


def test_a_link_put_there_after_the_look_is_not_followed(tmp_path, monkeypatch):
    (tmp_path / "real").mkdir()
    (tmp_path / "folder").mkdir()
    real_open = os.open

    def swap_then_open(name, flags, *mode, **options):
        if name == "folder":
            os.rmdir(tmp_path / "folder")
            os.symlink("real", tmp_path / "folder")
        return real_open(name, flags, *mode, **options)

    monkeypatch.setattr(os, "open", swap_then_open)
    assert "is a symbolic link" in refusal(tmp_path / "folder")


def test_a_file_on_the_way(tmp_path):
    (tmp_path / "file").touch()
    assert f"{tmp_path}/file is a regular file, where a folder is expected" in refusal(tmp_path / "file" / "below")


@pytest.mark.parametrize(
    ("mode", "who"),
    [(0o777, "its group (or an access control list) and everyone"), (0o770, "its group"), (0o702, "everyone")],
)
@pytest.mark.parametrize("tail", ["open", "open/below"])
def test_a_folder_that_others_may_write_is_refused(tmp_path, mode, who, tail):
    (tmp_path / "open" / "below").mkdir(parents=True)
    os.chmod(tmp_path / "open", mode)
    message = refusal(tmp_path / tail)
    assert f"The folder {tmp_path}/open (mode 0{mode:o}) may be written by {who}" in message
    assert "chmod go-w" in message
    with Folder.open(str(tmp_path / tail), strict=False):
        pass


def test_a_folder_that_an_access_list_lets_others_write_is_refused(tmp_path, acl):
    (tmp_path / "listed").mkdir(mode=0o700)
    if not acl.put(tmp_path / "listed", acl.ACCESS, user=STRANGER, allowed=7):
        (tmp_path / "listed").chmod(0o770)  # as such a folder shows itself
    assert "or an access control list), who" in refusal(tmp_path / "listed")


@pytest.mark.parametrize("tail", ["theirs", "theirs/below"])
def test_a_folder_of_somebody_else_is_refused_unless_the_file_is_meant_for_him(tmp_path, give_away, tail):
    (tmp_path / "theirs" / "below").mkdir(parents=True)
    owner = give_away(tmp_path / "theirs")
    assert "who could exchange what lies in it, and not to root" in refusal(tmp_path / tail)
    with Folder.open(str(tmp_path / tail), owner=owner):
        pass
    with Folder.open(str(tmp_path / tail), strict=False):
        pass


def test_a_folder_on_the_way_need_not_be_readable(public_path, unprivileged):
    (public_path / "passage" / "mine").mkdir(parents=True)
    (public_path / "passage" / "mine").chmod(0o755)
    (public_path / "passage").chmod(0o311)

    def look():
        with Folder.open(str(public_path / "passage" / "mine")) as folder:
            return folder.names()

    assert unprivileged(look) == []
    (public_path / "passage").chmod(0o755)


def test_create_makes_what_is_missing_for_the_owner_alone(tmp_path):
    with Folder.open(str(tmp_path / "a" / "b"), create=True) as folder:
        assert folder.names() == []
    assert [oct((tmp_path / part).stat().st_mode & 0o777) for part in ("a", "a/b")] == ["0o700", "0o700"]
    with Folder.open(str(tmp_path / "a" / "b"), create=True):
        pass


def test_create_makes_nothing_below_an_unsafe_folder(tmp_path):
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    refusal(tmp_path / "open" / "new", create=True)
    assert os.listdir(tmp_path / "open") == []


def test_create_survives_a_faster_run(tmp_path, monkeypatch):
    real_mkdir = os.mkdir

    def both(name, mode, **options):
        real_mkdir(name, mode, **options)
        raise FileExistsError

    monkeypatch.setattr(os, "mkdir", both)
    with Folder.open(str(tmp_path / "a"), create=True):
        pass


def test_no_descriptor_is_left_open(tmp_path):
    before = len(os.listdir("/dev/fd"))
    (tmp_path / "file").touch()
    for path in (tmp_path / "none", tmp_path / "file" / "x", tmp_path / "file"):
        refusal(path)
    with Folder.open(str(tmp_path)) as folder:
        folder.read("file", 10, "file")
    assert len(os.listdir("/dev/fd")) == before
