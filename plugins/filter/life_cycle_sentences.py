# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ..plugin_utils._life_cycle_shown import sentences

DOCUMENTATION = r"""
name: life_cycle_sentences
short_description: Where a tenant stands, in sentences
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Turns what P(infoprotect.tenant_key.life_cycle#filter) returns into lines for an operator. For the role P(infoprotect.tenant_key.status#role).
options:
  _input:
    description: What P(infoprotect.tenant_key.life_cycle#filter) returns.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show where the tenant stands
  ansible.builtin.debug:
    msg: "{{ status_result | infoprotect.tenant_key.life_cycle_sentences }}"
"""

RETURN = r"""
_value:
  description: The stage, then what is overdue, what is next, what needs nobody, and what was seen of exposure, keys and service.
  type: list
  elements: str
"""


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"life_cycle_sentences": sentences}
