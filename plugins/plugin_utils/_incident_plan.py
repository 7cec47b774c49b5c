# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan for an incident: what the page says, what to do and not to do, and what somebody has to type to have it done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from . import _confirmation as confirmation
from ._incident_steps import Situation, opens, overridden, rekey_on_record, rekeys, reprotected, steps
from ._incidents import INCIDENTS


def plan(now: Situation, confirmed: str | None) -> dict[str, Any]:
    """Its members are named in the documentation of the filter. C(confirmed) None: nothing needs to be typed yet."""
    incident = INCIDENTS[now["incident"]]
    digest = _digest(now)
    starts = rekeys(now) and not _done(now)
    made = {
        "title": incident.title,
        "page": list(incident.page),
        "never": [{"what": what, "why": why} for what, why in incident.never],
        "steps": steps(now),
        "opens": opens(now),
        "rekey": dict(rekey_on_record(now)),
        "starts_rekey": rekeys(now),
        "overridden": now["rekey_anyway"].strip() if overridden(now) else "",
        "refusal": "" if rekeys(now) else incident.refusal,
        "blocked": list(_blocked(now, digest, confirmed)),
        "hash": digest,
        "confirmation": confirmation.wanted(now["tenant"], digest) if starts else "",
    }
    return {**made, "shown": list(_shown(now, made))}


def _shown(now: Situation, made: Mapping[str, Any]) -> Iterator[str]:
    """The plan in sentences, for whoever runs the playbook."""
    yield f"Tenant {now['tenant']}, incident {now['id']}: {made['title']} Everything is in {now['directory']}."
    yield f"Microsoft's page: {' '.join(made['page'])}"
    for number, step in enumerate(made["steps"], 1):
        detail = f" {step['detail']}" if step["detail"] else ""
        yield f"{number}. ({step['state']}) {step['text']}{detail}"
    for never in made["never"]:
        yield f"{never['what']} {never['why']}"
    for sentence in made["opens"]:
        yield f"Still open: {sentence}"
    if made["refusal"]:
        yield made["refusal"]
    if made["confirmation"]:
        yield f"To have this done: -e breach_response_phase=all -e breach_response_confirm={made['confirmation']}"


def _blocked(now: Situation, digest: str, confirmed: str | None) -> Iterator[str]:
    """What stands against the phase all."""
    if now["phase"] != "all":
        return
    if not rekeys(now):
        yield INCIDENTS[now["incident"]].refusal
    elif confirmed is not None and not _done(now):
        message = confirmation.refusal("breach_response_confirm", now["tenant"], digest, confirmed)
        if message:
            yield message


def _done(now: Situation) -> bool:
    """Whether all is done that a confirmation is needed for."""
    copies = reprotected(now) or "export" not in now["case"] or now["incident"] != "key_leaked"
    return bool(rekey_on_record(now).get("done_at")) and copies and not now["reprotect"]["left"]


def _digest(now: Situation) -> str:
    """Changes with what is to be done, and with nothing that doing it changes: the TPD's files, say, which get new names."""
    case = now["case"]
    decided = {
        "tenant": now["tenant"],
        "incident": now["id"],
        "case": case.get("guid", ""),
        "rekey": [now["rekey"]["mode"], now["rekey"]["key_id"]],
        "fingerprint": case.get("export", {}).get("tpd", {}).get("fingerprint", ""),
        "copies": sorted([copy["what"], copy["custodian"]] for copy in case.get("placed", {}).get("copies", ())),
        "anyway": now["rekey_anyway"].strip() if overridden(now) else "",
    }
    return confirmation.digest(decided)
