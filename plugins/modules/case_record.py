#!/usr/bin/python
# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: case_record
short_description: Read the record of a case, open it, add to it
version_added: 0.1.0
description:
  - Reads C(case.json), which says how far the export of a tenant key has got and where everything lies. C(docs/formats.md) names its members.
  - With O(new) or O(record) it writes as well. A record is replaced in one step, with mode 0600, and only where it says something else.
  - The record holds the SHA-256 of the password file, which lets a weak password be guessed. So set C(no_log) on the task.
author:
  - infoprotect.tenant_key contributors (!UNKNOWN)
extends_documentation_fragment:
  - infoprotect.tenant_key.attributes
options:
  path:
    description:
      - Absolute path of the record.
      - Where something is written, the folder is made if it is missing, with mode 0700, and the path is checked as described for
        M(infoprotect.tenant_key.secure_file).
    type: path
    required: true
  tenant:
    description:
      - The tenant whose case it must be. The record of another one is refused, and nothing is written.
    type: str
  rehearsal:
    description:
      - Whether it must be a rehearsal or a real case. Counts only with O(tenant).
    type: bool
    default: false
  new:
    description:
      - What the record begins with where there is none.
      - Where it does not say so itself, C(schema) is this collection's, C(opened) the time of the host in UTC, and C(guid) a new one.
        C(tenant) and C(rehearsal) are O(tenant) and O(rehearsal).
    type: dict
  expected_days:
    description:
      - After how many days support's reply is expected, for C(expected_by) of a new record.
    type: int
  record:
    description:
      - What to add, or to replace, at the top of the record.
    type: dict
  sha256:
    description:
      - Members of the record that are to hold the SHA-256 of a file, by the way to them, such as C(export.sha256.tpd), each with the path of
        that file.
      - Counts only with O(new) or O(record).
    type: dict
  look_in:
    description:
      - Folders that are looked through for working copies, beside that of the record.
    type: list
    elements: path
    default: []
  look_at:
    description:
      - Files that are looked for, whatever their name, such as the one in which support's reply arrives.
    type: list
    elements: path
    default: []
seealso:
  - module: infoprotect.tenant_key.secure_file
"""

EXAMPLES = r"""
- name: Read the record of a case
  infoprotect.tenant_key.case_record:
    path: /srv/export/contoso/case.json
  register: found
  no_log: true

- name: Put on record where the TPD was staged
  infoprotect.tenant_key.case_record:
    path: /srv/export/contoso/case.json
    tenant: contoso
    record:
      staged:
        at: "2026-03-02T09:15:00Z"
        directory: /srv/export/contoso/adrms
  no_log: true
"""

RETURN = r"""
path:
  description: Path of the record.
  returned: success
  type: str
  sample: /srv/export/contoso/case.json
case:
  description: The whole record, in check mode as it would be. Empty where there is none.
  returned: success
  type: dict
  sample:
    schema: 1
    tenant: contoso
    purpose: leave
pair:
  description:
    - How the halves of the exported pair lie, C(tpd) and C(password). Empty where the record has no hashes of them.
    - V(intact) is a file with the content on record and mode 0600, which belongs to the user who runs the module. V(missing) is none, V(changed)
      is anything else.
  returned: success
  type: dict
  sample:
    tpd: intact
    password: missing
found:
  description:
    - Files in the folder of the record and in O(look_in) that have the name of a private key, a reply, a TPD or a password file, and those of
      O(look_at) that there are. Each with the time of its last change, in seconds since 1970.
  returned: success
  type: list
  elements: dict
  sample:
    - path: /srv/export/contoso/TPD-77172C7B-8E21-48B7-9854-7A4CEAC474D0.xml
      mtime: 1772443200.0
replies:
  description:
    - Replies from support that have come. Those of O(look_at) that there are, and files in the folder of the record with the name of a
      reply, C(TPD-<GUID>.xml) or C(TPD-<GUID>.tpd).
  returned: success
  type: list
  elements: str
  sample:
    - /srv/export/contoso/TPD-77172C7B-8E21-48B7-9854-7A4CEAC474D0.xml
unread:
  description: Folders that are not there or cannot be read.
  returned: success
  type: list
  elements: str
  sample: []
"""

from ansible_collections.infoprotect.tenant_key.plugins.module_utils._ops.case_record import OPERATION
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._runner import run_module


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
