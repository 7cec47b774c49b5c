# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The keys that a tenant has had, and which content each of them opens.

After a rekey new content comes under the new key bit by bit, and earlier content stays under the old one for good. Source:
the section on rekeying of Microsoft's page.
"""

from __future__ import annotations

import os.path
from collections.abc import Mapping, Sequence
from typing import Any

from ..module_utils._tpd.contents import bare_id, same_id


def generations(cases: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One for each exported key, the earliest export first; the parts are named at the filter."""
    exported = sorted(
        (entry for entry in cases if "export" in entry["case"]), key=lambda entry: entry["case"]["export"]["decrypted"]
    )
    rekeys = [rekey for entry in cases for rekey in entry["case"].get("rekeys", ()) if rekey.get("done_at")]
    return [_generation(entry, rekeys, exported[number + 1 :]) for number, entry in enumerate(exported)]


def _generation(
    entry: Mapping[str, Any], rekeys: Sequence[Mapping[str, Any]], later: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    case = entry["case"]
    tpd = case["export"]["tpd"]
    ended = [rekey["done_at"] for rekey in rekeys if same_id(rekey.get("from_key") or "", tpd["key_id"])]
    followed = [other for other in later if not same_id(other["case"]["export"]["tpd"]["key_id"], tpd["key_id"])]
    return {
        "directory": entry["directory"],
        "case": case["guid"],
        "key_id": tpd["key_id"],
        "fingerprint": tpd["fingerprint"],
        "decrypted": case["export"]["decrypted"],
        "rekeyed": min(ended, default=""),
        "custodians": sorted({copy["custodian"] for copy in case.get("placed", {}).get("copies", ())}),
        "opens": _opens(bare_id(tpd["key_id"]), min(ended, default=""), followed),
    }


def _opens(key_id: str, ended: str, followed: Sequence[Mapping[str, Any]]) -> str:
    if ended:
        return (
            f"Key {key_id} opens what was protected before the rekey of {ended}, and what clients still protected with it while"
            " they changed over. Nothing else opens that content, so keep it."
        )
    if followed:
        other = followed[0]["case"]["export"]
        return (
            f"Key {key_id} opens what was protected before key {bare_id(other['tpd']['key_id'])} took over, whose export is of"
            f" {other['decrypted']}. Nothing else opens that content, so keep it."
        )
    return f"Key {key_id} opens everything that is protected with it, until a rekey."


def mixed(planned: Sequence[Mapping[str, Any]], cases: Sequence[Mapping[str, Any]]) -> list[str]:
    """Each folder in which copies of two generations would lie, as a sentence."""
    # The export host may go by another name in each case; a folder on it names its custodian, if nothing else does.
    earlier = {
        (place, os.path.dirname(copy["file"])): entry["directory"]
        for entry in cases
        for copy in entry["case"].get("placed", {}).get("copies", ())
        for place in (copy["host"], copy["custodian"])
    }
    found = {}
    for copy in planned:
        folder = os.path.dirname(copy["file"])
        for place in (copy["host"], copy["custodian"]):
            if (place, folder) in earlier:
                found[folder] = f"{folder} on {copy['host']} holds a copy of the case in {earlier[place, folder]}."
    return list(found.values())
