# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every operation as a real task, in the controller's process and as a module: the same results, files, secrecy."""

from __future__ import annotations

import fcntl
import json
import os
import re
import sys
from pathlib import Path

import pytest

from .both_ways import Controller, comparable
from .conftest import tree
from .export_made import NEW_PASSWORD, PASSPHRASE, failures, files, story

MODULES = {path.stem for path in (Path(__file__).resolve().parents[2] / "plugins" / "modules").glob("*.py")}


@pytest.fixture
def controller(tmp_path):
    return Controller(tmp_path)


def test_both_ways_are_one(controller, export, request_key, operator):
    """Results, messages, diffs, files and their modes are the same, and neither way shows a secret at -vvvv --diff."""
    tasks = [
        (*task, dict(words)) for task in story(controller.work, export) for words in ({"check_mode": True}, {}, {})
    ]
    refused = [(*task, {}) for task in failures(controller.work, export)]
    vault = ("--vault-password-file", str(controller.work / "vault-secret"))
    operator.secrets += [NEW_PASSWORD, PASSPHRASE]
    found = {}
    target = os.environ.get("TENANT_KEY_TARGET_PYTHON", sys.executable)  # of `make matrix`
    for in_process in (True, False):
        controller.lay(files(export, request_key))
        variables = {"tenant_key_run_in_process": in_process}
        if not in_process:
            variables["ansible_python_interpreter"] = target
        answers = controller.run(tasks + refused, "-vvvv", "--diff", *vault, **variables)
        # One that is refused on the controller already sends none.
        assert (controller.modules_sent() == 0) is in_process
        operator.require_secrecy(controller.output)
        operator.require_secrecy(controller.log.read_text(encoding="utf-8"))
        operator.require_secrecy(answers)
        if target != sys.executable:
            # Another version of cryptography may encrypt a PEM with other parameters, which take another size.
            answers = json.loads(re.sub(r'"size": \d+', '"size": 0', json.dumps(answers)))
        left = [(path, *facts[:3]) for path, facts in tree(controller.work).items()]
        found[in_process] = comparable(answers), sorted(comparable(left))
    for task, here, there in zip(tasks + refused, found[True][0], found[False][0], strict=True):
        assert here == there, task
        assert here["failed"] is (task in refused), task
    assert found[True][1] == found[False][1]
    assert {module for module, _arguments, _words in tasks} == MODULES
    changed = [answer["changed"] for answer in found[True][0]]
    assert sum(changed[1 : len(tasks) : 3]) > 10, "not even the first real run changed anything"
    assert not any(changed[2 : len(tasks) : 3]), "a second run changed something"


def test_what_asks_for_another_way_gets_it(controller, export, tmp_path):
    """Each of these words sends the module; the last two do not."""
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    here = {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    words = [
        {"vars": {**here, "tenant_key_run_in_process": "{{ false }}"}},
        {"vars": here, "environment": {"LANG": "C.UTF-8"}},
        {"vars": here, "async": 60, "poll": 1},
        {"vars": {"ansible_python_interpreter": str(python)}},
        {"vars": here},
        {"delegate_to": "127.0.0.1", "vars": here},
    ]
    controller.lay(files(export))
    given = {"path": f"{controller.work}/made/ExportedTPD.xml"}
    for number, more in enumerate(words):
        answers = controller.run([("secure_file_info", given, more)], "-vvv")
        assert answers[0]["failed"] is False, answers
        assert controller.modules_sent() == (number < len(words) - 2), more


def test_a_switch_that_is_none(controller, export):
    controller.lay(files(export))
    given = {"path": f"{controller.work}/made/ExportedTPD.xml"}
    answers = controller.run([("secure_file_info", given, {})], tenant_key_run_in_process="perhaps")
    assert "tenant_key_run_in_process is neither true nor false" in answers[0]["msg"]


def test_a_task_that_takes_too_long_is_ended(controller, export):
    """As any task: the time limit is Ansible's. Here another run has the folder, and lets nobody in."""
    controller.lay(files(export))
    folder = os.open(controller.work / "pair", os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        answers = controller.run([("tpd_keypair", {"directory": f"{controller.work}/pair"}, {"timeout": 1})])
    finally:
        os.close(folder)
    assert answers[0]["failed"] is True
    assert "timed out" in str(answers).lower()
