#!/usr/bin/python
# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: tpd_split
short_description: Split a TPD into a keyless TPD and a PEM with its key
version_added: 0.1.0
description:
  - >-
    Does what Microsoft's C(TpdUtil.exe) does, in order to move a software key into an HSM and from there into Azure Key Vault: writes the
    same TPD without its private key, and the private key as PEM (PKCS#8).
  - >-
    The key must be that of the first certificate in the TPD. A TPD whose key is missing, damaged or another one is refused, and nothing is
    written.
  - >-
    The PEM is written first and the keyless TPD last. A PEM alone is what an interrupted run leaves, and the next run completes it. A file that
    is there already and holds anything else is never overwritten, and neither is the TPD itself.
  - >-
    An encrypted PEM differs each time that it is written. One that is there already, opens with the passphrase and holds the key stays as it is.
  - >-
    Once the TPD at O(path) does not exist any more, the two files are proven instead: the keyless TPD must open with the password, and the
    key in the PEM must be that of its first certificate.
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
      - Path of the TPD with the key, at most 256 MiB. It is only read.
    type: path
    required: true
  keyless_file:
    description:
      - Absolute path of the TPD without the key. It has the password and the version of the TPD at O(path).
      - A missing folder is made with mode 0700.
    type: path
    required: true
  pem_file:
    description:
      - Absolute path of the PEM with the key. It may lie in another folder than O(keyless_file).
      - A missing folder is made with mode 0700.
    type: path
    required: true
  pem_passphrase:
    description:
      - Passphrase under which the PEM is encrypted, of at most 1023 bytes in UTF-8 and without line breaks. A weak one is warned about.
      - It travels to a host through pipelining only, and where there is none the task is refused, so prefer O(pem_passphrase_file).
      - One of O(pem_passphrase), O(pem_passphrase_file) and O(allow_unencrypted=true) is required, and no two of them can be given.
    type: str
  pem_passphrase_file:
    description:
      - Path on the host of a file that holds the passphrase.
      - It is read as UTF-8 or UTF-16, with or without byte order mark. One final line break is dropped.
    type: path
  allow_unencrypted:
    description:
      - Whether the PEM may be written without encryption. Whoever reads it then has the tenant key.
    type: bool
    default: false
  mode:
    default: "0600"
seealso:
  - module: infoprotect.tenant_key.tpd_info
  - module: infoprotect.tenant_key.tpd_protect
  - module: infoprotect.tenant_key.secure_file
    description: Destroys the PEM once an HSM holds its key.
"""

EXAMPLES = r"""
- name: Split a TPD
  infoprotect.tenant_key.tpd_split:
    path: /srv/export/contoso/ExportedTPD-5E4C2018-8C8C-4548-8705-E3218AA1544E.xml
    password_file: /srv/export/contoso/Password-5E4C2018-8C8C-4548-8705-E3218AA1544E.txt
    keyless_file: /srv/export/contoso/hsm/contoso_keyless.xml
    pem_file: /media/offline/contoso_key.pem
    pem_passphrase_file: /srv/export/contoso/hsm/passphrase
  register: split

- name: Destroy the PEM once the HSM holds the key
  infoprotect.tenant_key.secure_file:
    dest: "{{ split.pem_file }}"
    state: absent
"""

RETURN = r"""
keyless_file:
  description: Path of the TPD without the key.
  returned: success
  type: str
  sample: /srv/export/contoso/hsm/contoso_keyless.xml
pem_file:
  description: Path of the PEM with the key.
  returned: success
  type: str
  sample: /media/offline/contoso_key.pem
fingerprint:
  description: SHA-256 of the key's SubjectPublicKeyInfo, in lower-case hexadecimal digits. It is that of the TPD's first certificate.
  returned: success
  type: str
  sample: 0c4f8a1f7ad2b1c4c35b1f3b8a3a3f0be7c7cbb1a8b3f4c9f9f0a3a5ed7c1d2e
"""

from ansible_collections.infoprotect.tenant_key.plugins.module_utils._ops.tpd_split import OPERATION
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._runner import run_module


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
