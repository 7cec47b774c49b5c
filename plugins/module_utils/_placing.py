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
def changes_in(path: str, owner: int, check_mode: bool, create: bool, strict: bool = True) -> Iterator[Changes]:
    """What is to change in a folder, which is locked and cleared of what a killed run left, as that is a change too.

    ``create``: a missing folder is made, mode 0700. Otherwise it is as good as empty, and so it is in check mode, in
    which nothing is made, locked or cleared. ``owner`` and ``strict`` are those of L{Folder.open}.
    """
    try:
        folder = Folder.open(path, strict=strict, owner=owner, create=create and not check_mode)
    except MissingFolder:
        yield Changes(None, check_mode)
        return
    with folder, nullcontext() if check_mode else folder.lock():
        changes = Changes(folder, check_mode)
        changes.changed = bool(folder.leftovers()) if check_mode else folder.finish()
        yield changes


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
        """What the folder holds."""
        return [] if self._folder is None else self._folder.names()

    def state(self, name: str) -> FileState | None:
        """Size, owner, group and mode that a file has now, or None."""
        return None if self._folder is None else self._folder.state(name)

    def content(self, name: str, limit: int = LARGEST_DOCUMENT) -> bytes | None:
        """What a file holds now, or None."""
        return None if self._folder is None else self._folder.read(name, limit, "file")

    def ensure(self, name: str, content: bytes | None, wanted: Attributes) -> None:
        """Have the file hold the content and have the attributes: all of it or nothing of it.

        In check mode a content that is yet to be made may be None.
        """
        found = self.state(name)
        same = found is not None and content is not None and self.content(name) == content
        self._note(name, found, content, wanted, same)
        if same and found is not None and found.fits(wanted):
            return
        self.changed = True
        if self._check_mode or self._folder is None or content is None:
            return
        if same:
            self._folder.repair(name, wanted)
        else:
            self._folder.place(name, content, wanted)

    def remove(self, name: str) -> None:
        """Destroy a file if it is there."""
        found = self.state(name)
        if self._folder is None or found is None:
            return
        self._before[name], self._after[name] = {"state": "present", **found.facts()}, dict(ABSENT)
        self.changed = True
        if not self._check_mode:
            self._folder.destroy(name)

    def _note(self, name: str, found: FileState | None, content: bytes | None, wanted: Attributes, same: bool) -> None:
        facts: dict[str, Any] = {"mode": mode_text(wanted.mode), "owner": user_name(wanted.owner)}
        if content is not None:
            facts["size"] = len(content)
        if wanted.group is not None:
            facts["group"] = group_name(wanted.group)
        before = dict(ABSENT)
        if found is not None:
            shown = {fact: value for fact, value in found.facts().items() if fact in facts}
            before = {"state": "present", "content": "as wanted" if same else "another", **shown}
        self._before.setdefault(name, before)
        self._after[name] = {"state": "present", "content": "as wanted", **facts}
