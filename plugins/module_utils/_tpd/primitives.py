# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cryptographic primitives, each a call into the cryptography library, imported only when it is used.

Errors: L{DecryptionError} wherever a key, a padding or a length does not fit. It never says which. L{UnsupportedError}
where the library of this host refuses the algorithm.
"""

from __future__ import annotations

import binascii
import re
from typing import TYPE_CHECKING, Any

from . import TpdError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

BLOCK = 16
_PIECE = 1 << 20
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]*(?:=\s*){0,2}", re.ASCII)


class DecryptionError(TpdError):
    """The key, the padding or the length does not fit; which of them is not said."""

    def __init__(self) -> None:
        super().__init__("The data does not decrypt under this key.")


class UnsupportedError(TpdError):
    """The algorithm is known here, but the library does not offer it."""

    def __init__(self) -> None:
        super().__init__(
            "The cryptography library of this host refuses an algorithm that the data needs (is the host in FIPS mode?). Use another host."
        )


def b64decode(text: str) -> bytes | None:
    """Bytes of a base64 text that may hold white space; None where it is not base64."""
    if not _BASE64.fullmatch(text):
        return None
    try:
        return binascii.a2b_base64(text)
    except binascii.Error:
        return None


def _hash(name: str) -> Any:
    from cryptography.hazmat.primitives import hashes

    return getattr(hashes, name.upper())()


def _cbc(algorithm: Any, iv: bytes) -> Any:
    from cryptography.hazmat.primitives.ciphers import Cipher, modes

    return Cipher(algorithm, modes.CBC(iv))


def _aes(key: bytes) -> Any:
    from cryptography.hazmat.primitives.ciphers import algorithms

    return algorithms.AES(key)


def _triple_des(key: bytes) -> Any:
    try:
        from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
    except ImportError:  # cryptography before 43
        from cryptography.hazmat.primitives.ciphers.algorithms import TripleDES
    return TripleDES(key)


def _decrypt_blocks(algorithm: Any, iv: bytes, data: bytes | memoryview, block: int) -> bytes:
    from cryptography.exceptions import UnsupportedAlgorithm

    if len(iv) != block or not data or len(data) % block:
        raise DecryptionError
    try:
        decryptor = _cbc(algorithm, iv).decryptor()
    except UnsupportedAlgorithm:
        raise UnsupportedError from None
    # Older versions of the library copy what they return twice.
    view = memoryview(data)
    pieces = [decryptor.update(view[start : start + _PIECE]) for start in range(0, len(view), _PIECE)]
    return b"".join([*pieces, decryptor.finalize()])


def aes_cbc_decrypt(key: bytes, iv: bytes, data: bytes | memoryview) -> bytes:
    """AES-CBC without unpadding; data is a positive multiple of 16 bytes."""
    return _decrypt_blocks(_aes(key), iv, data, BLOCK)


def aes_cbc_encrypt(key: bytes, iv: bytes, data: bytes) -> bytes:
    """AES-CBC with PKCS#7 padding."""
    encryptor = _cbc(_aes(key), iv).encryptor()
    return bytes(encryptor.update(data) + encryptor.update(_padding(data, BLOCK)) + encryptor.finalize())


def triple_des_cbc_decrypt(key: bytes, iv: bytes, data: bytes) -> bytes:
    """Triple DES in CBC mode without unpadding; data is a positive multiple of 8 bytes."""
    return _decrypt_blocks(_triple_des(key), iv, data, 8)


def triple_des_cbc_encrypt(key: bytes, iv: bytes, data: bytes) -> bytes:
    """Triple DES in CBC mode with PKCS#7 padding."""
    encryptor = _cbc(_triple_des(key), iv).encryptor()
    return bytes(encryptor.update(data) + encryptor.update(_padding(data, 8)) + encryptor.finalize())


def _padding(data: bytes, block: int) -> bytes:
    count = block - len(data) % block
    return bytes([count]) * count


def unpad_pkcs7(data: bytes) -> bytes:
    """The data without PKCS#7 padding of a 16-byte block; every padding byte is checked."""
    count = data[-1]
    if not 1 <= count <= BLOCK or data[-count:] != bytes([count]) * count:
        raise DecryptionError
    return data[:-count]


def unpad_iso10126(data: bytes, block: int) -> bytes:
    """The data without ISO 10126 padding: the last byte counts, the others are random (W3C xmlenc-core 5.2)."""
    count = data[-1]
    if not 1 <= count <= block:
        raise DecryptionError
    return data[:-count]


def aes_gcm_decrypt(key: bytes, nonce: bytes, data: bytes) -> bytes:
    """AES-GCM; the 16-byte tag stands last."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(nonce, data, None)
    except (InvalidTag, ValueError):
        raise DecryptionError from None


def aes_gcm_encrypt(key: bytes, nonce: bytes, data: bytes) -> bytes:
    """AES-GCM; the 16-byte tag stands last."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key).encrypt(nonce, data, None)


class RsaPadding:
    """PKCS#1 v1.5, or OAEP with its digest, MGF1 digest and label."""

    def __init__(self, digest: str | None = None, mgf: str = "sha1", label: bytes = b"") -> None:
        self.digest, self.mgf, self.label = digest, mgf, label

    def resolve(self) -> Any:
        """The library's padding object."""
        from cryptography.hazmat.primitives.asymmetric import padding

        if self.digest is None:
            return padding.PKCS1v15()
        return padding.OAEP(padding.MGF1(_hash(self.mgf)), _hash(self.digest), self.label or None)


PKCS1V15 = RsaPadding()
OAEP_SHA1 = RsaPadding("sha1")
OAEP_SHA256 = RsaPadding("sha256", "sha256")


def rsa_decrypt(key: RSAPrivateKey, data: bytes, padding: RsaPadding) -> bytes:
    """One RSA block. Under PKCS#1 v1.5 a newer OpenSSL answers a wrong key with random bytes: prove what comes back."""
    from cryptography.exceptions import UnsupportedAlgorithm

    if len(data) != modulus_length(key):
        raise DecryptionError
    try:
        return key.decrypt(data, padding.resolve())
    except UnsupportedAlgorithm:
        raise UnsupportedError from None
    except ValueError:
        raise DecryptionError from None


def rsa_encrypt(key: RSAPublicKey, data: bytes, padding: RsaPadding) -> bytes:
    """One RSA block."""
    return key.encrypt(data, padding.resolve())


def rsa_sign(key: RSAPrivateKey, data: bytes, digest: str) -> bytes:
    """PKCS#1 v1.5 signature over the data's digest ("sha1" or "sha256")."""
    from cryptography.hazmat.primitives.asymmetric import padding

    return key.sign(data, padding.PKCS1v15(), _hash(digest))


def rsa_verify(key: RSAPublicKey, signature: bytes, data: bytes, digest: str) -> bool:
    """Whether the PKCS#1 v1.5 signature holds for the data."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import padding

    try:
        key.verify(signature, data, padding.PKCS1v15(), _hash(digest))
    except InvalidSignature:
        return False
    except UnsupportedAlgorithm:
        raise UnsupportedError from None
    return True


def modulus_length(key: RSAPrivateKey | RSAPublicKey) -> int:
    """Length of the key's modulus in bytes."""
    return (key.key_size + 7) // 8
