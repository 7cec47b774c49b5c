# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secret files: read within bounds, placed whole, owned and permitted as asked, destroyed. The only code that touches disk.

``Folder`` is the way to write: an opened, checked directory in which every name is looked up without following links.
``read_file`` is the way to read what an operator points at. What goes wrong is a ``FileError`` of one or two sentences.
"""

from __future__ import annotations

from .attributes import FILE_OPTIONS, Attributes, FileState, attributes, user_name
from .folder import Folder
from .lowlevel import RESERVED, FileError, MissingFolder, read_file
from .paths import split_path

__all__ = [
    "FILE_OPTIONS",
    "RESERVED",
    "Attributes",
    "FileError",
    "FileState",
    "Folder",
    "MissingFolder",
    "attributes",
    "read_file",
    "split_path",
    "user_name",
]
