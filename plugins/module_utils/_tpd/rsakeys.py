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

from . import cspblob, primitives, xmlsafe
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


class PassphraseNeeded(RsaKeyError):
    """The private key is encrypted and no passphrase was given."""

    def __init__(self) -> None:
        super().__init__("The private key file is encrypted. Give its passphrase (private_key_passphrase_file).")


def load_private(data: bytes, passphrase: str | None = None) -> RSAPrivateKey:
    """The private key in a file's content; its numbers are proven to form a key.

    Errors: L{RsaKeyError}, L{xmlsafe.XmlError}.
    """
    what = "The private key file"
    _check_size(data, what)
    if _is_pem(data):
        return _private_from_pem(_text(data, what), passphrase)
    return private_key(_numbers(data, what), what)


def load_public(data: bytes) -> RSAPublicKey:
    """The public key in a file's content. A private key is refused, as it must not be handed on.

    Errors: L{RsaKeyError}, L{xmlsafe.XmlError}.
    """
    what = "The public key file"
    _check_size(data, what)
    if _is_pem(data):
        return _public_from_pem(_text(data, what))
    numbers = _numbers(data, what)
    if numbers.private:
        raise RsaKeyError(
            f"{what} holds a private key. Give the public half (PublicKey-<GUID>.txt); the private half never leaves this host."
        )
    return public_key(numbers.n, numbers.e, what)


def public_key(n: int, e: int, what: str) -> RSAPublicKey:
    """The key of a modulus and an exponent within the bounds of this module."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers

    if not MIN_BITS <= n.bit_length() <= MAX_BITS or n % 2 == 0:
        raise RsaKeyError(
            f"{what} has a modulus of {n.bit_length()} bits that is not that of an RSA key of {MIN_BITS} to {MAX_BITS} bits. "
            "Is it complete, and the right file?"
        )
    if not MIN_EXPONENT <= e <= MAX_EXPONENT or e % 2 == 0:
        raise RsaKeyError(
            f"{what} has a public exponent that is not an odd number from {MIN_EXPONENT} to {MAX_EXPONENT}. Make a new key pair."
        )
    return RSAPublicNumbers(e, n).public_key()


def private_key(numbers: Numbers, what: str) -> RSAPrivateKey:
    """The key of a full set of numbers that fit one another."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateNumbers, RSAPublicNumbers

    if not numbers.private:
        raise RsaKeyError(f"{what} holds only a public key. Give the private half (PrivateKey-<GUID>.txt).")
    public_key(numbers.n, numbers.e, what)
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
    try:
        if fits:
            public = RSAPublicNumbers(e, numbers.n)
            return RSAPrivateNumbers(p, q, d, numbers.dp, numbers.dq, numbers.qinv, public).private_key()
    except ValueError:
        pass  # the library's own check (primes) says no: the same answer as for ours
    raise RsaKeyError(f"{what} is damaged: its numbers do not form an RSA key. Take it from a backup.")


def fingerprint(key: RSAPublicKey) -> str:
    """Lower-case hex SHA-256 of the key's SubjectPublicKeyInfo (DER): 64 characters."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


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
        numbers = key.private_numbers()
        public = numbers.public_numbers
        return _key_value(
            Numbers(public.n, public.e, numbers.p, numbers.q, numbers.dmp1, numbers.dmq1, numbers.iqmp, numbers.d),
            key.key_size,
        )
    return dump_pem(key, None)


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


def _public_from_pem(text: bytes) -> RSAPublicKey:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    if b"PRIVATE KEY-----" in text:
        raise RsaKeyError(
            "The public key file holds a private key. Give the public half; the private half never leaves this host."
        )
    try:
        key = load_pem_public_key(text)
    except (ValueError, UnsupportedAlgorithm):
        raise RsaKeyError(
            "The public key file looks like PEM but holds no public key that can be read. Is it complete?"
        ) from None
    if not isinstance(key, RSAPublicKey):
        raise RsaKeyError("The public key file holds a key that is not an RSA key.")
    numbers = key.public_numbers()
    return public_key(numbers.n, numbers.e, "The public key file")


def _private_from_pem(text: bytes, passphrase: str | None) -> RSAPrivateKey:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    if b"PUBLIC KEY-----" in text:
        raise RsaKeyError(
            "The private key file holds only a public key. Give the private half (PrivateKey-<GUID>.txt)."
        )
    encrypted = b"ENCRYPTED" in text
    if encrypted and passphrase is None:
        raise PassphraseNeeded
    try:
        key = load_pem_private_key(text, passphrase.encode("utf-8") if encrypted and passphrase is not None else None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        hint = "Is the passphrase right and the file complete?" if encrypted else "Is it complete?"
        raise RsaKeyError(
            f"The private key file looks like PEM but holds no private key that can be read. {hint}"
        ) from None
    if not isinstance(key, RSAPrivateKey):
        raise RsaKeyError("The private key file holds a key that is not an RSA key.")
    numbers = key.private_numbers().public_numbers
    public_key(numbers.n, numbers.e, "The private key file")
    return key
