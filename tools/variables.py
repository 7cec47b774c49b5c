# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/variables.py [FILE]: every variable of every role as one Markdown page, from the argument specifications.

Without a file it is printed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

CHECKOUT = Path(__file__).resolve().parents[1]
HEAD = """# Variables

Every variable of every role, by entry point, as its argument specification has it. This page is made by `tools/variables.py`.
A variable that several entry points have is the same one. Facts that a role leaves behind are named in the description of
its entry point.
"""
TABLE = "| variable | type | default | description |\n|---|---|---|---|\n"
MARKUP = re.compile(r"\b(RV|[OVCMPEIBU])\(((?:[^\\)]|\\.)*)\)")


def text(markup: str) -> str:
    """Ansible's markup as Markdown."""

    def one(match: re.Match[str]) -> str:
        kind, said = match.group(1), re.sub(r"\\(.)", r"\1", match.group(2))
        if kind in ("O", "RV"):
            # Before a colon stands where it belongs: a plugin, an entry point, or ignore.
            said = re.sub(r"^[\w.#]+:(?=[^:]+$)", "", said)
        if kind == "P":
            said = said.partition("#")[0]
        return {"I": f"*{said}*", "B": f"**{said}**", "U": f"<{said}>"}.get(kind, f"`{said}`")

    return MARKUP.sub(one, " ".join(markup.split()))


def sentences(description: str | list[str]) -> list[str]:
    return [text(part) for part in ([description] if isinstance(description, str) else description)]


def default(option: dict[str, Any]) -> str:
    if option.get("required"):
        return "required"
    value = option.get("default")
    if value is None:
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value}`" if value != "" else '`""`'


def rows(options: dict[str, Any], parent: str = "") -> Iterator[str]:
    """One line for each option, those within it after it."""
    for name, option in options.items():
        kind = f"{option['type']} of {option['elements']}" if "elements" in option else option["type"]
        said = sentences(option["description"])
        if "choices" in option:
            said.append("One of " + ", ".join(f"`{choice}`" for choice in option["choices"]) + ".")
        cells = [f"`{parent}{name}`", kind, default(option), " ".join(said)]
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
        dots = "[]." if option["type"] == "list" else "."
        yield from rows(option.get("options", {}), f"{parent}{name}{dots}")


def specifications(checkout: Path = CHECKOUT) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Role, entry point, and what is said of it."""
    for file in sorted(checkout.glob("roles/*/meta/argument_specs.yml")):
        entries = yaml.safe_load(file.read_text(encoding="utf-8"))["argument_specs"]
        for entry, specification in entries.items():
            yield file.parents[1].name, entry, specification


def page(checkout: Path = CHECKOUT) -> str:
    lines, last = [HEAD], ""
    for role, entry, specification in specifications(checkout):
        if role != last:
            lines.append(f"## Role {role}\n")
        last = role
        lines.append(f"### {role}, {entry}: {specification['short_description']}\n")
        lines += [f"- {sentence}" for sentence in sentences(specification["description"])]
        lines.append("\n" + TABLE + "\n".join(rows(specification["options"])) + "\n")
    return "\n".join(lines)


def main(files: list[str]) -> None:
    made = page()
    if files:
        Path(files[0]).write_text(made, encoding="utf-8")
    else:
        print(made, end="")


if __name__ == "__main__":
    main(sys.argv[1:])
