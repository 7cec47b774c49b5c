# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Encrypted PEM files: whoever wrote one has chosen what its key derivation costs, so the cost is looked at first."""

from __future__ import annotations

import hashlib
from typing import Any, Callable

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import pem, primitives, rsakeys
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from .made import b64, key, refusal

KEY = key()
PASSPHRASE = "made for a test"
SALT = IV = bytes(range(16))
PLAIN = KEY.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
COSTLY = "The private key file is encrypted in a way that takes very long to decrypt, or very much memory."
UNREADABLE = "looks like PEM but holds no private key that can be read. Is the passphrase right and the file complete?"

PBES2 = "06092a864886f70d01050d"
PBKDF2 = "06092a864886f70d01050c"
SCRYPT = "06092b06010401da47040b"
AES256 = "060960864801650304012a"
HMAC_SHA256 = "300c06082a864886f70d02090500"


def integer(number: int) -> bytes:
    """An ASN.1 INTEGER."""
    return rsakeys._der(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def sequence(*parts: Any) -> bytes:
    """An ASN.1 SEQUENCE; hexadecimal digits are what stands there."""
    return rsakeys._der(0x30, *(bytes.fromhex(part) if isinstance(part, str) else part for part in parts))


def file(derivation: bytes, secret: bytes = bytes(32)) -> bytes:
    """An encrypted PKCS#8 file whose key is derived like this."""
    scheme = sequence(PBES2, sequence(derivation, sequence(AES256, rsakeys._der(0x04, IV))))
    content = sequence(scheme, rsakeys._der(0x04, primitives.aes_cbc_encrypt(secret, IV, PLAIN)))
    return in_pem(content)


def in_pem(content: bytes, label: str = "ENCRYPTED PRIVATE KEY") -> bytes:
    """A PEM file."""
    return f"-----BEGIN {label}-----\n{b64(content)}\n-----END {label}-----\n".encode()


def pbkdf2(iterations: int) -> bytes:
    """What PBKDF2 with SHA-256 is told."""
    return sequence(PBKDF2, sequence(rsakeys._der(0x04, SALT), integer(iterations), HMAC_SHA256))


def scrypt(cost: int, block: int, parallel: int) -> bytes:
    """What scrypt is told."""
    return sequence(SCRYPT, sequence(rsakeys._der(0x04, SALT), *map(integer, (cost, block, parallel))))


@pytest.fixture
def derived(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The files that the library was given."""
    given: list[bytes] = []
    real = serialization.load_pem_private_key

    def load(text: bytes, *arguments: Any, **options: Any) -> Any:
        given.append(text)
        return real(text, *arguments, **options)

    monkeypatch.setattr(serialization, "load_pem_private_key", load)
    return given


def test_a_usual_cost_is_paid() -> None:
    usual = [
        file(pbkdf2(5000), hashlib.pbkdf2_hmac("sha256", PASSPHRASE.encode(), SALT, 5000)[:32]),
        file(scrypt(2**14, 8, 1), hashlib.scrypt(PASSPHRASE.encode(), salt=SALT, n=2**14, r=8, p=1, dklen=32)),
        rsakeys.dump_pem(KEY, PASSPHRASE),
        KEY.private_bytes(
            Encoding.PEM, PrivateFormat.TraditionalOpenSSL, serialization.BestAvailableEncryption(PASSPHRASE.encode())
        ),
    ]
    for data in usual:
        for form in (data, data.decode().encode("utf-16"), b"Subject: none\n" + data.replace(b"\n", b"\r\n")):
            assert rsakeys.private_numbers(form, PASSPHRASE).n == KEY.public_key().public_numbers().n


@pytest.mark.parametrize(
    "derivation",
    [
        *(pbkdf2(4_000_001), pbkdf2(2**31 - 1), pbkdf2(2**64)),
        *(scrypt(2**18, 8, 1), scrypt(2**14, 8, 2**20), scrypt(2**14, 2**20, 1), scrypt(2**14, 8, 9)),
        # However it is put together, and whatever stands beside it.
        *(sequence(pbkdf2(2**31)), sequence(pbkdf2(1), pbkdf2(2**31)), sequence(integer(2**31))),
    ],
)
def test_an_endless_derivation_is_not_begun(derivation: bytes, derived: list[bytes]) -> None:
    assert refusal(rsakeys.load_private, file(derivation), PASSPHRASE).startswith(COSTLY)
    # Nor behind another block, nor behind the beginning of one.
    decoy = in_pem(PLAIN, "PRIVATE KEY")
    for front in (decoy, b"-----BEGIN X-----\n", b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n"):
        message = refusal(rsakeys.load_private, front + file(derivation), PASSPHRASE)
        assert message.startswith(COSTLY) or UNREADABLE in message
    assert derived == []


def test_the_bound_is_what_is_said() -> None:
    pem._require_quick(file(pbkdf2(4_000_000)))
    pem._require_quick(file(scrypt(2**17, 8, 1)))


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"0", b"0\x80", b"0\x80\0\0", b"0\x84\xff\xff\xff\xff", b"0\xff", b"0\x05\x02\x01\x01"),
        *(b"0\x80" + bytes(200), b"0\x82\x01", b"\x30\x03\x02\x05\x01"),
        PLAIN[:-1],
    ],
)
def test_what_is_no_der_is_not_handed_on(content: bytes, derived: list[bytes]) -> None:
    message = refusal(rsakeys.load_private, in_pem(sequence(content) if content else content), PASSPHRASE)
    assert UNREADABLE in message
    assert derived == [] or content == b""


def test_deep_nesting_is_no_defect() -> None:
    content = b""
    while len(content) < 3500:
        content = sequence(content)
    for nested in (content, sequence(content), sequence(sequence(content))):
        assert UNREADABLE in refusal(rsakeys.load_private, in_pem(nested), PASSPHRASE)


GIANT = [
    lambda: in_pem(bytes(4000)),
    lambda: in_pem(bytes(4000), "PRIVATE KEY"),
    lambda: in_pem(PLAIN, "PRIVATE KEY") + in_pem(bytes(4000), "RSA PRIVATE KEY"),
    lambda: b"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n" + b"A" * 6000,
]


@pytest.mark.parametrize("make", GIANT)
def test_a_key_that_is_far_too_large_is_not_proven(make: Callable[[], bytes], derived: list[bytes]) -> None:
    message = refusal(rsakeys.load_private, make(), PASSPHRASE)
    assert message == (
        "The private key file holds a PEM that is larger than an RSA key of 4096 bits. Is it the right file?"
    )
    assert derived == []
    assert "is larger than an RSA key of 4096 bits" in refusal(rsakeys.load_public, in_pem(bytes(4000), "PUBLIC KEY"))


def test_the_largest_key_fits_however_it_is_written() -> None:
    large = key("large", 4096)
    for form in (PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL):
        for encryption in (NoEncryption(), serialization.BestAvailableEncryption(PASSPHRASE.encode())):
            data = large.private_bytes(Encoding.PEM, form, encryption)
            assert rsakeys.private_numbers(data, PASSPHRASE).e == 65537
