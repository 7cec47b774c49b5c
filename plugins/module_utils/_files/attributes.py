# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who a file is to belong to and who may read it: as asked, and as found."""

from __future__ import annotations

import grp
import os
import pwd
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Callable

from .acl import widening
from .lowlevel import FileError, explained

# For the argument specification of every operation that writes files; documented in the fragment `files`.
FILE_OPTIONS: Mapping[str, Mapping[str, str]] = {
    "owner": {"type": "str"},
    "group": {"type": "str"},
    "mode": {"type": "str"},
}

_LARGEST_ID = 2**32 - 2  # the next number means "leave as it is" to chown


@dataclass(frozen=True)
class Attributes:
    """What a file is to have: user id, group id (None: whatever group the folder gives), the nine permission bits."""

    owner: int
    group: int | None
    mode: int


@dataclass(frozen=True)
class FileState:
    """What a regular file has. Never its content."""

    size: int
    mode: int
    uid: int
    gid: int
    links: int
    named_access: bool  # its access control list lets in users or groups beside owner, group and others

    @classmethod
    def of(cls, fd: int) -> FileState:
        info = os.fstat(fd)
        mode = stat.S_IMODE(info.st_mode)
        return cls(info.st_size, mode, info.st_uid, info.st_gid, info.st_nlink, bool(widening(fd, mode)))

    def fits(self, wanted: Attributes) -> bool:
        """Whether owner, group and mode are the wanted ones, nobody is let in by name, and no other name leads here."""
        return (
            (self.uid, self.mode) == (wanted.owner, wanted.mode)
            and wanted.group in (None, self.gid)
            and self.links == 1
            and not self.named_access
        )

    def facts(self) -> dict[str, Any]:
        """For a diff."""
        return {
            "size": self.size,
            "mode": mode_text(self.mode),
            "owner": user_name(self.uid),
            "group": group_name(self.gid),
        }


def attributes(params: Mapping[str, Any], default_mode: int) -> Attributes:
    """The options owner, group and mode, names resolved. A file without a named owner belongs to the effective user."""
    owner, group, mode = (params.get(option) for option in ("owner", "group", "mode"))
    return Attributes(
        owner=os.geteuid() if owner is None else _identifier(owner, "user", lambda name: pwd.getpwnam(name).pw_uid),
        group=None if group is None else _identifier(group, "group", lambda name: grp.getgrnam(name).gr_gid),
        mode=default_mode if mode is None else _mode(mode),
    )


def apply(fd: int, wanted: Attributes, path: str) -> None:
    """Give an open file the wanted owner, group and mode, and see that it has them and lets nobody else in.

    The file must be no more open than 0600 before. Owner first: changing it afterwards would clear bits of the mode,
    and a mode meant for the new group must not serve the old one.
    """
    info = os.fstat(fd)
    group = info.st_gid if wanted.group is None else wanted.group
    with explained(f"give {user_name(wanted.owner)}:{group_name(group)} the file", path):
        if (info.st_uid, info.st_gid) != (wanted.owner, group):
            os.fchown(fd, wanted.owner, group)
    with explained(f"set mode {mode_text(wanted.mode)} on", path):
        os.fchmod(fd, wanted.mode)
        info = os.fstat(fd)
        others = widening(fd, wanted.mode)
    if (info.st_uid, info.st_gid, stat.S_IMODE(info.st_mode)) != (wanted.owner, group, wanted.mode):
        raise FileError(
            f"The file system of {path} does not keep owner and mode: asked for {user_name(wanted.owner)} and"
            f" {mode_text(wanted.mode)}, it shows {user_name(info.st_uid)} and"
            f" {mode_text(stat.S_IMODE(info.st_mode))}. Choose a folder on another file system."
        )
    if others:
        raise FileError(
            f"The default access control list of the folder would let {others} into {path} beside its owner and group."
            " Remove that list (setfacl -k) or choose another folder."
        )


def mode_text(mode: int) -> str:
    """As the option is written: four octal digits."""
    return f"{mode:04o}"


def user_name(uid: int) -> str:
    """The user's name, or the number if it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def group_name(gid: int) -> str:
    """The group's name, or the number if it has none."""
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)


def _identifier(text: str, what: str, look_up: Callable[[str], int]) -> int:
    try:
        return look_up(text)
    except (KeyError, ValueError):  # ValueError: a name that cannot be one, such as one with a NUL
        pass
    if re.fullmatch(r"[0-9]{1,10}", text, re.ASCII) and int(text) <= _LARGEST_ID:
        return int(text)
    raise FileError(f"There is no {what} {text!a} on this host. Create it first, or give another name or its number.")


def _mode(text: str) -> int:
    # The leading zero is required: YAML reads an unquoted 0644 as the number 420, which would pass for a mode otherwise.
    if not re.fullmatch(r"0[4-7][0-7]{2}", text, re.ASCII):
        raise FileError(
            f"The mode {text!a} is not understood. Give four octal digits that begin with 0, in quotes, such as '0600';"
            " its owner must be able to read, and set-user-ID, set-group-ID and sticky bits are refused."
        )
    return int(text, 8)
