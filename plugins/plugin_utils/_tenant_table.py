# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a run ends for an operator: how many tenants have got how far, and which."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Tenant = Mapping[str, Any]

FAILED = "failed: see its error above"
UNOPENED = "no case on record"
OVERDUE = "waiting, and the reply is overdue: ask support"
WAITING = "waiting for support's reply"
UNPLACED = "exported, but with no custodian yet"
PLACED = "exported and placed"
IMPORTED = "exported, placed, and in AD RMS"
LEFT = "service deactivated"

BLOCKED = "not possible as it is: see its plan above"
# As the role rekey has its status.
REKEY = {
    "planned": "planned, and nothing has been changed",
    "opened": "opened: send the request to support",
    "waiting": "waiting for support",
    "changing_over": "another key is active, and clients are left",
    "done": "another key is active",
    "unchanged": "nothing to change",
}

ERRORS = "with errors in custody"
WARNINGS = "with warnings"
SOUND = "nothing found to be wrong"

RECOVERED = "recovered"
DRILLED = "could be recovered: the drill has passed"


def _case(tenant: Tenant, now: str) -> str:
    case = tenant["case"]
    if "expected_by" not in case:
        return UNOPENED
    if "export" not in case:
        return OVERDUE if now > case["expected_by"] else WAITING
    if not case.get("placed", {}).get("copies"):
        return UNPLACED
    if "deactivated" in case.get("decommission", {}):
        return LEFT
    return IMPORTED if "imported" in case else PLACED


def _rekey(tenant: Tenant, now: str) -> str:
    rekey = tenant["rekey"]
    return BLOCKED if rekey["status"] == "planned" and rekey["blocked"] else REKEY[rekey["status"]]


def _audit(tenant: Tenant, now: str) -> str:
    severities = {finding["severity"] for finding in tenant["findings"]}
    return ERRORS if "error" in severities else WARNINGS if severities else SOUND


def _recover(tenant: Tenant, now: str) -> str:
    return DRILLED if tenant["drill"] else RECOVERED


# For each kind of run, the state of a tenant whose tasks went through, and the states. Who has to act comes first.
_RUNS: dict[str, tuple[Callable[[Tenant, str], str], tuple[str, ...]]] = {
    "case": (_case, (UNOPENED, OVERDUE, WAITING, UNPLACED, PLACED, IMPORTED, LEFT)),
    "rekey": (_rekey, (BLOCKED, *REKEY.values())),
    "audit": (_audit, (ERRORS, WARNINGS, SOUND)),
    "recover": (_recover, (RECOVERED, DRILLED)),
}


def table(tenants: Sequence[Tenant], run: str, now: str) -> list[str]:
    """One line for each state that a tenant is in, with their number and names; who waits, with the day of the reply.

    ``tenants``: each with its name (``tenant``), whether its tasks went through (``ended``), and what the run needs to tell
    its state: ``case``, ``rekey`` (``status``, ``blocked``), ``findings`` or ``drill``. ``now``: as a record has its times, in UTC.
    """
    if not tenants:
        return ["No host of this play has a tenant (tenant_key_tenant)."]
    state_of, states = _RUNS[run]
    found: dict[str, list[str]] = {}
    for each in sorted(tenants, key=lambda each: each["tenant"]):
        state = state_of(each, now) if each["ended"] else FAILED
        day = f" (by {each['case']['expected_by'][:10]})" if state in (OVERDUE, WAITING) else ""
        found.setdefault(state, []).append(each["tenant"] + day)
    width = max(map(len, found))
    return [
        f"{state:{width}}  {len(found[state]):>4}  {', '.join(found[state])}"
        for state in (FAILED, *states)
        if state in found
    ]
