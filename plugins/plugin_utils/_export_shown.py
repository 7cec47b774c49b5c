# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a run of exports, imports or decommissions ends for an operator: how many tenants have got how far, and which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

# Who has to act comes first.
FAILED, UNOPENED, OVERDUE, WAITING, UNPLACED, PLACED, IMPORTED, LEFT = STATES = (
    "failed: see its error above",
    "no case on record",
    "waiting, and the reply is overdue: ask support",
    "waiting for support's reply",
    "exported, but with no custodian yet",
    "exported and placed",
    "exported, placed, and in AD RMS",
    "service deactivated",
)


def table(tenants: Sequence[Mapping[str, Any]], now: str) -> list[str]:
    """One line for each state that a tenant is in, with their number and names; who waits, with the day of the reply.

    ``tenants``: each with its name (``tenant``), whether its tasks went through (``ended``), and its record (``case``).
    ``now``: as a record has its times, in UTC.
    """
    if not tenants:
        return ["No host of this play has a tenant (tenant_key_tenant)."]
    found: dict[str, list[str]] = {}
    for each in sorted(tenants, key=lambda each: each["tenant"]):
        state = _state(each, now)
        day = f" (by {each['case']['expected_by'][:10]})" if state in (OVERDUE, WAITING) else ""
        found.setdefault(state, []).append(each["tenant"] + day)
    width = max(map(len, found))
    return [f"{state:{width}}  {len(found[state]):>4}  {', '.join(found[state])}" for state in STATES if state in found]


def _state(each: Mapping[str, Any], now: str) -> str:
    case = each["case"]
    if not each["ended"]:
        return FAILED
    if "expected_by" not in case:
        return UNOPENED
    if "export" not in case:
        return OVERDUE if now > case["expected_by"] else WAITING
    if "placed" not in case:
        return UNPLACED
    if "deactivated" in case.get("decommission", {}):
        return LEFT
    return IMPORTED if "imported" in case else PLACED
