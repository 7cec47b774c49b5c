# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What strace has seen of processes: what they wrote and where, and what they were started with."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_CALLS = ("execve", "execveat", "write", "pwrite64", "writev", "pwritev", "pwritev2", "sendto", "sendmsg", "sendmmsg")
# Strings in full, and what is behind each descriptor.
_LONGEST = 1 << 24
STRACE = (
    *("strace", "-I", "2", "-f", "-q", "-yy", "-v", "-s", str(_LONGEST), "--seccomp-bpf"),
    *("-e", f"trace={','.join(_CALLS)}", "-e", "signal=none", "-o"),
)
_LINE = re.compile(rb"\d+ +(\w+)\((.*)", re.DOTALL)
_DESCRIPTOR = re.compile(rb"\d+<(.*?)>, ", re.DOTALL)
_STRING = re.compile(rb'"((?:[^"\\]|\\.)*)"(\.\.\.)?', re.DOTALL)
_DEVICE = re.compile(r"<(char|block) ")


@dataclass(frozen=True)
class Seen:
    """Something that left a process."""

    kind: str  # file, process, syslog or core
    place: str  # the file's path, or the program
    data: bytes


def read(trace: Path) -> Iterator[Seen]:
    """What went into files and into the system's log, and arguments and environment of every program.

    Pipes and connections are left out: Ansible hands over its work there, and secrets that belong to it.
    """
    with trace.open("rb") as lines:
        for line in lines:
            if b"(core dumped)" in line:
                yield Seen("core", line.decode("latin-1").strip(), b"")
            elif match := _LINE.match(line):
                yield from _call(match[1].decode("ascii"), match[2])


def _call(name: str, arguments: bytes) -> Iterator[Seen]:
    if name.startswith("execve"):
        data = b"\n".join(_strings(arguments))
        yield Seen("process", data.partition(b"\n")[0].decode("latin-1"), data)
        return
    descriptor = _DESCRIPTOR.match(arguments)
    if descriptor is None:
        return
    place = descriptor[1].decode("latin-1")
    if place.startswith(("UNIX:", "UNIX-DGRAM:")):  # of such sockets, only the log's is written to
        yield Seen("syslog", place, b"".join(_strings(arguments[descriptor.end() :])))
    elif place.startswith("/") and not _DEVICE.search(place):
        yield Seen("file", place.removesuffix("(deleted)"), b"".join(_strings(arguments[descriptor.end() :])))


def _strings(text: bytes) -> Iterator[bytes]:
    for escaped, more in _STRING.findall(text):
        if more:
            raise ValueError("strace has cut a string short.")
        yield codecs.escape_decode(escaped)[0]
