# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody types to have a plan done: the tenant's id, and a hash of everything that the plan was decided on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

_HASH_LENGTH = 8


def digest(decided: Mapping[str, Any]) -> str:
    """The plan's short hash, the same for the same decisions."""
    return hashlib.sha256(json.dumps(decided, sort_keys=True).encode()).hexdigest()[:_HASH_LENGTH]


def wanted(tenant: str, plan: str) -> str:
    """What is to be typed for the plan of this hash."""
    return f"{tenant}-{plan}"


def refusal(option: str, tenant: str, plan: str, confirmed: str) -> str:
    """Why what was typed does not do; empty if it does. Several tenants are separated by commas."""
    words = wanted(tenant, plan)
    given = [part.strip() for part in confirmed.split(",") if part.strip()]
    if words in given:
        return ""
    stale = any(part.startswith(f"{tenant}-") and len(part) == len(words) for part in given)
    why = "What was typed is for another plan: the situation has changed. Read the plan again. " if stale else ""
    return (
        f"{why}Nobody has confirmed this plan. If it is right, run again with --extra-vars {option}={words} (several tenants:"
        " separated by commas; a variable in the inventory does not count)."
    )
