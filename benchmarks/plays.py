# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs ansible-playbook as every contestant runs it: the same settings, a clean environment, and only its time counts."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from memory import Peak

HERE = Path(__file__).resolve().parent
BIN = Path(sys.executable).parent
MIB = 2**20


class BenchmarkError(Exception):
    """A contestant has not done its job, so its time means nothing."""


@dataclass(frozen=True)
class Run:
    """What one run of a playbook took, and what it printed."""

    seconds: float
    cpu: float  # seconds that ansible-playbook and what it has started here have computed
    output: str
    peak: int = 0  # bytes, where it was asked for


@dataclass
class Controller:
    """The one controller that drives all contestants."""

    scratch: Path
    collections: list[Path]
    forks: int
    runs: int = field(default=0, init=False)

    def inventory(self, name: str, hosts: Mapping[str, Mapping[str, Any]], shared: Mapping[str, Any]) -> Path:
        """An inventory of these hosts, with the variables that all of them have."""
        path = self.scratch / f"{name}.json"
        path.write_text(json.dumps({"all": {"hosts": hosts, "vars": shared}}))
        return path

    def play(
        self,
        playbook: str,
        inventory: Path,
        variables: Mapping[str, Any] | None = None,
        watch_memory: bool = False,
        task_times: Path | None = None,
    ) -> Run:
        """Run a playbook of this folder; ``task_times``: a file for what its tasks took. Errors: L{BenchmarkError} with the end of its output."""
        self.runs += 1
        command = [
            str(BIN / "ansible-playbook"),
            "-i",
            str(inventory),
            str(HERE / playbook),
            "-e",
            json.dumps(variables or {}),
        ]
        control = self.scratch / "cp" / str(self.runs)
        control.mkdir(parents=True)
        environment = self._environment(control)
        if task_times:
            environment |= {
                "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callbacks"),
                "ANSIBLE_CALLBACKS_ENABLED": "task_times",
                "TASK_TIMES": str(task_times),
            }
        log = self.scratch / "last.log"
        with log.open("wb") as output:
            started = time.perf_counter()
            process = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            with Peak(process.pid) if watch_memory else nullcontext() as watched:
                _pid, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        _close_connections(control)
        text = log.read_text(errors="replace")
        if process.returncode:
            raise BenchmarkError(f"{playbook} has failed:\n{text[-3000:]}")
        return Run(seconds, usage.ru_utime + usage.ru_stime, text, watched.bytes if watched else 0)

    def _environment(self, control: Path) -> dict[str, str]:
        """Nothing of the user's Ansible takes part. Pipelining is on for everyone."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "PYTHON"))}
        return kept | {
            "ANSIBLE_CONFIG": str(HERE.parent / "tools" / "ansible.cfg"),
            "ANSIBLE_COLLECTIONS_PATH": os.pathsep.join(map(str, self.collections)),
            "ANSIBLE_FORKS": str(self.forks),
            "ANSIBLE_HOME": str(self.scratch / "ansible"),
            "ANSIBLE_LOCAL_TEMP": str(self.scratch / "ansible" / "tmp"),
            "ANSIBLE_REMOTE_TEMP": str(self.scratch / "remote"),
            "ANSIBLE_PIPELINING": "true",
            "ANSIBLE_SSH_CONTROL_PATH_DIR": str(control),
            "LC_ALL": "C.UTF-8",
            "PATH": f"{BIN}:{os.environ['PATH']}",
        }


def _close_connections(folder: Path) -> None:
    """Each run opens its own connections, as an operator's would: ControlPersist would leave them to the next contestant."""
    for socket in folder.iterdir():
        subprocess.run(
            ["ssh", "-o", f"ControlPath={socket}", "-O", "exit", "127.0.0.1"], check=False, capture_output=True
        )


def require_unchanged(run: Run, who: str) -> None:
    """A re-run of what is finished must change nothing."""
    if changes := sum(map(int, re.findall(r"\bchanged=(\d+)", run.output))):
        raise BenchmarkError(f"{who} has changed something ({changes}) though everything was done.")


def local() -> dict[str, str]:
    """Host variables of a host that is this machine."""
    return {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
