# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tpd_decrypt through its module's main(): the reply becomes two files, once; and they stand for it when it is gone."""

from __future__ import annotations

import hashlib
import os
import stat
import uuid
from pathlib import Path

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import rehearsal, rsakeys, tpd, wrap
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd.contents import Contents

OTHER = "11111111-2222-4333-8444-555555555555"
PASSPHRASE = "Canary passphrase, made for a test"


@pytest.fixture
def case(tmp_path, export):
    """private_key_file and target, lying in the tenant's working folder."""
    return export.lay(tmp_path / "contoso")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "contoso"


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def new_guid(export):
    """The rule of DESIGN: uuid5(GUID of the key pair, lower-case hex SHA-256 of the reply)."""
    return str(uuid.uuid5(uuid.UUID(export.guid), sha256(export.reply))).upper()


def outputs(folder, guid):
    return folder / f"Password-{guid}.txt", folder / f"ExportedTPD-{guid}.xml"


def assert_holds(folder, guid, export):
    password_file, tpd_file = outputs(folder, guid)
    assert password_file.read_bytes() == export.password.encode("utf-8")
    assert tpd_file.read_bytes() == export.tpd
    assert [stat.S_IMODE(path.stat().st_mode) for path in (password_file, tpd_file)] == [0o600, 0o600]


def test_a_reply_is_decrypted(operator, case, folder, export):
    answer = operator.four_runs("tpd_decrypt", **case)
    guid = new_guid(export)
    password_file, tpd_file = outputs(folder, guid)
    assert (answer["guid"], answer["proof"]) == (guid, "decrypted")
    assert (answer["password_file"], answer["tpd_file"]) == (str(password_file), str(tpd_file))
    assert_holds(folder, guid, export)
    assert sorted(os.listdir(folder)) == sorted(
        [*map(os.path.basename, case.values()), password_file.name, tpd_file.name]
    )
    assert (answer["tpd"]["rehearsal"], answer["tpd"]["version"], answer["tpd"]["crypto_mode"]) == (True, 2, 1)
    assert answer["tpd"]["key_matches_certificate"] is True
    assert len(answer["tpd"]["certificates"]) == 4
    assert answer["diff"]["before"] == {name.name: {"state": "absent"} for name in (password_file, tpd_file)}
    assert "warnings" not in answer
    assert (answer["tpd_sha256"], answer["reply_sha256"]) == (sha256(export.tpd), sha256(export.reply))
    assert sha256(export.password.encode()) not in str(answer)
    told = operator.run("tpd_info", path=str(tpd_file), password_file=str(password_file))
    assert [answer[fact] for fact in ("tpd", "checks", "importable")] == [
        told[fact] for fact in ("tpd", "checks", "importable")
    ]


def test_rehearsals_and_real_cases_are_kept_apart(operator, case, monkeypatch):
    operator.refused(
        "tpd_decrypt", "The reply was made for a rehearsal and opens no real document", **case, rehearsal=False
    )
    monkeypatch.setattr(Contents, "rehearsal", property(lambda contents: False))
    operator.refused(
        "tpd_decrypt", "The reply holds a real tenant key, but this is a rehearsal", **case, rehearsal=True
    )
    operator.four_runs("tpd_decrypt", **case, rehearsal=False)


def test_the_names_of_the_page_of_2016(operator, case, folder, export):
    answer = operator.four_runs("tpd_decrypt", **case, guid_rule="key")
    assert answer["guid"] == export.guid
    assert_holds(folder, export.guid, export)


def test_another_folder_owner_and_mode(operator, case, tmp_path, export):
    directory = tmp_path / "out" / "contoso"
    user, group = (12345, 23456) if os.geteuid() == 0 else (os.geteuid(), os.getegid())
    wanted = {"directory": str(directory), "owner": str(user), "group": str(group), "mode": "0440"}
    answer = operator.four_runs("tpd_decrypt", **case, **wanted)
    for path in outputs(directory, answer["guid"]):
        info = path.stat()
        assert (info.st_uid, info.st_gid, stat.S_IMODE(info.st_mode)) == (user, group, 0o440)
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700


def test_a_key_file_whose_name_holds_no_guid(operator, case, folder, export):
    key = folder / "request-key.txt"
    Path(case["private_key_file"]).rename(key)
    case["private_key_file"] = str(key)
    operator.refused("tpd_decrypt", f"The name of {key} holds no GUID", "with guid", **case)
    answer = operator.four_runs("tpd_decrypt", **case, guid="{" + export.guid.lower() + "}")
    assert answer["guid"] == new_guid(export)
    # The given GUID goes before the one in a name.
    assert operator.run("tpd_decrypt", **case, guid=OTHER, guid_rule="key")["guid"] == OTHER


@pytest.mark.parametrize("kind", [0, 1])
def test_a_lost_file_comes_back(operator, case, folder, export, kind):
    """Also what a killed run leaves, a TPD without its password."""
    operator.run("tpd_decrypt", **case)
    outputs(folder, new_guid(export))[kind].unlink()
    answer = operator.four_runs("tpd_decrypt", **case)
    assert answer["proof"] == "decrypted"
    assert_holds(folder, new_guid(export), export)


@pytest.mark.parametrize("kind", [0, 1])
def test_a_changed_file_is_never_overwritten(operator, case, folder, export, kind):
    operator.run("tpd_decrypt", **case)
    path = outputs(folder, new_guid(export))[kind]
    path.write_bytes(b"perhaps the only copy of something")
    operator.refused("tpd_decrypt", f"{path} is already there and holds something else", "move it away", **case)


def test_drift_of_the_mode(operator, case, folder, export):
    operator.run("tpd_decrypt", **case)
    for path in outputs(folder, new_guid(export)):
        path.chmod(0o644)
    operator.four_runs("tpd_decrypt", **case)
    assert_holds(folder, new_guid(export), export)


def test_names_that_other_programs_gave(operator, case, folder, export):
    """The page of 2017 once spells it ExportedTDP; Windows does not mind the case."""
    operator.run("tpd_decrypt", **case)
    password_file, tpd_file = outputs(folder, new_guid(export))
    tpd_file.rename(folder / tpd_file.name.replace("TPD", "TDP"))
    password_file.rename(folder / password_file.name.lower())
    for gone in (None, "target", "private_key_file"):
        if gone:
            Path(case[gone]).unlink()
        answer = operator.run("tpd_decrypt", **case)
        assert answer["changed"] is False
        assert answer["tpd_file"] == str(folder / tpd_file.name.replace("TPD", "TDP"))
        assert answer["password_file"] == str(folder / password_file.name.lower())


@pytest.mark.parametrize("gone", [["private_key_file"], ["target"], ["private_key_file", "target"]])
@pytest.mark.parametrize("rule", ["new", "key"])
def test_the_two_files_stand_for_what_is_gone(operator, case, folder, gone, rule):
    done = operator.run("tpd_decrypt", **case, guid_rule=rule)
    for option in gone:
        Path(case[option]).unlink()
    answer = operator.run("tpd_decrypt", **case, guid_rule=rule)
    assert (answer["changed"], answer["proof"]) == (False, "outputs")
    for fact in ("guid", "password_file", "tpd_file", "tpd"):
        assert answer[fact] == done[fact]
    Path(done["password_file"]).chmod(0o644)
    assert operator.four_runs("tpd_decrypt", **case, guid_rule=rule)["proof"] == "outputs"


def test_a_dangling_link_is_as_good_as_gone(operator, case, folder):
    operator.run("tpd_decrypt", **case)
    Path(case["private_key_file"]).unlink()
    Path(case["private_key_file"]).symlink_to(folder / "destroyed")
    assert operator.run("tpd_decrypt", **case)["proof"] == "outputs"


@pytest.mark.parametrize("gone", ["private_key_file", "target"])
def test_nothing_to_decrypt_and_nothing_decrypted(operator, case, folder, tmp_path, gone):
    Path(case[gone]).unlink()
    operator.refused("tpd_decrypt", f"{case[gone]} does not exist", f"Neither does {folder} hold", **case)
    operator.refused("tpd_decrypt", f"{case[gone]} does not exist", **case, directory=str(tmp_path / "not made"))


def test_half_an_export_proves_nothing(operator, case, folder, export):
    operator.run("tpd_decrypt", **case)
    Path(case["private_key_file"]).unlink()
    for path in outputs(folder, new_guid(export)):
        content = path.read_bytes()
        path.unlink()
        operator.refused("tpd_decrypt", "Neither does", "Bring the missing file back", **case)
        path.write_bytes(b"made for a test, another content")
        operator.refused("tpd_decrypt", new_guid(export), "Bring the missing file back", **case)
        path.write_bytes(content)


def test_the_files_of_the_case_record(operator, case, folder, export):
    """expected_sha256 is what the case record says; it holds with the key, and without it."""
    right = {"password": sha256(export.password.encode()).upper(), "tpd": sha256(export.tpd)}
    for wrong in ({**right, "password": "0" * 64}, {"tpd": "0" * 64}):
        operator.refused("tpd_decrypt", "file is another than the one on record", **case, expected_sha256=wrong)
    answer = operator.four_runs("tpd_decrypt", **case, expected_sha256=right)
    Path(case["private_key_file"]).unlink()
    assert operator.run("tpd_decrypt", **case, expected_sha256=right)["proof"] == "outputs"
    operator.refused("tpd_decrypt", "another than the one on record", **case, expected_sha256={"tpd": "0" * 64})
    operator.refused("tpd_decrypt", "expected_sha256.tpd is not a SHA-256", **case, expected_sha256={"tpd": "12"})
    assert answer["guid"] == new_guid(export)


def test_several_finished_exports(operator, case, folder, export):
    """Two in one folder: the GUID rule tells them apart, or the record does; a guess does not."""
    operator.run("tpd_decrypt", **case)
    another = tpd.seal(rehearsal.make(1024, 0, 2), export.password)
    password_file, tpd_file = outputs(folder, OTHER)
    password_file.write_bytes(export.password.encode())
    tpd_file.write_bytes(another)
    for path in (password_file, tpd_file):
        path.chmod(0o600)
    Path(case["private_key_file"]).unlink()
    assert operator.run("tpd_decrypt", **case)["guid"] == new_guid(export)
    assert operator.run("tpd_decrypt", **case, guid=OTHER, guid_rule="key")["guid"] == OTHER
    Path(case["target"]).unlink()
    operator.refused("tpd_decrypt", "several finished exports", OTHER, new_guid(export), "expected_sha256", **case)
    answer = operator.run("tpd_decrypt", **case, expected_sha256={"tpd": sha256(another)})
    assert (answer["guid"], answer["changed"]) == (OTHER, False)


def test_the_private_key_as_pem_with_a_passphrase(operator, case, folder, export, tmp_path):
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

    key = rsakeys.load_private(export.private_file)
    encrypted = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(PASSPHRASE.encode()))
    Path(case["private_key_file"]).write_bytes(encrypted)
    operator.secrets.append(PASSPHRASE)
    operator.refused("tpd_decrypt", f"{case['private_key_file']}: ", "is encrypted", "passphrase", **case)
    wrong = {"private_key_passphrase": "made for a test, wrong"}
    operator.refused("tpd_decrypt", "Is the passphrase right", **case, **wrong)
    missing = str(tmp_path / "none")
    operator.refused("tpd_decrypt", "passphrase file", missing, **case, private_key_passphrase_file=missing)
    operator.refused("tpd_decrypt", "private_key_passphrase is empty", **case, private_key_passphrase="")
    (tmp_path / "passphrase").write_bytes(PASSPHRASE.encode() + b"\n")
    given = {"private_key_passphrase_file": str(tmp_path / "passphrase")}
    assert operator.four_runs("tpd_decrypt", **case, **given)["proof"] == "decrypted"
    assert operator.run("tpd_decrypt", **case, private_key_passphrase=PASSPHRASE)["changed"] is False
    assert "mutually exclusive" in operator.run("tpd_decrypt", **case, **given, **wrong)["msg"]
    # Once the key is destroyed, its passphrase may be so too.
    Path(case["private_key_file"]).unlink()
    (tmp_path / "passphrase").unlink()
    assert operator.run("tpd_decrypt", **case, **given)["proof"] == "outputs"


def test_a_private_key_that_others_may_read(operator, case):
    Path(case["private_key_file"]).chmod(0o640)
    (warning,) = operator.warnings(operator.run("tpd_decrypt", **case))
    assert warning.startswith(f"{case['private_key_file']} had mode 0640")


def test_a_weak_password(operator, case, export):
    """The reply is what it is: it is written, and the weakness told."""
    public = rsakeys.load_public(export.public_file)
    reply = wrap.wrap("password", "abc12345", tpd.seal(rehearsal.make(1024, 0, 1), "abc12345"), public)
    Path(case["target"]).write_bytes(reply)
    operator.secrets.append("abc12345")
    answer = operator.run("tpd_decrypt", **case)
    (warning,) = operator.warnings(answer)
    assert "The password is weak" in warning
    assert (answer["tpd"]["version"], answer["tpd"]["crypto_mode"]) == (1, 1)
