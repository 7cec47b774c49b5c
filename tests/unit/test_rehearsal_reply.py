# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""rehearsal_reply through its module's main(): a reply that tpd_decrypt opens, and that nobody takes for a real one."""

from __future__ import annotations

import os
import stat

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._ops import rehearsal_reply
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import rsakeys, wrap

PASSWORD = "Canary: < Übung & Probe >, made for a test"
GUID = "77172C7B-8E21-48B7-9854-7A4CEAC474D0"


@pytest.fixture
def inbox(tmp_path):
    return tmp_path / "inbox"


@pytest.fixture
def given(tmp_path, inbox, export, operator, request_key):
    """public_key_file, directory, and a size of the tenant key that is quickly made."""
    operator.secrets.append(PASSWORD)
    case = tmp_path / "case"
    case.mkdir(mode=0o700)
    (case / f"PublicKey-{export.guid}.txt").write_bytes(rsakeys.dump_public(request_key.public_key(), "rsakeyvalue"))
    (case / f"PrivateKey-{export.guid}.txt").write_bytes(rsakeys.dump_private(request_key, "rsakeyvalue"))
    (case / f"PrivateKey-{export.guid}.txt").chmod(0o600)
    return {"public_key_file": str(case / f"PublicKey-{export.guid}.txt"), "directory": str(inbox), "key_size": 1024}


@pytest.fixture
def decrypt(operator, given):
    """decrypt(answer) -> what tpd_decrypt makes of the reply."""

    def run(answer):
        private = given["public_key_file"].replace("PublicKey", "PrivateKey")
        done = operator.run(
            "tpd_decrypt", private_key_file=private, target=answer["target"], directory=given["directory"] + "-out"
        )
        assert (done.get("msg"), done.get("proof")) == (None, "decrypted")
        return done

    return run


def test_a_reply_as_support_would_send_it(operator, given, inbox, decrypt, export):
    del given["key_size"]
    answer = operator.four_runs("rehearsal_reply", **given)
    assert os.listdir(inbox) == [f"TPD-{answer['guid']}.xml"]
    assert answer["target"] == str(inbox / f"TPD-{answer['guid']}.xml")
    assert stat.S_IMODE(os.stat(answer["target"]).st_mode) == 0o600
    tpd = decrypt(answer)["tpd"]
    assert (tpd["rehearsal"], tpd["version"], tpd["crypto_mode"], len(tpd["templates"])) == (True, 2, 2, 2)
    assert all("REHEARSAL" in entry["principal"] for entry in tpd["certificates"])
    assert "warnings" not in decrypt(answer)


def test_a_second_run_keeps_the_reply(operator, given, inbox):
    """Even one that was asked for otherwise: it is taken for what its name says, which follows from the public key."""
    answer = operator.run("rehearsal_reply", **given)
    content = (inbox / f"TPD-{answer['guid']}.xml").read_bytes()
    for other in ({"envelope": "aes"}, {"key_size": 2048}, {"password": PASSWORD}, {"guid": answer["guid"].lower()}):
        again = operator.run("rehearsal_reply", **{**given, **other})
        assert (again["changed"], again["guid"]) == (False, answer["guid"])
    assert (inbox / f"TPD-{answer['guid']}.xml").read_bytes() == content
    # Its name in another case is the same name.
    (inbox / f"TPD-{answer['guid']}.xml").rename(inbox / f"tpd-{answer['guid'].lower()}.xml")
    assert operator.run("rehearsal_reply", **given)["changed"] is False
    (inbox / f"tpd-{answer['guid'].lower()}.xml").chmod(0o644)
    assert operator.four_runs("rehearsal_reply", **given)["target"] == str(inbox / f"tpd-{answer['guid'].lower()}.xml")


@pytest.mark.parametrize(
    "envelope",
    [
        *("xmlenc/" + choice for choices in wrap.KINDS["xmlenc"].values() for choice in choices),
        *(
            f"{kind}/{choice}"
            for kind in ("password", "aes")
            for choices in wrap.KINDS[kind].values()
            for choice in choices
        ),
        *(f"blocks/{choice}" for choice in wrap.KINDS["blocks"]["padding"]),
        "xmlenc/rsa-oaep/sha512/mgf1sha384/tripledes-cbc/retrieval",
    ],
)
def test_every_envelope_is_one_that_tpd_decrypt_opens(operator, given, decrypt, envelope):
    answer = operator.run("rehearsal_reply", **given, envelope=envelope, templates=0)
    assert decrypt(answer)["tpd"]["rehearsal"] is True


@pytest.mark.parametrize(("key_size", "mode"), [(1024, 1), (2048, 2)])
@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("templates", [0, 3])
def test_key_size_version_and_templates(operator, given, decrypt, key_size, mode, version, templates):
    wanted = {**given, "key_size": key_size, "version": version, "templates": templates}
    answer = operator.run("rehearsal_reply", **wanted)
    tpd = decrypt(answer)["tpd"]
    assert (tpd["key_size"], tpd["crypto_mode"], tpd["version"], len(tpd["templates"])) == (
        *(key_size, mode, version, templates),
    )
    info = operator.run(
        "tpd_info",
        path=decrypt(answer)["tpd_file"],
        password_file=decrypt(answer)["password_file"],
    )
    assert info["importable"] is True


def test_guid_and_password_of_ones_own(operator, given, inbox, decrypt):
    answer = operator.four_runs("rehearsal_reply", **given, guid="{" + GUID.lower() + "}", password=PASSWORD)
    assert (answer["guid"], os.listdir(inbox)) == (GUID, [f"TPD-{GUID}.xml"])
    with open(decrypt(answer)["password_file"], "rb") as file:
        assert file.read() == PASSWORD.encode()


@pytest.mark.parametrize(
    "beside",
    [
        "TPD-11111111-2222-4333-8444-555555555555.xml",
        "tpd-11111111-2222-4333-8444-555555555555.TPD",
        "Password-11111111-2222-4333-8444-555555555555.txt",
        "ExportedTPD-11111111-2222-4333-8444-555555555555.xml",
        "ExportedTDP-11111111-2222-4333-8444-555555555555.xml",
    ],
)
def test_never_beside_what_may_be_real(operator, given, inbox, beside):
    inbox.mkdir(mode=0o700)
    (inbox / beside).write_bytes(b"perhaps a real one")
    operator.refused("rehearsal_reply", f"holds {beside}", "a real export", "allow_beside_export", **given)
    answer = operator.four_runs("rehearsal_reply", **given, allow_beside_export=True)
    assert (inbox / beside).read_bytes() == b"perhaps a real one"
    # The reply is known again, so it is kept without the permission too.
    assert operator.run("rehearsal_reply", **given)["target"] == answer["target"]


def test_the_inbox_may_be_the_folder_of_the_request(operator, given, tmp_path):
    assert operator.run("rehearsal_reply", **{**given, "directory": str(tmp_path / "case")})["changed"] is True


@pytest.mark.parametrize("key_format", ["rsakeyvalue", "pem"])
def test_the_private_half_given_for_the_public_one(operator, given, export, tmp_path, key_format):
    path = tmp_path / "key"
    path.write_bytes(rsakeys.dump_private(rsakeys.load_private(export.private_file), key_format))
    words = (f"{path}: ", "holds a private key", "never leaves this host")
    operator.refused("rehearsal_reply", *words, **{**given, "public_key_file": str(path)})
    path.write_bytes(rsakeys.dump_public(rsakeys.load_public(export.public_file), key_format))
    assert operator.run("rehearsal_reply", **{**given, "public_key_file": str(path)})["changed"] is True


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("missing", "does not exist"),
        ("folder", "is a folder"),
        ("fifo", "is a FIFO"),
        ("empty", "is empty"),
        ("too large", "too large: 100 bytes, where at most 99"),
        ("garbage", "/given: "),
    ],
)
def test_bad_public_key_files(operator, given, tmp_path, monkeypatch, what, words):
    path = tmp_path / "given"
    if what == "folder":
        path.mkdir()
    elif what == "fifo":
        os.mkfifo(path)
    elif what != "missing":
        path.write_bytes({"empty": b"", "garbage": b"<\xff\xfe\x00\xd8"}.get(what, b"0" * 100))
    if what == "too large":
        monkeypatch.setattr(rehearsal_reply, "LARGEST_KEY_FILE", 99)
    operator.refused("rehearsal_reply", words, str(path), **{**given, "public_key_file": str(path)})


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"templates": -1}, "not between 0 and 100"),
        ({"templates": 101}, "not between 0 and 100"),
        ({"envelope": "rot13"}, "Use one of xmlenc, password, aes, blocks"),
        ({"envelope": "aes/rsa-1_5"}, "has no such choice"),
        ({"envelope": "password", "password": PASSWORD * 10}, "shorter"),
        ({"password": "made for a test, " + "0" * 1024}, "more than 1024 characters"),
        ({"password": "made for a test, \x07"}, "that XML cannot carry"),
        ({"password": ""}, "The given password is empty"),
        ({"guid": "TPD-1"}, "not a GUID"),
        ({"directory": "inbox"}, "absolute path"),
    ],
)
def test_bad_options(operator, given, options, words):
    operator.refused("rehearsal_reply", words, **{**given, **options})


def test_a_folder_that_others_may_write(operator, given, inbox):
    inbox.mkdir()
    inbox.chmod(0o777)
    operator.refused("rehearsal_reply", f"{inbox} (mode 0777) may be written by", **given)


@pytest.mark.parametrize("what", ["folder", "fifo", "link"])
def test_something_else_in_place_of_the_reply(operator, given, inbox, what):
    inbox.mkdir(mode=0o700)
    path = inbox / f"TPD-{GUID}.xml"
    if what == "folder":
        path.mkdir()
    elif what == "fifo":
        os.mkfifo(path)
    else:
        path.symlink_to(inbox / "elsewhere")
    operator.refused("rehearsal_reply", str(path), "where a regular file is expected", **given, guid=GUID)


def test_an_ordinary_user(operator, public_path, export, given):
    public_path.chmod(0o1777)
    (public_path / "public").write_bytes(export.public_file)
    given = {"public_key_file": str(public_path / "public"), "directory": str(public_path / "inbox")}
    answers = [operator.as_nobody("rehearsal_reply", **given) for _run in range(2)]
    assert [answer["changed"] for answer in answers] == [True, False]
