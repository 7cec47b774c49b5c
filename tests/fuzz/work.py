# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much work a reader does, in counts that are the same on every machine: what takes time, and has a bound.

C{private}: uses of the private key. C{decrypted}: bytes under AES and Triple DES. C{derived}: keys made of passwords.
C{parsed}: bytes of XML documents, however little of their long values is looked at. C{nodes}: elements and attributes.
C{decoded}: bytes out of base64.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Callable

from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import (
    metered,
    pieces,
    primitives,
    tpd,
    xmlsafe,
)


class _Counted:
    """A key or a decryptor that counts how it is used."""

    def __init__(self, real: Any, name: str, work: Counter[str], what: str, by_length: bool) -> None:
        def count(data: bytes, *more: Any) -> Any:
            work[what] += len(data) if by_length else 1
            return getattr(real, name)(data, *more)

        self._real = real
        setattr(self, name, count)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


def counted() -> Counter[str]:
    """What is done in this process from now on."""
    work: Counter[str] = Counter(private=0, decrypted=0, derived=0, parsed=0, nodes=0, decoded=0)

    def put(place: Any, name: str, amount: Callable[..., int], what: str) -> None:
        real = getattr(place, name)

        def replacement(*given: Any) -> Any:
            work[what] += amount(*given)
            return real(*given)

        setattr(place, name, replacement)

    put(tpd, "derive_key", lambda *_given: 1, "derived")
    put(xmlsafe, "parse", lambda source, *_more: len(source), "parsed")
    put(xmlsafe._Builder, "count", lambda _builder, nodes: nodes, "nodes")
    put(pieces.binascii, "a2b_base64", lambda data: len(data) * 3 // 4, "decoded")
    put(primitives, "aes_gcm_decrypt", lambda _key, _nonce, data: len(data), "decrypted")
    cbc, begin = primitives._cbc, metered.MeteredKey.__init__

    class Cipher:
        def __init__(self, *given: Any) -> None:
            self.encryptor = cbc(*given).encryptor
            self.decryptor = lambda: _Counted(cbc(*given).decryptor(), "update", work, "decrypted", by_length=True)

    def metered_key(self: metered.MeteredKey, key: Any) -> None:
        begin(self, _Counted(key, "decrypt", work, "private", by_length=False))

    primitives._cbc = Cipher
    metered.MeteredKey.__init__ = metered_key  # type: ignore[method-assign]
    return work
