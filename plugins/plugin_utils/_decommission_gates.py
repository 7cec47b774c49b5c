# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must hold before a tenant's protection service is deactivated. Each gate answers one question about a situation.

A situation is the dictionary that the filter decommission_plan documents. A gate yields what stands against going on
(C(block)) or what the operator should know (C(warn)); a gate that yields nothing has passed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from ..module_utils._tpd.contents import bare_id, same_id

BLOCK, WARN, PASS = "block", "warn", "pass"
REDIRECTING = ("redirect", "redirect_all")
# Ways that change clients, and those that need somebody who opens everything.
WITH_CLIENTS = (*REDIRECTING, "recovery")
WITH_SUPER_USER = ("unprotect", "recovery")
# Findings of an audit without which there is no custody to speak of. Of other bad copies enough good ones make up.
_CUSTODY = ("too_few_copies", "log_missing", "log_damaged", "log_not_anchored")
_SOON = 30

Situation = Mapping[str, Any]
Answers = Iterator[tuple[str, str]]


def _block(message: str) -> tuple[str, str]:
    return BLOCK, message


def _warn(message: str) -> tuple[str, str]:
    return WARN, message


def _off(now: Situation) -> bool:
    return now["service"]["state"].get("functional_state") == "Disabled"


def purpose(now: Situation) -> Answers:
    """The case was opened in order to leave."""
    if now["case"].get("purpose") != "leave":
        yield _block(
            f"The case's purpose is {now['case'].get('purpose')}, not leave. If the tenant is to be left after all, run the"
            " export again with export_purpose: leave.",
        )


def rehearsal(now: Situation) -> Answers:
    """No rehearsal's key stands in for the tenant's."""
    opened = [now["drill"].get("tpd") or {}, *(entry["tpd"] for entry in now["archived"])]
    if now["case"].get("rehearsal") or any(tpd.get("rehearsal") for tpd in opened):
        yield _block("This is a rehearsal: its key opens no document of the tenant. Use the case of a real export.")


def custody(now: Situation) -> Answers:
    """Enough copies are good now, and the log can be relied on."""
    for finding in now["findings"]:
        if finding["id"] in _CUSTODY:
            yield _block(finding["message"])
        elif finding["id"] not in ("service_active", "working_copy", "request_key_kept"):
            yield _warn(finding["message"])


def recovery(now: Situation) -> Answers:
    """The pair comes back from custodians and opens."""
    if not now["drill"].get("passed"):
        yield _block(f"The recovery drill has not passed: {now['drill'].get('failure') or 'nothing was brought back.'}")


def service(now: Situation) -> Answers:
    """The tenant answers."""
    if now["service"]["problem"]:
        kind = WARN if _off(now) else BLOCK
        rest = " The service is Disabled already, so nothing more can be lost by it." if kind == WARN else ""
        yield kind, f"The tenant could not be read. {now['service']['problem']}{rest}"


def tenant(now: Situation) -> Answers:
    """The TPD is this tenant's: service id and key id."""
    tpd, state = now["drill"].get("tpd") or {}, now["service"]["state"]
    if not tpd or now["service"]["problem"]:
        return  # said by recovery or service
    host = urlsplit(tpd.get("licensing_url") or "").hostname or ""
    if not state.get("service_id") or not same_id(host.partition(".")[0], state["service_id"]):
        yield _block(
            f"The TPD is of another tenant: its licensing URL is {tpd.get('licensing_url')}, and the tenant's service id is"
            f" {state.get('service_id') or 'unknown'}. Check which tenant aip_service signs in to.",
        )
    known = [key["key_identifier"] for key in now["service"]["keys"]]
    if known and not any(same_id(tpd["key_id"], key) for key in known):
        yield _block(
            f"The TPD's key {tpd['key_id']} is none of the tenant's keys ({', '.join(known)}). Ask support for an export again.",
        )


def archived(now: Situation) -> Answers:
    """Further TPDs open."""
    for entry in now["archived"]:
        if entry["problem"]:
            yield _block(f"{entry['file']} of adrms_import_archived cannot be used. {entry['problem']}")


def keys(now: Situation) -> Answers:
    """Every key of the tenant is covered by a TPD, or waived with a reason."""
    waived = {bare_id(key): str(reason).strip() for key, reason in now["waived_keys"].items()}
    if not now["service"]["keys"] and not now["service"]["problem"]:
        yield _block("The tenant has shown no key. Check with Get-AipServiceKeys what it has.")
    for key in now["service"]["keys"]:
        name = bare_id(key["key_identifier"])
        reason = waived.pop(name, None)
        if name in covered(now):
            continue
        shown = f"{key['key_identifier']} ({key['status']}, {key['key_type']})"
        if not reason:
            yield _block(
                f"No TPD covers the tenant's key {shown}. What it protects would be lost. Ask support for its export and name"
                " the TPD in adrms_import_archived, or waive it with a reason in decommission_waived_keys.",
            )
        else:
            yield _warn(f"No TPD covers the tenant's key {shown}; waived: {reason}")
    if now["service"]["keys"]:
        for name in sorted(waived):
            yield _warn(f"decommission_waived_keys names {name}, which is no key of the tenant.")


def adrms(now: Situation) -> Answers:
    """Where clients are sent to AD RMS, it has every TPD, and a person has seen a document open."""
    if now["way"] not in REDIRECTING:
        return
    kind = WARN if now["import_waived"].strip() else BLOCK
    waive = "or waive that with a reason (decommission_import_waived)."
    rest = f"Waived: {now['import_waived']}" if kind == WARN else f"Run the playbook adrms_import, {waive}"
    opened = rest if kind == WARN else f"Have somebody open one and vouch for it (adrms_import_attestation), {waive}"
    imported = {
        bare_id(event["details"].get("key_id") or now["case"]["export"]["tpd"]["key_id"])
        for event in now["events"]
        if event["event"] == "imported"
    }
    for name in sorted(set(covered(now)) - imported):
        yield kind, f"The custody log does not show that AD RMS has the TPD of the key {name} (imported). {rest}"
    if not any(event["event"] == "attested" for event in now["events"]):
        yield kind, f"The custody log does not show that a document opens through AD RMS (attested). {opened}"


def super_user(now: Situation) -> Answers:
    """Somebody can open everything, or will be able to."""
    state = now["service"]["state"]
    group, wanted = state.get("super_user_group"), now["super_user_group"]
    if wanted and group and group.lower() != wanted.lower():
        yield _block(
            f"The super user group is {group}, and a tenant has only one: {wanted} would take its place. Clear it, or name it in"
            " decommission_super_user_group.",
        )
    if now["way"] not in WITH_SUPER_USER or now["service"]["problem"] or _off(now):
        return
    planned = now["super_user"] or wanted
    proven = state.get("super_users_enabled") == "Enabled" and (group or state.get("super_users"))
    if not planned and not proven:
        yield _block(
            f"The way {now['way']} needs a super user, and the tenant has none: the feature is"
            f" {state.get('super_users_enabled') or 'unknown'}. Name one with decommission_super_user or"
            " decommission_super_user_group.",
        )


def templates(now: Situation) -> Answers:
    """The TPD has every template that the tenant has now."""
    tpd = now["drill"].get("tpd") or {}
    held = {bare_id(template["guid"] or "") for template in tpd.get("templates", ())}
    missing = sorted({bare_id(template["template_id"]) for template in now["service"]["templates"]} - held)
    if not tpd or not missing:
        return
    text = (
        f"The export is stale: the TPD lacks {len(missing)} of the tenant's templates ({', '.join(missing)}). What was protected"
        " with them opens for AD RMS super users only."
    )
    if now["templates_waived"].strip():
        yield _warn(f"{text} Waived: {now['templates_waived']}")
    else:
        yield _block(
            f"{text} Ask support for the export again, or waive that with a reason (decommission_templates_waived).",
        )


def subscription(now: Situation) -> Answers:
    """The subscription lasts; after its end nothing can be exported any more."""
    if not now["subscription_ends"]:
        yield _warn(
            "When the subscription ends is unknown. After that no key can be exported. Set decommission_subscription_ends.",
        )
        return
    try:
        left = (date.fromisoformat(str(now["subscription_ends"])) - date.fromisoformat(now["today"])).days
    except ValueError:
        yield _block("decommission_subscription_ends is no date. Write it as YYYY-MM-DD.")
        return
    if left < 0:
        yield _block(
            f"The subscription has ended on {now['subscription_ends']}, so the service may be gone. Find out what the tenant still"
            " answers, then correct or remove decommission_subscription_ends.",
        )
    elif left <= _SOON:
        yield _warn(
            f"The subscription ends on {now['subscription_ends']}, in {left} days. After that no key can be exported.",
        )


def dependants(now: Situation) -> Answers:
    """What else uses the service; none of it can be read here."""
    yield _warn(
        "Check by hand what else uses the service, and take it off first: Exchange Online and Exchange Server (IRM configuration,"
        " transport rules), SharePoint and OneDrive (IRM-protected libraries), the Rights Management connector (Exchange,"
        " SharePoint, file classification), sensitivity labels that protect, and applications with an SDK.",
    )


def clients(now: Situation) -> Answers:
    """There are clients to prepare."""
    if now["way"] in WITH_CLIENTS and not now["clients"]:
        yield _warn(
            f"The way {now['way']} changes clients, and no host of the group tenant_key_clients names this tenant's host as its"
            " tenant_key_host. Prepare them by other means, such as a Group Policy.",
        )


GATES = {
    gate.__name__: gate
    for gate in (
        purpose,
        rehearsal,
        custody,
        recovery,
        service,
        tenant,
        archived,
        keys,
        adrms,
        super_user,
        templates,
        subscription,
        dependants,
        clients,
    )
}


def covered(now: Situation) -> dict[str, str]:
    """The fingerprint of the key in each TPD at hand, by key id."""
    own = (now["case"].get("export") or {}).get("tpd")
    found = [own] if own else []
    found += [entry["tpd"] for entry in now["archived"] if entry["tpd"]]
    return {bare_id(tpd["key_id"]): tpd["fingerprint"] for tpd in found}
