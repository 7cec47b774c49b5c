# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ..plugin_utils._evidence import evidence

DOCUMENTATION = r"""
name: evidence
short_description: What a security officer keeps of a tenant's key
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - >-
    Puts together what is on record of a tenant's key, what an audit has seen, and where the tenant stands.
    For the role P(infoprotect.tenant_key.evidence#role).
  - Nothing secret is in the result, nor the SHA-256 of a password file, nor a path beyond what O(_input) allows.
options:
  _input:
    description:
      - C(tenant) is the tenant's id, C(host) its inventory name, C(directory) its folder on the export host, C(now) the time in UTC.
      - C(paths) says what may be shown of paths, V(none), V(names) (of files and folders, without the way to them) or V(full).
      - C(status) is what P(infoprotect.tenant_key.life_cycle#filter) returns.
      - C(case) is the case record, or empty; C(pair) and C(files) are what M(infoprotect.tenant_key.case_record) returns as C(pair) and C(found).
      - >-
        C(findings) are those of P(infoprotect.tenant_key.custody_findings#filter), C(looked) the results of
        M(infoprotect.tenant_key.secure_file_info) for each copy on record.
      - >-
        C(log) is the result of M(infoprotect.tenant_key.custody_info) without an anchor, C(anchors) are those with an anchor each, which
        is their C(item).
      - C(audit_problem) is why the audit has failed, or empty.
      - C(settings) are C(required_copies) and C(audit_days).
      - Where nothing could be looked at, C(tenant), C(host), C(directory), C(now), C(paths) and C(problem), which says why, are enough.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Put together what is known
  ansible.builtin.set_fact:
    evidence_document: "{{ seen | infoprotect.tenant_key.evidence }}"
"""

RETURN = r"""
_value:
  description: The document that docs/evidence.md describes, with C(now) as C(collected_at).
  type: dict
"""


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"evidence": evidence}
