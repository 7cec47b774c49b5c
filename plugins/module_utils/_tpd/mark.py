# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a rehearsal is told from the real thing."""

from __future__ import annotations

# Stands in the names of every certificate of a rehearsal.
REHEARSAL_MARK = "REHEARSAL ONLY"
