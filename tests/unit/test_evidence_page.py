# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages: they say what the document says, all of it and nothing else."""

from __future__ import annotations

import pytest

from ..figures import count
from . import evidence_made as made
from .evidence_pages_made import DOCUMENTS, FOR_PROGRAMS, page_of, written
from .html_read import is_right, leaves, numbers, read


def compare(document, page):
    """Every value on a page against the document. The places that are on it."""
    assert page.faults == []
    shown = set()
    for element in [*page.with_attribute("data-of"), *page.with_attribute("data-day-of")]:
        attributes, day = element.attributes, "data-day-of" in element.attributes
        place = attributes["data-day-of" if day else "data-of"]
        time, code = attributes.get("datetime"), attributes.get("data-code")
        assert is_right(document, place, element.text, time, code, day), (place, element)
        count("values on evidence pages compared")
        shown.add(place)
    return shown


def unshown(document, shown):
    """What of a document no page says."""
    known = [(place, place.rpartition("/")[2], value) for place, value in leaves(document) if place not in shown]
    return [(place, value) for place, name, value in known if name not in FOR_PROGRAMS and value not in (None, "")]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_value_on_a_page_is_that_of_the_json_and_every_one_of_the_json_is_on_it(name):
    document, html = page_of(DOCUMENTS[name])
    assert unshown(document, compare(document, read(html))) == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_number_on_a_page_is_anything_but_a_value(name):
    page = read(page_of(DOCUMENTS[name])[1])
    strays = [
        text
        for text, element in page.texts
        if numbers(text)
        and element.name not in ("style", "title")
        and not {"data-of", "data-day-of"} & element.attributes.keys()
    ]
    assert strays == []


def test_the_index_says_what_its_json_says():
    files = written(DOCUMENTS["left"], DOCUMENTS["all"], DOCUMENTS["hostile"], made.unseen("tailspin"))
    index, page = files["index.json"], read(files["index.html"])
    assert index["totals"] == {"tenants": 4, "good": 1, "attention": 1, "bad": 1, "unknown": 1}
    assert unshown(index, compare(index, page)) == []
    assert [row["verdict"] for row in index["tenants"]] == ["bad", "attention", "unknown", "good"]
    links = [element.attributes["href"] for element in page.named("a")]
    assert [links[0], links[2], links[3], links[4]] == ["northwind.html", "tailspin.html", "contoso.html", "index.json"]
