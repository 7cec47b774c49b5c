#!/usr/bin/python
# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: tpd_protect
short_description: Put a TPD under another password
version_added: 0.1.0
description:
  - Opens a TPD with its password and writes the same TPD, sealed under another one. The result is opened and compared before it takes the place of anything.
  - >-
    A new password is made where none is given, and is on the disk before the TPD that needs it. What an interrupted run leaves
    is the TPD as it was and perhaps the new password, with which the next run goes on.
  - >-
    Every other copy of the TPD still opens with its old password. Whoever has both keeps the key: a TPD that leaked together with its
    password stays leaked, and a rekey is what helps. The module warns of that whenever it changes something.
  - Files are written as described for M(infoprotect.tenant_key.secure_file).
author:
  - infoprotect.tenant_key contributors (!UNKNOWN)
extends_documentation_fragment:
  - infoprotect.tenant_key.password
  - infoprotect.tenant_key.files
  - infoprotect.tenant_key.attributes
options:
  path:
    description:
      - Absolute path of the TPD, at most 256 MiB.
      - Once O(dest) is done, this file and the one with its password may be gone.
    type: path
    required: true
  new_password:
    description:
      - The new password itself. Prefer O(new_password_file).
      - A weak one is warned about, since nothing but the password protects a copy of a TPD.
    type: str
  new_password_file:
    description:
      - Absolute path on the host of the file that holds the new password.
      - Where it does not exist, a password of 186 bits is made and written into it.
      - Where it exists, it is read like O(password_file) and left alone.
      - One of O(new_password) and O(new_password_file) is required.
    type: path
  dest:
    description:
      - Absolute path of the TPD under the new password. A file that is there already and holds anything else is never overwritten.
      - Without it, the TPD at O(path) is replaced, once the new one is complete, proven and on the disk.
    type: path
  version:
    description:
      - Version of the key derivation. Version 1 ("RMS version 1.0" compatible) is weaker and written for rehearsals only.
    type: int
    choices: [1, 2]
    default: 2
  mode:
    default: "0600"
seealso:
  - module: infoprotect.tenant_key.tpd_split
"""

EXAMPLES = r"""
- name: Put the TPD under a new password, both in files of a new name
  infoprotect.tenant_key.tpd_protect:
    path: /srv/export/contoso/ExportedTPD-5E4C2018-8C8C-4548-8705-E3218AA1544E.xml
    password_file: /srv/export/contoso/Password-5E4C2018-8C8C-4548-8705-E3218AA1544E.txt
    dest: /srv/export/contoso/ExportedTPD-0A60D5A1-6C2B-4B43-9B1E-3A0C9A4E1F55.xml
    new_password_file: /srv/export/contoso/Password-0A60D5A1-6C2B-4B43-9B1E-3A0C9A4E1F55.txt

- name: Replace a copy in its place
  infoprotect.tenant_key.tpd_protect:
    path: /media/safe-3/ExportedTPD-5E4C2018-8C8C-4548-8705-E3218AA1544E.xml
    password_file: /media/safe-1/Password-5E4C2018-8C8C-4548-8705-E3218AA1544E.txt
    new_password_file: /media/safe-1/Password-new.txt
"""

RETURN = r"""
path:
  description: Path of the TPD under the new password.
  returned: success
  type: str
  sample: /srv/export/contoso/ExportedTPD-0A60D5A1-6C2B-4B43-9B1E-3A0C9A4E1F55.xml
password_file:
  description: Path of the file with the new password, V(null) where the password itself was given.
  returned: success
  type: str
  sample: /srv/export/contoso/Password-0A60D5A1-6C2B-4B43-9B1E-3A0C9A4E1F55.txt
tpd:
  description: What the TPD holds, as returned by M(infoprotect.tenant_key.tpd_info).
  returned: success
  type: dict
  sample: {"key_id": "{7c9e6679-7425-40de-944b-e07fc1f90ae7}", "version": 2, "key_in_file": true, "crypto_mode": 2}
"""

from ansible_collections.infoprotect.tenant_key.plugins.module_utils._ops.tpd_protect import OPERATION
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._runner import run_module


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
