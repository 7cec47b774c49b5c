# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ..plugin_utils._generations import generations

DOCUMENTATION = r"""
name: custody_generations
short_description: The keys that a tenant has had, and what each of them opens
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Tells exported keys of one tenant apart, the earliest export first. For the role P(infoprotect.tenant_key.custody#role).
positional: _input
options:
  _input:
    description: For each case of the tenant its C(directory) and its case record, C(case).
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Say which content each key opens
  ansible.builtin.debug:
    msg: "{{ cases | infoprotect.tenant_key.custody_generations | map(attribute='opens') }}"
"""

RETURN = r"""
_value:
  description:
    - >-
      One for each exported key, with C(directory), C(case) (its GUID), C(key_id), C(fingerprint), C(decrypted) and C(rekeyed) (times; the second is
      empty before a rekey), C(custodians), and C(opens), a sentence.
  type: list
  elements: dict
"""


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"custody_generations": generations}
