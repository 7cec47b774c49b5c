# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way from the root to a folder, one component at a time, so that nobody can bend it while it is walked."""

from __future__ import annotations

import os
import stat

from .attributes import mode_text, user_name
from .lowlevel import FileError, MissingFolder, checked_text, explained, kind, require_file_name, sync_folder

_FOLDER = os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# A folder on the way need not be readable (/home is often 0711), where the system can open one without reading it.
_PASS = _FOLDER | getattr(os, "O_PATH", os.O_RDONLY)


def split_path(path: str) -> tuple[str, str]:
    """The folder and the bare name of a file that an absolute path leads to."""
    _require_absolute(path)
    folder, name = os.path.split(path)
    require_file_name(name, path)
    return folder, name


def open_folder(path: str, trusted: frozenset[int] | None, create: bool) -> int:
    """A readable descriptor of the folder at an absolute path.

    ``trusted``: the user ids to which every folder on the way may belong; nobody else may be able to write there
    (sticky folders excepted). None: anyone. ``create``: missing folders at the end are made, mode 0700.
    """
    _require_absolute(path)
    parts = [part for part in os.path.normpath(path).split("/") if part]
    walked = "/"
    with explained("open", walked):
        fd = os.open("/", _PASS if parts else _FOLDER)
    try:
        _require_safe(fd, walked, trusted)
        for position, name in enumerate(parts, start=1):
            parent, walked = fd, os.path.join(walked, name)
            fd = _step(parent, name, walked, _PASS if position < len(parts) else _FOLDER, create)
            os.close(parent)
            _require_safe(fd, walked, trusted)
    except BaseException:
        os.close(fd)
        raise
    return fd


def _require_absolute(path: str) -> None:
    if not checked_text(path).startswith("/"):
        raise FileError(f"The path {path} is relative. Give an absolute path.")


def _step(parent: int, name: str, path: str, flags: int, create: bool) -> int:
    """Open the folder ``name`` in an open one, if it is a folder; make it if it is missing and may be made."""
    with explained("open the folder", path):
        try:
            return os.open(name, flags, dir_fd=parent)
        except FileNotFoundError:
            if not create:
                raise MissingFolder(
                    f"The folder {path} does not exist. Create it (mode 0700), then run again."
                ) from None
        except NotADirectoryError:
            found = kind(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode)
            raise FileError(
                f"{path} is {found}, where a folder is expected. Symbolic links are not followed: give the path itself."
            ) from None
    with explained("create the folder", path):
        try:
            os.mkdir(name, 0o700, dir_fd=parent)
            # The descriptor that is there may be one that only leads through; syncing takes a readable one.
            readable = os.open(".", _FOLDER, dir_fd=parent)
            try:
                sync_folder(readable)
            finally:
                os.close(readable)
        except FileExistsError:
            pass  # another run was faster; what it made is checked like everything else on the way
        return os.open(name, flags, dir_fd=parent)


def _require_safe(fd: int, path: str, trusted: frozenset[int] | None) -> None:
    """Whoever owns a folder, or may write in it, can exchange what lies below it."""
    if trusted is None:
        return
    with explained("look at the folder", path):
        info = os.fstat(fd)
    mode = stat.S_IMODE(info.st_mode)
    if info.st_uid not in trusted:
        known = " or ".join(user_name(uid) for uid in sorted(trusted))
        raise FileError(
            f"The folder {path} belongs to {user_name(info.st_uid)}, who could exchange what lies in it, and not to {known}."
            " Change its owner, or choose another folder."
        )
    # The group bits include whatever an access control list allows (see acl).
    if mode & 0o022 and not mode & stat.S_ISVTX:
        who = " and ".join(
            word for bit, word in ((0o020, "its group (or an access control list)"), (0o002, "everyone")) if mode & bit
        )
        raise FileError(
            f"The folder {path} (mode {mode_text(mode)}) may be written by {who}, who could exchange what lies in it."
            " Take that right away (chmod go-w), or choose another folder."
        )
