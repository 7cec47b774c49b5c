# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ..plugin_utils._plan import plan

DOCUMENTATION = r"""
name: custody_plan
short_description: Which copy is to lie where
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Says for each half where it is to lie, and what speaks against it. For the role P(infoprotect.tenant_key.custody#role).
options:
  _input:
    description:
      - C(copies) are the wanted ones, as in the role's C(custody_copies), C(host) is the export host.
      - C(working) has the path of the working copy of each half, empty if there is none yet.
      - C(recorded) are the copies on record, C(looked) results of M(infoprotect.tenant_key.secure_file_info) for them.
      - C(kinds) are the halves that are placed now, and C(before) those of the copies on record that are of these kinds.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Make sure that no custodian gets both halves
  ansible.builtin.assert:
    that: (seen | infoprotect.tenant_key.custody_plan).joint == []
"""

RETURN = r"""
_value:
  description:
    - C(copies) has one entry for each file, C(wanted) those that are placed now, C(strays) the copies on record that are wanted no more, and
      C(gone) those of them that are not there.
    - C(joint) are phrases about halves that would meet.
    - C(unknown) are phrases about wanted copies that are not on record as they are asked for, C(bad) sentences about those on record that do not
      lie there as they were placed. C(as_wanted) says that there is nothing to place; a copy in a vault has to be opened to know that.
  type: dict
"""


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"custody_plan": plan}
