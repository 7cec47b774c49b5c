# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of an incident: copies and who can read them, the custody log, fingerprints, the tenant.

Nothing in it is secret, and the SHA-256 of a password file, which would let a weak one be guessed, is not in it either. What
could not be had is a sentence among the gaps. It holds nothing that changes by itself, so that the same evidence is found
again on the next run; so what incidents themselves add to the custody log is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ._copies import HALVES, unseen
from ._incidents import INCIDENTS

_READS = 0o4
# What the subject of an event begins with that an incident has logged.
_INCIDENT = re.compile(rf"({'|'.join(INCIDENTS)})-[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}", re.ASCII)
_NAMES = {**HALVES, "reply": "support's reply", "staged": "TPD staged for the import"}
# Findings of the audit whose sentence counts days.
_COUNTS_DAYS = "service_active"
_TENANT = (
    "functional_state",
    "service_id",
    "key_rollover_count",
    "super_users_enabled",
    "super_users",
    "super_user_group",
    "keys",
)


def places(case: Mapping[str, Any], host: str) -> list[dict[str, str]]:
    """Where a half of the pair, the request's private key or the reply lies or lay, as the case record has it."""
    recorded = [*case.get("placed", {}).get("copies", ()), *case.get("key_copies", {}).get("copies", ())]
    export = case.get("export", {})
    working = {
        "tpd": export.get("tpd_file"),
        "password": export.get("password_file"),
        "private_key": case.get("key", {}).get("private_key_file"),
        "reply": case.get("reply", {}).get("file"),
    }
    staged = case.get("staged", {}).get("directory")
    if staged and working["tpd"]:
        working["staged"] = f"{staged}/{working['tpd'].rpartition('/')[2]}"
    found = [
        {"custodian": "the export host", "host": host, "what": what, "file": file}
        for what, file in working.items()
        if file
    ]
    return [*recorded, *found]


def evidence(seen: Mapping[str, Any]) -> dict[str, Any]:
    """All of it; the parts of C(seen) are named in the documentation of the filter."""
    copies = [_copy(result) for result in seen["looked"]]
    return {
        "copies": copies,
        "elsewhere": list(_elsewhere(seen["case"])),
        "findings": [dict(finding) for finding in seen["findings"]],
        "log": _log(seen),
        "actors": _actors(_events(seen)),
        "events": [
            {name: event[name] for name in ("seq", "time", "event", "actor", "host", "subject")}
            for event in _events(seen)
        ],
        "fingerprints": _fingerprints(seen["case"], copies),
        "tenant": {name: seen["told"][name] for name in _TENANT if name in seen["told"]},
        "admin_log": dict(seen["admin_log"]),
        "gaps": list(_gaps(seen)),
    }


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two pieces of evidence say the same, but for what changes by itself."""
    return _still(one) == _still(other)


def _still(found: Mapping[str, Any]) -> dict[str, Any]:
    findings = [
        {**finding, "message": "" if finding["id"] == _COUNTS_DAYS else finding["message"]}
        for finding in found.get("findings", ())
    ]
    return {**found, "findings": findings}


def _copy(result: Mapping[str, Any]) -> dict[str, Any]:
    """How one copy lies, and who can read it."""
    item = result["item"]
    copy = {name: item[name] for name in ("what", "custodian", "host", "file")}
    copy["name"] = _NAMES[item["what"]]
    copy["problem"] = unseen(result)
    copy["exists"] = bool(result.get("exists"))
    # Working copies that were destroyed are missing as they should be.
    copy["problems"] = [p["message"] for p in result.get("problems", ()) if p["id"] != "missing"]
    copy |= {name: result.get(name) for name in ("owner", "group", "mode")}
    copy["readers"] = _readers(result) if copy["exists"] else []
    if item["what"] in ("tpd", "staged") and copy["exists"]:
        copy["sha256"] = result.get("sha256")
    return copy


def _readers(result: Mapping[str, Any]) -> list[str]:
    """Who can read the file; whoever is root on its host can in any case."""
    mode = int(str(result["mode"]), 8)
    readers = [f"user {result['owner']}"]
    if mode >> 3 & _READS:
        readers.append(f"group {result['group']}")
    if mode & _READS:
        readers.append("everybody on the host")
    ids = {problem["id"] for problem in result["problems"]}
    if "acl" in ids:
        readers.append("whoever its access control list names")
    if "links" in ids:
        readers.append("whoever can read its other names (hard links)")
    if "parents" in ids:
        readers.append("whoever can write to a folder on the way can put another file in its place")
    return readers


def _elsewhere(case: Mapping[str, Any]) -> Iterator[str]:
    """Where else the key is, out of reach of any look at files."""
    yield (
        "Microsoft's service has the key, and support had it for the export."
        if case.get("export")
        else ("Microsoft's service has the key.")
    )
    imported = case.get("imported")
    if imported:
        yield f"The AD RMS cluster that {imported['host']} reaches has the key since {imported['at']}."
    if case.get("engine") == "aadrmtpd" and "engine_removed" not in case:
        yield "The Windows host of AadrmTpd.exe has the request's private key, and may have the pair (export_engine_remove)."


def _events(seen: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The tenant's events, but for those that incidents have added."""
    return [
        event
        for event in seen["log"].get("events", ())
        if event["tenant"] in (None, seen["tenant"]) and not _own(event)
    ]


def _own(event: Mapping[str, Any]) -> bool:
    """Whether an incident has added it. Those of all incidents count, or two that are open would find each other's news for ever."""
    return _INCIDENT.match(event["subject"] or "") is not None


def _log(seen: Mapping[str, Any]) -> dict[str, Any]:
    """The check of the log, with number and hash of the last line that is no incident's own."""
    log, events = seen["log"], seen["log"].get("events", ())
    if all(_own(event) for event in events):
        # This incident may have begun it.
        return {
            "file": seen["log_file"],
            "problems": ["It is not there, or says nothing of the time before this incident."],
        }
    last = max(index for index, event in enumerate(events) if not _own(event))
    return {
        "file": log["path"],
        "intact": log["intact"],
        "problems": [problem["message"] for problem in log["problems"]],
        "line": events[last]["seq"],
        "head": events[last + 1]["previous"] if last + 1 < len(events) else log["head"],
        "exposures": [
            {"case": exposure["case"], "since": exposure["since"], "until": exposure.get("until")}
            for exposure in log.get("exposures", ())
            if exposure["tenant"] == seen["tenant"]
        ],
    }


def _actors(events: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Who has done what, and when for the first and the last time."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for event in events:
        actor = found.setdefault(
            (event["actor"], event["host"]),
            {"actor": event["actor"], "host": event["host"], "first": event["time"], "events": {}},
        )
        actor["last"] = event["time"]
        actor["events"][event["event"]] = actor["events"].get(event["event"], 0) + 1
    return [found[name] for name in sorted(found)]


def _fingerprints(case: Mapping[str, Any], copies: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Of key and files, by which they are known elsewhere."""
    found: dict[str, Any] = {}
    export = case.get("export")
    if export:
        tpd = export["tpd"]
        found = {name: tpd.get(name) for name in ("key_id", "fingerprint", "key_size", "crypto_mode")}
        found |= {"tpd_sha256": export["sha256"]["tpd"], "tpd_guid": export["guid"]}
    if case.get("key"):
        found["request_key"] = case["key"]["fingerprint"]
    others = {copy["sha256"] for copy in copies if copy.get("sha256")} - {found.get("tpd_sha256")}
    if others:
        found["other_tpd_sha256"] = sorted(others)
    return found


def _gaps(seen: Mapping[str, Any]) -> Iterator[str]:
    if not seen["case"]:
        yield (
            f"There is no case record in {seen['directory']}, so nothing is known of copies outside the service. If somebody has"
            " exported the key by other means, find out where it lies."
        )
    elif "export" not in seen["case"]:
        yield "The export is not finished, so there is no TPD yet; what exists is the request's key pair."
    for result in seen["looked"]:
        why = unseen(result)
        if why:
            yield f"{result['item']['file']} on {result['item']['host']}: {why}"
    if not _events(seen):
        yield f"The custody log {seen['log_file']} says nothing of the time before, so who has done what is not known."
    if seen["told_problem"]:
        yield seen["told_problem"]
    if seen["admin_log_problem"]:
        yield seen["admin_log_problem"]
