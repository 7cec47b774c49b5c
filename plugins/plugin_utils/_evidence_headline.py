# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a tenant stands, in one sentence, and how well, in another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ._evidence_copies import good
from ._life_cycle_facts import Known

_BEGUN = {
    "none": "No export of this tenant's key is on record: the key has not left the service.",
    "opened": "The case is opened, and the request for the key is not made yet.",
    "requested": "The request for the key is made, and is not on record as sent.",
    "replied": "Support's reply is there, and is not decrypted yet.",
}


def headline(
    known: Known, status: Mapping[str, Any], exposed: Mapping[str, Any], copies: Sequence[Mapping[str, Any]]
) -> str:
    """Where the key is, who has it, and whether the service goes on."""
    stage = status["stage"]
    if stage == "waiting":
        expected = str(known.case.get("expected_by") or "")[:10]
        text = f"The request for the key is with support; the reply is expected by {expected or 'a day that is not on record'}."
    else:
        text = _BEGUN.get(stage) or _out(known, stage, exposed, copies)
    return f"A rehearsal: {text[0].lower()}{text[1:]}" if known.rehearsal else text


def _out(known: Known, stage: str, exposed: Mapping[str, Any], copies: Sequence[Mapping[str, Any]]) -> str:
    """Once the key has left the service."""
    since = str(known.part("export").get("decrypted", ""))[:10]
    if stage == "exported":
        return f"The key is out since {since}, and no custodian has a copy yet."
    held = f"{len(good(copies, 'tpd'))} of the TPD and {len(good(copies, 'password'))} of the password"
    kept = f"The key is out since {since}; custodians hold good copies, {held}"
    service = next((span for span in exposed["spans"] if span["id"] == "service"), None)
    if known.on_again:
        return f"{kept}, and the service is on again, which is on record as deactivated."
    if stage == "deactivated":
        lasted = f" It was exposed for {service['lasted']}." if service and not service["open"] else ""
        return f"{kept}, and the service is off.{lasted}"
    if known.rehearsal:
        return f"{kept}."
    if known.purpose in ("backup", "split"):
        return f"{kept}, and the service goes on as it is meant to."
    return f"{kept}, and the service is still on: exposed for {service['lasted']}." if service else f"{kept}."


def assessment(numbers: Mapping[str, int], audited: bool) -> str:
    """What the audit says, and the calendar."""
    late = numbers["overdue"]
    overdue = "Nothing is overdue." if not late else f"{late} {'thing is' if late == 1 else 'things are'} overdue."
    if not audited:
        return f"The audit has failed, so how the copies lie is not known. {overdue}"
    found = [
        f"{numbers[name]} {name[:-1] if numbers[name] == 1 else name}"
        for name in ("errors", "warnings")
        if numbers[name]
    ]
    return f"The audit finds {' and '.join(found) or 'nothing wrong'}. {overdue}"
