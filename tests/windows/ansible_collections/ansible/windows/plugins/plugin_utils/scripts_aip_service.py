# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scripts of the role aip_service, and the tenant's protection service that they reach.

The service is the part C(service) of the host's state. Every session is kept in its C(sessions): who signed in how, what was
done, and whether it signed out. A test makes an operation fail, once, with C(faults): C(operation) and C(when). With
C(stubborn) the service takes a key's activation and does not do it. C(admin_log) is the text of the administrators' log.
"""

from __future__ import annotations

import base64
from typing import Any

from .memory import Failure, hashed


def environment(state: dict[str, Any], _parameters: dict[str, Any], _check_mode: bool) -> dict[str, Any]:
    service = state["service"]
    found = {"edition": "Desktop", "version": "5.1.17763.1", "modules": [{"name": "AIPService", "version": "2.0.0.3"}]}
    return {"result": {**found, **service.get("environment", {})}}


def aip_service(state: dict[str, Any], parameters: dict[str, Any], check_mode: bool) -> dict[str, Any]:
    service, operation = state["service"], parameters["Operation"]
    session = {"operation": operation, "sign_in": _sign_in(service, parameters), "signed_out": False}
    service.setdefault("sessions", []).append(session)
    try:
        _fault(service, operation, "before")
        wanted = _WANTED.get(operation, lambda *_: {})(service, parameters)
        changed = any(service.get(name) != value for name, value in wanted.items())
        before = service["functional_state"]
        if not check_mode:
            service.update(wanted)
        _fault(service, operation, "after")
        found = _FOUND[operation](service, parameters)
        if operation == "disable_service":
            found["functional_state_before"] = before
    finally:
        session["signed_out"] = True
    result = {"operation": operation, "module": parameters["Module"], "module_version": parameters["ModuleVersion"]}
    return {"changed": changed, "result": {**result, "found": found}}


def _sign_in(service: dict[str, Any], parameters: dict[str, Any]) -> str:
    """Refuse a secret that is not the right one, where the test has said which one is right."""
    secret = parameters.get("AccessToken") or (parameters.get("Credential") or ("", ""))[1]
    if service.get("secret_sha256", hashed(secret)) != hashed(secret):
        raise Failure("The attempt to connect to the Azure Information Protection service failed.")
    return parameters["SignIn"]


def _fault(service: dict[str, Any], operation: str, when: str) -> None:
    fault = {"operation": operation, "when": when}
    if fault in service.get("faults", []):
        service["faults"].remove(fault)
        raise Failure(f"Imitated fault {when} {operation}.")


def _with_user(service: dict[str, Any], parameters: dict[str, Any]) -> dict[str, Any]:
    users, user = service.get("super_users", []), parameters["EmailAddress"]
    return {"super_users": users if user in users else [*users, user]}


def _with_active(service: dict[str, Any], parameters: dict[str, Any]) -> dict[str, Any]:
    """The keys as they are when this one has become the active one: the others are archived."""
    wanted = parameters["KeyIdentifier"]
    if wanted not in [key["key_identifier"] for key in service["keys"]]:
        raise Failure(f"The key identifier {wanted} is not one of this tenant's.")
    if service.get("stubborn"):
        return {}
    return {
        "keys": [
            {**key, "status": "Active" if key["key_identifier"] == wanted else "Archived"} for key in service["keys"]
        ]
    }


def _template(service: dict[str, Any], wanted: str) -> str:
    for template in service["templates"]:
        if template["template_id"] == wanted:
            return f"<XrML><!-- {wanted} as it was exported --></XrML>"
    raise Failure(f"The template {wanted} is not one of this tenant's.")


def _between(log: str, parameters: dict[str, Any]) -> str:
    """The lines of the log whose time, with which they begin, is not outside of what was asked for."""
    first, last = parameters.get("FromTime", ""), parameters.get("ToTime", "") or "~"
    return "".join(line for line in log.splitlines(keepends=True) if first <= line.split("\t")[0] <= last)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


# What an operation is to bring about.
_WANTED = {
    "enable_super_user": lambda _service, _parameters: {"super_users_enabled": "Enabled"},
    "add_super_user": _with_user,
    "set_super_user_group": lambda _service, parameters: {"super_user_group": parameters["EmailAddress"]},
    "disable_service": lambda _service, _parameters: {"functional_state": "Disabled"},
    "activate_key": _with_active,
}


def _state(service: dict[str, Any]) -> dict[str, Any]:
    url = service.get("licensing_url", "")
    empty = dict.fromkeys(("certification_intranet_url", "certification_extranet_url", "licensor_certificate_guid"), "")
    names = ("functional_state", "service_id", "super_users_enabled", "super_user_group")
    return {
        **empty,
        **{name: service.get(name, "") for name in names},
        "licensing_intranet_url": url,
        "licensing_extranet_url": url,
        "key_rollover_count": str(len(service["keys"]) - 1),
        "super_users": list(service.get("super_users", [])),
    }


_FOUND = {
    "read_functional_state": lambda service, _parameters: {"functional_state": service["functional_state"]},
    "read_state": lambda service, _parameters: _state(service),
    "read_keys": lambda service, _parameters: {"keys": service["keys"]},
    "read_templates": lambda service, _parameters: {"templates": service["templates"]},
    "enable_super_user": lambda service, _parameters: {"super_users_enabled": service["super_users_enabled"]},
    "add_super_user": lambda service, _parameters: {"super_users": list(service.get("super_users", []))},
    "set_super_user_group": lambda service, _parameters: {"super_user_group": service.get("super_user_group", "")},
    "disable_service": lambda service, _parameters: {"functional_state": service["functional_state"]},
    "export_template": lambda service, parameters: {
        "template_id": parameters["TemplateId"],
        "content": _base64(_template(service, parameters["TemplateId"])),
    },
    "activate_key": lambda service, _parameters: {"keys": service["keys"]},
    "read_admin_log": lambda service, parameters: {
        "content": _base64(_between(service.get("admin_log", ""), parameters))
    },
}
