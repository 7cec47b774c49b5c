# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A result has a name of its own: one that is registered hides a variable of the role of that name for the rest of the run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

ROLES = sorted((Path(__file__).resolve().parents[2] / "roles").iterdir())


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_no_result_takes_the_name_of_a_variable(role):
    files = [*role.glob("vars/*.yml"), *role.glob("defaults/*.yml")]
    variables = {name for file in files for name in yaml.safe_load(file.read_text(encoding="utf-8")) or {}}
    tasks = list(role.glob("tasks/**/*.yml"))
    registered = {
        name
        for file in tasks
        for name in re.findall(r"^\s+register: (\w+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert variables
    assert tasks
    assert variables & registered == set()
