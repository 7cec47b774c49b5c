# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleFilterError

from ..plugin_utils._vaults import decoded, seal, unseal

DOCUMENTATION = r"""
name: vault_seal
short_description: Put bytes into an Ansible Vault
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Gives the text of a vault file that C(ansible-vault decrypt) opens on any machine, without writing anything to a disk.
  - Unlike P(ansible.builtin.vault#filter) it takes any bytes, such as a TPD in UTF-16.
positional: _input, secret, vault_id
options:
  _input:
    description: The bytes, as base64.
    type: str
    required: true
  secret:
    description: The vault secret, as C(ansible-vault) reads it from a file, without spaces and line breaks around it.
    type: str
    required: true
  vault_id:
    description: The vault id for the first line of the vault file.
    type: str
    required: true
  earlier:
    description:
      - A vault file, as base64, that may hold these bytes already. If it does, under the same vault id and secret, it is returned as it is.
      - Without it the text is another one each time.
    type: str
    default: ""
seealso:
  - plugin: infoprotect.tenant_key.vault_open
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Place an encrypted copy
  infoprotect.tenant_key.secure_file:
    dest: /srv/custody/contoso/password.txt
    content: "{{ exported.content | infoprotect.tenant_key.vault_seal(secret, 'contoso-password') }}"
"""

RETURN = r"""
_value:
  description: The text of the vault file, with its final line break.
  type: str
"""


def vault_seal(content: str, secret: str, vault_id: str, earlier: str = "") -> str:
    plain = decoded(content, "content")
    if earlier:
        try:
            text = decoded(earlier, "earlier vault file")
            if unseal(text, secret) == (plain, vault_id):
                return text.decode("ascii")
        except (AnsibleFilterError, UnicodeDecodeError):
            pass  # it is replaced
    return seal(plain, secret, vault_id).decode("ascii")


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"vault_seal": vault_seal}
