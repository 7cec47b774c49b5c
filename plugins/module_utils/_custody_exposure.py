# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a tenant key has been out of the service while the service was still in use, as the custody log tells it.

From the first C(decrypted) of a case to the next C(deactivated) of the same tenant, of whatever case: deactivation ends
the service for the tenant. A rekey ends nothing, since the old key stays archived in the service and opens all earlier
content. A case that is decrypted after a deactivation is an exposure of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ._custody_line import Entry, moment_of, time_text


@dataclass
class Exposure:
    """``until`` None: it lasts."""

    tenant: str | None
    case: str | None
    since: datetime
    until: datetime | None = None


def exposures(events: Iterable[Entry]) -> list[Exposure]:
    """One for each tenant and case that has a decrypted key, in the order of the log. The log's order counts, not the clock."""
    found: dict[tuple[str | None, str | None], Exposure] = {}
    lasting: dict[str | None, list[Exposure]] = {}
    for entry in events:
        tenant, case = entry["tenant"], entry["case"]
        if entry["event"] == "decrypted" and (tenant, case) not in found:
            found[tenant, case] = Exposure(tenant, case, moment_of(entry))
            lasting.setdefault(tenant, []).append(found[tenant, case])
        elif entry["event"] == "deactivated":
            for exposure in lasting.pop(tenant, []):
                exposure.until = moment_of(entry)
    return list(found.values())


def summary(found: Iterable[Exposure], now: datetime) -> dict[str, Any]:
    """Since when, until when, how many seconds, and whether it lasts; time in which several lasted counts once.

    A clock that was put back makes no time negative.
    """
    spans = sorted((exposure.since, exposure.until or now) for exposure in found)
    open_ = any(exposure.until is None for exposure in found)
    seconds, reached = 0.0, None
    for since, until in spans:
        start = since if reached is None else max(since, reached)
        seconds += max(0.0, (until - start).total_seconds())
        reached = until if reached is None else max(reached, until)
    return {
        "since": time_text(spans[0][0]) if spans else None,
        "until": None if open_ or reached is None else time_text(reached),
        "seconds": int(seconds),
        "open": open_,
    }
