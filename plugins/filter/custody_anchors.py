# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ..plugin_utils._findings import anchors

DOCUMENTATION = r"""
name: custody_anchors
short_description: What the anchors with custodians say
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - >-
    Reads anchors of a custody log that were brought from custodians, for M(infoprotect.tenant_key.custody_info). One that is
    missing or was tampered with is left out.
options:
  _input:
    description: The results of M(ansible.builtin.slurp) in a loop over items that have a C(custodian).
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Check the log against every anchor
  infoprotect.tenant_key.custody_info:
    path: /srv/tenant-key/contoso.custody.jsonl
    expected_seq: "{{ item.seq }}"
    expected_head: "{{ item.head }}"
  loop: "{{ brought.results | infoprotect.tenant_key.custody_anchors }}"
"""

RETURN = r"""
_value:
  description: Each different anchor once, with C(seq), C(head) and the C(custodians) that have it.
  type: list
  elements: dict
"""


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"custody_anchors": anchors}
