# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cryptographic primitives, each a call into the cryptography library, imported only when it is used.

Errors: L{DecryptionError} wherever a key, a padding or a length does not fit. It never says which. L{UnsupportedError}
where the library of this host refuses the algorithm.
"""

from __future__ import annotations

import binascii
import io
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Callable, Protocol, Union

from . import TpdError
from .pieces import SPACE, Base64, in_pieces, joined

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

BLOCK = 16
_BASE64 = re.compile(rb"[A-Za-z0-9+/]*={0,2}")
_SHORT = 4096  # characters
# What is to be decrypted: as a whole, or in pieces of whatever length.
Data = Union[bytes, memoryview, Iterator[bytes]]


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


def b64decode(text: str | Base64) -> bytes | None:
    """Bytes of a base64 text that may hold white space; None where it is not base64."""
    if isinstance(text, str) and len(text) <= _SHORT:
        return _short_b64decode(text)
    found = Base64.of(text) if isinstance(text, str) else text
    try:
        return None if found is None else joined(found.decoded())
    except ValueError:
        return None


def _short_b64decode(text: str) -> bytes | None:
    """The same, where there is nothing to save; a hostile reply may have very many short texts."""
    try:
        digits = text.encode("ascii").translate(None, SPACE)
    except UnicodeEncodeError:
        return None
    return binascii.a2b_base64(digits) if len(digits) % 4 == 0 and _BASE64.fullmatch(digits) else None


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


def _no_padding(_end: bytes) -> int:
    return 0


def _decrypt_blocks(algorithm: Any, iv: bytes, data: Data, block: int, padding: Callable[[bytes], int]) -> bytes:
    from cryptography.exceptions import UnsupportedAlgorithm

    if len(iv) != block:
        raise DecryptionError
    try:
        decryptor = _cbc(algorithm, iv).decryptor()
    except UnsupportedAlgorithm:
        raise UnsupportedError from None
    plain = io.BytesIO()
    try:
        for piece in data if isinstance(data, Iterator) else in_pieces(data):
            plain.write(decryptor.update(piece))
        plain.write(decryptor.finalize())
    except ValueError:  # not whole blocks, or not base64
        raise DecryptionError from None
    size = plain.tell()
    if size == 0:
        raise DecryptionError
    plain.seek(size - block)
    plain.truncate(size - padding(plain.read()))
    return plain.getvalue()


def aes_cbc_decrypt(key: bytes, iv: bytes, data: Data, padding: Callable[[bytes], int] = _no_padding) -> bytes:
    """AES-CBC; data is a positive multiple of 16 bytes. ``padding``: how many bytes the last block has of it."""
    return _decrypt_blocks(_aes(key), iv, data, BLOCK, padding)


def aes_cbc_encrypt(key: bytes, iv: bytes, data: bytes) -> bytes:
    """AES-CBC with PKCS#7 padding."""
    return joined(aes_cbc_encrypted(key, iv, in_pieces(data)))


def aes_cbc_encrypted(key: bytes, iv: bytes, data: Iterable[bytes]) -> Iterator[bytes]:
    """AES-CBC with PKCS#7 padding, piece by piece."""
    return _encrypted(_aes(key), iv, data, BLOCK)


def triple_des_cbc_decrypt(key: bytes, iv: bytes, data: Data, padding: Callable[[bytes], int] = _no_padding) -> bytes:
    """Triple DES in CBC mode; data is a positive multiple of 8 bytes. ``padding``: see L{aes_cbc_decrypt}."""
    return _decrypt_blocks(_triple_des(key), iv, data, 8, padding)


def triple_des_cbc_encrypt(key: bytes, iv: bytes, data: bytes) -> bytes:
    """Triple DES in CBC mode with PKCS#7 padding."""
    return joined(_encrypted(_triple_des(key), iv, in_pieces(data), 8))


def _encrypted(algorithm: Any, iv: bytes, data: Iterable[bytes], block: int) -> Iterator[bytes]:
    encryptor, size = _cbc(algorithm, iv).encryptor(), 0
    for piece in data:
        size += len(piece)
        yield encryptor.update(piece)
    count = block - size % block
    yield encryptor.update(bytes([count]) * count) + encryptor.finalize()


def pkcs7(end: bytes) -> int:
    """How many bytes of PKCS#7 padding a last block of 16 bytes has; every one of them is checked."""
    count = end[-1]
    if not 1 <= count <= BLOCK or end[-count:] != bytes([count]) * count:
        raise DecryptionError
    return count


def iso10126(end: bytes) -> int:
    """How many bytes of ISO 10126 padding a last block has: its last byte counts, the others are random (W3C xmlenc-core 5.2)."""
    if not 1 <= end[-1] <= len(end):
        raise DecryptionError
    return end[-1]


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


class Decrypting(Protocol):
    """A private key, as far as it is used here."""

    @property
    def key_size(self) -> int:
        """In bits."""

    def decrypt(self, data: bytes, padding: Any, /) -> bytes:
        """One block. ValueError where it does not decrypt."""


PKCS1V15 = RsaPadding()
OAEP_SHA1 = RsaPadding("sha1")
OAEP_SHA256 = RsaPadding("sha256", "sha256")


def rsa_decrypt(key: Decrypting, data: bytes, padding: RsaPadding) -> bytes:
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


def require_padding(key: RSAPublicKey, padding: RsaPadding) -> None:
    """L{UnsupportedError} where the library refuses the padding, whatever is decrypted under it: as the public half shows."""
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        rsa_encrypt(key, b"", padding)
    except UnsupportedAlgorithm:
        raise UnsupportedError from None
    except ValueError:
        pass  # the key is too short for it, so nothing decrypts


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


def modulus_length(key: Decrypting | RSAPublicKey) -> int:
    """Length of the key's modulus in bytes."""
    return (key.key_size + 7) // 8
