# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ..plugin_utils._incident_keys import table

DOCUMENTATION = r"""
name: breach_response_table
short_description: One table of the keys of all tenants
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Shows what P(infoprotect.tenant_key.breach_response_keys#filter) has found for each tenant, by size and mode. For the playbook C(breach_response).
options:
  _input:
    description: The tenants, each with C(tenant) and C(keys). C(keys) is V(none) for a tenant that could not be looked at.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Show the table
  ansible.builtin.debug:
    msg: "{{ tenants | infoprotect.tenant_key.breach_response_table }}"
"""

RETURN = r"""
_value:
  description: Lines of Markdown.
  type: list
  elements: str
"""


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"breach_response_table": table}
