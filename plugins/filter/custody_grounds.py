# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ..plugin_utils._events import grounds

DOCUMENTATION = r"""
name: custody_grounds
short_description: On which grounds working copies are destroyed
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Makes events for the custody log of the copies that were found to be in order. For the role P(infoprotect.tenant_key.custody#role).
positional: _input, sha256, waived
options:
  _input:
    description: The results of M(infoprotect.tenant_key.secure_file_info) in a loop over copies.
    type: list
    elements: dict
    required: true
  sha256:
    description: The SHA-256 of each half.
    type: dict
    required: true
  waived:
    description: Why no import is needed; empty if it is proven, or not needed anyway.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Log on which grounds
  ansible.builtin.include_role:
    name: infoprotect.tenant_key.custody
    tasks_from: log
  vars:
    custody_events: "{{ looked.results | infoprotect.tenant_key.custody_grounds(export_case.export.sha256, '') }}"
"""

RETURN = r"""
_value:
  description: Events V(verified), and V(waived) where something is.
  type: list
  elements: dict
"""


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"custody_grounds": grounds}
