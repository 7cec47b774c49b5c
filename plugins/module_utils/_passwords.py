# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The passwords that operations are given: in an option, or in a file that its twin names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import _secrets
from ._files import read_file
from ._inputs import about
from ._tpd import TpdError, passwords, tpd

# For the argument specification of every operation that opens a TPD; documented in the fragment `password`.
PASSWORD_OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "password": {"type": "str", "no_log": True},
    "password_file": {"type": "path", "no_log": False},
}


def password(params: Mapping[str, Any], option: str = "password") -> str:
    """The password that an option or the file named by its twin holds; registered as a secret."""
    secret = optional_password(params, option)
    if secret is None:
        raise TpdError(f"Neither {option} nor {option}_file was given. Give one of them.")
    return secret


def open_tpd(content: bytes, secret: str) -> tpd.Tpd:
    """The TPD that a password opens; its private key is registered as a secret. Errors: those of L{tpd.open}."""
    opened = tpd.open(content, secret)
    if opened.key_blob is not None:
        _secrets.register(opened.key_blob)
    return opened


def optional_password(params: Mapping[str, Any], option: str) -> str | None:
    """As L{password}, or None where neither option was given."""
    secret, path = params[option], params.get(f"{option}_file")
    if path is not None:
        content = read_file(path, passwords.LARGEST_FILE, f"{option.replace('_', ' ')} file")
        with about(path):
            secret = passwords.decode(content)
    if secret == "":
        raise TpdError(f"The given {option} is empty. Check the variable that it comes from.")
    if secret is not None:
        _secrets.register(secret)
    return secret
