# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Damaged and hostile key files: one clear sentence each, and nothing of the key in it."""

from __future__ import annotations

import re
import struct
from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import cspblob, rsakeys
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from .made import b64, key, refusal

KEY = key()
BLOB = cspblob.write_private(KEY)
KEY_VALUE = rsakeys.dump_private(KEY, "rsakeyvalue")
PEM = rsakeys.dump_private(KEY, "pem")
DAMAGED = "The private key file is damaged: its numbers do not form an RSA key. Take it from a backup."


def with_member(name: str, number: int) -> bytes:
    """The RSAKeyValue file with another number in it."""
    value = b64(number.to_bytes((number.bit_length() + 7) // 8 or 1, "big"))
    return re.sub(rf"<{name}>[^<]*".encode(), f"<{name}>{value}".encode(), KEY_VALUE)


def public_value(modulus: int, exponent: int) -> bytes:
    """A public RSAKeyValue file of any two numbers."""
    values = [b64(number.to_bytes((number.bit_length() + 7) // 8 or 1, "big")) for number in (modulus, exponent)]
    return "<RSAKeyValue><Modulus>{}</Modulus><Exponent>{}</Exponent></RSAKeyValue>".format(*values).encode()


def number(name: str) -> Any:
    """One of the key's own numbers."""
    private = KEY.private_numbers()
    return {"D": private.d, "P": private.p, "Q": private.q, "DP": private.dmp1}[name]


@pytest.mark.parametrize("length", [0, 1, 20, 21, 400, len(BLOB) - 1])
def test_a_truncated_key_blob_is_refused(length: int) -> None:
    message = refusal(rsakeys.load_private, BLOB[:length])
    assert "ends early" in message or "no RSA key in a known form" in message


@pytest.mark.parametrize("length", [1, 30, 800, len(KEY_VALUE) - 1])
def test_a_truncated_rsakeyvalue_is_refused(length: int) -> None:
    assert "is not well-formed XML" in refusal(rsakeys.load_private, KEY_VALUE[:length])


@pytest.mark.parametrize("length", [40, 800, len(PEM) - 4])
def test_a_truncated_pem_is_refused(length: int) -> None:
    message = refusal(rsakeys.load_private, PEM[:length])
    assert message == "The private key file looks like PEM but holds no private key that can be read. Is it complete?"


@pytest.mark.parametrize("member", ["Modulus", "Exponent", "P", "Q", "DP", "DQ", "InverseQ", "D"])
@pytest.mark.parametrize("value", ["", "***", "A"])
def test_a_number_that_is_missing_is_named(member: str, value: str) -> None:
    broken = re.sub(rf"<{member}>[^<]*".encode(), f"<{member}>{value}".encode(), KEY_VALUE)
    assert f"whose {member} is missing or not base64" in refusal(rsakeys.load_private, broken)
    gone = re.sub(rf"<{member}>[^<]*</{member}>".encode(), b"", KEY_VALUE)
    if member != "D":
        assert f"whose {member} is missing or not base64" in refusal(rsakeys.load_private, gone)


@pytest.mark.parametrize("member", ["P", "Q", "DP", "DQ", "InverseQ", "D"])
@pytest.mark.parametrize("wrong", [0, 1, 2, 3, 65537])
def test_numbers_that_do_not_fit_are_refused(member: str, wrong: int) -> None:
    for read in (rsakeys.load_private, rsakeys.private_numbers):
        assert refusal(read, with_member(member, wrong)) == DAMAGED


@pytest.mark.parametrize("member", ["P", "Q", "DP", "DQ", "InverseQ", "D"])
def test_numbers_that_do_not_fit_are_refused_even_where_the_library_would_take_them(
    member: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Lenient:
        """The library's class for the numbers of a private key, without its checks."""

        def __init__(self, *_numbers: object) -> None:
            pass

        def private_key(self, **_proof: bool) -> str:
            return "taken"

    monkeypatch.setattr(rsa, "RSAPrivateNumbers", Lenient)
    assert rsakeys.load_private(KEY_VALUE) == "taken"
    assert refusal(rsakeys.load_private, with_member(member, 65539)) == DAMAGED


def test_an_exponent_that_fits_one_prime_only_is_refused() -> None:
    """Even where what is derived from it was derived anew."""
    right = rsakeys.private_numbers(KEY_VALUE)
    for prime, other, derived in ((right.p, right.q, "dp"), (right.q, right.p, "dq")):
        wrong = right.d + other - 1 if right.d + other - 1 < right.n else right.d - other + 1
        numbers = replace(right, d=wrong, **{derived: wrong % (prime - 1)})
        assert refusal(rsakeys.require_key, numbers, "The private key file") == DAMAGED


def test_a_key_whose_factors_are_no_primes_is_refused() -> None:
    # Every sum is right, but P is a square: the library's own test of the primes has to say no.
    root = key("small", 1024).private_numbers().p
    p, q, e = root * root, key("large", 2048).private_numbers().q, 65537
    d = pow(e, -1, (p - 1) * (q - 1))
    numbers = cspblob.Numbers(p * q, e, p, q, d % (p - 1), d % (q - 1), pow(q, -1, p), d)
    assert "do not form an RSA key" in refusal(rsakeys.private_key, numbers, "The key")


def test_one_flipped_bit_anywhere_is_noticed() -> None:
    for offset in range(20, len(BLOB), 61):
        flipped = bytearray(BLOB)
        flipped[offset] ^= 1
        for read in (rsakeys.load_private, rsakeys.private_numbers):
            message = refusal(read, bytes(flipped))
            assert message == DAMAGED or "modulus" in message


def test_one_flipped_bit_in_a_pem_is_noticed_without_the_library() -> None:
    der = KEY.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    # Behind the headers, up to the last byte: there is nothing but the key's numbers and their lengths.
    for offset in range(40, len(der), 61):
        flipped = bytearray(der)
        flipped[offset] ^= 1
        pem = f"-----BEGIN PRIVATE KEY-----\n{b64(bytes(flipped))}\n-----END PRIVATE KEY-----\n".encode()
        message = refusal(rsakeys.private_numbers, pem)
        assert message == DAMAGED or "modulus" in message or "can be read" in message


def test_what_is_read_without_proof_is_the_same() -> None:
    private = KEY.private_numbers()
    for file in (BLOB, KEY_VALUE, PEM):
        numbers = rsakeys.private_numbers(file)
        assert (numbers.p, numbers.q, numbers.d) == (private.p, private.q, private.d)
    encrypted = rsakeys.dump_pem(KEY, "made for a test")
    assert rsakeys.private_numbers(encrypted, "made for a test") == rsakeys.private_numbers(PEM)
    assert "is encrypted" in refusal(rsakeys.private_numbers, encrypted)


@pytest.mark.parametrize("exponent", [0, 1, 3, 17, 65535, 65536, 65538, 2**32 + 15])
def test_an_unusual_exponent_is_refused(exponent: int) -> None:
    modulus = KEY.public_key().public_numbers().n
    message = refusal(rsakeys.load_public, public_value(modulus, exponent))
    assert "a public exponent that is not an odd number from 65537 to 4294967295. Make a new key pair." in message
    assert "public exponent" in refusal(rsakeys.load_private, with_member("Exponent", exponent))


def test_exponent_3_is_refused_in_pem_too() -> None:
    weak = rsa.generate_private_key(public_exponent=3, key_size=2048)
    private = weak.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = weak.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    assert "public exponent" in refusal(rsakeys.load_private, private)
    assert "public exponent" in refusal(rsakeys.load_public, public)


@pytest.mark.parametrize("bits", [1, 512, 1023, 4097, 16384])
def test_a_modulus_out_of_bounds_is_refused(bits: int) -> None:
    message = refusal(rsakeys.load_public, public_value(2 ** (bits - 1) | 1, 65537))
    assert f"has a modulus of {bits} bits that is not that of an RSA key of 1024 to 4096 bits." in message


def test_an_even_modulus_is_refused() -> None:
    assert "modulus of 2048 bits" in refusal(rsakeys.load_public, public_value(2**2047, 65537))


def test_a_giant_file_is_refused_before_it_is_looked_at() -> None:
    giant = public_value(2 ** (8 * 10_000_000) | 1, 65537)
    for load in (rsakeys.load_public, rsakeys.load_private):
        message = refusal(load, giant)
        assert "no RSA key takes more than 32768. Is it the right file?" in message


@pytest.mark.parametrize(
    ("offset", "value", "found"),
    [
        (1, b"\x03", "a key blob of another kind"),
        (4, b"\x10\x66\0\0", "a key blob of another kind"),
        (8, b"RSA1", "no RSA key in a known form"),
        (12, struct.pack("<I", 2047), "claims 2047 bits"),
        (12, struct.pack("<I", 2064), "ends early"),
        (12, struct.pack("<I", 0xFFFFFFF0), "ends early"),
        (12, struct.pack("<I", 0), "claims 0 bits"),
        (16, struct.pack("<I", 3), "public exponent"),
    ],
)
def test_a_wrong_header_of_a_key_blob_is_refused(offset: int, value: bytes, found: str) -> None:
    assert found in refusal(rsakeys.load_private, BLOB[:offset] + value + BLOB[offset + len(value) :])


@pytest.mark.parametrize(
    "content",
    [b"", b"ssh-rsa AAAAB3NzaC1yc2E", b"\0" * 100, b"AAAA", "Schlüssel".encode("cp1252"), b64(b"no key").encode()],
)
def test_what_is_no_key_file_at_all_is_said_to_be_none(content: bytes) -> None:
    message = refusal(rsakeys.load_private, content)
    assert "holds no RSA key in a known form (RSAKeyValue, PEM, CSP key blob)" in message
    assert "createkey" in message


@pytest.mark.parametrize("content", [b"<ArrayOfAnyType />", b"<RSA>" + KEY_VALUE + b"</RSA>"])
def test_xml_of_another_kind_is_not_a_key(content: bytes) -> None:
    assert "is XML but not an RSAKeyValue document" in refusal(rsakeys.load_private, content)


def test_a_certificate_is_not_a_key() -> None:
    certificate = b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
    assert "looks like PEM but holds no" in refusal(rsakeys.load_private, certificate)
    assert "looks like PEM but holds no" in refusal(rsakeys.load_public, certificate)


def test_no_message_holds_a_piece_of_the_key() -> None:
    secret = b64(number("D").to_bytes(256, "big"))
    for content in (KEY_VALUE[:-9], with_member("DP", 7), PEM[:-40], BLOB[:-1], b64(BLOB).encode()[:-8]):
        message = refusal(rsakeys.load_private, content)
        assert secret[:16] not in message
        assert secret[:16] not in message.replace("\n", "")
