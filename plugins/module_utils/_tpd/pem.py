# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""RSA keys in PEM, as the cryptography library reads them: SPKI, PKCS#1, PKCS#8, encrypted PKCS#8."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .cspblob import RsaKeyError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey


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
    try:
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


def unproven() -> dict[str, bool]:
    """What keeps the library from proving that primes are prime, which takes longer than to use them; versions before 39 cannot be kept from it."""
    from cryptography import __version__

    return {"unsafe_skip_rsa_key_validation": True} if int(__version__.partition(".")[0]) >= 39 else {}
