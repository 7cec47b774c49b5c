# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ..module_utils._ops.tpd_keypair import OPERATION
from ..plugin_utils._operation_action import OperationAction


class ActionModule(OperationAction):
    OPERATION = OPERATION
