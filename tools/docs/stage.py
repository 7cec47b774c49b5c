# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/docs/stage.py SOURCE TREE: makes SOURCE what Sphinx reads, from the collections tree TREE.

The pages lie there as they do in the repository, so their links among each other hold, and so do links to other files.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

PARTS = {
    "Start": ["README", "docs/architecture", "docs/examples/README", "docs/examples/*/README"],
    "Runbook": ["docs/runbook/README", "docs/runbook/*"],
    "Deutsch": ["docs/runbook/de/*"],
    "Topics": ["docs/*"],
    "Reference": ["docs/formats", "docs/variables", "collections/index"],
    "Project": ["docs/security", "docs/benchmarks", "docs/inclusion", "CONTRIBUTING"],
}
# What the list of pages calls those whose own title says little there.
TITLES = {"README": "Overview", "collections/index": "Modules, plugins and roles"}
LINK = re.compile(r"\]\(([^)\s#]+)")
# A link that shows the name of a file; on the site it shows the page's title.
FILE_NAME = re.compile(r"\[[\w./-]+\.md\](?=\()")


def pages(collection: Path) -> list[Path]:
    return [collection / "README.md", collection / "CONTRIBUTING.md", *sorted((collection / "docs").rglob("*.md"))]


def stage(source: Path, collection: Path) -> None:
    """Copy each page, and each file to which one links."""
    found = pages(collection)
    for page in found:
        linked = [
            page.parent / target for target in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in target
        ]
        # What is not there, Sphinx names with the page that links to it.
        for file in [page, *(file.resolve() for file in linked if file.is_file())]:
            target = source / file.relative_to(collection)
            target.parent.mkdir(parents=True, exist_ok=True)
            if file.suffix == ".md":
                target.write_text(FILE_NAME.sub("[]", file.read_text(encoding="utf-8")), encoding="utf-8")
            else:
                shutil.copyfile(file, target)


def linked_from(source: Path, name: str) -> list[str]:
    """The pages to which a page links, in its order."""
    page = source / f"{name}.md"
    links = [(page.parent / target).resolve() for target in LINK.findall(page.read_text(encoding="utf-8"))]
    return [str(link.relative_to(source.resolve()).with_suffix("")) for link in links if link.is_file()]


def in_order_of(order: list[str]) -> Callable[[str], tuple[int, str]]:
    """As the page before has them; what it does not have comes last, by name."""
    return lambda page: (order.index(page) if page in order else len(order), page)


def index(source: Path) -> str:
    """The first page: every other one is below it once."""
    there = {str(path.relative_to(source).with_suffix("")) for path in source.rglob("*.md")}
    there |= {"docs/variables", "collections/index"}
    named = {name for names in PARTS.values() for name in names if "*" not in name}
    lines, placed = (
        ["# infoprotect.tenant_key", "", "The life cycle of a Microsoft-managed tenant key, in Ansible.", ""],
        set(),
    )
    for part, names in PARTS.items():
        lines += ["```{toctree}", f":caption: {part}", ":maxdepth: 1", ""]
        order: list[str] = []
        for name in names:
            pattern = re.escape(name).replace(r"\*", "[^/]+")
            fitting = sorted((page for page in there - placed if re.fullmatch(pattern, page)), key=in_order_of(order))
            if name in there and name.endswith("/README"):
                order = linked_from(source, name)
            for page in fitting if "*" not in name else [page for page in fitting if page not in named]:
                lines.append(f"{TITLES[page]} <{page}>" if page in TITLES else page)
                placed.add(page)
        lines += ["```", ""]
    if left := there - placed:
        sys.exit(f"No part of the site has {', '.join(sorted(left))} (tools/docs/stage.py).")
    return "\n".join(lines)


def main(source: Path, tree: Path) -> None:
    (collection,) = tree.resolve().glob("ansible_collections/*/*")
    shutil.rmtree(source, ignore_errors=True)
    stage(source, collection)
    (source / "index.md").write_text(index(source), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
