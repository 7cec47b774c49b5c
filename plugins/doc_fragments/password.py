# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """How the password of a TPD is given, as `password()` in module_utils/_passwords reads it."""

    DOCUMENTATION = r"""
options:
  password:
    description:
      - The password of the TPD itself.
      - It travels to a host through pipelining only, and where there is none the task is refused, so prefer O(password_file).
      - One of O(password) and O(password_file) is required.
    type: str
  password_file:
    description:
      - Path on the host of a file that holds the password of the TPD, such as C(Password-<GUID>.txt).
      - It is read as UTF-8 or UTF-16, with or without byte order mark. One final line break is dropped, and nothing else.
    type: path
"""
