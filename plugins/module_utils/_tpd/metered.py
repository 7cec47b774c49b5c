# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A private key that is used a bounded number of times, as who has the public half can make any number of values for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

# Less than a second's work with a key of 2048 bits. One twice as long takes five times as long.
MOST_USES = 1500
# Of these, what may be used up before a value of many blocks is tried in the right way.
SPARE = 100


def most_uses(bits: int) -> int:
    """How often a key of this size is used for one reply."""
    return MOST_USES * 2048**2 // max(bits, 2048) ** 2


class MeteredKey:
    """The key, for L{primitives.rsa_decrypt}. When it is used up, it says what it says to a value that is not for it."""

    def __init__(self, key: RSAPrivateKey) -> None:
        self._key = key
        self._left = most_uses(key.key_size)
        self.key_size = key.key_size

    def decrypt(self, data: bytes, padding: Any) -> bytes:
        """ValueError where the value does not decrypt."""
        self._left -= 1
        if self._left < 0:
            raise ValueError
        return self._key.decrypt(data, padding)
