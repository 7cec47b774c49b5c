# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The exported TPD: opening and sealing.

An outer XML document holds two values, both AES-128-CBC under a key that is derived from the password: the description
of the trusted publishing domain (XML again) and the private key (a CSP key blob). There is no MAC, so a password is
right when the description parses and has the right shape. Source: the importers of AD RMS and Exchange; see
docs/formats.md for what is and is not known.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain

from . import TpdError, primitives, xmlsafe
from .pieces import Base64, b64encoded, joined
from .primitives import DecryptionError
from .xmlsafe import Element

OUTER_TYPE = "EncryptedTrustedDocDomain"
INNER_TYPE = "TrustedDocDomain"
ROOT = "ArrayOfAnyType"
_XSI_TYPE = "http://www.w3.org/2001/XMLSchema-instance type"
_IV = bytes(range(1, 17))
_ROOT_TAG = (
    f'<{ROOT} xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">'
)
_END = f"</anyType></{ROOT}>"
# How a description may begin, after a BOM and white space and without the NULs of UTF-16.
_BEGINNINGS = (b"<?xml", b"<Array", b"<!--")
_KEY_INFORMATION = (
    "strID",
    "strIDType",
    "nCSPType",
    "strCSPName",
    "strKeyContainerName",
    "nKeyNumber",
    "strEncryptedPrivateKey",
)


class TpdFormatError(TpdError):
    """The document is not a TPD, or not a whole one."""


class WrongPassword(TpdError):
    """The TPD does not open with the password."""

    def __init__(self) -> None:
        super().__init__(
            "The TPD does not open with this password. Is it the password file of this TPD, and is the TPD unchanged?"
        )


@dataclass(frozen=True)
class Tpd:
    """An opened TPD. Version 2 derives its key with SHA-256, version 1 with PBKDF1 ("RMS version 1.0" compatible).

    C{key_blob} is None where the key is not in the file (held by an HSM, or "keyless"). C{chain} and C{templates} are
    XrML documents as text. Nothing of what is secret shows in the representation.
    """

    version: int
    key_id: str
    key_id_type: str
    csp_type: int
    csp_name: str
    key_container: str
    key_number: int
    key_blob: bytes | None = field(repr=False)
    chain: tuple[str, ...] = field(repr=False)
    templates: tuple[str, ...] = field(repr=False)
    encrypted_private_key: str | None = field(default=None, repr=False)

    def keyless(self) -> Tpd:
        """The same TPD without its private key, in whatever form it was there."""
        return replace(self, key_blob=None, encrypted_private_key=None)


def derive_key(password: str, version: int) -> bytes:
    """The 16-byte AES key of a password."""
    if version == 2:
        return hashlib.sha256(password.encode("utf-16-le")).digest()[:16]
    digest = password.encode("utf-8")
    for _iteration in range(100):
        digest = hashlib.sha1(digest).digest()
    return digest[:16]


@dataclass(frozen=True)
class Sealed:
    """The two encrypted values of a TPD that nobody has opened yet, as base64. C{key_data} is empty for a keyless TPD."""

    info: Base64 = field(repr=False)
    key_data: Base64 = field(repr=False)

    def may_open(self, password: str, version: int) -> bool:
        """Whether the password may be right under this version, judged cheaply by how the description would begin."""
        beginning = primitives.aes_cbc_decrypt(derive_key(password, version), _IV, self._beginning)
        return beginning.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(_BEGINNINGS)

    def open(self, password: str) -> Tpd:
        """Open with a password. Errors: L{WrongPassword}, L{TpdFormatError}."""
        try:
            password.encode("utf-8")
        except UnicodeEncodeError:
            raise WrongPassword from None
        for version in (2, 1):
            try:
                if not self.may_open(password, version):
                    continue
                key = derive_key(password, version)
                info = primitives.aes_cbc_decrypt(key, _IV, self.info.decoded(), primitives.pkcs7)
                root = xmlsafe.parse(info, "The TPD's description").root
            except (DecryptionError, xmlsafe.XmlError):
                continue
            member = _only_member(root, INNER_TYPE, "The TPD's description")
            return _from_description(member, version, self._private_key(key))
        raise WrongPassword

    def document(self) -> bytes:
        """The TPD file's content: UTF-8 without BOM, in the shape of .NET's XmlSerializer."""
        return _outer_document(self.info.stripped(), self.key_data.stripped())

    @cached_property
    def _beginning(self) -> bytes:
        """Two cipher blocks, decoded once, as many passwords may be tried on them."""
        found, size = b"", 2 * primitives.BLOCK
        try:
            for piece in self.info.decoded():
                found += piece
                if len(found) >= size:
                    break
        except ValueError:
            pass  # as good as a damaged one: it opens with no password
        return found[:size]

    def _private_key(self, key: bytes) -> bytes | None:
        if not self.key_data.size:
            return None
        try:
            return primitives.aes_cbc_decrypt(key, _IV, self.key_data.decoded(), primitives.pkcs7) or None
        except DecryptionError:
            raise TpdFormatError(
                "The TPD opens with this password but its key data is damaged. Take the file from a backup."
            ) from None


def read(data: bytes) -> Sealed:
    """The sealed TPD in a file's content. Errors: L{TpdFormatError}, L{xmlsafe.XmlError}."""
    return read_element(xmlsafe.parse(data, "The TPD").root)


def read_element(root: Element) -> Sealed:
    """The sealed TPD in a parsed document."""
    member = _only_member(root, OUTER_TYPE, "The TPD")
    info = _cipher_text(member, "m_strTrustedDocDomainInfo")
    if not info.size:
        raise TpdFormatError(
            "The TPD has no m_strTrustedDocDomainInfo, which holds its description. Is the file complete?"
        )
    return Sealed(info, _cipher_text(member, "m_strKeyData"))


def open(data: bytes, password: str) -> Tpd:  # noqa: A001  # pylint: disable=redefined-builtin
    """Open a TPD file's content with its password. Errors: L{TpdError} and nothing else."""
    return read(data).open(password)


def seal(tpd: Tpd, password: str) -> bytes:
    """A TPD file's content, of the version that the TPD names. Errors: L{TpdError}."""
    try:
        key = derive_key(password, tpd.version)
    except UnicodeEncodeError:
        raise TpdError("The new password holds a character that no text file can carry. Choose another one.") from None
    description = (part.encode("utf-8") for part in _description(tpd))
    info = b64encoded(primitives.aes_cbc_encrypted(key, _IV, description))
    key_data = primitives.aes_cbc_encrypted(key, _IV, iter([tpd.key_blob])) if tpd.key_blob else iter(())
    return _outer_document(info, b64encoded(key_data))


def _only_member(root: Element, member_type: str, what: str) -> Element:
    if root.name != ROOT or root.namespace:
        raise TpdFormatError(
            f"{what} is XML of another kind: its root is not {ROOT} without a namespace. Is it the file ExportedTPD-<GUID>.xml?"
        )
    members = [child for child in root.children if child.name == "anyType" and not child.namespace]
    if len(members) != 1:
        raise TpdFormatError(
            f"{what} holds {len(members)} entries (anyType) where importers expect exactly one. Is it complete and unchanged?"
        )
    if members[0].attributes.get(_XSI_TYPE) != member_type:
        raise TpdFormatError(
            f"{what} holds an entry whose xsi:type is not {member_type}, as importers expect. Is it the right file?"
        )
    return members[0]


def _member(parent: Element, name: str) -> Element | None:
    """The first member of a name. One in a namespace is unknown to .NET's XmlSerializer, which ignores it."""
    return next((child for child in parent.children if child.name == name and not child.namespace), None)


def _value(parent: Element, name: str) -> str | None:
    member = _member(parent, name)
    return None if member is None else member.text


def _cipher_text(parent: Element, name: str) -> Base64:
    member = _member(parent, name)
    value = Base64.of(b"") if member is None else member.base64()
    if value is None or value.size % primitives.BLOCK:
        raise TpdFormatError(
            f"The TPD's {name} is not base64 of whole cipher blocks. Is the file complete and unchanged?"
        )
    return value


def _from_description(member: Element, version: int, key_blob: bytes | None) -> Tpd:
    info = _member(member, "m_ttdki")
    if info is None:
        raise TpdFormatError(
            "The TPD's description holds no key information (m_ttdki), so importers refuse it. Ask for the export again."
        )
    return Tpd(
        version=version,
        key_id=_value(info, "strID") or "",
        key_id_type=_value(info, "strIDType") or "",
        csp_type=_number(info, "nCSPType"),
        csp_name=_value(info, "strCSPName") or "",
        key_container=_value(info, "strKeyContainerName") or "",
        key_number=_number(info, "nKeyNumber"),
        key_blob=key_blob,
        chain=_strings(member, "m_strLicensorCertChain"),
        templates=_strings(member, "m_astrRightsTemplates"),
        encrypted_private_key=_value(info, "strEncryptedPrivateKey"),
    )


def _number(info: Element, name: str) -> int:
    text = (_value(info, name) or "0").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise TpdFormatError(f"The TPD's {name} is not a number, so importers refuse it. Ask for the export again.")
    return int(text)


def _strings(member: Element, name: str) -> tuple[str, ...]:
    container = _member(member, name)
    children = [] if container is None else container.children
    return tuple(child.text for child in children if child.name == "string" and not child.namespace)


def _description(tpd: Tpd) -> Iterator[str]:
    """In parts, as it may be large."""
    values = (
        tpd.key_id,
        tpd.key_id_type,
        str(tpd.csp_type),
        tpd.csp_name,
        tpd.key_container,
        str(tpd.key_number),
        tpd.encrypted_private_key,
    )
    key_information = [_element(name, value) for name, value in zip(_KEY_INFORMATION, values) if value is not None]
    yield _opening(INNER_TYPE)
    yield from _parent("m_ttdki", key_information)
    yield from _parent("m_strLicensorCertChain", [_element("string", text) for text in tpd.chain])
    yield from _parent("m_astrRightsTemplates", (_element("string", text) for text in tpd.templates))
    yield _END


def _element(name: str, value: str) -> str:
    return f"<{name}>{xmlsafe.escape(value)}</{name}>" if value else f"<{name} />"


def _parent(name: str, children: Iterable[str]) -> Iterator[str]:
    empty = True
    for child in children:
        yield f"<{name}>{child}" if empty else child
        empty = False
    yield f"<{name} />" if empty else f"</{name}>"


def _opening(member_type: str) -> str:
    return f'<?xml version="1.0" encoding="utf-8"?>\n{_ROOT_TAG}<anyType xsi:type="{member_type}">'


def _outer_document(info: Iterator[bytes], key_data: Iterator[bytes]) -> bytes:
    """The file around the two values, which come as base64 in pieces."""
    parts: list[Iterable[bytes]] = [[_opening(OUTER_TYPE).encode("ascii")]]
    for name, value in (("m_strTrustedDocDomainInfo", info), ("m_strKeyData", key_data)):
        first = next(value, b"")
        if first:
            parts += [[f"<{name}>".encode("ascii"), first], value, [f"</{name}>".encode("ascii")]]
    return joined(chain.from_iterable([*parts, [_END.encode("ascii")]]))
