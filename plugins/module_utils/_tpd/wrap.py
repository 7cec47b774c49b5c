# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The other direction of L{envelope}: wraps a password and a TPD as a reply, in each form that is recognised.

An envelope is named by its kind and, separated by "/", whatever is to differ from the kind's default:

  xmlenc    W3C XML Encryption: content (aes256-cbc), transport (rsa-1_5), OAEP digest (sha1) and MGF1 digest (mgf1sha1),
            and where the EncryptedKey stands (inside)
  password  the password under RSA (oaep-sha1, utf-8), the TPD in clear
  aes       both under AES-CBC (aes256) whose key is under RSA (oaep-sha1), with the IV (prefixed) of choice
  blocks    both under RSA (oaep-sha1), block by block
"""

from __future__ import annotations

import base64
import os
from typing import TYPE_CHECKING, Callable

from . import TpdError, metered, primitives, xmlenc, xmlsafe
from .primitives import RsaPadding

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

_PADDINGS = {"oaep-sha1": primitives.OAEP_SHA1, "oaep-sha256": primitives.OAEP_SHA256, "pkcs1": primitives.PKCS1V15}
_CONTENTS = {xmlenc.shown(uri): uri for uri in xmlenc.CONTENTS}
_TRANSPORTS = {xmlenc.shown(uri): uri for uri in (xmlenc.RSA_1_5, xmlenc.RSA_OAEP_MGF1P, xmlenc.RSA_OAEP)}
_DIGEST_URIS: dict[str, str] = {}
for _uri, _name in xmlenc.DIGESTS.items():
    _DIGEST_URIS.setdefault(_name, _uri)
_MGF_URIS = {f"mgf1{name}": uri for uri, name in xmlenc.MGFS.items()}

# The choices of each kind, the default first.
KINDS: dict[str, dict[str, list[str]]] = {
    "xmlenc": {
        "content": ["aes256-cbc", *(name for name in _CONTENTS if name != "aes256-cbc")],
        "transport": list(_TRANSPORTS),
        "digest": list(_DIGEST_URIS),
        "mgf": list(_MGF_URIS),
        "placement": ["inside", "beside", "retrieval"],
    },
    "password": {"padding": list(_PADDINGS), "text": ["utf-8", "utf-16-le"]},
    "aes": {
        "key": ["aes256", "aes192", "aes128"],
        "padding": list(_PADDINGS),
        "iv": ["prefixed", "zero", "value", "with-key"],
    },
    "blocks": {"padding": list(_PADDINGS)},
}


def choose(envelope: str) -> tuple[str, dict[str, str]]:
    """Kind and choices that an envelope's name stands for. Errors: L{TpdError}."""
    kind, *parts = envelope.split("/")
    if kind not in KINDS:
        raise TpdError(f"The envelope's kind is unknown. Use one of {', '.join(KINDS)}.")
    chosen = {name: choices[0] for name, choices in KINDS[kind].items()}
    for part in parts:
        name = next((name for name, choices in KINDS[kind].items() if part in choices), None)
        if name is None:
            known = ", ".join(choice for choices in KINDS[kind].values() for choice in choices)
            raise TpdError(f"The envelope {kind} has no such choice. It knows {known}.")
        chosen[name] = part
    return kind, chosen


def wrap(envelope: str, password: str, tpd: bytes, key: RSAPublicKey) -> bytes:
    """A reply as XML. Errors: L{TpdError} for an unknown envelope and for a password too long for one RSA block."""
    kind, chosen = choose(envelope)
    makers: dict[str, Callable[[dict[str, str], str, bytes, RSAPublicKey], str]] = {
        "xmlenc": _xml_encryption,
        "password": _password,
        "aes": _aes,
        "blocks": _blocks,
    }
    try:
        body = makers[kind](chosen, password, tpd, key)
    except ValueError:
        raise TpdError(
            "One block of the request key is too small for this envelope. Use a shorter password, a larger key, or another envelope."
        ) from None
    return f'<?xml version="1.0" encoding="utf-8"?>\n<TenantKeyReply>{body}</TenantKeyReply>\n'.encode()


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _export(password: str, tpd: bytes) -> bytes:
    return f"<TenantKeyExport><Password>{xmlsafe.escape(password)}</Password><TPD>{_text(tpd)}</TPD></TenantKeyExport>".encode()


def _password(chosen: dict[str, str], password: str, tpd: bytes, key: RSAPublicKey) -> str:
    encrypted = primitives.rsa_encrypt(key, password.encode(chosen["text"]), _PADDINGS[chosen["padding"]])
    return f"<EncryptedPassword>{_text(encrypted)}</EncryptedPassword><TPD>{_text(tpd)}</TPD>"


def _aes(chosen: dict[str, str], password: str, tpd: bytes, key: RSAPublicKey) -> str:
    secret = os.urandom(int(chosen["key"][3:]) // 8)
    iv = bytes(primitives.BLOCK) if chosen["iv"] == "zero" else os.urandom(primitives.BLOCK)
    payload = primitives.aes_cbc_encrypt(secret, iv, _export(password, tpd))
    transported = secret + iv if chosen["iv"] == "with-key" else secret
    given = f"<IV>{_text(iv)}</IV>" if chosen["iv"] == "value" else ""
    prefix = iv if chosen["iv"] == "prefixed" else b""
    encrypted = primitives.rsa_encrypt(key, transported, _PADDINGS[chosen["padding"]])
    return f"<Key>{_text(encrypted)}</Key>{given}<Data>{_text(prefix + payload)}</Data>"


def _blocks(chosen: dict[str, str], password: str, tpd: bytes, key: RSAPublicKey) -> str:
    overhead = {"oaep-sha1": 42, "oaep-sha256": 66, "pkcs1": 11}[chosen["padding"]]
    step = primitives.modulus_length(key) - overhead
    plain, padding = _export(password, tpd), _PADDINGS[chosen["padding"]]
    if len(plain) > step * metered.most_blocks(key.key_size):
        raise TpdError("The TPD is too large to be encrypted in RSA blocks. Use another envelope.")
    blocks = [primitives.rsa_encrypt(key, plain[start : start + step], padding) for start in range(0, len(plain), step)]
    return f"<Data>{_text(b''.join(blocks))}</Data>"


def _xml_encryption(chosen: dict[str, str], password: str, tpd: bytes, key: RSAPublicKey) -> str:
    uri = _CONTENTS[chosen["content"]]
    secret = os.urandom(xmlenc.CONTENTS[uri].key_length)
    value = _text(_encrypt(uri, secret, _export(password, tpd)))
    encrypted_key = _encrypted_key(chosen, primitives.rsa_encrypt(key, secret, _transport_padding(chosen)))
    hint, beside = encrypted_key, ""
    if chosen["placement"] == "beside":
        hint, beside = "", encrypted_key
    elif chosen["placement"] == "retrieval":
        hint, beside = f'<RetrievalMethod URI="#key" Type="{xmlenc.XMLENC}EncryptedKey" />', encrypted_key
    key_info = f'<KeyInfo xmlns="{xmlenc.XMLDSIG}">{hint}</KeyInfo>' if hint else ""
    return (
        f'<EncryptedData xmlns="{xmlenc.XMLENC}" Id="data" Type="{xmlenc.XMLENC}Element"><EncryptionMethod Algorithm="{uri}" />'
        f"{key_info}<CipherData><CipherValue>{value}</CipherValue></CipherData></EncryptedData>{beside}"
    )


def _encrypt(uri: str, secret: bytes, plain: bytes) -> bytes:
    if uri.endswith("-gcm"):
        nonce = os.urandom(12)
        return nonce + primitives.aes_gcm_encrypt(secret, nonce, plain)
    if uri.endswith("tripledes-cbc"):
        iv = os.urandom(8)
        return iv + primitives.triple_des_cbc_encrypt(secret, iv, plain)
    iv = os.urandom(16)
    return iv + primitives.aes_cbc_encrypt(secret, iv, plain)


def _transport_padding(chosen: dict[str, str]) -> RsaPadding:
    if chosen["transport"] == "rsa-1_5":
        return primitives.PKCS1V15
    return RsaPadding(chosen["digest"], chosen["mgf"][4:] if chosen["transport"] == "rsa-oaep" else "sha1")


def _encrypted_key(chosen: dict[str, str], value: bytes) -> str:
    details = ""
    if chosen["transport"] != "rsa-1_5":
        details = f'<DigestMethod xmlns="{xmlenc.XMLDSIG}" Algorithm="{_DIGEST_URIS[chosen["digest"]]}" />'
    if chosen["transport"] == "rsa-oaep":
        details += f'<MGF xmlns="{xmlenc.XMLENC11}" Algorithm="{_MGF_URIS[chosen["mgf"]]}" />'
    return (
        f'<EncryptedKey xmlns="{xmlenc.XMLENC}" Id="key"><EncryptionMethod Algorithm="{_TRANSPORTS[chosen["transport"]]}">{details}'
        f"</EncryptionMethod><CipherData><CipherValue>{_text(value)}</CipherValue></CipherData>"
        '<ReferenceList><DataReference URI="#data" /></ReferenceList></EncryptedKey>'
    )
