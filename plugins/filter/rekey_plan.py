# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ..plugin_utils._rekey import plan

DOCUMENTATION = r"""
name: rekey_plan
short_description: Whether and how a tenant can get another key
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Finds how far a rekey has got, says all that stands against going on, and what comes next. For the role P(infoprotect.tenant_key.rekey#role).
positional: _input, confirmed
options:
  _input:
    description:
      - C(tenant) is the tenant's id, C(directory) its folder, C(case) the case record, C(time) the time in UTC.
      - C(mode) is V(case) or V(self_service), C(reason) why; it may be empty where a rekey is on record that is gone on with.
      - >-
        C(service) is what the tenant says: C(state), C(keys) and C(templates) as the role P(infoprotect.tenant_key.aip_service#role)
        reads them, and C(problem), why that could not be read. C(service_id) is the id that the tenant is known to have, or empty.
      - C(earlier) are the rekeys on record in the folders C(earlier_directories), of earlier cases of this tenant.
      - C(support_case) is its number, C(expected_days) how long support may take, C(attested) what a person says of a rekey by support.
      - C(key_id) is the key to change to, C(key_sizes) are sizes in bits by key, C(allow_1024) lets a short key or one of unknown size pass.
      - C(clients) are host names, C(reset_clients) says whether they are to be reset.
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
    plan: "{{ situation | infoprotect.tenant_key.rekey_plan(lookup('infoprotect.tenant_key.extra_var', 'rekey_confirm')) }}"
"""

RETURN = r"""
_value:
  description:
    - C(gates) are the answers of the gates, each with C(id), C(result) (V(warn) or V(block)) and C(message); a gate that has passed says nothing.
    - C(blocked) are the messages that stand against it, C(blocked_by) the ids of their gates, C(warnings) the others.
    - C(notes) is what Microsoft's page says, C(steps) what is to be done, C(after) what holds once it is done, all as sentences.
    - C(hash) changes with everything that the plan was decided on, C(confirmation) is what has to be typed.
    - >-
      C(todo) is what comes next (V(open), V(wait), V(activate), V(finish) or V(nothing)), C(status) how far it has got (V(planned),
      V(waiting), V(changing_over), V(done) or V(unchanged)).
    - C(entry) is what is to be on record of the rekey before anything is done, C(others) the rekeys on record beside it.
    - >-
      C(proof) says how it is known that the rekey under way is done (V(tenant), V(attested) or empty), C(templates) are the ids of the
      tenant's templates, C(backs_up) says whether these are to be backed up, C(mode) and C(reason) are as given or as on
      record.
  type: dict
"""


def rekey_plan(situation: dict[str, Any], confirmed: str | None = None) -> dict[str, Any]:
    return plan(situation, confirmed)


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"rekey_plan": rekey_plan}
