# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ..plugin_utils._reprotection import outcome

DOCUMENTATION = r"""
name: custody_reprotected
short_description: What has become of the files that belong to an old password
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Tells what was destroyed from what could not be. For the role P(infoprotect.tenant_key.custody#role).
positional: _input
options:
  _input:
    description: The results of destroying them with M(infoprotect.tenant_key.secure_file) in a loop.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Say what is left
  ansible.builtin.debug:
    msg: "{{ (destroyed.results | infoprotect.tenant_key.custody_reprotected).left }}"
"""

RETURN = r"""
_value:
  description:
    - C(replaced) names the files that were destroyed, C(doomed) has the entries that are still to be, C(left) says why, as sentences.
  type: dict
"""


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"custody_reprotected": outcome}
