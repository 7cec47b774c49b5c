# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ..plugin_utils._service_module import choose

DOCUMENTATION = r"""
name: aip_service_module
short_description: Which module of a Windows host can sign in to a tenant
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Chooses among the modules C(AIPService) and C(AADRM) of a Windows host. For the role P(infoprotect.tenant_key.aip_service#role).
positional: _input, sign_in
options:
  _input:
    description: C(edition) and C(version) of the host's PowerShell, and its C(modules), each with C(name) and C(version).
    type: dict
    required: true
  sign_in:
    description: How to sign in.
    type: str
    choices: [service_principal, access_token, credential]
    required: true
"""

EXAMPLES = r"""
- name: Make sure that the module can be used
  ansible.builtin.assert:
    that: chosen.problem == ''
    fail_msg: "{{ chosen.problem }}"
  vars:
    chosen: "{{ asked.result | infoprotect.tenant_key.aip_service_module('service_principal') }}"
"""

RETURN = r"""
_value:
  description: C(name) and C(version) of the module, and the C(problem) with it as a sentence, else empty.
  type: dict
"""


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"aip_service_module": choose}
