# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A folder that holds secret files: opened once, checked on the way, and used through its descriptor from then on."""

from __future__ import annotations

import fcntl
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from . import destroy as _destroy
from .attributes import Attributes, FileState, apply
from .lowlevel import (
    RESERVED,
    FileError,
    MissingFolder,
    explained,
    holds,
    read_all,
    require_file_name,
    sync_folder,
    write_all,
)
from .paths import open_folder

_NEW = RESERVED + "new-"
_OLD = RESERVED + "old-"

_ROOT = 0
LOCK_SECONDS = 60.0
_LOCK_PAUSE = 0.05


class Folder:
    """An open folder and its files, each known by its bare name.

    Every method raises FileError. Whoever changes something does it inside ``lock()`` and calls ``finish()`` first, so
    that nothing of a run that was killed stays behind. One lock per folder and process: a second one waits for the first.
    """

    def __init__(self, path: str, fd: int, trusted: frozenset[int] | None, owner: int | None) -> None:
        self.path = path
        self._fd = fd
        self._trusted = trusted
        self._owner = owner

    @classmethod
    def open(cls, path: str, *, strict: bool = True, owner: int | None = None, create: bool = False) -> Folder:
        """Open an absolute path without following symbolic links.

        ``strict``: every folder from the root on must belong to root, the effective user or ``owner`` (the user id for
        whom the files are meant), and nobody else may be able to write there, sticky folders excepted.
        ``create``: missing folders at the end are made, mode 0700, for the effective user. Otherwise MissingFolder.
        """
        trusted = frozenset({_ROOT, os.geteuid()} | ({owner} if owner is not None else set())) if strict else None
        return cls(path, open_folder(path, trusted, create), trusted, owner)

    def __enter__(self) -> Folder:
        return self

    def __exit__(self, *exception: Any) -> None:
        os.close(self._fd)

    @contextmanager
    def lock(self, seconds: float = LOCK_SECONDS) -> Iterator[None]:
        """Keep other runs on this host from changing the folder; wait for them at most that long."""
        deadline = time.monotonic() + seconds
        with explained("lock the folder", self.path):
            while not self._locked():
                if time.monotonic() >= deadline:
                    raise FileError(
                        f"The folder {self.path} has been locked by another run for {seconds:g} seconds. Wait until that run"
                        " has ended, then run again."
                    )
                time.sleep(_LOCK_PAUSE)
        try:
            yield
        finally:
            with explained("unlock the folder", self.path):
                fcntl.flock(self._fd, fcntl.LOCK_UN)

    def names(self) -> list[str]:
        """What the folder holds, sorted, without what an unfinished run left."""
        return [name for name in self._listed() if not name.startswith(RESERVED)]

    def exists(self, name: str) -> bool:
        """Whether there is anything of that name, of whatever kind."""
        path = self.path_of(name)
        with explained("look at", path):
            try:
                os.stat(name, dir_fd=self._fd, follow_symlinks=False)
            except FileNotFoundError:
                return False
        return True

    def path_of(self, name: str) -> str:
        """The full path of a bare file name, which is checked to be one and not one of ours."""
        path = os.path.join(self.path, name)
        require_file_name(name, path)
        return path

    def state(self, name: str) -> FileState | None:
        """What a regular file has; None if there is nothing. Anything else of that name is an error."""
        with self._opened(name, "look at") as fd:
            return None if fd is None else FileState.of(fd)

    def read(self, name: str, limit: int, what: str) -> bytes | None:
        """The content of a regular file, at most ``limit`` bytes; None if there is nothing of that name."""
        with self._opened(name, f"read the {what}") as fd:
            return None if fd is None else read_all(fd, limit, what, self.path_of(name))

    def place(self, name: str, content: bytes, wanted: Attributes) -> None:
        """Put a file there, or in place of the one that is there: all of it or nothing of it, on the disk when this returns."""
        path = self.path_of(name)
        self.state(name)  # only a regular file is replaced
        with explained("write", path):
            new = _destroy.new_name(_NEW)
            fd = os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=self._fd)
            try:
                self._fill(fd, content, wanted, path)
                self._require_unmoved()
                os.rename(new, name, src_dir_fd=self._fd, dst_dir_fd=self._fd)
                if not _destroy.leads_to(self._fd, name, fd):
                    raise FileError(
                        f"{path} was exchanged while it was written. Others may write in its folder: keep them out."
                    )
            except BaseException:
                self._discard(new, fd)
                raise
            finally:
                os.close(fd)
            sync_folder(self._fd)

    def repair(self, name: str, wanted: Attributes) -> None:
        """Bring owner, group and mode of an existing file to what is wanted.

        What is too open is closed at once. The rest is done by a fresh copy that takes the file's place: nobody has that
        one open or linked, and at no moment does it have the old owner with the new mode.
        """
        path = self.path_of(name)
        with self._opened(name, "change owner and mode of") as fd:
            if fd is None:
                raise FileError(f"{path} does not exist any more. See what else works there, then run again.")
            found = FileState.of(fd)
            if found.fits(wanted):
                return
            content = read_all(fd, found.size, "file", path)
            mine = os.geteuid() in (_ROOT, found.uid)
            # The other name of a hard link may be anyone's file: its mode is not ours to change.
            if mine and found.links == 1 and found.mode & ~wanted.mode:
                os.fchmod(fd, found.mode & wanted.mode)
        self.place(name, content, wanted)

    def destroy(self, name: str) -> bool:
        """Overwrite and remove a regular file; False if there is none. A file with other hard links is refused."""
        return _destroy.destroy(self._fd, name, _destroy.new_name(_OLD), self.path_of(name))

    def leftovers(self) -> list[str]:
        """Names of unfinished files that killed runs left behind and that are ours to finish."""
        return [name for name in self._listed() if name.startswith((_NEW, _OLD)) and self._ours(name)]

    def finish(self) -> bool:
        """Destroy what killed runs left, and make durable what they had renamed; whether there was something left."""
        left = self.leftovers()
        with explained("remove unfinished files in", self.path):
            for name in left:
                _destroy.finish(self._fd, name)
            sync_folder(self._fd)
        return bool(left)

    def _listed(self) -> list[str]:
        with explained("list the folder", self.path):
            return sorted(os.listdir(self._fd))

    def _locked(self) -> bool:
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    @contextmanager
    def _opened(self, name: str, attempt: str) -> Iterator[int | None]:
        path = self.path_of(name)
        with explained(attempt, path):
            fd = _destroy.open_regular(self._fd, name, path)
            try:
                yield fd
            finally:
                if fd is not None:
                    os.close(fd)

    def _fill(self, fd: int, content: bytes, wanted: Attributes, path: str) -> None:
        """Owner and mode before the first byte, then all bytes, on the disk, and seen to be there."""
        apply(fd, wanted, path)
        write_all(fd, content)
        os.fsync(fd)
        if hasattr(os, "posix_fadvise"):
            # Read back from the disk, not from the memory that was just filled.
            os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
        if not holds(fd, content):
            raise FileError(f"What was read back of {path} is not what was written. Check the disk, then run again.")

    def _require_unmoved(self) -> None:
        """A descriptor follows its folder wherever that is moved; the file must lie where its path says."""
        try:
            with Folder.open(self.path, strict=self._trusted is not None, owner=self._owner) as again:
                if os.path.samestat(os.fstat(again._fd), os.fstat(self._fd)):
                    return
        except MissingFolder:
            pass
        raise FileError(
            f"The folder {self.path} was moved while a file was written into it. See who did that, then run again."
        )

    def _discard(self, new: str, fd: int) -> None:
        """Take back a new file that did not get its name; what cannot be taken back now, the next run finishes."""
        try:
            # A rename may be reported as failed and yet have been done: then the open file is the one that must stay.
            if _destroy.leads_to(self._fd, new, fd):
                _destroy.overwrite(fd)
                os.unlink(new, dir_fd=self._fd)
        except OSError:
            pass  # the error that led here says what is wrong

    def _ours(self, name: str) -> bool:
        """A regular file of this user. Root finishes everyone's, unless others may put names into the folder."""
        with explained("look at", os.path.join(self.path, name)):
            try:
                info = os.stat(name, dir_fd=self._fd, follow_symlinks=False)
            except FileNotFoundError:
                return False
            shared = os.fstat(self._fd).st_mode & 0o022
        me = os.geteuid()
        return stat.S_ISREG(info.st_mode) and (
            info.st_uid == me or (me == _ROOT and (info.st_uid == self._owner or not shared))
        )
