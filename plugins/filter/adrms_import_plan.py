# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..plugin_utils._adrms_import import decide, from_results, own, problems, recorded, to_record

DOCUMENTATION = r"""
name: adrms_import_plan
short_description: What is to be imported into AD RMS
version_added: 0.1.0
author: infoprotect.tenant_key contributors (!UNKNOWN)
description:
  - Holds the TPD of a case, and further ones, against the trusted publishing domains that an AD RMS cluster lists.
  - >-
    A key is there if the provider's Id is the TPD's key id, if the Id is on record for this key and the entry still has the recorded
    name, or if exactly one entry of the name has appeared since an import of this key was begun.
  - For the role P(infoprotect.tenant_key.adrms_import#role).
positional: _input, display_name, host, opened, listing, allow_rehearsal, allow_failed_checks
options:
  _input:
    description: The case record, as in C(case.json).
    type: dict
    required: true
  display_name:
    description: The name that the case's TPD shall have.
    type: str
    required: true
  host:
    description: The Windows host through which the import is done. What is on record for another one does not count.
    type: str
    required: true
  opened:
    description:
      - The results of M(infoprotect.tenant_key.tpd_info) for further TPDs.
      - They come from a loop over what P(infoprotect.tenant_key.adrms_import_pairs#filter) returns.
    type: list
    elements: dict
    default: []
  listing:
    description: What the cluster has, each with C(id) and C(display_name).
    type: list
    elements: dict
    default: []
  allow_rehearsal:
    description: Whether a TPD that was made for a rehearsal may be imported if the case is a rehearsal.
    type: bool
    default: false
  allow_failed_checks:
    description: Whether a TPD may be imported that importers are known to refuse.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Show what would be imported
  ansible.builtin.debug:
    msg: "{{ plan.steps | selectattr('state', 'eq', 'import') | map(attribute='display_name') }}"
  vars:
    plan: "{{ export_case | infoprotect.tenant_key.adrms_import_plan('Contoso', 'rms1', listing=listed.result.tpds) }}"
"""

RETURN = r"""
_value:
  description:
    - C(problems) says why TPDs are not to be imported anywhere, C(conflicts) why not into this cluster, as sentences.
    - >-
      C(steps) has, for the case's TPD and then each further one, C(state) (V(present), V(import) or V(conflict)), C(display_name), C(key_id),
      C(fingerprint), C(tpd_sha256), C(id) (of the entry, empty without one) and C(index), counted from 0, which is the case's.
    - C(before) is what is on record as imported through this host, and C(imported) what is to be.
  type: dict
"""


def adrms_import_plan(
    case: Mapping[str, Any],
    display_name: str,
    host: str,
    opened: Sequence[Mapping[str, Any]] = (),
    listing: Sequence[Mapping[str, str]] = (),
    allow_rehearsal: bool = False,
    allow_failed_checks: bool = False,
) -> dict[str, Any]:
    wanted = [own(case, display_name), *from_results(opened)]
    steps, conflicts = decide(wanted, case, host, listing)
    return {
        "problems": problems(wanted, case["rehearsal"] and allow_rehearsal, allow_failed_checks),
        "conflicts": conflicts,
        "steps": steps,
        "before": recorded(case, host),
        "imported": to_record(steps, case, host, listing),
    }


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"adrms_import_plan": adrms_import_plan}
