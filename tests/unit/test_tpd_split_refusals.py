# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tpd_split with everything that is wrong: one clear sentence, no secret in it, and nothing changed."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._ops import tpd_split
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import rehearsal, rsakeys, tpd

PASSPHRASE = "The passphrase of a PEM, made for a test: Ärmel 08/15"
KEPT = "is not overwritten"


@pytest.fixture(scope="module")
def stranger():
    """The TPD of another tenant."""
    return rehearsal.make(1024, 2, 2)


@pytest.fixture
def source(export):
    return tpd.open(export.tpd, export.password)


@pytest.fixture
def key(source):
    return rsakeys.load_private(source.key_blob)


@pytest.fixture
def case(tmp_path, export, operator):
    """A TPD, with folders for what becomes of it."""
    operator.secrets.append(PASSPHRASE)
    for folder in ("contoso", "keyless", "offline"):
        (tmp_path / folder).mkdir(mode=0o700)
    (tmp_path / "contoso" / "ExportedTPD.xml").write_bytes(export.tpd)
    (tmp_path / "contoso" / "passphrase").write_bytes(PASSPHRASE.encode())
    return {
        "path": str(tmp_path / "contoso" / "ExportedTPD.xml"),
        "password": export.password,
        "keyless_file": str(tmp_path / "keyless" / "contoso.xml"),
        "pem_file": str(tmp_path / "offline" / "contoso.pem"),
        "pem_passphrase_file": str(tmp_path / "contoso" / "passphrase"),
    }


@pytest.fixture
def plain(case):
    return {**case, "pem_passphrase_file": None, "allow_unencrypted": True}


def write(case, option, content):
    Path(case[option]).write_bytes(content)
    os.chmod(case[option], 0o600)


def remove_source(case):
    Path(case["path"]).unlink()


def test_no_passphrase(operator, case):
    """A PEM without encryption has to be asked for."""
    for allowed in (None, False):
        given = {**case, "pem_passphrase_file": None, "allow_unencrypted": allowed}
        operator.refused("tpd_split", "Without a passphrase", "pem_passphrase_file", "allow_unencrypted", **given)


def test_a_passphrase_and_none(operator, case):
    operator.refused("tpd_split", "Both a passphrase and allow_unencrypted", **case, allow_unencrypted=True)


def test_two_passphrases(operator, case):
    operator.refused("tpd_split", "mutually exclusive", "pem_passphrase", **case, pem_passphrase=PASSPHRASE)


@pytest.mark.parametrize(
    ("passphrase", "words"), [("", "pem_passphrase is empty"), ("a\nb", "line break"), ("x" * 1024, "1023")]
)
def test_a_bad_passphrase(operator, case, passphrase, words):
    operator.refused("tpd_split", words, **{**case, "pem_passphrase_file": None, "pem_passphrase": passphrase})


@pytest.mark.parametrize("content", [b"", b"\n", b"\xef\xbb\xbf"])
def test_an_empty_passphrase_file(operator, case, content):
    write(case, "pem_passphrase_file", content)
    operator.refused("tpd_split", case["pem_passphrase_file"], "is empty", **case)


def test_a_passphrase_file_that_is_missing(operator, case):
    Path(case["pem_passphrase_file"]).unlink()
    operator.refused("tpd_split", "pem passphrase file", case["pem_passphrase_file"], "does not exist", **case)


def test_a_wrong_password(operator, case):
    message = operator.refused("tpd_split", "does not open with this password", **{**case, "password": "another"})
    assert message.startswith(f"{case['path']}: ")
    operator.refused("tpd_split", "password is empty", **{**case, "password": ""})
    assert "required" in operator.run("tpd_split", **{**case, "password": None})["msg"]


@pytest.mark.parametrize("left", [None, "AAAA"])
def test_a_tpd_without_a_key(operator, case, source, left):
    """Keyless already, or what is there only the server could read that wrote it."""
    write(case, "path", tpd.seal(replace(source, key_blob=None, encrypted_private_key=left), case["password"]))
    message = operator.refused("tpd_split", "no private key in this TPD", "nothing to split", **case)
    assert message.startswith(f"{case['path']}: ")


def test_a_key_that_is_not_the_certificates(operator, case, source, stranger):
    for blob in (stranger.key_blob, source.key_blob[:-1], source.key_blob[:100] + bytes(8) + source.key_blob[108:]):
        write(case, "path", tpd.seal(replace(source, key_blob=blob), case["password"]))
        words = "damaged or does not belong to the public key in the first certificate"
        operator.refused("tpd_split", words, "Nothing was written", **case)


@pytest.mark.parametrize("chain", [(), ("<?xml version='1.0'?><nothing/>",)])
def test_a_tpd_whose_certificate_says_nothing(operator, case, source, chain):
    write(case, "path", tpd.seal(replace(source, chain=chain), case["password"]))
    operator.refused("tpd_split", "no readable public key to compare the private key with", **case)


@pytest.mark.parametrize(
    ("one", "other"),
    [("pem_file", "path"), ("keyless_file", "path"), ("keyless_file", "pem_file"), ("pem_file", "link")],
)
def test_files_that_are_the_same(operator, case, tmp_path, one, other):
    (tmp_path / "link").symlink_to(case["path"])
    case["link"] = str(tmp_path / "contoso" / ".." / "link")
    case[one] = case.pop(other) if other == "link" else case[other]
    case.pop("link", None)
    other = "path" if other == "link" else other
    operator.refused("tpd_split", f"{one} is the same file as {other}", **case)


def test_the_tpd_under_another_name(operator, case):
    """A hard link is another path to the same file, and nothing is ever overwritten."""
    for option, words in (("pem_file", "is no PEM"), ("keyless_file", "not this TPD without")):
        os.link(case["path"], case[option])
        operator.refused("tpd_split", case[option], words, KEPT, **case)
        os.unlink(case[option])


@pytest.mark.parametrize("option", ["pem_file", "keyless_file"])
@pytest.mark.parametrize(
    ("path", "words"), [("contoso.x", "absolute path"), ("/tmp/.infoprotect-x", "reserved"), ("/", "name of a file")]
)
def test_bad_paths(operator, case, option, path, words):
    operator.refused("tpd_split", words, **{**case, option: path})


def pems(key, other, source):
    """What may lie where the PEM is to go, and what is said of it with a passphrase and without."""
    encrypted, plain = (rsakeys.dump_pem(key, passphrase) for passphrase in (PASSPHRASE, None))
    return {
        "empty": (b"", "is no PEM", "is no PEM"),
        "garbage": (b"\xff\0 not a key", "is no PEM", "is no PEM"),
        "plain": (plain, "this key without encryption, although", None),
        "encrypted": (encrypted, None, "encrypted, but no passphrase was given"),
        "another passphrase": (
            rsakeys.dump_pem(key, "another"),
            "does not open with the given",
            "no passphrase was given",
        ),
        "another key": (rsakeys.dump_pem(other, PASSPHRASE), "holds another key", "no passphrase was given"),
        "another key, plain": (
            rsakeys.dump_pem(other, None),
            "holds another key",
            "holds another key",
        ),
        "cut off": (encrypted[:-200], "does not open with the given", "no passphrase was given"),
        "cut off, plain": (plain[:-200], "holds no private RSA key", "holds no private RSA key"),
        "public": (
            rsakeys.dump_public(key.public_key(), "pem"),
            "holds no private RSA key",
            "holds no private RSA key",
        ),
        "key blob": (source.key_blob, "is no PEM", "is no PEM"),
        "RSAKeyValue": (rsakeys.dump_private(key, "rsakeyvalue"), "is no PEM", "is no PEM"),
    }


@pytest.mark.parametrize("given", ["case", "plain"])
def test_a_pem_is_there_already(operator, request, given, key, source, stranger):
    """Whatever it is, it is never overwritten: it may be the only copy of a key."""
    arguments = request.getfixturevalue(given)
    for content, with_passphrase, without in pems(key, rsakeys.load_private(stranger.key_blob), source).values():
        write(arguments, "pem_file", content)
        words = with_passphrase if given == "case" else without
        if words is None:
            assert operator.run("tpd_split", check=True, **arguments).get("msg") is None
        else:
            operator.refused("tpd_split", f"{arguments['pem_file']} is already there and ", words, **arguments)


def test_another_keyless_file_is_there_already(operator, case, source, stranger):
    """Then no PEM is written either, although that comes first."""
    password = case["password"]
    for content in (
        b"",
        b"<nothing/>",
        tpd.seal(source, password),
        tpd.seal(stranger.keyless(), password),
        tpd.seal(source.keyless(), "another password"),
        tpd.seal(replace(source.keyless(), version=1), password),
        tpd.seal(replace(source.keyless(), templates=()), password),
        tpd.seal(replace(source.keyless(), encrypted_private_key="AAAA"), password),
    ):
        write(case, "keyless_file", content)
        words = f"{case['keyless_file']} is already there and is not this TPD without its key"
        operator.refused("tpd_split", words, KEPT, **case)
        assert not os.path.exists(case["pem_file"])


@pytest.mark.parametrize("option", ["path", "pem_file", "keyless_file"])
@pytest.mark.parametrize("what", ["folder", "fifo", "link", "too large"])
def test_what_is_no_such_file(operator, case, monkeypatch, option, what):
    path = Path(case[option])
    path.unlink(missing_ok=True)
    if what == "folder":
        path.mkdir()
    elif what == "fifo":
        os.mkfifo(path)
    elif what == "link":
        path.symlink_to("nowhere")
    else:
        path.write_bytes(bytes(200))
        monkeypatch.setattr(tpd_split, "LARGEST_KEY_FILE", 100)
        monkeypatch.setattr(tpd_split, "LARGEST_DOCUMENT", 100)
    words = {"folder": "is a folder", "fifo": "is a FIFO", "link": "is a symbolic link", "too large": "too large"}[what]
    if option == "path" and what == "link":
        words = "does not exist"
    operator.refused("tpd_split", words, **case)


def test_folders_that_others_may_write(operator, case):
    for option in ("pem_file", "keyless_file"):
        folder = os.path.dirname(case[option])
        Path(folder).chmod(0o770)
        operator.refused("tpd_split", f"{folder} (mode 0770) may be written by", **case)
        Path(folder).chmod(0o700)


def test_the_tpd_is_gone_and_nothing_was_split(operator, case):
    remove_source(case)
    operator.refused("tpd_split", f"{case['path']} does not exist, and neither does {case['pem_file']}", **case)


@pytest.mark.parametrize("option", ["pem_file", "keyless_file"])
def test_the_tpd_is_gone_and_a_half_is_missing(operator, case, option):
    operator.run("tpd_split", **case)
    remove_source(case)
    Path(case[option]).unlink()
    operator.refused("tpd_split", f"{case['path']} does not exist, and neither does {case[option]}", "Bring", **case)


def test_the_tpd_is_gone_and_the_halves_do_not_belong_together(operator, case, source, stranger):
    operator.run("tpd_split", **case)
    remove_source(case)
    password = case["password"]
    for content in (stranger.keyless(), source, replace(source.keyless(), chain=())):
        write(case, "keyless_file", tpd.seal(content, password))
        words = f"{case['keyless_file']} is not the keyless TPD of the key in {case['pem_file']}"
        operator.refused("tpd_split", words, **case)
    write(case, "keyless_file", tpd.seal(source.keyless(), "another"))
    message = operator.refused("tpd_split", "does not open with this password", **case)
    assert message.startswith(f"{case['keyless_file']}: ")
    write(case, "keyless_file", tpd.seal(source.keyless(), password))
    assert operator.run("tpd_split", **case)["changed"] is False
    write(case, "pem_file", rsakeys.dump_pem(rsakeys.load_private(stranger.key_blob), PASSPHRASE))
    operator.refused("tpd_split", words, **case)
    write(case, "pem_file", rsakeys.dump_pem(rsakeys.load_private(source.key_blob), None))
    operator.refused("tpd_split", "this key without encryption, although", **case)


def test_an_ordinary_user(operator, case, public_path, export):
    """Root's folder is not theirs to write in; their own is."""
    public_path.chmod(0o1777)
    tpd_file, roots = public_path / "tpd.xml", public_path / "roots"
    tpd_file.write_bytes(export.tpd)
    tpd_file.chmod(0o644)
    roots.mkdir(mode=0o755 if os.geteuid() == 0 else 0o555)
    given = {"path": str(tpd_file), "password": export.password, "pem_passphrase": PASSPHRASE}
    mine = {
        "pem_file": str(public_path / "mine" / "key.pem"),
        "keyless_file": str(public_path / "mine" / "keyless.xml"),
    }
    answers = [operator.as_nobody("tpd_split", **given, **mine) for _run in range(2)]
    assert [answer["changed"] for answer in answers] == [True, False]
    mine["pem_file"] = str(roots / "key.pem")
    answer = operator.as_nobody("tpd_split", **given, **mine)
    assert answer["msg"].startswith(f"Could not write {roots / 'key.pem'}: Permission denied. ")
    assert os.listdir(roots) == []
