# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._tpd import TpdError, rsakeys
from ..plugin_utils._vaults import decoded

DOCUMENTATION = r"""
name: tpd_public_info
short_description: Facts from a public key file
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Reads the public half of a request key pair, in any format that M(infoprotect.tenant_key.tpd_keypair) or C(AadrmTpd.exe) writes.
  - The controller needs C(cryptography), which ansible-core brings along.
positional: _input
options:
  _input:
    description: The bytes of the file C(PublicKey-<GUID>.txt), as base64.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show the fingerprint of the public key that was sent to support
  ansible.builtin.debug:
    msg: "{{ (lookup('ansible.builtin.file', file, rstrip=false) | b64encode | infoprotect.tenant_key.tpd_public_info).fingerprint }}"
"""

RETURN = r"""
_value:
  description: C(size) in bits, and C(fingerprint), the SHA-256 of the SubjectPublicKeyInfo in lower-case hexadecimal digits.
  type: dict
"""


def tpd_public_info(content: str) -> dict[str, Any]:
    try:
        key = rsakeys.load_public(decoded(content, "public key"))
    except TpdError as error:
        raise AnsibleFilterError(str(error)) from None
    return {"size": key.key_size, "fingerprint": rsakeys.fingerprint(key)}


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"tpd_public_info": tpd_public_info}
