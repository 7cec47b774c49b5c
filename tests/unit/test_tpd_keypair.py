# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tpd_keypair through its module's main(): a pair is made once, kept, completed, repaired, destroyed; never replaced."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._ops import tpd_keypair
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import names, rsakeys

GUID = "FA29D0FE-5049-4C8E-931B-96C6152B0441"
OTHER = "11111111-2222-4333-8444-555555555555"
PUBLIC, PRIVATE = f"PublicKey-{GUID}.txt", f"PrivateKey-{GUID}.txt"


@pytest.fixture
def folder(tmp_path):
    """The tenant's working folder."""
    path = tmp_path / "contoso"
    path.mkdir(mode=0o700)
    return path


@pytest.fixture
def private_file(request_key):
    return rsakeys.dump_private(request_key, "rsakeyvalue")


@pytest.fixture
def public_file(request_key):
    return rsakeys.dump_public(request_key.public_key(), "rsakeyvalue")


@pytest.fixture
def fingerprint(request_key):
    return rsakeys.fingerprint(request_key.public_key())


@pytest.fixture
def pair(folder, private_file, public_file):
    """The same folder with a pair in it."""
    (folder / PRIVATE).write_bytes(private_file)
    (folder / PUBLIC).write_bytes(public_file)
    (folder / PRIVATE).chmod(0o600)
    (folder / PUBLIC).chmod(0o644)
    return folder


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def keys(folder, guid):
    """Both halves as they are read back."""
    private = rsakeys.load_private((folder / f"PrivateKey-{guid}.txt").read_bytes())
    return private, rsakeys.load_public((folder / f"PublicKey-{guid}.txt").read_bytes())


def assert_whole(folder, answer):
    private, public = keys(folder, answer["guid"])
    assert private.public_key().public_numbers() == public.public_numbers()
    assert answer["fingerprint"] == rsakeys.fingerprint(public)
    assert answer["private_key_sha256"] == hashlib.sha256(Path(answer["private_key_file"]).read_bytes()).hexdigest()
    assert answer["size"] == public.key_size
    assert answer["public_key_file"] == str(folder / f"PublicKey-{answer['guid']}.txt")
    assert answer["private_key_file"] == str(folder / f"PrivateKey-{answer['guid']}.txt")


def test_a_first_pair_in_a_new_folder(operator, tmp_path):
    folder = tmp_path / "tenants" / "contoso"
    answer = operator.four_runs("tpd_keypair", directory=str(folder))
    assert_whole(folder, answer)
    assert answer["guid"] == names.normal_guid(answer["guid"])
    assert [mode(tmp_path / "tenants"), mode(folder)] == [0o700, 0o700]
    assert sorted(os.listdir(folder)) == [f"PrivateKey-{answer['guid']}.txt", f"PublicKey-{answer['guid']}.txt"]
    assert mode(folder / f"PrivateKey-{answer['guid']}.txt") == 0o600
    assert mode(folder / f"PublicKey-{answer['guid']}.txt") == 0o644
    assert "warnings" not in answer


def test_the_case_names_its_guid(operator, folder):
    """In whatever way it is written; check mode then knows the paths, but not the key."""
    foreseen = operator.run("tpd_keypair", check=True, directory=str(folder), guid="{" + GUID.lower() + "}")
    answer = operator.four_runs("tpd_keypair", directory=str(folder), guid="{" + GUID.lower() + "}")
    assert answer["guid"] == GUID
    assert_whole(folder, answer)
    assert (foreseen["guid"], foreseen["size"], foreseen["fingerprint"]) == (GUID, 2048, None)
    assert [foreseen[name] for name in ("public_key_file", "private_key_file")] == [
        answer[name] for name in ("public_key_file", "private_key_file")
    ]


def test_check_mode_promises_no_guid(operator, folder):
    foreseen = operator.run("tpd_keypair", check=True, directory=str(folder))
    assert (foreseen["changed"], foreseen["guid"]) == (True, None)
    assert "public_key_file" not in foreseen
    assert foreseen["diff"]["before"] == {name: {"state": "absent"} for name in foreseen["diff"]["after"]}


def test_the_diff_shows_facts(operator, folder):
    answer = operator.run("tpd_keypair", directory=str(folder), guid=GUID)
    assert answer["diff"]["before"] == {PRIVATE: {"state": "absent"}, PUBLIC: {"state": "absent"}}
    assert set(answer["diff"]["after"][PRIVATE]) == {"state", "content", "mode", "owner", "size"}
    assert answer["diff"]["after"][PRIVATE]["mode"] == "0600"


@pytest.mark.parametrize(("key_format", "start"), [("rsakeyvalue", b"<RSAKeyValue>"), ("pem", b"-----BEGIN ")])
def test_both_formats(operator, folder, key_format, start):
    answer = operator.four_runs("tpd_keypair", directory=str(folder), guid=GUID, format=key_format)
    assert (folder / PRIVATE).read_bytes().startswith(start)
    assert (folder / PUBLIC).read_bytes().startswith(start)
    assert_whole(folder, answer)
    # What is there is recognised by its content and left as it is.
    other = "pem" if key_format == "rsakeyvalue" else "rsakeyvalue"
    assert operator.run("tpd_keypair", directory=str(folder), format=other)["changed"] is False


@pytest.mark.parametrize("size", [3072, 4096])
def test_other_sizes(operator, folder, size):
    answer = operator.run("tpd_keypair", directory=str(folder), guid=GUID, size=size)
    assert answer["size"] == size
    assert_whole(folder, answer)
    operator.refused("tpd_keypair", f"has {size} bits, 2048 were asked for", "regenerate", directory=str(folder))
    assert "value of size must be one of" in operator.run("tpd_keypair", directory=str(folder), size=1024)["msg"]


def test_the_one_pair_is_the_one_that_is_meant(operator, pair, fingerprint):
    answer = operator.run("tpd_keypair", directory=str(pair))
    assert (answer["changed"], answer["guid"], answer["fingerprint"]) == (False, GUID, fingerprint)


def test_several_pairs_are_named(operator, pair):
    operator.run("tpd_keypair", directory=str(pair), guid=OTHER)
    operator.refused("tpd_keypair", f"several key pairs: {OTHER}, {GUID}", "guid", directory=str(pair))
    assert operator.run("tpd_keypair", directory=str(pair), guid=GUID)["changed"] is False
    assert operator.run("tpd_keypair", directory=str(pair), guid=OTHER)["changed"] is False


def test_names_are_read_case_insensitively(operator, pair, fingerprint):
    (pair / PRIVATE).rename(pair / PRIVATE.lower())
    (pair / PUBLIC).rename(pair / PUBLIC.upper())
    answer = operator.run("tpd_keypair", directory=str(pair))
    assert (answer["changed"], answer["guid"], answer["fingerprint"]) == (False, GUID, fingerprint)
    assert answer["private_key_file"] == str(pair / PRIVATE.lower())
    assert answer["public_key_file"] == str(pair / PUBLIC.upper())


def test_two_names_for_one_half(operator, pair):
    (pair / PRIVATE.lower()).write_bytes(b"which of the two?")
    for state in ("present", "absent"):
        operator.refused("tpd_keypair", PRIVATE, PRIVATE.lower(), directory=str(pair), guid=GUID, state=state)


def test_a_private_half_alone_is_unfinished_work(operator, pair, private_file, public_file, fingerprint):
    """What a killed run leaves: the next run writes the public half of the very same key."""
    (pair / PUBLIC).unlink()
    answer = operator.four_runs("tpd_keypair", directory=str(pair))
    assert (answer["guid"], answer["fingerprint"]) == (GUID, fingerprint)
    assert (pair / PRIVATE).read_bytes() == private_file
    assert (pair / PUBLIC).read_bytes() == public_file
    assert answer["diff"]["before"][PUBLIC] == {"state": "absent"}


def test_a_public_half_alone_is_a_lost_key(operator, pair):
    (pair / PRIVATE).unlink()
    operator.refused("tpd_keypair", str(pair / PUBLIC), "private half is not", "custody", directory=str(pair))
    assert operator.run("tpd_keypair", directory=str(pair), guid=GUID, state="absent")["changed"] is True
    assert operator.run("tpd_keypair", directory=str(pair))["changed"] is True


def test_halves_that_do_not_belong_together(operator, pair, other_key):
    (pair / PRIVATE).write_bytes(rsakeys.dump_private(other_key, "pem"))
    operator.refused("tpd_keypair", "do not belong together", PUBLIC, PRIVATE, directory=str(pair))


def test_a_private_half_that_was_encrypted_since(operator, pair, request_key):
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

    encryption = BestAvailableEncryption(b"made for a test")
    (pair / PRIVATE).write_bytes(request_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption))
    operator.refused("tpd_keypair", f"{pair / PRIVATE}: ", "is encrypted", "tpd_decrypt", directory=str(pair))


def test_regenerate(operator, pair, private_file, fingerprint):
    """Only when asked, and under the same GUID; then every run makes another one."""
    foreseen = operator.run("tpd_keypair", check=True, directory=str(pair), regenerate="always")
    assert (foreseen["changed"], foreseen["guid"], foreseen["fingerprint"]) == (True, GUID, None)
    assert (pair / PRIVATE).read_bytes() == private_file
    seen = {fingerprint}
    for size in (2048, 3072):
        answer = operator.run("tpd_keypair", directory=str(pair), regenerate="always", size=size)
        assert (answer["changed"], answer["guid"], answer["size"]) == (True, GUID, size)
        assert_whole(pair, answer)
        assert answer["fingerprint"] not in seen
        seen.add(answer["fingerprint"])
    (pair / PRIVATE).unlink()
    assert_whole(pair, operator.run("tpd_keypair", directory=str(pair), regenerate="always"))


def test_destroyed(operator, pair, tmp_path):
    answer = operator.four_runs("tpd_keypair", directory=str(pair), guid=GUID.lower(), state="absent")
    assert answer["guid"] == GUID
    assert answer["diff"]["after"] == {PRIVATE: {"state": "absent"}, PUBLIC: {"state": "absent"}}
    assert os.listdir(pair) == []
    assert "guid" in operator.refused("tpd_keypair", "missing", directory=str(pair), state="absent")
    # Where there is no folder there is nothing to destroy, and none is made.
    nowhere = tmp_path / "fabrikam"
    assert operator.run("tpd_keypair", directory=str(nowhere), guid=GUID, state="absent")["changed"] is False
    assert not nowhere.exists()


@pytest.mark.parametrize("half", [PRIVATE, PUBLIC])
def test_drift_of_the_mode(operator, pair, private_file, half):
    (pair / half).chmod(0o640)
    answer = operator.four_runs("tpd_keypair", directory=str(pair))
    assert (answer["diff"]["before"][half]["mode"], answer["diff"]["before"][half]["content"]) == ("0640", "as wanted")
    assert mode(pair / half) == (0o600 if half == PRIVATE else 0o644)
    assert (pair / PRIVATE).read_bytes() == private_file
    # A private half that others could read is worth a word, as it may have been read.
    told = [f"{pair / PRIVATE} had mode 0640" in text for text in operator.warnings(answer)]
    assert told == ([True] if half == PRIVATE else [])


def test_owner_group_and_mode(operator, pair):
    user, group = (12345, 23456) if os.geteuid() == 0 else (os.geteuid(), os.getegid())
    wanted = {"owner": str(user), "group": str(group), "mode": "0640"}
    operator.four_runs("tpd_keypair", directory=str(pair), **wanted)
    for half, permissions in ((PRIVATE, 0o640), (PUBLIC, 0o644)):
        info = (pair / half).stat()
        assert (info.st_uid, info.st_gid, stat.S_IMODE(info.st_mode)) == (user, group, permissions)
    # A group that may read the private half because it was asked for is no reason to warn.
    assert "warnings" not in operator.run("tpd_keypair", directory=str(pair), **wanted)


@pytest.mark.parametrize("half", [PRIVATE, PUBLIC])
@pytest.mark.parametrize("what", ["folder", "fifo", "link", "empty", "garbage", "cut off", "too large"])
def test_bad_files(operator, pair, monkeypatch, half, what):
    path, content = pair / half, (pair / half).read_bytes()
    if what != "too large":
        path.unlink()
    words = [str(path)]
    if what == "folder":
        path.mkdir()
        words.append("is a folder")
    elif what == "fifo":
        os.mkfifo(path)
        words.append("is a FIFO")
    elif what == "link":
        path.symlink_to(pair / "elsewhere")
        words.append("is a symbolic link")
    elif what == "too large":
        monkeypatch.setattr(tpd_keypair, "LARGEST_KEY_FILE", 100)
        words = [str(pair / PRIVATE), f"too large: {len((pair / PRIVATE).read_bytes())} bytes"]
    else:
        path.write_bytes({"empty": b"", "garbage": b"\x00\xff<garbage", "cut off": content[: len(content) // 2]}[what])
    operator.refused("tpd_keypair", *words, directory=str(pair))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"guid": "not a guid"}, "The given guid is not a GUID"),
        ({"mode": "600"}, "in quotes"),
        ({"owner": "no such user"}, "There is no user"),
        ({"directory": "contoso"}, "absolute path"),
        ({"directory": ""}, "is empty"),
    ],
)
def test_bad_options(operator, pair, given, words):
    operator.refused("tpd_keypair", words, **{"directory": str(pair), **given})


def test_a_folder_that_others_may_write(operator, pair, tmp_path):
    pair.chmod(0o770)
    operator.refused("tpd_keypair", f"{pair} (mode 0770) may be written by", directory=str(pair))
    (tmp_path / "file").write_bytes(b"")
    operator.refused("tpd_keypair", "is a regular file, where a folder", directory=str(tmp_path / "file"))


def test_an_ordinary_user(operator, public_path):
    public_path.chmod(0o1777)
    mine, roots = str(public_path / "mine"), public_path / "roots"
    answers = [operator.as_nobody("tpd_keypair", directory=mine, guid=GUID) for _run in range(2)]
    assert [answer["changed"] for answer in answers] == [True, False]
    assert operator.as_nobody("tpd_keypair", directory=mine, guid=GUID, state="absent")["changed"] is True
    roots.mkdir(mode=0o755 if os.geteuid() == 0 else 0o555)
    answer = operator.as_nobody("tpd_keypair", directory=str(roots), guid=GUID)
    assert answer["msg"].startswith(f"Could not write {roots / PRIVATE}: Permission denied. ")
    assert os.listdir(roots) == []
