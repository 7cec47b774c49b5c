# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a tenant stands in the life cycle of its key: the stage, what is next, what is overdue, and what needs nobody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any

from ._life_cycle_facts import Known
from ._life_cycle_next import next_steps
from ._life_cycle_overdue import overdue
from ._life_cycle_rest import no_action

UNREACHABLE, UNKNOWN = "unreachable", "unknown"


def _deactivated(known: Known) -> str | None:
    """The tenant itself may say so before anybody has put it on record; since when, it does not tell."""
    at = known.deactivated
    return at or ("" if known.exported and known.state == "Disabled" else None)


def _replied(known: Known) -> str | None:
    if known.exported or not known.case or not known.replies:
        return None
    came = int(known.replies[-1]["mtime"])
    return datetime.fromtimestamp(came, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ") if came else ""


def _waiting(known: Known) -> str | None:
    """Whoever knows the number of the support case has handed in the request."""
    if not known.part("key") or not (known.case.get("support_case") or known.first("sent")):
        return None
    return known.first("sent") or known.part("key").get("made", "")


def _placed(known: Known) -> str | None:
    return known.part("placed").get("at") if known.part("placed").get("copies") else None


# The stages, the furthest one first, and since when a tenant is there; None where it has not come so far.
STAGES: Mapping[str, Callable[[Known], str | None]] = {
    "deactivated": _deactivated,
    "attested": lambda known: known.first("attested") or None,
    "imported": lambda known: known.part("imported").get("at") or known.first("imported") or None,
    "placed": _placed,
    "exported": lambda known: known.part("export").get("decrypted"),
    "replied": _replied,
    "waiting": _waiting,
    "requested": lambda known: known.part("key").get("made"),
    "opened": lambda known: known.case.get("opened"),
    "none": lambda _known: "",
}


def status(seen: Mapping[str, Any]) -> dict[str, Any]:
    """All of it; the members are named in the documentation of the filter."""
    if seen.get("problem"):
        return _not_seen(seen)
    known = Known(seen)
    stage, since = _stage(known)
    steps, late = next_steps(known, stage), list(overdue(known, stage))
    return {
        "tenant": known.tenant,
        "host": known.host,
        "stage": stage,
        "since": since,
        "purpose": known.purpose if known.case else "",
        "rehearsal": known.rehearsal,
        "conditions": _conditions(known),
        "next_step": steps[0][0] if steps else "what is overdue" if late else "",
        "next": [sentence for _name, sentence in steps],
        "overdue": late,
        "no_action": list(no_action(known, stage)),
        "exposure": known.exposure,
        "generations": known.generations,
        "service": _service(known.service),
        "problem": "",
    }


def _stage(known: Known) -> tuple[str, str]:
    for name, reached in STAGES.items():
        since = reached(known)
        if since is not None:
            return name, since
    raise AssertionError("Every tenant has a stage.")


def _not_seen(seen: Mapping[str, Any]) -> dict[str, Any]:
    """A tenant whose host, or whose record, could not be read."""
    return {
        "tenant": seen["tenant"],
        "host": seen["host"],
        "stage": UNREACHABLE if seen.get("unreachable") else UNKNOWN,
        "since": "",
        "purpose": "",
        "rehearsal": False,
        "conditions": [],
        "next_step": "look at it",
        "next": [],
        "overdue": [],
        "no_action": [],
        "exposure": {},
        "generations": [],
        "service": {},
        "problem": seen["problem"],
    }


def _conditions(known: Known) -> list[str]:
    """What holds beside the stage."""
    found = [f"incident {incident['incident']}" for incident in known.incidents]
    if known.rekey:
        found.append("rekey waiting" if known.rekey["mode"] == "case" else "rekey begun")
    elif known.clients_left:
        found.append("rekey changing over")
    return found


def _service(service: Mapping[str, Any]) -> dict[str, Any]:
    asked, problem = bool(service.get("asked")), str(service.get("problem") or "")
    return {
        "asked": asked,
        "reachable": asked and not problem,
        "problem": problem,
        "functional_state": service.get("functional_state", ""),
        "keys": service.get("keys", []),
    }
