# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ..plugin_utils._life_cycle_merge import merge

DOCUMENTATION = r"""
name: life_cycle_merge
short_description: One status of many
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Puts together the status files that the slices of a fleet have written. For the role P(infoprotect.tenant_key.status#role).
  - A tenant that is in several files stands there as the newest of them has it. A file that is missing, too old, damaged or of another schema
    does not count.
options:
  _input:
    description: For each slice, C(file) is the path of its status file, and C(text) what is in it, empty if it is not there.
    type: list
    elements: dict
    required: true
  hosts:
    description: The tenants that there are, each with C(host), its inventory name, and C(tenant), its id.
    type: list
    elements: dict
    required: true
  now:
    description: The time in UTC, such as V(2026-03-02T09:15:00Z).
    type: str
    required: true
  hours:
    description: How old a file may be.
    type: int
    required: true
"""

EXAMPLES = r"""
- name: Put the slices together
  ansible.builtin.set_fact:
    merged: "{{ files | infoprotect.tenant_key.life_cycle_merge(tenants, '2026-03-02T09:15:00Z', 12) }}"
"""

RETURN = r"""
_value:
  description:
    - C(tenants) is what P(infoprotect.tenant_key.life_cycle#filter) has returned for each tenant. One that is in no file has the stage V(unknown).
    - C(remarks) are sentences, on files that do not count, on tenants in several files, in none, and not in C(hosts).
    - C(at) is the time of the oldest file that counts; nothing in C(tenants) is older.
  type: dict
"""


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"life_cycle_merge": merge}
