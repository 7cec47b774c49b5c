# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What operations that open a TPD ask of it: the options that say what the caller knows, the checks, and their facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._tpd import passwords, preflight
from ._tpd.contents import Contents
from ._tpd.preflight import Check, Expectations
from ._tpd.tpd import Tpd

# How a tenant proves that a TPD is its own; documented in the fragment `tenant`.
TENANT_OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "tenant_service_id": {"type": "str"},
    "tenant_key_ids": {"type": "list", "elements": "str", "no_log": False},
}


def inspect(opened: Tpd, secret: str, expected: Expectations) -> tuple[Contents, list[Check]]:
    """The contents of a TPD that its password has opened, and every check on it."""
    contents = Contents(opened)
    weakness = passwords.weakness(secret)
    strength = Check(
        "password_strength", preflight.WARN if weakness else preflight.PASS, weakness or "The password is strong."
    )
    return contents, [*preflight.check(contents, expected), strength]


def expectations(params: Mapping[str, Any]) -> Expectations:
    """What the caller knows, from those of the options that the operation has."""
    return Expectations(
        licensing_urls=params.get("licensing_urls") or (),
        current_template_guids=params.get("current_template_guids"),
        tenant_service_id=params.get("tenant_service_id"),
        tenant_key_ids=params.get("tenant_key_ids") or (),
        fips=params.get("fips"),
    )


def check_facts(checks: list[Check]) -> dict[str, Any]:
    """The return values C(checks) and C(importable)."""
    facts = [{"id": check.id, "result": check.result, "message": check.message} for check in checks]
    return {"checks": facts, "importable": preflight.importable(checks)}
