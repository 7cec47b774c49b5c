# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A situation that a run finds, and the states that it may leave behind whenever it is cut off."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ansible_collections.infoprotect.tenant_key.plugins.module_utils._operation import Operation
from calls import normal

RESERVED = ".infoprotect-"
# So much of a secret content is enough to tell it.
_PIECE = 24


@dataclass(frozen=True)
class File:
    """A file as it is, or as it is to be. A content that differs from run to run is given by a test of it."""

    content: bytes | Callable[[bytes], bool]
    mode: int = 0o600
    owner: int = field(default_factory=os.geteuid)
    group: int = field(default_factory=os.getegid)

    def is_found_in(self, found: File) -> bool:
        """Whether a file that was found is this one."""
        same = self.content(found.content) if callable(self.content) else self.content == found.content
        return same and replace(found, content=b"") == replace(self, content=b"")


State = Mapping[str, File]  # by path, relative to the root of the scene


@dataclass(frozen=True)
class Scene:
    """What lies there, what is asked for, and the steps by which the run may get there, in this order only."""

    module: str
    name: str
    operation: Operation
    params: Callable[[Path], Mapping[str, Any]]
    before: State
    steps: Sequence[tuple[str, File | None]]
    # Asked for in the run that is to change nothing, where it differs.
    afterwards: Mapping[str, Any] = field(default_factory=dict)
    # The name of a new pair is not known before it is made, so every GUID is as good as another.
    any_guid: bool = False

    def run(self, root: Path, **other: Any) -> Callable[[], dict[str, Any]]:
        """The run, ready to be started."""
        defaults = {option: rule.get("default") for option, rule in self.operation.argument_spec.items()}
        params = {**defaults, **self.params(root), **other}
        return lambda: self.operation.run(params, False)

    def states(self) -> list[State]:
        """From the one before the run to the wanted one."""
        states = [{name: file for name, file in self.before.items() if not is_hidden(name)}]
        for name, file in self.steps:
            state = {**states[-1], name: file}
            states.append({name: file for name, file in state.items() if file is not None})
        return states

    def lay(self, root: Path) -> None:
        """Make the folder and everything in it."""
        root.mkdir(mode=0o700)
        for name, file in self.before.items():
            path = root / name
            path.parent.mkdir(mode=0o700, exist_ok=True)
            path.write_bytes(file.content)
            os.chown(path, file.owner, file.group)
            path.chmod(file.mode)

    def problems(self, root: Path, allowed: Sequence[State], hidden: bool) -> Iterator[str]:
        """Whether the files are those of one of the allowed states, and nobody else can read a secret.

        hidden: whether unfinished work may lie there.
        """
        found, problems = look(root)
        yield from [*problems, *self._exposures(found)]
        visible: dict[str, File] = {}
        for name, file in found.items():
            shown = normal(name) if self.any_guid else name
            if is_hidden(name):
                if not hidden:
                    yield f"{normal(name)} is left"
            elif shown in visible:
                yield f"there are two of {shown}"
            else:
                visible[shown] = file
        if not any(_matches(state, visible) for state in allowed):
            yield f"neither the old nor the new state: {_summary(visible)}, where {_summary(allowed[-1])} is wanted"

    def _exposures(self, found: State) -> list[str]:
        """Files that let in others although they hold a content that is for its owner alone."""
        problems = []
        for name, file in found.items():
            bits = file.mode & 0o077
            as_before = name in self.before and self.before[name].is_found_in(file)
            if bits and file.content and not as_before and not self._may_show(file.content, bits):
                problems.append(f"{normal(name)} has mode {file.mode:04o} and may hold a secret")
        return problems

    def _may_show(self, content: bytes, bits: int) -> bool:
        """Whether these permission bits are meant for some file, and this content has nothing of one without them."""
        wanted = [file for _name, file in self.steps if file is not None]
        opened = {file.content for file in wanted if not bits & ~file.mode}
        closed = {file.content for file in [*wanted, *self.before.values()] if bits & ~file.mode} - opened
        # What others could read before is no secret, unless they are to be kept from it.
        opened |= {file.content for file in self.before.values() if not bits & ~file.mode} - closed
        public = [other for other in opened if not callable(other)]
        secret = (piece for other in closed if not callable(other) for piece in _pieces(other))
        return bool(public) and not any(
            piece in content for piece in secret if not any(piece in other for other in public)
        )


def look(root: Path) -> tuple[State, list[str]]:
    """Every file below the root, and what should not be there in any state."""
    found, problems = {}, []
    for path in sorted(root.rglob("*")) if root.exists() else []:
        name = str(path.relative_to(root))
        try:
            info = path.lstat()
            if stat.S_ISREG(info.st_mode):
                with path.open("rb") as stream:
                    info = os.fstat(stream.fileno())
                    found[name] = File(stream.read(), stat.S_IMODE(info.st_mode), info.st_uid, info.st_gid)
                continue
        except FileNotFoundError:
            continue  # in a race: it got another name
        if not stat.S_ISDIR(info.st_mode) or stat.S_IMODE(info.st_mode) != 0o700:
            problems.append(f"{name} is not a folder with mode 0700")
    return found, problems


def undisturbed(scene: Scene, **params: Any) -> State:
    """What a run of the scene leaves."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "root"
        scene.lay(root)
        scene.run(root, **params)()
        return look(root)[0]


def is_hidden(name: str) -> bool:
    """Whether the name is one of those for unfinished work."""
    return os.path.basename(name).startswith(RESERVED)


def _matches(state: State, found: State) -> bool:
    return state.keys() == found.keys() and all(file.is_found_in(found[name]) for name, file in state.items())


def _summary(state: State) -> str:
    return ", ".join(
        f"{name} ({'...' if callable(file.content) else len(file.content)} bytes, {file.mode:04o}, {file.owner}:{file.group})"
        for name, file in sorted(state.items())
    )


def _pieces(content: bytes) -> list[bytes]:
    """By which a part of the content is told, wherever it begins."""
    return [content[start : start + _PIECE] for start in range(0, max(1, len(content) - _PIECE + 1), _PIECE)]
