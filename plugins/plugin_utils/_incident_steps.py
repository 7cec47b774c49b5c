# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far the steps of an incident have got, and what a leaked key opens. A situation is what the filter's documentation names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..module_utils._tpd.contents import bare_id
from ._incidents import INCIDENTS, PLAYBOOK, REKEY, Step

DONE, OPEN, HANDED, NOTHING = "done", "open", "handed to a person", "nothing to do"

Situation = Mapping[str, Any]


def steps(now: Situation) -> list[dict[str, str]]:
    """Each with id, text, by (playbook or person), state, and what there is to say about it."""
    return [_step(now, step) for step in _wanted(now)]


def rekey_on_record(now: Situation) -> Mapping[str, Any]:
    """The rekey that this incident is a reason for, as the role gives it; empty if there is none."""
    reason = f"incident {now['id']}"
    known = now["case"].get("rekeys", ())
    mine = [rekey for rekey in known if reason in (rekey["reason"], *rekey.get("further_reasons", ()))]
    return mine[-1] if mine else {}


def rekeys(now: Situation) -> bool:
    """Whether this incident has the playbook start a rekey."""
    return not INCIDENTS[now["incident"]].refusal or overridden(now)


def overridden(now: Situation) -> bool:
    """Whether a rekey is wanted though it does not help. Before the service is updated there is nothing to gain by it."""
    return now["incident"] == "rights_misused" and bool(now["rekey_anyway"].strip())


def reprotected(now: Situation) -> bool:
    """Whether the copies have got their new password because of this incident."""
    return (now["case"].get("reprotected") or {}).get("id") == now["id"]


def _wanted(now: Situation) -> list[Step]:
    wanted = list(INCIDENTS[now["incident"]].steps)
    if overridden(now):
        wanted.insert(1, REKEY)
    return wanted


def _step(now: Situation, step: Step) -> dict[str, str]:
    state, detail = _STATES[step.id](now) if step.by == PLAYBOOK else (HANDED, "")
    return {"id": step.id, "text": step.text, "by": step.by, "state": state, "detail": detail}


def _evidence(now: Situation) -> tuple[str, str]:
    gaps = now["evidence"]["gaps"]
    return DONE, f"{len(gaps)} gaps: {' '.join(gaps)}" if gaps else "Without gaps."


def _rekey(now: Situation) -> tuple[str, str]:
    record, plan = rekey_on_record(now), now["rekey"]
    if record.get("done_at"):
        return DONE, f"Done at {record['done_at']}. The change-over to the new key takes weeks on clients."
    blocked = plan["plan"].get("blocked", ())
    # A role that refuses says the same when it fails.
    why = f" The role rekey refuses to go on: {' '.join(blocked)}" if blocked else f" {plan['problem']}".rstrip()
    if record:
        case = f", support case {record['support_case']}" if record.get("support_case") else ""
        expected = f" Expected by {record['expected_by']}." if record.get("expected_by") else ""
        return (
            OPEN,
            f"Opened at {record['opened']} ({record['mode']}{case}).{expected} The playbook rekey goes on.{why}",
        )
    if plan["plan"].get("status") == "unchanged":
        return OPEN, f"{' '.join(plan['plan']['steps'])} Make sure that this is not the key that has leaked."
    return OPEN, f"Not started.{why or ' It needs what the playbook asks you to type.'}"


def _reprotect(now: Situation) -> tuple[str, str]:
    if "export" not in now["case"]:
        return NOTHING, "No TPD is on record, so there is no copy."
    if not reprotected(now):
        return OPEN, now["reprotect"]["problem"] or "Not done. It needs what the playbook asks you to type."
    left = now["reprotect"]["left"]
    return (OPEN, f"Left: {' '.join(left)}") if left else (DONE, f"Done at {now['case']['reprotected']['at']}.")


def _super_users(now: Situation) -> tuple[str, str]:
    tenant = now["evidence"]["tenant"]
    if "super_users_enabled" not in tenant:
        return OPEN, "The tenant could not be read. Ask Get-AipServiceSuperUser and Get-AipServiceSuperUserGroup."
    names = [*tenant.get("super_users", ()), *filter(None, [tenant.get("super_user_group")])]
    return DONE, f"The feature is {tenant['super_users_enabled']}. Super users: {', '.join(names) or 'none'}."


def _root_cause(now: Situation) -> tuple[str, str]:
    return DONE, f"{now['directory']}/root-cause.md"


def _keys(now: Situation) -> tuple[str, str]:
    affected = sum(key["affected"] for key in now["keys"])
    if not now["keys"]:
        return OPEN, "No key is known: there is no finished export, and the tenant could not be read."
    return DONE, f"Known keys of this tenant: {len(now['keys'])}, affected: {affected}."


def _prepare(now: Situation) -> tuple[str, str]:
    if not any(key["affected"] for key in now["keys"]):
        return NOTHING, "No known key of this tenant is affected."
    request = f"The text of the request is in {now['directory']}/rekey-request.txt. Nothing was sent."
    blocked = now["rekey"]["plan"].get("blocked", ())
    problem = now["rekey"]["problem"] or (f"The role rekey refuses it: {' '.join(blocked)}" if blocked else "")
    return (OPEN, f"{request} {problem}") if problem else (DONE, request)


_STATES = {
    "evidence": _evidence,
    "opens": lambda _now: (DONE, "See the list below."),
    "rekey": _rekey,
    "reprotect": _reprotect,
    "super_users": _super_users,
    "root_cause": _root_cause,
    "keys": _keys,
    "prepare": _prepare,
}


def opens(now: Situation) -> list[str]:
    """What the leaked key still opens; empty for the other incidents."""
    return list(_opens(now)) if now["incident"] == "key_leaked" else []


def _opens(now: Situation) -> Iterator[str]:
    name, since = _leaked(now)
    done = rekey_on_record(now).get("done_at")
    until = f"the rekey of {done}" if done else "the rekey, which is not done yet"
    yield (
        f"All content that is protected under {name}: from {since} until {until}, and after it whatever still gets the old key"
        " before the change-over is complete."
    )
    yield "The old key stays archived in the service, so that earlier content goes on opening: for its users, and for whoever has it."
    yield "Whoever has the key and a protected file needs no service to open it, so neither revoking nor deactivating stops that."
    for generation in now["generations"]:
        yield f"{generation['directory']}: {generation['opens']}"
    yield "A leaked TPD with a leaked password stays leaked. A new password only helps for copies that did not leak."


def _leaked(now: Situation) -> tuple[str, str]:
    """What the key is called, and since when it was in use."""
    keys = now["evidence"]["tenant"].get("keys", [])
    tpd = now["case"].get("export", {}).get("tpd")
    if tpd:
        found = [key for key in keys if bare_id(key["key_identifier"]) == bare_id(tpd["key_id"])]
        name = f"the key {bare_id(tpd['key_id'])}"
    else:
        found = [key for key in keys if key["status"] == "Active"]
        name = f"the key {bare_id(found[0]['key_identifier'])}" if found else "the tenant key"
    created = found[0].get("creation_time") if found else ""
    return name, f"its creation at {created}" if created else "its creation, whose time is not known here,"
