#!/usr/bin/python
# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: rehearsal_reply
short_description: Make the reply that support would send, for a throw-away tenant key
version_added: 0.1.0
description:
  - >-
    Makes a tenant key, a hierarchy of four certificates with correct signatures, rights templates in several languages and
    a password, seals them as a TPD, and encrypts both to a public request key, as Microsoft support would.
  - The certificates say in their names that this is a rehearsal, and the roles of this collection refuse it in a real case.
  - A reply that is there already is kept.
author:
  - infoprotect.tenant_key contributors (!UNKNOWN)
extends_documentation_fragment:
  - infoprotect.tenant_key.attributes
options:
  public_key_file:
    description:
      - Path of the public half of the request key pair, as M(infoprotect.tenant_key.tpd_keypair) made it.
    type: path
    required: true
  directory:
    description:
      - Absolute path of the folder for the reply. It is made with mode 0700 where it is missing.
    type: path
    required: true
  guid:
    description:
      - The GUID in the reply's name. Defaults to one that follows from the public key, so that a second run finds the reply of the first.
    type: str
  envelope:
    description:
      - How the reply is encrypted, as a kind and, separated by C(/), what is to differ from the kind's defaults. The defaults stand first here.
      - >-
        V(xmlenc) is W3C XML Encryption. Content V(aes256-cbc), V(aes128-cbc), V(aes192-cbc), V(tripledes-cbc),
        V(aes128-gcm), V(aes192-gcm) or V(aes256-gcm). Key transport V(rsa-1_5), V(rsa-oaep-mgf1p) or V(rsa-oaep). OAEP
        digest V(sha1), V(sha224), V(sha256), V(sha384) or V(sha512). MGF1 digest V(mgf1sha1), V(mgf1sha224),
        V(mgf1sha256), V(mgf1sha384) or V(mgf1sha512). EncryptedKey V(inside) the KeyInfo, V(beside) it, or reached by
        V(retrieval).
      - V(password) is the password under RSA beside a clear TPD. Padding V(oaep-sha1), V(oaep-sha256) or V(pkcs1). Text V(utf-8) or V(utf-16-le).
      - >-
        V(aes) is AES-CBC with its key under RSA. Key V(aes256), V(aes192) or V(aes128). Padding as above. IV V(prefixed),
        V(zero), given as a V(value), or V(with-key).
      - V(blocks) is RSA block by block. Padding as above.
    type: str
    default: xmlenc
  templates:
    description:
      - How many rights templates the TPD holds, 0 to 100.
    type: int
    default: 2
  key_size:
    description:
      - Size of the tenant key in bits. V(1024) is cryptographic mode 1, V(2048) is mode 2.
    type: int
    choices: [1024, 2048]
    default: 2048
  version:
    description:
      - Version of the TPD's key derivation.
    type: int
    choices: [1, 2]
    default: 2
  password:
    description:
      - The TPD's password, at most 1024 characters that XML can carry. Defaults to a generated one.
      - It protects nothing of worth, but Ansible masks it.
    type: str
  allow_beside_export:
    description:
      - Whether to write into a folder that holds another reply or an exported pair, which may be those of a real export.
    type: bool
    default: false
seealso:
  - module: infoprotect.tenant_key.tpd_keypair
  - module: infoprotect.tenant_key.tpd_decrypt
"""

EXAMPLES = r"""
- name: Answer a request as support would
  infoprotect.tenant_key.rehearsal_reply:
    public_key_file: "{{ pair.public_key_file }}"
    directory: /home/operator/rehearsal/inbox

- name: The same with another encryption and an old key
  infoprotect.tenant_key.rehearsal_reply:
    public_key_file: "{{ pair.public_key_file }}"
    directory: /home/operator/rehearsal/inbox
    envelope: xmlenc/aes256-gcm/rsa-oaep/sha256/mgf1sha256
    key_size: 1024
    version: 1
"""

RETURN = r"""
target:
  description: Path of the reply.
  returned: success
  type: str
  sample: /home/operator/rehearsal/inbox/TPD-77172C7B-8E21-48B7-9854-7A4CEAC474D0.xml
guid:
  description: The GUID in its name.
  returned: success
  type: str
  sample: 77172C7B-8E21-48B7-9854-7A4CEAC474D0
"""

from ansible_collections.infoprotect.tenant_key.plugins.module_utils._ops.rehearsal_reply import OPERATION
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._runner import run_module


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
