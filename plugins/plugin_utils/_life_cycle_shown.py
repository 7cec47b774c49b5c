# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How an operator is shown where tenants stand: sentences for one, and a table for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ._life_cycle import UNKNOWN, UNREACHABLE
from ._life_cycle_facts import lasted

# What a sentence calls the stage "none".
NO_CASE = "no case on record"
_COLUMNS = ("tenant", "stage", "since", "next", "overdue")


def sentences(status: Mapping[str, Any]) -> list[str]:
    """What is overdue first."""
    if status["problem"]:
        return [f"Tenant {status['tenant']}: {status['stage']}. {status['problem']}"]
    since = f" since {status['since']}" if status["since"] else ""
    purpose = f" (purpose {status['purpose']})" if status["purpose"] else ""
    return [
        f"Tenant {status['tenant']}: {_stage(status, NO_CASE)}{since}{purpose}.",
        *(f"OVERDUE: {text}" for text in status["overdue"]),
        *(f"Next: {text}" for text in status["next"] or ([] if status["overdue"] else ["nothing."])),
        *(f"No action: {text}" for text in status["no_action"]),
        *_exposure(status["exposure"]),
        *(f"{each['opens']} Its case is in {each['directory']}." for each in status["generations"]),
        _service(status["service"]),
    ]


def _stage(status: Mapping[str, Any], none: str = "none") -> str:
    rehearsal = ["a rehearsal"] if status["rehearsal"] else []
    stage = none if status["stage"] == "none" else status["stage"]
    return ", ".join([stage, *status["conditions"], *rehearsal])


def _exposure(exposure: Mapping[str, Any]) -> list[str]:
    if not exposure["since"]:
        return []
    end = "and the service goes on" if exposure["open"] else f"until the service was deactivated on {exposure['until']}"
    return [f"Exposure: the key was out from {exposure['since']} on, {end} ({lasted(exposure['seconds'])})."]


def _service(service: Mapping[str, Any]) -> str:
    if not service["asked"]:
        return "Service: the tenant was not asked, as aip_service_host is not set."
    if not service["reachable"]:
        return f"Service: the tenant could not be read. {service['problem']}"
    keys = ", ".join(f"{key['key_identifier']} ({key['status']}, {key['key_type']})" for key in service["keys"])
    return f"Service: {service['functional_state']}; keys: {keys or 'none'}."


def table(found: Sequence[Mapping[str, Any]]) -> list[str]:
    """One line for each tenant under a line of headings: the overdue first, then what could not be looked at, then by name."""
    if not found:
        return ["No host of this play has a tenant (tenant_key_tenant)."]
    rows = [_COLUMNS]
    for status in sorted(found, key=_rank):
        overdue = "?" if unseen(status) else str(len(status["overdue"]))
        rows.append((status["tenant"], _stage(status), status["since"] or "-", status["next_step"] or "-", overdue))
    widths = [max(len(row[column]) for row in rows) for column in range(len(_COLUMNS))]
    return ["  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip() for row in rows]


def unseen(status: Mapping[str, Any]) -> bool:
    return status["stage"] in (UNREACHABLE, UNKNOWN)


def _rank(status: Mapping[str, Any]) -> tuple[int, bool, str]:
    return -len(status["overdue"]), not unseen(status), status["tenant"]
