# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which PowerShell module of a Windows host can sign in to a tenant's protection service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

NEW, OLD = "AIPService", "AADRM"
# The first AIPService that runs on PowerShell 7, and the first one that takes a service principal.
_ON_CORE = (3, 1, 0, 0)
_SERVICE_PRINCIPAL = (1, 0, 0, 5)  # written 1.0.05 in its documentation
_WINDOWS_POWERSHELL = (5, 1)


def choose(environment: Mapping[str, Any], sign_in: str) -> dict[str, str]:
    """C(name) and C(version) of the module to use, and the C(problem) that there is with it, else empty.

    C(environment) is what roles/aip_service/files/environment.ps1 returns.
    """
    found = sorted(environment["modules"], key=lambda module: (module["name"] == NEW, _version(module["version"])))
    if not found:
        return _unfit("", "", f"It has no module {NEW}. Install it there: Install-Module {NEW}.")
    name, version = found[-1]["name"], found[-1]["version"]
    return _unfit(name, version, _problem(environment, name, version, sign_in))


def _problem(environment: Mapping[str, Any], name: str, version: str, sign_in: str) -> str:
    running = environment["version"]
    if environment["edition"] == "Core" and not (name == NEW and _version(version) >= _ON_CORE):
        return (
            f"Its module {name} {version} does not run on PowerShell {running}. Use Windows PowerShell 5.1 (leave"
            f" aip_service_executable empty), or install {NEW} 3.1.0.0 or later."
        )
    if environment["edition"] != "Core" and _version(running)[:2] < _WINDOWS_POWERSHELL:
        return (
            f"It has Windows PowerShell {running}, and the module needs 5.1. Install Windows Management Framework 5.1."
        )
    if sign_in == "service_principal" and not (name == NEW and _version(version) >= _SERVICE_PRINCIPAL):
        return (
            f"Its module {name} {version} takes no service principal. Install {NEW} 1.0.0.5 or later, or sign in with"
            " access_token or credential (aip_service_sign_in)."
        )
    return ""


def _unfit(name: str, version: str, problem: str) -> dict[str, str]:
    return {"name": name, "version": version, "problem": problem}


def _version(text: str) -> tuple[int, ...]:
    """Four numbers, as .NET compares them; PowerShell may add a label after a hyphen."""
    numbers: Sequence[int] = [int(part) for part in text.partition("-")[0].split(".") if part.isdigit()]
    return tuple([*numbers, 0, 0, 0, 0][:4])
