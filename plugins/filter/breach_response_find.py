# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._tpd import TpdError
from ..plugin_utils._incident_record import find

DOCUMENTATION = r"""
name: breach_response_find
short_description: The incident that a run goes on with
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Finds the open incident of a kind, or says what a new one is to be called. For the role P(infoprotect.tenant_key.breach_response#role).
options:
  _input:
    description:
      - C(incident) is the kind, C(tenant) the tenant's id, C(case) the case record, C(base) the folder of the tenant's incidents.
      - C(files) are the incidents' records, each with C(path) and C(content) (base64), C(kept) the paths of earlier states of them.
      - C(noticed) is when it was noticed, or empty, and C(time) is now.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show which incident it is
  ansible.builtin.debug:
    msg: "{{ (seen | infoprotect.tenant_key.breach_response_find).id }}"
"""

RETURN = r"""
_value:
  description:
    - C(id), C(opened), C(noticed) and C(directory) of the incident, and whether it is C(new).
    - C(document) is its record so far, C(next) the number under which that is kept if it changes.
  type: dict
"""


def breach_response_find(seen: dict[str, Any]) -> dict[str, Any]:
    try:
        return find(seen)
    except TpdError as error:
        raise AnsibleFilterError(str(error)) from None


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"breach_response_find": breach_response_find}
