# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A private key that is used a bounded number of times, as who has the public half can make any number of values for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import primitives

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    from .primitives import RsaPadding

# How often a key of up to so many bits is used for one reply: three quarters of a second's work.
MOST_USES = {2048: 1000, 3072: 330, 4096: 150}
# Of these, what may be used up before a value of many blocks is tried in the right way.
SPARE = 10


def most_uses(bits: int) -> int:
    """How often a key of this size is used for one reply."""
    return next((uses for size, uses in MOST_USES.items() if bits <= size), min(MOST_USES.values()))


def most_blocks(bits: int) -> int:
    """Of how many blocks a value may be that is decrypted block by block. A longer one is not begun with."""
    return most_uses(bits) - SPARE


class MeteredKey:
    """The key, for L{primitives.rsa_decrypt}. When it is used up, it says what it says to a value that is not for it."""

    def __init__(self, key: RSAPrivateKey) -> None:
        self._key = key
        self._left = most_uses(key.key_size)
        self._offered: set[tuple[str | None, str]] = set()
        self.key_size = key.key_size

    def require(self, padding: RsaPadding) -> None:
        """L{primitives.UnsupportedError} where the library refuses the padding. This does not use the key."""
        kind = (padding.digest, padding.mgf)
        if kind not in self._offered:
            primitives.require_padding(self._key.public_key(), padding)
            self._offered.add(kind)

    def decrypt(self, data: bytes, padding: Any) -> bytes:
        """ValueError where the value does not decrypt."""
        self._left -= 1
        if self._left < 0:
            raise ValueError
        return self._key.decrypt(data, padding)
