# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What should have been done already, or does not fit together: one sentence each."""

from __future__ import annotations

from collections.abc import Iterator

from ._copies import HALVES
from ._life_cycle_facts import Known, lasted, moment
from ._life_cycle_next import BEFORE_EXPORT, command

# What shows that somebody has looked at the copies.
_LOOKED = ("placed", "verified", "audited", "recovered", "destroyed", "reprotected")
_DAY = 86400


def overdue(known: Known, stage: str) -> Iterator[str]:
    """Of a rehearsal nothing is: its key opens no document."""
    if known.rehearsal:
        return
    yield from _incidents(known)
    yield from _exposed(known)
    yield from _on_again(known)
    yield from _subscription(known, stage)
    yield from _reply(known, stage)
    yield from _copies(known)
    yield from _old_password(known)
    yield from _attestation(known, stage)
    yield from _rekey(known)
    yield from _log(known)
    yield from _generations(known)
    yield from _audit(known)


def _incidents(known: Known) -> Iterator[str]:
    for incident in known.incidents:
        since = incident["opened"]
        yield f"The incident {incident['id']} is open since {since} ({lasted(known.since(since))})."


def _exposed(known: Known) -> Iterator[str]:
    """A backup is no exposure, and who splits a company goes on with the service."""
    exposure = known.exposure
    if known.purpose == "leave" and exposure["open"] and known.state != "Disabled":
        seen = "says that it is Enabled" if known.state else "is not on record as deactivated"
        yield (
            f"The key is out since {exposure['since']} ({lasted(exposure['seconds'])}), and the service {seen}. Until it is"
            " deactivated, whoever gets the key opens what is protected meanwhile."
        )


def _on_again(known: Known) -> Iterator[str]:
    if known.on_again:
        yield (
            f"The service is on record as deactivated since {known.deactivated}, and the tenant says that it is Enabled. The exported key is exposed"
            " again. Find out who has turned it on, and deactivate it."
        )


def _subscription(known: Known, stage: str) -> Iterator[str]:
    ends = known.settings["subscription_ends"]
    if stage not in BEFORE_EXPORT or not ends:
        return
    if moment(ends) is None:
        yield f"decommission_subscription_ends is {ends}, which is no day. Write it as 2026-12-31."
    elif known.since(ends) >= _DAY:  # it lasts until the end of that day
        yield f"The subscription has ended on {ends}, and no key is exported after its end. Ask support what can still be done."


def _reply(known: Known, stage: str) -> Iterator[str]:
    expected = known.case.get("expected_by")
    if stage not in ("opened", "requested", "waiting") or not known.past(expected):
        return
    late = f"Support's reply was expected by {expected}, {lasted(known.since(expected))} ago."
    case = known.case.get("support_case")
    if stage == "waiting":
        yield f"{late} Ask support{f' (case {case})' if case else ''}."
    else:
        yield f"{late} The request is not on record as sent."


def _copies(known: Known) -> Iterator[str]:
    for half in known.too_few:
        holders = known.holders(half)
        yield (
            f"Custodians on record with a copy of the {HALVES[half]}: {len(holders)} ({', '.join(holders) or 'none'}), required:"
            f" {known.settings['required_copies']} (custody_required_copies). Name more in custody_copies and place them with"
            f" {command(known, 'export')}."
        )


def _old_password(known: Known) -> Iterator[str]:
    """What could not be reached when the pair was put under a new password."""
    done = known.part("reprotected")
    if done.get("doomed"):
        left = ", ".join(f"{copy['file']} at {copy['custodian']}" for copy in done["doomed"])
        yield (
            f"The pair is under a new password for {done['id']}, and what belongs to the old one is still to be destroyed: {left}."
            " See to it that it can be reached, and go on with what was begun for it."
        )


def _attestation(known: Known, stage: str) -> Iterator[str]:
    at = known.part("imported").get("at") or known.first("imported")
    if stage == "imported":
        text = f"The import into AD RMS ({at}, {lasted(known.since(at))} ago) was attested by nobody."
        yield f"{text} Have a document opened and say so in adrms_import_attestation."


def _rekey(known: Known) -> Iterator[str]:
    expected = known.rekey.get("expected_by")
    if known.past(expected):
        case = known.rekey.get("support_case")
        asked = f"Ask support (case {case})." if case else "Ask support, or go on with it."
        yield f"The rekey {known.rekey['id']} was expected by {expected}, {lasted(known.since(expected))} ago. {asked}"


def _log(known: Known) -> Iterator[str]:
    if "intact" not in known.log:
        if not known.part("key"):
            return  # nothing needs to have been logged yet
        yield f"The custody log could not be read. {known.log.get('msg') or 'No reason was given.'}"
    elif not known.log["intact"]:
        text = " ".join(problem["message"] for problem in known.log["problems"])
        yield f"The custody log is damaged. {text} {command(known, 'audit')} says more."


def _generations(known: Known) -> Iterator[str]:
    if known.settings["generations_problem"]:
        yield f"Earlier keys of this tenant are not known. {known.settings['generations_problem']}"


def _audit(known: Known) -> Iterator[str]:
    """What only an audit with custody_audit_record, or work on the copies, puts on record."""
    if not known.part("placed").get("copies"):
        return
    events = known.events(*_LOOKED)
    looked = max([*(str(event["time"]) for event in events), str(known.part("placed").get("at") or "")])
    days = known.settings["audit_days"]
    if known.since(looked) > days * _DAY:
        yield (
            f"Nobody has put on record since {looked} ({lasted(known.since(looked))}) that the copies are there and good; at most"
            f" {days} days shall pass (status_audit_days). Run {command(known, 'audit', 'custody_audit_record=true')}, and drill"
            f" with {command(known, 'recover')} --check."
        )
