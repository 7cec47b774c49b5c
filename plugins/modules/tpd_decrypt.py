#!/usr/bin/python
# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: tpd_decrypt
short_description: Decrypt support's reply into the password file and the password-protected TPD
version_added: 0.1.0
description:
  - >-
    Does what C(AadrmTpd.exe -key PrivateKey-<GUID>.txt -target TPD-<GUID>.xml) does: decrypts the reply of Microsoft
    support and writes C(Password-<GUID>.txt) and C(ExportedTPD-<GUID>.xml).
  - >-
    The format of the reply is not public. It is recognised by trying W3C XML Encryption and hybrid forms, and a result
    counts only if a password in it opens a TPD in it. If nothing is proven, the module fails with what it saw, and nothing
    is changed.
  - >-
    The TPD is written first and the password last. A TPD alone is what an interrupted run leaves, and the next run
    completes it. A file of the same name that holds something else is never overwritten.
  - >-
    Where the private key or the reply does not exist any more, the finished export in O(directory) is proven instead: its
    password must open its TPD, and both must have the hashes in O(expected_sha256) where these are given.
  - >-
    A reply is not authenticated, as whoever has the public key can make one. Whose key it holds is proven with
    O(tenant_service_id) and O(tenant_key_ids). The key of another tenant is refused and nothing is changed.
  - Files are written as described for M(infoprotect.tenant_key.secure_file).
author:
  - infoprotect.tenant_key contributors (!UNKNOWN)
attributes:
  action_group:
    description: Use C(group/infoprotect.tenant_key.files) and C(group/infoprotect.tenant_key.tenant) in C(module_defaults) to set their options at once.
    support: full
    membership:
      - infoprotect.tenant_key.files
      - infoprotect.tenant_key.tenant
extends_documentation_fragment:
  - infoprotect.tenant_key.files
  - infoprotect.tenant_key.tenant
  - infoprotect.tenant_key.attributes
options:
  private_key_file:
    description:
      - >-
        Path of the private half of the request key pair. RSAKeyValue, PEM (also encrypted PKCS#8) and CSP key blobs (raw or
        base64) are recognised by content.
    type: path
    required: true
  target:
    description:
      - Path of the reply, C(TPD-<GUID>.xml) or C(TPD-<GUID>.tpd), at most 256 MiB.
    type: path
    required: true
  private_key_passphrase:
    description:
      - Passphrase of an encrypted PEM private key.
      - It travels to a host through pipelining only, and where there is none the task is refused, so prefer O(private_key_passphrase_file).
    type: str
  private_key_passphrase_file:
    description:
      - Path on the host of a file that holds the passphrase. One final line break is dropped.
    type: path
  directory:
    description:
      - Absolute path of the folder for the two files, made with mode 0700 where it is missing. Defaults to the folder of O(target).
    type: path
  guid_rule:
    description:
      - Which GUID the names of the two files get.
      - V(new) is that of the page since 2017, a new one. It is derived from the GUID of the key pair and the reply, so that it is the same on every run.
      - V(key) is that of the page of 2016, the GUID of the key pair.
    type: str
    choices: [new, key]
    default: new
  guid:
    description:
      - The GUID of the key pair. Required where the name of O(private_key_file) holds none.
    type: str
  expected_sha256:
    description:
      - SHA-256 of the two files, as recorded when they were first written. Files with other hashes are refused.
    type: dict
    suboptions:
      password:
        description: SHA-256 of the password file, as 64 hexadecimal digits.
        type: str
      tpd:
        description: SHA-256 of the TPD, as 64 hexadecimal digits.
        type: str
  rehearsal:
    description:
      - Whether the reply must be one that was made for a rehearsal, or must not be. The other kind is refused.
    type: bool
  mode:
    default: "0600"
seealso:
  - module: infoprotect.tenant_key.tpd_keypair
  - module: infoprotect.tenant_key.tpd_info
"""

EXAMPLES = r"""
- name: Decrypt support's reply
  infoprotect.tenant_key.tpd_decrypt:
    private_key_file: /srv/export/contoso/PrivateKey-FA29D0FE-5049-4C8E-931B-96C6152B0441.txt
    target: /srv/export/contoso/TPD-77172C7B-8E21-48B7-9854-7A4CEAC474D0.xml
  register: export

- name: The same with the names of the page of 2016
  infoprotect.tenant_key.tpd_decrypt:
    private_key_file: /srv/export/contoso/PrivateKey-FA29D0FE-5049-4C8E-931B-96C6152B0441.txt
    target: /srv/export/contoso/TPD-77172C7B-8E21-48B7-9854-7A4CEAC474D0.xml
    guid_rule: key
"""

RETURN = r"""
guid:
  description: The GUID that the two files share.
  returned: success
  type: str
  sample: 5E4C2018-8C8C-4548-8705-E3218AA1544E
password_file:
  description: Path of the password file. It holds the password alone, in UTF-8 without byte order mark and final line break.
  returned: success
  type: str
  sample: /srv/export/contoso/Password-5E4C2018-8C8C-4548-8705-E3218AA1544E.txt
tpd_file:
  description: Path of the password-protected TPD.
  returned: success
  type: str
  sample: /srv/export/contoso/ExportedTPD-5E4C2018-8C8C-4548-8705-E3218AA1544E.xml
tpd:
  description: What the TPD holds, as returned by M(infoprotect.tenant_key.tpd_info).
  returned: success
  type: dict
  sample:
    version: 2
    crypto_mode: 2
    key_in_file: true
tpd_sha256:
  description: SHA-256 of the TPD file.
  returned: success
  type: str
  sample: 3a7bd3e2360a3d29eea436fcfb7e44c735d117c42d1c1835420b6b9942dd4f1b
reply_sha256:
  description: SHA-256 of the reply; null where it is gone.
  returned: success
  type: str
  sample: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
checks:
  description: Every check of the TPD, as returned by M(infoprotect.tenant_key.tpd_info).
  returned: success
  type: list
  elements: dict
  sample: []
importable:
  description: Whether none of the checks has failed.
  returned: success
  type: bool
  sample: true
proof:
  description:
    - How the result was proven.
    - V(decrypted) means that the reply was decrypted and its password opened its TPD.
    - V(outputs) means that the private key or the reply is gone, and that the password on disk opened the TPD on disk.
  returned: success
  type: str
  sample: decrypted
"""

from ansible_collections.infoprotect.tenant_key.plugins.module_utils._ops.tpd_decrypt import OPERATION
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._runner import run_module


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
