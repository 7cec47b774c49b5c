# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """How a tenant proves that a TPD is its own, as TENANT_OPTIONS in module_utils/_ops/tpd_info has it."""

    DOCUMENTATION = r"""
options:
  tenant_service_id:
    description:
      - The tenant's C(RightsManagementServiceId) (C(Get-AipServiceConfiguration)). It must be in the TPD's licensing URL.
    type: str
  tenant_key_ids:
    description:
      - The tenant's C(KeyIdentifier)s (C(Get-AipServiceKeys)). The TPD's key must be one of them.
    type: list
    elements: str
attributes:
  action_group:
    description: Use C(group/infoprotect.tenant_key.tenant) in C(module_defaults) to set these options for all modules of the group at once.
    support: full
    membership:
      - infoprotect.tenant_key.tenant
"""
