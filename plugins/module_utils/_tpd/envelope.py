# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Support's reply: recognised by trying, proven by opening.

The reply's format is not public. Microsoft says that it is an XML file, encrypted with the request key, and that it
yields a password and a password-protected TPD. So every place where these could be is tried, in the order of the
likelihood given in docs/formats.md, and the only result that counts is a password that opens a TPD. As that check has
no false positives, recognition may be generous; the number of attempts is bounded.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from . import TpdError, hybrid, metered, passwords, primitives, tpd, xmlenc, xmlsafe
from .metered import MeteredKey
from .pieces import Base64
from .primitives import modulus_length
from .tpd import Tpd
from .xmlsafe import Document, Element

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

MAX_PASSWORDS = 1000
MAX_TPDS = 8
MAX_PROOFS = 1000  # passwords tried on TPDs
MAX_LAYERS = 4
MAX_DOCUMENTS = 256
MAX_NODES = 20_000  # of one document
MAX_ENCRYPTED = 32
MAX_REFUSALS = 3
# What is searched of all that was decrypted, in bytes: so many times the reply, and some.
MAX_GROWTH = 3
SOME = 1 << 20
# A fragment may use the prefixes that its surroundings declared.
_FRAGMENT = (
    b'<fragment xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">',
    b"</fragment>",
)
# Values whose cipher is known, so that nothing is gained by looking for passwords and hybrids in them.
_CIPHER_TEXTS = frozenset({(xmlenc.XMLENC, "CipherValue"), ("", "m_strTrustedDocDomainInfo"), ("", "m_strKeyData")})


class ReplyError(TpdError):
    """The reply yields no password that opens a TPD."""


@dataclass(frozen=True)
class Reply:
    """What a reply holds: the password, the TPD file's content that it opens, and what is in that. None of it shows."""

    password: str = field(repr=False)
    tpd: bytes = field(repr=False)
    opened: Tpd = field(repr=False)


def open_reply(reply: bytes, key: RSAPrivateKey) -> Reply:
    """Decrypt a reply with the request's private key.

    Errors: L{ReplyError} when nothing is proven, with what was seen (names, lengths, algorithms; never values);
    L{xmlsafe.XmlError} when the file is damaged XML.
    """
    search = _Search(key, MAX_GROWTH * len(reply) + SOME)
    for _layer in search.layers(reply):
        found = search.proven()
        if found is not None:
            return found
    raise search.damaged or ReplyError(search.explanation())


@dataclass
class _Candidate:
    """A TPD in clear, and how many of the passwords have been tried on it."""

    content: bytes
    sealed: tpd.Sealed
    outside: bool  # not out of a decryption
    tried: int = 0


class _Search:
    """The candidates found so far, and what was seen on the way."""

    def __init__(self, key: RSAPrivateKey, most: int) -> None:
        self.key = MeteredKey(key)
        self.most = most  # bytes to search
        self.proofs = 0
        self.passwords: dict[str, None] = {}  # in the order in which they were found
        self.tpds: list[_Candidate] = []
        self.values = hybrid.Values()
        self.pending: list[Document] = []
        self.documents = 0
        self.elements = 0
        self.encrypted = 0
        self.seen: Counter[str | None] = Counter()  # names and algorithms as they stand; None: a TPD in clear
        self.refused: dict[str, None] = {}
        self.outside: tuple[Counter[str | None], list[int]] | None = None  # what there is to see without any key
        self.damaged: xmlsafe.XmlError | None = None

    def layers(self, reply: bytes) -> Iterator[None]:
        """Peel the reply layer by layer; after each step there may be candidates to prove."""
        try:
            if _begins_as_xml(reply):
                self.add_document(xmlsafe.parse(reply, "The reply", MAX_NODES), reply)
            else:
                self.values.add(reply)
                self.add_plain(xmlsafe.utf8(reply, "The reply"))
        except xmlsafe.XmlError as error:
            # One cipher text in 256 begins as XML does, so this counts only when nothing is found.
            self.damaged = error
            self.values.add(reply)
        self.outside = self.seen.copy(), self.values.lengths()
        yield
        for layer in range(MAX_LAYERS):
            documents, self.pending = self.pending, []
            # All of it is judged before the key is used on any of it, so that what is said depends on no decryption.
            judged = [each for document in documents for each in self.xml_encryption(document, outside=layer == 0)]
            for plain in chain(*(each.plain_texts(self.key) for each in judged), self.values.decrypted(self.key)):
                self.add_plain(plain)
                del plain  # it may be large, and what was found in it is all that is needed
                yield
                if self.most < 0:
                    return

    def xml_encryption(self, document: Document, outside: bool) -> Iterator[xmlenc.Encrypted]:
        for data in xmlenc.encrypted_data(document):
            self.encrypted += 1
            if self.encrypted > MAX_ENCRYPTED:
                return
            try:
                found = xmlenc.judged(document, data, self.key)
            except TpdError as error:
                refusal: TpdError | None = error
            else:
                refusal = found.refusal
                yield found
            if outside and refusal is not None:
                self.refused[str(refusal)] = None

    def add_plain(self, plain: bytes) -> None:
        """What a decryption yielded: a document, a fragment of one, or a bare text. A password may look like either."""
        self.most -= len(plain)
        if self.most < 0:
            return
        is_xml = b"<" in plain and (self.add_xml(plain) or self.add_xml(_FRAGMENT[0] + plain + _FRAGMENT[1]))
        if is_xml and len(plain) > passwords.LONGEST:
            return
        for encoding in ("utf-8", "utf-16-le"):
            try:
                self.add_text(plain.decode(encoding))
            except UnicodeDecodeError:
                continue

    def add_xml(self, content: bytes) -> bool:
        """Whether the content is an XML document, which it is then searched as."""
        self.documents += 1
        if self.documents > MAX_DOCUMENTS or self.elements > MAX_NODES:
            return False
        try:
            document = xmlsafe.parse(content, "A part of the reply", MAX_NODES)
        except xmlsafe.XmlError:
            return False
        self.add_document(document, content)
        return True

    def add_document(self, document: Document, content: bytes) -> None:
        if xmlenc.encrypted_data(document):
            self.pending.append(document)
        # A short value may be a password that happens to look like markup: nothing of it is named.
        named = self.documents == 0 or len(content) > 2 * passwords.LONGEST
        for element in document.root.iter():
            self.elements += 1
            if named:
                self.see(element)
            if element is document.root and element.name == tpd.ROOT:
                self.add_tpd(element, content, whole=True)
            elif element.name == tpd.ROOT:
                self.add_tpd(element, document.source(element))
            if (element.namespace, element.name) not in _CIPHER_TEXTS:
                for value in (element.value, *element.attributes.values()):
                    self.add_text(value)

    def see(self, element: Element) -> None:
        self.seen[element.name] += 1
        if element.namespace in (xmlenc.XMLENC, xmlenc.XMLENC11) and "Algorithm" in element.attributes:
            self.seen[element.attributes["Algorithm"]] += 1

    def add_tpd(self, element: Element, content: bytes, whole: bool = False) -> None:
        """An element that is a TPD: the content where it is the whole of it or says the same, else its values written anew."""
        if len(self.tpds) >= MAX_TPDS:
            return
        try:
            sealed = tpd.read_element(element)
        except TpdError:
            return
        self.seen[None] += 1
        if not whole:
            self.most -= len(content)  # it is read again
        content = content if whole or (self.most >= 0 and _reads_as(content, sealed)) else sealed.document()
        self.tpds.append(_Candidate(content, sealed, outside=self.outside is None))

    def add_text(self, text: str | Base64) -> None:
        if isinstance(text, str):
            stripped = text.strip()
            if not stripped:
                return
            if len(text) <= passwords.LONGEST:
                for candidate in (text, stripped):
                    if len(self.passwords) < MAX_PASSWORDS:
                        self.passwords[candidate] = None
            text = stripped
        content = primitives.b64decode(text)
        if content and not (_begins_as_xml(content) and self.add_xml(content)):
            self.values.add(content)

    def proven(self) -> Reply | None:
        """The first password that opens a TPD, among the pairs not tried before."""
        known = list(self.passwords)
        for candidate in self.tpds:
            untried, candidate.tried = known[candidate.tried :], len(known)
            for password in untried:
                self.proofs += 1
                if self.proofs > MAX_PROOFS:
                    return None
                try:
                    opened = candidate.sealed.open(password)
                except tpd.WrongPassword:
                    continue
                except TpdError as error:
                    if candidate.outside:
                        self.refused[str(error)] = None
                    continue
                return Reply(password, candidate.content, opened)
        return None

    def explanation(self) -> str:
        """The same whether a padding did not fit or a password did not: nothing tells what a decryption has yielded, as
        whoever may send many altered replies could read the real one out of that, byte by byte."""
        seen, lengths = self.outside or (self.seen, [])
        names = ", ".join(
            f"{'a TPD in clear' if name is None else xmlenc.shown(name)} ({count})"
            for name, count in seen.most_common(12)
        )
        values = f"; base64 values of {', '.join(map(str, lengths[:8]))} bytes" if lengths else ""
        parts = [
            "The reply yields no password that opens a TPD under this private key.",
            *self.too_long(lengths),
            "It was made for another key pair, is damaged, or has a form that is not known.",
            f"Seen: {names or 'nothing'}{values}; key of {self.key.key_size} bits.",
            *list(self.refused)[:MAX_REFUSALS],
            "Compare the fingerprint of the public key with the one that was sent to support, and ask support for the file again.",
        ]
        return " ".join(parts)

    def too_long(self, lengths: list[int]) -> Iterator[str]:
        """What there is to say where a value, if it is blocks of RSA, is of more than are decrypted."""
        size, most = modulus_length(self.key), metered.most_blocks(self.key.key_size)
        length = max((length for length in lengths if length % size == 0), default=0)
        if length > size * most:
            yield (
                f"Its value of {length} bytes would be {length // size} RSA blocks, of which no more than {most} are decrypted with"
                " a key of this size: if it is that, no other key pair helps. Decrypt it with AadrmTpd.exe, or ask support for"
                " another form, such as XML Encryption. Otherwise:"
            )


def _reads_as(content: bytes, sealed: tpd.Sealed) -> bool:
    """Whether an element's content still says the same when it stands alone."""
    try:
        return tpd.read(content) == sealed
    except TpdError:
        return False


def _begins_as_xml(content: bytes) -> bool:
    return content[:64].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<")
