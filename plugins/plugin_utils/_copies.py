# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the results of looking at a custodian's copy say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

HALVES = {"tpd": "TPD", "password": "password", "private_key": "request's private key"}


def label(copy: Mapping[str, Any]) -> str:
    """How a message calls a copy."""
    return f"{HALVES[copy['what']]} at {copy['custodian']}"


def unseen(result: Mapping[str, Any]) -> str:
    """Why a custodian's copy could not be looked at; empty if it could be."""
    if "problems" in result or "content" in result:
        return ""
    said = str(result.get("msg") or "no reason was given").strip().splitlines()[0]
    return f"It could not be {'reached' if result.get('unreachable') else 'read'}: {said}"


def trouble(result: Mapping[str, Any]) -> str:
    """Everything that is wrong with a copy, in one text; empty if nothing is."""
    return unseen(result) or " ".join(problem["message"] for problem in result.get("problems", ()))
