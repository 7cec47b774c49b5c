# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""XrML 1.2 documents as a TPD carries them: certificates of the chain and rights templates, and their signatures.

Source: [MS-RMPR] 2.2.9, checked against published examples and real documents; see docs/formats.md. The moduli of
public keys are little-endian, the signature value is big-endian, and the digest covers the UTF-16LE form of the BODY
element's text exactly as it stands.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from . import TpdError, primitives, rsakeys, xmlsafe
from .xmlsafe import Document, Element

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

TEMPLATE_TYPE = "Microsoft Official Rights Template"
PUBLISHING_URLS = ("Publishing-URL", "Extranet-Publishing-URL")
MAX_LANGUAGES = 500  # of a template; Windows has some 300
VERIFIED, FAILED, NOT_CHECKED = "verified", "failed", "not checked"
_DIGESTS = {"SHA1": "sha1", "SHA256": "sha256"}
_TIME = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})T([0-9]{1,2}):([0-9]{1,2})(?::([0-9]{1,2}))?Z*", re.ASCII)
_LANGUAGE = re.compile(r"(?:\A|;)\s*LCID ([0-9]{1,9}):NAME ")


class XrmlError(TpdError):
    """The document is not XrML, or lacks what every document of its kind has."""


@dataclass(frozen=True)
class PublicKey:
    """A PUBLICKEY element: the modulus, its bytes as they stand (little-endian), and the exponent."""

    modulus: int
    modulus_bytes: bytes
    exponent: int

    @property
    def size(self) -> int:
        """The modulus in bits."""
        return self.modulus.bit_length()

    def fingerprint(self) -> str:
        """See L{rsakeys.fingerprint}. Errors: L{rsakeys.RsaKeyError}."""
        return rsakeys.fingerprint(self.load())

    def load(self) -> RSAPublicKey:
        """The key, for use. Errors: L{rsakeys.RsaKeyError}."""
        return rsakeys.public_key(self.modulus, self.exponent, "A certificate of the TPD")


@dataclass(frozen=True)
class Party:
    """An issuer or a principal."""

    name: str
    guid: str
    url: str
    key: PublicKey | None


@dataclass(frozen=True)
class Window:
    """From when until when something holds, in UTC; None where no limit is given."""

    start: datetime | None
    end: datetime | None

    def holds(self, moment: datetime) -> bool:
        """Whether the moment lies in the window."""
        return (self.start is None or self.start <= moment) and (self.end is None or moment <= self.end)


@dataclass(frozen=True)
class Certificate:
    """A certificate of the licensor's chain. C{validity} is its own, C{issuing} that of its right to issue others."""

    type: str
    guid: str
    issued: datetime | None
    validity: Window
    issuing: Window
    issuer: Party
    principal: Party
    signature: str


@dataclass(frozen=True)
class Template:
    """A rights template. C{names} has a name for each LCID; C{broken_name} says that a name holds a separator."""

    guid: str
    names: dict[str, str]
    broken_name: bool
    urls: tuple[str, ...]
    signature: str


def verify(document: str) -> bool:
    """Whether digest and signature of an XrML document hold under the issuer key that it names. Errors: L{XrmlError}."""
    return _signature(*_parse(document, "The XrML document")) == VERIFIED


def certificate(document: str) -> Certificate:
    """A certificate of the chain. Errors: L{XrmlError}, L{xmlsafe.XmlError}."""
    what = "A certificate of the TPD's chain"
    parsed, body = _parse(document, what)
    descriptor = body.first("DESCRIPTOR", "OBJECT")
    issuing = body.first("WORK", "RIGHTSGROUP", "RIGHTSLIST", "RIGHT", "CONDITIONLIST", "TIME", "RANGETIME")
    return Certificate(
        type=descriptor.attributes.get("type", "") if descriptor is not None else "",
        guid=_id(descriptor),
        issued=_moment(body.string("ISSUEDTIME"), what),
        validity=_window(body.first("VALIDITYTIME"), what),
        issuing=_window(issuing, what),
        issuer=_party(body.first("ISSUER"), what),
        principal=_party(body.first("ISSUEDPRINCIPALS", "PRINCIPAL"), what),
        signature=_signature(parsed, body),
    )


def template(document: str) -> Template:
    """A rights template. Errors: L{XrmlError}, L{xmlsafe.XmlError}."""
    what = "A rights template of the TPD"
    parsed, body = _parse(document, what)
    if body.attributes.get("type") != TEMPLATE_TYPE:
        raise XrmlError(f"{what} is XrML of another type than {TEMPLATE_TYPE}.")
    descriptor = body.first("DESCRIPTOR", "OBJECT")
    names, broken = _names((descriptor.string("NAME") if descriptor is not None else None) or "")
    points = [
        point for point in body.all("DISTRIBUTIONPOINT", "OBJECT") if point.attributes.get("type") in PUBLISHING_URLS
    ]
    urls = [address.text.strip() for point in points for address in point.all("ADDRESS")]
    return Template(_id(descriptor), names, broken, tuple(urls), _signature(parsed, body))


def _parse(document: str, what: str) -> tuple[Document, Element]:
    parsed = xmlsafe.parse(document, what)
    body = parsed.root.first("BODY")
    if parsed.root.name != "XrML" or body is None or not body.children:
        raise XrmlError(f"{what} is not an XrML document with a BODY.")
    return parsed, body


def _signature(document: Document, body: Element) -> str:
    """Digest over the BODY's own text, then the signature under the key that ISSUER names."""
    signature = document.root.first("SIGNATURE")
    if signature is None:
        return NOT_CHECKED
    digest = _DIGESTS.get((signature.string("DIGEST", "ALGORITHM") or "").strip().upper())
    if digest is None or (signature.string("ALGORITHM") or "").strip() != "RSA PKCS#1-V1.5":
        return NOT_CHECKED
    signed = document.source(body).decode("utf-8").encode("utf-16-le")
    stated = primitives.b64decode(signature.string("DIGEST", "VALUE") or "")
    value = primitives.b64decode(signature.string("VALUE") or "") or b""
    try:
        issuer = _party(body.first("ISSUER"), "The XrML document").key
        if issuer is None:
            return NOT_CHECKED
        key = issuer.load()
        holds = stated == hashlib.new(digest, signed).digest() and primitives.rsa_verify(key, value, signed, digest)
    except TpdError:  # the key is out of bounds, or this host's library refuses the algorithm
        return NOT_CHECKED
    return VERIFIED if holds else FAILED


def _party(element: Element | None, what: str) -> Party:
    if element is None:
        return Party("", "", "", None)
    holder = element.first("OBJECT")
    public_key = element.first("PUBLICKEY")
    return Party(
        name=((holder.string("NAME") if holder is not None else None) or "").strip(),
        guid=_id(holder),
        url=((holder.string("ADDRESS") if holder is not None else None) or "").strip(),
        key=None if public_key is None else _public_key(public_key, what),
    )


def _id(holder: Element | None) -> str:
    return ((holder.string("ID") if holder is not None else None) or "").strip()


def _public_key(element: Element, what: str) -> PublicKey:
    values = {
        parameter.attributes.get("name"): parameter.string("VALUE") or "" for parameter in element.all("PARAMETER")
    }
    modulus = primitives.b64decode(values.get("modulus", ""))
    exponent = values.get("public-exponent", "").strip()
    if (
        not modulus
        or len(modulus) > rsakeys.MAX_BITS // 8
        or not (exponent.isascii() and exponent.isdigit() and len(exponent) <= 10)
    ):
        raise XrmlError(f"{what} holds a PUBLICKEY that cannot be read.")
    return PublicKey(int.from_bytes(modulus, "little"), modulus, int(exponent))


def _window(element: Element | None, what: str) -> Window:
    if element is None:
        return Window(None, None)
    return Window(_moment(element.string("FROM"), what), _moment(element.string("UNTIL"), what))


def _moment(text: str | None, what: str) -> datetime | None:
    """A time as XrML writes it: minutes, UTC, without a zone (2005-06-17T16:50)."""
    if not (text or "").strip():
        return None
    # Not strptime, which takes a hundred times as long to get ready.
    found = _TIME.fullmatch((text or "").strip())
    try:
        if found is not None:
            year, month, day, hour, minute, second = (int(number or 0) for number in found.groups())
            return datetime(year, month, day, hour, minute, second)
    except ValueError:
        pass  # there is no such day or hour
    raise XrmlError(f"{what} holds a time that cannot be read.")


def _names(text: str) -> tuple[dict[str, str], bool]:
    """Names by LCID from "LCID 1033:NAME x:DESCRIPTION y;" repeated. A ";" or ":" inside a name breaks Microsoft's readers."""
    pieces = _LANGUAGE.split(text, MAX_LANGUAGES + 1)
    broken = bool(pieces[0].strip()) or len(pieces) // 2 > MAX_LANGUAGES
    names = {}
    for lcid, rest in zip(pieces[1::2], pieces[2::2]):
        name, separator, _description = rest.partition(":DESCRIPTION ")
        broken = broken or not separator or ":" in name or ";" in name
        names[lcid] = name.strip()
    return names, broken
