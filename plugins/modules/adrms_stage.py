#!/usr/bin/python
# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: adrms_stage
short_description: Put together what an import of a TPD into AD RMS needs
version_added: 0.1.0
description:
  - >-
    Opens and checks a TPD, then writes three files into a folder: the TPD, C(manifest.json) with everything that is known
    about it, and C(Import-TenantKey.ps1) for Windows PowerShell on an AD RMS server.
  - >-
    The script is the same for everyone. It reads the manifest, checks the TPD's hash, asks for the password, skips an
    import that is there already, stops where the same display name holds another key, and says what it did.
  - The password is never staged. Take it to the server in another way than the folder.
  - The manifest is written last. Files are written with mode 0600 as described for M(infoprotect.tenant_key.secure_file).
author:
  - infoprotect.tenant_key contributors (!UNKNOWN)
extends_documentation_fragment:
  - infoprotect.tenant_key.password
  - infoprotect.tenant_key.attributes
options:
  tpd_file:
    description:
      - Path of the exported TPD, at most 256 MiB.
      - It keeps its name, which may hold ASCII letters, digits, dots, hyphens and underscores.
    type: path
    required: true
  directory:
    description:
      - Absolute path of the folder. It is made with mode 0700 where it is missing.
      - As it is handed over whole, it is refused if it also holds O(password_file), a private key, a reply or another TPD.
    type: path
    required: true
  display_name:
    description:
      - The name under which AD RMS will show the trusted publishing domain, at most 256 printable characters.
    type: str
    required: true
  licensing_urls:
    description:
      - The intranet and extranet licensing URLs for the checks and for the manifest. Defaults to the one in the TPD.
    type: list
    elements: str
  allow_failed_checks:
    description:
      - Whether to stage a TPD that importers are known to refuse.
    type: bool
    default: false
seealso:
  - module: infoprotect.tenant_key.tpd_info
"""

EXAMPLES = r"""
- name: Stage the exported TPD for AD RMS
  infoprotect.tenant_key.adrms_stage:
    tpd_file: /srv/export/contoso/ExportedTPD-5E4C2018-8C8C-4548-8705-E3218AA1544E.xml
    password_file: /srv/export/contoso/Password-5E4C2018-8C8C-4548-8705-E3218AA1544E.txt
    directory: /srv/export/contoso/adrms
    display_name: Contoso, Azure RMS until 2026
"""

RETURN = r"""
directory:
  description: The folder.
  returned: success
  type: str
  sample: /srv/export/contoso/adrms
manifest_file:
  description: Path of the manifest.
  returned: success
  type: str
  sample: /srv/export/contoso/adrms/manifest.json
script_file:
  description: Path of the import script.
  returned: success
  type: str
  sample: /srv/export/contoso/adrms/Import-TenantKey.ps1
tpd_file:
  description: Path of the staged TPD.
  returned: success
  type: str
  sample: /srv/export/contoso/adrms/ExportedTPD-5E4C2018-8C8C-4548-8705-E3218AA1544E.xml
checks:
  description: Every check, as returned by M(infoprotect.tenant_key.tpd_info).
  returned: success
  type: list
  elements: dict
  sample: [{"id": "key_data", "result": "pass", "message": "The private key belongs to the public key in the first certificate."}]
importable:
  description: V(false) if a check failed. V(true) is no promise that an import succeeds.
  returned: success
  type: bool
  sample: true
"""

from ansible_collections.infoprotect.tenant_key.plugins.module_utils._ops.adrms_stage import OPERATION
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._runner import run_module


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
