# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents of XML Encryption, put together piece by piece, so that a test can leave out or bend any piece."""

from __future__ import annotations

import os
from typing import Any

from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import primitives, xmlenc

from .made import b64, key

XMLENC, XMLDSIG = xmlenc.XMLENC, xmlenc.XMLDSIG
AES256 = XMLENC + "aes256-cbc"
PLAIN = "<Password>made for a test, Grüße</Password>".encode()


def cipher(value: bytes) -> str:
    """CipherData with a value."""
    return f"<CipherData><CipherValue>{b64(value)}</CipherValue></CipherData>"


def encrypted_key(
    secret: bytes,
    to: Any = None,
    method: str = f'<EncryptionMethod Algorithm="{xmlenc.RSA_1_5}"/>',
    padding: primitives.RsaPadding = primitives.PKCS1V15,
    inside: str = "",
    attributes: str = "",
) -> str:
    """An EncryptedKey, by default as .NET makes it."""
    value = primitives.rsa_encrypt((to or key()).public_key(), secret, padding)
    return f'<EncryptedKey xmlns="{XMLENC}" {attributes}>{method}{inside}{cipher(value)}</EncryptedKey>'


def key_info(inside: str) -> str:
    """KeyInfo around an EncryptedKey or a hint."""
    return f'<KeyInfo xmlns="{XMLDSIG}">{inside}</KeyInfo>'


def encrypted_data(
    value: bytes,
    info: str = "",
    method: str = AES256,
    attributes: str = f'Type="{XMLENC}Element"',
    data: str | None = None,
) -> str:
    """An EncryptedData."""
    data = cipher(value) if data is None else data
    method = f'<EncryptionMethod Algorithm="{method}"/>' if method else ""
    return f'<EncryptedData xmlns="{XMLENC}" {attributes}>{method}{info}{data}</EncryptedData>'


def aes(secret: bytes, plain: bytes = PLAIN) -> bytes:
    """AES-CBC with the IV in front."""
    iv = os.urandom(16)
    return iv + primitives.aes_cbc_encrypt(secret, iv, plain)


def document(*parts: str) -> bytes:
    """The parts in a document."""
    return f"<Reply>{''.join(parts)}</Reply>".encode()


def usual(secret: bytes = bytes(range(32)), plain: bytes = PLAIN, to: Any = None) -> bytes:
    """What .NET's EncryptedXml makes of a plain text when nothing is asked of it."""
    return document(encrypted_data(aes(secret, plain), key_info(encrypted_key(secret, to))))
