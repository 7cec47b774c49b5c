# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets that are made while an operation runs are registered at once, with every ansible-core, and stay where they are."""

from __future__ import annotations

import base64
import contextlib
import importlib
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils import _secrets
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import envelope, passwords, rsakeys, tpd
from ansible_collections.infoprotect.tenant_key.plugins.plugin_utils import _in_process as in_process

from ..conftest import TREE
from ..figures import count
from . import conftest, test_both_ways
from .export_made import files, story

# What makes a secret, or brings one to light.
SOURCES = (envelope.open_reply, passwords.decode, passwords.generate, rsakeys.dump_pem, rsakeys.dump_private, tpd.open)
# As they are when this is imported: others may put something in their place.
CODE = {source.__code__: f"{source.__module__.rpartition('.')[2]}.{source.__name__}" for source in SOURCES}
REGISTER = _secrets.register.__code__
# The end of a `with` block.
LEAVE = contextlib._GeneratorContextManager.__exit__.__code__
# What is made of the pure core is called by these.
CALLERS = ("/module_utils/_ops/", "/module_utils/_passwords.py")

PRINTED = """
from ansible.module_utils import basic, secrets
from ansible_collections.infoprotect.tenant_key.plugins.module_utils import _secrets
import sys
_secrets.register("made for a test: 4711")
with _secrets.kept_on_the_host():
    _secrets.register("kept for a test: 4712")
print(secrets.mask_secrets("made for a test: 4711, kept for a test: 4712, something else"))
"""


class Watched:
    """What becomes of each secret: the first thing that its taker does with it, as far as Python can see that."""

    def __init__(self):
        self.registered, self.used = Counter(), []
        self._pending = {}

    def __enter__(self):
        sys.setprofile(self._look)
        return self

    def __exit__(self, *_about):
        sys.setprofile(None)

    def _look(self, frame, event, value):
        taker = frame.f_back
        if event == "return":
            # Who only hands it on is not the one to register it, and in a TPD without a key there is nothing secret.
            source = CODE.get(frame.f_code) or self._pending.pop(frame, None)
            if source and getattr(value, "key_blob", value) is not None and self._takes(taker):
                self._pending[taker] = source
        elif event == "call" and taker in self._pending and frame.f_code is not LEAVE:
            source = self._pending.pop(taker)
            if frame.f_code is REGISTER:
                self.registered[source] += 1
            else:
                self.used.append(f"{source}, then {frame.f_code.co_name} in {taker.f_code.co_name}")

    @staticmethod
    def _takes(frame):
        return frame is not None and any(place in frame.f_code.co_filename for place in CALLERS)


@pytest.fixture
def laid(tmp_path, export, request_key):
    """Everything that the tasks of test_both_ways.py are told to work on."""
    for name, content in files(export, request_key).items():
        (tmp_path / name).parent.mkdir(mode=0o700, exist_ok=True)
        (tmp_path / name).write_bytes(content)
        (tmp_path / name).chmod(0o600)
    return tmp_path


def tasks(folder, export):
    """They and one that makes a password, but for those that take a file from the controller."""
    pair = {"path": f"{folder}/made/ExportedTPD.xml", "password_file": f"{folder}/made/Password.txt"}
    new = {"new_password_file": f"{folder}/made/anew", "dest": f"{folder}/anew/ExportedTPD.xml"}
    listed = [task for task in story(folder, export) if "src" not in task[1] or task[1].get("remote_src")]
    return [*listed, ("tpd_protect", {**pair, **new})]


def test_whoever_gets_a_secret_registers_it_before_anything_else(laid, export, monkeypatch):
    monkeypatch.setattr(_secrets, "_registered", set())
    with Watched() as watched:
        for _again in range(2):
            for name, given in tasks(laid, export):
                operation = importlib.import_module(conftest.MODULES + name).OPERATION
                assert "failed" not in in_process.answer(operation, name, given, False), name
    assert watched.used == []
    assert watched.registered.keys() == set(CODE.values())
    count("secrets seen to be registered at once", watched.registered.total())


def test_the_tenant_key_in_a_reply_is_registered_as_on_the_next_run(export, tmp_path, monkeypatch):
    """First it comes out of the reply, later out of the files that were made of it."""
    given, found = export.lay(tmp_path / "case"), []
    operation = importlib.import_module(conftest.MODULES + "tpd_decrypt").OPERATION
    for proof in ("decrypted", "outputs"):
        monkeypatch.setattr(_secrets, "_registered", set())
        answer = in_process.answer(operation, "tpd_decrypt", given, False)
        assert answer["proof"] == proof, answer
        found.append({base64.b64encode(tpd.open(export.tpd, export.password).key_blob).decode()} & _secrets._registered)
        Path(given["target"]).unlink(missing_ok=True)
    assert [len(each) for each in found] == [1, 1]


def test_a_module_returns_nothing_of_what_it_has_registered(laid, export, monkeypatch, capsys):
    """From ansible-core 2.22 on, core itself adds to an answer what was registered with it: _ansible_new_secrets."""
    inline = {export.password, base64.b64encode(export.tpd).decode(), test_both_ways.PASSPHRASE, "weak"}
    looked_for = 0
    for name, given in tasks(laid, export):
        conftest._prepare(monkeypatch, False, True, laid, dict(given))
        with contextlib.suppress(SystemExit):
            importlib.import_module(conftest.MODULES + name).main()
        answer = capsys.readouterr().out
        assert json.loads(answer).get("failed") is None, answer
        # What came from the controller may go back there.
        secrets = {secret for secret in _secrets._registered if secret not in inline}
        assert not [name for secret in secrets if json.dumps(secret)[1:-1] in answer]
        looked_for += len(secrets)
    assert looked_for > 100


def test_this_core_masks_what_is_registered_on_the_controller_and_learns_nothing_from_a_host():
    """Where core has a register (2.22 and later)."""
    if _secrets._register_in_core is None:
        with pytest.raises(ImportError):
            importlib.import_module("ansible.module_utils.secrets")
        return
    environment = {"PYTHONPATH": str(TREE), "PATH": str(Path(sys.executable).parent)}
    said = subprocess.run(
        [sys.executable, "-c", PRINTED], env=environment, capture_output=True, check=True, text=True
    ).stdout
    assert "made for a test" not in said
    assert "kept for a test: 4712, something else" in said
