# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes on record about copies: in the case record, and in the custody log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

# What the case record keeps of a copy.
_KEPT = ("custodian", "host", "what", "file", "group", "vault_id")


def placed(
    results: Sequence[Mapping[str, Any]], before: Sequence[Mapping[str, Any]], sha256: Mapping[str, str]
) -> dict[str, Any]:
    """Of the results of placing: C(copies) for the case record, and C(events) for what was not there or not on record.

    Where a host was out of reach, what was on record for it stays on record.
    """
    copies, events = [], []
    for result in results:
        item = result["item"]
        if result.get("unreachable"):
            copies += [copy for copy in before if (copy["host"], copy["file"]) == (item["host"], item["file"])]
            continue
        copy = {name: item[name] for name in _KEPT if item[name]} | {"owner": result["owner"], "mode": result["mode"]}
        if item["vault_id"]:
            copy["sha256"] = result["sha256"]
        copies.append(copy)
        if result["changed"] or copy not in before:
            events.append({**_event("placed", copy, sha256), "repeat": result["changed"]})
    return {"copies": copies, "events": events}


def grounds(results: Sequence[Mapping[str, Any]], sha256: Mapping[str, str], waived: str) -> list[dict[str, Any]]:
    """Why the working copies may be destroyed: every copy with which nothing is wrong, and what was waived."""
    events = [_event("verified", result["item"], sha256) for result in results if result.get("problems") == []]
    if waived:
        events.append({"event": "waived", "subject": "import", "details": {"reason": waived}})
    return events


def _event(name: str, copy: Mapping[str, Any], sha256: Mapping[str, str]) -> dict[str, Any]:
    """The hash of a password file stays out, because it lets a weak password be guessed; that of a vault file does not."""
    content = "" if copy["what"] == "password" else sha256.get(copy["what"], "")
    known = {"sha256": copy.get("sha256") or content}
    details = {**copy, **{key: value for key, value in known.items() if value}}
    return {"event": name, "subject": f"{copy['custodian']}:{copy['file']}", "details": details}
