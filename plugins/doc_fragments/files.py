# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """Options of every module that places files, as `attributes()` in module_utils/_files reads them."""

    DOCUMENTATION = r"""
options:
  owner:
    description:
      - Name or number of the user to whom the files shall belong.
      - Defaults to the user who runs the module. A file that belongs to somebody else is given back to that user.
    type: str
  group:
    description:
      - Name or number of the group to which the files shall belong.
      - Without it a new file gets the group that its folder and its owner give it, and the group of an existing file is left alone.
    type: str
  mode:
    description:
      - Permissions of the files, as a quoted string of four octal digits that begins with V(0), such as V("0600").
      - Symbolic modes are refused, and so are modes that the owner cannot read, and set-user-ID, set-group-ID and sticky bits.
    type: str
attributes:
  action_group:
    description: Use C(group/infoprotect.tenant_key.files) in C(module_defaults) to set these options for all modules of the group at once.
    support: full
    membership:
      - infoprotect.tenant_key.files
"""
