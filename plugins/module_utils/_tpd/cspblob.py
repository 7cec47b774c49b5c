# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""RSA keys as CSP key blobs: [MS-WCCE] 2.2.2.9.1 for the private key, PUBLICKEYBLOB of the Windows CryptoAPI for the public.

All numbers are little-endian: bType, version, reserved, algorithm, magic, bit length, public exponent, N, and in a
private blob P, Q, DP, DQ, InverseQ (half the length of N each) and D.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from . import TpdError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

PRIVATE = 7
PUBLIC = 6
_VERSION = 2
_KEY_EXCHANGE = 0xA400
_SIGNATURE = 0x2400
_MAGIC = {PRIVATE: b"RSA2", PUBLIC: b"RSA1"}
_HEADER = struct.Struct("<BBHI4sII")


class RsaKeyError(TpdError):
    """The file does not hold the RSA key that is asked for."""


@dataclass(frozen=True)
class Numbers:
    """The numbers of an RSA key; those of the private half are 0 where there is none, and never show."""

    n: int
    e: int
    p: int = field(default=0, repr=False)
    q: int = field(default=0, repr=False)
    dp: int = field(default=0, repr=False)
    dq: int = field(default=0, repr=False)
    qinv: int = field(default=0, repr=False)
    d: int = field(default=0, repr=False)

    @property
    def private(self) -> bool:
        """Whether anything of a private half is there."""
        return any((self.p, self.q, self.dp, self.dq, self.qinv, self.d))


def looks_like(data: bytes) -> bool:
    """Whether the bytes begin as a key blob does."""
    return len(data) > _HEADER.size and data[0] in _MAGIC and data[8:12] == _MAGIC[data[0]]


def read(data: bytes, what: str) -> Numbers:
    """The numbers in a blob (see L{looks_like}) as they stand: whether they form a key is for the caller to check."""
    kind, version, _reserved, algorithm, _magic, bits, exponent = _HEADER.unpack_from(data)
    if version != _VERSION or algorithm not in (_KEY_EXCHANGE, _SIGNATURE):
        raise RsaKeyError(f"{what} is a key blob of another kind than RSA, version 2. Is it the right file?")
    if bits == 0 or bits % 16:
        raise RsaKeyError(f"{what} is a key blob that claims {bits} bits, which no RSA key has. Take it from a backup.")
    size, half = bits // 8, bits // 16
    lengths = [size] + ([half] * 5 + [size] if kind == PRIVATE else [])
    if len(data) < _HEADER.size + sum(lengths):
        raise RsaKeyError(f"{what} is a key blob that ends early: {len(data)} bytes for {bits} bits. Is it complete?")
    numbers, offset = [], _HEADER.size
    for length in lengths:
        numbers.append(int.from_bytes(data[offset : offset + length], "little"))
        offset += length
    if kind == PUBLIC:
        return Numbers(n=numbers[0], e=exponent)
    n, p, q, dp, dq, qinv, d = numbers
    return Numbers(n, exponent, p, q, dp, dq, qinv, d)


def write_private(key: RSAPrivateKey) -> bytes:
    """The PRIVATEKEYBLOB of a key whose size is a multiple of 16 bits: 596 bytes for 1024 bits, 1172 for 2048."""
    private = key.private_numbers()
    public = private.public_numbers
    bits = key.key_size
    parts = [
        _HEADER.pack(PRIVATE, _VERSION, 0, _KEY_EXCHANGE, _MAGIC[PRIVATE], bits, public.e),
        public.n.to_bytes(bits // 8, "little"),
    ]
    for number in (private.p, private.q, private.dmp1, private.dmq1, private.iqmp):
        parts.append(number.to_bytes(bits // 16, "little"))
    parts.append(private.d.to_bytes(bits // 8, "little"))
    return b"".join(parts)
