# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/matrix.py: each row of the table in README.md says when it was taken."""

from __future__ import annotations

import importlib.util
import sys
from datetime import datetime, timezone
from pathlib import Path

import pytest

TOOL = Path(__file__).resolve().parents[2] / "tools" / "matrix.py"
TAKEN = 3


@pytest.fixture
def matrix(monkeypatch):
    """The program, for which every environment is the one of this test, and every test passes."""
    specification = importlib.util.spec_from_file_location("matrix", TOOL)
    module = importlib.util.module_from_spec(specification)
    # Its dataclass looks itself up there.
    monkeypatch.setitem(sys.modules, "matrix", module)
    specification.loader.exec_module(module)
    monkeypatch.setattr(module.Environment, "python", Path(sys.executable))
    monkeypatch.setattr(module.Environment, "make", lambda environment: True)
    monkeypatch.setattr(module, "run", lambda *_words, **_variables: "1 passed")
    return module


def cells(row):
    return [cell.strip() for cell in row.strip("|").split("|")]


def test_each_row_says_when_it_was_taken(matrix):
    head, _line, *rows = matrix.table([], [])
    assert cells(head)[TAKEN] == "taken on"
    today = f"{datetime.now(timezone.utc):%Y-%m-%d}"
    assert [cells(row)[TAKEN] for row in rows] == [today] * len(matrix.CORES)
    assert {len(cells(row)) for row in rows} == {len(cells(head))}


def test_a_row_that_is_not_taken_anew_keeps_its_day(matrix):
    before = [row.replace(f"{datetime.now(timezone.utc):%Y-%m-%d}", "2026-03-02") for row in matrix.table([], [])]
    after = matrix.table(before, ["core-2.22"])
    assert after[:-1] == before[:-1]
    assert "2026-03-02" in before[-1]
    assert "2026-03-02" not in after[-1]


def test_what_could_not_run_has_no_day(matrix, monkeypatch):
    monkeypatch.setattr(matrix.Environment, "make", lambda environment: environment not in matrix.CORES)
    assert {cells(row)[TAKEN] for row in matrix.table([], [])[2:]} == {"not run"}
