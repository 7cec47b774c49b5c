# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A play of single tasks, run once in the controller's process and once as modules, from the same files each time."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

# Keys, GUIDs, hashes and times are others in every run; what counts is which of them are the same.
_NAMES = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|\b[0-9a-f]{64}\b|\d{4}-\d\d-\d\dT[0-9:.]+Z")

# What Ansible's versions put in the place of a secret argument, and what this collection does.
_MASKS = re.compile(r"VALUE_SPECIFIED_IN_NO_LOG_PARAMETER|\$REDACTED\$|\*{8}")

Task = tuple[str, dict[str, Any], dict[str, Any]]  # the module, its arguments, and further words of the task


class Controller:
    """Runs such plays in a folder of its own, with nothing of the user's Ansible."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.work = folder / "work"
        self.output = ""
        self.log = folder / "ansible.log"

    def run(self, tasks: list[Task], *words: str, play: dict[str, Any] | None = None, **variables: Any) -> list[Any]:
        """The registered results, in order. A task that fails is a result like any other."""
        listed: list[dict[str, Any]] = [
            {f"infoprotect.tenant_key.{module}": arguments, "register": f"r{number}", "ignore_errors": True, **more}
            for number, (module, arguments, more) in enumerate(tasks)
        ]
        results = "{{ [" + ", ".join(f"r{number}" for number in range(len(tasks))) + "] | to_json }}"
        kept = {"dest": str(self.folder / "answers"), "content": results}
        listed.append(
            {"ansible.builtin.copy": kept, "check_mode": False, "diff": False, "no_log": True, "environment": {}}
        )
        (self.folder / "play.yml").write_text(
            yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": listed, **(play or {})}]),
            encoding="utf-8",
        )
        done = subprocess.run(
            [sys.executable, "-m", "ansible", "playbook", "play.yml", "-e", json.dumps(variables), *words],
            cwd=self.folder,
            env={
                **os.environ,
                "ANSIBLE_REMOTE_TEMP": str(self.folder / "remote"),
                "ANSIBLE_LOCAL_TEMP": str(self.folder / "local"),
                # Where HOME is not the user's folder, Ansible's two halves of async do not agree on one.
                "ANSIBLE_ASYNC_DIR": str(self.folder / "async"),
                "ANSIBLE_LOG_PATH": str(self.log),
            },
            capture_output=True,
            check=False,
            encoding="utf-8",
        )
        self.output = done.stdout + done.stderr
        assert done.returncode == 0, self.output
        results = json.loads((self.folder / "answers").read_text(encoding="utf-8"))
        (self.folder / "answers").unlink()
        return results

    def lay(self, files: dict[str, bytes]) -> None:
        """Only these files are in the folder that the tasks work in."""
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(mode=0o700)
        for name, content in files.items():
            (self.work / name).parent.mkdir(mode=0o700, exist_ok=True)
            (self.work / name).write_bytes(content)
            (self.work / name).chmod(0o600)

    def modules_sent(self) -> int:
        """How often a module of this collection was run in a process of its own; needs -vvv."""
        return len(re.findall(r"Using module file \S+/tenant_key/plugins/modules/", self.output))


def one_mask(value: Any) -> Any:
    """A result in which every masked secret looks the same."""
    return json.loads(_MASKS.sub("masked", json.dumps(value, sort_keys=True)))


def comparable(value: Any) -> Any:
    """The same, and every name that is made anew is replaced by the order in which the names came up."""
    seen: dict[str, str] = {}
    text = json.dumps(one_mask(value), sort_keys=True)
    return json.loads(_NAMES.sub(lambda match: seen.setdefault(match[0].lower(), f"name {len(seen)}"), text))
