# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Adds one event to a custody log, unless the log says the same already.

A line is added in place, under the lock of the folder. Only where the log is new, or ends in an unfinished line, or has
lost its owner or mode, does a fresh file take its place, as one does for every secret file.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import datetime, timezone
from typing import Any

from .. import _custody
from .._custody_line import EVENTS, CustodyError, facts
from .._files import Attributes, Folder, MissingFolder, split_path, user_name
from .._files.append import append
from .._files.attributes import mode_text
from .._operation import Operation, Result

MODE = 0o600


def run(params: Mapping[str, Any], check_mode: bool) -> Result:
    """Read, compare, decide, (check mode stops here), write."""
    actor = params["actor"]
    said = facts(
        params["event"],
        params["details"] or {},
        actor=user_name(os.geteuid()) if actor is None else actor,
        host=platform.node() or "localhost",
        tenant=params["tenant"],
        case=params["case"],
        subject=params["subject"],
    )
    path, (folder, name) = params["path"], split_path(params["path"])
    with _opened(folder, check_mode) as (opened, cleared):
        file = _LogFile(path, name, opened)
        line = file.next_line(said) if params["repeat"] or file.lacks(said) else None
        if opened is not None and not check_mode:
            file.write(opened, line)
    added = line is not None
    return {
        "changed": cleared or added or not file.fits,
        "diff": file.diff(said if added else None),
        "path": path,
        "seq": len(file.log.hashes) + added,
        # In check mode the line gets another time than it will have.
        "head": file.log.head if line is None else None if check_mode else _custody.digest(line),
    }


@contextmanager
def _opened(path: str, check_mode: bool) -> Iterator[tuple[Folder | None, bool]]:
    """The folder, locked and cleared of what a killed run left there, and whether it had to be cleared.

    In check mode nothing is made, locked or cleared, and a folder that is missing is None.
    """
    try:
        folder = Folder.open(path, create=not check_mode)
    except MissingFolder:
        yield None, False
        return
    with folder, nullcontext() if check_mode else folder.lock():
        yield folder, bool(folder.leftovers()) if check_mode else folder.finish()


class _LogFile:
    """The file as it is found; without a folder it is not there either."""

    def __init__(self, path: str, name: str, folder: Folder | None) -> None:
        self._path, self._name = path, name
        self._wanted = Attributes(os.geteuid(), None, MODE)
        self._state = None if folder is None else folder.state(name)
        self._content = None if folder is None else folder.read(name, _custody.LARGEST_LOG, "custody log")
        self.log = _custody.Log() if self._content is None else _custody.read(self._content)
        if self.log.damage:
            self._refuse()
        self.fits = self._state is None or self._state.fits(self._wanted)

    def lacks(self, said: Mapping[str, Any]) -> bool:
        """Whether the log has to be told. What is unfinished at its end is put on record with whatever is told next."""
        return self._content is None or self.log.unfinished is not None or not _custody.is_known(self.log, said)

    def next_line(self, said: Mapping[str, Any]) -> bytes:
        line = _custody.follow(self.log, said, datetime.now(timezone.utc))
        if len(self._content or b"") + len(line) > _custody.LARGEST_LOG:
            raise CustodyError(
                f"The custody log {self._path} is full: it may have {_custody.LARGEST_LOG} bytes. Move it aside, keep it with"
                f" its head {self.log.head}, and run again, which begins a new one."
            )
        return line

    def write(self, folder: Folder, line: bytes | None) -> None:
        if self._content is None or self.log.unfinished is not None:
            complete = (self._content or b"").rpartition(b"\n")
            folder.place(self._name, complete[0] + complete[1] + (line or b""), self._wanted)
            return
        if not self.fits:
            folder.repair(self._name, self._wanted)
        if line is not None:
            append(folder, self._name, len(self._content), line)

    def diff(self, said: Mapping[str, Any] | None) -> dict[str, Any]:
        """What the file is before and after; ``said``: what is added, if anything is."""
        before: dict[str, Any] = {"state": "absent"}
        if self._state is not None:
            before = {
                "state": "present",
                "lines": len(self.log.hashes),
                "mode": mode_text(self._state.mode),
                "owner": user_name(self._state.uid),
            }
            if self.log.unfinished is not None:
                before["unfinished"] = len(self.log.unfinished)
        after = {
            "state": "present",
            "lines": len(self.log.hashes) + (said is not None),
            "mode": mode_text(MODE),
            "owner": user_name(self._wanted.owner),
        }
        return {"before": before, "after": after if said is None else {**after, "added": dict(said)}}

    def _refuse(self) -> None:
        first = self.log.damage[0]
        if not self.log.events:
            raise CustodyError(
                f"{self._path} is not a custody log. {first.message} Nothing was changed. Check the path."
            )
        more = len(self.log.damage) - 1
        raise CustodyError(
            f"The custody log {self._path} is damaged, so nothing is added. {first.message}"
            f"{f' There are {more} more problems (see custody_info).' if more else ''} Do not edit it: move it aside as"
            " evidence, compare it with the anchors that custodians keep, and run again, which begins a new log."
        )


OPERATION = Operation(
    argument_spec={
        "path": {"type": "path", "required": True},
        "event": {"type": "str", "required": True, "choices": list(EVENTS)},
        "actor": {"type": "str"},
        "tenant": {"type": "str"},
        "case": {"type": "str"},
        "subject": {"type": "str"},
        "details": {"type": "dict"},
        "repeat": {"type": "bool", "default": False},
    },
    run=run,
)
