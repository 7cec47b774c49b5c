# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options are turned into what they are wherever they are used.

Ansible checks the options of a role and converts none. What -e or an INI inventory says is text, and "false" is true.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

CHECKOUT = Path(__file__).resolve().parents[2]
EXPRESSIONS = {"when", "that", "until", "changed_when", "failed_when"}
FILES = sorted(
    path
    for pattern in ("roles/*/tasks/**/*.yml", "roles/*/vars/*.yml", "playbooks/**/*.yml")
    for path in CHECKOUT.glob(pattern)
)


@cache
def options() -> dict[str, str]:
    """The filter for each option of a role that is a switch or a number."""
    found = {}
    for path in CHECKOUT.glob("roles/*/meta/argument_specs.yml"):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"].values():
            kinds = {name: option.get("type") for name, option in entry.get("options", {}).items()}
            found.update({name: kind for name, kind in kinds.items() if kind in ("bool", "int")})
    return found


def expressions(node: Any, key: str = "", variables: bool = False) -> Iterator[str]:
    """Everything in Jinja but what is handed to a module as it is, for modules convert their arguments."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield from expressions(value, name, variables or name == "vars")
    elif isinstance(node, list):
        for each in node:
            yield from expressions(each, key, variables)
    elif isinstance(node, str) and key in EXPRESSIONS:
        yield node
    elif isinstance(node, str) and (variables or not re.fullmatch(r"{{ \w+ }}", node)):
        yield from re.findall(r"{[{%].*?[}%]}", node, re.DOTALL)


def bare(text: str, in_vars: bool) -> list[str]:
    """The options that are used as they were given, outside of quotes."""
    used = [re.sub(r"'[^']*'", "''", each) for each in expressions(yaml.safe_load(text), variables=in_vars)]
    return [
        name
        for name, kind in options().items()
        for each in used
        if re.search(rf"\b{name}\b(?!\s*(\| default\(\w+\) )?\s*\| {kind}\b)", each)
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_no_switch_and_no_number_is_used_as_text(path):
    assert bare(path.read_text(encoding="utf-8"), path.parent.name == "vars") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("- when: custody_allow_joint or x", ["custody_allow_joint"]),
        ("- when: [custody_allow_joint | bool]", []),
        ("- vars: {a: '{{ custody_required_copies }}'}", ["custody_required_copies"]),
        ("- vars: {a: '{{ custody_required_copies | default(2) | int }}'}", []),
        ("- infoprotect.tenant_key.tpd_keypair: {size: '{{ export_key_size }}'}", []),
        ("- debug: {msg: 'Set custody_allow_joint.'}", []),
    ],
)
def test_such_a_use_would_be_seen(text, found):
    assert bare(text, in_vars=False) == found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_a_tenant_whose_name_is_a_number_is_a_text(path):
    """Among what was put together of several tenants, and compared with what is on record, a number would be another name."""
    assert (
        re.findall(r"""tenant'?: ["{ ]*[\w.\[\]]*tenant_key_tenant\b(?! \| string)""", path.read_text(encoding="utf-8"))
        == []
    )


@pytest.mark.parametrize("path", sorted(CHECKOUT.glob("roles/*/*/main.yml")), ids=lambda path: path.parent.parent.name)
def test_what_lies_beside_the_folder_does_so_whether_or_not_a_slash_ends_its_name(path):
    """With a slash, the custody log would lie within the folder, and another one would be begun without it."""
    assert re.findall(r"tenant_key_directory( }}| ~ ')\.[a-z]", path.read_text(encoding="utf-8")) == []
