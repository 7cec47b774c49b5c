# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""secure_file through its module's main(): placed once, repaired when it drifted, destroyed, refused in clear words."""

from __future__ import annotations

import base64
import hashlib
import os
import stat

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._ops import secure_file

UTF16 = "\ufeffmade for a test".encode("utf-16-le")
SHA256 = hashlib.sha256(UTF16).hexdigest()


@pytest.fixture
def place(run_module, tmp_path):
    """place(check=..., **changes) -> the answer for one file of this content."""

    def run(**changes):
        arguments = {"dest": str(tmp_path / "key"), "content": base64.b64encode(UTF16).decode(), "encoding": "base64"}
        arguments.update(changes)
        return run_module("secure_file", **{name: value for name, value in arguments.items() if value is not None})

    return run


def facts(path):
    info = os.lstat(path)
    return stat.S_IMODE(info.st_mode), info.st_uid, hashlib.sha256(path.read_bytes()).hexdigest()


def assert_refused(answer, *words):
    assert answer["failed"] is True
    for word in words:
        assert word in answer["msg"]
    assert "Traceback" not in str(answer)
    assert "made for a test" not in str(answer)


def test_check_run_check_run(place, tmp_path):
    before = place(check=True, diff=True)
    assert before["changed"] is True
    assert before["diff"]["before"]["key"] == {"state": "absent"}
    assert not (tmp_path / "key").exists()

    done = place(diff=True)
    assert done["changed"] is True
    assert (done["dest"], done["sha256"], done["size"]) == (str(tmp_path / "key"), SHA256, len(UTF16))
    assert done["mode"] == "0600"
    assert done["diff"] == before["diff"]
    assert facts(tmp_path / "key") == (0o600, os.geteuid(), SHA256)

    assert place(check=True)["changed"] is False
    again = place()
    assert again["changed"] is False
    assert {**again, "changed": True, "diff": done["diff"]} == done
    assert os.listdir(tmp_path) == ["key"]


def test_destroyed_check_run_check_run(place, tmp_path):
    place()
    assert place(state="absent", content=None, check=True)["changed"] is True
    assert (tmp_path / "key").exists()
    answer = place(state="absent", content=None, diff=True)
    assert answer["changed"] is True
    assert answer["diff"]["before"]["key"]["size"] == len(UTF16)
    assert answer["diff"]["after"]["key"] == {"state": "absent"}
    assert os.listdir(tmp_path) == []
    assert place(state="absent", content=None, check=True)["changed"] is False
    assert place(state="absent", content=None)["changed"] is False


def test_no_answer_holds_the_content(place):
    for answer in (place(diff=True), place(diff=True, content=base64.b64encode(UTF16 * 2).decode())):
        for form in (UTF16.decode("utf-16-le"), base64.b64encode(UTF16).decode(), UTF16.hex()):
            assert form not in str(answer)


@pytest.mark.parametrize("drift", ["mode", "content", "lost", "hard link", "longer"])
def test_drift_is_repaired(place, tmp_path, drift):
    place()
    path = tmp_path / "key"
    if drift == "mode":
        path.chmod(0o644)
    elif drift == "content":
        path.write_bytes(UTF16[::-1])
    elif drift == "longer":
        path.write_bytes(UTF16 * 2)
    elif drift == "lost":
        path.unlink()
    else:
        os.link(path, tmp_path / "another name")
    assert place(check=True)["changed"] is True
    assert place()["changed"] is True
    assert facts(path) == (0o600, os.geteuid(), SHA256)
    assert path.stat().st_nlink == 1
    assert place()["changed"] is False


def test_owner_group_and_mode(place, tmp_path):
    """By number and by name; a user who may not give files away gives them to himself."""
    user, group = (12345, 23456) if os.geteuid() == 0 else (os.geteuid(), os.getegid())
    wanted = {"owner": str(user), "group": str(group), "mode": "0440"}
    answer = place(diff=True, **wanted)
    assert answer["diff"]["after"]["key"]["mode"] == "0440"
    info = (tmp_path / "key").stat()
    assert (info.st_uid, info.st_gid, stat.S_IMODE(info.st_mode)) == (user, group, 0o440)
    assert place(**wanted)["changed"] is False
    if os.geteuid() == 0:
        # Without an owner it is the user who runs.
        assert place(mode="0440")["changed"] is True
        assert (tmp_path / "key").stat().st_uid == 0


def test_check_mode_tells_what_the_file_will_have(tmp_path):
    (tmp_path / "key").write_bytes(b"old")
    (tmp_path / "key").chmod(0o644)
    parameters = {option: rule.get("default") for option, rule in secure_file.OPERATION.argument_spec.items()}
    parameters.update(dest=str(tmp_path / "key"), content="new, made for a test", mode="0400")
    foreseen = secure_file.OPERATION.run(parameters, True)
    assert (foreseen["mode"], foreseen["size"]) == ("0400", 20)
    assert foreseen["diff"]["before"]["key"]["mode"] == "0644"
    assert secure_file.OPERATION.run(parameters, False) == foreseen


def test_text_is_utf8_and_not_touched(place, tmp_path):
    place(content=" ü\r\n\n", encoding="text")
    assert (tmp_path / "key").read_bytes() == b" \xc3\xbc\r\n\n"


def test_a_source_on_the_host(place, tmp_path):
    (tmp_path / "source").write_bytes(UTF16)
    assert place(content=None, encoding=None, src=str(tmp_path / "source"), remote_src=True)["sha256"] == SHA256
    (tmp_path / "source").unlink()
    answer = place(content=None, encoding=None, src=str(tmp_path / "source"), remote_src=True)
    assert_refused(answer, f"The source file {tmp_path}/source does not exist")


def test_a_source_on_the_controller_takes_the_action_plugin(place, tmp_path):
    assert_refused(place(content=None, encoding=None, src="/tmp/source"), "only the action plugin can do", "remote_src")


def test_the_expected_hash(place, tmp_path):
    other = "0" * 64
    answer = place(sha256=other)
    assert_refused(answer, "is another than expected", "Nothing was changed")
    assert SHA256 not in answer["msg"]
    assert os.listdir(tmp_path) == []
    assert place(sha256=SHA256.upper())["changed"] is True
    assert_refused(place(sha256="12"), "64 hexadecimal digits")
    assert_refused(
        place(state="absent", content=None, sha256=other), f"The file {tmp_path}/key is another than expected"
    )
    assert (tmp_path / "key").exists()
    assert place(state="absent", content=None, sha256=SHA256)["changed"] is True


@pytest.mark.parametrize("content", ["YQ", "YR==", "YQ==\n", "Y Q=", "a b?", "ü"])
def test_base64_is_strict(place, tmp_path, content):
    assert_refused(place(content=content), "The content is not base64")
    assert os.listdir(tmp_path) == []


def test_text_that_utf8_cannot_carry(tmp_path):
    parameters = {option: rule.get("default") for option, rule in secure_file.OPERATION.argument_spec.items()}
    parameters.update(dest=str(tmp_path / "key"), content="\ud800")
    with pytest.raises(secure_file.FileError, match="is not text that UTF-8 can carry"):
        secure_file.OPERATION.run(parameters, False)


def test_empty_and_oversized_content(place, tmp_path, monkeypatch):
    assert_refused(place(content=""), "is empty")
    monkeypatch.setattr(secure_file, "LARGEST", 10)
    assert_refused(place(), f"too large: {len(UTF16)} bytes, where at most 10")
    assert os.listdir(tmp_path) == []


def test_wrong_combinations_of_options(place):
    assert "mutually exclusive" in place(src="/tmp/x")["msg"]
    assert "any of the following are missing: src, content" in place(content=None, encoding=None)["msg"]


def test_what_a_killed_run_left_counts_as_a_change_and_is_gone(place, tmp_path):
    place()
    for state in ("present", "absent"):
        (tmp_path / ".infoprotect-new-0123").write_bytes(b"half")
        assert place(state=state, check=True)["changed"] is True
        assert (tmp_path / ".infoprotect-new-0123").exists()
        assert place(state=state)["changed"] is True
        assert not (tmp_path / ".infoprotect-new-0123").exists()
        assert place(state=state)["changed"] is False


def test_a_missing_folder_is_made_for_the_user_alone(place, tmp_path):
    dest = str(tmp_path / "none" / "key")
    assert place(dest=dest, state="absent")["changed"] is False
    assert place(dest=dest, check=True)["changed"] is True
    assert os.listdir(tmp_path) == []
    assert place(dest=dest)["changed"] is True
    assert stat.S_IMODE((tmp_path / "none").stat().st_mode) == 0o700


def test_a_folder_that_others_may_write(place, tmp_path):
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    dest = str(tmp_path / "open" / "key")
    for check in (True, False):
        assert_refused(place(dest=dest, check=check), f"{tmp_path}/open (mode 0777) may be written by", "everyone")
    assert place(dest=dest, strict_parents=False)["changed"] is True


@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_link_or_a_folder_as_destination(place, tmp_path, state):
    (tmp_path / "elsewhere").write_bytes(b"not ours")
    (tmp_path / "key").symlink_to("elsewhere")
    assert_refused(place(state=state), "is a symbolic link")
    (tmp_path / "folder").mkdir()
    assert_refused(place(state=state, dest=str(tmp_path / "folder")), "is a folder")
    os.mkfifo(tmp_path / "fifo")
    assert_refused(place(state=state, dest=str(tmp_path / "fifo")), "is a FIFO")
    assert (tmp_path / "elsewhere").read_bytes() == b"not ours"


@pytest.mark.parametrize(
    ("dest", "words"),
    [
        ("key", "Give an absolute path"),
        ("/tmp/key/", "does not end in the name of a file"),
        ("/tmp/.infoprotect-new-1", "reserved"),
        ("/tmp/" + "x" * 300, "File name too long. Choose a shorter name"),
    ],
)
def test_destinations_that_make_no_sense(place, dest, words):
    assert_refused(place(dest=dest), words)
    assert not os.path.exists("/no such folder")


def test_hard_links_keep_a_file_from_being_destroyed(place, tmp_path):
    place()
    os.link(tmp_path / "key", tmp_path / "other")
    assert_refused(place(state="absent"), "hard links", "its content would stay")
    assert sorted(os.listdir(tmp_path)) == ["key", "other"]


def test_an_ordinary_user(public_path, unprivileged):
    """In a folder of his own below a shared one, and not in one of root's."""
    public_path.chmod(0o1777)
    parameters = {option: rule.get("default") for option, rule in secure_file.OPERATION.argument_spec.items()}

    def story():
        (public_path / "mine").mkdir()
        parameters.update(dest=str(public_path / "mine" / "key"), content="made for a test", mode="0400")
        runs = [secure_file.OPERATION.run(parameters, False)["changed"] for _run in range(2)]
        parameters.update(state="absent")
        return runs + [secure_file.OPERATION.run(parameters, False)["changed"] for _run in range(2)]

    assert unprivileged(story) == [True, False, True, False]


def test_a_folder_that_cannot_be_written(public_path, unprivileged):
    parameters = {option: rule.get("default") for option, rule in secure_file.OPERATION.argument_spec.items()}
    parameters.update(dest=str(public_path / "key"), content="made for a test")
    public_path.chmod(0o555)
    message = unprivileged(lambda: secure_file.OPERATION.run(parameters, False))
    assert message.startswith(f"Could not write {public_path}/key: Permission denied. Run as a user who may do that")
    public_path.chmod(0o755)
