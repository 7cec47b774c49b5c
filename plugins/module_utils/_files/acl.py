# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""POSIX access control lists, as Linux keeps them in an extended attribute.

Layout (linux/posix_acl_xattr.h): version 2 as 32 bits, then entries of tag (16 bits), permissions (16), id (32), all
little-endian. Where a list has entries for named users or groups, the group bits of the file's mode are their upper
bound (its mask). So a folder whose mode keeps group and others from writing lets nobody write through its list.
"""

from __future__ import annotations

import errno
import os
import struct

_ACCESS = "system.posix_acl_access"
_VERSION = 2
_HEADER = struct.Struct("<I")
_ENTRY = struct.Struct("<HHI")
_NAMED = {0x02: "user", 0x08: "group"}
_NONE = {errno.ENODATA, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}


def named_entries(fd: int) -> list[tuple[str, int, int]]:
    """(user or group, id, permissions 0 to 7) for everyone to whom the open file's list gives access by name."""
    if not hasattr(os, "getxattr"):
        return []  # no such lists outside Linux
    try:
        raw = os.getxattr(fd, _ACCESS)
    except OSError as error:
        if error.errno in _NONE:
            return []
        raise
    if len(raw) < _HEADER.size or _HEADER.unpack_from(raw)[0] != _VERSION or (len(raw) - _HEADER.size) % _ENTRY.size:
        # Whatever it says, it cannot be shown to be harmless.
        return [("unknown list version", 0, 7)]
    entries = _ENTRY.iter_unpack(raw[_HEADER.size :])
    return [(_NAMED[tag], number, allowed) for tag, allowed, number in entries if tag in _NAMED]


def widening(fd: int, mode: int) -> str:
    """Who gets in beside owner, group and others when the open file has this mode; empty if nobody does."""
    bound = (mode >> 3) & 7
    return ", ".join(f"{who} {number}" for who, number, allowed in named_entries(fd) if allowed & bound)
