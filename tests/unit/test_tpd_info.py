# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tpd_info through its module's main(): what a TPD holds, whose it is, and what importers are known to refuse."""

from __future__ import annotations

import base64
import os
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils import _passwords
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._ops import tpd_info
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import rehearsal, tpd

RETURNED = {
    *("rehearsal", "version", "key_id", "key_id_type", "csp_name", "csp_type", "key_in_file", "key_size"),
    *("crypto_mode", "fingerprint", "key_matches_certificate", "licensing_url", "certificates", "templates"),
}


@pytest.fixture
def given(tmp_path, export):
    """path and password_file of an exported TPD."""
    files = {"path": (tmp_path / "tpd.xml", export.tpd), "password_file": (tmp_path / "pw", export.password.encode())}
    for path, content in files.values():
        path.write_bytes(content)
        path.chmod(0o600)
    return {option: str(path) for option, (path, _content) in files.items()}


@pytest.fixture
def look(operator, given):
    """look(**options) -> the answer, in which nothing has changed, in check mode or not."""

    def run(**options):
        answer = operator.run("tpd_info", **{**given, **options})
        assert operator.run("tpd_info", check=True, **{**given, **options}) == answer
        assert (answer.get("msg"), answer["changed"]) == (None, False)
        assert "diff" not in answer
        return answer

    return run


def checks(answer):
    """The results by id; each check has a sentence."""
    assert all(len(check["message"]) > 20 for check in answer["checks"])
    return {check["id"]: check["result"] for check in answer["checks"]}


def sealed(export, **changes):
    """The TPD with something else in it, as base64."""
    opened = tpd.open(export.tpd, export.password)
    return base64.b64encode(tpd.seal(replace(opened, **changes), export.password)).decode()


def test_what_a_tpd_holds(look, export):
    answer = look()
    facts = answer["tpd"]
    assert set(facts) == RETURNED
    assert (facts["rehearsal"], facts["version"], facts["key_id_type"]) == (True, 2, "MS-GUID")
    assert (facts["csp_type"], facts["crypto_mode"], facts["key_size"], facts["key_in_file"]) == (1, 1, 1024, True)
    assert facts["key_matches_certificate"] is True
    assert len(bytes.fromhex(facts["fingerprint"])) == 32
    assert urlsplit(facts["licensing_url"]).path == "/_wmcs/licensing"
    assert [entry["signature"] for entry in facts["certificates"]] == ["verified"] * 4
    assert len(facts["templates"]) == 2
    for entry in facts["templates"]:
        assert {"guid", "names", "urls"} <= set(entry)
        assert entry["names"]["1031"].startswith("Vertraulich für alle")
        assert facts["licensing_url"] in entry["urls"]
    assert answer["importable"] is True


@pytest.mark.parametrize("version", [1, 2])
def test_the_key_of_today(look, export, version):
    """Mode 2, as every tenant has it since 2012, in either version of the file."""
    content = tpd.seal(rehearsal.make(2048, 0, version), export.password)
    answer = look(path=None, content=base64.b64encode(content).decode(), fips=True)
    facts = [answer["tpd"][fact] for fact in ("version", "crypto_mode", "csp_type", "key_size")]
    assert facts == [version, 2, 24, 2048]
    assert (checks(answer)["fips"], answer["importable"]) == ("pass", True)


def test_an_old_key_on_a_fips_server(look):
    """Mode 1 is what a tenant of 2011 has among its archived keys."""
    for fips, result in ((None, "warn"), (True, "fail"), (False, "pass")):
        answer = look(fips=fips)
        assert (checks(answer)["fips"], answer["importable"]) == (result, result != "fail")


def test_every_way_to_give_the_tpd_and_its_password(look, operator, given, tmp_path, export):
    wanted = look()["tpd"]
    wrapped = "\n".join(base64.encodebytes(export.tpd).decode().splitlines())
    assert look(path=None, content=wrapped)["tpd"] == wanted
    assert look(password_file=None, password=export.password)["tpd"] == wanted
    text = export.password
    for number, content in enumerate(
        [
            *(text.encode() + end for end in (b"", b"\n", b"\r\n", b"\r")),
            text.encode("utf-8-sig"),
            text.encode("utf-16"),
            *((text + "\r\n").encode(encoding) for encoding in ("utf-16-le", "utf-16-be")),
        ]
    ):
        path = tmp_path / f"password {number}"
        path.write_bytes(content)
        assert look(password_file=str(path))["tpd"] == wanted
    # Only one line end is dropped, and nothing else.
    for content in (text.encode() + b"\n\n", text.encode() + b" ", b" " + text.encode()):
        (tmp_path / "other").write_bytes(content)
        operator.refused("tpd_info", "does not open", **{**given, "password_file": str(tmp_path / "other")})


def test_whose_tpd_it_is(look):
    facts = look()["tpd"]
    service = urlsplit(facts["licensing_url"]).hostname.partition(".")[0]
    key = facts["key_id"].strip("{}").upper()
    known = {"tenant_service_id": "{" + service.upper() + "}", "tenant_key_ids": ["0" * 36, key]}
    assert [checks(look())[name] for name in ("tenant_service_id", "tenant_key_id")] == ["warn", "warn"]
    assert [checks(look(**known))[name] for name in ("tenant_service_id", "tenant_key_id")] == ["pass", "pass"]
    for option, check, other in (
        ("tenant_service_id", "tenant_service_id", "11111111-2222-4333-8444-555555555555"),
        ("tenant_key_ids", "tenant_key_id", ["11111111-2222-4333-8444-555555555555"]),
    ):
        answer = look(**{**known, option: other})
        assert (checks(answer)[check], answer["importable"]) == ("fail", False)


def test_whether_the_export_is_stale(look):
    held = [entry["guid"].strip("{}").upper() for entry in look()["tpd"]["templates"]]
    for current, result in ((None, "warn"), (held, "pass"), ([], "pass"), ([*held, "0" * 36], "warn")):
        answer = look(current_template_guids=current)
        assert (checks(answer)["templates_current"], answer["importable"]) == (result, True)


def test_the_licensing_urls_of_the_new_cluster(look):
    own = look()["tpd"]["licensing_url"]
    cluster = "https://rms.contoso.com/_wmcs/licensing"
    assert {checks(look())[name] for name in ("licensing_urls", "templates")} == {"pass"}
    assert checks(look(licensing_urls=[cluster, own]))["templates"] == "pass"
    answer = look(licensing_urls=[cluster])
    assert (checks(answer)["templates"], answer["importable"]) == ("fail", False)
    for url in (
        "rms.contoso.com",
        cluster + "?a",
        cluster + ",b",
        "ftp://a/b",
        "https://[a/",
        "https://a/" + "b" * 1024,
    ):
        assert checks(look(licensing_urls=[url]))["licensing_urls"] == "fail"


def test_what_importers_refuse_and_what_nobody_knows(look, export):
    for changes, check, importable in (
        ({"key_blob": None}, "key_data", False),
        ({"csp_type": 2}, "csp_type", False),
        ({"key_id": ""}, "key_information", False),
        ({"chain": ()}, "chain_present", False),
    ):
        answer = look(path=None, content=sealed(export, **changes))
        assert (checks(answer)[check], answer["importable"]) == ("fail" if not importable else "warn", importable)
    keyless = look(path=None, content=sealed(export, key_blob=None))["tpd"]
    assert (keyless["key_in_file"], keyless["key_matches_certificate"]) == (False, None)
    # A hierarchy outside Microsoft's is a warning, as its root may still be trusted where the import happens.
    assert checks(look())["hierarchy"] == "warn"
    assert checks(look())["rehearsal"] == "warn"


def test_a_weak_password(look, export):
    content = base64.b64encode(tpd.seal(tpd.open(export.tpd, export.password), "Test1234")).decode()
    answer = look(path=None, content=content, password_file=None, password="Test1234")
    assert (checks(answer)["password_strength"], answer["importable"]) == ("warn", True)
    assert checks(look())["password_strength"] == "pass"


@pytest.mark.parametrize("option", ["path", "password_file"])
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
        monkeypatch.setattr(tpd_info, "LARGEST_DOCUMENT", 99 if option == "path" else 2**20)
        monkeypatch.setattr(_passwords.passwords, "LARGEST_FILE", 99 if option == "password_file" else 1024)
    operator.refused("tpd_info", words, str(path), **{**given, option: str(path)})


def test_what_does_not_open(operator, given, export):
    operator.refused(
        "tpd_info",
        f"{given['path']}: ",
        "does not open",
        **{**given, "password_file": None},
        password="made for a test, wrong",
    )
    for content in (export.tpd[:500], export.tpd.replace(b"EncryptedTrustedDocDomain", b"TrustedDocDomain"), b"<a/>"):
        encoded = base64.b64encode(content).decode()
        operator.refused("tpd_info", "The given content: ", **{**given, "path": None}, content=encoded)
    for content in ("", "made for a test!", "äöüß"):
        operator.refused("tpd_info", "empty or not base64", **{**given, "path": None}, content=content)
    operator.refused("tpd_info", "The given password is empty", **{**given, "password_file": None}, password="")


def test_wrong_combinations_of_options(operator, given):
    run = operator.run
    assert "mutually exclusive" in run("tpd_info", **given, password="1234 5678")["msg"]
    assert "mutually exclusive" in run("tpd_info", **given, content="1234 5678")["msg"]
    assert "one of the following is required: path, content" in run("tpd_info", password="1234 5678")["msg"]
    assert "one of the following is required: password, password_file" in run("tpd_info", path="/x")["msg"]


def test_an_ordinary_user(operator, public_path, given, export):
    for option, name in (("path", "TPD"), ("password_file", "password")):
        (public_path / name).write_bytes(export.tpd if name == "TPD" else export.password.encode())
        given[option] = str(public_path / name)
    assert operator.as_nobody("tpd_info", **given)["importable"] is True
    for path in given.values():
        os.chmod(path, 0)
        answer = operator.as_nobody("tpd_info", **given)
        assert "Could not read" in answer["msg"]
        assert f"{path}: Permission denied" in answer["msg"]
        os.chmod(path, 0o644)
