# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ..plugin_utils._decommission import plan

DOCUMENTATION = r"""
name: decommission_plan
short_description: Whether and how a tenant can be decommissioned
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Puts every gate to the situation and says all that stands against a decommission. For the role P(infoprotect.tenant_key.decommission#role).
positional: _input, confirmed
options:
  _input:
    description:
      - C(tenant) is the tenant's id, C(directory) its folder, C(case) the case record, C(way) the way that was chosen.
      - >-
        C(service) is what the tenant says: C(state), C(keys) and C(templates) as the role P(infoprotect.tenant_key.aip_service#role)
        reads them, and C(problem), why that could not be read.
      - C(findings) and C(drill) are what the role P(infoprotect.tenant_key.custody#role) gives in its entry points C(audit) and C(drill).
      - C(archived) are further TPDs, each with C(file), C(tpd) as M(infoprotect.tenant_key.tpd_info) returns it, and C(problem).
      - C(events) are the events of this case in the custody log.
      - C(waived_keys), C(import_waived) and C(templates_waived) are the reasons for doing without.
      - C(super_user) and C(super_user_group) are those that are to be set, C(subscription_ends) and C(today) dates, C(clients) host names.
    type: dict
    required: true
  confirmed:
    description: What was typed. Not given, nothing needs to be typed.
    type: str
"""

EXAMPLES = r"""
- name: Make sure that nothing stands against it
  ansible.builtin.assert:
    that: plan.blocked == []
    fail_msg: "{{ plan.blocked | join(' ') }}"
  vars:
    plan: "{{ situation | infoprotect.tenant_key.decommission_plan(lookup('infoprotect.tenant_key.extra_var', 'decommission_confirm')) }}"
"""

RETURN = r"""
_value:
  description:
    - C(gates) are the answers of all gates, each with C(id), C(result) (V(pass), V(warn) or V(block)) and C(message).
    - C(blocked) are the messages that stand against it, C(blocked_by) the ids of their gates.
    - C(steps) says what is to be done, C(way) in which way.
    - C(hash) changes with everything that the plan was decided on, C(confirmation) is what has to be typed.
    - C(tenant) has C(service_id), C(keys) and C(templates) on which it was decided.
  type: dict
"""


def decommission_plan(situation: dict[str, Any], confirmed: str | None = None) -> dict[str, Any]:
    return plan(situation, confirmed)


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"decommission_plan": decommission_plan}
