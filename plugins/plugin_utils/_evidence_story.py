# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happened when, from the case record and the custody log: the time line, and how long what lay where."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from typing import Any

from ._life_cycle_facts import Known, moment

# What a person calls an event, in few words: they stand beside a line. In the order in which a case lives.
STEPS = {
    "opened": "Case opened",
    "created": "Request key made",
    "sent": "Request sent",
    "received": "Reply received",
    "decrypted": "Key decrypted",
    "placed": "Copies placed",
    "staged": "Staged for AD RMS",
    "imported": "Imported into AD RMS",
    "attested": "Document opened",
    "redirected": "Clients redirected",
    "reset": "Clients reset",
    "deactivated": "Service deactivated",
    "destroyed": "Files destroyed",
    "recovered": "Pair recovered",
    "rekeyed": "Tenant key changed",
    "reprotected": "New password",
    "split": "Key taken out",
    "incident": "Incident",
    "revoked": "Revoked",
}
# Looks at what lies there, which lead nowhere. They go on for years.
PROOFS = {"verified": "Copies verified", "audited": "Audit on record"}
_LABELS = {**STEPS, **PROOFS}
_DAY = 86400
_RECORD = "case record"


# -- the time line -----------------------------------------------------------------------------------------------------


def timeline(known: Known) -> dict[str, Any]:
    """From the first step to the last one; proofs that came later are counted."""
    found = sorted([*_logged(known), *_recorded(known)], key=lambda milestone: milestone["at"])
    steps = [milestone["at"] for milestone in found if milestone["event"] in STEPS]
    until = steps[-1] if steps else None
    return {
        "since": steps[0] if steps else None,
        "until": until,
        "later": None if until is None else sum(1 for milestone in found if milestone["at"] > until),
        "milestones": found,
    }


def _logged(known: Known) -> Iterator[dict[str, Any]]:
    """One for each kind of event and day: four copies are placed in one go."""
    days: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for event in _own(known):
        if event["event"] in _LABELS:
            days.setdefault((event["event"], str(event["time"])[:10]), []).append(event)
    for (name, _day), events in days.items():
        lines = [event["seq"] for event in events]
        source = f"log line {lines[0]}" if len(lines) == 1 else f"log lines {lines[0]} to {lines[-1]}"
        yield {
            "at": min(str(event["time"]) for event in events),
            "event": name,
            "label": _LABELS[name],
            "count": len(events),
            "by": ", ".join(dict.fromkeys(event["actor"] for event in events)),
            "source": source,
        }


def _own(known: Known) -> list[Mapping[str, Any]]:
    """Those of the tenant that are not another case's: what is no case's, such as an incident, concerns all of them."""
    cases = (None, known.case.get("guid"))
    return [
        event for event in known.log.get("events", ()) if event["tenant"] == known.tenant and event["case"] in cases
    ]


def _recorded(known: Known) -> Iterator[dict[str, Any]]:
    """What only the case record knows: all of it where the log is lost, and in any case when the case was opened."""
    times = {
        "opened": known.case.get("opened"),
        "created": known.part("key").get("made"),
        "decrypted": known.part("export").get("decrypted"),
        "placed": known.part("placed").get("at") if known.part("placed").get("copies") else None,
        "staged": known.part("staged").get("at"),
        "imported": known.part("imported").get("at"),
        "deactivated": known.part("decommission").get("deactivated", {}).get("at"),
        "destroyed": known.part("destroyed").get("at"),
    }
    logged = {event["event"] for event in _own(known)}
    for name, at in times.items():
        if at and name not in logged:
            yield {"at": at, "event": name, "label": STEPS[name], "count": 1, "by": "", "source": _RECORD}


# -- how long what lay where -------------------------------------------------------------------------------------------


def exposure(known: Known, pair: Mapping[str, str], there: Collection[str]) -> dict[str, Any]:
    """C(pair): how each half lies in the tenant's folder, C(there): which files lie there, as case_record says."""
    spans = [span for span in (_service(known), _pair(known, pair), _request_key(known, there)) if span]
    ends = [end for span in spans for end in (span["since"], _end(span)) if end]
    return {
        "since": min(ends, default=None),
        "until": max(ends, default=None),
        "note": _note(known),
        "spans": spans,
    }


def _service(known: Known) -> dict[str, Any]:
    found = known.exposure
    if not found["since"]:
        return {}
    if known.on_again:  # nobody knows since when
        return _span(known, "service", "Key out, service on, with a break", found["since"], None, True)
    return _span(known, "service", "Key out, service on", found["since"], found["until"], found["open"])


def _pair(known: Known, pair: Mapping[str, str]) -> dict[str, Any]:
    """Both halves in one folder are the key."""
    since = known.part("export").get("decrypted")
    if not since:
        return {}
    there = any(state != "missing" for state in pair.values())
    return _span(known, "pair", "Password and TPD together on the export host", since, _destroyed(known, there), there)


def _request_key(known: Known, found: Collection[str]) -> dict[str, Any]:
    """With support's reply it yields both."""
    since, file = known.part("key").get("made"), known.part("key").get("private_key_file")
    if not since or not file:
        return {}
    there = file in found
    return _span(
        known, "request_key", "Request's private key on the export host", since, _destroyed(known, there), there
    )


def _destroyed(known: Known, there: bool) -> str | None:
    """When; None as well where it is gone and nobody has put on record since when."""
    return None if there else known.part("destroyed").get("at")


def _span(known: Known, name: str, what: str, since: str, until: str | None, lasts: bool) -> dict[str, Any]:
    """In whole days, so that a page changes no more than once a day by itself; C(days) is None where the end is not known."""
    begun, ended = moment(since), moment(until) if until else known.now if lasts else None
    seconds = None if begun is None or ended is None else max(0, int((ended - begun).total_seconds()))
    return {
        "id": name,
        "what": what,
        "since": since,
        "until": until,
        "open": lasts,
        "days": None if seconds is None else seconds // _DAY,
        "lasted": _lasted(seconds, lasts),
    }


def _lasted(seconds: int | None, lasts: bool) -> str:
    if seconds is None:
        return "gone; since when is not on record"
    days, hours, minutes = seconds // _DAY, seconds % _DAY // 3600, seconds % 3600 // 60
    if lasts:
        return f"{_many(days, 'day') or 'less than a day'} so far"
    if days:
        return " ".join(part for part in (_many(days, "day"), _many(hours, "hour")) if part)
    return " ".join(part for part in (_many(hours, "hour"), _many(minutes, "minute")) if part) or "less than a minute"


def _many(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}" if number else ""


def _end(span: Mapping[str, Any]) -> str | None:
    """Where its bar ends: for what lasts, after the days that are counted."""
    begun = moment(span["since"])
    if not span["open"] or begun is None:
        return span["until"]
    return (begun + timedelta(days=span["days"])).strftime("%Y-%m-%dT%H:%M:%SZ")


def _note(known: Known) -> str:
    if known.rehearsal:
        return "This is a rehearsal: its key opens no document, so nothing is exposed."
    if not known.exported:
        return "The key has not been taken out of the service, as far as is on record."
    if known.on_again:
        return "The service was deactivated, and the tenant says that it is Enabled: whoever gets the key opens what is protected since."
    if not known.exposure["open"]:
        return "The service was deactivated, and the key is exposed no more. The copies stay needed for old content."
    if known.purpose == "backup":
        return "The key was exported as a backup. The service goes on with it, as it is meant to."
    if known.purpose == "split":
        return "The key was exported to split a company. The service goes on, as it is meant to."
    return "Until the service is deactivated, whoever gets the key opens what is protected meanwhile."
