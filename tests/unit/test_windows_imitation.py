# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The imitation of ansible.windows catches a wrong call, and a host that it imitates has a memory. One real ansible-playbook
runs all calls."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

CHECKOUT = Path(__file__).resolve().parents[2]
SCRIPT = CHECKOUT / "roles" / "client_state" / "files" / "read_state.ps1"
READ = {"script": SCRIPT.read_text(encoding="utf-8"), "parameters": {"SidPattern": "x"}, "depth": 6}
KEY = "HKLM:\\SOFTWARE\\Contoso"
SECRET = "made for a test"

# A name, a module with its arguments and, where they matter, keywords of the task; and what the answer says.
WRONG = [
    (
        "unknown option",
        {"win_file": {"path": "C:\\x", "state": "absent", "force": True}},
        "force. Supported parameters include: path, state",
    ),
    ("missing option", {"win_file": {"state": "absent"}}, "missing required arguments: path"),
    (
        "unknown choice",
        {"win_regedit": {"path": KEY, "state": "gone"}},
        "value of state must be one of: absent, present",
    ),
    (
        "wrong type",
        {"win_regedit": {"path": KEY, "delete_key": "perhaps"}},
        "'delete_key' is of type str and we were unable to convert to bool",
    ),
    ("wrong element", {"win_find": {"paths": [{"no": "path"}]}}, "paths"),
    ("wrong dictionary", {"win_powershell": {**READ, "parameters": "SidPattern"}}, "parameters"),
    ("no hive", {"win_regedit": {"path": "HKXX:\\SOFTWARE", "name": "x"}}, "HKXX:\\SOFTWARE is not a valid path"),
    ("no loaded hive", {"win_regedit": {"path": KEY, "hive": "C:\\NTUSER.DAT"}}, "must begin with that"),
    ("unknown script", {"win_powershell": {"script": "Get-Date"}}, "no file of a role"),
    ("changed script", {"win_powershell": {**READ, "script": READ["script"] + "\n# more"}}, "no file of a role"),
    (
        "unknown parameter",
        {"win_powershell": {**READ, "parameters": {"SidPattern": "x", "Sid": "x"}}},
        "cannot be found that matches parameter name 'Sid'",
    ),
    ("missing parameter", {"win_powershell": {**READ, "parameters": {}}}, "Missing mandatory parameters: sidpattern"),
    ("too little depth", {"win_powershell": {**READ, "depth": 1}}, "nested deeper than the option depth lets through"),
    (
        "secret without no_log",
        {"win_powershell": {**READ, "sensitive_parameters": [{"name": "Password", "value": SECRET}]}},
        "sensitive_parameters are given to a task without no_log",
    ),
    ("async", {"win_file": {"path": "C:\\x", "state": "absent"}, "async": 10, "poll": 1}, "async"),
]
RIGHT = [
    ("fault", {"win_regedit": {"path": KEY, "name": "other"}}, "Imitated fault before win_regedit."),
    ("foreseen", {"win_regedit": {"path": KEY, "name": "a", "data": "b"}, "check_mode": True}, True),
    ("set", {"win_regedit": {"path": KEY, "name": "a", "data": "b"}}, True),
    ("set again", {"win_regedit": {"path": KEY.upper(), "name": "A", "data": "b", "type": "string"}}, False),
    ("made", {"win_file": {"path": "C:\\x", "state": "directory"}}, True),
    ("made again", {"win_file": {"path": "C:\\X", "state": "directory"}}, False),
    ("read", {"win_powershell": READ}, False),
    ("read in check mode", {"win_powershell": READ, "check_mode": True}, False),
    (
        "secret",
        {
            "win_powershell": {**READ, "sensitive_parameters": [{"name": "Password", "value": SECRET}]},
            "no_log": True,
        },
        "A parameter cannot be found that matches parameter name 'Password'.",
    ),
]


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """Every call once, against one host: what each answered, what was recorded, and what the host is then."""
    folder = tmp_path_factory.mktemp("windows")
    memory = folder / "memory"
    memory.mkdir()
    (memory / "faults.json").write_text('[{"host": "win", "call": "win_regedit", "when": "before"}]')
    tasks = []
    for number, (name, call, _says) in enumerate([*RIGHT[:1], *WRONG, *RIGHT[1:]]):
        keywords = {f"ansible.windows.{key}" if key.startswith("win_") else key: it for key, it in call.items()}
        tasks.append({"name": name, **keywords, "register": f"answer_{number}", "ignore_errors": True})
    answers = "{{ [" + ", ".join(f"answer_{number}" for number in range(len(tasks))) + "] | to_json }}"
    tasks.append({"ansible.builtin.copy": {"content": answers, "dest": str(folder / "answers"), "mode": "0600"}})
    (folder / "play.yml").write_text(yaml.safe_dump([{"hosts": "win", "gather_facts": False, "tasks": tasks}]))
    environment = {
        **os.environ,
        "ANSIBLE_COLLECTIONS_PATH": f"{CHECKOUT / 'tests' / 'windows'}:{CHECKOUT / '.build' / 'tree'}",
        "ANSIBLE_HOME": str(folder / "home"),
        "WINDOWS_IMITATION": str(memory),
    }
    inventory = f"win ansible_connection=local ansible_python_interpreter={sys.executable}\n"
    (folder / "hosts").write_text(inventory)
    command = [
        sys.executable,
        "-m",
        "ansible",
        "playbook",
        "-vvv",
        "-i",
        str(folder / "hosts"),
        str(folder / "play.yml"),
    ]
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    names = [task["name"] for task in tasks[:-1]]
    return {
        "answers": dict(zip(names, json.loads((folder / "answers").read_text()))),
        "calls": [json.loads(line) for line in (memory / "calls.jsonl").read_text().splitlines()],
        "host": json.loads((memory / "win.json").read_text()),
        "everything": done.stdout + done.stderr + "".join(path.read_text() for path in memory.iterdir()),
    }


@pytest.mark.parametrize(("name", "says"), [(name, says) for name, _call, says in WRONG])
def test_a_wrong_call_is_caught(played, name, says):
    answer = played["answers"][name]
    assert answer["failed"]
    assert says in answer["msg"]


@pytest.mark.parametrize(("name", "says"), [(name, says) for name, _call, says in RIGHT])
def test_what_a_right_call_answers(played, name, says):
    answer = played["answers"][name]
    if isinstance(says, bool):
        assert not answer.get("failed")
        assert answer["changed"] is says
    else:
        assert answer["failed"]
        assert says in answer["msg"]


def test_the_host_remembers_what_was_changed_and_nothing_that_was_foreseen(played):
    assert list(played["host"]["registry"]) == ["hklm:\\software", KEY.lower()]
    assert list(played["host"]["registry"][KEY.lower()]["values"]) == ["a"]
    assert list(played["host"]["files"]) == ["c:\\x"]


def test_every_call_that_reached_the_host_is_on_record(played):
    calls = [(call["call"], call["check_mode"]) for call in played["calls"]]
    assert calls[0] == ("win_regedit", False)  # the one that failed, once
    assert ("win_regedit", True) in calls
    assert calls.count(("client_state/read_state.ps1", True)) == 1
    assert {call["host"] for call in played["calls"]} == {"win"}


def test_secrets_are_on_record_by_their_hash(played):
    assert SECRET not in played["everything"]
    hashed = [call["arguments"].get("sensitive_parameters") for call in played["calls"]]
    assert [list(secret) for secret in hashed if secret] == [["Password"]]
