# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When an operation may run in the controller's process, and what of Ansible's inner life that rests on."""

from __future__ import annotations

import ast
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from ansible.module_utils.common.arg_spec import ValidationResult
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.plugins.loader import action_loader, connection_loader
from ansible.template import Templar
from ansible_collections.infoprotect.tenant_key.plugins.module_utils import _runner
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._operation import Operation
from ansible_collections.infoprotect.tenant_key.plugins.plugin_utils import in_process
from ansible_collections.infoprotect.tenant_key.plugins.plugin_utils.operation_action import OperationAction

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"


def runs_here(*, transport="local", become=None, delegated=None, task_vars=None, **task):
    """Whether a task like this one would run in this process."""
    action = object.__new__(OperationAction)
    words = {"async_val": 0, "environment": [], "delegate_to": "elsewhere" if delegated is not None else None, **task}
    action._task = SimpleNamespace(**words)
    action._connection = SimpleNamespace(transport=transport, become=become)
    action._templar = SimpleNamespace(template=lambda value: value)
    variables = {**(task_vars or {}), "ansible_delegated_vars": {"elsewhere": delegated}}
    return action._runs_here(variables)


def python(path):
    """The variables of a host with this interpreter."""
    return {"ansible_python_interpreter": path}


@pytest.mark.parametrize(
    "words",
    [
        {},
        {"environment": [{}]},
        {"environment": [None]},
        {"environment": None},
        {"task_vars": {"tenant_key_run_in_process": True}},
        {"task_vars": {"tenant_key_run_in_process": "yes"}},
        {"task_vars": python(sys.executable)},
        {"task_vars": python("auto")},
        {"task_vars": python("auto_silent")},
        {"task_vars": python("")},
        {"task_vars": python("/usr/bin/other"), "delegated": python(sys.executable)},
    ],
)
def test_nothing_asks_otherwise(words):
    assert runs_here(**words)


@pytest.mark.parametrize(
    "words",
    [
        {"transport": "ssh"},
        {"transport": "containers.podman.podman"},
        {"become": object()},
        {"async_val": 60},
        {"environment": [{"LANG": "C"}]},
        {"environment": ["{{ environment_of_this_host }}"]},
        {"task_vars": {"tenant_key_run_in_process": False}},
        {"task_vars": {"tenant_key_run_in_process": "no"}},
        {"task_vars": python("/usr/bin/other")},
        {"task_vars": python("python3")},
        {"task_vars": python(f"{sys.executable} -I")},
        {"task_vars": python(sys.executable), "delegated": python("/usr/bin/other")},
    ],
)
def test_something_asks_otherwise(words):
    assert not runs_here(**words)


def test_another_environment_of_the_same_python_is_another_python(tmp_path):
    """A virtual environment's Python is a link to the system's, and sees other libraries."""
    (tmp_path / "python3").symlink_to(os.path.realpath(sys.executable))
    assert not runs_here(task_vars=python(str(tmp_path / "python3")))
    (tmp_path / "bin").symlink_to(os.path.dirname(sys.executable))
    assert runs_here(task_vars=python(str(tmp_path / "bin" / os.path.basename(sys.executable))))


@pytest.mark.parametrize("module", sorted(path.stem for path in (PLUGINS / "modules").glob("*.py")))
def test_every_module_has_the_action_plugin_of_its_own_operation(module):
    action = action_loader.get(f"infoprotect.tenant_key.{module}", class_only=True)
    assert issubclass(action, OperationAction)
    assert action.OPERATION is sys.modules[action.OPERATION.run.__module__].OPERATION
    assert action.OPERATION.run.__module__.endswith(f"._ops.{module}")


def test_what_ends_a_task_is_not_taken_for_a_defect():
    """A time limit raises in the middle of the work; it is Ansible's to report."""

    class Ended(BaseException):
        pass

    def run(params, check_mode):
        raise Ended

    with pytest.raises(Ended):
        _runner.attempt(Operation({}, run), {}, False)


def test_a_secret_masks_no_fact():
    def run(params, check_mode):
        return {"changed": True, "none": None, "echo": params["password"], "list": ("True", 1)}

    operation = Operation({"password": {"type": "str", "no_log": True}}, run)
    done = in_process.answer(operation, "made_for_a_test", {"password": "True"}, False)
    assert (done["changed"], done["none"]) == (True, None)
    assert "True" not in (done["echo"], done["list"][0], done["invocation"]["module_args"]["password"])


# What Ansible promises to nobody, and these plugins use.
OF_ACTION = {"_connection", "_display", "_execute_module", "_find_needle", "_is_pipelining_enabled", "_loader", "_task"}
OF_ACTION |= {"_templar"}


def test_private_names_are_listed_here_and_exist():
    """So that a new version of Ansible that lacks one is found out by name."""
    names = ("in_process", "operation_action", "pipelining")
    files = [*(PLUGINS / "action").glob("*.py"), *(PLUGINS / "plugin_utils" / f"{name}.py" for name in names)]
    parsed = [node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))]
    own = {node.name for node in parsed if isinstance(node, ast.FunctionDef)}
    used = {node.attr for node in parsed if isinstance(node, ast.Attribute) and node.attr.startswith("_")}
    assert {name for name in used - own if not name.startswith(("__", "_LARGEST"))} == OF_ACTION | {
        "_no_log_values",
        "_vault",
    }

    loader, task = DataLoader(), Task.load({"ansible.builtin.debug": {}})
    connection = connection_loader.get("ansible.builtin.local", PlayContext())
    action = action_loader.get(
        "infoprotect.tenant_key.tpd_info",
        task=task,
        connection=connection,
        play_context=PlayContext(),
        loader=loader,
        templar=Templar(loader),
        shared_loader_obj=None,
    )
    assert [name for name in sorted(OF_ACTION) if not hasattr(action, name)] == []
    assert (connection.transport, connection.become) == ("local", None)
    assert not any((task.async_val, task.environment, task.check_mode, task.delegate_to))
    assert hasattr(ValidationResult({}), "_no_log_values")
    assert hasattr(loader, "_vault")
