# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTML in which every value says by itself which member of a document it is.

A text that is put in is escaped unless it is L{Html} already. A value gets the attribute C(data-of) with its place in the
document, such as C(/copies/0/state). So a page says nothing that the document does not, and anyone can check it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)
# A fingerprint, a hash, a GUID: to be compared sign by sign.
_CODE = re.compile(r"[0-9a-fA-F]{64}|\{?[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?", re.ASCII)
# What takes the width of a page, such as a hash.
_LONG = 50
_VOID = ("link", "meta")
NOTHING = "\N{EN DASH}"


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


Part = str  # escaped where it is put in, unless it is Html


def tag(element: str, /, *parts: Part, **attributes: str | None) -> Html:
    """An element. C(class_) is the attribute C(class), and C(data_of) is C(data-of); one that is None is left out."""
    given = "".join(
        f' {attribute.rstrip("_").replace("_", "-")}="{html.escape(value)}"'
        for attribute, value in attributes.items()
        if value is not None
    )
    return Html(f"<{element}{given}>" if element in _VOID else f"<{element}{given}>{join(*parts)}</{element}>")


def join(*parts: Part) -> Html:
    return Html("".join(part if isinstance(part, Html) else html.escape(str(part)) for part in parts))


def said(value: Any) -> str:
    """How a value is written; a time as 2026-03-02 09:15:00, in UTC as all of them are."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or value == "":
        return NOTHING
    return f"{value[:10]} {value[11:19]}" if _is_time(value) else str(value)


def _is_time(value: Any) -> bool:
    return isinstance(value, str) and _TIME.fullmatch(value) is not None


@dataclass(frozen=True)
class Column:
    """C(cell) gets the place of a row and gives what stands in it."""

    title: str
    cell: Callable[[str], Html]
    class_: str | None = None


class View:
    """A document, and how its values are shown."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document

    def at(self, place: str) -> Any:
        """The value at a place such as C(/copies/0/state)."""
        found: Any = self._document
        for name in place.split("/")[1:]:
            found = found[int(name)] if isinstance(found, (list, tuple)) else found[name]
        return found

    def value(self, place: str, name: str = "span", class_: str | None = None) -> Html:
        value = self.at(place)
        if _is_time(value):
            return tag("time", said(value), datetime=value, data_of=place, class_=class_)
        if isinstance(value, str) and _CODE.fullmatch(value):
            name = "code"
        return tag(name, said(value), data_of=place, class_=class_)

    def word(self, place: str, words: Mapping[str, str], class_: str) -> Html:
        """What a person calls a value that is a word of the document's own."""
        value = self.at(place)
        return tag("span", words[value], class_=class_, data_of=place, data_code=value)

    def badge(self, place: str, kinds: Mapping[str, str], words: Mapping[str, str] | None = None) -> Html:
        """A word with a colour of its kind, which is never all that tells them apart."""
        value = self.at(place)
        class_ = f"badge {kinds.get(value, 'plain')}"
        return self.value(place, class_=class_) if words is None else self.word(place, words, class_)

    def places(self, place: str) -> list[str]:
        """Of each entry of a list."""
        return [f"{place}/{number}" for number in range(len(self.at(place)))]

    def several(self, place: str) -> Html:
        """A list of short values, on one line."""
        parts: list[Part] = []
        for each in self.places(place):
            parts += [", ", self.value(each)] if parts else [self.value(each)]
        return join(*parts) if parts else tag("span", NOTHING)

    def sentences(self, place: str, class_: str | None = None) -> Html:
        return tag("ul", *(tag("li", self.value(each)) for each in self.places(place)), class_=class_)

    def facts(self, place: str, titles: Mapping[str, str]) -> Html:
        """Members with their names, those that are not known left out."""
        rows = []
        for name, title in titles.items():
            value = self.at(f"{place}/{name}")
            if value not in (None, ""):
                long = "long" if len(str(value)) > _LONG else None
                rows.append(tag("div", tag("dt", title), tag("dd", self.value(f"{place}/{name}")), class_=long))
        return tag("dl", *rows, class_="facts")

    def table(self, caption: str, place: str, columns: Sequence[Column], class_: str | None = None) -> Html:
        """One row for each entry of a list. On a narrow screen each row is a block; the roles keep it a table for all that."""
        head = tag("tr", *(tag("th", column.title, scope="col", role="columnheader") for column in columns), role="row")
        rows = [self._row(each, columns) for each in self.places(place)]
        return tag(
            "table",
            tag("caption", caption),
            tag("thead", head, role="rowgroup"),
            tag("tbody", *rows, role="rowgroup"),
            role="table",
            class_=class_,
        )

    @staticmethod
    def _row(place: str, columns: Sequence[Column]) -> Html:
        first, *others = columns
        head = tag(
            "th",
            tag("div", first.cell(place)),
            scope="row",
            role="rowheader",
            data_title=first.title,
            class_=first.class_,
        )
        cells = [
            tag("td", tag("div", column.cell(place)), role="cell", data_title=column.title, class_=column.class_)
            for column in others
        ]
        return tag("tr", head, *cells, role="row")

    def column(self, title: str, name: str, class_: str | None = None) -> Column:
        """One that shows a member as it is."""
        return Column(title, lambda place: self.value(f"{place}/{name}"), class_)


def section(title: str, *parts: Part) -> Html:
    return tag("section", tag("h2", title), *parts)


def about(*parts: Part) -> Html:
    """What a section begins with."""
    return tag("p", *parts, class_="about")
