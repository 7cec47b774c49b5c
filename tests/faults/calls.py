# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What strace wrote, call by call, and what must hold in every trace, whether the run succeeded or not."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

_CALL = re.compile(r"(\w+)\((.*)\)\s+= (.*)")
# strace -y names the file behind each descriptor: 4</srv/case>, "name".
_PATH = re.compile(r'(?:AT_FDCWD|\d+)<([^>]*)>(?:, "([^"]*)")?|"([^"]*)"')
_MODE = re.compile(r", (0[0-7]*)$")
_WRITING = re.compile(r"\bO_(WRONLY|RDWR|CREAT|TRUNC)\b")
_RANDOM = re.compile(r"[0-9a-f]{16}")
_GUID = re.compile(r"[0-9A-F]{8}-(?:[0-9A-F]{4}-){3}[0-9A-F]{12}")

_OTHERS = 0o077

# Every system call by which files change, and opening, which finds out whether they can.
_KINDS = {
    "open": "open openat openat2 creat",
    "write": "write pwrite64 writev pwritev pwritev2",
    "truncate": "truncate ftruncate",
    "fsync": "fsync fdatasync",
    "rename": "rename renameat renameat2",
    "chown": "chown fchown fchownat lchown",
    "chmod": "chmod fchmod fchmodat fchmodat2",
    "mkdir": "mkdir mkdirat",
    "unlink": "unlink unlinkat rmdir",
}
_KIND_OF = {name: kind for kind, names in _KINDS.items() for name in names.split()}


@dataclass(frozen=True)
class Call:
    """One system call; ``number`` counts those of its name in the run, from 1, as strace's ``when`` does."""

    name: str
    number: int
    arguments: str
    result: str

    @property
    def kind(self) -> str:
        """What it does, whatever its name on this machine; empty if it changes nothing."""
        return _KIND_OF.get(self.name, "")

    @property
    def writes(self) -> bool:
        """Whether it can change what is on the disk, or opens a file in order to do so."""
        return bool(self.kind) and (self.kind != "open" or _WRITING.search(self.arguments) is not None)

    @property
    def done(self) -> bool:
        """Whether it had an effect: it neither failed nor was cut off."""
        return not self.result.startswith(("-1", "?"))

    @property
    def injected(self) -> bool:
        """Whether strace answered in the kernel's place."""
        return "(INJECTED)" in self.result

    def paths(self) -> list[str]:
        """The files that it is about."""
        found = []
        for opened, name, alone in _PATH.findall(self.arguments):
            path = os.path.join(opened, name) if name else opened or alone
            found.append(path.removesuffix(" (deleted)"))
        return found

    def mode(self) -> int | None:
        """The permission bits that it is given last, if any."""
        match = _MODE.search(self.arguments)
        return int(match[1], 8) if match else None

    def touches(self, root: Path) -> bool:
        """Whether it is about a folder or anything in it."""
        return any(path == str(root) or path.startswith(f"{root}/") for path in self.paths())

    def describe(self, root: Path) -> str:
        """The same for the same call of another run: without what is random."""
        paths = [normal(path.replace(str(root), "")) for path in self.paths()]
        return f"{self.name}({', '.join(paths)})"


def normal(name: str) -> str:
    """A name or path without what differs from run to run."""
    return _GUID.sub("<GUID>", _RANDOM.sub("<random>", name))


def read(trace: Path) -> list[Call]:
    """All calls of a trace, in their order."""
    counted: Counter[str] = Counter()
    calls = []
    for line in trace.read_text(errors="replace").splitlines():
        match = _CALL.match(line)
        if match:
            counted[match[1]] += 1
            calls.append(Call(match[1], counted[match[1]], match[2], match[3]))
    return calls


def violations(calls: Iterable[Call], modes: Mapping[str, int], succeeded: bool) -> list[str]:
    """What a run did in an order that it must not: see Watch. modes: those of the files that were there before."""
    watch = Watch(dict(modes))
    for call in calls:
        if call.done:
            watch.see(call)
    if succeeded:
        watch.end()
    return watch.found


class Watch:
    """Nobody else is let in at birth, nor once there is content; nothing gets its name before it is on the disk."""

    def __init__(self, modes: dict[str, int]) -> None:
        self.found: list[str] = []
        self._modes = modes
        self._empty: set[str] = set()
        self._written: set[str] = set()
        self._renamed_in: set[str] = set()

    def see(self, call: Call) -> None:
        """A call that had an effect."""
        kind, paths = call.kind, call.paths()
        path = paths[0] if paths else ""
        if kind == "open" and "O_CREAT" in call.arguments:
            self._created(path, call.mode())
        elif kind == "mkdir":
            self._require(call.mode() == 0o700, f"{path} is made with mode {call.mode() or 0:04o}")
            self._renamed_in.add(os.path.dirname(path))
        elif kind == "chmod":
            self._permitted(path, call.mode() or 0)
        elif kind == "chown":
            self._require(path in self._empty, f"{path} is given away when it has content")
        elif kind in ("write", "truncate"):
            self._empty.discard(path)
            self._written.add(path)
        elif kind == "fsync":
            self._written.discard(path)
            self._renamed_in.discard(path)
        elif kind == "rename":
            self._renamed(path, paths[1])
        elif kind == "unlink":
            for known in (self._empty, self._written):
                known.discard(path)
            self._modes.pop(path, None)
            self._renamed_in.add(os.path.dirname(path))

    def end(self) -> None:
        """The run says that all is done, so all must be on the disk."""
        for path in sorted(self._written | self._renamed_in):
            self._require(False, f"{path} is not synchronised at the end")

    def _created(self, path: str, mode: int | None) -> None:
        if path in self._modes:
            return  # it was there
        self._require(mode is not None and not mode & ~0o600, f"{path} is created with mode {mode or 0:04o}")
        self._modes[path] = mode or 0
        self._empty.add(path)

    def _permitted(self, path: str, mode: int) -> None:
        widened = mode & _OTHERS & ~self._modes.get(path, 0)
        self._require(not widened or path in self._empty, f"{path} is opened to others when it has content")
        self._modes[path] = mode

    def _renamed(self, old: str, new: str) -> None:
        self._require(old not in self._written, f"{old} becomes {os.path.basename(new)} before it is synchronised")
        for known in (self._empty, self._written):
            known.discard(new)
            if old in known:
                known.remove(old)
                known.add(new)
        self._modes[new] = self._modes.pop(old, 0)
        self._renamed_in.add(os.path.dirname(new))

    def _require(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self.found.append(normal(otherwise))
