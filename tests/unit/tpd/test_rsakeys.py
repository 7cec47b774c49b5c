# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A request key comes back from every file that can hold one: createkey's, OpenSSL's, another tool's."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import cspblob, rsakeys
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from .made import b64, key, refusal

PASSPHRASE = "a passphrase for a test, Grüße"
KEY = key()
BLOB = cspblob.write_private(KEY)


def public_blob(private: Any) -> bytes:
    """The PUBLICKEYBLOB, made from the PRIVATEKEYBLOB."""
    size = private.key_size // 8
    return b"\x06" + cspblob.write_private(private)[1:8] + b"RSA1" + cspblob.write_private(private)[12 : 20 + size]


PKCS8 = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
PKCS1 = KEY.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
KEY_VALUE = rsakeys.dump_private(KEY, "rsakeyvalue")
PRIVATE_FILES = {
    "RSAKeyValue": KEY_VALUE,
    "RSAKeyValue, BOM": b"\xef\xbb\xbf" + KEY_VALUE,
    "RSAKeyValue, UTF-16": KEY_VALUE.decode().encode("utf-16"),
    "RSAKeyValue, UTF-16 without BOM": KEY_VALUE.decode().encode("utf-16-le"),
    "RSAKeyValue, UTF-16, big-endian": KEY_VALUE.decode().encode("utf-16-be"),
    "RSAKeyValue, declared and indented": b"<?xml version='1.0'?>\r\n" + KEY_VALUE.replace(b"><", b">\r\n  <"),
    "RSAKeyValue of XML Signature": KEY_VALUE.replace(
        b"<RSAKeyValue>", b'<RSAKeyValue xmlns="http://www.w3.org/2000/09/xmldsig#">'
    ),
    "RSAKeyValue, wrapped base64": re.sub(rb"([A-Za-z0-9+/]{64})", rb"\1\r\n", KEY_VALUE),
    "PKCS#8": PKCS8,
    "PKCS#1": PKCS1,
    "PKCS#8, BOM": b"\xef\xbb\xbf" + PKCS8,
    "PKCS#8, CRLF": PKCS8.replace(b"\n", b"\r\n"),
    "PKCS#8, UTF-16": PKCS8.decode().encode("utf-16"),
    "PKCS#8, UTF-16 without BOM": PKCS8.decode().encode("utf-16-le"),
    "PKCS#8, with a comment in front": b"Bag Attributes\n    friendlyName: test\n" + PKCS8,
    "key blob": BLOB,
    "key blob, base64": b64(BLOB).encode(),
    "key blob, base64 in lines": re.sub(r"(.{76})", r"\1\r\n", b64(BLOB)).encode() + b"\r\n",
    "key blob, base64 in UTF-16": b64(BLOB).encode("utf-16"),
    "key blob of a signature key": BLOB[:4] + b"\x00\x24" + BLOB[6:],
}
SPKI = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
PUBLIC_FILES = {
    "RSAKeyValue": rsakeys.dump_public(KEY.public_key(), "rsakeyvalue"),
    "RSAKeyValue, UTF-16": rsakeys.dump_public(KEY.public_key(), "rsakeyvalue").decode().encode("utf-16"),
    "SPKI": SPKI,
    "SPKI, UTF-16": SPKI.decode().encode("utf-16"),
    "PKCS#1": KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.PKCS1),
    "key blob": public_blob(KEY),
    "key blob, base64": b64(public_blob(KEY)).encode(),
}


@pytest.mark.parametrize("form", PRIVATE_FILES)
def test_a_private_key_is_read_whatever_form_it_has(form: str) -> None:
    assert rsakeys.load_private(PRIVATE_FILES[form]).private_numbers() == KEY.private_numbers()


@pytest.mark.parametrize("form", PUBLIC_FILES)
def test_a_public_key_is_read_whatever_form_it_has(form: str) -> None:
    assert rsakeys.load_public(PUBLIC_FILES[form]).public_numbers() == KEY.public_key().public_numbers()


@pytest.mark.parametrize("form", PRIVATE_FILES)
def test_a_private_key_is_never_taken_for_one_that_may_be_sent(form: str) -> None:
    message = refusal(rsakeys.load_public, PRIVATE_FILES[form])
    assert "holds a private key" in message
    assert "never leaves this host" in message


@pytest.mark.parametrize("member", ["P", "Q", "DP", "DQ", "InverseQ", "D"])
def test_nor_is_a_single_number_of_it(member: str) -> None:
    value = re.search(rf"<{member}>.*</{member}>".encode(), KEY_VALUE)
    assert value is not None
    leaking = PUBLIC_FILES["RSAKeyValue"].replace(b"</RSAKeyValue>", value[0] + b"</RSAKeyValue>")
    assert "public key file" in refusal(rsakeys.load_public, leaking)


@pytest.mark.parametrize("form", PUBLIC_FILES)
def test_a_public_key_is_not_a_private_one(form: str) -> None:
    message = refusal(rsakeys.load_private, PUBLIC_FILES[form])
    assert "holds only a public key. Give the private half (PrivateKey-<GUID>.txt)." in message


@pytest.mark.parametrize("key_format", ["rsakeyvalue", "pem"])
@pytest.mark.parametrize("bits", [1024, 2048])
def test_what_is_written_is_read_back(key_format: str, bits: int) -> None:
    made = key("written", bits)
    private = rsakeys.load_private(rsakeys.dump_private(made, key_format))
    public = rsakeys.load_public(rsakeys.dump_public(made.public_key(), key_format))
    assert private.private_numbers() == made.private_numbers()
    assert public.public_numbers() == made.public_key().public_numbers()


def test_rsakeyvalue_is_written_as_dotnet_does() -> None:
    members = re.findall(rb"<([A-Za-z]+)>([^<]*)</", KEY_VALUE)
    names = [name.decode() for name, _value in members]
    assert names == ["Modulus", "Exponent", "P", "Q", "DP", "DQ", "InverseQ", "D"]
    assert KEY_VALUE.startswith(b"<RSAKeyValue><Modulus>")
    assert b"<Exponent>AQAB</Exponent>" in KEY_VALUE
    # Numbers of fixed length: 256 bytes for the modulus and D, 128 for the others.
    assert [len(value) for _name, value in members] == [344, 4, 172, 172, 172, 172, 172, 344]


def test_the_public_file_holds_the_public_half_alone() -> None:
    assert b"<P>" not in PUBLIC_FILES["RSAKeyValue"]
    assert b"<D>" not in PUBLIC_FILES["RSAKeyValue"]


@pytest.mark.parametrize(("bits", "length"), [(1024, 596), (2048, 1172)])
def test_a_key_blob_has_the_length_that_the_specification_gives(bits: int, length: int) -> None:
    blob = cspblob.write_private(key("written", bits))
    assert len(blob) == length
    assert blob[:12] == b"\x07\x02\0\0\x00\xa4\0\0RSA2"


def test_a_key_blob_holds_its_numbers_where_the_specification_says() -> None:
    numbers = KEY.private_numbers()
    assert BLOB[12:20] == bytes([0, 8, 0, 0, 1, 0, 1, 0])  # 2048 bits, exponent 65537
    assert int.from_bytes(BLOB[20:276], "little") == numbers.public_numbers.n
    inner = [int.from_bytes(BLOB[276 + 128 * index : 404 + 128 * index], "little") for index in range(5)]
    assert inner == [numbers.p, numbers.q, numbers.dmp1, numbers.dmq1, numbers.iqmp]
    assert int.from_bytes(BLOB[916:], "little") == numbers.d


def test_the_fingerprint_is_that_of_openssl() -> None:
    der = KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert rsakeys.fingerprint(KEY.public_key()) == hashlib.sha256(der).hexdigest()


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
def test_an_encrypted_key_opens_with_its_passphrase(form: PrivateFormat) -> None:
    pem = KEY.private_bytes(Encoding.PEM, form, BestAvailableEncryption(PASSPHRASE.encode()))
    assert rsakeys.load_private(pem, PASSPHRASE).private_numbers() == KEY.private_numbers()
    for wrong in ("another passphrase", "", "half\ud800"):
        message = refusal(rsakeys.load_private, pem, wrong)
        assert "Is the passphrase right and the file complete?" in message
        assert PASSPHRASE not in message
    assert refusal(rsakeys.load_private, pem) == (
        "The private key file is encrypted. Give its passphrase (private_key_passphrase_file)."
    )


def test_a_pem_is_encrypted_under_its_passphrase() -> None:
    """PBES2 with AES-256-CBC and PBKDF2 with HMAC-SHA-256, by their object identifiers (RFC 8018, appendix C)."""
    pem = rsakeys.dump_pem(KEY, PASSPHRASE)
    assert pem.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n")
    der = base64.b64decode(b"".join(pem.splitlines()[1:-1]))
    for identifier in ("2a864886f70d01050d", "2a864886f70d01050c", "2a864886f70d0209", "60864801650304012a"):
        assert bytes.fromhex(identifier) in der[:100]
    assert rsakeys.load_private(pem, PASSPHRASE).private_numbers() == KEY.private_numbers()
    assert rsakeys.dump_pem(KEY, PASSPHRASE) != pem  # a new salt each time
    assert rsakeys.dump_pem(KEY, None) == PKCS8


@pytest.mark.parametrize("passphrase", ["x", " ", "é" * 511, "x" * 1023, PASSPHRASE])
def test_a_passphrase_that_openssl_reads_from_a_file(passphrase: str) -> None:
    rsakeys.require_passphrase(passphrase)
    rsakeys.dump_pem(KEY, passphrase)


@pytest.mark.parametrize("passphrase", ["", "é" * 512, "x" * 1024, "a\nb", "a\r", "a\0b", "half\ud800"])
def test_a_passphrase_that_nobody_could_give_again_is_refused(passphrase: str) -> None:
    assert refusal(rsakeys.require_passphrase, passphrase).startswith("The passphrase is empty, longer than 1023 bytes")


def test_a_passphrase_that_is_not_needed_does_no_harm() -> None:
    assert rsakeys.load_private(PKCS8, PASSPHRASE).private_numbers() == KEY.private_numbers()


def test_a_key_of_another_kind_is_named_as_such() -> None:
    elliptic = ec.generate_private_key(ec.SECP256R1())
    private = elliptic.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = elliptic.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    assert "a key that is not an RSA key" in refusal(rsakeys.load_private, private)
    assert "a key that is not an RSA key" in refusal(rsakeys.load_public, public)


def test_the_numbers_of_a_private_key_do_not_show() -> None:
    numbers = cspblob.read(BLOB, "The test's blob")
    assert str(numbers.d) not in repr(numbers)
    assert str(numbers.p) not in repr(numbers)
