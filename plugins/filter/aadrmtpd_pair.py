# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ..plugin_utils._aadrmtpd import pair

DOCUMENTATION = r"""
name: aadrmtpd_pair
short_description: The request key pair in the folder of AadrmTpd.exe
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Finds the pair by the names of the files. Several pairs, or half of one, are an error. For the role P(infoprotect.tenant_key.export#role).
positional: _input, guid
options:
  _input:
    description: The names of the files in the folder.
    type: list
    elements: str
    required: true
  guid:
    description: The GUID that the pair must have. Without it the only one there is.
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: Show which pair there is
  ansible.builtin.debug:
    msg: "{{ listed.files | map(attribute='filename') | infoprotect.tenant_key.aadrmtpd_pair }}"
"""

RETURN = r"""
_value:
  description: C(guid), and the names C(public) and C(private); empty if there is no pair.
  type: dict
"""


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"aadrmtpd_pair": pair}
