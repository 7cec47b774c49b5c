# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""W3C XML Encryption (xmlenc-core 1.0 and 1.1) with RSA key transport, as .NET's EncryptedXml writes it.

External references and transforms are refused. KeyInfo hints that do not resolve are ignored: every EncryptedKey of the
document is tried with the given private key.
"""

from __future__ import annotations

import codecs
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Callable

from . import TpdError, primitives, xmlsafe
from .metered import MeteredKey
from .pieces import Base64, in_pieces, joined
from .primitives import DecryptionError, RsaPadding, UnsupportedError
from .xmlsafe import Document, Element

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

XMLENC = "http://www.w3.org/2001/04/xmlenc#"
XMLENC11 = "http://www.w3.org/2009/xmlenc11#"
XMLDSIG = "http://www.w3.org/2000/09/xmldsig#"
XMLDSIG_MORE = "http://www.w3.org/2001/04/xmldsig-more#"

RSA_1_5 = XMLENC + "rsa-1_5"
RSA_OAEP_MGF1P = XMLENC + "rsa-oaep-mgf1p"
RSA_OAEP = XMLENC11 + "rsa-oaep"

DIGESTS = {
    XMLDSIG + "sha1": "sha1",
    XMLDSIG_MORE + "sha224": "sha224",
    XMLENC + "sha256": "sha256",
    XMLDSIG_MORE + "sha384": "sha384",
    XMLENC + "sha384": "sha384",
    XMLENC + "sha512": "sha512",
}
MGFS = {f"{XMLENC11}mgf1{name}": name for name in ("sha1", "sha224", "sha256", "sha384", "sha512")}
MAX_KEYS = 16
# Keys of a document of which it is seen whether they belong to a part of it.
MAX_LOOKED_AT = 256


class XmlEncryptionError(TpdError):
    """The document's encryption is absent, refused or not made for this key."""


@dataclass(frozen=True)
class Content:
    """A content algorithm: the key's length in bytes, and how the pieces of a value with its IV in front are decrypted."""

    key_length: int
    decrypt: Callable[[bytes, Iterator[bytes]], bytes]


def _aes_cbc(key: bytes, value: Iterator[bytes]) -> bytes:
    first = next(value, b"")
    return primitives.aes_cbc_decrypt(key, first[:16], chain((first[16:],), value), primitives.iso10126)


def _triple_des_cbc(key: bytes, value: Iterator[bytes]) -> bytes:
    first = next(value, b"")
    return primitives.triple_des_cbc_decrypt(key, first[:8], chain((first[8:],), value), primitives.iso10126)


def _aes_gcm(key: bytes, value: Iterator[bytes]) -> bytes:
    first = next(value, b"")
    return primitives.aes_gcm_decrypt(key, first[:12], joined(chain((first[12:],), value)))


CONTENTS = {
    XMLENC + "tripledes-cbc": Content(24, _triple_des_cbc),
    **{f"{XMLENC}aes{bits}-cbc": Content(bits // 8, _aes_cbc) for bits in (128, 192, 256)},
    **{f"{XMLENC11}aes{bits}-gcm": Content(bits // 8, _aes_gcm) for bits in (128, 192, 256)},
}


def decrypt(document: bytes, key: RSAPrivateKey) -> bytes:
    """The plain text of the document's EncryptedData.

    Errors: L{XmlEncryptionError} where there is none, where an algorithm is refused (by name), and where no EncryptedKey
    opens with this key. CBC has no integrity, so what comes back is for the caller to prove.
    """
    parsed = xmlsafe.parse(document, "The encrypted document")
    found = encrypted_data(parsed)
    if not found:
        raise XmlEncryptionError("The document has no EncryptedData element of XML Encryption.")
    metered = MeteredKey(key)
    encrypted = judged(parsed, found[0], metered)
    for plain in encrypted.plain_texts(metered):
        return plain
    if encrypted.refusal is not None:
        raise encrypted.refusal
    raise XmlEncryptionError(
        "The document's EncryptedData does not decrypt under this private key. Was it made for another key pair?"
    )


def encrypted_data(document: Document) -> list[Element]:
    """The EncryptedData elements, in document order."""
    return document.named(XMLENC, "EncryptedData")


@dataclass(frozen=True)
class Encrypted:
    """An EncryptedData of which all that can be seen without the private key is in order: how to decrypt it.

    C{keys}: for each EncryptedKey that is not refused its bytes and the paddings that it may have. C{refusal}: the first
    of what is refused of the others, or of a key that may be read in another way.
    """

    content: Content
    value: Base64 = field(repr=False)
    is_markup: bool
    keys: list[tuple[bytes, list[RsaPadding]]] = field(repr=False)
    refusal: TpdError | None

    def plain_texts(self, key: MeteredKey) -> Iterator[bytes]:
        """What it may hold: a plain text for each EncryptedKey that the private key fits. Raises nothing."""
        tried: set[bytes] = set()
        for block, paddings in self.keys:
            try:
                secret = _secret(block, paddings, key)
                if len(secret) != self.content.key_length or secret in tried:
                    continue
                tried.add(secret)
                found = [self.content.decrypt(secret, self.value.decoded())]
                if self.is_markup:
                    _require_utf8(found[0])
            except (DecryptionError, UnsupportedError, ValueError):  # ValueError: not base64, or not UTF-8
                continue
            # Nothing here holds on to it: it may be large, and whoever gets it may be done with it.
            yield found.pop()


def judged(document: Document, data: Element, key: MeteredKey) -> Encrypted:
    """An EncryptedData judged by what anybody can see of it: the private key is not used.

    Errors: L{XmlEncryptionError} for algorithms and references that are refused, and L{UnsupportedError}. An EncryptedKey
    that is refused may be another recipient's, so the others are for trying first.
    """
    content = _content(data)
    value = _cipher_value(data)
    is_markup = data.attributes.get("Type", "") in (XMLENC + "Element", XMLENC + "Content")
    refusal: TpdError | None = None
    keys: list[tuple[bytes, list[RsaPadding]]] = []
    for encrypted_key in _encrypted_keys(document, data):
        try:
            paddings, doubt = _paddings(encrypted_key)
            refusal = refusal or doubt
            wrapped = _cipher_value(encrypted_key)
            for padding in paddings:
                key.require(padding)
        except (XmlEncryptionError, UnsupportedError) as error:
            refusal = refusal or error
            continue
        # One of another length is for another key, and may be long.
        if wrapped.size == primitives.modulus_length(key):
            keys.append((primitives.b64decode(wrapped) or b"", paddings))
    return Encrypted(content, value, is_markup, keys, refusal)


def _algorithm(element: Element, kind: str) -> str:
    method = element.first("EncryptionMethod")
    name = method.attributes.get("Algorithm", "") if method is not None else ""
    if not name:
        raise XmlEncryptionError(
            f"An {element.name} names no {kind} algorithm (EncryptionMethod). The document cannot be decrypted."
        )
    return name


def shown(uri: str) -> str:
    """The end of an algorithm's URI, in characters that are safe to print."""
    tail = uri.rpartition("#")[2] or uri
    printable = (character for character in tail[:400] if character.isalnum() or character in "-_.+")
    return "".join(printable)[:40] or "(unprintable)"


def _content(data: Element) -> Content:
    name = _algorithm(data, "content")
    if name not in CONTENTS:
        raise XmlEncryptionError(
            f"The content algorithm {shown(name)} is refused: only tripledes-cbc and aes128, aes192, aes256 in CBC or GCM mode are read."
        )
    content = CONTENTS[name]
    with contextlib.suppress(DecryptionError):
        content.decrypt(bytes(range(content.key_length)), iter([bytes(64)]))  # for the library to say that it refuses
    return content


def _secret(block: bytes, paddings: list[RsaPadding], key: MeteredKey) -> bytes:
    for padding in paddings:
        with contextlib.suppress(DecryptionError):
            return primitives.rsa_decrypt(key, block, padding)
    raise DecryptionError


def _paddings(encrypted_key: Element) -> tuple[list[RsaPadding], TpdError | None]:
    """The padding that the key transport means; a second one where the document says two things. OAEP tells them apart.

    And what to refuse the second one with, where it is not read here.
    """
    name = _algorithm(encrypted_key, "key transport")
    if name == RSA_1_5:
        return [primitives.PKCS1V15], None
    if name not in (RSA_OAEP_MGF1P, RSA_OAEP):
        raise XmlEncryptionError(
            f"The key transport {shown(name)} is refused: only rsa-1_5, rsa-oaep-mgf1p and rsa-oaep are read."
        )
    method = encrypted_key.all("EncryptionMethod")[0]
    digest = _named(method.first("DigestMethod"), DIGESTS, "digest")
    label = primitives.b64decode(method.string("OAEPparams") or "")
    if label is None:
        raise XmlEncryptionError("The OAEPparams of an EncryptedKey are not base64. Is the document unchanged?")
    try:
        mgf, doubt = _named(method.first("MGF"), MGFS, "mask generation function"), None
    except XmlEncryptionError as error:
        if name == RSA_OAEP:
            raise
        mgf, doubt = "sha1", error
    # rsa-oaep-mgf1p is fixed to MGF1 with SHA-1 (xmlenc-core 1.1, 5.5.2), so it should name none. .NET passes over one that
    # stands there nevertheless, whatever it is; libxmlsec1 uses it.
    masks = [mgf] if name == RSA_OAEP else dict.fromkeys(("sha1", mgf))
    return [RsaPadding(digest, mask, label) for mask in masks], doubt


def _named(element: Element | None, known: dict[str, str], kind: str) -> str:
    if element is None:
        return "sha1"
    name = element.attributes.get("Algorithm", "")
    if name not in known:
        raise XmlEncryptionError(
            f"The OAEP {kind} {shown(name)} is refused: only SHA-1, SHA-224, SHA-256, SHA-384 and SHA-512 are read."
        )
    return known[name]


def _cipher_value(element: Element) -> Base64:
    if element.first("CipherData", "CipherReference") is not None:
        raise XmlEncryptionError(
            "The document keeps its cipher text elsewhere (CipherReference). External references are refused."
        )
    found = element.first("CipherData", "CipherValue")
    value = None if found is None else found.base64()
    if value is None or not value.size:
        raise XmlEncryptionError(
            f"The CipherValue of an {element.name} is missing or not base64. Is the document complete?"
        )
    return value


def _require_utf8(plain: bytes) -> None:
    """UnicodeDecodeError where a text is not UTF-8, without having all of it as text."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for piece in in_pieces(plain):
        decoder.decode(piece)
    decoder.decode(b"", True)


def _encrypted_keys(document: Document, data: Element) -> list[Element]:
    """The document's EncryptedKeys, those that KeyInfo or a reference ties to the data first."""
    inside = [element for element in data.all("KeyInfo", "EncryptedKey") if element.namespace == XMLENC][:MAX_KEYS]
    retrieved = {_local_reference(element) for element in data.all("KeyInfo", "RetrievalMethod")}
    own = "#" + data.attributes.get("Id", "")

    def is_tied(element: Element) -> bool:
        return "#" + element.attributes.get("Id", "") in retrieved or any(
            reference.attributes.get("URI") == own for reference in element.all("ReferenceList", "DataReference")
        )

    keys = document.named(XMLENC, "EncryptedKey")
    if not keys:
        raise XmlEncryptionError(
            "The document has an EncryptedData but no EncryptedKey, so it was not encrypted to an RSA key."
        )
    others = [element for element in keys[:MAX_LOOKED_AT] if element not in inside]
    return [*inside, *sorted(others, key=lambda element: not is_tied(element))][:MAX_KEYS]


def _local_reference(retrieval: Element) -> str:
    uri = retrieval.attributes.get("URI", "")
    if uri and not uri.startswith("#"):
        raise XmlEncryptionError(
            "The document's key is in another document (RetrievalMethod). External references are refused."
        )
    if retrieval.first("Transforms") is not None:
        raise XmlEncryptionError(
            "The document's key is reached by a transform (RetrievalMethod). Transforms are refused."
        )
    return uri
