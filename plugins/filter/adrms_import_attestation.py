# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ..plugin_utils._attestation import attestation

DOCUMENTATION = r"""
name: adrms_import_attestation
short_description: Whether an attestation can be taken
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Looks at what a person says of a document that was protected before the export and opens through AD RMS.
  - For the role P(infoprotect.tenant_key.adrms_import#role).
positional: _input, case, now
options:
  _input:
    description: Who (C(by)), when (C(at), a time in UTC or a day) and which document (C(document)).
    type: dict
    required: true
  case:
    description: The case record, as in C(case.json). The import must be in it.
    type: dict
    required: true
  now:
    description: The time, such as V(2026-03-02T09:15:00Z).
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Make sure that it can be taken
  ansible.builtin.assert:
    that: attested.problems == []
    fail_msg: "{{ attested.problems | join(' ') }}"
  vars:
    attested: "{{ adrms_import_attestation | infoprotect.tenant_key.adrms_import_attestation(export_case, '2026-03-02T09:15:00Z') }}"
"""

RETURN = r"""
_value:
  description: C(details) are C(by), C(at) and C(document) as text. C(problems) are sentences; none if the attestation can be taken.
  type: dict
"""


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"adrms_import_attestation": attestation}
