# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ..plugin_utils._reprotection import begin

DOCUMENTATION = r"""
name: custody_reprotection
short_description: What is to be done to put a pair under a new password
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Names the new pair and its copies, and what belongs to the old password. For the role P(infoprotect.tenant_key.custody#role).
positional: _input, reason, host
options:
  _input:
    description: The case record of an export whose copies are placed.
    type: dict
    required: true
  reason:
    description: Id of what it is done for. The same id gives the same names.
    type: str
    required: true
  host:
    description: The export host.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show which files will go
  ansible.builtin.debug:
    msg: "{{ (export_case | infoprotect.tenant_key.custody_reprotection('key_leaked-2026-03-02', inventory_hostname)).doomed | map(attribute='file') }}"
"""

RETURN = r"""
_value:
  description:
    - The member C(reprotected) of the case record, with C(id), C(guid) and C(earlier_guid).
    - >-
      C(files) has the paths C(tpd) and C(password) of the new pair, C(wanted) its copies as the filter
      P(infoprotect.tenant_key.custody_plan#filter) gives them.
    - C(doomed) has C(custodian), C(host), C(file) and C(sha256), where it is known, of every file that belongs to another password.
  type: dict
"""


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"custody_reprotection": begin}
