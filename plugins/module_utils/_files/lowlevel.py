# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""System calls with their errors told in sentences, and loops around those that may do half the work."""

from __future__ import annotations

import errno
import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager

from .._tpd import TpdError

# Names that begin so are ours: a new file that is not complete yet, an old one that is being destroyed.
RESERVED = ".infoprotect-"

# A FIFO must not make the open wait, nor a terminal become the controlling one.
READ = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC

_CHUNK = 1 << 20

# A folder on some network file systems cannot be synchronised, and says so with one of these.
_NO_FOLDER_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}

_NOT_ALLOWED = "Run as a user who may do that (become), or look for an immutable flag or an access control list there."
_ADVICE = {
    errno.ENOSPC: "Free some space there, then run again.",
    errno.EDQUOT: "Free some of this user's quota there, then run again.",
    errno.EROFS: "Mount that file system writable, or choose a folder elsewhere.",
    errno.EACCES: _NOT_ALLOWED,
    errno.EPERM: _NOT_ALLOWED,
    errno.EIO: "Check the disk or the network share, then run again.",
    errno.ENAMETOOLONG: "Choose a shorter name.",
    errno.ENOENT: "Something removed it meanwhile: see what else works there, then run again.",
    errno.ENOTDIR: "Give a path whose upper parts are all folders.",
    errno.EISDIR: "Give the path of a file.",
    errno.ELOOP: "Give the path without symbolic links.",
}

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISLNK, "a symbolic link"),
    (stat.S_ISFIFO, "a FIFO"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


class FileError(TpdError):
    """A file or folder could not be read, placed or destroyed as asked."""


class MissingFolder(FileError):
    """The folder does not exist; in check mode an earlier task may be about to make it."""


@contextmanager
def explained(attempt: str, path: str) -> Iterator[None]:
    """Turn an OSError into a FileError: "Could not <attempt> <path>: <strerror>. <what to do>"."""
    try:
        yield
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else type(error).__name__
        advice = _ADVICE.get(error.errno or 0, "Find the cause, then run again.")
        raise FileError(f"Could not {attempt} {path}: {reason}. {advice}") from error


def checked_text(path: str) -> str:
    """The path itself, if the operating system can take it at all."""
    try:
        if path and b"\0" not in os.fsencode(path):
            return path
    except UnicodeEncodeError:
        pass
    raise FileError(f"The path {path!a} is empty or holds a character that no file name can have. Correct it.")


def require_file_name(name: str, path: str) -> None:
    """``path`` ends in ``name``, which must be a bare file name and not one of ours."""
    checked_text(path)
    if "/" in name or name in ("", ".", ".."):
        raise FileError(f"{path} does not end in the name of a file. Give the path of a file.")
    if name.startswith(RESERVED):
        raise FileError(
            f"Names that begin with {RESERVED} are reserved for unfinished files. Choose another name than {path}."
        )


def kind(mode: int) -> str:
    """What an st_mode stands for, as a phrase."""
    return next((phrase for test, phrase in _KINDS if test(mode)), "a regular file")


def require_regular(info: os.stat_result, path: str) -> None:
    """Only a regular file has a content that can be read, compared, replaced and destroyed."""
    if not stat.S_ISREG(info.st_mode):
        raise FileError(f"{path} is {kind(info.st_mode)}, where a regular file is expected. Look who put it there.")


def read_all(fd: int, limit: int, what: str, path: str) -> bytes:
    """Everything from the start of an open regular file, at most ``limit`` bytes."""
    size = os.fstat(fd).st_size
    if size > limit:
        raise FileError(f"The {what} {path} is too large: {size} bytes, where at most {limit} are read.")
    os.lseek(fd, 0, os.SEEK_SET)
    whole = io.BytesIO()  # and not a list of parts, which would take the file's size twice when they are joined
    left = limit + 1
    while left and (part := os.read(fd, min(left, _CHUNK))):
        whole.write(part)
        left -= len(part)
    if not left:
        raise FileError(
            f"The {what} {path} grew while it was read: more than {limit} bytes. Run again when it is complete."
        )
    return whole.getvalue()


def holds(fd: int, content: bytes) -> bool:
    """Whether an open regular file holds this and nothing else."""
    os.lseek(fd, 0, os.SEEK_SET)
    read = 0
    while part := os.read(fd, _CHUNK):
        if content[read : read + len(part)] != part:
            return False
        read += len(part)
    return read == len(content)


def write_all(fd: int, content: bytes) -> None:
    """Write all bytes: on a full disk one write comes back short and raises nothing, only the next one does."""
    view = memoryview(content)
    while view:
        written = os.write(fd, view[:_CHUNK])
        if written == 0:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        view = view[written:]


def sync_folder(fd: int) -> None:
    """Make renames and removals in the folder durable, where its file system can."""
    try:
        os.fsync(fd)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise


def read_file(path: str, limit: int, what: str) -> bytes:
    """Read an input that an operator named: a regular file, not empty, at most ``limit`` bytes; links are followed.

    ``what`` names the input in the error, as in "public key file".
    """
    checked_text(path)
    with explained(f"look at the {what}", path):
        try:
            # Looked at before it is opened: opening a device can set it in motion.
            info = os.stat(path)
        except FileNotFoundError:
            raise FileError(f"The {what} {path} does not exist. Check the path, and on which host it lies.") from None
    require_regular(info, f"The {what} {path}")
    with explained(f"read the {what}", path):
        fd = os.open(path, READ)
        try:
            require_regular(os.fstat(fd), f"The {what} {path}")
            content = read_all(fd, limit, what, path)
        finally:
            os.close(fd)
    if not content:
        raise FileError(f"The {what} {path} is empty. Was it copied completely?")
    return content
