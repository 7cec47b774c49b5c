# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ..plugin_utils._incident_keys import keys

DOCUMENTATION = r"""
name: breach_response_keys
short_description: The keys of a tenant that a broken algorithm or key length affects
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Puts together the keys that the export, further TPDs and the tenant show. For the role P(infoprotect.tenant_key.breach_response#role).
options:
  _input:
    description:
      - C(tenant) is the tenant's id, C(case) the case record.
      - C(archived) are further TPDs, each with C(file) and C(tpd) as M(infoprotect.tenant_key.tpd_info) returns it.
      - C(tenant_keys) are the keys as the role P(infoprotect.tenant_key.aip_service#role) reads them.
      - C(below) is the size in bits below which a key is affected, or 0 if all are.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show which keys are affected
  ansible.builtin.debug:
    msg: "{{ seen | infoprotect.tenant_key.breach_response_keys | selectattr('affected') | map(attribute='key_id') }}"
"""

RETURN = r"""
_value:
  description:
    - >-
      The keys, weakest first, each with C(tenant), C(key_id), C(source), C(key_size), C(crypto_mode), C(fingerprint), C(status), C(key_type)
      and C(affected). What is not known is V(none).
    - The service does not tell the size of a key, so a key that is in no TPD counts as affected.
  type: list
  elements: dict
"""


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"breach_response_keys": keys}
