#!/usr/bin/python
# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: secure_file_info
short_description: Look at one secret file and say everything that is wrong with it
version_added: 0.1.0
description:
  - >-
    Looks at a file as M(infoprotect.tenant_key.secure_file) would, without following symbolic links and without changing
    anything, and lists every way in which it is not as it should be.
  - A file that is missing, changed or open to others is no failure of the module. Look at RV(problems).
author:
  - infoprotect.tenant_key contributors (!UNKNOWN)
options:
  path:
    description:
      - Absolute path of the file. At most 64 MiB of it are read.
    type: path
    required: true
  sha256:
    description:
      - The SHA-256 that its content must have, as 64 hexadecimal digits. Without it, any content will do.
    type: str
  owner:
    description:
      - Name or number of the user to whom it must belong. Without it, it may belong to anyone.
      - That user may own folders on the way, too.
    type: str
  group:
    description:
      - Name or number of the group to which it must belong. Without it, it may belong to any.
    type: str
  mode:
    description:
      - The permissions that it must have, as a quoted string of four octal digits. Without it, it may have any.
    type: str
  strict_parents:
    description:
      - Whether every folder on the way must be safe from other users.
    type: bool
    default: true
  return_content:
    description:
      - Whether to return RV(content), too. Set C(no_log) on the task then.
    type: bool
    default: false
  beside:
    description:
      - Name of another file in the same folder, of at most 64 KiB, that is to be returned as RV(beside), such as the anchor of a custody log.
    type: str
attributes:
  action_group:
    description: Use C(group/infoprotect.tenant_key.files) in C(module_defaults) to set owner, group and mode for all modules of the group at once.
    support: full
    membership:
      - infoprotect.tenant_key.files
  check_mode:
    description: Can run in C(check_mode). It reads only.
    support: full
  diff_mode:
    description: Will return details on what has changed, when in diff mode. It changes nothing.
    support: N/A
  idempotent:
    description: When run twice in a row with the same arguments, the second run changes nothing.
    support: full
  platform:
    description: Target OS families that can be operated against.
    support: full
    platforms: posix
notes:
  - The SHA-256 of a file that holds a password lets a weak password be guessed. Set C(no_log) where the file is one.
seealso:
  - module: infoprotect.tenant_key.secure_file
"""

EXAMPLES = r"""
- name: Look at a copy with a custodian
  infoprotect.tenant_key.secure_file_info:
    path: /srv/custody/contoso/ExportedTPD-5E4C2018-8C8C-4548-8705-E3218AA1544E.xml
    sha256: "{{ tpd_sha256 }}"
    owner: custodian
    mode: "0400"
  delegate_to: vault-berlin
  register: copy

- name: Insist that nothing is wrong with it
  ansible.builtin.assert:
    that: copy.problems == []
    fail_msg: "{{ copy.problems | map(attribute='message') | join(' ') }}"
"""

RETURN = r"""
path:
  description: The path of the file.
  returned: success
  type: str
  sample: /srv/custody/contoso/password.txt
exists:
  description: Whether a regular file was seen there, without following symbolic links.
  returned: success
  type: bool
  sample: true
sha256:
  description: SHA-256 of its content, in lower-case hexadecimal digits. Not set if it could not be read.
  returned: success
  type: str
  sample: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
size:
  description: Its size in bytes. Not set if it does not exist.
  returned: success
  type: int
  sample: 4096
mode:
  description: Its permissions. Not set if it does not exist.
  returned: success
  type: str
  sample: "0600"
owner:
  description: The user to whom it belongs. Not set if it does not exist.
  returned: success
  type: str
  sample: custodian
group:
  description: The group to which it belongs. Not set if it does not exist.
  returned: success
  type: str
  sample: custodian
content:
  description: Its content in base64. Not set if it could not be read.
  returned: success and O(return_content=true)
  type: str
  sample: VGhpcyBpcyBhIHRlc3Qu
beside:
  description: Content of the file O(beside) in base64. Not set if it could not be read.
  returned: success and O(beside) is set
  type: str
  sample: eyJzZXEiOiA0Mn0=
problems:
  description: Everything that is wrong. Empty if nothing is.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description:
        - V(missing) for a file or folder that is not there, V(unreadable) for one that cannot be looked at, among them symbolic links.
        - V(parents) for a folder on the way that others own or may write to.
        - V(content), V(owner), V(group) and V(mode) for what is another than expected, or does not exist on the host.
        - V(links) for a file that has other hard links, V(acl) for an access control list that lets others in.
      type: str
      sample: mode
    message:
      description: The same in a sentence.
      type: str
      sample: The mode of /srv/custody/contoso/password.txt is 0644, expected 0600.
"""

from ansible_collections.infoprotect.tenant_key.plugins.module_utils._ops.secure_file_info import OPERATION
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._runner import run_module


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
