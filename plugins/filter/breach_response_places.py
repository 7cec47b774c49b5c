# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ..plugin_utils._incident_evidence import places

DOCUMENTATION = r"""
name: breach_response_places
short_description: Where copies of a tenant's key are to be looked for
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - >-
    Lists every file that holds a half of the pair, the request's private key or support's reply, as the case record has it: copies
    with custodians, working copies, and what was staged for an import. For the role P(infoprotect.tenant_key.breach_response#role).
positional: _input, host
options:
  _input:
    description: The case record; empty if there is none.
    type: dict
    required: true
  host:
    description: Inventory name of the export host, where the working copies lie.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show where copies are to be looked for
  ansible.builtin.debug:
    msg: "{{ export_case | infoprotect.tenant_key.breach_response_places(inventory_hostname) | map(attribute='file') }}"
"""

RETURN = r"""
_value:
  description: The files, each with C(custodian), C(host), C(what) and C(file), and for a copy with a custodian what else is on record of it.
  type: list
  elements: dict
"""


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"breach_response_places": places}
