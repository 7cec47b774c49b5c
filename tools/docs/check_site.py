# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/docs/check_site.py SITE: follows every link within the built site, to page and heading; links elsewhere are only listed."""

from __future__ import annotations

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


class Page(HTMLParser):
    """What a page links to or loads, and where links to it may lead."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src") and value:
                self.links.append(value)
            if name == "id" and value:
                self.anchors.add(value)


def main(site: Path) -> int:
    pages = {file.resolve(): Page(file) for file in site.rglob("*.html")}
    elsewhere, wrong, followed = set(), set(), 0
    for file, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                elsewhere.add(link)
                continue
            followed += 1
            target = (file.parent / unquote(parts.path)).resolve() if parts.path else file
            # At "#" a browser goes to the top.
            anchor = unquote(parts.fragment)
            if not target.is_file() or (anchor and target in pages and anchor not in pages[target].anchors):
                wrong.add(f"{file.relative_to(site.resolve())} links to {link}, which is not there.")
    for link in sorted(elsewhere):
        print(f"Not followed: {link}")
    print(*sorted(wrong), sep="\n")
    print(f"figure: links within the documentation site followed: {followed}")
    print(f"figure: pages of the documentation site: {len(pages)}")
    print(f"{0 if wrong else 1} passed, {1 if wrong else 0} failed")
    return 1 if wrong or len(pages) < 50 else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
