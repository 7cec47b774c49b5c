# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ..plugin_utils._incident_plan import plan

DOCUMENTATION = r"""
name: breach_response_plan
short_description: What to do about an incident, what not to do, and how far it has got
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Gives the row of Microsoft's page for an incident, and the state of each step. For the role P(infoprotect.tenant_key.breach_response#role).
positional: _input, confirmed
options:
  _input:
    description:
      - C(incident) is V(key_leaked), V(rights_misused) or V(algorithm_broken), C(id) the incident's, C(directory) its folder.
      - C(tenant) is the tenant's id, C(case) the case record, C(phase) how far to go, C(rekey_anyway) why a rekey is wanted though it does not help.
      - >-
        C(evidence) is what P(infoprotect.tenant_key.breach_response_evidence#filter) returns, C(keys) what
        P(infoprotect.tenant_key.breach_response_keys#filter) returns.
      - C(rekey) has C(mode), C(key_id), the C(plan) of the role P(infoprotect.tenant_key.rekey#role), and the C(problem) that kept it from going on.
      - C(reprotect) has what was C(left) with the old password, and the C(problem) that kept it from being done.
      - C(generations) is what the role P(infoprotect.tenant_key.custody#role) gives in its entry point C(generations).
    type: dict
    required: true
  confirmed:
    description: What was typed. Not given, nothing needs to be typed.
    type: str
"""

EXAMPLES = r"""
- name: Say what to do
  ansible.builtin.debug:
    msg: "{{ (situation | infoprotect.tenant_key.breach_response_plan).steps | map(attribute='text') }}"
"""

RETURN = r"""
_value:
  description:
    - C(title) says what has happened, C(page) what Microsoft's page says about it, C(never) what not to do, each with C(what) and C(why).
    - >-
      C(steps) are the steps, each with C(id), C(text), C(by) (V(playbook) or V(person)), C(state) (V(done), V(open),
      V(handed to a person) or V(nothing to do)) and C(detail).
    - C(opens) lists what a leaked key still opens.
    - C(starts_rekey) says whether the playbook starts a rekey, C(refusal) why it does not, C(overridden) why it does all the same.
    - C(rekey) is the rekey on record that this incident has led to.
    - C(shown) is the plan in sentences.
    - C(blocked) says what stands against going on, C(hash) changes with what is to be done, C(confirmation) is what has to be typed.
  type: dict
"""


def breach_response_plan(situation: dict[str, Any], confirmed: str | None = None) -> dict[str, Any]:
    return plan(situation, confirmed)


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"breach_response_plan": breach_response_plan}
