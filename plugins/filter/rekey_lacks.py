# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ..plugin_utils._rekey_state import proof_lacks

DOCUMENTATION = r"""
name: rekey_lacks
short_description: What a tenant's keys lack to show that it was rekeyed
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Exactly one key must be active, and it must be the new one; the old one must be archived.
  - For the role P(infoprotect.tenant_key.rekey#role).
positional: _input, old, new
options:
  _input:
    description: The keys, as the role P(infoprotect.tenant_key.aip_service#role) reads them.
    type: list
    elements: dict
    required: true
  old:
    description: Id of the key that was active before.
    type: str
    required: true
  new:
    description: Id of the key that is to be active. Empty for any other than the old one.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Make sure that the new key is active
  ansible.builtin.assert:
    that: lacks == ''
    fail_msg: "{{ lacks }}"
  vars:
    lacks: "{{ aip_service_result['keys'] | infoprotect.tenant_key.rekey_lacks(old_key, new_key) }}"
"""

RETURN = r"""
_value:
  description: A sentence. Empty if the keys show it.
  type: str
"""


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"rekey_lacks": proof_lacks}
