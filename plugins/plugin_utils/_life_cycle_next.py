# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be done next for a tenant. A step is a few words, for a table, and a sentence with the command or the variable."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..module_utils._tpd.contents import bare_id
from ._life_cycle_facts import Known, lasted

Steps = Iterator[tuple[str, str]]

BEFORE_EXPORT = ("none", "opened", "requested", "waiting", "replied")
# Who leaves in one of these ways needs no AD RMS.
_WITHOUT_IMPORT = ("unprotect", "recovery")
_SOON = 30


def command(known: Known, playbook: str, *extra: str) -> str:
    """What to type; the inventory is that of this run."""
    given = "".join(f" -e {each}" for each in (f"tenant_key_hosts={known.host}", *extra))
    return f"ansible-playbook infoprotect.tenant_key.{playbook}{given}"


# -- what each stage leads to --------------------------------------------------------------------------------------------


def _none(known: Known) -> Steps:
    yield (
        "export, if wanted",
        (
            f"There is no case in {known.directory}. If this tenant's key is to be exported, begin with"
            f" {command(known, 'export')}. As long as nobody needs it, nothing has to be done."
        ),
    )


def _opened(known: Known) -> Steps:
    yield (
        "export",
        f"The case was opened, and there is no request key yet: a run was stopped. Go on with {command(known, 'export')}.",
    )


def _requested(known: Known) -> Steps:
    public = known.part("key").get("public_key_file", "")
    yield (
        "send the request",
        (
            f"Send {known.directory}/support-request.txt and {public}, and nothing else, to Microsoft support: an Azure Information"
            " Protection support case with a request for a key export. Then put its number into export_support_case and go on with"
            f" {command(known, 'export')}."
        ),
    )


def _waiting(known: Known) -> Steps:
    yield (
        "wait for the reply",
        (
            f"Wait for support's reply, expected by {known.case.get('expected_by')}. Put it (TPD-<GUID>.xml) into {known.directory},"
            f" or name it with export_reply_file, and go on with {command(known, 'export')}."
        ),
    )
    if known.part("key").get("private_key_file") and not known.part("key_copies").get("copies"):
        yield (
            "keep the request's key",
            (
                "Without the request's private key the reply is worthless, and no copy of it is on record. Name a custodian for it"
                f" in custody_copies (what: private_key) and go on with {command(known, 'export')}."
            ),
        )


def _replied(known: Known) -> Steps:
    paths = [file["path"] for file in known.replies]
    if len(paths) > 1:
        text = f"There are several replies: {', '.join(paths)}. Leave the one that belongs to this case's request."
        yield "sort out the replies", text
    yield "export", f"Support's reply is there ({paths[0]}). Decrypt it with {command(known, 'export')}."


def _exported(known: Known) -> Steps:
    named = "" if known.settings["copies_planned"] else "Name custodians in custody_copies. "
    yield (
        "place the copies",
        (
            f"Password and TPD lie together in {known.directory} and with no custodian. {named}Place them with"
            f" {command(known, 'export')}."
        ),
    )


def _placed(known: Known) -> Steps:
    if known.purpose == "leave":
        if known.settings["way"] in _WITHOUT_IMPORT or known.waived("import"):
            yield from _deactivate(known)
            return
        named = "" if known.settings["adrms_host"] else "Name a server of the AD RMS cluster in adrms_import_host. "
        yield "import into AD RMS", f"{named}Bring the key into AD RMS with {command(known, 'adrms_import')}."
    elif known.purpose == "split" and not known.rekeys:
        yield (
            "rekey",
            (
                "Hand copies over to the other company, and have the tenant key renewed, so that they open no new content:"
                f" {command(known, 'rekey', 'rekey_mode=case', 'rekey_reason=...')} shows the plan."
            ),
        )


def _imported(known: Known) -> Steps:
    yield (
        "attest the import",
        (
            "Open a document that was protected before the export through AD RMS: only that shows that the key works. Then say so in"
            f" adrms_import_attestation (by, at, document), and go on with {command(known, 'adrms_import')}."
        ),
    )


def _deactivate(known: Known) -> Steps:
    if known.purpose == "leave":
        yield (
            "deactivate the service",
            f"Deactivate the service without delay. {command(known, 'decommission')} shows what stands against it and what to type.",
        )


def _deactivated(known: Known) -> Steps:
    if known.state == "Enabled":  # somebody has turned it on again
        yield from _deactivate(known)
        return
    if not known.deactivated:
        yield (
            "put it on record",
            (
                "The tenant says that the service is Disabled, and that is not on record, so the exposure still counts."
                f" {command(known, 'decommission')} shows how to put it on record."
            ),
        )


_OF_STAGE: Mapping[str, Callable[[Known], Steps]] = {
    "none": _none,
    "opened": _opened,
    "requested": _requested,
    "waiting": _waiting,
    "replied": _replied,
    "exported": _exported,
    "placed": _placed,
    "imported": _imported,
    "attested": _deactivate,
    "deactivated": _deactivated,
}


# -- what comes beside it ------------------------------------------------------------------------------------------------


def _incidents(known: Known) -> Steps:
    for incident in known.incidents:
        row = incident["incident"]
        lies = f" Its folder is {incident['directory']}." if incident.get("directory") else ""
        yield (
            "go on with the incident",
            (
                f"The incident {incident['id']} is open.{lies} Go on with"
                f" {command(known, 'breach_response', f'breach_incident={row}')}, and when it is over, close it with"
                " breach_response_close (what was found out)."
            ),
        )


def _rekey(known: Known) -> Steps:
    rekey = known.rekey
    if rekey and rekey["mode"] == "case":
        case = f" (support case {rekey['support_case']})" if rekey.get("support_case") else ""
        until = f", expected by {rekey['expected_by']}" if rekey.get("expected_by") else ""
        yield (
            "wait for the rekey",
            (
                f"The rekey {rekey['id']} is waited for{case}{until}. See whether support has changed the key with"
                f" {_rekey_again(known, rekey, 'all')}."
            ),
        )
    elif rekey:
        yield (
            "go on with the rekey",
            f"The rekey {rekey['id']} was begun and is not proven. {_rekey_again(known, rekey, 'plan')} shows what is left to do.",
        )
    elif known.clients_left:
        yield (
            "reset clients",
            (
                f"Clients that were not reset since the rekey {known.rekeyed['id']}: {len(known.clients_left)}. Go on with the"
                f" change-over: {_rekey_again(known, known.rekeyed, 'all')}."
            ),
        )


def _rekey_again(known: Known, rekey: Mapping[str, Any], phase: str) -> str:
    """Who goes on with a rekey need not say again why."""
    return command(known, "rekey", f"rekey_mode={rekey['mode']}", f"rekey_phase={phase}")


def _new_key(known: Known) -> Steps:
    """What is protected now needs the key that is active now."""
    active = known.active_key
    if not active or not known.exported or bare_id(active["key_identifier"]) in known.held_keys or not _managed(active):
        return
    yield (
        "export the active key",
        (
            f"The tenant's active key {active['key_identifier']} is not the exported one, so what is protected now does not open with"
            " it. Keep the exported one for older content. To export the active one, begin a case in a folder of its own"
            " (tenant_key_directory), name this folder in custody_earlier_directories, and run"
            f" {command(known, 'export')}."
        ),
    )


def _managed(key: Mapping[str, Any]) -> bool:
    """Whether it is one that support can export."""
    return str(key.get("key_type", "Microsoft-managed")).lower().startswith("microsoft")


def _not_exportable(known: Known, stage: str) -> Steps:
    """What ends the export: another kind of key, a service that is off, a subscription that runs out."""
    if stage not in BEFORE_EXPORT:
        return
    if not _managed(known.active_key):
        kind = known.active_key["key_type"]
        text = (
            f"The tenant's active key is {kind}: support exports Microsoft-managed keys only. Use your own copy of it."
        )
        yield "use your own key", text
    if known.state == "Disabled":
        text = "The tenant says that the service is Disabled. Ask support whether the key can still be exported before you go on."
        yield "ask support", text
    ends = known.settings["subscription_ends"]
    left = -known.since(ends)
    if ends and 0 <= left <= _SOON * 86400:
        yield (
            "export before the end",
            f"The subscription ends on {ends}, in {lasted(left)}, and after that the key can no longer be exported.",
        )


def _working_copies(known: Known, stage: str) -> Steps:
    """They are destroyed last: an import takes them."""
    needed = known.purpose == "leave" and stage not in ("attested", "deactivated") and not known.waived("import")
    if known.working_copies and known.part("placed") and not known.too_few and not needed:
        yield (
            "destroy working copies",
            (
                f"Password and TPD, or what yields them, still lie in {known.directory}: {', '.join(known.working_copies)}."
                f" {command(known, 'export', 'custody_destroy_working_copies=true')} destroys them once every copy is verified."
            ),
        )


def next_steps(known: Known, stage: str) -> list[tuple[str, str]]:
    """The most urgent one first."""
    if known.rehearsal and known.exported:
        return []  # it has shown what it was to show
    return [
        *_incidents(known),
        *_not_exportable(known, stage),
        *_OF_STAGE[stage](known),
        *_rekey(known),
        *_new_key(known),
        *_working_copies(known, stage),
    ]
