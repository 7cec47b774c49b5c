# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""peer.py REPLY KEY [whole]: peer (c), the same with libxmlsec1 (PyPI xmlsec), lxml and PyCA's cryptography.

Proves that the password opens the TPD's key data; with `whole` also that it opens the description, which must parse.
"""

from __future__ import annotations

import base64
import hashlib
import sys

import xmlsec
from cryptography.hazmat.primitives import padding, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from lxml import etree
from opened import Opened, tell

# The texts are longer than libxml2 allows by default.
PARSER = etree.XMLParser(huge_tree=True, resolve_entities=False, no_network=True)
IV = bytes(range(1, 17))


def open_reply(reply: bytes, key: bytes) -> Opened:
    """Decrypt, take password and TPD, prove."""
    password, tpd = _decrypt(reply, key)
    root = etree.fromstring(tpd, PARSER)
    secret = hashlib.sha256(password.encode("utf-16-le")).digest()[:16]
    if "whole" in sys.argv:
        description = etree.fromstring(_value(root, "m_strTrustedDocDomainInfo", secret), PARSER)
        if description.find("anyType/m_ttdki") is None:
            raise ValueError("The description is not one.")
    tenant_key = _private_key(_value(root, "m_strKeyData", secret))
    spki = tenant_key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return Opened(password, tpd, hashlib.sha256(spki).hexdigest())


def _decrypt(reply: bytes, key: bytes) -> tuple[str, bytes]:
    root = etree.fromstring(reply, PARSER)
    manager = xmlsec.KeysManager()
    manager.add_key(xmlsec.Key.from_memory(key, xmlsec.constants.KeyDataFormatPem))
    data = xmlsec.tree.find_node(root, xmlsec.constants.NodeEncryptedData, xmlsec.constants.EncNs)
    plain = xmlsec.EncryptionContext(manager).decrypt(data)
    return plain.findtext("Password"), base64.b64decode(plain.findtext("TPD"))


def _value(root: etree._Element, name: str, secret: bytes) -> bytes:
    decryptor = Cipher(algorithms.AES(secret), modes.CBC(IV)).decryptor()
    padded = decryptor.update(base64.b64decode(root.findtext(f"anyType/{name}"))) + decryptor.finalize()
    unpadder = padding.PKCS7(128).unpadder()
    return unpadder.update(padded) + unpadder.finalize()


def _private_key(blob: bytes) -> rsa.RSAPrivateKey:
    """[MS-WCCE] 2.2.2.9.1. PyCA proves that the numbers form a key."""
    exponent, length = int.from_bytes(blob[16:20], "little"), int.from_bytes(blob[12:16], "little") // 8
    numbers, position = [], 20
    for size in (length, *[length // 2] * 5, length):
        numbers.append(int.from_bytes(blob[position : position + size], "little"))
        position += size
    n, p, q, dp, dq, inverse, d = numbers
    return rsa.RSAPrivateNumbers(p, q, d, dp, dq, inverse, rsa.RSAPublicNumbers(exponent, n)).private_key()


if __name__ == "__main__":
    tell(open_reply)
