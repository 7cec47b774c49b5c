# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ..plugin_utils._incident_evidence import evidence

DOCUMENTATION = r"""
name: breach_response_evidence
short_description: What is known of an incident
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Puts together what was seen of copies, custody log and tenant. For the role P(infoprotect.tenant_key.breach_response#role).
  - Nothing secret is in the result, nor the SHA-256 of a password file. What could not be had is among its C(gaps).
options:
  _input:
    description:
      - C(tenant), C(directory) and C(case) are the tenant's id, folder and case record.
      - C(looked) are the results of M(infoprotect.tenant_key.secure_file_info) for the files of P(infoprotect.tenant_key.breach_response_places#filter).
      - C(findings) are those of an audit, C(log) the result of M(infoprotect.tenant_key.custody_info), C(log_file) its path.
      - >-
        C(told) is what the tenant says, as the role P(infoprotect.tenant_key.aip_service#role) reads it, C(admin_log) has facts of the file
        with the admin log. C(told_problem) and C(admin_log_problem) say why they could not be read.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show what could not be had
  ansible.builtin.debug:
    msg: "{{ (seen | infoprotect.tenant_key.breach_response_evidence).gaps }}"
"""

RETURN = r"""
_value:
  description: The member C(evidence) of C(incident.json), which docs/breach-response.md describes.
  type: dict
"""


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"breach_response_evidence": evidence}
