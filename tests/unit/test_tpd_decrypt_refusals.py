# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tpd_decrypt with everything that is wrong: one clear sentence, no secret in it, and nothing changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._ops import tpd_decrypt
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import names, passwords, rsakeys, tpd, wrap


@pytest.fixture
def case(tmp_path, export):
    """private_key_file and target, lying in the tenant's working folder."""
    return export.lay(tmp_path / "contoso")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "contoso"


@pytest.mark.parametrize("envelope", ["xmlenc", "xmlenc/rsa-oaep-mgf1p/aes256-gcm", "password", "aes", "blocks/pkcs1"])
def test_the_key_of_another_request(operator, case, export, envelope):
    """Whichever way the reply is encrypted: PKCS#1 v1.5 yields random bytes instead of an error."""
    public = rsakeys.load_public(export.public_file)
    Path(case["target"]).write_bytes(wrap.wrap(envelope, export.password, export.tpd, public))
    assert operator.run("tpd_decrypt", check=True, **case)["changed"] is True
    Path(case["private_key_file"]).write_bytes(export.stranger)
    message = operator.refused("tpd_decrypt", "yields no password that opens a TPD", "another key pair", **case)
    assert message.startswith(f"{case['target']}: ")
    assert "fingerprint" in message


def test_a_reply_whose_password_is_not_that_of_its_tpd(operator, case, export):
    public = rsakeys.load_public(export.public_file)
    sealed = tpd.seal(tpd.open(export.tpd, export.password), "made for a test, another password")
    Path(case["target"]).write_bytes(wrap.wrap("aes", export.password, sealed, public))
    operator.refused("tpd_decrypt", "yields no password that opens a TPD", **case)


@pytest.mark.parametrize("part", [0.01, 0.5, 0.99])
def test_a_truncated_reply(operator, case, export, part):
    Path(case["target"]).write_bytes(export.reply[: int(len(export.reply) * part)])
    operator.refused("tpd_decrypt", f"{case['target']}: ", **case)


@pytest.mark.parametrize("option", ["private_key_file", "target", "private_key_passphrase_file"])
@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("folder", "is a folder"),
        ("fifo", "is a FIFO"),
        ("empty", "is empty"),
        ("too large", "too large"),
        ("garbage", ""),
        ("nul", "is empty or holds a character"),
        ("none", "is empty or holds a character"),
    ],
)
def test_bad_files(operator, case, tmp_path, monkeypatch, option, what, words):
    path = tmp_path / "given"
    given = {**case, "guid": names.new_guid(), "directory": str(tmp_path / "out"), option: str(path)}
    if what == "folder":
        path.mkdir()
    elif what == "fifo":
        os.mkfifo(path)
    elif what == "nul":
        given[option] = f"{path}\0"
    elif what == "none":
        given[option] = ""
    else:
        path.write_bytes({"empty": b"", "garbage": b"\xff\x00\xfegarbage\xff"}.get(what, b"0" * 100))
    if what == "too large":
        for module, limit in ((tpd_decrypt, "DOCUMENT"), (tpd_decrypt, "KEY_FILE"), (passwords, "FILE")):
            monkeypatch.setattr(module, f"LARGEST_{limit}", 99)
    operator.refused("tpd_decrypt", words, **given)


@pytest.mark.parametrize(
    "content",
    [
        b"<RSAKeyValue><Modulus>AQAB</Modulus></RSAKeyValue>",
        b"-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n",
        b"<TenantKeyReply/>",
        b"\xff\xfe<\x00",
    ],
)
def test_what_is_no_private_key(operator, case, export, content):
    Path(case["private_key_file"]).write_bytes(content)
    operator.refused("tpd_decrypt", f"{case['private_key_file']}: ", **case)
    Path(case["private_key_file"]).write_bytes(export.public_file)
    operator.refused("tpd_decrypt", "holds only a public key", "PrivateKey-<GUID>.txt", **case)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "The reply"),
        (b"<a/>", "Seen: a (1)"),
        (b"Dear customer, your request could not be found.", "yields no password"),
        (b"<html><body>Sign in</body></html>", "yields no password"),
    ],
)
def test_what_is_no_reply(operator, case, content, words):
    Path(case["target"]).write_bytes(content)
    operator.refused("tpd_decrypt", f"{case['target']}: ", words, **case)


def test_a_password_that_no_file_can_carry(operator, case, export):
    """The file is proven, not what was decrypted: with a NUL in it, the password file would be read as UTF-16."""
    password = "made for a test\0 with a NUL"
    public = rsakeys.load_public(export.public_file)
    sealed = tpd.seal(tpd.open(export.tpd, export.password), password)
    Path(case["target"]).write_bytes(wrap.wrap("password", password, sealed, public))
    operator.refused("tpd_decrypt", f"{case['target']}: ", "what no text file can carry", **case)


@pytest.mark.parametrize("kind", [names.PASSWORD, names.EXPORTED_TPD])
@pytest.mark.parametrize("what", ["folder", "fifo", "link"])
def test_something_else_in_place_of_an_output(operator, case, folder, export, kind, what):
    path = folder / names.file_name(kind, export.guid)
    if what == "folder":
        path.mkdir()
    elif what == "fifo":
        os.mkfifo(path)
    else:
        path.symlink_to(folder / "elsewhere")
    operator.refused(
        "tpd_decrypt",
        str(path),
        f"is a {what.replace('fifo', 'FIFO').replace('link', 'symbolic link')}",
        **case,
        guid_rule="key",
    )


def test_a_folder_that_others_may_write(operator, case, folder, tmp_path):
    folder.chmod(0o777)
    operator.refused("tpd_decrypt", f"The folder {folder} (mode 0777) may be written by", "everyone", **case)
    folder.chmod(0o700)
    (tmp_path / "link").symlink_to(folder)
    operator.refused("tpd_decrypt", "is a symbolic link", **case, directory=str(tmp_path / "link"))
    # Nor is one made below it.
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    operator.refused("tpd_decrypt", "may be written by", **case, directory=str(tmp_path / "open" / "contoso"))


def test_a_missing_folder(operator, case, tmp_path):
    """It is made, but not in check mode, and not for a reply that does not open."""
    directory = tmp_path / "new" / "contoso"
    target = Path(case["target"])
    reply = target.read_bytes()
    target.write_bytes(b"<a/>")
    operator.refused("tpd_decrypt", "yields no password", **case, directory=str(directory))
    target.write_bytes(reply)
    other = {"directory": str(directory), "tenant_key_ids": ["11111111-2222-4333-8444-555555555555"]}
    operator.refused("tpd_decrypt", f"{target}: ", "none of the tenant's KeyIdentifiers", **case, **other)
    assert operator.run("tpd_decrypt", check=True, **case, directory=str(directory))["changed"] is True
    assert not directory.parent.exists()
    assert operator.run("tpd_decrypt", **case, directory=str(directory))["changed"] is True
    assert len(os.listdir(directory)) == 2


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"guid": "not a guid"}, "The given guid is not a GUID"),
        ({"mode": "0644x"}, "in quotes"),
        ({"group": "no such group"}, "There is no group"),
        ({"directory": "contoso"}, "absolute path"),
        ({"target": "reply.xml"}, "relative"),
        ({"expected_sha256": {"password": "g" * 64}}, "expected_sha256.password is not a SHA-256"),
    ],
)
def test_bad_options(operator, case, given, words):
    operator.refused("tpd_decrypt", words, **{**case, **given})


def test_an_ordinary_user(operator, public_path, export):
    """He decrypts in a folder of his own; what he may not read or write is named."""
    public_path.chmod(0o1777)
    case = export.lay(public_path / "contoso")
    folder = public_path / "contoso"
    if os.geteuid() == 0:
        for path in (folder, *folder.iterdir()):
            os.chown(path, 65534, 65534)
    answers = [operator.as_nobody("tpd_decrypt", **case) for _run in range(2)]
    assert [answer["changed"] for answer in answers] == [True, False]
    folder.chmod(0o500)
    answer = operator.as_nobody("tpd_decrypt", **case, guid_rule="key")
    assert "Could not write" in answer["msg"]
    assert "Permission denied" in answer["msg"]
    folder.chmod(0o700)
    for option in ("private_key_file", "target"):
        Path(case[option]).chmod(0)
        answer = operator.as_nobody("tpd_decrypt", **case)
        assert "Could not read" in answer["msg"]
        assert f"{case[option]}: Permission denied" in answer["msg"]
        Path(case[option]).chmod(0o600)
    # A folder that he may not enter does not look like one without a reply in it.
    folder.chmod(0)
    answer = operator.as_nobody("tpd_decrypt", **case, directory=str(public_path / "out"))
    assert "does not exist" not in answer["msg"]
    assert "Permission denied" in answer["msg"]
    folder.chmod(0o700)
    assert not (public_path / "out").exists()
