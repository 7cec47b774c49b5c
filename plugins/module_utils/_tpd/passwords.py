# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The password of a TPD: its file, a new one, and how strong it is.

The key derivation of a TPD is one unsalted hash, so the password's strength is all the protection there is.
"""

from __future__ import annotations

import math
import secrets

from . import TpdError

# Letters and digits that are not mistaken for one another when a password is read aloud or typed from paper.
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789"
_LENGTH = 32  # 186 bits
WEAK_BELOW_BITS = 80
LONGEST = 1024  # characters that a reply may carry
LARGEST_FILE = 64 * 1024  # bytes


def decode(data: bytes) -> str:
    """The password in a password file: UTF-8 or UTF-16, with or without BOM, less exactly one final line end.

    Nothing else is dropped, as a password may begin or end with a space.
    """
    if len(data) > LARGEST_FILE:
        raise TpdError(
            f"The password file is {len(data)} bytes long; no password takes more than {LARGEST_FILE}. Is it the right file?"
        )
    try:
        text: str | None = data.decode(_encoding(data))
    except UnicodeDecodeError:
        text = None
    if text is None or "\0" in text:
        raise TpdError(
            "The password file is neither UTF-8 nor UTF-16 text. Save it as UTF-8 and leave everything else as it is."
        )
    for line_end in ("\r\n", "\n", "\r"):
        if text.endswith(line_end):
            text = text[: -len(line_end)]
            break
    if not text:
        raise TpdError("The password file is empty. Write the password into it, alone and as UTF-8.")
    return text


def _encoding(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\0" not in data:
        try:
            data.decode("utf-8")
            return "utf-8-sig"
        except UnicodeDecodeError:
            return "utf-16-le"
    # Text in a Latin script has its NULs in the second byte of each pair when it is little-endian.
    return "utf-16-le" if data[1::2].count(0) >= data[::2].count(0) else "utf-16-be"


def encode(password: str) -> bytes:
    """The password file: the password alone, UTF-8, no BOM, no final line end.

    A password that itself begins with a BOM or ends in a line end gets a second one, so that L{decode} gives it back.
    Errors: L{TpdError} for what no text file can carry.
    """
    first = "\ufeff" if password.startswith("\ufeff") else ""
    last = password[-1] if password.endswith(("\r", "\n")) else ""
    try:
        data = (first + password + last).encode("utf-8")
    except UnicodeEncodeError:
        data = b""
    if not data or b"\0" in data:
        raise TpdError("The password is empty or holds what no text file can carry. Choose another one.")
    return data


def generate() -> str:
    """A new password of more than 128 bits, in characters that every shell, keyboard and code page carries."""
    return "".join(secrets.choice(_ALPHABET) for _count in range(_LENGTH))


def weakness(password: str) -> str | None:
    """One sentence where the password of a TPD could be guessed, None otherwise."""
    if not is_weak(password):
        return None
    return (
        f"The password is weak (below {WEAK_BELOW_BITS} bits by length and kinds of characters), and nothing else protects a copy "
        "of the TPD. Seal it under a generated one."
    )


def is_weak(password: str) -> bool:
    """Whether it could be guessed, by an upper bound of its strength: length times alphabet used."""
    alphabet = 0
    for characters, size in (
        ("abcdefghijklmnopqrstuvwxyz", 26),
        ("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 26),
        ("0123456789", 10),
    ):
        if any(character in characters for character in password):
            alphabet += size
    if any(not (character.isascii() and character.isalnum()) for character in password):
        alphabet += 33
    # A character that repeats adds little, so the number of different ones bounds what the alphabet is worth.
    alphabet = min(alphabet, 2 * len(set(password)))
    return len(password) * math.log2(max(alphabet, 1)) < WEAK_BELOW_BITS
