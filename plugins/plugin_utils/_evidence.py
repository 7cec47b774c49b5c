# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a security officer keeps of a tenant's key: the document that a page and a JSON file are made of.

Each member is named here; nothing of a case record or a log gets into it by itself. What a person shall read as a sentence
is a sentence here already, so that the page says nothing that the document does not. It holds nothing that changes by
itself but whole days, so that the same evidence is found again on the next run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ._evidence_claims import NOT_SO, claims
from ._evidence_copies import GOOD, copies, good
from ._evidence_headline import assessment, headline
from ._evidence_log import chosen, events, log_state
from ._evidence_shown import NONE, shown_of, visible
from ._evidence_story import exposure, timeline
from ._life_cycle_facts import Known

SCHEMA, TENANT = 1, "tenant"
IN_ORDER, ATTENTION, BAD, UNKNOWN = "good", "attention", "bad", "unknown"

Seen = Mapping[str, Any]
Document = dict[str, Any]


def evidence(seen: Seen) -> Document:
    """All of it; what goes in is named in the documentation of the filter, what comes out in docs/evidence.md."""
    document = _not_seen(seen) if seen["problem"] else _document(seen)
    # Whose it is, is no path, whatever it is called.
    return {**shown_of(seen).all(document), **{name: visible(seen[name]) for name in ("tenant", "host")}}


def _document(seen: Seen) -> Document:
    known, status, case = Known(seen), seen["status"], seen["case"]
    audited = not seen["audit_problem"]
    log, found = log_state(seen), _findings(seen)
    lying = copies(known, seen["looked"])
    claimed = claims(known, lying, found, log, audited)
    exposed = exposure(known, seen["pair"], [file["path"] for file in seen["files"]])
    numbers = _numbers(known, lying, found, status, log)
    export = case.get("export") or {}
    tpd = export.get("tpd") or {}
    return {
        **_head(seen),
        "seen": True,
        "problem": "",
        "headline": headline(known, status, exposed, lying),
        "assessment": assessment(numbers, audited),
        "verdict": _verdict(found, claimed, status),
        "stage": status["stage"],
        "since": status["since"],
        "conditions": list(status["conditions"]),
        "case": {
            "guid": case.get("guid", ""),
            "support_case": case.get("support_case", ""),
            "purpose": case.get("purpose", ""),
            "engine": case.get("engine", ""),
            "rehearsal": known.rehearsal,
            "opened": case.get("opened", ""),
            "expected_by": case.get("expected_by", ""),
        },
        "numbers": numbers,
        "claims": claimed,
        "timeline": timeline(known),
        "exposure": exposed,
        "copies": [{**copy, "file": None} if seen["paths"] == NONE else copy for copy in lying],
        "key": _key(case, export, tpd),
        "certificates": [_certificate(entry) for entry in tpd.get("certificates", ())],
        "templates": [_template(entry) for entry in tpd.get("templates", ())],
        "checks": [chosen(check, ("id", "result", "message")) for check in export.get("checks", ())],
        "findings": found,
        "overdue": list(status["overdue"]),
        "no_action": list(status["no_action"]),
        "service": _service(status["service"]),
        "generations": [_generation(entry) for entry in status["generations"]],
        "rekeys": [_rekey(entry) for entry in known.rekeys],
        "incidents": [_incident(entry) for entry in _incidents(known)],
        "log": log,
        "events": list(events(seen)),
    }


def _not_seen(seen: Seen) -> Document:
    """Of a tenant that could not be looked at."""
    return {
        **_head(seen),
        "seen": False,
        "problem": seen["problem"],
        "headline": "This tenant could not be looked at, so nothing is known of it.",
        "verdict": UNKNOWN,
    }


def _head(seen: Seen) -> Document:
    return {
        "schema": SCHEMA,
        "kind": TENANT,
        "tenant": seen["tenant"],
        "host": seen["host"],
        "collected_at": seen["now"],
        "paths": seen["paths"],
    }


# -- parts of it -------------------------------------------------------------------------------------------------------


def _findings(seen: Seen) -> list[dict[str, str]]:
    """Those of the audit, the errors first. That there could be none is one, too; that there is no case, the headline says."""
    if seen["audit_problem"]:
        return [
            {"id": "audit_failed", "severity": "error", "message": f"The audit has failed. {seen['audit_problem']}"}
        ]
    found = [
        chosen(finding, ("id", "severity", "message")) for finding in seen["findings"] if finding["id"] != "no_case"
    ]
    return sorted(found, key=lambda finding: finding["severity"] != "error")


def _numbers(
    known: Known,
    lying: Sequence[Mapping[str, Any]],
    found: Sequence[Mapping[str, str]],
    status: Mapping[str, Any],
    log: Mapping[str, Any],
) -> dict[str, int]:
    """What a page shows in large figures."""
    severities = [finding["severity"] for finding in found]
    return {
        "copies": len(lying),
        "good_copies": sum(1 for copy in lying if copy["state"] == GOOD),
        "late_copies": sum(1 for copy in lying if copy["overdue"]),
        "tpd_custodians": len(good(lying, "tpd")),
        "password_custodians": len(good(lying, "password")),
        "required_custodians": known.settings["required_copies"],
        "errors": severities.count("error"),
        "warnings": severities.count("warning"),
        "overdue": len(status["overdue"]),
        "log_lines": log["seq"] or 0,
        "vouching_custodians": len(
            {name for anchor in log["anchors"] if anchor["holds"] for name in anchor["custodians"]}
        ),
    }


def _verdict(
    found: Sequence[Mapping[str, str]], claimed: Sequence[Mapping[str, Any]], status: Mapping[str, Any]
) -> str:
    severities = {finding["severity"] for finding in found}
    if "error" in severities or any(claim["result"] == NOT_SO for claim in claimed):
        return BAD
    return ATTENTION if severities or status["overdue"] or status["conditions"] else IN_ORDER


def _key(case: Mapping[str, Any], export: Mapping[str, Any], tpd: Mapping[str, Any]) -> Document:
    """By what the key and the files are known elsewhere. The hash of the password file lets a weak password be guessed."""
    request = case.get("key") or {}
    return {
        "key_id": tpd.get("key_id"),
        "key_id_type": tpd.get("key_id_type"),
        "fingerprint": tpd.get("fingerprint"),
        "key_size": tpd.get("key_size"),
        "crypto_mode": tpd.get("crypto_mode"),
        "key_in_file": tpd.get("key_in_file"),
        "key_matches_certificate": tpd.get("key_matches_certificate"),
        "licensing_url": tpd.get("licensing_url"),
        "csp_name": tpd.get("csp_name"),
        "csp_type": tpd.get("csp_type"),
        "tpd_version": tpd.get("version"),
        "tpd_guid": export.get("guid"),
        "tpd_sha256": (export.get("sha256") or {}).get("tpd"),
        "reply_sha256": (case.get("reply") or {}).get("sha256"),
        "request_fingerprint": request.get("fingerprint"),
        "request_size": request.get("size"),
    }


def _certificate(entry: Mapping[str, Any]) -> Document:
    names = ("readable", "type", "issuer", "principal", "key_size", "issued", "valid_from", "valid_until", "signature")
    return chosen(entry, names)


def _template(entry: Mapping[str, Any]) -> Document:
    names = entry.get("names") or {}
    return {
        "guid": entry.get("guid"),
        "signature": entry.get("signature"),
        "names": [{"language": str(language), "name": names[language]} for language in sorted(names, key=str)],
    }


def _service(service: Mapping[str, Any]) -> Document:
    names = ("key_identifier", "status", "key_type", "creation_time")
    keys = [chosen(key, names) for key in service.get("keys", ())]
    return {**chosen(service, ("asked", "reachable", "problem", "functional_state")), "keys": keys}


def _generation(entry: Mapping[str, Any]) -> Document:
    return chosen(entry, ("case", "key_id", "fingerprint", "decrypted", "rekeyed", "custodians", "opens"))


def _rekey(entry: Mapping[str, Any]) -> Document:
    names = ("id", "mode", "reason", "opened", "expected_by", "done_at", "proof", "from_key", "to_key")
    return chosen(entry, names)


def _incidents(known: Known) -> list[Mapping[str, Any]]:
    """Those on record, and what is only in the log."""
    recorded = list(known.case.get("incidents") or ())
    ids = {incident["id"] for incident in recorded}
    return [*recorded, *(incident for incident in known.incidents if incident["id"] not in ids)]


def _incident(entry: Mapping[str, Any]) -> Document:
    return chosen(entry, ("id", "incident", "opened", "closed_at"))
