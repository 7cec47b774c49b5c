# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TPDs that do not open: a wrong password always says the same, a broken file says what is broken."""

from __future__ import annotations

import re

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import tpd

from .made import PASSWORD, encoded, other, refusal, sealed, tenant
from .test_tpd import description, with_description

TPD = sealed()
WRONG_PASSWORD = (
    "The TPD does not open with this password. Is it the password file of this TPD, and is the TPD unchanged?"
)


def said(content: bytes, password: str = PASSWORD) -> str:
    """Why a TPD does not open."""
    return refusal(tpd.open, content, password)


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize(
    "wrong", ["", " ", PASSWORD + " ", PASSWORD[:-1], PASSWORD.upper(), "half\ud800", "nul\0", "x" * 100_000]
)
def test_a_wrong_password_always_says_the_same(version: int, wrong: str) -> None:
    assert said(sealed(version), wrong) == WRONG_PASSWORD


def test_a_wrong_password_whose_padding_happens_to_fit_says_the_same() -> None:
    # One wrong key in 256 unpads cleanly, so among these some do.
    content = tpd.seal(other(tenant(), templates=()), PASSWORD)
    assert {said(content, f"wrong {number}") for number in range(1500)} == {WRONG_PASSWORD}


def test_a_flipped_bit_in_the_description_is_not_told_from_a_wrong_password() -> None:
    whole = tpd.read(TPD)
    decoded = b"".join(whole.info.decoded())
    for offset in (0, 40, len(decoded) - 1):
        info = bytearray(decoded)
        info[offset] ^= 1
        changed = tpd.Sealed(encoded(bytes(info)), whole.key_data).document()
        assert said(changed) == WRONG_PASSWORD


def test_damaged_key_data_under_the_right_password_is_named() -> None:
    whole = tpd.read(TPD)
    key_data = b"".join(whole.key_data.decoded())
    # In CBC this changes the length of the padding to one that never is. The first block ends in a zero, which is none.
    damaged = tpd.Sealed(
        whole.info, encoded(key_data[:-17] + bytes([key_data[-17] ^ 0x80]) + key_data[-16:])
    ).document()
    cut = tpd.Sealed(whole.info, encoded(key_data[:16])).document()
    for content in (damaged, cut):
        message = said(content)
        assert message == ("The TPD opens with this password but its key data is damaged. Take the file from a backup.")
        assert said(content, "wrong") == WRONG_PASSWORD


@pytest.mark.parametrize("root", [b"arrayofanytype", b"ArrayOfanyType", b"ArrayOfAnytype", b"Other"])
def test_the_root_is_case_sensitive(root: bytes) -> None:
    content = TPD.replace(b"ArrayOfAnyType", root)
    assert said(content).startswith(
        "The TPD is XML of another kind: its root is not ArrayOfAnyType without a namespace."
    )


def test_a_default_namespace_is_wrong() -> None:
    content = TPD.replace(b"<ArrayOfAnyType ", b'<ArrayOfAnyType xmlns="http://tempuri.org/" ')
    assert "is XML of another kind" in said(content)
    inner = with_description(description().replace("<ArrayOfAnyType ", '<ArrayOfAnyType xmlns="urn:n" '))
    assert said(inner).startswith("The TPD's description is XML of another kind")


def test_exactly_one_entry_is_expected() -> None:
    entry = re.search(rb"<anyType.*</anyType>", TPD)
    assert entry is not None
    twice = TPD.replace(b"</ArrayOfAnyType>", entry[0] + b"</ArrayOfAnyType>")
    none = TPD.replace(entry[0], b"")
    assert said(twice).startswith("The TPD holds 2 entries (anyType) where importers expect exactly one.")
    assert said(none).startswith("The TPD holds 0 entries (anyType)")
    inner = with_description(re.sub("(<anyType.*</anyType>)", r"\1\1", description(), flags=re.S))
    assert said(inner).startswith("The TPD's description holds 2 entries (anyType)")


@pytest.mark.parametrize("kind", ["TrustedDocDomain", "encryptedTrustedDocDomain", "", "xsd:string"])
def test_the_type_of_the_entry_has_to_be_right(kind: str) -> None:
    content = TPD.replace(b"EncryptedTrustedDocDomain", kind.encode())
    assert said(content).startswith("The TPD holds an entry whose xsi:type is not EncryptedTrustedDocDomain")
    inner = with_description(description().replace('"TrustedDocDomain"', f'"No{kind}"'))
    assert said(inner).startswith("The TPD's description holds an entry whose xsi:type is not TrustedDocDomain")


def test_the_type_is_that_of_xml_schema() -> None:
    content = TPD.replace(b'xsi:type="', b'type="')
    assert "whose xsi:type is not" in said(content)


@pytest.mark.parametrize("value", ["", " ", "***", "AAAA", "A" * 43])
def test_a_value_that_is_missing_or_cut_is_named(value: str) -> None:
    for name in ("m_strTrustedDocDomainInfo", "m_strKeyData"):
        content = re.sub(f"<{name}>[^<]*".encode(), f"<{name}>{value}".encode(), TPD)
        if value.strip():
            assert said(content).startswith(f"The TPD's {name} is not base64 of whole cipher blocks.")
        elif name == "m_strTrustedDocDomainInfo":
            assert said(content).startswith("The TPD has no m_strTrustedDocDomainInfo, which holds its description.")


def test_a_description_without_key_information_is_refused() -> None:
    inner = with_description(re.sub("<m_ttdki>.*</m_ttdki>", "", description(), flags=re.S))
    assert "holds no key information (m_ttdki), so importers refuse it." in said(inner)


@pytest.mark.parametrize("number", ["x", "-1", "1.0", "1e3", "9" * 5000, "\u0661"])
def test_a_number_that_is_none_is_refused(number: str) -> None:
    inner = with_description(re.sub("(<nCSPType>)[^<]*", rf"\g<1>{number}", description()))
    assert said(inner) == "The TPD's nCSPType is not a number, so importers refuse it. Ask for the export again."


@pytest.mark.parametrize("length", [0, 1, 100, 1000, len(TPD) - 1])
def test_a_truncated_file_is_said_to_be_incomplete(length: int) -> None:
    message = said(TPD[:length])
    assert message.startswith("The TPD is not well-formed XML")
    assert message.endswith("Is it complete and unchanged?")


def test_a_document_type_is_refused_outside_and_inside() -> None:
    assert "(DTD)" in said(TPD.replace(b"<ArrayOfAnyType ", b"<!DOCTYPE ArrayOfAnyType><ArrayOfAnyType ", 1))
    assert said(with_description("<?xml version='1.0'?><!DOCTYPE a><a/>")) == WRONG_PASSWORD


def test_a_password_that_no_file_carries_does_not_seal() -> None:
    assert refusal(tpd.seal, tenant(), "half\ud800").startswith("The new password holds a character that no text file")
    assert refusal(tpd.seal, tenant(1), "half\ud800").startswith("The new password holds a character that no text file")
