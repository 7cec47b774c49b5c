# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/security.md: each claim names its test, and each test that it names is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
PAGE = (CHECKOUT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`([\w/]+\.py)::(\w+)`", PAGE)


def test_each_row_of_a_table_of_claims_names_a_test():
    tables = PAGE.partition("## What is defended")[2].partition("## What is not defended")[0]
    rows = re.findall(r"^\| (?!claim \||---).*$", tables, re.MULTILINE)
    assert len(rows) > 30
    assert [row for row in rows if not re.search(r"(`[\w/]+\.py::\w+`|\| `tools/[^|]*) \|$", row)] == []


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_each_test_that_is_named_is_there(file, name):
    assert re.search(
        rf"^ *def {name}\(", (CHECKOUT / "tests" / "unit" / file).read_text(encoding="utf-8"), re.MULTILINE
    )


@pytest.mark.parametrize("name", re.findall(r"`((?:tests|playbooks|tools)/[\w/.-]+)`", PAGE))
def test_each_file_that_is_named_is_there(name):
    assert (CHECKOUT / name).is_file()
