# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bytes in an Ansible Vault and out of it, in memory: what `ansible-vault encrypt` and `decrypt` do with files."""

from __future__ import annotations

import base64
import binascii
import re

from ansible.errors import AnsibleError, AnsibleFilterError
from ansible.module_utils.common.text.converters import to_bytes
from ansible.parsing.vault import VaultLib, VaultSecret, parse_vaulttext_envelope

# The id stands in the first line of a vault file, between semicolons.
_VAULT_ID = re.compile(r"[0-9A-Za-z_.-]{1,64}", re.ASCII)


def seal(content: bytes, secret: str, vault_id: str) -> bytes:
    """The text of a vault file. It is another one each time, as its salt is."""
    if not _VAULT_ID.fullmatch(vault_id):
        raise AnsibleFilterError("A vault id has 1 to 64 letters, digits, dots, hyphens and underscores. Rename it.")
    return VaultLib().encrypt(content, _secret(secret), vault_id=str(vault_id))


def unseal(text: bytes, secret: str) -> tuple[bytes, str]:
    """The content of a vault file and the vault id in its first line. The error quotes nothing of either."""
    try:
        content = VaultLib([("custody", _secret(secret))]).decrypt(text)
        return content, parse_vaulttext_envelope(text)[3]
    except AnsibleFilterError:
        raise
    except (AnsibleError, ValueError):
        raise AnsibleFilterError("This is not a vault file, it is damaged, or its secret is another one.") from None


def decoded(text: str, what: str) -> bytes:
    """The bytes that a base64 text stands for, such as slurp returns it."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, TypeError, ValueError):
        raise AnsibleFilterError(
            f"The {what} is not base64. Use the b64encode filter, or what slurp returns."
        ) from None


def _secret(secret: str) -> VaultSecret:
    if not isinstance(secret, str) or not secret.strip():
        raise AnsibleFilterError("The vault secret is empty. Check the file that it comes from.")
    return VaultSecret(to_bytes(secret))
