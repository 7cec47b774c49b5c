# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When an operation may run in the controller's process, and what of Ansible's inner life that rests on."""

from __future__ import annotations

import ast
import json
import os
import sys
import types
from pathlib import Path
from types import SimpleNamespace

import pytest
from ansible.module_utils.common.arg_spec import ValidationResult
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.plugins.loader import action_loader, connection_loader
from ansible.template import Templar, trust_as_template
from ansible_collections.infoprotect.tenant_key.plugins.module_utils import _runner, _secrets
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._operation import Operation
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import TpdError
from ansible_collections.infoprotect.tenant_key.plugins.plugin_utils import _in_process as in_process
from ansible_collections.infoprotect.tenant_key.plugins.plugin_utils._operation_action import OperationAction

from .both_ways import one_mask

MODULES = "ansible_collections.infoprotect.tenant_key.plugins.modules."
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


def made(params, check_mode):
    """An operation that shows what it must not, in every place, and things that are no JSON."""
    _secrets.register("a secret of the run, made for a test")
    if params["fail"]:
        raise TpdError("It does not open with a secret of the run, made for a test.")
    return {
        "changed": True,
        "none": None,
        "echo": [{"deep": params["password"]}, "a secret of the run, made for a test"],
        "pair": ("True", 1),
        "path": params["path"],
        "warnings": ["a secret of the run, made for a test, is weak"],
    }


SPEC = {
    "path": {"type": "path"},
    "password": {"type": "str", "no_log": True},
    "fail": {"type": "bool", "default": False},
    "size": {"type": "int", "choices": [1, 2]},
}


@pytest.mark.parametrize(
    "arguments",
    [
        {"path": "~/somewhere", "password": "an inline secret, made for a test"},
        {"password": "True"},
        {"fail": "yes", "password": "an inline secret, made for a test"},
        {"size": 3, "password": "an inline secret, made for a test"},
        {"size": "two", "colour": "red"},
        {"colour": "red"},
    ],
)
def test_the_answer_is_the_modules(arguments, run_module, monkeypatch):
    """What a module prints and what this process answers, in success and in failure, with every secret masked."""
    module = types.ModuleType(MODULES + "made_for_a_test")
    module.main = lambda: _runner.run_module(Operation(SPEC, made))
    monkeypatch.setitem(sys.modules, module.__name__, module)
    printed = run_module("made_for_a_test", **arguments)
    monkeypatch.setattr(_secrets, "_registered", set())
    name = printed.get("msg", "").partition("(")[2].partition(")")[0]  # a module that Ansible sent knows its full name
    answer = in_process.answer(Operation(SPEC, made), name, arguments, False)
    assert answer.pop("warnings", []) == [warning["event"]["msg"] for warning in printed.pop("warnings", [])]
    # Since ansible-core 2.21 a module shows its arguments only where that is configured.
    assert one_mask(answer) == one_mask({"invocation": answer["invocation"], **printed})
    assert "made for a test" not in json.dumps(printed)
    if "msg" not in printed:
        assert (printed["changed"], printed["none"]) == (True, None)


def test_where_a_value_came_from_stays_outside():
    """Ansible marks texts that it may run as templates, and a result of a module never is one."""
    seen = {}

    def run(params, check_mode):
        seen.update(params)
        return {"echo": params["path"]}

    trusted = trust_as_template("/srv/{{ 1 + 1 }}")
    answer = in_process.answer(Operation(SPEC, run), "made_for_a_test", {"path": trusted}, False)
    for text in (seen["path"], answer["echo"]):
        assert text == "/srv/{{ 1 + 1 }}"
        assert text.__class__ is str


# What Ansible promises to nobody, and these plugins use.
OF_ACTION = {"_connection", "_display", "_execute_module", "_find_needle", "_is_pipelining_enabled", "_loader", "_task"}
OF_ACTION |= {"_play_context", "_templar"}


def test_private_names_are_listed_here_and_exist():
    """So that a new version of Ansible that lacks one is found out by name."""
    names = ("_in_process", "_operation_action", "_pipelining")
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
    assert hasattr(connection._play_context, "no_log")
    assert not any((task.async_val, task.environment, task.check_mode, task.delegate_to))
    assert hasattr(ValidationResult({}), "_no_log_values")
    assert hasattr(loader, "_vault")
