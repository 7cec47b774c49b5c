# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a TPD holds, and whether importers are known to refuse it. Reads only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._files import read_file
from .._inputs import LARGEST_DOCUMENT, PASSWORD_OPTIONS, about, password
from .._operation import Operation, Result
from .._tpd import TpdError, passwords, preflight, primitives, tpd
from .._tpd.contents import Contents
from .._tpd.preflight import Check, Expectations

# How a tenant proves that a TPD is its own; documented in the fragment `tenant`.
TENANT_OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "tenant_service_id": {"type": "str"},
    "tenant_key_ids": {"type": "list", "elements": "str", "no_log": False},
}


def run(params: Mapping[str, Any], check_mode: bool) -> Result:
    """Open and look. Check mode makes no difference, as nothing is changed."""
    content, secret = _content(params), password(params)
    with about(params["path"] or "The given content"):
        contents, checks = inspect(content, secret, expectations(params))
    return {"changed": False, "tpd": contents.facts(), **check_facts(checks)}


def inspect(content: bytes, secret: str, expected: Expectations) -> tuple[Contents, list[Check]]:
    """The contents of a TPD file and every check on it."""
    contents = Contents(tpd.open(content, secret))
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


def _content(params: Mapping[str, Any]) -> bytes:
    if params["path"] is not None:
        return read_file(params["path"], LARGEST_DOCUMENT, "TPD")
    content = primitives.b64decode(params["content"])
    if not content:
        raise TpdError("The given content is empty or not base64. Use the b64encode filter on the file's bytes.")
    return content


OPERATION = Operation(
    argument_spec={
        "path": {"type": "path"},
        "content": {"type": "str", "no_log": True},
        **PASSWORD_OPTIONS,
        "licensing_urls": {"type": "list", "elements": "str"},
        "current_template_guids": {"type": "list", "elements": "str"},
        **TENANT_OPTIONS,
        "fips": {"type": "bool"},
    },
    mutually_exclusive=(("path", "content"), ("password", "password_file")),
    required_one_of=(("path", "content"), ("password", "password_file")),
    run=run,
)
