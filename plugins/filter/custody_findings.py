# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ..plugin_utils._findings import findings

DOCUMENTATION = r"""
name: custody_findings
short_description: What an audit of a tenant's custody finds
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Turns what was seen at custodians and on the export host into a list of findings. For the role P(infoprotect.tenant_key.custody#role).
options:
  _input:
    description:
      - C(case) is the case record, C(tenant), C(directory) and C(host) are the tenant's.
      - C(looked) are the results of M(infoprotect.tenant_key.secure_file_info) for every copy on record, C(planned) the copies that are wanted.
      - C(required) is the number of custodians for each half, C(allow_joint) whether one may have both.
      - >-
        C(anchors) are the results of M(ansible.builtin.slurp) for every anchor, C(logs) those of
        M(infoprotect.tenant_key.custody_info) without an anchor (an empty C(item)) and with each of them.
      - C(found) are the paths of what looks like a working copy, C(skipped) the folders that could not be looked through.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show what is wrong
  ansible.builtin.debug:
    msg: "{{ seen | infoprotect.tenant_key.custody_findings | map(attribute='message') }}"
"""

RETURN = r"""
_value:
  description: The findings, each with C(id), C(severity) (V(error) or V(warning)) and C(message).
  type: list
  elements: dict
"""


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"custody_findings": findings}
