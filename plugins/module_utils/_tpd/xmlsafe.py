# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading XML that may be hostile: no document type, no entity, bounded depth and size, linear time.

Python's own expat is driven directly: nothing but the standard library is to be had on every host, and its handlers
tell where an element stands. What a handler refuses, expat still reads to the end of the piece; so a document type,
whose entities could cost more than the piece is long, is looked for before expat sees anything.

A TPD is nearly all base64, in one value. Expat is shown the beginning of such a value only; the value itself stays where
it is, in the document's bytes, until somebody asks for it as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.parsers import expat

from . import TpdError
from .namespaces import Hidden, NamespaceError, Namespaces
from .pieces import Base64

MAX_DEPTH = 64
MAX_NODES = 100_000
MAX_IN_TAG = 10_000
# Expat reads a tag again whenever more of it arrives, so pieces are large; a refusal takes effect at a piece's end.
_PIECE = 1 << 20
_DECLARED = re.compile(rb"""<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_START_TAG = re.compile(rb"""<[^>"']*(?:(?:"[^"]*"|'[^']*')[^>"']*)*>""")
_NOTHING_HIDDEN: Hidden = {}
_DOCTYPE = b"<!DOCTYPE"
_CODE_PAGE = re.compile(rb"us-ascii|iso-8859-(?:[1-9]|1[013-6])|windows-125[0-8]")


class XmlError(TpdError):
    """The text is not XML, or is XML of a kind that is refused."""


class Element:
    """An element: local name, namespace, attributes, children, the text directly in it, and where it stands.

    Attributes in a namespace are keyed "namespace name", others "name". C{span} holds the byte offsets of its start
    tag and of its end tag in the document. C{value} is the text, or, where that is long and base64, only where it
    stands in the document.
    """

    __slots__ = ("name", "namespace", "attributes", "children", "value", "span")

    def __init__(self, namespace: str, name: str, attributes: dict[str, str], start: int) -> None:
        self.namespace = namespace
        self.name = name
        self.attributes = attributes
        self.children: list[Element] = []
        self.value: str | Base64 = ""
        self.span = (start, start)

    @property
    def text(self) -> str:
        """The text directly in the element."""
        if isinstance(self.value, str):
            return self.value
        return str(self.value.text, "ascii").replace("\r\n", "\n").replace("\r", "\n")

    def base64(self) -> Base64 | None:
        """The text as base64; None where it is not."""
        return Base64.of(self.value) if isinstance(self.value, str) else self.value

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
        self._named: dict[tuple[str, str], list[Element]] = {}

    def named(self, namespace: str, name: str) -> list[Element]:
        """The elements of a name, in document order, looked for once."""
        wanted = (namespace, name)
        if wanted not in self._named:
            self._named[wanted] = [each for each in self.root.iter() if (each.namespace, each.name) == wanted]
        return self._named[wanted]

    def source(self, element: Element) -> bytes:
        """The bytes of an element that is not empty, as they stand in the document."""
        start, end = element.span
        return self.data[start : self.data.index(b">", end) + 1]


class _Builder:
    def __init__(self, parser: expat.XMLParserType, text: bytes, what: str, most: int) -> None:
        self.parser, self.text, self.what, self.most = parser, text, what, most
        self.root = Element("", "", {}, 0)  # a document without a root does not get past expat
        self.open: list[tuple[Element, list[str], Hidden]] = []  # with the pieces of its text
        self.namespaces = Namespaces()
        self.newest: Element | None = None  # the one that began last, until its long value was looked for
        self.nodes = 0
        self.left_out: list[tuple[int, int]] = []  # parts of the document that expat is not shown
        self.behind = 0  # their length
        parser.buffer_text = True
        parser.buffer_size = 1 << 16
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters

    def count(self, nodes: int) -> None:
        self.nodes += nodes
        if self.nodes > self.most:
            raise XmlError(
                f"{self.what} has more than {self.most} elements and attributes. Nothing that this is meant for looks like that."
            )

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.count(1 + len(attributes))
        if len(self.open) >= MAX_DEPTH:
            raise XmlError(
                f"{self.what} is nested more than {MAX_DEPTH} levels deep. Nothing that this is meant for looks like that."
            )
        hidden = _NOTHING_HIDDEN
        try:
            if attributes:
                attributes, hidden = self.namespaces.enter(attributes)
            element = self.newest = Element(*self.namespaces.expanded(name), attributes, self.position())
        except NamespaceError as error:
            raise self.broken(str(error), self.parser.CurrentLineNumber) from None
        if self.open:
            self.open[-1][0].children.append(element)
        else:
            self.root = element
        self.open.append((element, [], hidden))

    def end(self, name: str) -> None:
        element, pieces, hidden = self.open.pop()
        if hidden:
            self.namespaces.leave(hidden)
        if not element.value:
            element.value = "".join(pieces)
        element.span = (element.span[0], self.position())

    def characters(self, data: str) -> None:
        element, pieces, _hidden = self.open[-1]
        if not element.value:
            pieces.append(data)

    def broken(self, reason: str, line: int) -> XmlError:
        """What to say of text that is not well-formed in that line of what expat was shown."""
        line += sum(self.text.count(b"\n", *part) for part in self.left_out)
        return XmlError(f"{self.what} is not well-formed XML: {reason}, line {line}. Is it complete and unchanged?")

    def position(self) -> int:
        """Where in the document expat is."""
        return self.parser.CurrentByteIndex + self.behind

    def skip_value(self, text: bytes, read: int) -> int:
        """Where to read on, when expat was shown the text up to C{read}: behind a long value that has begun there.

        Only a value that is all there is in an element, and nothing but base64. Each element is looked at once.
        """
        element, self.newest = self.newest, None
        if element is None or not self.open or element is not self.open[-1][0]:
            return read
        tag = _START_TAG.match(text, element.span[0])
        start = read if tag is None else tag.end()
        end = text.find(b"<", start)
        if end <= read or not text.startswith(b"</", end):
            return read
        value = Base64.of(memoryview(text)[start:end])
        if value is None:
            return read
        element.value = value
        self.open[-1][1].clear()
        self.left_out.append((read, end))
        self.behind += end - read
        return end


def escape(text: str) -> str:
    """Text as an element holds it. A reader turns CR LF into LF, so a CR is only kept as a character reference."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#xD;")


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


def parse(source: bytes | str, what: str, most: int = MAX_NODES) -> Document:
    """Parse XML: bytes in UTF-8 or UTF-16, with or without BOM, whatever they declare of UTF-16; or text.

    C{what} begins the sentence of an error. C{most}: elements and attributes. Errors: L{XmlError}.
    """
    text, encoding = _encoded(source, what)
    parser = expat.ParserCreate(encoding)
    builder = _Builder(parser, text, what, most)
    try:
        read = 0
        while read < len(text):
            # Behind the beginning of the root element it would not be well-formed.
            if not builder.open and text.find(_DOCTYPE, max(read - len(_DOCTYPE), 0), read + _PIECE) >= 0:
                raise XmlError(
                    f"{what} has a document type declaration (DTD). These are refused, with the entities they may define."
                )
            parser.Parse(text[read : read + _PIECE], False)
            read = min(read + _PIECE, len(text))
            _refuse_endless_tag(text, builder.position(), read, what)
            if encoding == "utf-8":
                read = builder.skip_value(text, read)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise builder.broken(expat.ErrorString(error.code), error.lineno) from None
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


def _refuse_endless_tag(text: bytes, start: int, read: int, what: str) -> None:
    """A tag may hold one long value, but where it holds thousands, expat would first collect them all."""
    if text.startswith(b"<", start) and text.count(b"=", start, read) > MAX_IN_TAG:
        raise XmlError(
            f"{what} has an element with more than {MAX_IN_TAG} attributes. Nothing that this is meant for looks like that."
        )
