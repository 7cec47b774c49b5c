# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""RSA keys in PEM, as the cryptography library reads them: SPKI, PKCS#1, PKCS#8, encrypted PKCS#8."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import TYPE_CHECKING

from . import primitives
from .cspblob import RsaKeyError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

# Of base64. An encrypted private key of 4096 bits takes 3,400; what is larger, an older library would take minutes to prove.
_LARGEST_BLOCK = 5000
# Whoever wrote the file has chosen what it takes to derive a key from the passphrase. Each bound is about a second's work.
_MAX_ITERATIONS = 4_000_000
_MAX_SCRYPT = 2**27  # bytes
_SCRYPT = bytes.fromhex("06092b06010401da47040b")  # 1.3.6.1.4.1.11591.4.11
_INTEGER, _SEQUENCE = 0x02, 0x30


class PassphraseNeeded(RsaKeyError):
    """The private key is encrypted and no passphrase was given."""

    def __init__(self) -> None:
        super().__init__("The private key file is encrypted. Give its passphrase (private_key_passphrase_file).")


def read_public(text: bytes) -> RSAPublicKey:
    """The public key in a PEM, whatever its size."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    if b"PRIVATE KEY-----" in text:
        raise RsaKeyError(
            "The public key file holds a private key. Give the public half; the private half never leaves this host."
        )
    _require_small(text, "The public key file")
    try:
        key = load_pem_public_key(text)
    except (ValueError, UnsupportedAlgorithm):
        raise RsaKeyError(
            "The public key file looks like PEM but holds no public key that can be read. Is it complete?"
        ) from None
    if not isinstance(key, RSAPublicKey):
        raise RsaKeyError("The public key file holds a key that is not an RSA key.")
    return key


def read_private(text: bytes, passphrase: str | None) -> RSAPrivateKey:
    """The private key in a PEM, whatever its size. That its numbers form a key is not proven."""
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
    _require_small(text, "The private key file")
    try:
        _require_quick(text)
        secret = passphrase.encode("utf-8") if encrypted and passphrase is not None else None
        key = load_pem_private_key(text, secret, **unproven())
    except (ValueError, TypeError, UnsupportedAlgorithm):
        hint = "Is the passphrase right and the file complete?" if encrypted else "Is it complete?"
        raise RsaKeyError(
            f"The private key file looks like PEM but holds no private key that can be read. {hint}"
        ) from None
    if not isinstance(key, RSAPrivateKey):
        raise RsaKeyError("The private key file holds a key that is not an RSA key.")
    return key


def _blocks(text: bytes) -> Iterator[tuple[bytes, bytes]]:
    """What each PEM in a file is called and what is in it."""
    for block in text.split(b"-----BEGIN ")[1:]:
        label, _dashes, rest = block.partition(b"-----")
        yield label, rest.partition(b"-----END")[0]


def _require_small(text: bytes, what: str) -> None:
    if any(len(content) > _LARGEST_BLOCK for _label, content in _blocks(text)):
        raise RsaKeyError(f"{what} holds a PEM that is larger than an RSA key of 4096 bits. Is it the right file?")


def _require_quick(text: bytes) -> None:
    """Refuse an encrypted PKCS#8 (RFC 5958, 7914, 8018) that would take minutes or gigabytes. ValueError where it is none."""
    for label, content in _blocks(text):
        if label != b"ENCRYPTED PRIVATE KEY":
            continue
        algorithm = _first(_first(primitives.b64decode(content.decode("ascii")) or b""))
        costs = list(_integers(algorithm))
        # The memory that scrypt takes is 128 times its cost and block size; the third number is how often it does so.
        taken = 128 * prod(costs[:3]) if _SCRYPT in algorithm else 0
        if taken > _MAX_SCRYPT or max(costs, default=0) > _MAX_ITERATIONS:
            raise RsaKeyError(
                "The private key file is encrypted in a way that takes very long to decrypt, or very much memory. "
                "Encrypt it anew, as openssl pkcs8 does by default."
            )


def _first(data: bytes) -> bytes:
    """The content of the first structure in the data."""
    return next((content for tag, content in _values(data) if tag == _SEQUENCE), b"")


def _integers(data: bytes) -> Iterator[int]:
    """All integers, in the order in which they stand, however deep."""
    levels = [_values(data)]
    while levels:
        for tag, content in levels[-1]:
            if tag == _INTEGER:
                yield int.from_bytes(content, "big")
            elif tag == _SEQUENCE:
                levels.append(_values(content))
                break
        else:
            levels.pop()


def _values(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Tags and contents of ASN.1 values in DER that follow each other. ValueError where the data are something else."""
    while data:
        start, size = 2, int.from_bytes(data[1:2], "big")
        if size > 0x80:
            start += size - 0x80
            size = int.from_bytes(data[2:start], "big")
        elif size == 0x80 or len(data) < 2:
            raise ValueError("not DER")
        if start + size > len(data):
            raise ValueError("cut off")
        yield data[0], data[start : start + size]
        data = data[start + size :]


def unproven() -> dict[str, bool]:
    """What keeps the library from proving that primes are prime, which takes longer than to use them; versions before 39 cannot be kept from it."""
    from cryptography import __version__

    return {"unsafe_skip_rsa_key_validation": True} if int(__version__.partition(".")[0]) >= 39 else {}
