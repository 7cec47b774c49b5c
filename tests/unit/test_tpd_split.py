# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tpd_split through its module's main(): the key goes into a PEM, the rest into a keyless TPD, and nothing is lost."""

from __future__ import annotations

import base64
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils import _secrets
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._ops import tpd_split
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import rsakeys, tpd
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd.contents import Contents
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateNumbers, rsa_crt_iqmp
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat

PASSPHRASE = "The passphrase of a PEM, made for a test: Ärmel 08/15"
WEAK = "canary"


@pytest.fixture
def case(tmp_path, export, operator):
    """A TPD in the tenant's folder, and two other folders, one of which is still to be made, for what becomes of it."""
    operator.secrets += [PASSPHRASE, WEAK]
    folder = tmp_path / "contoso"
    folder.mkdir(mode=0o700)
    for name, content in {
        "ExportedTPD.xml": export.tpd,
        "Password.txt": export.password.encode(),
        "passphrase": PASSPHRASE.encode(),
    }.items():
        (folder / name).write_bytes(content)
        (folder / name).chmod(0o600)
    (tmp_path / "keyless").mkdir(mode=0o700)
    return {
        "path": str(folder / "ExportedTPD.xml"),
        "password_file": str(folder / "Password.txt"),
        "keyless_file": str(tmp_path / "keyless" / "contoso.xml"),
        "pem_file": str(tmp_path / "offline" / "contoso.pem"),
        "pem_passphrase_file": str(folder / "passphrase"),
    }


@pytest.fixture
def plain(case):
    """The same, but the PEM is not to be encrypted."""
    return {**case, "pem_passphrase_file": None, "allow_unencrypted": True}


def pem_of(case):
    return Path(case["pem_file"]).read_bytes()


def keyless_of(case):
    return Path(case["keyless_file"]).read_bytes()


def numbers(key):
    return key.private_numbers()


def assert_split(case, export, passphrase=PASSPHRASE):
    """Key and keyless TPD are together what the TPD is, and both are the owner's alone."""
    source = tpd.open(export.tpd, export.password)
    key = rsakeys.load_private(pem_of(case), passphrase)
    assert numbers(key) == numbers(rsakeys.load_private(source.key_blob))
    keyless = tpd.open(keyless_of(case), export.password)
    assert replace(keyless, key_blob=source.key_blob) == source
    for name in ("pem_file", "keyless_file"):
        assert stat.S_IMODE(os.stat(case[name]).st_mode) == 0o600
    assert Path(case["path"]).read_bytes() == export.tpd


def test_split(operator, case, export):
    answer = operator.four_runs("tpd_split", **case)
    assert_split(case, export)
    assert pem_of(case).startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n")
    assert (answer["pem_file"], answer["keyless_file"]) == (case["pem_file"], case["keyless_file"])
    assert answer["fingerprint"] == Contents(tpd.open(export.tpd, export.password)).fingerprint()
    assert "warnings" not in answer
    assert stat.S_IMODE(os.stat(os.path.dirname(case["pem_file"])).st_mode) == 0o700
    assert answer["diff"]["before"] == {
        case["pem_file"]: {"state": "absent"},
        case["keyless_file"]: {"state": "absent"},
    }
    assert answer["diff"]["after"][case["pem_file"]]["mode"] == "0600"


def test_the_keyless_tpd_for_tpd_info_and_for_an_importer(operator, case):
    """Whoever holds the key elsewhere finds everything but the key, and no member where it was."""
    operator.run("tpd_split", **case)
    assert b"<m_strKeyData" not in keyless_of(case)
    answer = operator.run("tpd_info", path=case["keyless_file"], password_file=case["password_file"])
    assert (answer["tpd"]["key_in_file"], answer["tpd"]["key_matches_certificate"]) == (False, None)
    whole = operator.run("tpd_info", path=case["path"], password_file=case["password_file"])
    assert {**answer["tpd"], "key_in_file": 0, "key_matches_certificate": 0} == {
        **whole["tpd"],
        "key_in_file": 0,
        "key_matches_certificate": 0,
    }
    assert [check["id"] for check in answer["checks"] if check["result"] == "fail"] == ["key_data"]


def test_without_encryption(operator, plain, export):
    answer = operator.four_runs("tpd_split", **plain)
    assert pem_of(plain).startswith(b"-----BEGIN PRIVATE KEY-----\n")
    assert_split(plain, export, None)
    assert "warnings" not in answer


def test_options_in_place_of_files(operator, case, export):
    inline = {**case, "password_file": None, "password": export.password}
    inline.update(pem_passphrase_file=None, pem_passphrase=PASSPHRASE)
    operator.four_runs("tpd_split", **inline)
    assert_split(case, export)
    # However they are given, it is the same.
    assert operator.run("tpd_split", **case)["changed"] is False


def test_in_one_folder(operator, case, export, tmp_path):
    """Also in that of the TPD: a folder can be locked only once at a time."""
    case.update(pem_file=str(tmp_path / "contoso" / "key.pem"), keyless_file=str(tmp_path / "contoso" / "keyless.xml"))
    operator.four_runs("tpd_split", **case)
    assert_split(case, export)


def test_two_files_of_one_name(operator, case, export, tmp_path):
    case.update(pem_file=str(tmp_path / "offline" / "it"), keyless_file=str(tmp_path / "keyless" / "it"))
    answer = operator.four_runs("tpd_split", **case)
    assert_split(case, export)
    assert answer["diff"]["after"].keys() == {case["pem_file"], case["keyless_file"]}


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("password", ["Zürich Ελλάδα", "  spaces at either end ", "<a>&amp;\"'"])
def test_password_and_version_stay(operator, case, export, version, password):
    source = replace(tpd.open(export.tpd, export.password), version=version)
    Path(case["path"]).write_bytes(tpd.seal(source, password))
    Path(case["password_file"]).write_bytes(password.encode())
    operator.run("tpd_split", **case)
    assert tpd.open(keyless_of(case), password) == source.keyless()
    assert tpd.read(keyless_of(case)).may_open(password, version)


def test_every_trace_of_the_key_goes(operator, case, export):
    """The key information has a place for a key too, which an importer prefers if there is no other."""
    source = tpd.open(export.tpd, export.password)
    encoded = base64.b64encode(source.key_blob).decode()
    Path(case["path"]).write_bytes(tpd.seal(replace(source, encrypted_private_key=encoded), export.password))
    operator.four_runs("tpd_split", **case)
    assert tpd.open(keyless_of(case), export.password).encrypted_private_key is None
    assert tpd.open(keyless_of(case), export.password) == source.keyless()


def test_a_pem_alone_is_unfinished_work(operator, case, export):
    """What a killed run leaves: the next run keeps the PEM, byte for byte, and writes the rest."""
    operator.run("tpd_split", **case)
    pem = pem_of(case)
    Path(case["keyless_file"]).unlink()
    operator.four_runs("tpd_split", **case)
    assert pem_of(case) == pem
    assert_split(case, export)


def test_a_keyless_tpd_alone_gets_its_pem_again(operator, case, export):
    """As after the PEM was destroyed: whoever runs it again asks for the PEM."""
    operator.run("tpd_split", **case)
    Path(case["pem_file"]).unlink()
    operator.four_runs("tpd_split", **case)
    assert_split(case, export)


@pytest.mark.parametrize("given", ["case", "plain"])
def test_what_other_programs_wrote_is_kept(operator, request, given, export):
    """PKCS#1 in place of PKCS#8, the primes in the other order, another layout of the XML: it holds what it is to hold."""
    arguments = request.getfixturevalue(given)
    operator.run("tpd_split", **arguments)
    encryption = BestAvailableEncryption(PASSPHRASE.encode()) if given == "case" else NoEncryption()
    found = rsakeys.load_private(tpd.open(export.tpd, export.password).key_blob).private_numbers()
    p, q = found.q, found.p
    swapped = RSAPrivateNumbers(p, q, found.d, found.dmq1, found.dmp1, rsa_crt_iqmp(p, q), found.public_numbers)
    pem = swapped.private_key().private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, encryption)
    assert pem.startswith(b"-----BEGIN RSA PRIVATE KEY")
    keyless = keyless_of(arguments).replace(b"><", b">\r\n  <")
    Path(arguments["pem_file"]).write_bytes(pem)
    Path(arguments["keyless_file"]).write_bytes(keyless)
    assert operator.run("tpd_split", **arguments)["changed"] is False
    assert (pem_of(arguments), keyless_of(arguments)) == (pem, keyless)


@pytest.mark.parametrize("given", ["case", "plain"])
def test_after_the_tpd_is_gone(operator, request, given, export):
    """The two files are their own proof, and keep owner and mode."""
    arguments = request.getfixturevalue(given)
    first = operator.run("tpd_split", **arguments)
    source = Path(arguments["path"])
    os.rename(source, source.with_suffix(".away"))
    answer = operator.run("tpd_split", **arguments)
    assert {**answer, "diff": 0} == {**first, "diff": 0, "changed": False}
    Path(arguments["keyless_file"]).chmod(0o640)
    operator.four_runs("tpd_split", **arguments)
    os.rename(source.with_suffix(".away"), source)
    assert_split(arguments, export, PASSPHRASE if given == "case" else None)


@pytest.mark.parametrize("name", ["pem_file", "keyless_file"])
def test_drift_of_the_mode(operator, case, export, name):
    operator.run("tpd_split", **case)
    before = pem_of(case), keyless_of(case)
    Path(case[name]).chmod(0o644)
    answer = operator.four_runs("tpd_split", **case)
    assert (pem_of(case), keyless_of(case)) == before
    assert_split(case, export)
    facts = answer["diff"]["before"][case[name]]
    assert (facts["mode"], facts["content"]) == ("0644", "as wanted")
    # A PEM that others could read is worth a word; without the key the TPD is none.
    warnings = operator.warnings(answer)
    assert len(warnings) == (1 if name == "pem_file" else 0)
    for warning in warnings:
        assert warning.startswith(f"{case['pem_file']} had mode 0644")
        assert warning.endswith("think about a rekey of the tenant.")


def test_owner_group_and_mode(operator, case):
    user, group = (12345, 23456) if os.geteuid() == 0 else (os.geteuid(), os.getegid())
    wanted = {"owner": str(user), "group": str(group), "mode": "0640"}
    answer = operator.four_runs("tpd_split", **case, **wanted)
    for name in ("pem_file", "keyless_file"):
        info = os.stat(case[name])
        assert (info.st_uid, info.st_gid, stat.S_IMODE(info.st_mode)) == (user, group, 0o640)
    assert "warnings" not in answer


def test_a_weak_passphrase(operator, case):
    Path(case["pem_passphrase_file"]).write_text(WEAK, encoding="utf-8")
    (warning,) = operator.warnings(operator.four_runs("tpd_split", **case))
    assert "The passphrase is weak (below 80 bits" in warning
    assert "protects a copy of the PEM" in warning
    # It is no matter of its first use.
    assert operator.warnings(operator.run("tpd_split", **case)) == [warning]


@pytest.mark.parametrize("given", ["case", "plain"])
def test_what_is_secret_is_registered(operator, request, given, export):
    """Before anything is written, and on a later run too: the key in each form, the passphrase, every line of the PEM."""
    arguments = request.getfixturevalue(given)
    for _run in range(2):
        operator.run("tpd_split", **arguments)
        registered = _secrets._registered
        blob = tpd.open(export.tpd, export.password).key_blob
        wanted = {export.password, base64.b64encode(blob).decode()}
        wanted |= {line for line in pem_of(arguments).decode().splitlines() if not line.startswith("-")}
        if given == "case":
            wanted.add(PASSPHRASE)
        assert wanted <= registered


def test_a_loss_is_noticed_before_anything_is_written(operator, case, monkeypatch):
    """Neither half is trusted before it was read back: as if sealing and dumping had a defect."""
    with monkeypatch.context() as patch:
        patch.setattr(tpd, "seal", lambda opened, password, real=tpd.seal: real(replace(opened, key_id="x"), password))
        assert "cannot be split without a loss" in operator.run("tpd_split", **case)["msg"]
    with monkeypatch.context() as patch:
        other = rsakeys.generate(1024)
        patch.setattr(rsakeys, "dump_pem", lambda key, passphrase, real=rsakeys.dump_pem: real(other, passphrase))
        assert "cannot be split without a loss" in operator.run("tpd_split", **case)["msg"]
    assert not os.path.exists(case["pem_file"])
    assert not os.path.exists(case["keyless_file"])


def test_the_order(operator, case, monkeypatch):
    """The key is on the disk before there is a TPD without it."""
    placed = []
    ensure = tpd_split.Changes.ensure

    def noted(changes, name, content, wanted):
        if not changes._check_mode:
            placed.append(name)
        ensure(changes, name, content, wanted)

    monkeypatch.setattr(tpd_split.Changes, "ensure", noted)
    operator.run("tpd_split", **case)
    assert placed == ["contoso.pem", "contoso.xml"]
