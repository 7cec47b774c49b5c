# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ..plugin_utils._destruction import doomed

DOCUMENTATION = r"""
name: custody_doomed
short_description: What is destroyed once the copies are enough
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Lists the files that together open everything and are needed no more. For the role P(infoprotect.tenant_key.custody#role).
positional: _input, host
options:
  _input:
    description: The case record of a finished export.
    type: dict
    required: true
  host:
    description: The export host.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show what there is to destroy
  ansible.builtin.debug:
    msg: "{{ (export_case | infoprotect.tenant_key.custody_doomed(inventory_hostname)).files | map(attribute='file') }}"
"""

RETURN = r"""
_value:
  description:
    - C(files) has for each file C(host), C(file), and C(sha256), which is empty if it is not known.
    - C(record) says the same for the case record, without the hash of the password.
  type: dict
"""


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"custody_doomed": doomed}
