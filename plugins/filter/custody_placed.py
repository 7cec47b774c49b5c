# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ..plugin_utils._events import placed

DOCUMENTATION = r"""
name: custody_placed
short_description: What goes on record about placed copies
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Makes entries for the case record and for the custody log from what was placed. For the role P(infoprotect.tenant_key.custody#role).
positional: _input, before, sha256
options:
  _input:
    description: The results of M(infoprotect.tenant_key.secure_file) in a loop over copies.
    type: list
    elements: dict
    required: true
  before:
    description: The copies on record.
    type: list
    elements: dict
    required: true
  sha256:
    description: The SHA-256 of each half.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Log what was placed
  ansible.builtin.include_role:
    name: infoprotect.tenant_key.custody
    tasks_from: log
  vars:
    custody_events: "{{ (done.results | infoprotect.tenant_key.custody_placed([], export_case.export.sha256)).events }}"
"""

RETURN = r"""
_value:
  description: The C(copies) for the case record, and the C(events) for the custody log, which hold no hash of a password file.
  type: dict
"""


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"custody_placed": placed}
