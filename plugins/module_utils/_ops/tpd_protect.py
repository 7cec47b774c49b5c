# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same TPD under another password.

Durable order: the new password, where it is made here, then the TPD, which is the commit. So no TPD is ever sealed under
a password that nobody has.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .. import _secrets
from .._files import FILE_OPTIONS, Attributes, attributes, read_file, split_path
from .._inputs import LARGEST_DOCUMENT, about, is_there
from .._operation import Operation, Result
from .._passwords import PASSWORD_OPTIONS, open_tpd, password
from .._placing import changes_in
from .._tpd import TpdError, passwords, tpd
from .._tpd.contents import Contents

_STAYS_LEAKED = (
    "Every other copy of the TPD still opens with its old password: whoever has both keeps the key, and no new password"
    " takes it back. Destroy the old copies, and rekey the tenant if a TPD and its password have leaked."
)


def run(params: Mapping[str, Any], check_mode: bool) -> Result:
    """Read, compare, decide, (check mode stops here), write."""
    wanted = attributes(params, 0o600)
    job = _Job(params)
    given = secret = job.given_password()
    if secret is None:
        secret = passwords.generate()
        _secrets.register(secret)
    job.sealed(secret)  # what stands against it shows before a password is written
    diff: dict[str, Any] = {"before": {}, "after": {}}
    if given is None:
        secret, diff = job.place_password(secret, wanted, check_mode)
    folder, name = split_path(job.dest)
    with changes_in(folder, wanted.owner, check_mode, create=True) as changes:
        sealed = job.sealed(secret)
        changes.ensure(name, sealed.content, wanted)
        result = changes.result(path=job.dest, password_file=job.new_password_file, tpd=sealed.contents.facts())
    weakness = passwords.weakness(secret)
    return {
        **result,
        "diff": {side: {**diff[side], **files} for side, files in result["diff"].items()},
        "warnings": ([weakness] if weakness else []) + ([] if sealed.there else [_STAYS_LEAKED]),
    }


@dataclass(frozen=True)
class _Sealed:
    """A TPD under the new password, and whether it is there already."""

    content: bytes = field(repr=False)
    contents: Contents = field(repr=False)
    there: bool


class _Job:
    """What the parameters ask for."""

    def __init__(self, params: Mapping[str, Any]) -> None:
        self.params = params
        self.path, self.dest = params["path"], params["dest"] or params["path"]
        self.new_password_file = params["new_password_file"]
        for option in ("path", "dest", "password_file"):
            if None not in (params[option], self.new_password_file) and _same(params[option], self.new_password_file):
                raise TpdError(
                    f"new_password_file is the same file as {option}. Give the new password a file of its own:"
                    " the old one is kept until the new one is proven."
                )

    def given_password(self) -> str | None:
        """The new password, or None where one is to be made."""
        if self.new_password_file is not None and not is_there(self.new_password_file):
            return None
        secret = password(self.params, "new_password")
        passwords.encode(secret)  # one that no password file can carry would be lost on the way to it
        old_file = self.params["password_file"]
        if (old_file is None or is_there(old_file)) and password(self.params) == secret:
            raise TpdError(
                "The new password is the old one, so nothing would change for whoever has it. Give another one, or name a"
                " new_password_file that does not exist yet, and one is made."
            )
        return secret

    def place_password(self, secret: str, wanted: Attributes, check_mode: bool) -> tuple[str, dict[str, Any]]:
        """Put a new password into its file, unless another run has just put one there. The one that holds, and the diff."""
        folder, name = split_path(self.new_password_file)
        with changes_in(folder, wanted.owner, check_mode, create=True) as changes:
            found = changes.content(name)
            if found is None:
                changes.ensure(name, passwords.encode(secret), wanted)
            else:
                secret = password(self.params, "new_password")
            return secret, changes.result()["diff"]

    def sealed(self, secret: str) -> _Sealed:
        """The TPD under the new password, proven by opening it."""
        in_place = _same(self.dest, self.path)
        found = read_file(self.dest, LARGEST_DOCUMENT, "TPD") if is_there(self.dest) else None
        done = None if found is None else _opened(found, secret)
        # What it was made from may be gone by now. In place, perhaps only the version is another one.
        itself = done is not None and (in_place or not is_there(self.path))
        source = self._of_version(done) if itself else self._source()
        if done == source:
            return _Sealed(found, Contents(source), there=True)
        if found is not None and not in_place:
            raise TpdError(
                f"{self.dest} is already there and is not this TPD under the new password. It is not overwritten: move it"
                " away, then run again, and compare the two."
            )
        return _Sealed(self._seal(source, secret), Contents(source), there=False)

    def _source(self) -> tpd.Tpd:
        """The TPD at path as it is to be sealed."""
        old = password(self.params)
        content = read_file(self.path, LARGEST_DOCUMENT, "TPD")
        with about(self.path):
            return self._of_version(open_tpd(content, old))

    def _of_version(self, opened: tpd.Tpd) -> tpd.Tpd:
        version = self.params["version"]
        if version == 1 and not Contents(opened).rehearsal:
            raise TpdError(
                f"{self.path} is not a rehearsal's TPD, and version 1 protects it worse than version 2. Leave out version."
            )
        return replace(opened, version=version)

    def _seal(self, source: tpd.Tpd, secret: str) -> bytes:
        content = tpd.seal(source, secret)
        if _opened(content, secret) != source:
            raise TpdError(
                f"What {self.path} holds cannot be sealed without a loss, so nothing was changed. Keep the TPD under its"
                " password. This is a defect of the collection, please report it."
            )
        return content


def _opened(content: bytes, secret: str) -> tpd.Tpd | None:
    """What the content holds, or None where it does not open with this password."""
    try:
        return open_tpd(content, secret)
    except TpdError:
        return None


def _same(left: str, right: str) -> bool:
    return os.path.realpath(left) == os.path.realpath(right)


OPERATION = Operation(
    argument_spec={
        "path": {"type": "path", "required": True},
        **PASSWORD_OPTIONS,
        "new_password": {"type": "str", "no_log": True},
        "new_password_file": {"type": "path", "no_log": False},
        "dest": {"type": "path"},
        "version": {"type": "int", "choices": [1, 2], "default": 2},
        **FILE_OPTIONS,
        "mode": {"type": "str", "default": "0600"},
    },
    mutually_exclusive=(("password", "password_file"), ("new_password", "new_password_file")),
    required_one_of=(("password", "password_file"), ("new_password", "new_password_file")),
    run=run,
)
