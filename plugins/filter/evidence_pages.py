# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._tpd import TpdError
from ..plugin_utils._evidence_folder import pages

DOCUMENTATION = r"""
name: evidence_pages
short_description: Pages for people, and files for programs, from evidence of tenants
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Makes an HTML page and a JSON file for each tenant, and both over all tenants. For the role P(infoprotect.tenant_key.evidence#role).
  - The pages need nothing from elsewhere and run no script.
  - A tenant that is seen as it was before keeps its C(collected_at), so that the same evidence gives the same bytes.
  - A tenant that could not be looked at keeps the files that it has; the index says that it could not.
options:
  _input:
    description: What P(infoprotect.tenant_key.evidence#filter) returns for each tenant.
    type: list
    elements: dict
    required: true
  found:
    description: The JSON files that lie in the folder already, each with C(name) and C(content). Tenants of other runs come into the index from there.
    type: list
    elements: dict
    required: true
  paths:
    description: What the pages may show of paths.
    type: str
    choices: [none, names, full]
    required: true
"""

EXAMPLES = r"""
- name: Make the pages
  ansible.builtin.set_fact:
    made: "{{ documents | infoprotect.tenant_key.evidence_pages([], 'names') }}"
"""

RETURN = r"""
_value:
  description: >-
    C(files) are what is to lie in the folder, each with C(name) and C(content). C(remarks) are sentences on files there that are no evidence.
  type: dict
"""


def evidence_pages(
    documents: Sequence[dict[str, Any]], found: Sequence[Mapping[str, str]], paths: str
) -> dict[str, Any]:
    try:
        return pages(documents, found, paths)
    except TpdError as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"evidence_pages": evidence_pages}
