# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A machine on which Ansible runs under strace, with an SSH daemon that does, too, and everything that is kept of it."""

from __future__ import annotations

import contextlib
import os
import resource
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.daemon import daemon

from .canaries import Canaries
from .trace import STRACE, Seen, read

CHECKOUT = Path(__file__).resolve().parents[2]
_SYSLOG = Path("/dev/log")
# A connection that is shared lives on when the run has ended, and strace waits for it.
_SSH = "-F none -o ControlMaster=auto -o ControlPersist=2s -o IdentitiesOnly=yes -o UserKnownHostsFile={known}"
# What a file is that lies in one of these folders; any other file is a file.
KINDS = {
    "kept/output": "output",
    "kept/ansible.log": "log",
    "kept/events": "events",
    "kept/facts": "facts",
    "kept/retry": "retry",
    "local": "temporary",
    "remote": "temporary",
    "tmp": "temporary",
}


class Machine:
    """Its folders, how Ansible runs there, and a host behind SSH, which is the same machine."""

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch
        for name in ("kept", "home", "windows", "traces", *{name for name in KINDS if "/" not in name}):
            (scratch / name).mkdir(mode=0o700)
        self.far: dict[str, Any] = {}
        self.runs = 0
        tree = scratch / "tree"
        copy = [sys.executable, str(CHECKOUT / "tools" / "copy_tree.py"), str(tree)]
        subprocess.run(copy, check=True, stdout=subprocess.DEVNULL)
        kept = scratch / "kept"
        self.environment = {
            "ANSIBLE_CACHE_PLUGIN": "jsonfile",
            "ANSIBLE_CACHE_PLUGIN_CONNECTION": str(kept / "facts"),
            "ANSIBLE_CALLBACKS_ENABLED": "events",
            "ANSIBLE_CALLBACK_PLUGINS": str(CHECKOUT / "tests" / "leaks" / "callbacks"),
            "ANSIBLE_COLLECTIONS_PATH": f"{CHECKOUT / 'tests' / 'windows'}:{tree}",
            "ANSIBLE_CONFIG": str(CHECKOUT / "tools" / "ansible.cfg"),
            "ANSIBLE_HOME": str(scratch / "home" / "ansible"),
            "ANSIBLE_LOCAL_TEMP": str(scratch / "local"),
            "ANSIBLE_LOG_PATH": str(kept / "ansible.log"),
            "ANSIBLE_REMOTE_TEMP": str(scratch / "remote"),
            "ANSIBLE_RETRY_FILES_ENABLED": "1",
            "ANSIBLE_RETRY_FILES_SAVE_PATH": str(kept / "retry"),
            "HOME": str(scratch / "home"),
            "LANG": "C.UTF-8",
            "LEAKS_EVENTS": str(kept / "events"),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "TMPDIR": str(scratch / "tmp"),
            "WINDOWS_IMITATION": str(scratch / "windows"),
        }

    @contextlib.contextmanager
    def up(self) -> Iterator[None]:
        """While the daemon runs, and something takes what is sent to the system's log."""
        trace = self.scratch / "traces" / "daemon"
        with _syslog(), daemon(self.scratch / "ssh", [*STRACE, str(trace)]) as variables:
            known = self.scratch / "ssh" / "known_hosts"
            self.far = {
                **variables,
                "ansible_pipelining": True,
                "ansible_ssh_args": _SSH.format(known=known),
                "ansible_ssh_transfer_method": "piped",
                "ansible_remote_tmp": str(self.scratch / "remote"),
            }
            yield

    def run(self, *words: str, **variables: str) -> tuple[int, str]:
        """How ansible-playbook has ended, and what it has printed; both are kept."""
        self.runs += 1
        output = self.scratch / "kept" / f"output-{self.runs:02}"
        trace = self.scratch / "traces" / f"{self.runs:02}"
        command = [*STRACE, str(trace), "ansible-playbook", "-vvvv", "--diff", *words]
        with output.open("wb") as stream:
            status = subprocess.run(
                command,
                cwd=self.scratch,
                env=self.environment | variables,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                check=False,
                preexec_fn=_cores,
            ).returncode
        return status, output.read_text(encoding="utf-8", errors="replace")

    def places(self, belongs: Callable[[str], bool]) -> Iterator[Seen]:
        """Everything that was written, sent or left, but for files to which the secrets belong."""
        for trace in sorted((self.scratch / "traces").iterdir()):
            for seen in read(trace):
                # What is kept is looked at as it lies there.
                if seen.kind != "file" or not (self._kept(seen.place) or belongs(seen.place)):
                    yield Seen(self._kind(seen.place), seen.place, seen.data) if seen.kind == "file" else seen
        for file in sorted(self.scratch.rglob("*")):
            if file.is_file() and not file.is_symlink() and self._is_searched(file) and not belongs(str(file)):
                yield Seen(
                    "core" if file.name.split(".")[0] == "core" else self._kind(str(file)), str(file), file.read_bytes()
                )

    def _kept(self, place: str) -> bool:
        return place.startswith(f"{self.scratch / 'kept'}/")

    def _is_searched(self, file: Path) -> bool:
        """Neither the collection nor what this program itself has made."""
        return file.relative_to(self.scratch).parts[0] not in ("tree", "traces", "ssh")

    def _kind(self, place: str) -> str:
        for folder, kind in KINDS.items():
            if place.startswith(str(self.scratch / folder)):
                return kind
        return "file"


def search(machine: Machine, canaries: Canaries, belongs: Callable[[str], bool]) -> tuple[Counter[str], list[str]]:
    """How many places of each kind were looked at, and a sentence for each secret that was found somewhere."""
    looked: Counter[str] = Counter()
    found: dict[str, None] = {}
    seen_before: set[tuple[str, bytes]] = set()
    for seen in machine.places(belongs):
        if (seen.place, seen.data) in seen_before:
            continue
        seen_before.add((seen.place, seen.data))
        looked[seen.kind] += 1
        if seen.kind == "core":
            found[f"core: {seen.place}"] = None
        for find in canaries.find(seen.data):
            # Whoever may hash a password file to prove a copy has to keep the hash, and the record is where it is kept.
            if not (find.secret.startswith("hash of ") and Path(seen.place).name == "case.json"):
                found[f"{seen.kind}: {find.secret} ({find.form}) in {seen.place} at byte {find.place}"] = None
    return looked, list(found)


def _cores() -> None:
    """A program that crashes may leave a core dump, so that it can be seen whether one does."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))


def _is_forsaken(log: socket.socket) -> bool:
    """Whether nobody listens any more where the system's log is taken, as a run that was killed leaves it behind."""
    try:
        log.connect(str(_SYSLOG))
    except ConnectionRefusedError:
        return True
    except OSError:
        pass
    return False


@contextlib.contextmanager
def _syslog() -> Iterator[None]:
    """Where nobody takes the system's log, programs do not even send what they would. What they send is in the trace."""
    stop = threading.Event()

    def take() -> None:
        while not stop.is_set():
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as log:
                try:
                    log.bind(str(_SYSLOG))
                except OSError:
                    if _is_forsaken(log):
                        _SYSLOG.unlink(missing_ok=True)
                    stop.wait(0.2)  # somebody else takes it, maybe the same test beside this one, and may cease to
                    continue
                _SYSLOG.chmod(0o666)
                log.settimeout(0.2)
                while not stop.is_set():
                    with contextlib.suppress(TimeoutError):
                        log.recv(1 << 16)
                _SYSLOG.unlink(missing_ok=True)

    taker = threading.Thread(target=take)
    taker.start()
    try:
        yield
    finally:
        stop.set()
        taker.join()
