# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._tpd import names

DOCUMENTATION = r"""
name: tpd_guid
short_description: GUID and kind from the name of a file
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Reads the name of a file as C(AadrmTpd.exe), Microsoft support or this collection write it.
  - Upper and lower case make no difference. The page's C(ExportedTDP) is read as C(ExportedTPD).
positional: _input
options:
  _input:
    description: A file's name or path, with slashes or backslashes. Only its last part counts.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Which case does this reply belong to?
  ansible.builtin.debug:
    msg: "{{ ('/srv/inbox/TPD-77172C7B-8E21-48B7-9854-7A4CEAC474D0.xml' | infoprotect.tenant_key.tpd_guid).guid }}"

- name: Take the replies only
  ansible.builtin.set_fact:
    replies: "{{ found.files | map(attribute='path') | select('search', '[.](xml|tpd)$', ignorecase=true) | map('infoprotect.tenant_key.tpd_guid') |
      selectattr('kind', 'eq', 'TPD') }}"
"""

RETURN = r"""
_value:
  description: >-
    C(kind) is V(PublicKey), V(PrivateKey), V(TPD) (support's reply), V(Password) or V(ExportedTPD), and C(guid) the GUID in upper case. Both
    are empty where the name is none of these.
  type: dict
  sample:
    kind: TPD
    guid: 77172C7B-8E21-48B7-9854-7A4CEAC474D0
"""


def tpd_guid(name: str) -> dict[str, str]:
    if not isinstance(name, str):
        raise AnsibleFilterError("The filter tpd_guid takes the name of a file, which is a string.")
    # An exported file may come from Windows, whose paths have backslashes.
    found = names.parse(re.split(r"[/\\]", name)[-1])
    return {"kind": "", "guid": ""} if found is None else {"kind": found.kind, "guid": found.guid}


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"tpd_guid": tpd_guid}
