# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Known answers: everything that the independent C# implementation in tests/interop made opens, and says the same.

The fixtures in tests/fixtures/mono are remade with tests/interop/make-fixtures. INFOPROTECT_FIXTURES names another
folder, as tests/interop/run does to judge files that were made a minute ago.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import (
    TpdError,
    envelope,
    rsakeys,
    tpd,
    xmlenc,
    xrml,
)

FOLDER = Path(os.environ.get("INFOPROTECT_FIXTURES") or Path(__file__).resolve().parents[1] / "fixtures" / "mono")


def fixture(name: str) -> dict[str, Any]:
    """A fixture by name, its content as bytes."""
    loaded = json.loads((FOLDER / f"{name}.json").read_text(encoding="ascii"))
    loaded["content"] = base64.b64decode("".join(loaded["content"]))
    return loaded


def names(kind: str, opens: bool = True) -> list[str]:
    """The names of all fixtures of a kind that are to open, or of those that are not."""
    found = []
    for path in sorted(FOLDER.glob("*.json")):
        loaded = json.loads(path.read_text(encoding="ascii"))
        if loaded["kind"] == kind and loaded["expect"].get("opens", True) is opens:
            found.append(path.stem)
    return found


def sha256(data: bytes | str) -> str:
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def private_key(loaded: dict[str, Any]) -> Any:
    return rsakeys.load_private(fixture(loaded["private_key"])["content"])


def assert_is(opened: tpd.Tpd, expect: dict[str, Any]) -> None:
    """An opened TPD has every fact that the fixture states."""
    plain = ("version", "key_id", "key_id_type", "csp_type", "csp_name", "key_container", "key_number")
    assert {name: getattr(opened, name) for name in plain} == {name: expect[name] for name in plain}
    assert [sha256(document) for document in opened.chain] == expect["chain_sha256"]
    assert [xrml.verify(document) for document in opened.chain] == expect["signatures"]
    assert (opened.key_blob is not None) == expect["key_in_file"]

    server = xrml.certificate(opened.chain[0]).principal
    assert server.key is not None
    assert f"{server.key.modulus:x}" == expect["modulus_hex"]
    assert server.key.exponent == expect["exponent"]
    assert server.key.size == {1: 1024, 2: 2048}[expect["crypto_mode"]]
    assert server.guid == opened.key_id
    assert server.url + "/licensing" == expect["licensing_url"]
    if opened.key_blob is not None:
        assert sha256(opened.key_blob) == expect["key_blob_sha256"]
        modulus = rsakeys.load_private(opened.key_blob).private_numbers().public_numbers.n
        assert (f"{modulus:x}" == expect["modulus_hex"]) == expect["key_matches_certificate"]
    templates = [(xrml.template(document), xrml.verify(document)) for document in opened.templates]
    assert [
        {"guid": template.guid, "names": template.names, "urls": list(template.urls), "verified": verified}
        for template, verified in templates
    ] == [
        {**stated, "names": {lcid: name for lcid, (name, _description) in stated["names"].items()}}
        for stated in expect["templates"]
    ]


@pytest.mark.parametrize("name", names("key_private"))
def test_a_private_key_file_is_read(name: str) -> None:
    loaded = fixture(name)
    numbers = rsakeys.load_private(loaded["content"]).private_numbers().public_numbers
    assert (f"{numbers.n:x}", numbers.e) == (loaded["expect"]["modulus_hex"], loaded["expect"]["exponent"])
    assert numbers.n.bit_length() == loaded["expect"]["bits"]


@pytest.mark.parametrize("name", names("key_public"))
def test_a_public_key_file_is_read(name: str) -> None:
    loaded = fixture(name)
    numbers = rsakeys.load_public(loaded["content"]).public_numbers()
    assert (f"{numbers.n:x}", numbers.e) == (loaded["expect"]["modulus_hex"], loaded["expect"]["exponent"])


@pytest.mark.parametrize("name", names("key_private", opens=False))
def test_a_damaged_private_key_is_refused(name: str) -> None:
    content = fixture(name)["content"]
    with pytest.raises(TpdError):
        rsakeys.load_private(content)


@pytest.mark.parametrize("name", names("tpd"))
def test_a_tpd_opens_with_its_password(name: str) -> None:
    loaded = fixture(name)
    assert_is(tpd.open(loaded["content"], loaded["password"]), loaded["expect"])


@pytest.mark.parametrize("name", names("tpd"))
def test_a_tpd_opens_with_no_other_password(name: str) -> None:
    loaded = fixture(name)
    password = loaded["password"]
    for wrong in (password.strip() + "!", password.swapcase(), " " + password, password[:-1]):
        with pytest.raises(TpdError):
            tpd.open(loaded["content"], wrong)


@pytest.mark.parametrize("name", names("tpd"))
@pytest.mark.parametrize("version", [1, 2])
def test_a_tpd_sealed_again_says_the_same(name: str, version: int) -> None:
    loaded = fixture(name)
    opened = tpd.open(loaded["content"], loaded["password"])
    again = tpd.Tpd(**{**vars(opened), "version": version})
    assert_is(
        tpd.open(tpd.seal(again, "another test password"), "another test password"),
        {**loaded["expect"], "version": version},
    )


@pytest.mark.parametrize("name", names("reply"))
def test_a_reply_yields_password_and_tpd(name: str) -> None:
    loaded = fixture(name)
    expect = loaded["expect"]
    reply = envelope.open_reply(loaded["content"], private_key(loaded))
    assert reply.password == expect["password"]
    # A TPD that travels as an element may come back in another layout; what is in it must be the same.
    if "tpd_sha256" in expect:
        assert sha256(reply.tpd) == expect["tpd_sha256"]
    assert_is(tpd.open(reply.tpd, reply.password), expect)


@pytest.mark.parametrize("name", [name for name in names("reply") if "plain_sha256" in fixture(name)["expect"]])
def test_xml_encryption_gives_the_plain_text(name: str) -> None:
    loaded = fixture(name)
    assert sha256(xmlenc.decrypt(loaded["content"], private_key(loaded))) == loaded["expect"]["plain_sha256"]


@pytest.mark.parametrize("name", names("reply", opens=False))
def test_a_reply_that_proves_nothing_is_refused(name: str) -> None:
    loaded = fixture(name)
    with pytest.raises(TpdError):
        envelope.open_reply(loaded["content"], private_key(loaded))


@pytest.mark.parametrize("name", names("xrml"))
def test_an_xrml_signature_is_judged(name: str) -> None:
    loaded = fixture(name)
    assert xrml.verify(loaded["content"].decode()) is loaded["expect"]["verified"]


def test_every_kind_has_its_fixtures() -> None:
    """An empty or half-made folder must not pass as a success."""
    counts = {
        kind: len(names(kind)) + len(names(kind, opens=False))
        for kind in ("key_private", "key_public", "tpd", "reply", "xrml")
    }
    assert counts == {"key_private": 7, "key_public": 6, "tpd": 23, "reply": 46, "xrml": 10}
