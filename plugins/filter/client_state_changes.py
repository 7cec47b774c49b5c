# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._tpd import TpdError
from ..plugin_utils import _client_changes as client_changes

DOCUMENTATION = r"""
name: client_state_changes
short_description: What is still to do on a Rights Management client
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Compares the state of a client with what is wanted. For the role P(infoprotect.tenant_key.client_state#role).
positional: _input, wanted
options:
  _input:
    description: The result of the role's script C(read_state.ps1).
    type: dict
    required: true
  wanted:
    description: What P(infoprotect.tenant_key.client_state_wanted#filter) returned, and with which the state was read.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show what there is to do
  ansible.builtin.debug:
    msg: "{{ state.result | infoprotect.tenant_key.client_state_changes(wanted) }}"
"""

RETURN = r"""
_value:
  description:
    - C(clear_folders), C(clear_registry), C(marks) and C(set_registry) are to be done in this order, each a list of arguments with a C(title).
    - C(kept) has a sentence for each value that stays because it is not ours, C(not_reached) for what a later run must see to.
  type: dict
"""


def client_state_changes(state: dict[str, Any], wanted: dict[str, Any]) -> dict[str, list[Any]]:
    try:
        return client_changes.changes(state, wanted)
    except TpdError as error:
        raise AnsibleFilterError(str(error)) from None


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"client_state_changes": client_state_changes}
