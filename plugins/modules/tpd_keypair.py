#!/usr/bin/python
# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: tpd_keypair
short_description: Make the request key pair of a tenant key export
version_added: 0.1.0
description:
  - >-
    Does what C(AadrmTpd.exe -createkey) does: makes an RSA key pair and saves its halves as C(PublicKey-<GUID>.txt) and
    C(PrivateKey-<GUID>.txt). Only the public half is ever sent to Microsoft support.
  - A pair that is there is kept. Support encrypts the tenant key to it, so a key that is replaced makes the reply unreadable.
  - >-
    The private half is written first and the public half last. A private half alone is what an interrupted run leaves, and
    the next run completes it. A public half alone is an error, because its private half is lost.
  - A private half that others could read is closed, with a warning.
  - Files are written as described for M(infoprotect.tenant_key.secure_file).
author:
  - infoprotect.tenant_key contributors (!UNKNOWN)
extends_documentation_fragment:
  - infoprotect.tenant_key.files
  - infoprotect.tenant_key.attributes
options:
  directory:
    description:
      - Absolute path of the folder for the pair. It is made with mode 0700 where it is missing.
      - Every folder on the way must be safe from other users, as described for M(infoprotect.tenant_key.secure_file).
    type: path
    required: true
  guid:
    description:
      - The GUID in the files' names.
      - Without it the one pair in O(directory) is meant, or a new one is made where there is none. Several pairs are an error.
      - Required for O(state=absent).
    type: str
  size:
    description:
      - Size of the key in bits.
      - A key of another size that is there already is an error.
    type: int
    choices: [2048, 3072, 4096]
    default: 2048
  format:
    description:
      - How new files are written. Existing files are recognised by their content and left as they are.
      - V(rsakeyvalue) is the XML of .NET's C(RSA.ToXmlString). V(pem) is PKCS#8 and SubjectPublicKeyInfo.
      - What C(AadrmTpd.exe) itself writes is not documented.
    type: str
    choices: [rsakeyvalue, pem]
    default: rsakeyvalue
  state:
    description:
      - Whether the pair shall be there. With V(absent) both halves are overwritten and removed.
    type: str
    choices: [present, absent]
    default: present
  regenerate:
    description:
      - Whether a pair that is there may be replaced by a new one.
      - With V(always), replies to the old pair can never be opened.
    type: str
    choices: [never, always]
    default: never
  mode:
    description:
      - Permissions of the private half, as a quoted string of four octal digits, V("0600") by default. The public half has V("0644").
attributes:
  idempotent:
    support: partial
    details:
      - With O(regenerate=always) every run makes a new pair.
seealso:
  - module: infoprotect.tenant_key.tpd_decrypt
"""

EXAMPLES = r"""
- name: Make the request key pair
  infoprotect.tenant_key.tpd_keypair:
    directory: /srv/export/contoso
  register: pair

- name: Say what to send, and what to read back over the telephone
  ansible.builtin.debug:
    msg: "Send {{ pair.public_key_file }} and nothing else. Its fingerprint is {{ pair.fingerprint }}."

- name: Destroy a pair after its reply has been decrypted and placed
  infoprotect.tenant_key.tpd_keypair:
    directory: /srv/export/contoso
    guid: FA29D0FE-5049-4C8E-931B-96C6152B0441
    state: absent
"""

RETURN = r"""
guid:
  description:
    - The GUID in the files' names, in upper case.
    - Not set in check mode for a pair that would be made without O(guid).
  returned: success
  type: str
  sample: FA29D0FE-5049-4C8E-931B-96C6152B0441
public_key_file:
  description: Path of the public half.
  returned: success and O(state=present), if the GUID is known
  type: str
  sample: /srv/export/contoso/PublicKey-FA29D0FE-5049-4C8E-931B-96C6152B0441.txt
private_key_file:
  description: Path of the private half.
  returned: success and O(state=present), if the GUID is known
  type: str
  sample: /srv/export/contoso/PrivateKey-FA29D0FE-5049-4C8E-931B-96C6152B0441.txt
size:
  description: Size of the key in bits.
  returned: success and O(state=present)
  type: int
  sample: 2048
fingerprint:
  description:
    - SHA-256 of the public key's SubjectPublicKeyInfo, in lower-case hexadecimal digits.
    - Not set in check mode for a pair that would be made.
  returned: success and O(state=present)
  type: str
  sample: 0c4f8a1f7ad2b1c4c35b1f3b8a3a3f0be7c7cbb1a8b3f4c9f9f0a3a5ed7c1d2e
private_key_sha256:
  description:
    - SHA-256 of the private key file, in lower-case hexadecimal digits. It tells whether a copy is the same, and nothing of the key.
    - Not set in check mode for a pair that would be made.
  returned: success and O(state=present)
  type: str
  sample: 5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8
"""

from ansible_collections.infoprotect.tenant_key.plugins.module_utils._ops.tpd_keypair import OPERATION
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._runner import run_module


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
