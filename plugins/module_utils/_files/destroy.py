# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Taking a file's content off the disk as far as a program can: overwrite it where it lies, then remove its name.

Solid-state disks, copy-on-write file systems, snapshots and backups may keep the earlier content all the same.
"""

from __future__ import annotations

import os
import stat

from .attributes import user_name
from .lowlevel import READ, FileError, explained, require_regular, sync_folder, write_all

_CHUNK = 1 << 20


def overwrite(fd: int) -> None:
    """Random bytes over the whole content of a file that is open for writing; they are on the disk afterwards.

    Random, because some disks do not write blocks of zeros but only note that they are zero.
    """
    os.lseek(fd, 0, os.SEEK_SET)
    left = os.fstat(fd).st_size
    while left:
        part = min(left, _CHUNK)
        write_all(fd, os.urandom(part))
        left -= part
    os.fsync(fd)


def destroy(folder: int, name: str, hidden: str, path: str) -> bool:
    """Destroy the file ``name`` in an open folder; False if there is none.

    It is first renamed to ``hidden``, for good: from then on it is gone for everyone else, and whoever finds the hidden
    name later finishes the work.
    """
    with explained("destroy", path):
        fd = open_regular(folder, name, path)
        if fd is None:
            return False
        try:
            _require_destroyable(os.fstat(fd), path)
            os.rename(name, hidden, src_dir_fd=folder, dst_dir_fd=folder)
            sync_folder(folder)
            if not leads_to(folder, hidden, fd) or os.fstat(fd).st_nlink > 1:
                os.rename(hidden, name, src_dir_fd=folder, dst_dir_fd=folder)
                raise FileError(
                    f"{path} was exchanged or linked while it was to be destroyed. See what else works there, then run again."
                )
        finally:
            os.close(fd)
        finish(folder, hidden)
    return True


def finish(folder: int, hidden: str) -> None:
    """Overwrite and remove a file under a hidden name; with another hard link only the name is removed."""
    fd = open_regular(folder, hidden, hidden)
    if fd is None:
        return
    try:
        # Another name may be anyone's file that a link was laid to: its content is not ours to destroy.
        if os.fstat(fd).st_nlink == 1:
            _overwrite_by_name(folder, hidden, fd)
    finally:
        os.close(fd)
    os.unlink(hidden, dir_fd=folder)
    sync_folder(folder)


def open_regular(folder: int, name: str, path: str) -> int | None:
    """A readable descriptor of a regular file in an open folder; None if there is none."""
    try:
        # Looked at before it is opened: opening a device can set it in motion.
        require_regular(os.stat(name, dir_fd=folder, follow_symlinks=False), path)
        fd = os.open(name, READ | os.O_NOFOLLOW, dir_fd=folder)
    except FileNotFoundError:
        return None
    try:
        require_regular(os.fstat(fd), path)  # it may have been exchanged in between
    except BaseException:
        os.close(fd)
        raise
    return fd


def leads_to(folder: int, name: str, fd: int) -> bool:
    """Whether the name in an open folder is that of the open file."""
    try:
        return os.path.samestat(os.stat(name, dir_fd=folder, follow_symlinks=False), os.fstat(fd))
    except FileNotFoundError:
        return False


def new_name(prefix: str) -> str:
    """A name that nothing else has."""
    return prefix + os.urandom(8).hex()


def _require_destroyable(info: os.stat_result, path: str) -> None:
    """What cannot be overwritten, or would live on under another name, is not even renamed."""
    if info.st_nlink > 1:
        raise FileError(
            f"{path} has {info.st_nlink} names (hard links), so its content would stay. Find them (find -samefile {path})"
            " and remove the others first."
        )
    if os.geteuid() not in (0, info.st_uid):
        raise FileError(f"{path} belongs to {user_name(info.st_uid)}. Destroy it as that user or as root (become).")


def _overwrite_by_name(folder: int, name: str, fd: int) -> None:
    """Overwrite an open file of ours, also where its mode keeps its owner from writing."""
    if not stat.S_IMODE(os.fstat(fd).st_mode) & stat.S_IWUSR:
        os.fchmod(fd, 0o600)
    writable = os.open(name, os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    try:
        if os.path.samestat(os.fstat(writable), os.fstat(fd)):
            overwrite(writable)
    finally:
        os.close(writable)
