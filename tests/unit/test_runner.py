# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The outer edge: whatever happens in an operation, the answer is JSON in which no secret stands."""

from __future__ import annotations

import importlib
import json
import sys
import types
from pathlib import Path

import pytest
from ansible.module_utils import basic
from ansible_collections.infoprotect.tenant_key.plugins.module_utils import _runner, _secrets
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._operation import Operation
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import TpdError

SECRET = "Canary of an operation, made for a test"
MODULES = "ansible_collections.infoprotect.tenant_key.plugins.modules."


@pytest.fixture
def answer(run_module, monkeypatch):
    """answer(run, **arguments) -> what a module prints whose operation is this function."""

    def given(run, **arguments):
        specification = {"path": {"type": "path"}, "password": {"type": "str", "no_log": True}}
        module = types.ModuleType(MODULES + "made_for_a_test")
        module.main = lambda: _runner.run_module(Operation(specification, run))
        monkeypatch.setitem(sys.modules, module.__name__, module)
        return run_module("made_for_a_test", **arguments)

    return given


def test_a_result(answer):
    def run(params, check_mode):
        return {"changed": not check_mode, "seen": params["path"], "warnings": []}

    assert answer(run, path="/srv")["seen"] == "/srv"
    assert answer(run)["changed"] is True
    assert answer(run, check=True)["changed"] is False
    assert "warnings" not in answer(run)


def test_an_error_of_ours_is_its_sentence(answer):
    def run(params, check_mode):
        try:
            raise ValueError(SECRET)
        except ValueError as error:
            raise TpdError("The key is damaged. Take it from a backup.") from error

    done = answer(run)
    assert (done["failed"], done["msg"]) == (True, "The key is damaged. Take it from a backup.")
    assert "exception" not in done
    assert SECRET not in str(done)


def test_an_unexpected_error_shows_its_way_and_not_its_text(answer):
    def deeper():
        raise KeyError(SECRET)

    def run(params, check_mode):
        try:
            raise ValueError(SECRET)
        except ValueError:
            deeper()

    done = answer(run, password="made for a test")
    assert done["failed"] is True
    assert done["msg"].startswith("Unexpected KeyError at attempt:")
    assert "> deeper:" in done["msg"]
    assert "please report it" in done["msg"]
    assert "exception" not in done
    assert SECRET not in str(done)


@pytest.mark.parametrize("error", [MemoryError, RecursionError, OSError, UnicodeDecodeError])
def test_errors_of_every_kind(answer, error):
    def run(params, check_mode):
        raise error("utf-8", b"", 0, 1, SECRET) if error is UnicodeDecodeError else error(SECRET)

    assert answer(run)["msg"].startswith(f"Unexpected {error.__name__} at ")


def test_secrets_that_came_up_are_masked_everywhere(answer):
    """In results at any depth, in messages and, which Ansible itself does not do, in warnings."""

    def run(params, check_mode):
        _secrets.register(SECRET)
        return {
            "changed": False,
            "plain": SECRET,
            "deep": [{"inner": f"<{SECRET}>"}],
            "encoded": SECRET.encode().hex(),
            "harmless": "as it is",
            "warnings": [f"The password is {SECRET}, which is weak.", "Another warning."],
        }

    done = answer(run)
    assert SECRET not in json.dumps(done)
    assert SECRET.encode().hex() not in json.dumps(done)
    assert done["harmless"] == "as it is"
    texts = [warning["event"]["msg"] for warning in done["warnings"]]
    assert texts[0].startswith("The password is ")
    assert texts[0].endswith(", which is weak.")
    assert texts[1] == "Another warning."

    def fail(params, check_mode):
        _secrets.register(SECRET)
        raise TpdError(f"It does not open with {SECRET}, sorry.")

    assert SECRET not in json.dumps(answer(fail))
    assert answer(fail)["msg"].startswith("It does not open with ")


def test_an_inline_password_is_not_echoed(answer):
    done = answer(lambda params, check_mode: {"changed": False, "echo": params["password"]}, password=SECRET)
    assert SECRET not in json.dumps(done)


@pytest.mark.parametrize("name", ["cryptography", "cryptography.hazmat.primitives.asymmetric"])
def test_a_host_without_cryptography(answer, name):
    def run(params, check_mode):
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    done = answer(run)
    assert f"cryptography cannot be imported for {sys.executable}" in done["msg"]
    assert "Install version 36" in done["msg"]
    assert "defect" not in done["msg"]


def test_a_host_with_an_old_cryptography(answer, monkeypatch):
    import cryptography

    def run(params, check_mode):
        raise TypeError("private_key() missing 1 required positional argument: 'backend'")

    monkeypatch.setattr(cryptography, "__version__", "3.4.8")
    assert "The Python library cryptography is only 3.4.8 for" in answer(run)["msg"]
    for version in ("36.0.0", "46.0.1", "unknown"):
        monkeypatch.setattr(cryptography, "__version__", version)
        assert answer(run)["msg"].startswith("Unexpected TypeError")


def test_another_module_that_is_missing_is_a_defect(answer):
    def run(params, check_mode):
        raise ModuleNotFoundError("No module named 'lxml'", name="lxml")

    assert answer(run)["msg"].startswith("Unexpected ModuleNotFoundError")


@pytest.mark.parametrize("path", sorted((Path(__file__).resolve().parents[2] / "plugins" / "modules").glob("*.py")))
def test_which_options_are_secrets(path):
    """A password, passphrase or content is masked in a task's arguments. A path to one is not, and says so."""
    specification = importlib.import_module(MODULES + path.stem).OPERATION.argument_spec
    for name, rule in specification.items():
        secret = rule["type"] == "str" and name.endswith(("password", "passphrase", "content"))
        assert rule.get("no_log", False) is secret, name
        if basic.PASSWORD_MATCH.search(name):
            assert "no_log" in rule, f"Ansible would warn of {name}"
