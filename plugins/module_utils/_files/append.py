# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Adding to the end of a file without touching what it holds, so that a kill can leave half an addition and nothing worse."""

from __future__ import annotations

import os

from .folder import Folder
from .lowlevel import FileError, explained, require_regular, write_all

_APPEND = os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


def append(folder: Folder, name: str, size: int, content: bytes) -> None:
    """Add to a regular file that has ``size`` bytes: on the disk when this returns, taken back when it raises.

    To be called with the folder locked, after the file was looked at. What cannot be taken back stays as the beginning of
    the addition.
    """
    path = folder.path_of(name)
    with explained("append to", path):
        fd = os.open(name, _APPEND, dir_fd=folder._fd)
        try:
            info = os.fstat(fd)
            require_regular(info, path)
            if info.st_size != size:
                raise FileError(
                    f"{path} was changed by something that does not wait for its turn. See what else works there, then run"
                    " again."
                )
            try:
                _add(fd, size, content, path)
                folder._require_unmoved()
            except BaseException:
                _take_back(fd, size, content)
                raise
        finally:
            os.close(fd)


def _add(fd: int, size: int, content: bytes, path: str) -> None:
    write_all(fd, content)
    os.fsync(fd)
    if hasattr(os, "posix_fadvise"):
        # Read back from the disk, not from the memory that was just filled.
        os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
    if os.pread(fd, len(content) + 1, size) != content:
        raise FileError(f"What was read back of {path} is not what was written. Check the disk, then run again.")


def _take_back(fd: int, size: int, content: bytes) -> None:
    """Cut the file where it ended, unless something else was added there."""
    try:
        added = os.fstat(fd).st_size - size
        if 0 < added <= len(content):
            os.ftruncate(fd, size)
            os.fsync(fd)
    except OSError:
        pass  # the error that led here says what is wrong
