# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The README of each role: it names every entry point, and its example is one that the role would accept."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

CHECKOUT = Path(__file__).resolve().parents[2]
ROLES = sorted(path.name for path in (CHECKOUT / "roles").iterdir())


def use(play):
    """Entry point and variables of the role in an example's play."""
    if "roles" in play:
        (role,) = play["roles"]
        return "main", {key: value for key, value in role.items() if key != "role"}
    (task,) = play["tasks"]
    return task["ansible.builtin.include_role"].get("tasks_from", "main"), task.get("vars", {})


@pytest.mark.parametrize("role", ROLES)
def test_readme(role):
    folder = CHECKOUT / "roles" / role
    text = (folder / "README.md").read_text(encoding="utf-8")
    entry_points = yaml.safe_load((folder / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))[
        "argument_specs"
    ]
    assert re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE) == list(entry_points)
    (example,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert f"infoprotect.tenant_key.{role}" in example
    (play,) = yaml.safe_load(example)
    entry_point, variables = use(play)
    options = entry_points[entry_point]["options"]
    assert variables.keys() <= options.keys()
    # A role that is run for all hosts takes these from the inventory.
    if play["hosts"] != "all":
        assert {name for name, option in options.items() if option.get("required")} <= variables.keys()
    for name, value in variables.items():
        assert value in options[name].get("choices", [value]), name
