# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ..plugin_utils._destruction import lacking

DOCUMENTATION = r"""
name: custody_lacking
short_description: What speaks against the destruction of working copies
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Names every condition that does not hold. For the role P(infoprotect.tenant_key.custody#role).
options:
  _input:
    description:
      - C(case) is the case record, C(supply) what P(infoprotect.tenant_key.custody_supply#filter) says of copies that were also looked at.
      - C(required) is the number of custodians for each half, C(drill) why the drill has failed (empty if it has not).
      - C(events) are those of the custody log, C(waived) why no import is needed, C(mistrust) sentences about the log.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Make sure that nothing is lost
  ansible.builtin.assert:
    that: seen | infoprotect.tenant_key.custody_lacking == []
"""

RETURN = r"""
_value:
  description: Sentences.
  type: list
  elements: str
"""


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"custody_lacking": lacking}
