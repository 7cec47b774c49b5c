# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""secure_file as a task: what the controller reads gets to the host, and nowhere else on either of them."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys

import pytest
import yaml
from ansible.constants import DEFAULT_VAULT_IDENTITY
from ansible.parsing.vault import VaultLib, VaultSecret

SECRET = "\ufeffPaßwort, made for a test".encode("utf-16-le")
VAULT_PASSWORD = "vault password, made for a test"


class Controller:
    """Plays tasks on localhost in a scratch folder, and shows what was printed, answered and left."""

    def __init__(self, path):
        self.path = path
        self.remote_tmp = path / "remote-tmp"
        self.printed = ""
        (path / "files").mkdir()
        (path / "there").mkdir(mode=0o700)
        (path / "files" / "plain.xml").write_bytes(SECRET)
        vault = VaultLib([(DEFAULT_VAULT_IDENTITY, VaultSecret(VAULT_PASSWORD.encode()))])
        (path / "files" / "vaulted.xml").write_bytes(vault.encrypt(base64.b64encode(SECRET)))
        (path / "files" / "other-vault.xml").write_bytes(
            VaultLib([(DEFAULT_VAULT_IDENTITY, VaultSecret(b"another one"))]).encrypt(SECRET)
        )
        (path / "vault-password").write_text(VAULT_PASSWORD, encoding="utf-8")

    def play(self, *tasks, **environment):
        """The answers of secure_file called with each of these arguments; a task's own keywords stand under "task"."""
        play = {
            "hosts": "localhost",
            "gather_facts": False,
            # As to a host that is another machine; in the controller's process nothing is sent.
            "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}", "tenant_key_run_in_process": False},
            "tasks": [
                *({
                    "infoprotect.tenant_key.secure_file": {key: value for key, value in task.items() if key != "task"},
                    "register": f"answer_{number}",
                    "ignore_errors": True,
                    **task.get("task", {}),
                } for number, task in enumerate(tasks)),
                {
                    "ansible.builtin.copy": {
                        "content": "{{ [" + ", ".join(f"answer_{number}" for number in range(len(tasks))) + "] | to_json }}",
                        "dest": str(self.path / "answers.json"),
                    },
                    "check_mode": False,
                    "diff": False,
                    # So that the scratch folder shows only what secure_file leaves there.
                    "vars": {"ansible_remote_tmp": str(self.path / "elsewhere")},
                },
            ],
        }  # fmt: skip
        (self.path / "play.yml").write_text(yaml.safe_dump([play]), encoding="utf-8")
        command = [sys.executable, "-m", "ansible", "playbook", "play.yml", "-vvv", "--diff"]
        done = subprocess.run(
            [*command, "--vault-password-file", "vault-password"],
            cwd=self.path,
            env={
                **os.environ,
                "ANSIBLE_REMOTE_TEMP": str(self.remote_tmp),
                "ANSIBLE_LOCAL_TEMP": str(self.path / "local-tmp"),
                "ANSIBLE_NOCOLOR": "1",
                "ANSIBLE_INJECT_INVOCATION": "1",  # 2.21 leaves the arguments out otherwise
                **environment,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            encoding="utf-8",
        )
        self.printed = done.stdout
        assert done.returncode == 0, done.stdout
        return json.loads((self.path / "answers.json").read_text(encoding="utf-8"))

    def require_nothing_told(self):
        """No form of the secret was printed or answered."""
        told = self.printed + (self.path / "answers.json").read_text(encoding="utf-8")
        for form in ("made for a test", base64.b64encode(SECRET).decode(), SECRET.hex()):
            assert form not in told


@pytest.fixture
def controller(tmp_path):
    return Controller(tmp_path)


def test_a_source_on_the_controller(controller):
    dest = controller.path / "there" / "key"
    source = {"src": "plain.xml", "dest": str(dest)}
    foreseen, placed, again, vaulted, other, missing, gone = controller.play(
        {**source, "task": {"check_mode": True}},
        source,
        source,
        {"src": "vaulted.xml", "dest": f"{dest}.2"},
        {"src": "other-vault.xml", "dest": f"{dest}.3"},
        {"src": "no such file.xml", "dest": f"{dest}.3"},
        {"state": "absent", "src": "no such file.xml", "dest": f"{dest}.3"},
    )
    assert [answer["changed"] for answer in (foreseen, placed, again, vaulted, gone)] == [
        True,
        True,
        False,
        True,
        False,
    ]
    assert dest.read_bytes() == SECRET
    assert base64.b64decode((controller.path / "there" / "key.2").read_bytes()) == SECRET
    assert (other["failed"], missing["failed"]) == (True, True)
    assert "Decryption failed" in other["msg"]
    assert "Could not find or access" in missing["msg"]
    assert sorted(os.listdir(controller.path / "there")) == ["key", "key.2"]
    # The arguments are shown as they stand in the playbook.
    assert '"src": "plain.xml"' in controller.printed
    assert '"encoding": "text"' in controller.printed
    controller.require_nothing_told()


def test_nothing_reaches_a_temporary_folder(controller):
    """With content or a source Ansible needs no folder for its module; without pipelining it makes one."""
    arguments = {"dest": str(controller.path / "there" / "key")}
    content = base64.b64encode(SECRET).decode()
    controller.play(
        {**arguments, "src": "vaulted.xml"}, {**arguments, "content": content, "encoding": "base64"},
        ANSIBLE_PIPELINING="0",
    )  # fmt: skip
    assert not controller.remote_tmp.exists()
    controller.require_nothing_told()
    controller.play({**arguments, "state": "absent"}, ANSIBLE_PIPELINING="0")
    assert controller.remote_tmp.exists()


def require_refused(controller, answers):
    for refused in answers:
        assert refused["failed"] is True
        assert "this task runs without pipelining" in refused["msg"]
    assert os.listdir(controller.path / "there") == []
    assert [path for path in controller.remote_tmp.rglob("*") if path.is_file()] == []


def test_where_it_would_reach_one_nothing_is_sent(controller):
    arguments = {"dest": str(controller.path / "there" / "key")}
    ways = ({"src": "plain.xml"}, {"content": "made for a test"})
    stoppers = ({"async": 60, "poll": 1}, {"become": True, "become_method": "su"})
    tasks = [{**arguments, **way, "task": stopper} for stopper in stoppers for way in ways]
    require_refused(controller, controller.play(*tasks))
    tasks = [{**arguments, **way} for way in ways]
    require_refused(controller, controller.play(*tasks, ANSIBLE_KEEP_REMOTE_FILES="1"))


def test_what_carries_no_secret_may_run_without(controller):
    (controller.path / "there" / "key").write_bytes(SECRET)
    answers = controller.play(
        {"dest": str(controller.path / "there" / "key"), "state": "absent", "task": {"async": 60, "poll": 1}},
        ANSIBLE_ASYNC_DIR=str(controller.path / "async"),
    )
    assert answers[0]["changed"] is True
    assert os.listdir(controller.path / "there") == []


def test_wrong_arguments_are_the_modules_to_refuse(controller):
    dest = str(controller.path / "there" / "key")
    both, neither, device, here = controller.play(
        {"dest": dest, "src": "plain.xml", "content": "made for a test"},
        {"dest": dest},
        {"dest": dest, "src": "/dev/zero"},
        {"dest": dest, "src": str(controller.path / "files" / "plain.xml"), "remote_src": True},
    )
    assert "mutually exclusive: src|content" in both["msg"]
    assert "any of the following are missing: src, content" in neither["msg"]
    assert "is a device" in device["msg"]
    assert here["size"] == len(SECRET)
