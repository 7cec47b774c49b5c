# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the custody log says of a tenant, and how well it stands: by itself, and against what custodians vouch for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ._evidence_shown import NONE

# What of an event's details may be told, in this order. All of them are texts or numbers.
_DETAILS = (
    "reason",
    "by",
    "document",
    "support_case",
    "noticed",
    "way",
    "clients",
    "key_id",
    "from_key",
    "to_key",
    "fingerprint",
    "sha256",
)

Seen = Mapping[str, Any]
Document = dict[str, Any]


def log_state(seen: Seen) -> Document:
    """How it stands by itself, and against each anchor that custodians keep."""
    log, own = seen["log"], list(events(seen))
    if "intact" not in log:
        reason = [str(log.get("msg") or "It could not be read.")] if seen["case"].get("key") else []
        return {
            **dict.fromkeys(("file", "intact", "seq", "head")),
            "time": "",
            "others": 0,
            "problems": reason,
            "anchors": [],
        }
    anchors = [
        {**chosen(result["item"], ("seq", "head", "custodians")), "holds": result["anchored"]}
        for result in seen["anchors"]
        if result.get("anchored") is not None
    ]
    against = [result["problems"][-1]["message"] for result in seen["anchors"] if result.get("anchored") is False]
    return {
        "file": None if seen["paths"] == NONE else log["path"],
        "intact": log["intact"],
        "seq": log["seq"],
        "head": log["head"],
        "time": log["events"][-1]["time"] if log["events"] else "",
        "others": len(log["events"]) - len(own),
        "problems": [*(problem["message"] for problem in log["problems"]), *against],
        "anchors": anchors,
    }


def chosen(entry: Mapping[str, Any], names: Sequence[str]) -> Document:
    """These members of it and no others; None where it lacks one."""
    return {name: entry.get(name) for name in names}


def events(seen: Seen) -> Iterator[Document]:
    """The tenant's. Whoever has one log for several tenants does not tell one of them what became of another."""
    for event in seen["log"].get("events", ()):
        if event["tenant"] in (None, seen["tenant"]):
            other = None if event["case"] == seen["case"].get("guid") else event["case"]
            told = {"other_case": other, "note": _told(event)}
            yield {**chosen(event, ("seq", "time", "event", "actor", "host", "subject")), **told}


def _told(event: Mapping[str, Any]) -> str:
    details = event["details"]
    told = [
        f"{name} {details[name]}"
        for name in _DETAILS
        if isinstance(details.get(name), (str, int)) and details[name] != ""
    ]
    counted = details.get("findings")
    if isinstance(counted, Mapping):
        told.append("findings " + (", ".join(f"{name}: {counted[name]}" for name in counted) or "none"))
    return "; ".join(told)
