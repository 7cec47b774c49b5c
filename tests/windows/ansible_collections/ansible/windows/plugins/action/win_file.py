# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An imitation of ansible.windows.win_file for tests."""

from __future__ import annotations

from ..plugin_utils.call import Imitated


class ActionModule(Imitated):
    module = "win_file"
