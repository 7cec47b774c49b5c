# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads an HTML page as a program does that has never heard of how it was made."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)
VOID = {"link", "meta", "br", "img", "hr", "input"}


@dataclass
class Element:
    name: str
    attributes: dict[str, str]
    text: str = ""
    within: tuple[str, ...] = ()


@dataclass
class Page:
    """Elements in the order of the page, and texts with the element that they stand in."""

    elements: list[Element] = field(default_factory=list)
    texts: list[tuple[str, Element]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def named(self, name: str) -> list[Element]:
        return [element for element in self.elements if element.name == name]

    def with_attribute(self, name: str) -> list[Element]:
        return [element for element in self.elements if name in element.attributes]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self._open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Any]]) -> None:
        element = Element(tag, dict(attrs), within=tuple(each.name for each in self._open))
        self.page.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1].name != tag:
            self.page.faults.append(f"</{tag}> ends what is not open")
            return
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data
        if self._open and data.strip():
            self.page.texts.append((data, self._open[-1]))
        elif data.strip():
            self.page.faults.append(f"{data!r} is in nothing")

    def done(self) -> Page:
        self.close()
        self.page.faults += [f"<{element.name}> has no end" for element in self._open]
        return self.page


def read(html: str) -> Page:
    reader = _Reader()
    reader.feed(html)
    return reader.done()


def at(document: Any, place: str) -> Any:
    """The value in the place of a document that a page names."""
    for name in place.split("/")[1:]:
        document = document[int(name)] if isinstance(document, list) else document[name]
    return document


def leaves(document: Any, place: str = "") -> list[tuple[str, Any]]:
    """Every single value, with its place."""
    if not isinstance(document, (dict, list)):
        return [(place, document)]
    parts = document.items() if isinstance(document, dict) else enumerate(document)
    return [leaf for name, part in parts for leaf in leaves(part, f"{place}/{name}")]


def numbers(text: str) -> list[str]:
    """All that there are in a text, but for that of a hash function's name."""
    return re.findall(r"\d+", text.replace("SHA-256", ""))


def written(value: Any) -> str:
    """How a page has to write a value. Said once more here, so that the page's own way of doing it is not what checks it."""
    if value is None or value == "":
        return "\N{EN DASH}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).replace("T", " ").replace("Z", "") if _TIME.fullmatch(str(value)) else str(value)


def is_right(document: Any, place: str, text: str, time: str | None, code: str | None, day: bool) -> bool:
    """Whether an element says what the document has in the place that it names: in words, as a day, or in another word."""
    value = at(document, place)
    if code is not None:
        return code == {True: "yes", False: "no", None: ""}.get(value, value)
    return text == (value[:10] if day else written(value)) and time in (None, value)
