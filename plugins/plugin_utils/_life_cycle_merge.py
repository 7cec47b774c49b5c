# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One status of a fleet whose slices have each written their own, as if one run had looked at all tenants."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ._life_cycle import status
from ._life_cycle_facts import moment

_SCHEMA = 1
_HOUR = 3600
# What the table needs of a tenant.
_SHOWN = {
    "tenant": str,
    "host": str,
    "stage": str,
    "since": str,
    "conditions": list,
    "rehearsal": bool,
    "next_step": str,
    "overdue": list,
    "problem": str,
}


@dataclass
class Slice:
    """What one status file holds. With a C(problem), why nothing in it counts."""

    file: str
    at: str = ""
    tenants: list[dict[str, Any]] = field(default_factory=list)
    problem: str = ""


def merge(
    written: Sequence[Mapping[str, Any]], hosts: Iterable[Mapping[str, str]], now: str, hours: int
) -> dict[str, Any]:
    """All of it; the arguments and the members are named in the documentation of the filter."""
    slices = [_read(each["file"], each["text"], now, hours) for each in written]
    remarks = [f"{found.file}: {found.problem}" for found in slices if found.problem]
    # The newest one last; of two of the same time, the one that was named last.
    good = sorted((found for found in slices if not found.problem), key=lambda found: found.at)
    results: dict[str, dict[str, Any]] = {}
    holders: dict[str, list[Slice]] = {}
    for found in good:
        for result in found.tenants:
            results[result["host"]] = result
            holders.setdefault(result["host"], []).append(found)
    remarks += _doubles(results, holders)

    known = {each["host"]: each["tenant"] for each in hosts}
    strangers = [host for host in results if host not in known]
    if strangers:
        remarks.append(
            f"Not in this inventory, and shown all the same: {_names(results[h]['tenant'] for h in strangers)}."
        )
    missing = [host for host in known if host not in results]
    if missing:
        remarks.append(
            f"In no status file that counts: {_names(known[host] for host in missing)}. Run their slices again."
        )
    return {
        "at": good[0].at if good else now,
        "remarks": remarks,
        "tenants": [
            *(results.get(host) or _missing(host, tenant) for host, tenant in known.items()),
            *(results[host] for host in strangers),
        ],
    }


def _read(file: str, text: str | None, now: str, hours: int) -> Slice:
    if not text:
        return Slice(
            file, problem="it is not there, is empty or cannot be read. Its slice has not ended, or writes elsewhere."
        )
    try:
        held = json.loads(text)
    except ValueError:
        return Slice(file, problem="it is not JSON, or not all of it is there. Run its slice again.")
    schema = held.get("schema") if isinstance(held, Mapping) else None
    if schema is None:
        return Slice(file, problem="it is no status file.")
    if schema != _SCHEMA:
        return Slice(
            file,
            problem=f"it has schema {schema}, and {_SCHEMA} is known here. Have the same release of the collection everywhere.",
        )
    at, tenants = held.get("at"), held.get("tenants")
    written, today = moment(at), moment(now)
    if written is None or today is None or not isinstance(tenants, list) or not all(map(_is_result, tenants)):
        return Slice(file, problem="it is no status file.")
    if (today - written).total_seconds() > hours * _HOUR:
        return Slice(
            file,
            problem=f"it is of {at}, more than {hours} hours ago (status_slices_hours). Its slice has not ended since.",
        )
    return Slice(file, str(at), tenants)


def _is_result(entry: Any) -> bool:
    return isinstance(entry, Mapping) and all(isinstance(entry.get(name), kind) for name, kind in _SHOWN.items())


def _doubles(results: Mapping[str, Mapping[str, Any]], holders: Mapping[str, list[Slice]]) -> Iterable[str]:
    for host, found in holders.items():
        if len(found) > 1:
            *older, newest = found
            yield (
                f"Tenant {results[host]['tenant']} is in more than one: {newest.file} of {newest.at} counts, not"
                f" {_names(each.file for each in older)}. Let no two slices have the same tenant."
            )


def _missing(host: str, tenant: str) -> dict[str, Any]:
    return status(
        {"tenant": tenant, "host": host, "problem": "It is in no status file that counts.", "unreachable": False}
    )


def _names(names: Iterable[str]) -> str:
    return ", ".join(names)
