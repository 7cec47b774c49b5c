# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Large values, worked on in pieces, so that no more of them is in memory at once than has to be."""

from __future__ import annotations

import binascii
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

# Larger ones are no faster: fetching their memory from the system takes longer than filling it. Whole units of base64.
_PIECE = 1 << 18
SPACE = b" \t\r\n"
_DIGITS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


@dataclass(frozen=True)
class Base64:
    """A base64 text as it stands, perhaps with white space, and how many bytes it stands for. Nothing of it is copied."""

    text: bytes | memoryview = field(repr=False)
    size: int
    spaced: bool

    @classmethod
    def of(cls, text: str | bytes | memoryview) -> Base64 | None:
        """None where the text's signs are not those of base64. That padding stands at the end shows when it is decoded."""
        if isinstance(text, str):
            text = text.encode("utf-8", "replace")
        others = b"".join(piece.translate(None, _DIGITS) for piece in in_pieces(text))
        padding = others.translate(None, SPACE)
        units, rest = divmod(len(text) - len(others) + len(padding), 4)
        if padding not in (b"", b"=", b"==") or rest:
            return None
        return cls(text, 3 * units - len(padding), len(others) > len(padding))

    def decoded(self) -> Iterator[bytes]:
        """The bytes, piece by piece. ValueError where it is not base64 after all."""
        left, digits = self.size, b""
        for piece in self.stripped():
            if left % 3 != self.size % 3:
                raise ValueError("padding before the end")
            digits += piece
            units = len(digits) // 4 * 4
            piece, digits = binascii.a2b_base64(memoryview(digits)[:units]), digits[units:]
            left -= len(piece)
            yield piece
        if left or digits:
            raise ValueError("padding before the end")

    def stripped(self) -> Iterator[bytes]:
        """The text without its white space, piece by piece."""
        pieces = in_pieces(self.text)
        return (piece.translate(None, SPACE) for piece in pieces) if self.spaced else pieces


def b64encoded(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The base64 of bytes that come in pieces."""
    rest = b""
    for piece in pieces:
        rest += piece
        units = len(rest) // 3 * 3
        if units:
            encoded, rest = binascii.b2a_base64(memoryview(rest)[:units], newline=False), rest[units:]
            yield encoded
    if rest:
        yield binascii.b2a_base64(rest, newline=False)


def in_pieces(data: bytes | memoryview) -> Iterator[bytes]:
    """Data that is in memory, in pieces that are copied one at a time."""
    return (bytes(data[start : start + _PIECE]) for start in range(0, len(data), _PIECE))


def joined(pieces: Iterable[bytes]) -> bytes:
    """The pieces as one, without having all of them and the whole in memory at once."""
    whole = io.BytesIO()
    for piece in pieces:
        whole.write(piece)
    return whole.getvalue()
