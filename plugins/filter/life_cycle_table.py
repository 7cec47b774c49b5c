# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ..plugin_utils._life_cycle_shown import table

DOCUMENTATION = r"""
name: life_cycle_table
short_description: Where all tenants stand, in one table
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - >-
    Turns what P(infoprotect.tenant_key.life_cycle#filter) returns for each tenant into a table: tenant, stage, since when, the next step,
    and how much is overdue. For the role P(infoprotect.tenant_key.status#role).
options:
  _input:
    description: What P(infoprotect.tenant_key.life_cycle#filter) returns for each tenant.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Show where all tenants stand
  ansible.builtin.debug:
    msg: "{{ all_results | infoprotect.tenant_key.life_cycle_table }}"
"""

RETURN = r"""
_value:
  description: A line of headings and a line for each tenant. Who has most overdue comes first, then those that could not be looked at.
  type: list
  elements: str
"""


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"life_cycle_table": table}
