# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which facts a role may leave behind, for tests/examples/inclusion.py: what it documents, and what begins as its own do.

A role takes in other roles, so its task files are followed: those of each entry point that it comes to count, and no others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from common import CHECKOUT

ROLES = CHECKOUT / "roles"


@cache
def specification(role: str) -> dict[str, Any]:
    """Its entry points."""
    text = (ROLES / role / "meta" / "argument_specs.yml").read_text(encoding="utf-8")
    return yaml.safe_load(text)["argument_specs"]


@cache
def reached(role: str, entry: str) -> frozenset[tuple[str, str]]:
    """The task files that an entry point comes to, each with its role and its name in there without the ending."""
    found: set[tuple[str, str]] = set()
    new = {(role, entry)}
    while new:
        found |= new
        new = {named for file in new for named in _named(*file)} - found
    return frozenset(found)


def documented(role: str, entry: str) -> set[str]:
    """The facts that the descriptions of this entry point, and of those that it comes to, name; options' do not count."""
    described = [specification(name).get(file, {}).get("description", "") for name, file in reached(role, entry)]
    return set(re.findall(r"O\(ignore:(\w+)\)", str(described)))


def own(role: str, entry: str) -> tuple[str, ...]:
    """How facts begin that are these roles' own."""
    return tuple(f"__{name}_" for name in {name for name, _file in reached(role, entry)})


def undocumented(role: str, entry: str) -> set[str]:
    """The facts that tasks set or register on the way from an entry point, whether or not they are run, and nobody has named."""
    made: set[str] = set()
    for name, file in reached(role, entry):
        for key, value in _words(_tasks(name, file)):
            made |= set(value) - {"cacheable"} if key == "set_fact" else {value} if key == "register" else set()
    return {name for name in made - documented(role, entry) if not name.startswith(own(role, entry))}


def _tasks(role: str, name: str) -> Any:
    return yaml.safe_load((ROLES / role / "tasks" / f"{name}.yml").read_text(encoding="utf-8"))


def _named(role: str, name: str) -> Iterator[tuple[str, str]]:
    """The task files that a task file takes in."""
    folder = ROLES / role / "tasks"
    for key, value in _words(_tasks(role, name)):
        if key in ("include_role", "import_role"):
            yield value["name"].rpartition(".")[2], value.get("tasks_from", "main")
        elif key in ("include_tasks", "import_tasks"):
            yield from ((role, found) for found in _files(folder, (folder / name).parent, value))


def _files(folder: Path, here: Path, named: str) -> Iterator[str]:
    """What is meant by a name; where that depends on a variable, every file that is no entry point may be."""
    if "{{" in named:
        names = {str(file.relative_to(folder).with_suffix("")) for file in folder.rglob("*.yml")}
        yield from names - specification(folder.parent.name).keys()
    else:
        file = here / named if (here / named).exists() else folder / named
        yield str(file.resolve().relative_to(folder.resolve()).with_suffix(""))


def _words(node: Any) -> Iterator[tuple[str, Any]]:
    """Every key of every task, and of what is in it."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield str(key).rpartition(".")[2], value
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _words(inner)
