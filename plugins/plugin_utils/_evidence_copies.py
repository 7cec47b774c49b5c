# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The copies on record: who has them, how they lie now, and when each of them was last proven."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ._copies import HALVES, unseen
from ._life_cycle_facts import Known

GOOD, GONE, WRONG, UNREACHED, UNSEEN = "good", "gone", "wrong", "not reached", "not looked at"
_DAY = 86400


def copies(known: Known, looked: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each of them; C(looked) are the results of an audit's look at them."""
    results = {_place(result["item"]): result for result in looked}
    return [_copy(known, copy, results.get(_place(copy))) for copy in _recorded(known)]


def good(found: Sequence[Mapping[str, Any]], half: str) -> list[str]:
    """The custodians that have a good copy of a half."""
    return sorted({copy["custodian"] for copy in found if copy["half"] == HALVES[half] and copy["state"] == GOOD})


def _recorded(known: Known) -> list[Mapping[str, Any]]:
    return [*known.part("placed").get("copies", ()), *known.part("key_copies").get("copies", ())]


def _place(copy: Mapping[str, Any]) -> tuple[str, str]:
    return copy["host"], copy["file"]


def _copy(known: Known, copy: Mapping[str, Any], result: Mapping[str, Any] | None) -> dict[str, Any]:
    proofs = sorted(_proofs(known, copy), key=lambda proof: proof[0])
    placed = [at for at, event in proofs if event == "placed"]
    at, event = proofs[-1] if proofs else ("", "")
    late = bool(at) and known.since(at) > known.settings["audit_days"] * _DAY
    state, problems = _state(result)
    return {
        "custodian": copy["custodian"],
        "half": HALVES[copy["what"]],
        "host": copy["host"],
        "file": copy["file"],
        "owner": copy.get("owner", ""),
        "mode": copy.get("mode", ""),
        "vault_id": copy.get("vault_id", ""),
        "placed_at": placed[-1] if placed else "",
        "proven_at": at,
        "proven_by": event,
        "overdue": late and not known.rehearsal,
        "state": state,
        "problems": problems,
    }


def _state(result: Mapping[str, Any] | None) -> tuple[str, list[str]]:
    if result is None:
        return UNSEEN, []
    reason = unseen(result)
    if reason:
        return UNREACHED, [reason]
    found = result.get("problems", ())
    if any(problem["id"] == "missing" for problem in found):
        return GONE, [problem["message"] for problem in found]
    return (WRONG if found else GOOD), [problem["message"] for problem in found]


def _proofs(known: Known, copy: Mapping[str, Any]) -> list[tuple[str, str]]:
    """When it was proven, and by what. Placing proves: what was written is read back and compared."""
    found = list(_logged(known, copy))
    section = known.part("key_copies" if copy["what"] == "private_key" else "placed")
    if section.get("at") and not any(event == "placed" for _at, event in found):
        found.append((str(section["at"]), "placed"))
    return found


def _logged(known: Known, copy: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    name = f"{copy['custodian']}:{copy['file']}"
    for event in known.events("placed", "verified", "recovered", "audited"):
        details = event["details"]
        if event["event"] in ("placed", "verified"):
            proven = event["subject"] == name
        elif event["event"] == "recovered":
            proven = (details.get("host"), details.get("file")) == _place(copy)
        else:
            proven = _all_good(details.get("findings"))
        if proven:
            yield str(event["time"]), event["event"]


def _all_good(findings: Any) -> bool:
    """Whether an audit has found nothing wrong with any copy: it logs how many findings of each kind there were."""
    if not isinstance(findings, Mapping):
        return False
    return not any(name.startswith("copy_") and name != "copy_unplanned" for name in map(str, findings))
