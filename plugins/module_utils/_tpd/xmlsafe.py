# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading XML that may be hostile: no document type, no entity, bounded depth and size, linear time.

Python's own expat is driven directly: nothing but the standard library is to be had on every host, and its handlers
tell where an element stands. What a handler refuses, expat still reads to the end of the piece; so a document type,
whose entities could cost more than the piece is long, is looked for before expat sees anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.parsers import expat

from . import TpdError

MAX_DEPTH = 64
MAX_NODES = 100_000
MAX_IN_TAG = 10_000
# Expat reads a tag again whenever more of it arrives, so pieces are large; a refusal takes effect at a piece's end.
_PIECE = 1 << 20
_DECLARED = re.compile(rb"""<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_CODE_PAGE = re.compile(rb"us-ascii|iso-8859-(?:[1-9]|1[013-6])|windows-125[0-8]")


class XmlError(TpdError):
    """The text is not XML, or is XML of a kind that is refused."""


class Element:
    """An element: local name, namespace, attributes, children, the text directly in it, and where it stands.

    Attributes in a namespace are keyed "namespace name", others "name". C{span} holds the byte offsets of its start
    tag and of its end tag in the document.
    """

    __slots__ = ("name", "namespace", "attributes", "children", "text", "span")

    def __init__(self, name: str, attributes: dict[str, str], start: int) -> None:
        self.namespace, _space, self.name = name.rpartition(" ")
        self.attributes = attributes
        self.children: list[Element] = []
        self.text = ""
        self.span = (start, start)

    def iter(self) -> Iterator[Element]:
        """This element and all below it, in document order."""
        pending = [self]
        while pending:
            element = pending.pop()
            yield element
            pending.extend(reversed(element.children))

    def all(self, *path: str) -> list[Element]:
        """The elements reached from here by these local names, one a level."""
        found = [self]
        for name in path:
            found = [child for element in found for child in element.children if child.name == name]
        return found

    def first(self, *path: str) -> Element | None:
        """The first of L{all}, or None."""
        found = self.all(*path)
        return found[0] if found else None

    def string(self, *path: str) -> str | None:
        """The text of the first element reached, or None where there is none."""
        element = self.first(*path)
        return None if element is None else element.text


class Document:
    """A parsed document: its root and the UTF-8 bytes that the spans count in."""

    def __init__(self, root: Element, data: bytes) -> None:
        self.root = root
        self.data = data

    def source(self, element: Element) -> bytes:
        """The bytes of an element that is not empty, as they stand in the document."""
        start, end = element.span
        return self.data[start : self.data.index(b">", end) + 1]


class _Builder:
    def __init__(self, parser: expat.XMLParserType, what: str) -> None:
        self.parser, self.what = parser, what
        self.root = Element("", {}, 0)  # a document without a root does not get past expat
        self.open: list[tuple[Element, list[str]]] = []
        self.nodes = 0
        parser.buffer_text = True
        parser.buffer_size = 1 << 16
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters
        parser.StartNamespaceDeclHandler = self.namespace

    def count(self, nodes: int) -> None:
        self.nodes += nodes
        if self.nodes > MAX_NODES:
            raise XmlError(
                f"{self.what} has more than {MAX_NODES} elements and attributes. Nothing that this is meant for looks like that."
            )

    def namespace(self, _prefix: str | None, _uri: str | None) -> None:
        self.count(1)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.count(1 + len(attributes))
        if len(self.open) >= MAX_DEPTH:
            raise XmlError(
                f"{self.what} is nested more than {MAX_DEPTH} levels deep. Nothing that this is meant for looks like that."
            )
        element = Element(name, attributes, self.parser.CurrentByteIndex)
        if self.open:
            self.open[-1][0].children.append(element)
        else:
            self.root = element
        self.open.append((element, []))

    def end(self, name: str) -> None:
        element, pieces = self.open.pop()
        element.text = "".join(pieces)
        element.span = (element.span[0], self.parser.CurrentByteIndex)

    def characters(self, data: str) -> None:
        self.open[-1][1].append(data)


def utf8(data: bytes, what: str) -> bytes:
    """The text's UTF-8 bytes without a BOM. UTF-16 is recognised by its BOM or by the NULs around the first "<"."""
    if data.startswith(b"\xef\xbb\xbf"):
        return data[3:]
    encoding = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}.get(data[:2])
    if encoding is None:
        return data
    try:
        return data.decode(encoding).encode("utf-8")
    except UnicodeError:
        raise XmlError(f"{what} looks like UTF-16 text but is not valid UTF-16. Is it complete?") from None


def parse(source: bytes | str, what: str) -> Document:
    """Parse XML: bytes in UTF-8 or UTF-16, with or without BOM, whatever they declare of UTF-16; or text.

    C{what} begins the sentence of an error. Errors: L{XmlError}.
    """
    text, encoding = _encoded(source, what)
    if b"<!DOCTYPE" in text:
        raise XmlError(
            f"{what} has a document type declaration (DTD). These are refused, with the entities they may define."
        )
    parser = expat.ParserCreate(encoding, " ")
    builder = _Builder(parser, what)
    try:
        for start in range(0, len(text), _PIECE):
            parser.Parse(text[start : start + _PIECE], False)
            _refuse_endless_tag(parser, text, start + _PIECE, what)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        raise XmlError(
            f"{what} is not well-formed XML: {reason}, line {error.lineno}. Is it complete and unchanged?"
        ) from None
    finally:
        # Parser and builder hold each other and all that was read, which may be large, until garbage is collected.
        del builder.parser
    return Document(builder.root, text)


def _encoded(source: bytes | str, what: str) -> tuple[bytes, str]:
    """The text as bytes without BOM and leading white space, and the encoding to read them in.

    A declaration is believed only if it names a single-byte code page and nothing proves it wrong.
    """
    if isinstance(source, str):
        try:
            return source.lstrip("\ufeff").encode("utf-8").lstrip(), "utf-8"
        except UnicodeEncodeError:
            raise XmlError(f"{what} holds characters that no XML document can carry.") from None
    text = utf8(source, what)
    converted = text is not source
    text = text.lstrip()
    declared = _DECLARED.match(text)
    if converted or declared is None or declared[1].lower().startswith(b"ut"):
        return text, "utf-8"
    if not _CODE_PAGE.fullmatch(declared[1].lower()):
        raise XmlError(f"{what} declares a character encoding that is not read here. Save it as UTF-8.")
    return text, declared[1].decode("ascii")


def _refuse_endless_tag(parser: expat.XMLParserType, text: bytes, read: int, what: str) -> None:
    """A tag may hold one long value, but where it holds thousands, expat would first collect them all."""
    start = parser.CurrentByteIndex
    if text.startswith(b"<", start) and text.count(b"=", start, read) > MAX_IN_TAG:
        raise XmlError(
            f"{what} has an element with more than {MAX_IN_TAG} attributes. Nothing that this is meant for looks like that."
        )
