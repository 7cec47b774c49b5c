# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
from typing import Any

from ansible.module_utils.common.text.converters import to_bytes

from ..plugin_utils._vaults import unseal

DOCUMENTATION = r"""
name: vault_open
short_description: Take bytes out of an Ansible Vault
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Decrypts the text of a vault file in memory.
  - Unlike P(ansible.builtin.unvault#filter) it gives any bytes, such as a TPD in UTF-16.
positional: _input, secret
options:
  _input:
    description: The text of the vault file.
    type: str
    required: true
  secret:
    description: The vault secret, as C(ansible-vault) reads it from a file, without spaces and line breaks around it.
    type: str
    required: true
seealso:
  - plugin: infoprotect.tenant_key.vault_seal
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Look at a TPD in a vault
  infoprotect.tenant_key.tpd_info:
    content: "{{ lookup('ansible.builtin.file', '/media/safe/ExportedTPD.xml', rstrip=false) | infoprotect.tenant_key.vault_open(secret) }}"
    password_file: /srv/export/contoso/password.txt
"""

RETURN = r"""
_value:
  description: The bytes, as base64.
  type: str
"""


def vault_open(text: str, secret: str) -> str:
    content, _vault_id = unseal(to_bytes(text, errors="surrogate_or_strict"), secret)
    return base64.b64encode(content).decode("ascii")


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"vault_open": vault_open}
