# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every operation as a real task, in the controller's process and as a module: the same results, files, secrecy."""

from __future__ import annotations

import base64
import json
import os
import re
import sys
from pathlib import Path

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import rsakeys

from .both_ways import Controller, comparable
from .conftest import tree

NEW_PASSWORD = "A new canary, made for a test: 4711 Düren"
OPENED = {
    "schema": 1,
    "tenant": "contoso",
    "rehearsal": False,
    "guid": "7BE4A8F2-0000-4000-8000-00000000000A",
    "opened": "2026-03-02T09:15:00Z",
}
PASSPHRASE = "The passphrase of a PEM, made for a test: 0815"
VAULT_SECRET = b"The secret of a vault, made for a test"
MODULES = {path.stem for path in (Path(__file__).resolve().parents[2] / "plugins" / "modules").glob("*.py")}


def files(export, request_key=None):
    """What every story below begins with."""
    key = rsakeys.dump_private(request_key, "pem") if request_key else b""
    vault = VaultLib([("default", VaultSecret(VAULT_SECRET))])
    return {
        f"case/PrivateKey-{export.guid}.txt": export.private_file,
        f"case/PublicKey-{export.guid}.txt": export.public_file,
        "case/TPD-77172C7B-8E21-48B7-9854-7A4CEAC474D0.xml": export.reply,
        f"pair/PrivateKey-{export.guid}.txt": key,
        "made/ExportedTPD.xml": export.tpd,
        "made/Password.txt": export.password.encode(),
        "made/new": NEW_PASSWORD.encode(),
        "made/passphrase": PASSPHRASE.encode(),
        "sources/plain": export.password.encode("utf-16"),
        "sources/vaulted": vault.encrypt(export.password.encode()),
        "vault-secret": VAULT_SECRET,
    }


def story(work: Path, export):
    """Tasks of every module, each of which is run in check mode, run, and run again."""
    case, made, sources = (f"{work}/{name}" for name in ("case", "made", "sources"))
    tpd = {"path": f"{made}/ExportedTPD.xml", "password_file": f"{made}/Password.txt"}
    reply = {
        "private_key_file": f"{case}/PrivateKey-{export.guid}.txt",
        "target": f"{case}/TPD-77172C7B-8E21-48B7-9854-7A4CEAC474D0.xml",
    }
    split = {"keyless_file": f"{work}/split/keyless.xml", "pem_file": f"{work}/split/key.pem"}
    stage = {"tpd_file": tpd["path"], "password_file": tpd["password_file"], "directory": f"{work}/stage"}
    log = {"path": f"{work}/custody.jsonl"}
    created = {"event": "created", "actor": "test", "tenant": "contoso", "subject": "key"}
    public = {"public_key_file": f"{case}/PublicKey-{export.guid}.txt"}
    record = {"path": f"{work}/case.json"}
    return [
        ("tpd_keypair", {"directory": f"{work}/pair"}),
        ("tpd_keypair", {"directory": f"{work}/another", "guid": "77172C7B-8E21-48B7-9854-7A4CEAC474D1"}),
        ("tpd_decrypt", reply),
        ("tpd_info", tpd),
        ("tpd_info", {"content": base64.b64encode(export.tpd).decode(), "password": export.password}),
        ("tpd_protect", {**tpd, "new_password_file": f"{made}/new", "dest": f"{work}/new/ExportedTPD.xml"}),
        ("tpd_protect", {**tpd, "new_password": "weak", "dest": f"{work}/weak/ExportedTPD.xml"}),
        ("tpd_split", {**tpd, **split, "pem_passphrase_file": f"{made}/passphrase"}),
        ("secure_file", {"dest": f"{work}/placed/text", "content": export.password}),
        ("secure_file", {"dest": f"{work}/placed/plain", "src": f"{sources}/plain", "mode": "0400"}),
        ("secure_file", {"dest": f"{work}/placed/vaulted", "src": f"{sources}/vaulted"}),
        ("secure_file", {"dest": f"{work}/placed/here", "src": f"{sources}/plain", "remote_src": True}),
        ("secure_file_info", {"path": f"{work}/placed/text"}),
        ("secure_file", {"dest": f"{work}/placed/text", "state": "absent"}),
        ("adrms_stage", {**stage, "display_name": "Contoso"}),
        ("custody_log", {**log, **created}),
        ("custody_info", log),
        ("rehearsal_reply", {**public, "directory": f"{work}/inbox", "key_size": 1024}),
        ("case_record", {**record, "new": OPENED}),
        ("case_record", {**record, "tenant": "contoso", "record": {"purpose": "leave"}}),
    ]


def failures(work: Path, export):
    """Tasks that are refused: by Ansible, by the operation, and by the action plugin before either."""
    pair = {"path": f"{work}/made/ExportedTPD.xml", "password_file": f"{work}/made/Password.txt"}
    none, plain = {"dest": f"{work}/placed/none"}, {"src": f"{work}/sources/plain"}
    return [
        ("tpd_keypair", {"directory": f"{work}/pair", "size": 4096}),
        ("tpd_keypair", {"directory": f"{work}/pair", "colour": "red"}),
        ("tpd_keypair", {"directory": f"{work}/none", "state": "absent"}),
        ("tpd_decrypt", {"target": f"{work}/none"}),
        ("tpd_decrypt", {"target": f"{work}/none", "private_key_file": f"{work}/case/PublicKey-{export.guid}.txt"}),
        ("tpd_info", {"path": pair["path"], "password": "wrong, and made for a test"}),
        ("tpd_info", {**pair, "password": "one too many, made for a test"}),
        ("tpd_protect", {**pair, "new_password": export.password}),
        ("tpd_split", {**pair, "keyless_file": f"{work}/split/2.xml", "pem_file": f"{work}/split/2.pem"}),
        ("secure_file", {**none, "src": f"{work}/sources/none"}),
        ("secure_file", {**none, **plain, "content": "both"}),
        ("secure_file", {**none, **plain, "sha256": "0" * 64}),
        ("secure_file", none),
        ("custody_log", {"path": f"{work}/custody.jsonl", "event": "no such event"}),
        ("custody_info", {"path": f"{work}/none.jsonl"}),
    ]


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
    """As any task: the time limit is Ansible's, and what is unfinished stays as a killed run leaves it."""
    controller.lay(files(export))
    given = {"directory": f"{controller.work}/slow", "size": 4096, "regenerate": "always"}
    tasks = [("tpd_keypair", given, {"timeout": 1, "loop": list(range(40))})]
    answers = controller.run(tasks)
    assert "timed out" in str(answers) or "Timed out" in str(answers)
