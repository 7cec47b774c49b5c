# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._tpd import TpdError
from ..plugin_utils import _client_wanted as client_wanted

DOCUMENTATION = r"""
name: client_state_wanted
short_description: What is to become of a Rights Management client
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Turns the variables of the role P(infoprotect.tenant_key.client_state#role) into registry values and into what is to be cleared.
  - It fails on URLs that lead nowhere or in the wrong direction, and on a reset that would wipe redirection for no reason.
options:
  _input:
    description:
      - C(operation) is V(redirect), V(reset) or V(creation), the other members are named as the role's variables, without their prefix.
      - C(time) is noted as the time of a reset.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: What keeps users from protecting new content
  ansible.builtin.debug:
    msg: "{{ {'operation': 'creation', 'state': 'present'} | infoprotect.tenant_key.client_state_wanted }}"
"""

RETURN = r"""
_value:
  description:
    - The values C(machine) and C(user), the reset or none, and C(reading), the parameters of the role's script.
  type: dict
"""


def client_state_wanted(asked: dict[str, Any]) -> dict[str, Any]:
    try:
        return client_wanted.wanted(asked)
    except TpdError as error:
        raise AnsibleFilterError(str(error)) from None


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"client_state_wanted": client_state_wanted}
