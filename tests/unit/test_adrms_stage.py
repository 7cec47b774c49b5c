# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""adrms_stage through its module's main(): three files that can be handed over, and never the password among them."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import stat
from dataclasses import replace

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils import _passwords
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._adrms_script import SCRIPT
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._ops import adrms_stage
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import rehearsal, tpd

NAME = "ExportedTPD-5E4C2018-8C8C-4548-8705-E3218AA1544E.xml"
DISPLAY_NAME = 'Zürich & "Αθήνα" <$(whoami)>, bis 2026'
FILES = ["ExportedTPD-5E4C2018-8C8C-4548-8705-E3218AA1544E.xml", "Import-TenantKey.ps1", "manifest.json"]


@pytest.fixture
def given(tmp_path, export):
    """The options of a staging that succeeds."""
    exported = tmp_path / "contoso"
    exported.mkdir(mode=0o700)
    (exported / NAME).write_bytes(export.tpd)
    (exported / "password").write_bytes(export.password.encode())
    return {
        "tpd_file": str(exported / NAME),
        "password_file": str(exported / "password"),
        "directory": str(tmp_path / "staging" / "contoso"),
        "display_name": DISPLAY_NAME,
    }


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "staging" / "contoso"


def manifest(folder):
    return json.loads((folder / "manifest.json").read_bytes().decode("utf-8"))


def test_staged(operator, given, folder, export):
    answer = operator.four_runs("adrms_stage", **given)
    assert sorted(os.listdir(folder)) == FILES
    assert {stat.S_IMODE((folder / name).stat().st_mode) for name in FILES} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert (folder / NAME).read_bytes() == export.tpd
    assert (folder / "Import-TenantKey.ps1").read_bytes() == SCRIPT.encode("ascii")
    assert (answer["directory"], answer["tpd_file"]) == (str(folder), str(folder / NAME))
    assert answer["manifest_file"] == str(folder / "manifest.json")
    assert answer["script_file"] == str(folder / "Import-TenantKey.ps1")
    assert answer["importable"] is True
    info = operator.run("tpd_info", path=given["tpd_file"], password_file=given["password_file"])
    assert answer["checks"] == info["checks"]


def test_the_manifest(operator, given, folder, export):
    """UTF-8 JSON: everything that the script and a person need, as they were given."""
    answer = operator.run("adrms_stage", **given)
    facts = operator.run("tpd_info", path=given["tpd_file"], password_file=given["password_file"])["tpd"]
    assert "Zürich & ".encode() in (folder / "manifest.json").read_bytes()
    assert manifest(folder) == {
        "schema": 1,
        "rehearsal": True,
        "display_name": DISPLAY_NAME,
        "tpd_file": NAME,
        "sha256": hashlib.sha256(export.tpd).hexdigest(),
        "key_id": facts["key_id"],
        "key_fingerprint": facts["fingerprint"],
        "crypto_mode": 1,
        "csp_name": facts["csp_name"],
        "csp_type": 1,
        "licensing_urls": [facts["licensing_url"]],
        "templates": [{"guid": entry["guid"], "names": entry["names"]} for entry in facts["templates"]],
        "checks": answer["checks"],
        "importable": True,
    }
    assert "Vertraulich für alle 1" in str(manifest(folder)["templates"])


def test_the_password_is_nowhere_in_the_folder(operator, given, folder, export):
    operator.run("adrms_stage", **given)
    for path in folder.iterdir():
        content = path.read_bytes()
        for secret in (*export.secrets, hashlib.sha256(export.password.encode()).hexdigest()):
            for form in (secret.encode(), secret.encode("utf-16-le")):
                assert form not in content
                assert base64.b64encode(form)[:-4] not in content
                assert form.hex().encode() not in content


def test_the_script_is_the_same_for_everyone(operator, given, tmp_path, folder, export):
    """No value is ever pasted into it, whatever the TPD and the names are."""
    operator.run("adrms_stage", **given)
    other = tpd.seal(rehearsal.make(2048, 0, 1), export.password)
    (tmp_path / "contoso" / NAME).write_bytes(other)
    another = {**given, "directory": str(tmp_path / "staging" / "fabrikam"), "display_name": "'; Remove-Item C:\\"}
    operator.run("adrms_stage", **another)
    scripts = [(tmp_path / "staging" / tenant / "Import-TenantKey.ps1") for tenant in ("contoso", "fabrikam")]
    assert scripts[0].read_bytes() == scripts[1].read_bytes()
    assert manifest(tmp_path / "staging" / "fabrikam")["crypto_mode"] == 2


@pytest.mark.parametrize("drift", ["lost", "mode", "changed"])
@pytest.mark.parametrize("name", FILES)
def test_drift_is_repaired(operator, given, folder, drift, name):
    operator.run("adrms_stage", **given)
    content = (folder / name).read_bytes()
    if drift == "lost":
        (folder / name).unlink()
    elif drift == "mode":
        (folder / name).chmod(0o644)
    else:
        (folder / name).write_bytes(b"# changed on the way")
    operator.four_runs("adrms_stage", **given)
    assert (folder / name).read_bytes() == content
    assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600


def test_what_the_script_wrote_stays(operator, given, folder):
    """imported.json tells the next run of the script what it imported."""
    operator.run("adrms_stage", **given)
    (folder / "imported.json").write_bytes(b"{}")
    assert operator.run("adrms_stage", **given)["changed"] is False
    answer = operator.four_runs("adrms_stage", **{**given, "display_name": "Contoso"})
    assert [name for name, facts in answer["diff"]["before"].items() if facts.get("content") == "another"] == [
        "manifest.json"
    ]
    assert (folder / "imported.json").read_bytes() == b"{}"


def test_the_licensing_urls_of_the_new_cluster(operator, given, folder):
    own = operator.run("adrms_stage", **given) and manifest(folder)["licensing_urls"]
    urls = ["https://rms.contoso.com/_wmcs/licensing", *own]
    assert operator.run("adrms_stage", **given, licensing_urls=urls)["changed"] is True
    assert manifest(folder)["licensing_urls"] == urls


def test_a_tpd_that_importers_refuse(operator, given, folder, tmp_path, export):
    keyless = tpd.seal(replace(tpd.open(export.tpd, export.password), key_blob=None), export.password)
    (tmp_path / "contoso" / NAME).write_bytes(keyless)
    operator.refused("adrms_stage", "key_data: ", "not in the file", "allow_failed_checks", **given)
    answer = operator.four_runs("adrms_stage", **given, allow_failed_checks=True)
    assert (answer["importable"], manifest(folder)["importable"]) == (False, False)
    assert {check["id"] for check in manifest(folder)["checks"] if check["result"] == "fail"} == {"key_data"}


@pytest.mark.parametrize("name", ["Password-{}.txt", "PrivateKey-{}.txt", "TPD-{}.xml", "ExportedTPD-{}.xml"])
def test_a_folder_that_holds_what_must_not_be_handed_over(operator, given, folder, name):
    """The folder is taken to the server as it is."""
    operator.run("adrms_stage", **given)
    other = folder / name.format("11111111-2222-4333-8444-555555555555")
    other.write_bytes(b"made for a test")
    operator.refused("adrms_stage", f"also holds {other.name}", "a folder of its own", **given)


def test_staging_beside_the_password(operator, given, tmp_path):
    directory = str(tmp_path / "contoso")
    operator.refused("adrms_stage", "also holds password", **{**given, "directory": directory})


@pytest.mark.parametrize(
    ("name", "stays"),
    [
        ("manifest.json", False),
        ("IMPORT-TenantKey.PS1", False),
        ("imported.json", False),
        ("a:b.xml", False),
        ("a b'$(x).xml", False),
        ("tpd.", False),
        ("Übergabe.xml", False),
        ("tpd_1.xml", True),
    ],
)
def test_names_on_windows(operator, given, tmp_path, export, name, stays):
    """The TPD keeps its name, so that must not be that of another file, nor one that Windows reads differently."""
    path = tmp_path / "contoso" / name
    path.write_bytes(export.tpd)
    if stays:
        assert operator.run("adrms_stage", **{**given, "tpd_file": str(path)})["changed"] is True
    else:
        operator.refused("adrms_stage", str(path), "on a Windows server", **{**given, "tpd_file": str(path)})


@pytest.mark.parametrize("text", ["", "  ", "a\nb", "a\0b", "x" * 257, "\u202egnp.exe"])
def test_bad_display_names(operator, given, text):
    operator.refused("adrms_stage", "The display name is empty, longer than", **{**given, "display_name": text})


@pytest.mark.parametrize("option", ["tpd_file", "password_file"])
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
def test_bad_files(operator, given, tmp_path, monkeypatch, option, what, words):
    path = tmp_path / "given"
    if what == "folder":
        path.mkdir()
    elif what == "fifo":
        os.mkfifo(path)
    elif what != "missing":
        path.write_bytes({"empty": b"", "garbage": b"<\xff\xfe\x00\xd8"}.get(what, b"0" * 100))
    if what == "too large":
        monkeypatch.setattr(adrms_stage, "LARGEST_DOCUMENT", 99 if option == "tpd_file" else 2**20)
        monkeypatch.setattr(_passwords.passwords, "LARGEST_FILE", 99)
    operator.refused("adrms_stage", words, str(path), **{**given, option: str(path)})


def test_refusals(operator, given, folder, tmp_path):
    other = {**given, "password_file": None, "password": "made for a test, wrong"}
    operator.refused("adrms_stage", f"{given['tpd_file']}: ", "does not open with this password", **other)
    operator.refused("adrms_stage", "mutually exclusive", **given, password="made for a test, wrong")
    operator.refused("adrms_stage", "absolute path", **{**given, "directory": "staging"})
    operator.run("adrms_stage", **given)
    folder.chmod(0o775)
    operator.refused("adrms_stage", f"{folder} (mode 0775) may be written by", **given)
    folder.chmod(0o700)
    (folder / "manifest.json").unlink()
    (folder / "manifest.json").symlink_to(tmp_path / "elsewhere")
    operator.refused("adrms_stage", "is a symbolic link", **given)


def test_an_ordinary_user(operator, public_path, given, export):
    public_path.chmod(0o1777)
    for option, name in (("tpd_file", NAME), ("password_file", "password")):
        (public_path / name).write_bytes(export.tpd if name == NAME else export.password.encode())
        given[option] = str(public_path / name)
    given["directory"] = str(public_path / "staging")
    answers = [operator.as_nobody("adrms_stage", **given) for _run in range(2)]
    assert [answer["changed"] for answer in answers] == [True, False]
