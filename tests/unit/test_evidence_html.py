# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages: whoever has named what is on them puts nothing into them; they need nothing else, and can be heard and read."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.plugin_utils._evidence_html import View, join, tag
from ansible_collections.infoprotect.tenant_key.plugins.plugin_utils._evidence_style import DARK, LIGHT, STYLE
from ansible_collections.infoprotect.tenant_key.plugins.plugin_utils._evidence_svg import _FLAG, _lanes, _Scale
from hypothesis import given
from hypothesis import strategies as st

from ..figures import count
from . import evidence_made as made
from .custody_made import examples
from .evidence_pages_made import DOCUMENTS, page_of, written
from .html_read import read

# -- hostile names -----------------------------------------------------------------------------------------------------


def test_whoever_names_something_puts_nothing_into_the_page():
    for html in (page_of(DOCUMENTS["hostile"])[1], written(DOCUMENTS["hostile"])["index.html"]):
        page = read(html)
        assert page.faults == []
        assert {element.name for element in page.elements} & {
            "script",
            "img",
            "iframe",
            "object",
            "embed",
            "form",
            "base",
        } == set()
        assert (
            len(page.named("style"))
            == len(page.named("title")) - len([e for e in page.named("title") if "svg" in e.within])
            == 1
        )
        assert any("<script>alert(1)</script>" in text for text, _element in page.texts)
        count("hostile names shown as text", sum("<script>" in text for text, _element in page.texts))


def test_a_text_is_escaped_unless_it_is_html_already():
    assert tag("p", "<b>", tag("i", "&"), title="\"'<") == '<p title="&quot;&#x27;&lt;">&lt;b&gt;<i>&amp;</i></p>'
    assert join("<", tag("i")) == "&lt;<i></i>"
    assert View({"a": ["<"]}).value("/a/0") == '<span data-of="/a/0">&lt;</span>'


@examples(100)
@given(st.text(max_size=30))
def test_any_text_is_text(text):
    page = read(f"<div>{View({'a': text}).value('/a')}</div>")
    assert [element.name for element in page.elements] in (["div", "span"], ["div", "code"], ["div", "time"])
    assert page.faults == []


# -- what a page needs and does ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*DOCUMENTS, "index"])
def test_a_page_runs_nothing_and_asks_for_nothing(name):
    html = (
        written(*[DOCUMENTS[each] for each in ("all", "hostile")])["index.html"]
        if name == "index"
        else page_of(DOCUMENTS[name])[1]
    )
    page = read(html)
    for element in page.elements:
        for attribute, value in element.attributes.items():
            assert not attribute.startswith("on")
            assert attribute not in ("style", "src", "srcset", "action", "xlink:href")
            if attribute == "href":
                assert value == "data:," or re.fullmatch(r"[A-Za-z0-9_.~%-]+\.(html|json)", value)
    (style,) = page.named("style")
    assert not re.search(r"url\(|@import|expression|http", style.text)
    (policy,) = (
        e.attributes["content"]
        for e in page.named("meta")
        if e.attributes.get("http-equiv") == "Content-Security-Policy"
    )
    digest = base64.b64encode(hashlib.sha256(style.text.encode()).digest()).decode()
    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    ]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_whoever_hears_a_page_finds_the_way(name):
    page = read(page_of(DOCUMENTS[name])[1])
    (html,) = page.named("html")
    assert html.attributes["lang"] == "en"
    levels = [int(element.name[1]) for element in page.elements if re.fullmatch(r"h[1-6]", element.name)]
    assert levels.count(1) == 1 == levels[0]
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:]))
    tables = page.named("table")
    assert len(tables) == len(page.named("caption"))
    assert all(
        element.attributes["scope"] in ("col", "row") and element.attributes["role"] for element in page.named("th")
    )
    ids = [element.attributes["id"] for element in page.with_attribute("id")]
    assert len(ids) == len(set(ids))
    for drawing in page.named("svg"):
        assert drawing.attributes["role"] == "img"
        assert {drawing.attributes["aria-labelledby"], drawing.attributes["aria-describedby"]} <= set(ids)


def test_a_step_in_the_drawing_is_a_row_of_the_table():
    page = read(page_of(DOCUMENTS["left"])[1])
    drawn = [
        e.text
        for e in page.elements
        if e.name == "tspan" and e.attributes.get("data-of", "").startswith("/timeline/milestones")
    ]
    rows = [
        e.text
        for e in page.elements
        if e.name == "span"
        and "tbody" in e.within
        and re.fullmatch(r"/timeline/milestones/\d+/label", e.attributes.get("data-of", ""))
    ]
    assert set(drawn) < set(rows)
    assert set(rows) - set(drawn) == {"Copies verified", "Audit on record"}


def test_the_same_evidence_gives_the_same_bytes():
    assert written(made.document(), made.unseen("x")) == written(made.document(), made.unseen("x"))


# -- how it looks ------------------------------------------------------------------------------------------------------


def light(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_text_stands_out_from_what_is_behind_it(colours):
    pairs = [(text, sheet) for text in ("text", "quiet", "link") for sheet in ("page", "sheet")]
    pairs += [(kind, f"{kind}-sheet") for kind in ("good", "warn", "bad", "plain")]
    for text, behind in pairs:
        one, other = sorted((light(colours[text]), light(colours[behind])), reverse=True)
        assert (one + 0.05) / (other + 0.05) >= 4.5, (text, behind)


def test_paper_is_white_and_every_colour_has_a_name():
    assert "@media print" in STYLE
    assert "@media screen and (prefers-color-scheme:dark)" in STYLE
    assert LIGHT.keys() == DARK.keys() >= set(re.findall(r"var\(--([a-z-]+)\)", STYLE))


@examples(200)
@given(st.lists(st.floats(0, 800), min_size=1, max_size=12).map(sorted))
def test_no_flag_lies_over_another_and_no_pole_crosses_one(lefts):
    lanes = _lanes(lefts)
    for first, left in enumerate(lefts):
        for later in range(first + 1, len(lefts)):
            if lefts[later] - left < _FLAG:
                assert lanes[first] > lanes[later]


def test_a_time_has_its_place_on_the_axis():
    scale = _Scale("2026-03-01T00:00:00Z", "2026-03-11T00:00:00Z", 10, 110)
    times = ("2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z", "2026-03-06T00:00:00Z", "2026-04-01T00:00:00Z")
    assert [scale.place(at_) for at_ in times] == [10, 10, 60, 110]
    assert _Scale(times[0], times[0], 10, 110).place(times[0]) == 10
