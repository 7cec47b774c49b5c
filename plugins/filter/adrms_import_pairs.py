# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ..plugin_utils._adrms_import import pairs

DOCUMENTATION = r"""
name: adrms_import_pairs
short_description: The contents of the pairs that are to be imported into AD RMS
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Puts together what was read of each TPD and its password, and says why where one cannot serve.
  - For the role P(infoprotect.tenant_key.adrms_import#role). The result holds the contents, so it belongs into tasks with C(no_log) only.
positional: _input, tpds, passwords
options:
  _input:
    description:
      - The pairs, each with C(display_name), C(tpd_file) and C(password_file).
      - C(sha256) has the hashes that V(tpd) and V(password) must have, where they are known.
    type: list
    elements: dict
    required: true
  tpds:
    description: The results of M(ansible.builtin.slurp) for the TPDs, in the same order.
    type: list
    elements: dict
    required: true
  passwords:
    description: Those for the password files.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Open each TPD
  infoprotect.tenant_key.tpd_info:
    content: "{{ item.content }}"
    password: "{{ item.password }}"
  loop: "{{ adrms_import_archived | infoprotect.tenant_key.adrms_import_pairs(tpds.results, passwords.results) }}"
  no_log: true
"""

RETURN = r"""
_value:
  description:
    - The pairs, each with C(display_name), C(label) and C(problem), a sentence that is empty if nothing is wrong.
    - Without a problem C(content) (the TPD as base64), C(password) and C(sha256) (of the TPD) are there, too.
  type: list
  elements: dict
"""


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"adrms_import_pairs": pairs}
