# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a decommission: what the gates say, what is to be done, and what somebody has to type to have it done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..module_utils._tpd.contents import bare_id
from . import _confirmation as confirmation
from ._decommission_gates import BLOCK, GATES, PASS, REDIRECTING, WITH_CLIENTS, Situation, covered


def plan(now: Situation, confirmed: str | None) -> dict[str, Any]:
    """The plan; its members are named in the documentation of the filter. C(confirmed) None: nothing needs to be typed yet."""
    if not now["case"].get("export"):
        text = f"There is no finished export in {now['directory']}. Run the export first; it ends with export_status complete."
        return _shown(now, [{"id": "export", "result": BLOCK, "message": text}], "")
    now = {**now, "service": _decided(now)}
    gates = [answer for name, gate in GATES.items() for answer in _answers(name, gate(now))]
    digest = _digest(now)
    if confirmed is not None and not _done(now, digest):
        message = confirmation.refusal("decommission_confirm", now["tenant"], digest, confirmed)
        gates += _answers("confirmation", [(BLOCK, message)] if message else [])
    return _shown(now, gates, digest)


def _answers(name: str, answers: Any) -> list[dict[str, str]]:
    found = [{"id": name, "result": result, "message": message} for result, message in answers]
    return found or [{"id": name, "result": PASS, "message": ""}]


def _shown(now: Situation, gates: list[dict[str, str]], digest: str) -> dict[str, Any]:
    service = now["service"]
    return {
        "way": now["way"],
        "gates": gates,
        "blocked": [gate["message"] for gate in gates if gate["result"] == BLOCK],
        "blocked_by": sorted({gate["id"] for gate in gates if gate["result"] == BLOCK}),
        "hash": digest,
        "confirmation": confirmation.wanted(now["tenant"], digest) if digest else "",
        "steps": _steps(now),
        "tenant": {
            "service_id": service["state"].get("service_id", ""),
            "keys": service["keys"],
            "templates": service["templates"],
        },
    }


def _decided(now: Situation) -> Mapping[str, Any]:
    """The tenant as it was when somebody confirmed, once the service is off: it need not tell its keys any more."""
    service, record = now["service"], now["case"].get("decommission", {}).get("tenant")
    if service["state"].get("functional_state") != "Disabled" or not record:
        return service
    state = {"service_id": record["service_id"], **service["state"]}
    return {"state": state, "keys": record["keys"], "templates": record["templates"], "problem": ""}


def _done(now: Situation, digest: str) -> bool:
    """Whether this very plan has been carried out to its end."""
    record = now["case"].get("decommission", {})
    disabled = now["service"]["state"].get("functional_state") == "Disabled"
    return disabled and "deactivated" in record and record.get("confirmed", {}).get("hash") == digest


def _digest(now: Situation) -> str:
    """Changes with everything that the plan was decided on, and with nothing that carrying it out changes.

    So it covers neither the state of the service, nor its super users, nor what was logged; and nothing that passes by
    itself, such as a custodian who cannot be reached today.
    """
    case, service = now["case"], now["service"]
    decided = {
        "tenant": now["tenant"],
        "case": case["guid"],
        "way": now["way"],
        "service_id": bare_id(service["state"].get("service_id", "")),
        "keys": sorted([bare_id(key["key_identifier"]), key["status"], key["key_type"]] for key in service["keys"]),
        "templates": sorted(bare_id(template["template_id"]) for template in service["templates"]),
        "tpd": [case["export"]["sha256"]["tpd"], case["export"]["tpd"]["fingerprint"]],
        "covered": covered(now),
        "copies": sorted(
            [copy["what"], copy["custodian"], copy["host"], copy["file"]]
            for copy in case.get("placed", {}).get("copies", ())
        ),
        "waived": [now["waived_keys"], now["import_waived"], now["templates_waived"]],
        "super_user": [now["super_user"], now["super_user_group"]],
        "clients": sorted(now["clients"]) if now["way"] in WITH_CLIENTS else [],
    }
    return confirmation.digest(decided)


def _steps(now: Situation) -> list[str]:
    """What would be done, as sentences."""
    state, count = now["service"]["state"], len(now["clients"])
    steps = []
    if now["way"] in REDIRECTING:
        steps.append(f"Reset {count} clients and redirect them to AD RMS.")
    if now["way"] in ("redirect_all", "recovery"):
        steps.append(f"Let {count} clients protect nothing new.")
    if now["super_user"] or now["super_user_group"]:
        who = " and ".join(name for name in (now["super_user"], now["super_user_group"]) if name)
        steps.append(
            f"Turn the super user feature on for {who} (now: {state.get('super_users_enabled') or 'unknown'})."
        )
    if state.get("functional_state") == "Disabled":
        return [*steps, "The service is Disabled already; put that on record."]
    return [
        *steps,
        f"Deactivate the service (now: {state.get('functional_state') or 'unknown'}) and prove that it is Disabled.",
    ]
