# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ..plugin_utils._plan import vault_faults

DOCUMENTATION = r"""
name: custody_vault_faults
short_description: Why vaults would not keep the halves apart
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Judges the vault ids of copies and their secrets. For the role P(infoprotect.tenant_key.custody#role).
positional: _input, secrets
options:
  _input:
    description: The copies, as P(infoprotect.tenant_key.custody_plan#filter) returns them.
    type: list
    elements: dict
    required: true
  secrets:
    description: The secret for each vault id.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Make sure that the vaults keep the halves apart
  ansible.builtin.assert:
    that: planned.copies | infoprotect.tenant_key.custody_vault_faults(secrets) == []
"""

RETURN = r"""
_value:
  description: Sentences, without a secret.
  type: list
  elements: str
"""


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"custody_vault_faults": vault_faults}
