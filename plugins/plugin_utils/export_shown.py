# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a run of exports ends for an operator: how many tenants have got how far, and which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

# Who has to act comes first.
FAILED, OVERDUE, WAITING, UNPLACED, COMPLETE = STATES = (
    "failed: see its error above",
    "waiting, and the reply is overdue: ask support",
    "waiting for support's reply",
    "exported, but with no custodian yet",
    "exported and placed",
)


def table(tenants: Sequence[Mapping[str, Any]], now: str) -> list[str]:
    """One line for each state that a tenant is in, with their number and names.

    ``tenants``: each with its name (``tenant``), whether its tasks went through (``ended``), and its record (``case``).
    ``now``: as a record has its times, in UTC.
    """
    if not tenants:
        return ["No host of this play has a tenant (tenant_key_tenant)."]
    found: dict[str, list[str]] = {}
    for each in sorted(tenants, key=lambda each: each["tenant"]):
        found.setdefault(_state(each, now), []).append(each["tenant"])
    width = max(map(len, found))
    return [f"{state:{width}}  {len(found[state]):>4}  {', '.join(found[state])}" for state in STATES if state in found]


def _state(each: Mapping[str, Any], now: str) -> str:
    case = each["case"]
    if not each["ended"]:
        return FAILED
    if "export" not in case:
        return OVERDUE if now > case.get("expected_by", now) else WAITING
    return COMPLETE if "placed" in case else UNPLACED
