# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""XML Encryption: every combination that is read, and every place where a key may stand."""

from __future__ import annotations

import os

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import (
    metered,
    primitives,
    wrap,
    xmlenc,
    xmlsafe,
)
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from .encrypted import (
    PLAIN,
    XMLENC,
    aes,
    cipher,
    document,
    encrypted_data,
    encrypted_key,
    key_info,
    usual,
)
from .made import b64, key

SECRET = bytes(range(32))
CHOICES = wrap.KINDS["xmlenc"]
TRANSPORTS = [
    "rsa-1_5",
    *(f"rsa-oaep-mgf1p/{digest}" for digest in CHOICES["digest"]),
    *(f"rsa-oaep/{digest}/{mgf}" for digest in CHOICES["digest"] for mgf in CHOICES["mgf"]),
]


def decrypt(source: bytes) -> bytes:
    """The plain text under the request key."""
    return xmlenc.decrypt(source, key())


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("content", CHOICES["content"])
def test_every_algorithm_for_content_and_key_is_read(content: str, transport: str) -> None:
    reply = wrap.wrap(f"xmlenc/{content}/{transport}", "secret for a test", b"<a/>", key().public_key())
    assert f'#{content}"'.encode() in reply
    assert decrypt(reply) == (
        b"<TenantKeyExport><Password>secret for a test</Password><TPD>PGEvPg==</TPD></TenantKeyExport>"
    )


def test_all_that_is_promised_is_among_them() -> None:
    assert sorted(CHOICES["content"]) == [
        "aes128-cbc",
        "aes128-gcm",
        "aes192-cbc",
        "aes192-gcm",
        "aes256-cbc",
        "aes256-gcm",
        "tripledes-cbc",
    ]
    assert CHOICES["transport"] == ["rsa-1_5", "rsa-oaep-mgf1p", "rsa-oaep"]
    assert CHOICES["digest"] == ["sha1", "sha224", "sha256", "sha384", "sha512"]
    assert CHOICES["mgf"] == ["mgf1sha1", "mgf1sha224", "mgf1sha256", "mgf1sha384", "mgf1sha512"]


def test_dotnets_defaults_are_read() -> None:
    assert decrypt(usual()) == PLAIN


@pytest.mark.parametrize("placement", ["inside", "beside", "retrieval"])
def test_the_key_may_stand_inside_beside_or_be_referred_to(placement: str) -> None:
    reply = wrap.wrap(f"xmlenc/{placement}", "secret for a test", b"<a/>", key().public_key())
    assert b"secret for a test" in decrypt(reply)


HINTS = {
    "a name": "<KeyName>rsaKey</KeyName>",
    "a certificate": "<X509Data><X509Certificate>AAAA</X509Certificate></X509Data>",
    "a key value": "<KeyValue><RSAKeyValue><Modulus>AAAA</Modulus></RSAKeyValue></KeyValue>",
    "a reference to nothing": '<RetrievalMethod URI="#gone"/>',
    "an empty reference": '<RetrievalMethod URI=""/>',
}


@pytest.mark.parametrize("hint", HINTS)
def test_hints_that_do_not_resolve_are_ignored(hint: str) -> None:
    wrapped = encrypted_key(SECRET, inside=key_info(HINTS[hint]))
    assert decrypt(document(encrypted_data(aes(SECRET), key_info(HINTS[hint] + wrapped)))) == PLAIN
    assert decrypt(document(wrapped, encrypted_data(aes(SECRET), key_info(HINTS[hint])))) == PLAIN


def test_the_key_tied_to_the_data_is_tried_first() -> None:
    # GCM would refuse another key; under CBC each of these keys yields some plain text, so the order decides.
    value = aes(SECRET)
    many = [encrypted_key(os.urandom(32)) for _number in range(xmlenc.MAX_KEYS + 4)]
    data = encrypted_data(value, key_info('<RetrievalMethod URI="#right"/>'), attributes='Id="data"')
    assert decrypt(document(*many, data, encrypted_key(SECRET, attributes='Id="right"'))) == PLAIN
    reference = '<ReferenceList><DataReference URI="#data"/></ReferenceList>'
    data = encrypted_data(value, attributes='Id="data"')
    assert decrypt(document(*many, data, encrypted_key(SECRET, inside=reference))) == PLAIN
    assert decrypt(document(*many, encrypted_data(value, key_info(encrypted_key(SECRET)), attributes=""))) == PLAIN


def test_one_of_several_recipients_finds_its_key() -> None:
    strangers = [encrypted_key(SECRET, to=key(name)) for name in ("first", "second")]
    # The third uses a transport that is not read here; that is the third recipient's business.
    strangers.append(encrypted_key(SECRET, method='<EncryptionMethod Algorithm="urn:post-quantum"/>'))
    assert decrypt(document(encrypted_data(aes(SECRET), key_info("".join(strangers) + encrypted_key(SECRET))))) == PLAIN


def test_padding_is_counted_and_not_looked_at() -> None:
    # ISO 10126, as .NET pads: the last byte counts, the others are random.
    padded = PLAIN + os.urandom(15 - len(PLAIN) % 16) + bytes([16 - len(PLAIN) % 16])
    iv = os.urandom(16)
    encryptor = Cipher(algorithms.AES(SECRET), modes.CBC(iv)).encryptor()
    value = iv + encryptor.update(padded) + encryptor.finalize()
    assert decrypt(document(encrypted_data(value), encrypted_key(SECRET))) == PLAIN


@pytest.mark.parametrize("length", [0, 1, 15, 16, 17, 5000])
def test_a_plain_text_of_any_length_comes_back(length: int) -> None:
    plain = os.urandom(length)
    source = document(encrypted_data(aes(SECRET, plain), attributes=""), encrypted_key(SECRET))
    assert decrypt(source) == plain


def test_digest_mask_and_label_are_those_that_the_document_names() -> None:
    # Encrypted here by the library itself, as this collection's own padding would be wrong in both directions.
    scheme = padding.OAEP(padding.MGF1(hashes.SHA384()), hashes.SHA224(), b"label")
    value = key().public_key().encrypt(SECRET, scheme)
    method = (
        f'<EncryptionMethod Algorithm="{xmlenc.RSA_OAEP}"><OAEPparams>{b64(b"label")}</OAEPparams>'
        f'<DigestMethod Algorithm="{xmlenc.XMLDSIG_MORE}sha224"/>'
        f'<MGF xmlns="{xmlenc.XMLENC11}" Algorithm="{xmlenc.XMLENC11}mgf1sha384"/></EncryptionMethod>'
    )
    wrapped = f'<EncryptedKey xmlns="{XMLENC}">{method}{cipher(value)}</EncryptedKey>'
    assert decrypt(document(encrypted_data(aes(SECRET)), wrapped)) == PLAIN


def test_without_a_digest_it_is_sha1() -> None:
    for uri in (xmlenc.RSA_OAEP_MGF1P, xmlenc.RSA_OAEP):
        wrapped = encrypted_key(SECRET, None, f'<EncryptionMethod Algorithm="{uri}"/>', primitives.OAEP_SHA1)
        assert decrypt(document(encrypted_data(aes(SECRET)), wrapped)) == PLAIN


def test_the_old_transport_has_a_fixed_mask_whatever_the_document_says() -> None:
    # xmlenc-core 1.1, 5.5.2: rsa-oaep-mgf1p is MGF1 with SHA-1.
    method = (
        f'<EncryptionMethod Algorithm="{xmlenc.RSA_OAEP_MGF1P}"><DigestMethod Algorithm="{XMLENC}sha256"/>'
        f'<MGF xmlns="{xmlenc.XMLENC11}" Algorithm="{xmlenc.XMLENC11}mgf1sha256"/></EncryptionMethod>'
    )
    wrapped = encrypted_key(SECRET, None, method, primitives.RsaPadding("sha256", "sha1"))
    assert decrypt(document(encrypted_data(aes(SECRET)), wrapped)) == PLAIN


@pytest.mark.parametrize("form", ["prefixed", "wrapped", "UTF-16"])
def test_the_layout_of_the_document_does_not_matter(form: str) -> None:
    source = usual().decode()
    if form == "prefixed":
        source = source.replace(
            f'<EncryptedData xmlns="{XMLENC}"', f'<e:EncryptedData xmlns:e="{XMLENC}" xmlns="{XMLENC}"'
        )
        source = source.replace("</EncryptedData>", "</e:EncryptedData>")
    elif form == "wrapped":
        source = source.replace("<CipherValue>", "<CipherValue>\r\n\t").replace("</CipherValue>", "\r\n </CipherValue>")
    assert decrypt(source.encode("utf-16" if form == "UTF-16" else "utf-8")) == PLAIN


def test_every_encrypted_part_of_a_document_can_be_had() -> None:
    first, second = aes(SECRET, b"<a/>"), aes(SECRET, b"<b/>")
    source = document(encrypted_data(first), encrypted_data(second), encrypted_key(SECRET))
    parsed, metered_key = xmlsafe.parse(source, "The test's document"), metered.MeteredKey(key())
    found = [
        list(xmlenc.judged(parsed, data, metered_key).plain_texts(metered_key))
        for data in xmlenc.encrypted_data(parsed)
    ]
    assert found == [[b"<a/>"], [b"<b/>"]]
    assert decrypt(source) == b"<a/>"


def test_the_content_algorithm_is_the_datas_own() -> None:
    secret = SECRET[:16]
    source = document(encrypted_data(aes(secret), method=XMLENC + "aes128-cbc"), encrypted_key(secret))
    assert decrypt(source) == PLAIN
