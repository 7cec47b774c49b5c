# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""check.py [--keep FOLDER]: the pages of the role evidence in a headless Chromium, wide and narrow, light and dark, on paper.

On each: every value is the one that the JSON file has in the place that the value names; no digit stands outside of one;
nothing reaches beyond the screen; text has contrast and size; what a screen reader is given has an order and names; nothing
is asked for, run or complained of. FOLDER keeps pages, screenshots and PDFs to look at.
"""

from __future__ import annotations

import argparse
import re
import runpy
import shutil
import struct
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

TESTS = Path(__file__).resolve().parents[1]
# Makes the collection importable from the checkout.
runpy.run_path(str(TESTS / "conftest.py"))
sys.path += [str(TESTS), str(TESTS / "unit")]

from browser import Browser  # noqa: E402
from figures import line  # noqa: E402
from html_read import at, is_right, leaves  # noqa: E402
from pages import POISONED, write  # noqa: E402

PROGRAM = "chromium"
# The one in between is the narrowest on which tables are tables.
SCREENS = ((1280, "light"), (1280, "dark"), (1000, "light"), (390, "light"), (390, "dark"))
LOOK = (Path(__file__).parent / "look.js").read_text(encoding="utf-8")
# Whose pictures are taken in any case; each takes as long as all else on a screen.
PICTURED = ("contoso", "index")
# WCAG AA for text of any size; and what can be read on a telephone.
CONTRAST, SMALLEST = 4.5, 11.0
# What a cell of a table needs to be read, in pixels, where columns stand beside each other, and where they do not.
ROOM, ROOM_ALONE, ALONE = 40, 150, 390
# The width of A4 and of US Letter less the margins of the page's style sheet, in CSS pixels.
PAPERS = (688, 710)
# What different versions of the browser call it.
DRAWING = ("image", "img", "graphics-document")

COUNTED: Counter[str] = Counter()


def values(document: Any, seen: dict[str, Any]) -> Iterator[str]:
    """Every value against the document; and every number of the document on the page."""
    for said in seen["values"]:
        COUNTED["values on evidence pages compared"] += 1
        if not is_right(document, said["place"], said["text"], said["time"], said["code"], said["day"]):
            yield f"{said['place']} is {at(document, said['place'])!r}, and the page says {said['text']!r}"
    yield from (f"digits that are no value: {stray!r}" for stray in seen["strays"])
    shown = {said["place"] for said in seen["values"] if said["shown"]}
    for place, value in leaves(document):
        numbers = re.search(r"\d", str(value)) and not isinstance(value, bool)
        if numbers and place not in shown and not place.endswith("/page"):
            yield f"{place} ({value!r}) is in the JSON file and not to be seen on the page"


def looks(seen: dict[str, Any], scheme: str) -> Iterator[str]:
    if seen["scrolls"]:
        yield "it is wider than the screen"
    yield from (f"{name} reaches beyond its place" for name in seen["over"])
    yield from (f"the word {word} is broken in the middle" for word in seen["broken"])
    pale = {each["what"]: each["ratio"] for each in seen["contrasts"] if each["ratio"] < CONTRAST}
    yield from (f"{name} has a contrast of {ratio:.1f}" for name, ratio in pale.items())
    if len(seen["contrasts"]) < 5 or seen["smallest"] < SMALLEST:
        yield f"its smallest of {len(seen['contrasts'])} texts has {seen['smallest']:.1f} pixels"
    if seen["scripts"] or seen["ran"] is not None:
        yield "it has a script"
    if not seen["title"] or seen["language"] != "en":
        yield "it has no title, or no language"
    brightness = sum(map(int, re.findall(r"\d+", seen["background"])[:3])) / 3
    if (brightness < 128) != (scheme == "dark"):
        yield f"its background is {seen['background']}, and the screen is {scheme}"


def heard(nodes: list[dict[str, Any]]) -> Iterator[str]:
    """What a screen reader is given: one title, headings in order, tables with a name and heads, drawings and links with names."""
    COUNTED["nodes of accessibility trees looked at"] += len(nodes)
    role = [(node["role"]["value"], node.get("name", {}).get("value", ""), node) for node in nodes]
    levels = [
        each["value"]["value"]
        for name, _said, node in role
        for each in node.get("properties", ())
        if name == "heading" and each["name"] == "level"
    ]
    if levels.count(1) != 1 or levels[:1] != [1]:
        yield f"its headings have the levels {levels}"
    for before, after in zip(levels, levels[1:]):
        if after > before + 1:
            yield f"a heading of level {after} follows one of level {before}"
    for name, said, _node in role:
        if name in ("heading", "table", "link", "columnheader", *DRAWING) and not said.strip():
            yield f"a {name} has no name"
    tables, heads = (sum(1 for name, _said, _node in role if name == kind) for kind in ("table", "columnheader"))
    rows = sum(1 for name, _said, _node in role if name == "rowheader")
    if tables and (heads < 2 * tables or rows < tables):
        yield f"its {tables} tables have {heads} heads of columns and {rows} of rows"
    if not any(name == "main" for name, _said, _node in role):
        yield "it has no main part"


def pictured(picture: bytes, width: int) -> Iterator[str]:
    """Whether there is something to be seen on it: a page of one colour takes next to nothing."""
    wide, high = struct.unpack(">II", picture[16:24])
    if wide != width or len(picture) < wide * high / 200:
        yield f"its picture has {wide} by {high} pixels in {len(picture)} bytes"
    COUNTED["pictures of evidence pages taken"] += 1


def on_screens(browser: Browser, page: Path, document: Any, keep: Path, everything: bool) -> Iterator[str]:
    for width, scheme in SCREENS:
        browser.open(page, width, scheme)
        seen = browser.value(LOOK)
        nodes = browser.tree()
        found = [*values(document, seen), *looks(seen, scheme), *heard(nodes)]
        found += [
            f"its link to {name} leads nowhere" for name in seen["links"] if not (page.parent / unquote(name)).is_file()
        ]
        found += [f"it asks for {url}" for url in browser.asked.values() if url not in (page.as_uri(), "data:,")]
        found += [f"the browser says: {text}" for text in browser.complaints]
        room = ROOM_ALONE if width == ALONE else ROOM
        if seen["tightest"] is not None and seen["tightest"] < room:
            found.append(f"a cell of a table has {seen['tightest']} pixels for what it says, and {room} are needed")
        drawn = sum(1 for node in nodes if node["role"]["value"] in DRAWING)
        wanted = bool(document.get("timeline", {}).get("until")) + bool(document.get("exposure", {}).get("spans"))
        if drawn != wanted:
            found.append(f"{drawn} drawings are to be seen, {wanted} should be")
        if everything or page.stem in PICTURED:
            picture = browser.screenshot()
            (keep / f"{page.stem}-{width}-{scheme}.png").write_bytes(picture)
            found += pictured(picture, width)
        COUNTED["screens of evidence pages looked at"] += 1
        yield from (f"{page.stem[:20]}, {width} pixels, {scheme}: {problem}" for problem in found)


def on_paper(browser: Browser, page: Path, keep: Path) -> Iterator[str]:
    """White whatever the screen is, and nothing is cut off."""
    for width in PAPERS:
        browser.open(page, width, "dark", media="print")
        seen = browser.value(LOOK)
        found = looks({**seen, "smallest": SMALLEST}, "light")
        yield from (f"{page.stem[:20]}, on paper {width} pixels wide: {problem}" for problem in found)
    printed = browser.pdf()
    (keep / f"{page.stem}.pdf").write_bytes(printed)
    COUNTED["evidence pages printed"] += 1
    if not printed.startswith(b"%PDF-") or len(re.findall(rb"/Type\s*/Page\b", printed)) < 1:
        yield f"{page.stem[:20]}: it does not print"


def poisoned(browser: Browser, folder: Path) -> Iterator[str]:
    """Into a page that somebody has got at: its own policy lets nothing of it run or ask, or this check would see nothing."""
    page = folder / "poisoned.html"
    page.write_text((folder / "contoso.html").read_text().replace("</main>", f"{POISONED}</main>"))
    browser.open(page, 1280, "light")
    if browser.value(LOOK)["ran"] is not None:
        yield "poisoned: a script that was put into it has run"
    if sorted(browser.refused) != ["https://hostile.example/x.js", "https://hostile.example/x.png"]:
        yield f"poisoned: of what was put into it, the browser has refused {browser.refused}"
    if [url for url in browser.asked.values() if url not in (page.as_uri(), "data:,")]:
        yield "poisoned: it has asked for something"
    if browser.value("getComputedStyle(document.body).display") == "none":
        yield "poisoned: a style that was put into it holds"


def main(program: str, keep: Path, everything: bool) -> int:
    folder, found = keep / "pages", []
    documents = write(folder)
    with tempfile.TemporaryDirectory() as profile, Browser(program, Path(profile)) as browser:
        for name, document in documents.items():
            page = folder / f"{name}.html"
            found += [*on_screens(browser, page, document, keep, everything), *on_paper(browser, page, keep)]
        found += list(poisoned(browser, folder))
    for problem in found:
        print(problem)
    for what, number in sorted(COUNTED.items()):
        print(line(what, number))
    tests = len(documents) * (len(SCREENS) + 1) + 1
    broken = len({problem.partition(": ")[0] for problem in found})
    print(f"{tests - min(broken, tests)} passed" + (f", {broken} failed" if broken else ""))
    return 1 if found else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--keep", type=Path)
    arguments = parser.parse_args()
    chromium = shutil.which(PROGRAM)
    if chromium is None:
        sys.exit(f"Not here: {PROGRAM}.")
    if arguments.keep:
        arguments.keep.mkdir(parents=True, exist_ok=True)
        sys.exit(main(chromium, arguments.keep.resolve(), everything=True))
    with tempfile.TemporaryDirectory() as scratch:
        sys.exit(main(chromium, Path(scratch).resolve(), everything=False))
