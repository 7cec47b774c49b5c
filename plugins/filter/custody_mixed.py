# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ..plugin_utils._generations import mixed

DOCUMENTATION = r"""
name: custody_mixed
short_description: Folders in which copies of two keys would lie
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Judges whether copies of a key would lie beside those of an earlier one. For the role P(infoprotect.tenant_key.custody#role).
positional: _input, cases
options:
  _input:
    description: The copies, as P(infoprotect.tenant_key.custody_plan#filter) returns them.
    type: list
    elements: dict
    required: true
  cases:
    description: For each earlier case of the tenant its C(directory) and its case record, C(case).
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Make sure that each key has folders of its own
  ansible.builtin.assert:
    that: planned.copies | infoprotect.tenant_key.custody_mixed(earlier) == []
"""

RETURN = r"""
_value:
  description: Sentences, one for each folder.
  type: list
  elements: str
"""


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"custody_mixed": mixed}
