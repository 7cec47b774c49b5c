# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ..plugin_utils._aadrmtpd import result

DOCUMENTATION = r"""
name: aadrmtpd_result
short_description: The pair that AadrmTpd.exe has decrypted
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Finds what is new in the folder, under either rule for its GUID. For the role P(infoprotect.tenant_key.export#role).
positional: _input, before
options:
  _input:
    description: The names of the files in the folder.
    type: list
    elements: str
    required: true
  before:
    description: Those that were there before the tool ran.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Show what is new
  ansible.builtin.debug:
    msg: "{{ listed.files | map(attribute='filename') | infoprotect.tenant_key.aadrmtpd_result(before) }}"
"""

RETURN = r"""
_value:
  description: C(guid), and the names C(password) and C(tpd); empty if there is nothing new.
  type: dict
"""


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"aadrmtpd_result": result}
