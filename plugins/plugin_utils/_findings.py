# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an audit of a tenant's custody finds. Every finding has an id, a severity and a sentence."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ._copies import HALVES, label, unseen
from ._vaults import decoded

ERROR, WARNING = "error", "warning"
_DAY = 86400
_HEAD = re.compile(r"[0-9a-f]{64}", re.ASCII)

Finding = dict[str, str]


def _finding(name: str, severity: str, message: str) -> Finding:
    return {"id": name, "severity": severity, "message": message}


def anchors(results: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What the anchors that could be read say, each once: C(seq), C(head), and C(custodians) that have it."""
    found: dict[tuple[int, str], list[str]] = {}
    for result in results:
        anchor = _anchor(result)
        if anchor is not None:
            found.setdefault(anchor, []).append(result["item"]["custodian"])
    return [{"seq": seq, "head": head, "custodians": found[seq, head]} for seq, head in sorted(found)]


def _anchor(result: Mapping[str, Any]) -> tuple[int, str] | None:
    """What the file says; None where it is not there or was tampered with, so that it may say anything."""
    try:
        said = json.loads(decoded(result.get("content", ""), "anchor"))
    except (ValueError, RecursionError):
        return None
    seq, head = (said.get("seq"), said.get("head")) if isinstance(said, dict) else (None, None)
    counts = isinstance(seq, int) and not isinstance(seq, bool) and seq > 0
    return (seq, head) if counts and _HEAD.fullmatch(str(head)) else None


def findings(seen: Mapping[str, Any]) -> list[Finding]:
    """All of them; the parts of C(seen) are named in the documentation of the filter."""
    if not seen["case"]:
        text = f"There is no case record in {seen['directory']}, so nothing is known about a tenant key of {seen['tenant']}."
        return [_finding("no_case", WARNING, text)]
    return [
        *_copies(seen),
        *_too_few(seen),
        *_joint(seen),
        *_log(seen),
        *_working_copies(seen),
        *_exposure(seen),
    ]


def _copies(seen: Mapping[str, Any]) -> Iterator[Finding]:
    """Each copy on record, as it lies now."""
    planned = {(copy["host"], copy["file"]) for copy in seen["planned"]}
    exported = "export" in seen["case"]
    for result in seen["looked"]:
        copy = result["item"]
        reason = unseen(result)
        if reason:
            yield _finding("copy_unreachable", WARNING, f"The {label(copy)} ({copy['file']}): {reason}")
        for problem in result.get("problems", ()):
            yield _finding(f"copy_{problem['id']}", ERROR, f"The {label(copy)}: {problem['message']}")
        there = result.get("exists", True)
        if copy["what"] == "private_key" and exported:
            if there:
                text = f"The {label(copy)} ({copy['file']}) opens support's reply, and nobody needs it any more. Destroy it."
                yield _finding("request_key_kept", WARNING, text)
        elif planned and there and (copy["host"], copy["file"]) not in planned:
            text = f"The {label(copy)} ({copy['file']}) is on record, but custody_copies names it no more. Destroy it or name it."
            yield _finding("copy_unplanned", WARNING, text)


def _too_few(seen: Mapping[str, Any]) -> Iterator[Finding]:
    if "export" not in seen["case"]:
        return
    for half in ("tpd", "password"):
        good = {
            result["item"]["custodian"]
            for result in seen["looked"]
            if result["item"]["what"] == half and result.get("problems") == []
        }
        if len(good) < seen["required"]:
            names = ", ".join(sorted(good)) or "none"
            text = f"Custodians with a good copy of the {HALVES[half]}: {len(good)} ({names}), required: {seen['required']}."
            yield _finding("too_few_copies", ERROR, text)


def _joint(seen: Mapping[str, Any]) -> Iterator[Finding]:
    held: dict[str, set[str]] = {}
    for result in seen["looked"]:
        if result.get("exists", True):
            held.setdefault(result["item"]["custodian"], set()).add(result["item"]["what"])
    for custodian, halves in sorted(held.items()):
        if len(halves) > 1 and not seen["allow_joint"]:
            names = " and ".join(HALVES[half] for half in HALVES if half in halves)
            text = f"{custodian} holds {names}, and whoever has both can decrypt everything."
            yield _finding("joint_custody", ERROR, text)


def _log(seen: Mapping[str, Any]) -> Iterator[Finding]:
    """The log against itself, and against what the custodians have on it."""
    for result in seen["anchors"]:
        if result.get("unreachable") or _anchor(result) is not None:
            continue
        text = f"{result['item']['custodian']} has no anchor of the custody log that can be read ({result['item']['file']})."
        yield _finding("anchor_missing", WARNING, text)
    for result in seen["logs"]:
        anchor = result["item"]
        if "intact" not in result:
            if not anchor:
                yield _finding("log_missing", ERROR, str(result.get("msg", "The custody log could not be read.")))
            continue
        if not anchor and not result["intact"]:
            messages = " ".join(problem["message"] for problem in result["problems"])
            yield _finding("log_damaged", ERROR, f"The custody log {result['path']} is damaged. {messages}")
        if result["anchored"] is False:
            holders = ", ".join(anchor["custodians"])
            text = (
                f"The custody log {result['path']} is not what {holders} vouch for. {result['problems'][-1]['message']}"
            )
            yield _finding("log_not_anchored", ERROR, text)


def _working_copies(seen: Mapping[str, Any]) -> Iterator[Finding]:
    placed = {result["item"]["file"] for result in seen["looked"] if result["item"]["host"] == seen["host"]}
    directory = seen["directory"].rstrip("/") + "/"
    for file in sorted(seen["found"]):
        waits = "export" not in seen["case"] and file.startswith(directory)
        if not waits and file not in placed:
            yield _finding("working_copy", WARNING, f"{file} is still there. Destroy it once the copies are verified.")
    for folder in sorted(seen["skipped"]):
        yield _finding("folder_unreadable", WARNING, f"The folder {folder} could not be looked through.")


def _exposure(seen: Mapping[str, Any]) -> Iterator[Finding]:
    """A backup is not an exposure: the service is meant to go on with the key."""
    case = seen["case"]
    if case["purpose"] == "backup":
        return
    for exposure in next((result["exposures"] for result in seen["logs"] if "exposures" in result), ()):
        if exposure["open"] and (exposure["tenant"], exposure["case"]) == (case["tenant"], case["guid"]):
            days = exposure["seconds"] // _DAY
            text = (
                f"The key of {case['tenant']} is out since {exposure['since']} ({days} days), and the service is not on record"
                " as deactivated. Deactivate it without delay, as soon as the import works."
            )
            yield _finding("service_active", WARNING, text)
