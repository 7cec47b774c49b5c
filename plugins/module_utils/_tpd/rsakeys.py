# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""RSA key files, recognised by content and never by name.

Read: RSAKeyValue (.NET's RSA.ToXmlString), PEM (SPKI, PKCS#1, PKCS#8, encrypted PKCS#8), CSP key blobs raw or as
base64. Written: RSAKeyValue and PEM. The format of AadrmTpd.exe's own files is not public.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from . import cspblob, pem, primitives, xmlsafe
from .cspblob import Numbers, RsaKeyError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

MIN_BITS = 1024
# Proving a private key's primes takes a second at 4096 bits and eight at 8192.
MAX_BITS = 4096
# More than any form of such a key takes, with OpenSSL's text of it in front.
MAX_FILE = 32 * 1024
# OpenSSL's own limit, in bytes.
MAX_PASSPHRASE = 1023
MIN_EXPONENT = 65537
MAX_EXPONENT = 2**32 - 1
# Names in RSAKeyValue, in the order in which .NET writes them, and the fields of Numbers.
_PUBLIC_MEMBERS = (("Modulus", "n"), ("Exponent", "e"))
_PRIVATE_MEMBERS = (("P", "p"), ("Q", "q"), ("DP", "dp"), ("DQ", "dq"), ("InverseQ", "qinv"), ("D", "d"))


# AlgorithmIdentifier of rsaEncryption, 1.2.840.113549.1.1.1, with NULL parameters.
_RSA_ENCRYPTION = bytes.fromhex("300d06092a864886f70d0101010500")


def load_private(data: bytes, passphrase: str | None = None) -> RSAPrivateKey:
    """The private key in a file's content; its numbers are seen to fit one another.

    That its primes are prime is not proven, which takes longer than to use it: what it opens is proof of more. Errors:
    those of L{private_numbers}.
    """
    return private_key(private_numbers(data, passphrase), "The private key file", proven=False)


def private_numbers(data: bytes, passphrase: str | None = None) -> Numbers:
    """The numbers of the private key in a file's content, seen to fit one another.

    Cheap, as nothing shows that the primes are prime: for a key whose modulus is known from elsewhere, where that they
    multiply to it is proof. Errors: L{RsaKeyError}, L{xmlsafe.XmlError}.
    """
    what = "The private key file"
    _check_size(data, what)
    in_pem = pem.read_private(_text(data, what), passphrase) if _is_pem(data) else None
    numbers = _numbers(data, what) if in_pem is None else _key_numbers(in_pem)
    require_key(numbers, what)
    return numbers


def public_numbers(data: bytes) -> Numbers:
    """The numbers of the public key in a file's content. Errors: those of L{load_public}."""
    what = "The public key file"
    _check_size(data, what)
    if _is_pem(data):
        numbers = pem.read_public(_text(data, what)).public_numbers()
        found = Numbers(numbers.n, numbers.e)
    else:
        found = _numbers(data, what)
    if found.private:
        raise RsaKeyError(
            f"{what} holds a private key. Give the public half (PublicKey-<GUID>.txt); the private half never leaves this host."
        )
    _require_bounds(found.n, found.e, what)
    return found


def load_public(data: bytes) -> RSAPublicKey:
    """The public key in a file's content. A private key is refused, as it must not be handed on.

    Errors: L{RsaKeyError}, L{xmlsafe.XmlError}.
    """
    numbers = public_numbers(data)
    return public_key(numbers.n, numbers.e, "The public key file")


def public_key(n: int, e: int, what: str) -> RSAPublicKey:
    """The key of a modulus and an exponent within the bounds of this module."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers

    _require_bounds(n, e, what)
    return RSAPublicNumbers(e, n).public_key()


def _require_bounds(n: int, e: int, what: str) -> None:
    if not MIN_BITS <= n.bit_length() <= MAX_BITS or n % 2 == 0:
        raise RsaKeyError(
            f"{what} has a modulus of {n.bit_length()} bits that is not that of an RSA key of {MIN_BITS} to {MAX_BITS} bits. "
            "Is it complete, and the right file?"
        )
    if not MIN_EXPONENT <= e <= MAX_EXPONENT or e % 2 == 0:
        raise RsaKeyError(
            f"{what} has a public exponent that is not an odd number from {MIN_EXPONENT} to {MAX_EXPONENT}. Make a new key pair."
        )


def private_key(numbers: Numbers, what: str, proven: bool = True) -> RSAPrivateKey:
    """The key of a full set of numbers that fit one another. C{proven}: whose primes are prime, too."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateNumbers, RSAPublicNumbers

    require_key(numbers, what)
    public = RSAPublicNumbers(numbers.e, numbers.n)
    try:
        return RSAPrivateNumbers(
            numbers.p, numbers.q, numbers.d, numbers.dp, numbers.dq, numbers.qinv, public
        ).private_key(**({} if proven else pem.unproven()))
    except ValueError:  # the library's own check (primes) says no: the same answer as for ours
        raise _damaged(what) from None


def require_key(numbers: Numbers, what: str) -> None:
    """Refuse numbers that do not fit one another. That p and q are prime is not looked at. Errors: L{RsaKeyError}."""
    if not numbers.private:
        raise RsaKeyError(f"{what} holds only a public key. Give the private half (PrivateKey-<GUID>.txt).")
    _require_bounds(numbers.n, numbers.e, what)
    p, q, d, e = numbers.p, numbers.q, numbers.d, numbers.e
    fits = (
        min(p, q) > 1
        and p * q == numbers.n
        and 0 < d < numbers.n
        and d * e % (p - 1) == 1
        and d * e % (q - 1) == 1
        and numbers.dp == d % (p - 1)
        and numbers.dq == d % (q - 1)
        and numbers.qinv * q % p == 1
    )
    if not fits:
        raise _damaged(what)


def _damaged(what: str) -> RsaKeyError:
    return RsaKeyError(f"{what} is damaged: its numbers do not form an RSA key. Take it from a backup.")


def fingerprint(key: RSAPublicKey) -> str:
    """Lower-case hex SHA-256 of the key's SubjectPublicKeyInfo (DER): 64 characters."""
    numbers = key.public_numbers()
    return fingerprint_of(numbers.n, numbers.e)


def fingerprint_of(n: int, e: int) -> str:
    """As L{fingerprint}. The structure (RFC 8017, A.1.1) is written here, as the library takes a while to get ready for it."""
    key = _der(0x30, *(_der(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big")) for number in (n, e)))
    return hashlib.sha256(_der(0x30, _RSA_ENCRYPTION, _der(0x03, b"\0", key))).hexdigest()


def _der(tag: int, *parts: bytes) -> bytes:
    """An ASN.1 value in DER."""
    content = b"".join(parts)
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    if len(content) >= 0x80:
        length = bytes([0x80 | len(length)]) + length
    return bytes([tag]) + length + content


def dump_public(key: RSAPublicKey, key_format: str) -> bytes:
    """A public key file, "rsakeyvalue" or "pem" (SPKI)."""
    if key_format == "rsakeyvalue":
        numbers = key.public_numbers()
        return _key_value(Numbers(numbers.n, numbers.e), key.key_size)
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def dump_private(key: RSAPrivateKey, key_format: str) -> bytes:
    """A private key file, "rsakeyvalue" or "pem" (PKCS#8, not encrypted)."""
    if key_format == "rsakeyvalue":
        return _key_value(_key_numbers(key), key.key_size)
    return dump_pem(key, None)


def _key_numbers(key: RSAPrivateKey) -> Numbers:
    numbers = key.private_numbers()
    public = numbers.public_numbers
    return Numbers(public.n, public.e, numbers.p, numbers.q, numbers.dmp1, numbers.dmq1, numbers.iqmp, numbers.d)


def dump_pem(key: RSAPrivateKey, passphrase: str | None) -> bytes:
    """A private key as PEM of PKCS#8; with a passphrase, which see L{require_passphrase}, encrypted with AES-256 (PBES2)."""
    from cryptography.hazmat.primitives import serialization

    encryption: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase is not None:
        encryption = serialization.BestAvailableEncryption(passphrase.encode("utf-8"))
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)


def require_passphrase(passphrase: str) -> None:
    """Refuse what openssl could not read from the first line of a file, or could not take at all."""
    try:
        size = len(passphrase.encode("utf-8"))
    except UnicodeEncodeError:
        size = 0
    if not 0 < size <= MAX_PASSPHRASE or any(character in passphrase for character in "\0\r\n"):
        raise RsaKeyError(
            f"The passphrase is empty, longer than {MAX_PASSPHRASE} bytes in UTF-8, or holds a line break or what no text file"
            " can carry. Choose another one."
        )


def generate(bits: int) -> RSAPrivateKey:
    """A new key with public exponent 65537."""
    from cryptography.hazmat.primitives.asymmetric import rsa

    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def _check_size(data: bytes, what: str) -> None:
    if len(data) > MAX_FILE:
        raise RsaKeyError(
            f"{what} is {len(data)} bytes long; no RSA key takes more than {MAX_FILE}. Is it the right file?"
        )


def _is_pem(data: bytes) -> bool:
    return b"-----BEGIN " in data.replace(b"\0", b"")


def _text(data: bytes, what: str) -> bytes:
    """A PEM file's text without BOM. UTF-16 without BOM is ASCII with a NUL beside each character."""
    return xmlsafe.utf8(data, what).replace(b"\0", b"")


def _numbers(data: bytes, what: str) -> Numbers:
    if cspblob.looks_like(data):
        return cspblob.read(data, what)
    text = xmlsafe.utf8(data, what).strip()
    if text.startswith(b"<"):
        return _from_key_value(xmlsafe.parse(data, what).root, what)
    blob = primitives.b64decode(text.decode("ascii", "replace").replace("\0", ""))
    if blob is not None and cspblob.looks_like(blob):
        return cspblob.read(blob, what)
    raise RsaKeyError(
        f"{what} holds no RSA key in a known form (RSAKeyValue, PEM, CSP key blob). Is it the file that createkey wrote?"
    )


def _from_key_value(root: xmlsafe.Element, what: str) -> Numbers:
    if root.name != "RSAKeyValue":
        raise RsaKeyError(f"{what} is XML but not an RSAKeyValue document. Is it the file that createkey wrote?")
    members = _PUBLIC_MEMBERS + (_PRIVATE_MEMBERS if any(root.first(name) for name, _field in _PRIVATE_MEMBERS) else ())
    found = {}
    for name, field in members:
        value = primitives.b64decode(root.string(name) or "")
        if not value:
            raise RsaKeyError(f"{what} is an RSAKeyValue whose {name} is missing or not base64. Is it complete?")
        found[field] = int.from_bytes(value, "big")
    return Numbers(**found)


def _key_value(numbers: Numbers, bits: int) -> bytes:
    """RSAKeyValue as .NET writes it: big-endian numbers of fixed length, the exponent as short as it can be."""
    size, half = (bits + 7) // 8, (bits + 15) // 16
    lengths = {"n": size, "d": size, "e": (numbers.e.bit_length() + 7) // 8}
    parts = ["<RSAKeyValue>"]
    for name, field in _PUBLIC_MEMBERS + (_PRIVATE_MEMBERS if numbers.private else ()):
        value = getattr(numbers, field).to_bytes(lengths.get(field, half), "big")
        parts.append(f"<{name}>{base64.b64encode(value).decode('ascii')}</{name}>")
    return "".join([*parts, "</RSAKeyValue>"]).encode("ascii")
