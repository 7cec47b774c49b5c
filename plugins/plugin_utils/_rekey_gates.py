# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must hold before a tenant is rekeyed. Each gate answers one question about a situation.

A gate yields what stands against going on (C(block)) or what the operator should know (C(warn)); one that yields nothing has
passed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from ..module_utils._tpd.contents import bare_id, same_id
from ._attestation import text, time_problems
from ._rekey_state import ACTIVATE, FINISH, NOTHING, OPEN, WAIT, Rekey, microsoft_managed, proof_lacks, shown

BLOCK, WARN = "block", "warn"
# The page advises against it, and Microsoft endorses it no more.
_TOO_SHORT = 1024
_LONGEST_REASON = 400

Answers = Iterator[tuple[str, str]]


def _block(message: str) -> tuple[str, str]:
    return BLOCK, message


def _warn(message: str) -> tuple[str, str]:
    return WARN, message


def rehearsal(rekey: Rekey) -> Answers:
    """No tenant is rekeyed on behalf of a rehearsal."""
    if rekey.now["case"].get("rehearsal"):
        yield _block(
            "This is the case of a rehearsal. A rekey is put on record in the case of a real export; name its folder.",
        )


def reason(rekey: Rekey) -> Answers:
    """Somebody says why."""
    given = rekey.now["reason"].strip()
    if len(given) > _LONGEST_REASON:
        yield _block(
            f"The reason (rekey_reason) has {len(given)} characters, and the custody log takes {_LONGEST_REASON}. Say it shorter.",
        )
    if not given and not rekey.entry and rekey.todo in (OPEN, ACTIVATE):
        yield _block(
            "There is no reason (rekey_reason). The page names two: the company has split into two or more, or the copy of the key"
            " in your possession is believed to be compromised. Without a reason such as these, do not rekey.",
        )


def service(rekey: Rekey) -> Answers:
    """The tenant answers."""
    told = rekey.now["service"]
    if not told["problem"]:
        if told["state"].get("functional_state") == "Disabled" and rekey.todo not in (FINISH, NOTHING):
            yield _block("The service is Disabled. It protects nothing any more, so another key would change nothing.")
        return
    if rekey.mode == "self_service" and rekey.todo != NOTHING:
        yield _block(f"The tenant could not be read. {told['problem']}")
    elif rekey.todo in (OPEN, WAIT):
        yield _warn(
            f"The tenant could not be read. {told['problem']} So the software cannot see when support has changed the key; a person"
            " has to say so (rekey_done).",
        )


def tenant(rekey: Rekey) -> Answers:
    """It is this tenant that answers."""
    found = rekey.now["service"]["state"].get("service_id", "")
    tpd = rekey.now["case"].get("export", {}).get("tpd", {})
    host = urlsplit(tpd.get("licensing_url") or "").hostname or ""
    expected = host.partition(".")[0] or rekey.now["service_id"]
    if not found:
        return
    if not expected:
        yield _warn(
            "Nothing on record says which tenant this is. The one that aip_service signs in to has the service id"
            f" {found}; make sure that it is {rekey.now['tenant']}.",
        )
    elif not same_id(found, expected):
        yield _block(
            f"This is another tenant: aip_service signs in to one with the service id {found}, and that of {rekey.now['tenant']} is"
            f" {expected}.",
        )


def keys(rekey: Rekey) -> Answers:
    """Exactly one key is active, and there is another one to change to."""
    if rekey.now["service"]["problem"] or rekey.todo not in (OPEN, ACTIVATE):
        return
    if len(rekey.active) != 1:
        yield _block(
            f"The tenant shows {len(rekey.active)} active keys, not one. It has: {shown(rekey.keys) or 'none'}.",
        )
    if rekey.todo == ACTIVATE and rekey.target_problem:
        yield BLOCK, rekey.target_problem
    others = [key for key in rekey.keys if microsoft_managed(key) and key not in rekey.active]
    if rekey.todo == OPEN and others:
        yield _warn(
            f"The tenant has a Microsoft-managed key that it can change to without a support case (rekey_mode: self_service): {shown(others)}.",
        )


def target(rekey: Rekey) -> Answers:
    """The key that is to become the active one is fit for it."""
    key = rekey.key(rekey.new)
    if rekey.todo != ACTIVATE or key is None:
        return
    name = key["key_identifier"]
    if not microsoft_managed(key):
        yield _block(
            f"The key {name} is {key['key_type']}. A change to a key of your own is not what this role does, and after it the old key"
            " can no longer be exported.",
        )
        return
    size = known_size(rekey, name)
    if size is None or size <= _TOO_SHORT:
        yield _size(rekey, name, size)
    earlier = rekey.given_up(name)
    if earlier:
        yield _warn(
            f"The key {name} was given up on {earlier['done_at']} ({earlier['id']}), for this reason: {earlier['reason']}. You go back"
            " to it.",
        )


def _size(rekey: Rekey, name: str, size: int | None) -> tuple[str, str]:
    allowed = rekey.now["allow_1024"]
    if size is not None:
        text_ = f"The key {name} has {size} bits, which Microsoft advises against unless you are in the middle of a migration from AD RMS."
        rest = " Allowed by rekey_allow_1024." if allowed else " If it must be so, set rekey_allow_1024."
    else:
        text_ = (
            f"How many bits the key {name} has is unknown: the service does not tell that of Microsoft-managed keys."
        )
        rest = (
            " Allowed by rekey_allow_1024."
            if allowed
            else " A key that came from AD RMS has what tpd_info says of its TPD (key_size); a key that Microsoft made has 2048."
            " Say it with rekey_key_sizes, or do without by setting rekey_allow_1024."
        )
    return (WARN if allowed else BLOCK), text_ + rest


def known_size(rekey: Rekey, name: str) -> int | None:
    """In bits: what the operator says, or the TPD of the case."""
    for key, size in rekey.now["key_sizes"].items():
        if same_id(str(key), name):
            return int(size)
    tpd = rekey.now["case"].get("export", {}).get("tpd", {})
    if tpd.get("key_id") and same_id(tpd["key_id"], name):
        return tpd.get("key_size") or None
    return None


def under_way(rekey: Rekey) -> Answers:
    """What has been begun is brought to its end before something else is begun."""
    entry, todo = rekey.entry, rekey.todo
    if entry and entry["mode"] != rekey.mode and todo in (OPEN, ACTIVATE):
        case = entry.get("support_case")
        yield _warn(
            f"{entry['id']} was begun with rekey_mode {entry['mode']} and goes on with {rekey.mode}."
            + (f" Withdraw the support case {case or 'that was opened for it'}." if entry["mode"] == "case" else ""),
        )
    if todo == WAIT:
        if rekey.now["time"] > entry.get("expected_by", "~"):
            yield _warn(f"It is overdue since {entry['expected_by']}: ask support.")
        lacks = proof_lacks(rekey.keys, rekey.old, "")
        if rekey.keys and not rekey.is_active(rekey.old):
            yield _warn(f"The tenant does not show that it is done. {lacks}")
    if rekey.done and rekey.keys and rekey.new and not rekey.is_active(rekey.new):
        yield _warn(
            f"{rekey.done['id']} made {rekey.new} the active key, but the tenant has: {shown(rekey.keys)}. If that is not meant to be,"
            " rekey again, for another reason.",
        )


def attestation(rekey: Rekey) -> Answers:
    """What a person says is complete, can be, and is not at odds with what the tenant shows."""
    given: Mapping[str, object] = rekey.now["attested"]
    if not rekey.attested or rekey.mode != "case" or rekey.todo == NOTHING:
        return
    if not rekey.entry:
        yield _block(
            "rekey_done says that a rekey is done, but none is under way on record. Open it first, or clear rekey_done.",
        )
        return
    named = {"key_id": "which key is active now", "by": "who says so", "at": "when it was seen"}
    for name, what in named.items():
        if not text(given.get(name)):
            yield _block(f"rekey_done does not say {what} ({name}).")
    unknown = sorted(str(name) for name in given if name not in named)
    if unknown:
        yield _block(f"rekey_done has what it does not need: {', '.join(unknown)}. Give {', '.join(named)}.")
    if text(given.get("at")):
        opened = rekey.entry["opened"]
        for problem in time_problems(
            text(given["at"]), rekey.now["time"], opened, f"is before the rekey was opened ({opened})."
        ):
            yield _block(f"rekey_done: {problem}")
    key = bare_id(text(given.get("key_id")))
    if key and rekey.old and same_id(key, rekey.old):
        yield _block(f"rekey_done names {key}, but that is the key that was to be given up.")
    elif rekey.keys and key and not rekey.is_active(key):
        yield _block(f"rekey_done names {key} as the active key, but the tenant has: {shown(rekey.keys)}.")


GATES = {
    "rehearsal": rehearsal,
    "reason": reason,
    "service": service,
    "tenant": tenant,
    "keys": keys,
    "target": target,
    "under_way": under_way,
    "attestation": attestation,
}
