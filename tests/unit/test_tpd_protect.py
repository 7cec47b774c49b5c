# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tpd_protect through its module's main(): the same TPD opens with another password, and never with none."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils import _secrets
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._ops import tpd_protect
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import TpdError, passwords, tpd
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd.rehearsal import REHEARSAL_MARK

STRONG = "Another canary, made for a test: 0815 Köln"
WEAK = "canary"
LEAKED = "Every other copy of the TPD still opens with its old password"


@pytest.fixture
def case(tmp_path, export):
    """A pair in the tenant's folder, and where the new password goes."""
    folder = tmp_path / "contoso"
    folder.mkdir(mode=0o700)
    (folder / "ExportedTPD-old.xml").write_bytes(export.tpd)
    (folder / "Password-old.txt").write_bytes(export.password.encode())
    return {
        "path": str(folder / "ExportedTPD-old.xml"),
        "password_file": str(folder / "Password-old.txt"),
        "new_password_file": str(folder / "Password-new.txt"),
    }


@pytest.fixture
def apart(case, tmp_path):
    """The same, with a place of its own for the result."""
    return {**case, "dest": str(tmp_path / "new" / "ExportedTPD-new.xml")}


def secret_in(case):
    return passwords.decode(Path(case["new_password_file"]).read_bytes())


def test_a_new_password_is_made_and_the_old_files_stay(operator, apart, export):
    answer = operator.four_runs("tpd_protect", **apart)
    assert (answer["path"], answer["password_file"]) == (apart["dest"], apart["new_password_file"])
    secret = secret_in(apart)
    assert secret != export.password
    assert passwords.weakness(secret) is None
    assert tpd.open(Path(apart["dest"]).read_bytes(), secret) == tpd.open(export.tpd, export.password)
    with pytest.raises(tpd.WrongPassword):
        tpd.open(Path(apart["dest"]).read_bytes(), export.password)
    assert Path(apart["path"]).read_bytes() == export.tpd
    assert Path(apart["password_file"]).read_text(encoding="utf-8") == export.password
    for name in ("dest", "new_password_file"):
        assert stat.S_IMODE(os.stat(apart[name]).st_mode) == 0o600
    assert answer["tpd"]["key_matches_certificate"] is True
    (warning,) = operator.warnings(answer)
    assert warning.startswith(f"{LEAKED}: whoever has both keeps the key")
    assert "rekey the tenant if a TPD and its password have leaked" in warning


def test_the_new_password_shows_in_no_answer(operator, apart, monkeypatch):
    monkeypatch.setattr(passwords, "generate", lambda: STRONG)
    operator.secrets.append(STRONG)
    operator.run("tpd_protect", **apart)
    assert STRONG in _secrets._registered
    assert secret_in(apart) == STRONG


def test_in_place(operator, case, export):
    operator.four_runs("tpd_protect", **case)
    assert tpd.open(Path(case["path"]).read_bytes(), secret_in(case)) == tpd.open(export.tpd, export.password)


@pytest.mark.parametrize("given", ["file", "inline"])
def test_a_given_password_is_taken(operator, apart, export, given):
    operator.secrets.append(STRONG)
    if given == "file":
        Path(apart["new_password_file"]).write_bytes(STRONG.encode("utf-16"))
        os.chmod(apart["new_password_file"], 0o440)
    else:
        del apart["new_password_file"]
        apart["new_password"] = STRONG
    answer = operator.four_runs("tpd_protect", **apart)
    assert answer["password_file"] == apart.get("new_password_file")
    assert tpd.open(Path(apart["dest"]).read_bytes(), STRONG).version == 2
    if given == "file":  # which is read and left alone
        assert stat.S_IMODE(os.stat(apart["new_password_file"]).st_mode) == 0o440
        assert Path(apart["new_password_file"]).read_bytes() == STRONG.encode("utf-16")


def test_a_weak_password_is_warned_about_on_every_run(operator, apart):
    operator.secrets.append(WEAK)
    apart["new_password"] = WEAK
    del apart["new_password_file"]
    first, second = (operator.warnings(operator.run("tpd_protect", **apart)) for _run in range(2))
    assert "The password is weak" in first[0]
    assert LEAKED in first[1]
    assert second == first[:1]


def test_what_it_was_made_from_may_be_gone(operator, apart):
    operator.run("tpd_protect", **apart)
    os.unlink(apart["path"])
    os.unlink(apart["password_file"])
    assert operator.run("tpd_protect", **apart)["changed"] is False


def test_owner_group_and_mode(operator, apart):
    user, group = (12345, 23456) if os.geteuid() == 0 else (os.geteuid(), os.getegid())
    operator.four_runs("tpd_protect", **apart, owner=str(user), group=str(group), mode="0440")
    for path in (apart["dest"], apart["new_password_file"]):
        info = os.stat(path)
        assert (info.st_uid, info.st_gid, stat.S_IMODE(info.st_mode)) == (user, group, 0o440)


@pytest.mark.parametrize(("before", "asked"), [(1, 2), (2, 1), (1, 1)])
def test_versions(operator, apart, export, before, asked):
    opened = replace(tpd.open(export.tpd, export.password), version=before)
    Path(apart["path"]).write_bytes(tpd.seal(opened, export.password))
    answer = operator.four_runs("tpd_protect", **apart, version=asked)
    assert answer["tpd"]["version"] == asked
    assert tpd.open(Path(apart["dest"]).read_bytes(), secret_in(apart)) == replace(opened, version=asked)


def test_only_the_version_changes_in_place(operator, case):
    """The old password does not open it any more, and is not needed."""
    operator.run("tpd_protect", **case, version=1)
    assert operator.four_runs("tpd_protect", **case)["tpd"]["version"] == 2


def test_version_1_is_for_rehearsals_only(operator, apart, export):
    opened = tpd.open(export.tpd, export.password)
    real = replace(opened, chain=tuple(text.replace(REHEARSAL_MARK, "Contoso") for text in opened.chain))
    Path(apart["path"]).write_bytes(tpd.seal(real, export.password))
    words = (f"{apart['path']} is not a rehearsal's TPD", "Leave out version")
    operator.refused("tpd_protect", *words, **apart, version=1)
    operator.four_runs("tpd_protect", **apart)


def test_a_wrong_old_password(operator, apart):
    Path(apart["password_file"]).write_text("not the canary", encoding="utf-8")
    operator.refused("tpd_protect", apart["path"], "does not open with this password", **apart)


def test_the_new_password_must_be_another(operator, case, export):
    Path(case["new_password_file"]).write_bytes(export.password.encode("utf-16"))
    operator.refused("tpd_protect", "The new password is the old one", **case)
    del case["new_password_file"]
    operator.refused("tpd_protect", "The new password is the old one", **case, new_password=export.password)


@pytest.mark.parametrize("option", ["path", "dest", "password_file"])
def test_files_that_must_be_different(operator, apart, option):
    apart["new_password_file"] = f"{os.path.dirname(apart[option])}/./{os.path.basename(apart[option])}"
    words = (f"new_password_file is the same file as {option}", "a file of its own")
    operator.refused("tpd_protect", *words, **apart)


def test_what_lies_at_dest_is_never_overwritten(operator, apart, export):
    Path(apart["new_password_file"]).write_text(STRONG, encoding="utf-8")
    opened = tpd.open(export.tpd, export.password)
    other = tpd.seal(replace(opened, key_container="another"), STRONG)
    os.mkdir(os.path.dirname(apart["dest"]), 0o700)
    for content in (other, export.tpd, b"perhaps the only copy of something"):
        Path(apart["dest"]).write_bytes(content)
        operator.refused("tpd_protect", f"{apart['dest']} is already there", "not overwritten", **apart)


@pytest.mark.parametrize("lost", ["path", "password_file"])
def test_what_is_missing(operator, apart, lost):
    os.unlink(apart[lost])
    operator.refused("tpd_protect", apart[lost], "does not exist", **apart)


@pytest.mark.parametrize("password", ["", "a\0b"])
def test_a_new_password_that_cannot_be(operator, case, password):
    del case["new_password_file"]
    operator.refused(
        "tpd_protect", "password", "empty" if not password else "no text file", **case, new_password=password
    )


def test_a_result_that_is_not_the_same_replaces_nothing(operator, case, monkeypatch):
    """The proof before the old file goes: break the sealing and see it refused."""
    seal = tpd.seal
    monkeypatch.setattr(tpd, "seal", lambda opened, secret: seal(replace(opened, templates=()), secret))
    answer = operator.run("tpd_protect", **case)
    assert "cannot be sealed without a loss" in answer["msg"]
    assert not os.path.exists(case["new_password_file"])
    assert Path(case["path"]).read_bytes() != b""
    monkeypatch.setattr(tpd, "seal", seal)
    operator.four_runs("tpd_protect", **case)


def test_two_runs_at_once_agree_on_one_password(case, monkeypatch):
    """Another run has put its password there after this one found none."""
    made = tpd_protect.passwords.generate

    def generate():
        if not os.path.exists(case["new_password_file"]):
            Path(case["new_password_file"]).write_text(STRONG, encoding="utf-8")
        return made()

    monkeypatch.setattr(passwords, "generate", generate)
    params = {"password": None, "new_password": None, "dest": None, "version": 2, "mode": "0600", **case}
    tpd_protect.OPERATION.run(params, False)
    assert secret_in(case) == STRONG
    assert tpd.open(Path(case["path"]).read_bytes(), STRONG).version == 2


def test_another_process_has_changed_the_tpd_meanwhile(case, export, monkeypatch):
    """Looked at again under the lock: what does not open any more is not replaced."""
    place = tpd_protect._Job.place_password  # pylint: disable=protected-access

    def placing(*arguments):
        placed = place(*arguments)
        Path(case["path"]).write_bytes(tpd.seal(tpd.open(export.tpd, export.password), "a third canary, for a test"))
        return placed

    monkeypatch.setattr(tpd_protect._Job, "place_password", placing)
    params = {"password": None, "new_password": None, "dest": None, "version": 2, "mode": "0600", **case}
    with pytest.raises(TpdError, match="does not open with this password"):
        tpd_protect.OPERATION.run(params, False)
    assert tpd.open(Path(case["path"]).read_bytes(), "a third canary, for a test").version == 2
