# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What several operations are given in the same way: hashes, and files of bounded size."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

from ._tpd import TpdError

# A reply carries a TPD in base64 twice over, so this admits a TPD of well over 100 MB. A real one has some hundred KB.
LARGEST_DOCUMENT = 256 * 1024 * 1024
LARGEST_KEY_FILE = 1024 * 1024
# Of one secret file. A TPD with many templates has some hundred kilobytes; whatever is much larger is not a key.
LARGEST_SECRET_FILE = 64 * 1024 * 1024


@contextmanager
def about(path: str) -> Iterator[None]:
    """Name the file in an error of the pure core, which gets bytes and knows no path."""
    try:
        yield
    except TpdError as error:
        raise TpdError(f"{path}: {error}") from error


def is_there(path: str) -> bool:
    """False only where there is no such file; whatever else hinders shows when the file is read."""
    try:
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return not path
    except (OSError, ValueError):
        pass
    return True


def sha256(text: str | None, option: str) -> str | None:
    """An expected SHA-256 in lower case, or None where none was given."""
    if text is None:
        return None
    if not re.fullmatch(r"[0-9a-fA-F]{64}", text, re.ASCII):
        raise TpdError(f"{option} is not a SHA-256, which has 64 hexadecimal digits. Copy it again.")
    return text.lower()


def exposed(path: str, mode: int, allowed: int = 0o600, then: str = "a new key pair") -> list[str]:
    """A warning where a private key's mode lets in more users than it may; ``then``: what may follow from that."""
    if not mode & 0o077 & ~allowed:
        return []
    warning = (
        f"{path} had mode {mode:04o} when it was looked at, so others may have read the private key. Keep it at"
        f" {allowed:04o}, and think about {then}."
    )
    return [warning]
