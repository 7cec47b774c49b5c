# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person vouches for: who, when, and what. For an import, that a document which was protected before opens through AD RMS."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timezone
from typing import Any

_TIME = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?", re.ASCII)
_PARTS = {
    "by": "who has opened the document",
    "at": "when",
    "document": "which document",
}


def attestation(given: Mapping[str, Any], case: Mapping[str, Any], now: str) -> dict[str, Any]:
    """C(details), as they are logged, and C(problems), as sentences. ``now``: UTC, 2026-03-02T09:15:00Z."""
    details = {name: text(given.get(name)) for name in _PARTS}
    problems = [f"It does not say {what} ({name})." for name, what in _PARTS.items() if not details[name]]
    unknown = sorted(str(name) for name in given if name not in _PARTS)
    if unknown:
        problems.append(f"It has what it does not need: {', '.join(unknown)}. Give {', '.join(_PARTS)}.")
    imported = case.get("imported") or {}
    fingerprint = case["export"]["tpd"]["fingerprint"]
    if not any(tpd["fingerprint"] == fingerprint for tpd in imported.get("tpds", ())):
        problems.append(
            "The import of the case's TPD is not on record, so no document can have been opened through it."
        )
    elif details["at"]:
        too_early = f"is before the import ({imported['at']}). Open the document again."
        problems.extend(time_problems(details["at"], now, imported["at"], too_early))
    return {"details": details, "problems": problems}


def time_problems(at: str, now: str, earliest: str, too_early: str) -> list[str]:
    """What is wrong with a time, or a day, in UTC: a sentence, or none. C(too_early) says what it means to be before C(earliest)."""
    if not _TIME.fullmatch(at) or not _is_date(at[:10]):
        return [f"{at} is no time. Write 2026-03-02T09:15:00Z (UTC), or 2026-03-02."]
    # A day is compared as a day. These texts sort as the times do.
    if at > now[: len(at)]:
        return [f"{at} is in the future."]
    if at < earliest[: len(at)]:
        return [f"{at} {too_early}"]
    return []


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def text(value: Any) -> str:
    """YAML reads a date or a time without quotes as one."""
    if isinstance(value, datetime):
        utc = value if value.tzinfo is None else value.astimezone(timezone.utc)
        return utc.strftime("%Y-%m-%dT%H:%M:%SZ")
    return "" if value is None else str(value).strip()
