# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""XML Encryption: what is refused, by name, and what a wrong key gives away (nothing)."""

from __future__ import annotations

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import primitives, xmlenc
from cryptography.exceptions import UnsupportedAlgorithm

from .encrypted import XMLDSIG, XMLENC, aes, cipher, document, encrypted_data, encrypted_key, key_info, usual
from .made import b64, key, refusal

SECRET = bytes(range(32))
WRONG_KEY = "The document's EncryptedData does not decrypt under this private key. Was it made for another key pair?"


def said(*parts: str) -> str:
    """Why a document is refused."""
    return refusal(xmlenc.decrypt, document(*parts), key())


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        (XMLENC + "des-cbc", "des-cbc"),
        (XMLENC + "kw-aes256", "kw-aes256"),
        ("http://www.w3.org/2001/04/xmldsig-more#camellia256-cbc", "camellia256-cbc"),
        ("urn:none", "urnnone"),
        ("\u202e\u0007", "(unprintable)"),
        ("#" + "x" * 1000, "x" * 40),
    ],
)
def test_another_content_algorithm_is_refused_by_name(uri: str, name: str) -> None:
    if "\u0007" in uri:
        uri = "\u202e"
    message = said(encrypted_data(aes(SECRET), method=uri), encrypted_key(SECRET))
    assert message.startswith(f"The content algorithm {name} is refused: only tripledes-cbc and aes128")


@pytest.mark.parametrize("uri", [XMLENC + "kw-aes256", XMLENC + "dh", "http://www.w3.org/2009/xmlenc11#ECDH-ES"])
def test_another_key_transport_is_refused_by_name(uri: str) -> None:
    message = said(encrypted_data(aes(SECRET)), encrypted_key(SECRET, method=f'<EncryptionMethod Algorithm="{uri}"/>'))
    assert message.startswith(f"The key transport {uri.rpartition('#')[2]} is refused: only rsa-1_5")


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("http://www.w3.org/2001/04/xmldsig-more#md5", "md5"),
        (XMLENC + "ripemd160", "ripemd160"),
        ("http://www.w3.org/2007/05/xmldsig-more#sha3-256", "sha3-256"),
        ("", "(unprintable)"),
    ],
)
def test_another_digest_is_refused_by_name(uri: str, name: str) -> None:
    for transport in (xmlenc.RSA_OAEP, xmlenc.RSA_OAEP_MGF1P):
        method = f'<EncryptionMethod Algorithm="{transport}"><DigestMethod Algorithm="{uri}"/></EncryptionMethod>'
        message = said(encrypted_data(aes(SECRET)), encrypted_key(SECRET, method=method))
        assert message == (
            f"The OAEP digest {name} is refused: only SHA-1, SHA-224, SHA-256, SHA-384 and SHA-512 are read."
        )


def test_another_mask_generation_function_is_refused_by_name() -> None:
    method = f'<EncryptionMethod Algorithm="{xmlenc.RSA_OAEP}"><MGF Algorithm="urn:x#mgf1md5"/></EncryptionMethod>'
    message = said(encrypted_data(aes(SECRET)), encrypted_key(SECRET, method=method))
    assert message.startswith("The OAEP mask generation function mgf1md5 is refused")


def test_a_label_that_is_no_base64_is_refused() -> None:
    method = f'<EncryptionMethod Algorithm="{xmlenc.RSA_OAEP}"><OAEPparams>***</OAEPparams></EncryptionMethod>'
    message = said(encrypted_data(aes(SECRET)), encrypted_key(SECRET, method=method))
    assert message.startswith("The OAEPparams of an EncryptedKey are not base64.")


def test_cipher_text_elsewhere_is_refused() -> None:
    elsewhere = '<CipherData><CipherReference URI="http://example.invalid/secret.bin"/></CipherData>'
    assert "(CipherReference). External references are refused." in said(
        encrypted_data(b"", data=elsewhere), encrypted_key(SECRET)
    )
    referring = encrypted_key(SECRET).replace("<CipherData>", elsewhere + "<CipherData>")
    assert "(CipherReference). External references are refused." in said(encrypted_data(aes(SECRET)), referring)


@pytest.mark.parametrize("uri", ["http://example.invalid/key.xml", "key.xml#key", "file:///srv/key.xml"])
def test_a_key_in_another_document_is_refused(uri: str) -> None:
    info = key_info(f'<RetrievalMethod URI="{uri}"/>')
    message = said(encrypted_data(aes(SECRET), info), encrypted_key(SECRET))
    assert message == "The document's key is in another document (RetrievalMethod). External references are refused."


@pytest.mark.parametrize("algorithm", ["http://www.w3.org/TR/1999/REC-xslt-19991116", f"{XMLDSIG}base64"])
def test_a_transform_is_refused(algorithm: str) -> None:
    transforms = f'<Transforms><Transform Algorithm="{algorithm}"/></Transforms>'
    info = key_info(f'<RetrievalMethod URI="#key">{transforms}</RetrievalMethod>')
    message = said(encrypted_data(aes(SECRET), info), encrypted_key(SECRET, attributes='Id="key"'))
    assert message == "The document's key is reached by a transform (RetrievalMethod). Transforms are refused."


def test_what_is_missing_is_named() -> None:
    assert said("") == "The document has no EncryptedData element of XML Encryption."
    assert said("<EncryptedData/>") == "The document has no EncryptedData element of XML Encryption."
    assert "EncryptedData but no EncryptedKey" in said(encrypted_data(aes(SECRET)))
    assert "EncryptedData names no content algorithm" in said(encrypted_data(aes(SECRET), method=""))
    assert "EncryptedKey names no key transport algorithm" in said(
        encrypted_data(aes(SECRET)), encrypted_key(SECRET, method="")
    )
    for data in ("", "<CipherData/>", cipher(b""), "<CipherData><CipherValue>***</CipherValue></CipherData>"):
        message = said(encrypted_data(b"", data=data), encrypted_key(SECRET))
        assert message == "The CipherValue of an EncryptedData is missing or not base64. Is the document complete?"


def test_a_wrong_key_is_said_to_be_that() -> None:
    assert refusal(xmlenc.decrypt, usual(to=key("stranger")), key()) == WRONG_KEY
    assert refusal(xmlenc.decrypt, usual(to=key("small", 1024)), key()) == WRONG_KEY


@pytest.mark.parametrize("padding", ["rsa-1_5", "rsa-oaep-mgf1p"])
def test_wrong_key_wrong_padding_and_wrong_length_say_the_same(padding: str) -> None:
    method = f'<EncryptionMethod Algorithm="{XMLENC}{padding}"/>'
    scheme = {"rsa-1_5": primitives.PKCS1V15, "rsa-oaep-mgf1p": primitives.OAEP_SHA1}
    other = scheme["rsa-oaep-mgf1p" if padding == "rsa-1_5" else "rsa-1_5"]
    messages = {
        said(encrypted_data(aes(SECRET)), encrypted_key(SECRET, key("stranger"), method, scheme[padding])),
        said(encrypted_data(aes(SECRET)), encrypted_key(SECRET, None, method, other)),
        said(encrypted_data(aes(SECRET)), encrypted_key(SECRET[:16], None, method, scheme[padding])),
        said(encrypted_data(aes(SECRET)), encrypted_key(SECRET[::-1], None, method, scheme[padding])),
    }
    assert messages == {WRONG_KEY}


@pytest.mark.parametrize("length", [1, 8, 15, 16, 17, 31, 33])
@pytest.mark.parametrize("content", ["aes256-cbc", "aes256-gcm", "tripledes-cbc"])
def test_a_cipher_text_that_is_too_short_or_cut_is_refused(content: str, length: int) -> None:
    uri = next(uri for uri in xmlenc.CONTENTS if uri.endswith(content))
    secret = SECRET[: xmlenc.CONTENTS[uri].key_length]
    source = document(encrypted_data(b"\x55" * length, method=uri), encrypted_key(secret))
    assert refusal(xmlenc.decrypt, source, key()) == WRONG_KEY


def test_an_authenticated_cipher_text_that_was_changed_is_refused() -> None:
    nonce = bytes(12)
    value = nonce + primitives.aes_gcm_encrypt(SECRET, nonce, b"<a/>")
    uri = xmlenc.XMLENC11 + "aes256-gcm"
    wrapped = encrypted_key(SECRET)
    assert xmlenc.decrypt(document(encrypted_data(value, method=uri), wrapped), key()) == b"<a/>"
    for offset in (0, 13, len(value) - 1):
        changed = bytearray(value)
        changed[offset] ^= 1
        assert said(encrypted_data(bytes(changed), method=uri), wrapped) == WRONG_KEY


class Restricted:
    """A key of a library that offers no PKCS#1 v1.5, as where the host is in FIPS mode."""

    key_size = 2048

    def public_key(self) -> Restricted:
        return self

    def encrypt(self, *_arguments: object) -> bytes:
        raise UnsupportedAlgorithm("made for a test")


def test_a_host_in_fips_mode_says_so() -> None:
    message = refusal(xmlenc.decrypt, usual(), Restricted())
    assert message.startswith("The cryptography library of this host refuses an algorithm that the data needs")


def test_no_message_holds_a_byte_of_what_was_encrypted() -> None:
    value = aes(SECRET)
    message = said(encrypted_data(value[:-1]), encrypted_key(SECRET))
    assert b64(value)[:12] not in message
    assert b64(SECRET)[:12] not in message
