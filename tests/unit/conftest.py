# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a module's real main() in this process and hands back what it printed."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import importlib
import io
import json
import os
import shutil
import stat
import tempfile
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils import _internal, basic
from ansible.module_utils.common import warnings
from ansible_collections.infoprotect.tenant_key.plugins.module_utils import _secrets
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import rsakeys
from ansible_collections.infoprotect.tenant_key.plugins.plugin_utils import _in_process as in_process

from . import export_made
from .both_ways import one_mask

MODULES = "ansible_collections.infoprotect.tenant_key.plugins.modules."
NOBODY = 65534
# What Ansible takes for its own in a result.
RESERVED = {"ansible_facts", "results", "skip_reason", "skipped", "unreachable"}


@pytest.fixture
def run_module(monkeypatch, capsys, tmp_path):
    """run_module(name, check=False, diff=False, **arguments) -> the module's JSON answer as a dict."""

    def run(name, check=False, diff=False, **arguments):
        _prepare(monkeypatch, check, diff, tmp_path, arguments)
        capsys.readouterr()
        with pytest.raises(SystemExit):
            importlib.import_module(MODULES + name).main()
        answer = json.loads(capsys.readouterr().out)
        answer.pop("_ansible_new_secrets", None)  # how a module tells ansible-core 2.22 what to mask
        return answer

    return run


def _prepare(monkeypatch, check, diff, tmp_path, arguments):
    """As in a process of its own on a host: these arguments, no warning yet, no secret registered yet."""
    arguments.update(_ansible_check_mode=check, _ansible_diff=diff, _ansible_remote_tmp=str(tmp_path))
    arguments.update(_ansible_no_log=True)  # which only keeps the module from writing to this machine's syslog
    payload = json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode()
    monkeypatch.setattr(basic, "_ANSIBLE_ARGS", payload)
    monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
    monkeypatch.setattr(_internal, "is_controller", False)
    monkeypatch.setattr(warnings, "_global_warnings", {})
    monkeypatch.setattr(_secrets, "_registered", set())


@pytest.fixture(scope="session")
def request_key():
    """A private request key of a real one's size."""
    return rsakeys.generate(2048)


@pytest.fixture(scope="session")
def other_key():
    """That of another request."""
    return rsakeys.generate(2048)


@pytest.fixture(scope="session")
def export():
    return export_made.make()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def tree(folder: Path) -> dict[str, tuple[Any, ...]]:
    """Everything below a folder that an operation could change: kind, mode, owner, links, times, content."""
    found = {}
    for path in [folder, *sorted(folder.rglob("*"))]:
        info = path.lstat()
        content = sha256(path.read_bytes()) if stat.S_ISREG(info.st_mode) else None
        found[str(path)] = (info.st_mode, info.st_uid, info.st_gid, info.st_nlink, info.st_mtime_ns, content)
    return found


class Operator:
    """Runs modules as a playbook would, always with --diff, and lets no secret pass unseen in any answer.

    What changes nothing is run a second time in the controller's way, and must be answered alike.
    """

    def __init__(self, run_module: Any, folder: Path, monkeypatch: Any, secrets: tuple[str, ...]) -> None:
        self._run, self.folder, self._monkeypatch = run_module, folder, monkeypatch
        self.secrets = list(secrets)

    def run(self, name: str, check: bool = False, **arguments: Any) -> dict[str, Any]:
        given = {option: value for option, value in arguments.items() if value is not None}
        answer = self._run(name, check=check, diff=True, **given)
        self.require_secrecy(answer)
        assert not RESERVED & answer.keys()
        if check:
            self._require_the_same_in_process(name, check, given, answer)
        return answer

    def again(self, name: str, check: bool, **arguments: Any) -> dict[str, Any]:
        """A run that changes nothing, whether in check mode or not."""
        answer = self.run(name, check=check, **arguments)
        if not check:
            given = {option: value for option, value in arguments.items() if value is not None}
            self._require_the_same_in_process(name, check, given, answer)
        return answer

    def _require_the_same_in_process(
        self, name: str, check: bool, given: dict[str, Any], answer: dict[str, Any]
    ) -> None:
        self._monkeypatch.setattr(_secrets, "_registered", set())
        here = in_process.answer(importlib.import_module(MODULES + name).OPERATION, name, given, check)
        assert here.pop("warnings", []) == self.warnings(answer)
        printed = {key: value for key, value in answer.items() if key != "warnings"}
        # Since ansible-core 2.21 a module shows its arguments only where that is configured.
        assert one_mask(here) == one_mask({"invocation": here["invocation"], **printed})

    def require_secrecy(self, answer: dict[str, Any]) -> None:
        shown = json.dumps(answer, ensure_ascii=False)
        for secret in self.secrets:
            raw = secret.encode()
            utf16 = secret.encode("utf-16-le")
            encoded = [base64.b64encode(form).decode()[:-4] for form in (raw, utf16)]
            for form in (secret, json.dumps(secret)[1:-1], *encoded, raw.hex(), utf16.hex()):
                assert form not in shown

    @staticmethod
    def warnings(answer: dict[str, Any]) -> list[str]:
        """The text of every warning in an answer."""
        return [warning["event"]["msg"] for warning in answer.get("warnings", ())]

    def four_runs(self, name: str, **arguments: Any) -> dict[str, Any]:
        """Check, run, check, run: foreseen, done, and nothing left to do. The answer of the first real run."""
        before = tree(self.folder)
        foreseen = self.run(name, check=True, **arguments)
        assert (foreseen.get("msg"), foreseen.get("changed")) == (None, True)
        assert tree(self.folder) == before
        done = self.run(name, **arguments)
        assert (done.get("msg"), done.get("changed")) == (None, True)
        assert tree(self.folder) != before
        assert foreseen["diff"]["after"].keys() == done["diff"]["after"].keys() or "<GUID>" in str(foreseen["diff"])
        after = tree(self.folder)
        for check in (True, False):
            again = self.again(name, check, **arguments)
            assert again["changed"] is False
            assert again["diff"]["before"] == again["diff"]["after"]
            assert {**again, "changed": 0, "diff": 0, "warnings": 0} == {**done, "changed": 0, "diff": 0, "warnings": 0}
        assert tree(self.folder) == after
        return done

    def refused(self, name: str, *words: str, checks: tuple[bool, ...] = (True, False), **arguments: Any) -> str:
        """One clear sentence with these words, in check mode and without, and nothing changed. The sentence."""
        before = tree(self.folder)
        for check in checks:
            answer = self.again(name, check, **arguments)
            assert answer["failed"] is True
            for word in words:
                assert word in answer["msg"]
            assert "\n" not in answer["msg"]
            for word in ("Traceback", "Unexpected", "defect"):
                assert word not in str(answer)
            assert "exception" not in answer
            assert tree(self.folder) == before
        return answer["msg"]

    def as_nobody(self, name: str, **arguments: Any) -> dict[str, Any]:
        """The same in a process that is not root's."""
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            output = io.StringIO()
            try:
                if os.geteuid() == 0:
                    os.setgroups([])
                    os.setgid(NOBODY)
                    os.setuid(NOBODY)
                _prepare(self._monkeypatch, False, True, self.folder, arguments)
                with contextlib.redirect_stdout(output), contextlib.suppress(SystemExit):
                    importlib.import_module(MODULES + name).main()
            finally:
                os.write(writing, output.getvalue().encode())
                os._exit(0)
        os.close(writing)
        with open(reading, encoding="utf-8") as stream:
            answer = json.load(stream)
        os.waitpid(child, 0)
        self.require_secrecy(answer)
        return answer


@pytest.fixture
def operator(run_module, tmp_path, monkeypatch, export, request_key, other_key):
    secrets = (*export.secrets, *export_made.numbers(request_key), *export_made.numbers(other_key))
    return Operator(run_module, tmp_path, monkeypatch, secrets)


@pytest.fixture
def public_path():
    """A temporary folder that every user can reach, which pytest's own is not."""
    path = Path(tempfile.mkdtemp())
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)
