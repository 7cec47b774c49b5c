# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pure core: bytes in, values out. No Ansible import, no file access, one error base."""

from __future__ import annotations


class TpdError(Exception):
    """One sentence for the operator: what was looked at, what was found, what to do. Never a byte of input."""
