# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""secure_file_info through its module's main(): a finding is a result, all of them come at once, nothing is touched."""

from __future__ import annotations

import base64
import grp
import os
import pwd
from dataclasses import replace

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._files import FileState
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._ops import secure_file_info

from .conftest import NOBODY, sha256, tree

CONTENT = b"\xff\xfem\0a\0d\0e\0 \0f\0o\0r\0 \0a\0 \0t\0e\0s\0t\0"
STRANGER = 54321


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "held" / "key"
    path.parent.mkdir(mode=0o700)
    path.write_bytes(CONTENT)
    path.chmod(0o600)
    return path


@pytest.fixture
def look(operator, path, tmp_path):
    """look(**options) -> the answer, in check mode or not, and nothing on the disk has changed."""

    def run(**options):
        given = {"path": str(path), **options}
        before = tree(tmp_path)
        answer = operator.run("secure_file_info", **given)
        assert operator.run("secure_file_info", check=True, **given) == answer
        assert tree(tmp_path) == before
        assert (answer.get("msg"), answer["changed"]) == (None, False)
        assert "diff" not in answer
        assert all(len(problem["message"]) > 20 for problem in answer["problems"])
        return answer

    return run


def ids(answer):
    return [problem["id"] for problem in answer["problems"]]


def test_a_file_that_is_as_it_should_be(look, path):
    me, mine = pwd.getpwuid(os.geteuid()).pw_name, grp.getgrgid(path.stat().st_gid).gr_name
    answer = look(sha256=sha256(CONTENT).upper(), owner=me, group=mine, mode="0600")
    assert answer["problems"] == []
    assert {name: answer[name] for name in ("path", "exists", "sha256", "size", "mode", "owner", "group")} == {
        "path": str(path),
        "exists": True,
        "sha256": sha256(CONTENT),
        "size": len(CONTENT),
        "mode": "0600",
        "owner": me,
        "group": mine,
    }
    assert look(owner=str(os.geteuid()), group=str(path.stat().st_gid))["problems"] == []
    assert look()["problems"] == []


def test_everything_that_is_wrong_in_one_go(look, path):
    path.chmod(0o644)
    os.link(path, path.parent / "other name")
    path.parent.chmod(0o777)
    answer = look(sha256="0" * 64, owner=str(STRANGER), group=str(STRANGER), mode="0400")
    assert ids(answer) == ["parents", "content", "owner", "group", "mode", "links"]
    messages = {problem["id"]: problem["message"] for problem in answer["problems"]}
    assert f"{path.parent} (mode 0777) may be written by" in messages["parents"]
    assert messages["mode"] == f"The mode of {path} is 0644, expected 0400."
    assert messages["owner"].endswith(f"expected {STRANGER}.")
    assert "has 2 names (hard links)" in messages["links"]
    for digest in (sha256(CONTENT), "0" * 64):
        assert digest not in str(answer["problems"])
    assert "parents" not in ids(look(strict_parents=False))


@pytest.mark.parametrize("gone", ["file", "folder"])
def test_a_lost_file(look, path, gone):
    path.unlink()
    if gone == "folder":
        path.parent.rmdir()
    answer = look(sha256=sha256(CONTENT), mode="0600")
    assert ids(answer) == ["missing"]
    assert (answer["exists"], answer["sha256"], answer["size"], answer["mode"]) == (False, None, None, None)


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("link", "is a symbolic link"),
        ("link on the way", "is a symbolic link, where a folder is expected"),
        ("folder", "is a folder"),
        ("fifo", "is a FIFO"),
        ("too large", "too large"),
    ],
)
def test_what_cannot_be_looked_at(look, path, tmp_path, monkeypatch, what, words):
    given = path
    if what == "link on the way":
        (tmp_path / "way").symlink_to("held")
        given = tmp_path / "way" / "key"
    elif what == "too large":
        monkeypatch.setattr(secure_file_info, "LARGEST_SECRET_FILE", len(CONTENT) - 1)
    else:
        path.unlink()
        {"link": lambda: path.symlink_to("/etc/passwd"), "folder": path.mkdir, "fifo": lambda: os.mkfifo(path)}[what]()
    answer = look(path=str(given), sha256=sha256(CONTENT))
    assert ids(answer) == ["unreadable"]
    assert words in answer["problems"][0]["message"]
    assert answer["sha256"] is None
    assert answer["exists"] is (what == "too large")


def test_an_access_control_list(look, monkeypatch):
    real = FileState.of
    monkeypatch.setattr(FileState, "of", lambda fd: replace(real(fd), named_access=True))
    assert ids(look()) == ["acl"]


def test_users_and_groups_that_the_host_does_not_know(look):
    answer = look(owner="no such user", group="no such group")
    assert ids(answer) == ["owner", "group"]
    assert "There is no user 'no such user' on this host" in answer["problems"][0]["message"]


def test_folders_of_the_owner_may_be_his(look, path, monkeypatch):
    owner = os.geteuid()
    if owner == 0:
        owner = STRANGER
        for each in (path.parent, path):
            os.chown(each, owner, -1)
    else:
        # A user who can give nothing away is somebody else himself from here on.
        monkeypatch.setattr(os, "geteuid", lambda: STRANGER)
    assert look(owner=str(owner))["problems"] == []
    assert ids(look()) == ["parents"]


def test_contents_for_whoever_asks(look, path):
    anchor = path.parent / "anchor.json"
    anchor.write_bytes(b'{"seq": 42}')
    assert {"content", "beside"} & look().keys() == set()
    answer = look(return_content=True, beside="anchor.json")
    assert base64.b64decode(answer["content"]) == CONTENT
    assert base64.b64decode(answer["beside"]) == b'{"seq": 42}'
    path.unlink()
    answer = look(return_content=True, beside="anchor.json")
    assert ids(answer) == ["missing"]
    assert "content" not in answer
    assert base64.b64decode(answer["beside"]) == b'{"seq": 42}'


@pytest.mark.parametrize("what", ["none", "link", "folder", "too large", "no folder"])
def test_nothing_beside(look, path, monkeypatch, what):
    anchor = path.parent / "anchor.json"
    if what == "link":
        anchor.symlink_to("key")
    elif what == "folder":
        anchor.mkdir()
    elif what == "too large":
        monkeypatch.setattr(secure_file_info, "LARGEST_BESIDE", 3)
        anchor.write_bytes(b"four")
    given = path.parent / "none" / "key" if what == "no folder" else path
    answer = look(path=str(given), beside="anchor.json")
    assert "beside" not in answer
    assert ids(answer) == (["missing"] if what == "no folder" else [])


def test_options_that_make_no_sense(operator):
    for options, words in (
        ({"path": "key"}, "is relative"),
        ({"path": "/tmp/"}, "does not end in the name of a file"),
        ({"path": "/tmp/key", "sha256": "12"}, "64 hexadecimal digits"),
        ({"path": "/tmp/key", "mode": "644"}, "four octal digits"),
        ({"path": "/tmp/key", "beside": "../key"}, "does not end in the name of a file"),
    ):
        operator.refused("secure_file_info", words, **options)


def test_an_ordinary_user(operator, public_path):
    (public_path / "key").write_bytes(CONTENT)
    (public_path / "key").chmod(0o644)
    answer = operator.as_nobody("secure_file_info", path=str(public_path / "key"), sha256=sha256(CONTENT))
    if os.geteuid() == 0:
        assert answer["problems"] == []
        (public_path / "key").chmod(0o600)
        answer = operator.as_nobody("secure_file_info", path=str(public_path / "key"), owner=str(NOBODY))
        assert ids(answer) == ["unreadable"]
        assert "Permission denied" in answer["problems"][0]["message"]
