#!/usr/bin/python
# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: secure_file
short_description: Place or destroy one secret file
version_added: 0.1.0
description:
  - Places a file so that it is complete or not there at all, and so that nobody else can read it at any moment, or put something else in its place.
  - >-
    The way to the file is walked from the root, folder by folder, without following symbolic links. Each folder must
    belong to root, to the user who runs the module or to O(owner), and nobody else may be able to write there, neither by
    its mode nor by an access control list. Folders with the sticky bit, such as C(/tmp), may be written by others.
  - >-
    The content is written under a hidden name that begins with C(.infoprotect-) in the same folder. Owner and mode are set
    before the first byte, and a POSIX access control list inherited from the folder that would let in more users is
    refused. The file is synchronised to the disk, read back and compared, and only then given its name.
  - With O(state=absent) the file is given such a hidden name, overwritten with random bytes and removed.
  - A run that is interrupted leaves the old file or the new one. The next run in that folder removes hidden files that were left behind.
  - Runs on the same host take turns in a folder. A run that waits for more than a minute gives up.
author:
  - infoprotect.tenant_key contributors (!UNKNOWN)
extends_documentation_fragment:
  - infoprotect.tenant_key.files
options:
  dest:
    description:
      - Absolute path of the file.
      - Its folder is made with mode 0700, for the user who runs the module, where it is missing.
    type: path
    required: true
  src:
    description:
      - A file whose content is placed, byte by byte. It must not be empty, nor larger than 64 MiB.
      - It is looked for on the controller as M(ansible.builtin.copy) does, and decrypted if Ansible Vault encrypted it.
      - With O(remote_src=true) it is read on the host, as it is.
      - Either O(src) or O(content) is required for O(state=present).
    type: path
  content:
    description:
      - The content itself, at most 64 MiB and not empty.
      - It is not trimmed and nothing is added to it, such as a final line break.
    type: str
  encoding:
    description:
      - What O(content) is.
      - With V(text) it is written as UTF-8.
      - With V(base64) it is decoded first. Files that are not UTF-8, such as UTF-16 with a byte order mark, can only be passed in this way.
    type: str
    choices: [text, base64]
    default: text
  state:
    description:
      - Whether the file shall be there.
      - With V(absent), O(src) and O(content) are not looked at.
    type: str
    choices: [present, absent]
    default: present
  remote_src:
    description:
      - Whether O(src) lies on the host instead of on the controller.
    type: bool
    default: false
  sha256:
    description:
      - The SHA-256 that the content must have, as 64 hexadecimal digits. Another content is refused and nothing is changed.
      - With O(state=absent) only a file with this SHA-256 is destroyed.
    type: str
  strict_parents:
    description:
      - Whether every folder on the way must be safe from other users.
      - With V(false), folders may belong to anyone and be written by anyone. Symbolic links are refused all the same.
    type: bool
    default: true
  mode:
    default: "0600"
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying the host.
    support: full
  diff_mode:
    description: Will return details on what has changed, when in diff mode. The details are size, owner, group and mode, never content.
    support: full
  idempotent:
    description: When run twice in a row with the same arguments, the second run changes nothing.
    support: full
  async:
    description: Supports being used with C(async). A content that comes from the controller would be written to a temporary file, so it is refused.
    support: partial
    details:
      - Works with O(remote_src=true) and with O(state=absent).
  platform:
    description: Target OS families that can be operated against.
    support: full
    platforms: posix
notes:
  - >-
    Overwriting reaches the blocks where the file system says that the content lies. It promises nothing on solid-state
    disks, which write elsewhere, on copy-on-write file systems such as Btrfs and ZFS, on journals that hold data, in
    snapshots, backups, swap space and images of virtual machines. Where that matters keep the file on an encrypted disk
    and destroy that disk's key.
  - Replacing a file by one with other content does not overwrite the earlier content. Run with O(state=absent) first if it has to be destroyed.
  - A file with other hard links is not destroyed, because its content would stay.
  - >-
    A content that comes from the controller is sent through the connection's pipelining, which the module turns on for its
    task, so that it never touches a temporary folder. It refuses to run where that is not possible: with connections that
    have no pipelining, with O(ignore:become_method=su), with C(ANSIBLE_KEEP_REMOTE_FILES), and with C(async). With C(sudo),
    C(requiretty) must be off.
  - Access control lists are looked at where Linux shows them as POSIX lists. Those of NFSv4 count only as far as they show in the mode.
  - On network file systems runs on different hosts do not wait for each other.
seealso:
  - module: infoprotect.tenant_key.tpd_decrypt
  - module: ansible.builtin.copy
"""

EXAMPLES = r"""
- name: Place a TPD on a custodian, as it is
  infoprotect.tenant_key.secure_file:
    src: /srv/export/contoso/ExportedTPD-0f8fad5b-d9cb-469f-a165-70867728950e.xml
    dest: /srv/custody/contoso/ExportedTPD-0f8fad5b-d9cb-469f-a165-70867728950e.xml
    owner: custodian
    group: custodian
    mode: "0400"

- name: Place bytes that were read before, and only those
  infoprotect.tenant_key.secure_file:
    content: "{{ exported.content }}"
    encoding: base64
    sha256: "{{ exported_sha256 }}"
    dest: /srv/custody/contoso/password.txt

- name: Copy a file on the host itself
  infoprotect.tenant_key.secure_file:
    src: /srv/export/contoso/reply.xml
    remote_src: true
    dest: /srv/archive/contoso/reply.xml

- name: Destroy a working copy, if it is the one that was recorded
  infoprotect.tenant_key.secure_file:
    dest: /srv/export/contoso/reply.xml
    sha256: "{{ reply_sha256 }}"
    state: absent
"""

RETURN = r"""
dest:
  description: The path of the file.
  returned: success
  type: str
  sample: /srv/custody/contoso/password.txt
sha256:
  description: SHA-256 of its content, in lower-case hexadecimal digits.
  returned: success and O(state=present)
  type: str
  sample: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
size:
  description: Its size in bytes.
  returned: success and O(state=present)
  type: int
  sample: 4096
mode:
  description: Its permissions.
  returned: success and O(state=present)
  type: str
  sample: "0600"
owner:
  description: The user to whom it belongs.
  returned: success and O(state=present)
  type: str
  sample: custodian
"""

from ansible_collections.infoprotect.tenant_key.plugins.module_utils._ops.secure_file import OPERATION
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._runner import run_module


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
