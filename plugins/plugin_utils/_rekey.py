# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a rekey: what stands against it, what is to be done, and what somebody has to type to have it done."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from ..module_utils._tpd.contents import bare_id
from . import _confirmation as confirmation
from ._attestation import text
from ._rekey_after import after, clients_left
from ._rekey_gates import BLOCK, GATES, known_size
from ._rekey_page import NOTES
from ._rekey_state import ACTIVATE, FINISH, NOTHING, OPEN, WAIT, Rekey, Situation

_TIME = "%Y-%m-%dT%H:%M:%SZ"


def plan(now: Situation, confirmed: str | None) -> dict[str, Any]:
    """The plan; its members are named in the documentation of the filter. C(confirmed) None: nothing needs to be typed yet."""
    if not now["case"]:
        message = (
            f"There is no case in {now['directory']}. A rekey is put on record in the tenant's case: open one first, with the playbook"
            " export, which asks nothing of the tenant."
        )
        gates = [{"id": "case", "result": BLOCK, "message": message}]
        return {**_EMPTY, "mode": now["mode"], **_judged(gates), "notes": list(NOTES[now["mode"]])}
    rekey = Rekey(now)
    gates = [
        {"id": name, "result": result, "message": message}
        for name, gate in GATES.items()
        for result, message in gate(rekey)
    ]
    digest = _digest(rekey)
    if confirmed is not None and rekey.todo in (OPEN, ACTIVATE):
        message = confirmation.refusal("rekey_confirm", now["tenant"], digest, confirmed)
        gates += [{"id": "confirmation", "result": BLOCK, "message": message}] if message else []
    entry = _entry(rekey, digest)
    return {
        "mode": rekey.mode,
        "reason": rekey.reason,
        **_judged(gates),
        "notes": list(NOTES[rekey.mode]),
        "steps": _steps(rekey, entry),
        "hash": digest,
        "confirmation": confirmation.wanted(now["tenant"], digest),
        "todo": rekey.todo,
        "status": _status(rekey),
        "entry": entry,
        "others": rekey.rekeys[: len(rekey.rekeys) - bool(rekey.entry)] if entry else rekey.rekeys,
        "proof": rekey.proof,
        "templates": [template["template_id"] for template in now["service"]["templates"]],
        # After the activation the templates are signed with the new key, so there is nothing left to back up.
        "backs_up": rekey.todo == ACTIVATE and rekey.is_active(rekey.old),
        "after": after(rekey, entry or rekey.done),
    }


_EMPTY: dict[str, Any] = {
    "reason": "",
    "steps": [],
    "hash": "",
    "confirmation": "",
    "todo": NOTHING,
    "status": "planned",
    "entry": {},
    "others": [],
    "proof": "",
    "templates": [],
    "backs_up": False,
    "after": [],
}


def _judged(gates: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "gates": gates,
        "blocked": [gate["message"] for gate in gates if gate["result"] == BLOCK],
        "blocked_by": sorted({gate["id"] for gate in gates if gate["result"] == BLOCK}),
        "warnings": [gate["message"] for gate in gates if gate["result"] != BLOCK],
    }


def _digest(rekey: Rekey) -> str:
    """Changes with everything that the plan was decided on, and with nothing that carrying it out changes.

    So it covers neither which key is active, nor the number of the support case, nor dates.
    """
    now = rekey.now
    decided = {
        "tenant": now["tenant"],
        "case": now["case"]["guid"],
        "mode": rekey.mode,
        "reason": rekey.reason,
        "from": bare_id(rekey.old),
    }
    if rekey.mode == "self_service":
        decided |= {
            "to": bare_id(rekey.new),
            "size": str(known_size(rekey, rekey.new)),
            "service_id": bare_id(now["service"]["state"].get("service_id", "")),
            "keys": json.dumps(sorted([bare_id(key["key_identifier"]), key["key_type"]] for key in rekey.keys)),
        }
    return confirmation.digest(decided)


def _entry(rekey: Rekey, digest: str) -> dict[str, Any]:
    """What is to be on record of the rekey now, before anything is done; {} if nothing is to be done."""
    now, mode = rekey.now, rekey.mode
    if rekey.todo == NOTHING:
        return {}
    entry = dict(rekey.entry) or {"id": _id(rekey), "reason": rekey.reason, "opened": now["time"]}
    if rekey.reason not in (entry["reason"], *entry.get("further_reasons", ())):
        entry["further_reasons"] = [*entry.get("further_reasons", ()), rekey.reason]
    if now["support_case"]:
        entry["support_case"] = now["support_case"]
    if rekey.old:
        entry["from_key"] = rekey.old
    if rekey.todo == FINISH:
        entry |= {"to_key": rekey.new, "proof": rekey.proof}
        if rekey.proof == "attested":
            entry["attested"] = {name: text(now["attested"][name]) for name in ("by", "at")}
    if rekey.todo in (OPEN, ACTIVATE):
        entry = {name: value for name, value in entry.items() if name not in ("to_key", "expected_by")}
        entry |= {"mode": mode, "confirmed": digest}
        folder = now["directory"].rstrip("/")
        if mode == "case":
            entry |= {
                "expected_by": _later(now["time"], now["expected_days"]),
                "request_file": f"{folder}/rekey-request-{entry['id']}.txt",
            }
        else:
            entry |= {"to_key": rekey.new, "templates_directory": f"{folder}/templates-{entry['id']}"}
    return entry


def _id(rekey: Rekey) -> str:
    taken = {entry["id"] for entry in (*rekey.now["earlier"], *rekey.rekeys)}
    name = f"rekey-{rekey.now['time'][:10]}"
    return next(one for one in (name, *(f"{name}-{number}" for number in range(2, len(taken) + 3))) if one not in taken)


def _later(time: str, days: int) -> str:
    return (datetime.strptime(time, _TIME) + timedelta(days=days)).strftime(_TIME)


def _status(rekey: Rekey) -> str:
    if rekey.todo == WAIT:
        return "waiting"
    if rekey.todo != NOTHING:
        return "planned"
    if not rekey.done:
        return "unchanged"
    return "changing_over" if clients_left(rekey, rekey.done) else "done"


def _steps(rekey: Rekey, entry: dict[str, Any]) -> list[str]:
    """What would be done, as sentences."""
    now, todo = rekey.now, rekey.todo
    old = rekey.old or "(which is not known here)"
    if todo == NOTHING:
        if rekey.done:
            return [f"Nothing: {rekey.done['id']} was done on {rekey.done['done_at']}, for this reason."]
        return [
            f"Nothing: the key {rekey.new} is the active one already. This software has no rekey to it on record, and puts none on record."
        ]
    if todo == FINISH:
        how = "the tenant shows it" if rekey.proof == "tenant" else f"{entry['attested']['by']} says so"
        steps = [
            f"Put on record that {entry['id']} is done, because {how}: the active key is {rekey.new}, no longer {old}."
        ]
    elif todo == WAIT:
        steps = [
            (
                f"Wait: {entry['id']} was opened on {entry['opened']} and is expected by {entry.get('expected_by', 'an unknown time')}."
                f" The request is in {entry.get('request_file', 'the tenant folder')}."
            ),
            f"When support says that it is done, run again. {_seen(rekey)}",
        ]
    elif todo == OPEN:
        steps = [
            f"Put the rekey on record and write the request into {entry['request_file']}. It is expected by {entry['expected_by']}.",
            (
                "A person opens the support case with it, proves to be an administrator of the tenant, and runs this again with its number"
                " (rekey_support_case)."
            ),
            f"When support has changed the key, run again. {_seen(rekey)}",
        ]
    else:
        count = len(now["service"]["templates"])
        steps = [
            f"Back up all {count} templates to {entry['templates_directory']}, and prove that they are there.",
            f"Make {rekey.new or '(none yet)'} the active key instead of {old}, which becomes an archived one.",
            "Ask in a session of its own: exactly one key is active, it is the new one, and the old one is archived.",
        ]
    if now["clients"]:
        steps.append(
            f"Reset {len(now['clients'])} clients once it is done (by the playbook, unless rekey_reset_clients is false)."
        )
    return steps


def _seen(rekey: Rekey) -> str:
    if rekey.keys and rekey.old:
        return f"The tenant is read, and shows it: another key than {rekey.old} is active, and that one is archived."
    return "A person then says so with rekey_done: {key_id: ..., by: ..., at: ...}, because the tenant cannot be read or its old key is not known."
