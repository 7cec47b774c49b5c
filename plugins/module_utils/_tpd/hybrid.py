# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values encrypted to the request key without XML Encryption: a password, a key for another value, or blocks of RSA.

Every attempt is cheap to refuse: what comes out of the first blocks has to look like text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import metered, primitives
from .primitives import DecryptionError, RsaPadding, UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .metered import MeteredKey

PADDINGS = (primitives.OAEP_SHA1, primitives.OAEP_SHA256, primitives.PKCS1V15)
KEY_LENGTHS = (16, 24, 32)
MAX_VALUES = 128
MAX_KEYS = 64
MAX_PROBES = 1000
_ZERO_IV = bytes(primitives.BLOCK)
_PROBE = 4 * primitives.BLOCK


class Values:
    """The base64 values of a reply, decoded."""

    def __init__(self) -> None:
        self._values: dict[bytes, None] = {}  # in the order in which they were found
        self._secrets: dict[bytes, None] = {}
        self._tried: set[tuple[bytes, bytes]] = set()
        self._decrypted = 0
        self._probes = 0

    def add(self, value: bytes) -> None:
        """Take a value into account, once. One that is shorter than an IV is a word that happens to be base64."""
        if len(value) >= primitives.BLOCK and len(self._values) < MAX_VALUES:
            self._values[value] = None

    def lengths(self) -> list[int]:
        """The values' lengths in bytes, in the order in which they were found."""
        return [len(value) for value in self._values]

    def decrypted(self, key: MeteredKey) -> Iterator[bytes]:
        """Whatever the values may hold, for the caller to prove: passwords and documents. Each value is tried once."""
        values = list(self._values)
        new, self._decrypted = values[self._decrypted :], len(values)
        size = primitives.modulus_length(key)
        single = [value for value in new if len(value) == size]
        secrets = dict.fromkeys(secret for value in single for secret in self._rsa(key, value))
        yield from secrets
        self._secrets.update(secrets)
        ivs = [value for value in values if len(value) == primitives.BLOCK]
        for secret in list(self._secrets)[:MAX_KEYS]:
            for value in values:
                if (secret, value) not in self._tried and self._probes < MAX_PROBES:
                    self._tried.add((secret, value))
                    yield from self._aes(secret, value, ivs)
        for value in new:
            if len(value) > size and len(value) % size == 0 and len(value) <= size * metered.most_blocks(key.key_size):
                yield from self._rsa_blocks(key, value, size)

    def _rsa(self, key: MeteredKey, block: bytes) -> Iterator[bytes]:
        for padding in PADDINGS:
            plain = self._rsa_block(key, block, padding)
            if plain:
                yield plain

    def _rsa_block(self, key: MeteredKey, block: bytes, padding: RsaPadding) -> bytes | None:
        try:
            return primitives.rsa_decrypt(key, block, padding)
        except (DecryptionError, UnsupportedError):
            return None

    def _aes(self, secret: bytes, value: bytes, ivs: list[bytes]) -> Iterator[bytes]:
        """The value under an AES key, with the IV given beside the key, given as a value, prefixed, or zero."""
        if len(value) % primitives.BLOCK:
            return
        attempts: list[tuple[bytes, bytes, int]] = []
        if len(secret) - primitives.BLOCK in KEY_LENGTHS:
            attempts.append((secret[: -primitives.BLOCK], secret[-primitives.BLOCK :], 0))
        if len(secret) in KEY_LENGTHS:
            attempts += [(secret, iv, 0) for iv in ivs if iv is not value][:8]
            attempts += [(secret, value[: primitives.BLOCK], primitives.BLOCK), (secret, _ZERO_IV, 0)]
        for key, iv, start in attempts:
            self._probes += 1
            if self._probes > MAX_PROBES:
                return
            probe = value[start : start + _PROBE]
            if probe and _looks_like_text(
                primitives.aes_cbc_decrypt(key, iv, probe), whole=len(value) - start <= _PROBE
            ):
                try:
                    yield primitives.aes_cbc_decrypt(key, iv, memoryview(value)[start:], primitives.iso10126)
                except DecryptionError:
                    continue

    def _rsa_blocks(self, key: MeteredKey, value: bytes, size: int) -> Iterator[bytes]:
        for padding in PADDINGS:
            parts: list[bytes] = []
            for start in range(0, len(value), size):
                part = self._rsa_block(key, value[start : start + size], padding)
                if part is None or (not parts and not _looks_like_text(part, whole=False)):
                    break
                parts.append(part)
            else:
                yield b"".join(parts)


def _looks_like_text(beginning: bytes, whole: bool) -> bool:
    """Whether bytes may begin a text in UTF-8 or UTF-16. A whole value ends in padding, which is left out."""
    if whole and beginning:
        beginning = beginning[: -beginning[-1]] if beginning[-1] <= len(beginning) else beginning
    for encoding in ("utf-8", "utf-16-le"):
        try:
            # The end may cut a character in two, so up to three bytes fewer are looked at.
            text = beginning[: len(beginning) // 2 * 2 if encoding != "utf-8" else None].decode(encoding)
        except UnicodeDecodeError as error:
            if whole or error.start < len(beginning) - 3:
                continue
            text = beginning[: error.start].decode(encoding)
        if all(character.isprintable() or character.isspace() or character == "\ufeff" for character in text):
            return True
    return False
