# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Adds events to a custody log, unless the log says the same already.

Lines are added in place and together, under the lock of the folder. Only where the log is new, or ends in an unfinished line, or has
lost its owner or mode, does a fresh file take its place, as one does for every secret file.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from .. import _custody
from .._custody_line import EVENTS, CustodyError, Entry, facts
from .._files import Attributes, Folder, MissingFolder, split_path, user_name
from .._files.append import append
from .._files.attributes import mode_text
from .._operation import Operation, Result

MODE = 0o600


def run(params: Mapping[str, Any], check_mode: bool) -> Result:
    """Read, compare, decide, (check mode stops here), write."""
    events = [params] if params["events"] is None else params["events"]
    wanted = [_Wanted(_facts(params, event), event["repeat"]) for event in events]
    path, (folder, name) = params["path"], split_path(params["path"])
    with _opened(folder, check_mode) as (opened, cleared):
        file = _LogFile(path, name, opened)
        added = file.add(wanted)
        if opened is not None and not check_mode:
            file.write(opened)
    return {
        "changed": cleared or bool(added) or not file.fits,
        "diff": file.diff(added),
        "path": path,
        "seq": len(file.log.hashes),
        # In check mode lines get another time than they will have.
        "head": None if added and check_mode else file.log.head,
    }


@dataclass(frozen=True)
class _Wanted:
    """What the log is to say, and whether to say it once more where it does already."""

    said: Entry
    repeat: bool


def _facts(params: Mapping[str, Any], event: Mapping[str, Any]) -> Entry:
    """What all lines of a call share, and what is the event's own."""
    actor = params["actor"]
    return facts(
        event["event"],
        event["details"] or {},
        actor=user_name(os.geteuid()) if actor is None else actor,
        host=platform.node() or "localhost",
        tenant=params["tenant"],
        case=params["case"],
        subject=event["subject"],
    )


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
        self.log = self._found = _custody.Log() if self._content is None else _custody.read(self._content)
        if self.log.damage:
            self._refuse()
        self.fits = self._state is None or self._state.fits(self._wanted)
        self._lines = b""

    def add(self, wanted: list[_Wanted]) -> list[Entry]:
        """Let the log say what it lacks, one after the other. What is added, if anything."""
        added = []
        for want in wanted:
            if want.repeat or not _custody.is_known(self.log, want.said):
                added.append(self._next(want.said))
        if wanted and not added and self.log.unfinished is not None:
            # What is unfinished goes on record with whatever is told next, even if that is known.
            added.append(self._next(wanted[0].said))
        return added

    def _next(self, said: Entry) -> Entry:
        line = _custody.follow(self.log, said, datetime.now(timezone.utc))
        self._lines += line
        if len(self._content or b"") + len(self._lines) > _custody.LARGEST_LOG:
            raise CustodyError(
                f"The custody log {self._path} is full: it may have {_custody.LARGEST_LOG} bytes. Move it aside, keep it with"
                f" its head {self._found.head}, and run again, which begins a new one."
            )
        self.log = _custody.grown(self.log, line)
        return said

    def write(self, folder: Folder) -> None:
        if self._lines and (self._content is None or self._found.unfinished is not None):
            complete = (self._content or b"").rpartition(b"\n")
            folder.place(self._name, complete[0] + complete[1] + self._lines, self._wanted)
            return
        if self._content is None:
            return
        if not self.fits:
            folder.repair(self._name, self._wanted)
        if self._lines:
            append(folder, self._name, len(self._content), self._lines)

    def diff(self, added: list[Entry]) -> dict[str, Any]:
        """What the file is before and after, and what is added."""
        before: dict[str, Any] = {"state": "absent"}
        if self._state is not None:
            before = {
                "state": "present",
                "lines": len(self._found.hashes),
                "mode": mode_text(self._state.mode),
                "owner": user_name(self._state.uid),
            }
            if self._found.unfinished is not None:
                before["unfinished"] = len(self._found.unfinished)
        after = {
            "state": "present",
            "lines": len(self.log.hashes),
            "mode": mode_text(MODE),
            "owner": user_name(self._wanted.owner),
        }
        return {"before": before, "after": {**after, "added": added} if added else after}

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


_EVENT = {
    "event": {"type": "str", "choices": list(EVENTS)},
    "subject": {"type": "str"},
    "details": {"type": "dict"},
    "repeat": {"type": "bool", "default": False},
}
_EVENTS = {**_EVENT, "event": {**_EVENT["event"], "required": True}}

OPERATION = Operation(
    argument_spec={
        "path": {"type": "path", "required": True},
        **_EVENT,
        "events": {"type": "list", "elements": "dict", "options": _EVENTS},
        "actor": {"type": "str"},
        "tenant": {"type": "str"},
        "case": {"type": "str"},
    },
    required_one_of=(("event", "events"),),
    mutually_exclusive=(("event", "events"), ("subject", "events"), ("details", "events")),
    run=run,
)
