# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How one secret file lies on a host, and everything that is wrong with that. Reads only."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

from .._files import Attributes, FileError, FileState, Folder, MissingFolder, attributes, split_path
from .._files.attributes import group_name, mode_text, user_name
from .._files.lowlevel import require_file_name
from .._inputs import LARGEST_SECRET_FILE, sha256
from .._operation import Operation, Result

LARGEST_BESIDE = 64 * 1024


def run(params: Mapping[str, Any], _check_mode: bool) -> Result:
    """What is wrong is a result; only options that make no sense are an error."""
    path, expected = params["path"], sha256(params["sha256"], "sha256")
    folder, name = split_path(path)
    if params["beside"] is not None:
        require_file_name(params["beside"], params["beside"])
    look = _Look(path, params["beside"])
    wanted = look.wanted(params)
    look.look(folder, name, wanted.get("owner"), params["strict_parents"])
    look.compare(wanted, expected)
    asked = {"content": look.content if params["return_content"] else None, "beside": look.beside}
    facts = {"mode": None, "owner": None, "group": None, "size": None, **(look.state.facts() if look.state else {})}
    return {
        "changed": False,
        "path": path,
        "exists": look.state is not None,
        "sha256": look.sha256,
        **facts,
        **{name: base64.b64encode(read).decode("ascii") for name, read in asked.items() if read is not None},
        "problems": look.problems,
    }


class _Look:
    """What was seen of one file, and the problems so far: each an id and a sentence."""

    def __init__(self, path: str, beside: str | None) -> None:
        self._path, self._beside = path, beside
        self.state: FileState | None = None
        self.content: bytes | None = None
        self.beside: bytes | None = None
        self.sha256: str | None = None
        self.problems: list[dict[str, str]] = []

    def wanted(self, params: Mapping[str, Any]) -> dict[str, int | None]:
        """The options that were given, names resolved. A user that this host does not know is a problem, too."""
        found = {}
        for option in ("owner", "group", "mode"):
            if params[option] is None:
                continue
            try:
                resolved: Attributes = attributes({option: params[option]}, 0)
            except FileError as error:
                if option == "mode":
                    raise
                self._add(option, str(error))
                continue
            found[option] = getattr(resolved, option)
        return found

    def look(self, folder: str, name: str, owner: int | None, strict: bool) -> None:
        """Open the folder as secure_file would; if others could write on the way, say so and look all the same."""
        try:
            with self._open(folder, owner, strict) as opened:
                self.beside = self._read_beside(opened)
                self.state = opened.state(name)
                self.content = opened.read(name, LARGEST_SECRET_FILE, "file")
        except MissingFolder:
            pass
        except FileError as error:
            self._add("unreadable", str(error))
            return
        if self.content is None:
            self.state = None  # it may have gone between the two
            self._add("missing", f"{self._path} does not exist.")
        else:
            self.sha256 = hashlib.sha256(self.content).hexdigest()

    def _read_beside(self, opened: Folder) -> bytes | None:
        """What whoever asked for it misses is theirs to judge."""
        try:
            return None if self._beside is None else opened.read(self._beside, LARGEST_BESIDE, "file")
        except FileError:
            return None

    def _open(self, folder: str, owner: int | None, strict: bool) -> Folder:
        if strict:
            try:
                return Folder.open(folder, owner=owner)
            except MissingFolder:
                raise
            except FileError as error:
                # What cannot be walked at all fails again, and that is the one problem then.
                opened = Folder.open(folder, strict=False)
                self._add("parents", str(error))
                return opened
        return Folder.open(folder, strict=False)

    def compare(self, wanted: Mapping[str, int | None], expected: str | None) -> None:
        """Everything that is not as it should be, in one go."""
        state = self.state
        if state is None:
            return
        if expected is not None and self.sha256 is not None and self.sha256 != expected:
            # Neither hash is quoted: that of a password file would let a weak password be guessed.
            self._add("content", f"The content of {self._path} is another than expected: its SHA-256 differs.")
        for option, found, text in (
            ("owner", state.uid, user_name),
            ("group", state.gid, group_name),
            ("mode", state.mode, mode_text),
        ):
            asked = wanted.get(option)
            if asked is not None and asked != found:
                self._add(option, f"The {option} of {self._path} is {text(found)}, expected {text(asked)}.")
        if state.links > 1:
            self._add(
                "links", f"{self._path} has {state.links} names (hard links), so its content lies elsewhere, too."
            )
        if state.named_access:
            self._add("acl", f"An access control list lets others into {self._path} beside its owner and group.")

    def _add(self, problem: str, message: str) -> None:
        self.problems.append({"id": problem, "message": message})


OPERATION = Operation(
    argument_spec={
        "path": {"type": "path", "required": True},
        "sha256": {"type": "str"},
        "owner": {"type": "str"},
        "group": {"type": "str"},
        "mode": {"type": "str"},
        "strict_parents": {"type": "bool", "default": True},
        "return_content": {"type": "bool", "default": False},
        "beside": {"type": "str"},
    },
    run=run,
)
