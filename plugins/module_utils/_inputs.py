# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What several operations are given in the same way: passwords, hashes, and files of bounded size."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from . import _secrets
from ._files import read_file
from ._tpd import TpdError, passwords

# A reply carries a TPD in base64 twice over, so this admits a TPD of well over 100 MB. A real one has some hundred KB.
LARGEST_DOCUMENT = 256 * 1024 * 1024
LARGEST_KEY_FILE = 1024 * 1024
LARGEST_PASSWORD_FILE = 64 * 1024

# For the argument specification of every operation that opens a TPD; documented in the fragment `password`.
PASSWORD_OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "password": {"type": "str", "no_log": True},
    "password_file": {"type": "path", "no_log": False},
}


@contextmanager
def about(path: str) -> Iterator[None]:
    """Name the file in an error of the pure core, which gets bytes and knows no path."""
    try:
        yield
    except TpdError as error:
        raise TpdError(f"{path}: {error}") from error


def password(params: Mapping[str, Any], option: str = "password") -> str:
    """The password that an option or the file named by its twin holds; registered as a secret."""
    secret = optional_password(params, option)
    if secret is None:
        raise TpdError(f"Neither {option} nor {option}_file was given. Give one of them.")
    return secret


def optional_password(params: Mapping[str, Any], option: str) -> str | None:
    """As L{password}, or None where neither option was given."""
    secret, path = params[option], params.get(f"{option}_file")
    if path is not None:
        content = read_file(path, LARGEST_PASSWORD_FILE, f"{option.replace('_', ' ')} file")
        with about(path):
            secret = passwords.decode(content)
    if secret == "":
        raise TpdError(f"The given {option} is empty. Check the variable that it comes from.")
    if secret is not None:
        _secrets.register(secret)
    return secret


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
