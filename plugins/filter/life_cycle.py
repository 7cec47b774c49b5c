# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ..plugin_utils._life_cycle import status

DOCUMENTATION = r"""
name: life_cycle
short_description: Where a tenant stands in the life cycle of its key
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Says how far a tenant has come, what is next, what is overdue, and what needs nobody and why. For the role P(infoprotect.tenant_key.status#role).
  - It goes by what is on record. Whether a copy is really there and good, an audit says.
options:
  _input:
    description:
      - C(tenant) is the tenant's id, C(host) its inventory name, C(directory) its folder on the export host, C(now) the time in UTC.
      - C(case) is the case record, or empty.
      - C(log) is the result of M(infoprotect.tenant_key.custody_info), or empty.
      - C(files) are what M(ansible.builtin.find) has found of replies and working copies, each with C(path) and C(mtime).
      - >-
        C(service) says whether the tenant was C(asked), and then C(functional_state) and C(keys) as the role
        P(infoprotect.tenant_key.aip_service#role) reads them, or C(problem), why that could not be read.
      - C(generations) is the fact that the role P(infoprotect.tenant_key.custody#role) sets in its entry point C(generations), or an empty list.
      - >-
        C(settings) are C(required_copies), C(audit_days), and, each empty where there is none, C(reply_file) (its path), C(copies_planned),
        C(adrms_host), C(way) (of the decommission), C(subscription_ends), C(clients) (that are to be reset after a rekey) and
        C(generations_problem) (why C(generations) are not known).
      - >-
        Where nothing could be looked at, C(tenant), C(host), C(problem) (why) and C(unreachable) (whether it was that) are enough.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Say where the tenant stands
  ansible.builtin.set_fact:
    status_result: "{{ seen | infoprotect.tenant_key.life_cycle }}"
"""

RETURN = r"""
_value:
  description:
    - C(tenant), C(host), C(purpose) and C(rehearsal) are the case's.
    - >-
      C(stage) is how far the tenant has come: V(none), V(opened), V(requested), V(waiting), V(replied), V(exported), V(placed), V(imported),
      V(attested), V(deactivated); or V(unreachable) or V(unknown), and then C(problem) says why. C(since) is since when, empty if that is
      not known.
    - C(conditions) is what holds beside the stage, such as V(rekey waiting), V(rekey begun), V(rekey changing over) or V(incident key_leaked).
    - C(next) are sentences, the most urgent one first, with what to type or to set. C(next_step) is the first one in a few words.
    - C(overdue) are sentences, C(no_action) is what needs nobody and why.
    - C(exposure) has C(since), C(until), C(seconds) and C(open), as M(infoprotect.tenant_key.custody_info) returns it.
    - C(generations) as they were given.
    - C(service) has C(asked), C(reachable), C(problem), C(functional_state) and C(keys).
    - No secret and no hash of a file is in it.
  type: dict
"""


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"life_cycle": status}
