# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that an operation keeps in one folder: compared with what is wanted, then placed or repaired."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from ._files import Attributes, FileState, Folder, MissingFolder, user_name
from ._files.attributes import group_name, mode_text
from ._inputs import LARGEST_DOCUMENT
from ._operation import Result

ABSENT = {"state": "absent"}


@contextmanager
def working_folder(path: str, owner: int, check_mode: bool) -> Iterator[Folder | None]:
    """The folder, made where it is missing, locked, and cleared of what a killed run left.

    In check mode nothing is made, locked or cleared, and a missing folder is None.
    """
    try:
        folder = Folder.open(path, owner=owner, create=not check_mode)
    except MissingFolder:
        if not check_mode:
            raise
        yield None
        return
    with folder, nullcontext() if check_mode else folder.lock():
        if not check_mode:
            folder.finish()
        yield folder


class Changes:
    """What an operation changes in a folder, file by file, and the diff that tells of it: facts, never content."""

    def __init__(self, folder: Folder | None, check_mode: bool) -> None:
        self._folder, self._check_mode = folder, check_mode
        self.changed = False
        self._before: dict[str, Any] = {}
        self._after: dict[str, Any] = {}

    def result(self, **facts: Any) -> Result:
        """The operation's result."""
        return {"changed": self.changed, "diff": {"before": self._before, "after": self._after}, **facts}

    def names(self) -> list[str]:
        """The files that are there."""
        return [] if self._folder is None else self._folder.names()

    def content(self, name: str) -> bytes | None:
        """What a file holds now, or None."""
        return None if self._folder is None else self._folder.read(name, LARGEST_DOCUMENT, "file")

    def ensure(self, name: str, content: bytes, wanted: Attributes) -> None:
        """Have the file hold the content and have the attributes: all of it or nothing of it."""
        found = None if self._folder is None else self._folder.state(name)
        same = found is not None and self.content(name) == content
        fits = same and found is not None and found.fits(wanted)
        self._note(name, found, {"size": len(content), **_facts(wanted)}, same)
        if fits:
            return
        self.changed = True
        if self._check_mode or self._folder is None:
            return
        if same:
            self._folder.repair(name, wanted)
        else:
            self._folder.place(name, content, wanted)

    def remove(self, name: str) -> None:
        """Destroy a file if it is there."""
        found = None if self._folder is None else self._folder.state(name)
        if self._folder is None or found is None:
            return
        self._before[name], self._after[name] = {"state": "present", **found.facts()}, dict(ABSENT)
        self.changed = True
        if not self._check_mode:
            self._folder.destroy(name)

    def _note(self, name: str, found: FileState | None, facts: dict[str, Any], same: bool) -> None:
        after = {"state": "present", "content": "as wanted", **facts}
        before = dict(ABSENT)
        if found is not None:
            shown = {fact: value for fact, value in found.facts().items() if fact in facts}
            before = {"state": "present", "content": "as wanted" if same else "another", **shown}
        self._before.setdefault(name, before)
        self._after[name] = after


def _facts(wanted: Attributes) -> dict[str, Any]:
    facts = {"mode": mode_text(wanted.mode), "owner": user_name(wanted.owner)}
    if wanted.group is not None:
        facts["group"] = group_name(wanted.group)
    return facts
