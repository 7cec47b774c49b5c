# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Opening and sealing: the TPD as AD RMS, Exchange and their many tools write it."""

from __future__ import annotations

import base64
import hashlib
import re
import tracemalloc

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import primitives, tpd
from hypothesis import given
from hypothesis import strategies as st

from .made import PASSWORD, examples, other, sealed, tenant

TPD = sealed()
# What XML or a text file can carry as a password; a TPD derives its key from any of it.
PASSWORDS = st.text(st.characters(blacklist_categories=["Cs"]), max_size=60)


def encrypt(plain: str | bytes, password: str = PASSWORD) -> str:
    """A member's value in a TPD of version 2."""
    plain = plain.encode() if isinstance(plain, str) else plain
    return base64.b64encode(
        primitives.aes_cbc_encrypt(tpd.derive_key(password, 2), bytes(range(1, 17)), plain)
    ).decode()


def description(content: bytes = TPD, password: str = PASSWORD) -> str:
    """The decrypted description of a TPD of version 2."""
    info = tpd.read(content).info.decoded()
    return primitives.aes_cbc_decrypt(tpd.derive_key(password, 2), bytes(range(1, 17)), info, primitives.pkcs7).decode()


def with_description(text: str | bytes) -> bytes:
    """The TPD with another description, under the same password."""
    return re.sub(rb"(<m_strTrustedDocDomainInfo>)[^<]*", rb"\1" + encrypt(text).encode(), TPD)


def opened(content: bytes) -> tpd.Tpd:
    """The TPD under its password."""
    return tpd.open(content, PASSWORD)


@pytest.mark.parametrize("version", [1, 2])
def test_a_tpd_opens_with_its_password_in_both_versions(version: int) -> None:
    assert opened(sealed(version)) == tenant(version)


@given(PASSWORDS, st.sampled_from([1, 2]))
@examples(150)
def test_any_password_seals_and_opens(password: str, version: int) -> None:
    small = other(tenant(version), templates=())
    assert tpd.open(tpd.seal(small, password), password) == small


XML_TEXT = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\ufffe\uffff") | st.sampled_from("\r\n\t"),
    max_size=40,
)


@given(st.lists(XML_TEXT, max_size=4), st.lists(XML_TEXT, max_size=4), XML_TEXT, st.binary(min_size=1, max_size=80))
@examples(150)
def test_what_is_in_it_comes_back_to_the_character(
    chain: list[str], templates: list[str], name: str, blob: bytes
) -> None:
    made = other(tenant(), chain=tuple(chain), templates=tuple(templates), csp_name=name, key_blob=blob)
    assert opened(tpd.seal(made, PASSWORD)) == made


def test_the_keys_are_derived_as_the_formats_say() -> None:
    assert tpd.derive_key("ü", 2) == hashlib.sha256(b"\xfc\x00").digest()[:16]
    digest = hashlib.sha1(b"\xc3\xbc").digest()
    for _iteration in range(99):
        digest = hashlib.sha1(digest).digest()
    assert tpd.derive_key("ü", 1) == digest[:16]


def test_the_file_looks_as_dotnet_writes_it() -> None:
    assert TPD.startswith(
        b'<?xml version="1.0" encoding="utf-8"?>\n'
        b'<ArrayOfAnyType xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        b'xmlns:xsd="http://www.w3.org/2001/XMLSchema">'
        b'<anyType xsi:type="EncryptedTrustedDocDomain"><m_strTrustedDocDomainInfo>'
    )
    assert TPD.endswith(b"</m_strKeyData></anyType></ArrayOfAnyType>")
    names = re.findall("<([A-Za-z_]+)[ >]", description())
    assert [name for name in names if name != "string"] == [
        "ArrayOfAnyType",
        "anyType",
        "m_ttdki",
        "strID",
        "strIDType",
        "nCSPType",
        "strCSPName",
        "strKeyContainerName",
        "nKeyNumber",
        "m_strLicensorCertChain",
        "m_astrRightsTemplates",
    ]


LAYOUTS = {
    "a BOM": b"\xef\xbb\xbf" + TPD,
    "UTF-16": TPD.replace(b"utf-8", b"utf-16").decode().encode("utf-16"),
    "CRLF": TPD.replace(b"><", b">\r\n  <"),
    "the declarations the other way round": re.sub(rb"(xmlns:xsi=\S+) (xmlns:xsd=[^>]+)", rb"\2 \1", TPD),
    "another prefix": TPD.replace(b"xsi:", b"i:").replace(b"xmlns:xsi", b"xmlns:i"),
    "no XML declaration": TPD[TPD.index(b"<Array") :],
    "white space in the base64": re.sub(rb"([A-Za-z0-9+/]{76})", rb"\1\r\n", TPD),
    "the members the other way round": re.sub(
        rb"(<m_strTrustedDocDomainInfo>.*)(<m_strKeyData>.*</m_strKeyData>)", rb"\2\1", TPD
    ),
    "an unknown member": TPD.replace(b"<m_strKeyData>", b"<m_nNew>1</m_nNew><m_strKeyData>"),
    "an unknown entry": TPD.replace(b"</ArrayOfAnyType>", b"<other/></ArrayOfAnyType>"),
    "a second value, which is ignored": TPD.replace(b"</anyType>", b"<m_strKeyData>AAAA</m_strKeyData></anyType>"),
    "a namesake in a namespace, which is unknown": TPD.replace(
        b"<m_strTrustedDocDomainInfo>", b'<m_strKeyData xmlns="urn:n">AAAA</m_strKeyData><m_strTrustedDocDomainInfo>'
    ),
    "a comment": TPD.replace(b"<m_strKeyData>", b"<!-- no --><m_strKeyData>"),
}


@pytest.mark.parametrize("form", LAYOUTS)
def test_the_layout_is_free(form: str) -> None:
    assert LAYOUTS[form] != TPD
    assert opened(LAYOUTS[form]) == tenant()


DESCRIPTIONS = {
    "a BOM": "\ufeff" + description(),
    "wrongly declared as UTF-16": description().replace("utf-8", "utf-16", 1),
    "really UTF-16": description().encode("utf-16"),
    "UTF-16 without BOM": description().encode("utf-16-le"),
    "no XML declaration": description().partition("\n")[2],
    "a comment in front": "<!-- test -->" + description().partition("\n")[2],
    "white space in front": description().partition("\n")[2].join(["\r\n ", "\r\n"]),
    "an unknown member": description().replace("<m_ttdki>", "<m_new /><m_ttdki>").replace("<strID>", "<x /><strID>"),
    "a second of each, which is ignored": description().replace("</strID>", "</strID><strID>no</strID>"),
}


@pytest.mark.parametrize("form", DESCRIPTIONS)
def test_the_layout_of_the_description_is_free(form: str) -> None:
    assert opened(with_description(DESCRIPTIONS[form])) == tenant()


def test_a_keyless_tpd_opens_without_a_key() -> None:
    keyless = other(tenant(), key_blob=None)
    content = tpd.seal(keyless, PASSWORD)
    assert b"m_strKeyData" not in content
    for same in (
        content,
        content.replace(b"</anyType>", b"<m_strKeyData /></anyType>"),
        content.replace(b"</anyType>", b"<m_strKeyData></m_strKeyData></anyType>"),
        content.replace(b"</anyType>", f"<m_strKeyData>{encrypt(b'')}</m_strKeyData></anyType>".encode()),
        tpd.seal(other(tenant(), key_blob=b""), PASSWORD),
    ):
        assert opened(same) == keyless


def test_a_tpd_is_keyless_without_either_of_its_keys() -> None:
    keyless = other(tenant(), encrypted_private_key="AAAA").keyless()
    assert keyless == other(tenant(), key_blob=None, encrypted_private_key=None)
    assert b"m_strKeyData" not in tpd.seal(keyless, PASSWORD)
    assert "strEncryptedPrivateKey" not in description(tpd.seal(keyless, PASSWORD))
    assert keyless.keyless() == keyless


def test_empty_and_absent_members_are_empty() -> None:
    text = description()
    for name in ("strIDType", "strCSPName", "strKeyContainerName", "nKeyNumber", "m_astrRightsTemplates"):
        text = re.sub(f"<{name}>.*</{name}>", f"<{name} />", text, flags=re.S)
    text = re.sub("<nCSPType>.*</nCSPType>", "", text)
    found = opened(with_description(text))
    assert found == other(
        tenant(), key_id_type="", csp_type=0, csp_name="", key_container="", key_number=0, templates=()
    )


def test_the_key_inside_the_description_is_kept() -> None:
    kept = other(tenant(), encrypted_private_key="AAAA", key_blob=None)
    assert opened(tpd.seal(kept, PASSWORD)) == kept


def test_memory_grows_with_the_file_and_no_faster() -> None:
    content = tpd.seal(other(tenant(), templates=("x" * 3_000_000,) * 2), PASSWORD)
    tracemalloc.start()
    try:
        opened(content)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # Measured: 2.9 times, and 2 more times where garbage waits for its collector.
    assert peak < 3.5 * len(content)


def test_nothing_secret_shows() -> None:
    shown = repr(opened(TPD)) + repr(tpd.read(TPD))
    assert "key_blob" not in shown
    assert "info" not in shown
    assert "XrML" not in shown
