# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ..plugin_utils._incident_record import record

DOCUMENTATION = r"""
name: breach_response_record
short_description: What an incident's folder is to hold
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Makes the record of an incident, for machines and for people. For the role P(infoprotect.tenant_key.breach_response#role).
options:
  _input:
    description:
      - C(found) is what P(infoprotect.tenant_key.breach_response_find#filter) returns, C(case) the case record, C(time) is now.
      - C(closing) says what was found out, if the incident is to be closed. The rest is needed only if it is empty.
      - >-
        C(incident), C(tenant), C(keys) and C(evidence) are those of P(infoprotect.tenant_key.breach_response_plan#filter), which returns
        C(plan), and C(left) says which copies were left with the old password.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show what goes into the case record
  ansible.builtin.debug:
    msg: "{{ (seen | infoprotect.tenant_key.breach_response_record).incidents }}"
"""

RETURN = r"""
_value:
  description:
    - C(document) is the content of C(incident.json), C(page) that of C(incident.md).
    - C(root_cause) is the check list and C(request) the text for support; empty where the incident has none.
    - C(kept_as) is the name under which the earlier C(incident.json) is kept; empty if the evidence is the same.
    - C(incidents) is the member of that name in the case record.
  type: dict
"""


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"breach_response_record": record}
