# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TPDs of ten megabytes by somebody who has the public key and knows how they are read."""

from __future__ import annotations

import targets
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import xmlsafe
from hostile_files import XML, Maker, filled, numbered


def sealed(make: Maker) -> Maker:
    """What a TPD decrypts to."""
    return lambda size: targets.sealed(make(size * 3 // 4 - 2_000)).document()


def declared(make: Maker) -> Maker:
    """The same XML, beginning as a description does; others are taken for what a wrong password yields."""

    def made(size: int) -> bytes:
        content = make(size)
        return content if content.startswith((b"<?xml", b"<!--")) else b'<?xml version="1.0"?>' + content

    return made


def description(chain: Maker | None = None, templates: Maker | None = None) -> Maker:
    """A description that opens, with any chain or any templates."""

    def make(size: int) -> bytes:
        return (
            b'<ArrayOfAnyType xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><anyType xsi:type="TrustedDocDomain">'
            b"<m_ttdki><strID>a</strID></m_ttdki><m_strLicensorCertChain>%s</m_strLicensorCertChain>"
            b"<m_astrRightsTemplates>%s</m_astrRightsTemplates></anyType></ArrayOfAnyType>"
        ) % (chain(size) if chain else b"", templates(size) if templates else b"")

    return sealed(make)


def _escaped(text: bytes) -> bytes:
    return xmlsafe.escape(text.decode()).encode()


_LICENCE = _escaped(targets.fixture("xrml-slc-sha256"))
_TEMPLATE = _escaped(targets.fixture("xrml-template"))
_BODY = _LICENCE.index(b"&lt;DESCRIPTOR")
_NAME = _TEMPLATE.index(b"LCID ")
_NAME_END = _TEMPLATE.index(b"&lt;/NAME", _NAME)

TPD: dict[str, Maker] = {f"{name}, sealed": sealed(declared(make)) for name, make in XML.items()}
# These open: what counts is what they take.
OPENED_TPD: dict[str, Maker] = {
    "certificates that are none": description(filled(b"", b"<string/>")),
    "certificates that are hardly one": description(filled(b"", b"<string>&lt;a/></string>")),
    "whole certificates": description(filled(b"", b"<string>" + _LICENCE + b"</string>")),
    "whole templates": description(None, filled(b"", b"<string>" + _TEMPLATE + b"</string>")),
    "a certificate of megabytes": description(
        filled(b"<string>" + _LICENCE[:_BODY], b"&lt;b/>-", _LICENCE[_BODY:] + b"</string>")
    ),
    "certificates of elements": description(
        filled(b"", b"<string>" + _LICENCE[:_BODY] + b"&lt;b/>" * 90_000 + _LICENCE[_BODY:] + b"</string>")
    ),
    "a template in a million languages": description(
        None,
        numbered(b"<string>" + _TEMPLATE[:_NAME], b"LCID %d:NAME a;", _TEMPLATE[_NAME_END:] + b"</string>"),
    ),
}
