# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError

from ..plugin_utils._copies import label, trouble
from ..plugin_utils._vaults import decoded, unseal

DOCUMENTATION = r"""
name: custody_supply
short_description: Choose the copies from which a pair can be recovered
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Judges what custodians supplied, vaulted copies by what is in them, and takes the first good copy of each half.
  - For the role P(infoprotect.tenant_key.custody#role). The result holds the contents, so it belongs into tasks with C(no_log) only.
positional: _input, sha256, secrets
options:
  _input:
    description:
      - The results of M(ansible.builtin.slurp) in a loop over the copies on record in C(case.json).
    type: list
    elements: dict
    required: true
  sha256:
    description: The SHA-256 that the content must have, for each half.
    type: dict
    required: true
  secrets:
    description: The secret for each vault id.
    type: dict
    default: {}
  looked:
    description:
      - The results of M(infoprotect.tenant_key.secure_file_info) for the same copies, if they are to count, too.
      - A copy with a problem is not verified, but its content can serve all the same.
    type: list
    elements: dict
"""

EXAMPLES = r"""
- name: Make sure that both halves can be recovered
  ansible.builtin.assert:
    that: supply.halves | length == 2
  vars:
    supply: "{{ brought.results | infoprotect.tenant_key.custody_supply(export_case.export.sha256) }}"
  no_log: true
"""

RETURN = r"""
_value:
  description:
    - C(halves) has, for each half that can be recovered, C(custodian), C(host), C(file) and C(content) (base64) of the copy that supplies it.
    - C(copies) has C(custodian), C(host), C(what), C(file) and C(reason) of every copy. The reason is empty if the copy is good.
    - C(verified) has, for each half, the custodians with a good copy.
  type: dict
"""


def custody_supply(
    brought: Sequence[Mapping[str, Any]],
    sha256: Mapping[str, str],
    secrets: Mapping[str, str] | None = None,
    looked: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    halves: dict[str, dict[str, str]] = {}
    verified: dict[str, list[str]] = {half: [] for half in sha256}
    seen = {(result["item"]["host"], result["item"]["file"]): result for result in looked}
    copies = []
    for result in brought:
        copy = result["item"]
        fact = {name: copy[name] for name in ("custodian", "host", "file")}
        content, reason = _content(result, sha256[copy["what"]], secrets or {})
        if not reason:
            halves.setdefault(copy["what"], {**fact, "content": base64.b64encode(content).decode("ascii")})
            reason = trouble(seen[copy["host"], copy["file"]]) if seen else ""
        if not reason and copy["custodian"] not in verified[copy["what"]]:
            verified[copy["what"]].append(copy["custodian"])
        copies.append({**fact, "what": copy["what"], "reason": reason and f"{label(copy)}: {reason}"})
    return {"halves": halves, "verified": verified, "copies": copies}


def _content(result: Mapping[str, Any], expected: str, secrets: Mapping[str, str]) -> tuple[bytes, str]:
    """The plain content of a copy and "", or nothing and why it cannot serve."""
    if "content" not in result:
        return b"", trouble(result)
    content = decoded(result["content"], "copy")
    vault_id = result["item"].get("vault_id")
    if vault_id:
        if vault_id not in secrets:
            return b"", f"It is in a vault, and custody_vault_password_files has no secret for the vault id {vault_id}."
        try:
            content = unseal(content, secrets[vault_id])[0]
        except AnsibleFilterError as error:
            return b"", str(error)
    if hashlib.sha256(content).hexdigest() != expected:
        return b"", "It is not what was placed there: its SHA-256 is another one than on record."
    return content, ""


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"custody_supply": custody_supply}
