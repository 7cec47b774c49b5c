# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that several modules share can be set once for a play, and only for modules that have them."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
import yaml

from .both_ways import Controller

COLLECTION = "infoprotect.tenant_key"
CHECKOUT = Path(__file__).resolve().parents[2]
GROUPS = yaml.safe_load((CHECKOUT / "meta" / "runtime.yml").read_text(encoding="utf-8"))["action_groups"]
PLUGINS = f"ansible_collections.{COLLECTION}.plugins"


def documentation(kind, name):
    return importlib.import_module(f"{PLUGINS}.{kind}.{name}")


def modules():
    """Options and groups of each module, as its documentation has them."""
    found = {}
    for path in (CHECKOUT / "plugins" / "modules").glob("*.py"):
        own = yaml.safe_load(documentation("modules", path.stem).DOCUMENTATION)
        fragments = [name.removeprefix(f"{COLLECTION}.") for name in own.get("extends_documentation_fragment", [])]
        parts = [
            yaml.safe_load(documentation("doc_fragments", name).ModuleDocFragment.DOCUMENTATION) for name in fragments
        ]
        options = {option for part in (own, *parts) for option in part.get("options") or {}}
        # As Ansible merges them: what the module says itself counts.
        said = [
            part["attributes"]["action_group"] for part in (own, *parts) if "action_group" in part.get("attributes", {})
        ]
        found[path.stem] = options, set(said[0]["membership"]) if said else set()
    return found


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_has_the_modules_that_have_its_options(group):
    shared = set(yaml.safe_load(documentation("doc_fragments", group).ModuleDocFragment.DOCUMENTATION)["options"])
    assert sorted(GROUPS[group]) == sorted(name for name, (options, _groups) in modules().items() if shared <= options)


def test_each_module_says_in_which_groups_it_is():
    for name, (_options, said) in modules().items():
        assert said == {f"{COLLECTION}.{group}" for group, members in GROUPS.items() if name in members}, name


@pytest.mark.parametrize("in_process", [True, False])
def test_a_default_of_a_play_reaches_every_module_of_the_group(tmp_path, in_process):
    controller = Controller(tmp_path)
    controller.lay({})
    work = controller.work
    tasks = [
        ("secure_file", {"dest": f"{work}/wide", "content": "no secret"}, {}),
        ("secure_file", {"dest": f"{work}/own", "content": "no secret", "mode": "0600"}, {}),
        ("tpd_keypair", {"directory": f"{work}/pair", "guid": "77172C7B-8E21-48B7-9854-7A4CEAC474D0"}, {}),
        ("secure_file_info", {"path": f"{work}/wide"}, {}),
        ("secure_file_info", {"path": f"{work}/own"}, {}),
        # In no group:
        ("custody_log", {"path": f"{work}/log", "event": "created", "tenant": "contoso", "subject": "key"}, {}),
    ]
    defaults = {f"group/{COLLECTION}.files": {"mode": "0400"}}
    answers = controller.run(tasks, play={"module_defaults": defaults}, tenant_key_run_in_process=in_process)
    assert [answer["failed"] for answer in answers] == [False] * len(tasks)
    modes = {path.name: path.stat().st_mode & 0o777 for path in work.rglob("*") if path.is_file()}
    assert modes.pop("wide") == 0o400
    assert modes.pop("own") == 0o600
    assert modes.pop("PrivateKey-77172C7B-8E21-48B7-9854-7A4CEAC474D0.txt") == 0o400
    assert answers[3]["problems"] == []
    assert "0400" in answers[4]["problems"][0]["message"]
    assert modes.pop("log") == 0o600
