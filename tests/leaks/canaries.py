# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets made for a test, and a search for them in every form in which one may have got somewhere."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, quote_plus

# The search looks at every eighth place, so it finds what has eight bytes from whichever place on.
_WINDOW = 8
SHORTEST = 2 * _WINDOW - 1
# A piece of a TPD or a reply that is long enough to be of no other.
_PIECE = 48
_XML_NUMBER = re.compile(rb"<(P|Q|D|DP|DQ|InverseQ)>([^<]+)<")


@dataclass(frozen=True)
class Find:
    """A secret that was found, and the form in which."""

    secret: str
    form: str
    place: int  # bytes from the beginning


class Canaries:
    """All secrets of a test by what they are."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self._needles: dict[bytes, tuple[str, str]] = {}
        self._windows: dict[bytes, list[tuple[bytes, int]]] = {}

    def __len__(self) -> int:
        return len(self.names)

    def text(self, name: str, text: str) -> None:
        """A password, a line of a key, a hash: the whole of it, or each half where a half is long enough to be known by."""
        self.names.add(name)
        for piece in _halves(text):
            for form, needle in _forms(piece):
                self._add(name, form, needle)

    def raw(self, name: str, raw: bytes) -> None:
        """Bytes, such as a number of a key."""
        self.names.add(name)
        for piece in _halves(raw):
            for form, needle in (("as it is", piece), *_encoded("", piece)):
                self._add(name, form, needle)

    def private_key(self, name: str, key: Any) -> None:
        """Each secret number of an RSA key, as bytes in either order, as a decimal number, and as the base64 of XML."""
        private = key.private_numbers()
        for number in (private.p, private.q, private.d, private.dmp1, private.dmq1, private.iqmp):
            size = (number.bit_length() + 7) // 8
            self.text(name, str(number))
            self.text(name, base64.b64encode(number.to_bytes(size, "big")).decode("ascii"))
            for order in ("big", "little"):
                self.raw(name, number.to_bytes(size, order))

    def file(self, name: str, content: bytes) -> None:
        """Whatever a secret file holds, known by its form: a key, a TPD or a reply, or else a password."""
        numbers = _XML_NUMBER.findall(content)
        lines = content.split(b"\n")
        if numbers:
            for _tag, number in numbers:
                self.text(name, number.decode("ascii").strip())
        elif content.startswith(b"-----BEGIN"):
            for line in lines:
                if len(line) >= SHORTEST and not line.startswith(b"-----"):
                    self.text(name, line.decode("ascii"))
        elif content.startswith(b"$ANSIBLE_VAULT"):
            self.text(name, lines[1].decode("ascii")[:_PIECE])
        elif content.lstrip().startswith(b"<"):
            for share in (1, 2, 3):
                begin = len(content) * share // 4
                self.text(name, content[begin : begin + _PIECE].decode("latin-1"))
        elif len(content) >= SHORTEST:
            text = content.decode("utf-16-le" if b"\0" in content else "utf-8")
            self.text(name, text.strip("\ufeff\r\n"))

    def _add(self, name: str, form: str, needle: bytes) -> None:
        if len(needle) < SHORTEST or needle in self._needles:
            return
        self._needles[needle] = (name, form)
        for shift in range(_WINDOW):
            self._windows.setdefault(needle[shift : shift + _WINDOW], []).append((needle, shift))

    def find(self, data: bytes) -> list[Find]:
        """Every secret that is in there, once; also where a text is broken into lines, as base64 often is."""
        unbroken = data.replace(b"\\r", b"").replace(b"\\n", b"").translate(None, b"\r\n ")
        found: dict[tuple[str, str], Find] = {}
        for text in (data, unbroken):
            for find in self._search(text):
                found.setdefault((find.secret, find.form), find)
        return list(found.values())

    def _search(self, data: bytes) -> Iterator[Find]:
        windows = self._windows
        for place in range(0, len(data) - _WINDOW + 1, _WINDOW):
            for needle, shift in windows.get(data[place : place + _WINDOW], ()):
                if place >= shift and data.startswith(needle, place - shift):
                    yield Find(*self._needles[needle], place - shift)


def _halves(whole: Any) -> list[Any]:
    """A text or bytes; whoever has one half of a password tries the other."""
    middle = len(whole) // 2
    return [whole[:middle], whole[middle:]] if middle >= SHORTEST else [whole]


def _forms(text: str) -> Iterator[tuple[str, bytes]]:
    for name in ("utf-8", "latin-1", "utf-16-le", "utf-16-be"):
        yield name, text.encode(name, "replace")
    yield "JSON", json.dumps(text)[1:-1].encode()
    yield "URL", quote(text).encode()
    yield "URL", quote_plus(text).encode()
    for name in ("utf-8", "utf-16-le"):
        yield from _encoded(f" of {name}", text.encode(name))


def _encoded(of: str, raw: bytes) -> Iterator[tuple[str, bytes]]:
    yield f"hex{of}", raw.hex().encode()
    yield f"hex{of}", raw.hex().upper().encode()
    # Base64 begins anew with every third byte, so it depends on how many stand before; only whole characters count.
    for before, encoded_before in ((0, 0), (1, 2), (2, 3)):
        whole = (before + len(raw)) * 8 // 6
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            yield f"base64{of}", encode(b"\0" * before + raw)[encoded_before:whole]
