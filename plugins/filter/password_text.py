# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._tpd import TpdError, passwords
from ..plugin_utils._vaults import decoded

DOCUMENTATION = r"""
name: password_text
short_description: The password that a password file holds
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Reads the bytes of a file C(Password-<GUID>.txt) as the modules do, in UTF-8 or UTF-16, less one final line end.
positional: _input
options:
  _input:
    description: The bytes of the file, as base64.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Open a TPD with a password that was brought from a custodian
  infoprotect.tenant_key.tpd_info:
    content: "{{ tpd.content }}"
    password: "{{ password.content | infoprotect.tenant_key.password_text }}"
"""

RETURN = r"""
_value:
  description: The password.
  type: str
"""


def password_text(content: str) -> str:
    try:
        return passwords.decode(decoded(content, "password file"))
    except TpdError as error:
        raise AnsibleFilterError(str(error)) from None


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"password_text": password_text}
