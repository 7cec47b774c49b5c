# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is proven of a tenant's key, when, and by what: one claim for each step of its way.

The result of a claim is a word: V(proven), V(not so), V(not proven), V(not yet), V(waived), V(not needed), V(not known).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ._copies import HALVES
from ._evidence_copies import good
from ._life_cycle_facts import Known

PROVEN, NOT_SO, UNPROVEN, NOT_YET = "proven", "not so", "not proven", "not yet"
WAIVED, NOT_NEEDED, NOT_KNOWN = "waived", "not needed", "not known"

_PROOFS = {
    "decrypted": "The reply was opened with the request's private key, and the password in it opens the TPD in it.",
    "outputs": "The password opens the TPD, and both files are those on record.",
}
_TENANTS = ("tenant_service_id", "tenant_key_id")

Claim = dict[str, Any]


def claims(
    known: Known,
    copies: Sequence[Mapping[str, Any]],
    findings: Sequence[Mapping[str, Any]],
    log: Mapping[str, Any],
    audited: bool,
) -> list[Claim]:
    """All of them; C(audited): whether there is an audit that would have found something."""
    ids = {finding["id"] for finding in findings} if audited else None
    return [
        *_export(known),
        *_checks(known),
        *_copies(known, copies, audited),
        _apart(known, ids),
        _recovery(known),
        _imported(known),
        _attested(known),
        _deactivated(known),
        _destroyed(known, ids),
        _log(log, audited),
    ]


def _claim(name: str, text: str, result: str, at: str = "", proof: str = "") -> Claim:
    return {"id": name, "claim": text, "result": result, "at": at, "proof": proof}


def _export(known: Known) -> Iterator[Claim]:
    key, case = known.part("key"), known.case.get("support_case")
    size = f"RSA, {key['size']} bits." if key.get("size") else ""
    yield _claim("request_key", "The request's key pair was made", _done(key), key.get("made", ""), size)
    sent = known.first("sent")
    number = f"Support case {case}." if case else ""
    yield _claim("request_sent", "The request went to support", _done(sent or case), sent, number)
    export = known.part("export")
    proof = _PROOFS.get(export.get("proof", ""), "")
    yield _claim(
        "exported", "The reply was decrypted, and the pair opens", _done(export), export.get("decrypted", ""), proof
    )


def _done(fact: Any) -> str:
    return PROVEN if fact else NOT_YET


def _checks(known: Known) -> Iterator[Claim]:
    """Of the checks that were made of the TPD: whose it is, and whether importers are known to refuse it."""
    export = known.part("export")
    checks, at = export.get("checks", ()), export.get("decrypted", "")
    whose = [check for check in checks if check["id"] in _TENANTS]
    failed = [check["message"] for check in checks if check["result"] == "fail"]
    results = {check["result"] for check in whose}
    word = NOT_SO if "fail" in results else UNPROVEN if "warn" in results else _done(whose)
    said = " ".join(check["message"] for check in whose)
    yield _claim("whose", "The key is this tenant's", word, at, said)
    word = NOT_SO if failed else _done(checks)
    text = " ".join(failed) or (f"None of {len(checks)} checks has failed." if checks else "")
    yield _claim("importable", "No importer is known to refuse the TPD", word, at, text)


def _copies(known: Known, copies: Sequence[Mapping[str, Any]], audited: bool) -> Iterator[Claim]:
    required = known.settings["required_copies"]
    for half in ("tpd", "password"):
        holders = good(copies, half)
        text = f"Custodians with a good copy of the {HALVES[half]}: {len(holders)}, required: {required}."
        names = f" They are {', '.join(holders)}." if holders else ""
        word = (
            NOT_YET
            if not known.exported
            else NOT_KNOWN
            if not audited
            else NOT_SO
            if len(holders) < required
            else PROVEN
        )
        at = max((copy["proven_at"] for copy in copies if copy["half"] == HALVES[half]), default="")
        said = f"{text}{names}" if known.exported and audited else ""
        yield _claim(f"copies_{half}", f"Enough custodians have the {HALVES[half]}", word, at, said)


def _apart(known: Known, ids: set[str] | None) -> Claim:
    placed = known.part("placed").get("copies")
    word = NOT_YET if not placed else NOT_KNOWN if ids is None else NOT_SO if "joint_custody" in ids else PROVEN
    at = known.part("placed").get("at", "") if placed else ""
    return _claim(
        "apart", "No custodian has both halves", word, at, "By the custodians' names on record." if placed else ""
    )


def _recovery(known: Known) -> Claim:
    """A drill leaves nothing behind; but working copies are destroyed only after one has passed."""
    text, destroyed = "The key was brought back from the custodians", known.part("destroyed").get("at", "")
    times = [str(event["time"]) for event in known.events("recovered")]
    if times:
        return _claim("recovered", text, PROVEN, times[-1], "The pair was recovered and opened.")
    if destroyed:
        proof = "A recovery had to pass before the working copies were destroyed."
        return _claim("recovered", text, PROVEN, destroyed, proof)
    proof = "A drill (recover --check) leaves no record." if known.exported else ""
    return _claim("recovered", text, NOT_YET, "", proof)


def _imported(known: Known) -> Claim:
    text, imported = "AD RMS has the key", known.part("imported")
    at = imported.get("at") or known.first("imported")
    if at:
        return _claim(
            "imported",
            text,
            PROVEN,
            at,
            f"Listed by {imported['host']} after the import." if imported.get("host") else "",
        )
    return _claim("imported", text, *_left_out(known, "import"))


def _attested(known: Known) -> Claim:
    """Only a person can: nothing else shows that the key works."""
    text, said = "A document from before the export was opened with it", known.events("attested")
    if said:
        event = said[-1]
        by = event["details"].get("by") or event["actor"]
        return _claim("attested", text, PROVEN, str(event["time"]), f"Attested by {by}.")
    return _claim("attested", text, *_left_out(known, "import"))


def _left_out(known: Known, subject: str) -> tuple[str, str, str]:
    """Result, time and proof of a step that was not done."""
    waived = [event for event in known.events("waived") if event["subject"] == subject]
    if waived:
        reason = str(waived[-1]["details"].get("reason") or "")
        return WAIVED, str(waived[-1]["time"]), f"Reason: {reason}" if reason else ""
    if known.rehearsal or known.purpose != "leave":
        return (
            NOT_NEEDED,
            "",
            "This is a rehearsal." if known.rehearsal else f"The purpose of the export is {known.purpose}.",
        )
    return NOT_YET, "", ""


def _deactivated(known: Known) -> Claim:
    text = "The service is off"
    at = known.deactivated
    if known.on_again:
        return _claim(
            "deactivated", text, NOT_SO, at, "It was deactivated, and the tenant says that it is Enabled again."
        )
    if at:
        said = "The tenant says so now." if known.state else "The tenant said so then."
        return _claim("deactivated", text, PROVEN, at, said)
    if known.state == "Disabled":
        return _claim("deactivated", text, PROVEN, "", "The tenant says so; since when is not on record.")
    return _claim("deactivated", text, *_left_out(known, ""))


def _destroyed(known: Known, ids: set[str] | None) -> Claim:
    text, destroyed = "The working copies are destroyed", known.part("destroyed")
    if not destroyed:
        return _claim("destroyed", text, NOT_YET)
    left = ids is not None and "working_copy" in ids
    number = len(destroyed.get("files", ()))
    said = (
        "Files with the name of a working copy are there again." if left else f"Files on record as destroyed: {number}."
    )
    return _claim("destroyed", text, NOT_SO if left else PROVEN, destroyed.get("at", ""), said)


def _log(log: Mapping[str, Any], audited: bool) -> Claim:
    text = "The custody log is whole, and what custodians vouch for"
    if log["intact"] is None:
        word = NOT_YET if not log["problems"] else NOT_SO if audited else NOT_KNOWN
        return _claim("log", text, word, "", " ".join(log["problems"]))
    against = [anchor for anchor in log["anchors"] if not anchor["holds"]]
    if not log["intact"] or against:
        return _claim("log", text, NOT_SO, log["time"], " ".join(log["problems"]))
    holders = sorted({name for anchor in log["anchors"] for name in anchor["custodians"]})
    if not holders:
        return _claim("log", text, UNPROVEN, log["time"], "It fits together, and no custodian has an anchor of it.")
    return _claim("log", text, PROVEN, log["time"], f"Custodians with an anchor that fits: {len(holders)}.")
