# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ..plugin_utils._tenant_table import table

DOCUMENTATION = r"""
name: tenant_table
short_description: How far each tenant has got, in one table
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Tells for each state how many tenants are in it, and which, and of those that wait by when the reply is expected.
  - For the ends of this collection's playbooks.
positional: _input, run, now
options:
  _input:
    description:
      - The tenants. C(tenant) is the name, and C(ended) whether all of its tasks went through.
      - C(case) is its record, as the role P(infoprotect.tenant_key.export#role) has it.
      - C(rekey) has C(status) and C(blocked), as the role P(infoprotect.tenant_key.rekey#role) has them.
      - C(findings) are those of an audit by the role P(infoprotect.tenant_key.custody#role).
      - C(drill) is whether its recovery was a drill.
      - Only what O(run) asks for is looked at.
    type: list
    elements: dict
    required: true
  run:
    description: What the run was for. V(case) is everything that takes a tenant from the support case to the deactivated service.
    type: str
    choices: [case, rekey, audit, recover]
    required: true
  now:
    description: The time in UTC, such as C(2026-03-02T09:15:00Z).
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show how the run ended
  ansible.builtin.debug:
    msg: "{{ tenants | infoprotect.tenant_key.tenant_table('case', now(utc=true, fmt='%Y-%m-%dT%H:%M:%SZ')) }}"
"""

RETURN = r"""
_value:
  description: A line for each state that a tenant is in. Who has to act comes first.
  type: list
  elements: str
"""


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"tenant_table": table}
