# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which copy is to lie where, and what speaks against it. Copies are those of C(custody_copies), one for each half."""

from __future__ import annotations

import os.path
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ._copies import HALVES

Copy = dict[str, Any]


def plan(seen: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of C(seen) and of the result are named in the documentation of the filter."""
    planned = list(_copies(seen["copies"], seen["working"], seen["host"]))
    places = {_place(copy) for copy in planned}
    strays = [copy for copy in seen["recorded"] if _place(copy) not in places]
    missing = [result["item"] for result in seen["looked"] if _problems(result) == ["missing"]]
    gone = [copy for copy in missing if _place(copy) not in places]
    # What is on record still lies there, whatever custody_copies says now.
    lying = [copy for copy in seen["recorded"] if copy not in gone]
    wanted = [copy for copy in planned if copy["what"] in seen["kinds"]]
    unknown = [f"{copy['file']} on {copy['host']}" for copy in wanted if not _on_record(copy, seen["before"])]
    kept = [copy for copy in seen["before"] if _place(copy) in places]
    bad = [_trouble(result) for result in seen["looked"] if result["item"] in kept and result.get("problems") != []]
    joint = list(_joint(planned + lying))
    return {
        "copies": planned,
        "wanted": wanted,
        "strays": strays,
        "gone": gone,
        "joint": joint,
        "unknown": unknown,
        "bad": bad,
        # A vault is opened to see what is in it.
        "as_wanted": bool(wanted) and not (unknown or bad or gone or any(copy["vault_id"] for copy in wanted)),
    }


def vault_faults(planned: Sequence[Mapping[str, Any]], secrets: Mapping[str, str]) -> list[str]:
    """Why the vaults would not keep the halves apart, or could not be written. Sentences without a secret."""
    return list(dict.fromkeys(_vault_faults([copy for copy in planned if copy["vault_id"]], secrets)))


def _copies(asked: Sequence[Mapping[str, Any]], working: Mapping[str, str], host: str) -> Iterator[Copy]:
    """A custodian is a host, or on the export host itself a folder, unless the copy says who it is."""
    for copy in asked:
        where = copy.get("host") or host
        directory = copy["directory"].rstrip("/") or "/"
        for half in ("tpd", "password") if copy["what"] == "both" else (copy["what"],):
            yield {
                "custodian": copy.get("custodian") or (directory if where == host else where),
                "host": where,
                "what": half,
                "file": os.path.join(directory, os.path.basename(working[half])),
                "owner": copy.get("owner") or "",
                "group": copy.get("group") or "",
                "mode": copy.get("mode") or "0600",
                "vault_id": copy.get("vault_id") or "",
            }


def _on_record(copy: Copy, recorded: Sequence[Copy]) -> bool:
    """Whether a wanted copy was placed with everything that is asked for."""
    asked = {name: value for name, value in copy.items() if value}
    return any({**other, **asked} == other for other in recorded)


def _trouble(result: Mapping[str, Any]) -> str:
    """What is wrong with a copy on record, as a sentence."""
    why = " ".join(problem["message"] for problem in result.get("problems", ())) or "could not be looked at."
    return f"{result['item']['file']} on {result['item']['host']}: {why}"


def _place(copy: Mapping[str, Any]) -> tuple[str, str]:
    return copy["host"], copy["file"]


def _problems(result: Mapping[str, Any]) -> list[str]:
    return [problem["id"] for problem in result.get("problems", ())]


def _joint(copies: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Each as a phrase: what would meet where."""
    for custodian in dict.fromkeys(copy["custodian"] for copy in copies):
        held = {copy["what"] for copy in copies if copy["custodian"] == custodian}
        if len(held) > 1:
            names = " and ".join(HALVES[half] for half in sorted(held))
            yield f"{names[0].upper()}{names[1:]} would meet at {custodian}"


def _vault_faults(vaulted: Sequence[Mapping[str, Any]], secrets: Mapping[str, str]) -> Iterator[str]:
    for copy in vaulted:
        if copy["vault_id"] not in secrets:
            yield f"custody_vault_password_files has no secret for the vault id {copy['vault_id']}."
        for other in vaulted:
            if other["what"] >= copy["what"]:
                continue
            ids = other["vault_id"], copy["vault_id"]
            if ids[0] == ids[1]:
                yield f"The vault id {ids[0]} is used for both halves. Give each half one of its own."
            elif ids[0] in secrets and secrets[ids[0]] == secrets.get(ids[1]):
                yield f"The vault ids {ids[0]} and {ids[1]} have the same secret. Give each half one of its own."
