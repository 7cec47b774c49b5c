# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: extra_var
short_description: The value of an extra variable
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Gives what was said on the command line with C(--extra-vars), or as an extra variable of a job in Automation Platform.
  - A variable of this name in an inventory, a playbook or a role does not count, and templates in the value are not evaluated. So it is what
    somebody has typed for this run.
options:
  _terms:
    description: Names of the variables.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Go on only if somebody has said so for this run
  ansible.builtin.assert:
    that: lookup('infoprotect.tenant_key.extra_var', 'decommission_confirm') == 'contoso-1a2b3c4d'
"""

RETURN = r"""
_raw:
  description: The values, as texts. Empty for a variable that was not given.
  type: list
  elements: str
"""

from typing import Any

from ansible.plugins.lookup import LookupBase
from ansible.utils.vars import load_extra_vars


class LookupModule(LookupBase):
    def run(self, terms: list[str], variables: dict[str, Any] | None = None, **kwargs: Any) -> list[str]:
        given = load_extra_vars(self._loader)
        return [str(given.get(term, "")) for term in terms]
