#!/usr/bin/python
# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: tpd_info
short_description: Show what a TPD holds and whether importers are known to refuse it
version_added: 0.1.0
description:
  - Opens a trusted publishing domain (TPD) with its password and returns facts about its key, its certificates and its templates. Nothing secret is returned.
  - >-
    Runs the checks that importers are known to make. A failed check means that an import will fail. That all checks pass
    is no promise that an import succeeds, as no complete list of them is public.
  - A TPD that does not open is an error.
author:
  - infoprotect.tenant_key contributors (!UNKNOWN)
extends_documentation_fragment:
  - infoprotect.tenant_key.password
  - infoprotect.tenant_key.tenant
  - infoprotect.tenant_key.attributes
options:
  path:
    description:
      - Path of the TPD on the host, at most 256 MiB. One of O(path) and O(content) is required.
    type: path
  content:
    description:
      - The TPD itself, as base64.
    type: str
  licensing_urls:
    description:
      - >-
        The intranet and extranet licensing URLs that the importer will be given. Defaults to the one in the TPD. The
        templates must publish at one of them.
    type: list
    elements: str
  current_template_guids:
    description:
      - GUIDs of the templates that the tenant has now (C(Get-AipServiceTemplate)). Templates that are not in the TPD show a stale export.
    type: list
    elements: str
  fips:
    description:
      - Whether the server that will import the TPD runs in FIPS mode, which refuses keys in cryptographic mode 1.
    type: bool
attributes:
  check_mode:
    description: Can run in C(check_mode). It reads only.
  diff_mode:
    description: Will return details on what has changed, when in diff mode. It changes nothing.
    support: N/A
seealso:
  - module: infoprotect.tenant_key.adrms_stage
"""

EXAMPLES = r"""
- name: Look at an exported TPD
  infoprotect.tenant_key.tpd_info:
    path: /srv/export/contoso/ExportedTPD-5E4C2018-8C8C-4548-8705-E3218AA1544E.xml
    password_file: /srv/export/contoso/Password-5E4C2018-8C8C-4548-8705-E3218AA1544E.txt
  register: info

- name: Insist that it is this tenant's and that nothing is known to be wrong with it
  infoprotect.tenant_key.tpd_info:
    path: "{{ export.tpd_file }}"
    password_file: "{{ export.password_file }}"
    tenant_service_id: 0f8fad5b-d9cb-469f-a165-70867728950e
    tenant_key_ids: ["7c9e6679-7425-40de-944b-e07fc1f90ae7"]
  register: info
  failed_when: not info.importable
"""

RETURN = r"""
tpd:
  description: What the TPD holds.
  returned: success
  type: dict
  contains:
    rehearsal:
      description: Whether a certificate says that the TPD was made for a rehearsal.
      type: bool
      sample: false
    version:
      description: Version of the key derivation, 2 or 1 ("RMS version 1.0" compatible).
      type: int
      sample: 2
    key_id:
      description: Id of the tenant key.
      type: str
      sample: "{7c9e6679-7425-40de-944b-e07fc1f90ae7}"
    key_id_type:
      description: Type of that id.
      type: str
      sample: MS-GUID
    csp_name:
      description: Name of the cryptographic service provider.
      type: str
      sample: Microsoft Enhanced RSA and AES Cryptographic Provider
    csp_type:
      description: Type of the cryptographic service provider, 1 for PROV_RSA_FULL and 24 for PROV_RSA_AES.
      type: int
      sample: 24
    key_in_file:
      description: Whether the private key is in the file. If not, an HSM holds it, or it was split off.
      type: bool
      sample: true
    key_size:
      description: Size of the tenant key in bits.
      type: int
      sample: 2048
    crypto_mode:
      description: Cryptographic mode, 1 for RSA-1024 with SHA-1 and 2 for RSA-2048 with SHA-256.
      type: int
      sample: 2
    fingerprint:
      description: SHA-256 of the tenant public key's SubjectPublicKeyInfo, in lower-case hexadecimal digits.
      type: str
      sample: 0c4f8a1f7ad2b1c4c35b1f3b8a3a3f0be7c7cbb1a8b3f4c9f9f0a3a5ed7c1d2e
    key_matches_certificate:
      description: Whether the private key belongs to the first certificate. Not set if either is missing.
      type: bool
      sample: true
    licensing_url:
      description: The licensing URL in the first certificate.
      type: str
      sample: https://0f8fad5b-d9cb-469f-a165-70867728950e.rms.eu.aadrm.com/_wmcs/licensing
    certificates:
      description: The licensor's certificate chain, from the server licensor certificate upwards, with the state of each signature.
      type: list
      elements: dict
      sample: [{"type": "Server-Licensor-Certificate", "readable": true, "key_size": 2048, "signature": "verified"}]
    templates:
      description: The rights templates, each with its GUID, its names by language (LCID) and its publishing URLs.
      type: list
      elements: dict
      sample: [{"guid": "{1d79c1c5-57dd-4897-8d07-86eb60b1f338}", "names": {"1033": "Confidential"}, "urls": []}]
checks:
  description: Every check, in the order in which importers are known to make them.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Name of the check.
      type: str
      sample: chain_links
    result:
      description: V(pass), V(warn) or V(fail). What cannot be known is a warning.
      type: str
      sample: pass
    message:
      description: What was found.
      type: str
      sample: Each certificate names the key of the next one as its issuer.
importable:
  description: V(false) if a check failed. V(true) is no promise that an import succeeds.
  returned: success
  type: bool
  sample: true
"""

from ansible_collections.infoprotect.tenant_key.plugins.module_utils._ops.tpd_info import OPERATION
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._runner import run_module


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
