# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What changes when a pair is put under a new password: new copies beside the old ones, then the old ones go.

The new pair gets a GUID of its own, so that at every moment each file says by its name which of the two it belongs to.
"""

from __future__ import annotations

import os.path
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from ..module_utils._tpd import names

_KINDS = {"tpd": names.EXPORTED_TPD, "password": names.PASSWORD}
# What a copy on record has, beside its file and what becomes of it.
_KEPT = ("custodian", "host", "what", "owner", "group", "mode", "vault_id")


def begin(case: Mapping[str, Any], reason: str, host: str) -> dict[str, Any]:
    """The member C(reprotected) of the case record, with everything still to do; the parts are named at the filter.

    ``reason`` is the id of what it is done for: the same one gives the same GUID, so that a second run goes on.
    """
    export, earlier, unfinished = case["export"], case.get("reprotected", {}), case.get("reprotecting", {})
    guid = str(uuid.uuid5(uuid.UUID(export["guid"]), reason)).upper()
    named = {half: names.file_name(kind, guid) for half, kind in _KINDS.items()}
    folder = os.path.dirname(export["tpd_file"])
    doomed = [
        *(
            _doomed(copy["host"], copy["file"], copy.get("sha256") or export["sha256"][copy["what"]], copy["custodian"])
            for copy in case["placed"]["copies"]
        ),
        *(_doomed(host, export[f"{half}_file"], export["sha256"][half], host) for half in _KINDS),
    ]
    if "staged" in case:
        staged = os.path.join(case["staged"]["directory"], os.path.basename(export["tpd_file"]))
        doomed.append(_doomed(host, staged, export["sha256"]["tpd"], host))
    if unfinished.get("id", reason) != reason:
        # Somebody began for another reason and did not get as far as to have it on record.
        doomed += [_doomed(copy["host"], copy["file"], "", copy["custodian"]) for copy in unfinished["wanted"]]
        doomed += [_doomed(host, file, "", host) for file in unfinished["files"].values()]
    return {
        "id": reason,
        "guid": guid,
        "earlier_guid": export["guid"],
        "files": {half: os.path.join(folder, name) for half, name in named.items()},
        "wanted": [
            {
                **{name: copy.get(name, "") for name in _KEPT},
                "file": os.path.join(os.path.dirname(copy["file"]), named[copy["what"]]),
            }
            for copy in case["placed"]["copies"]
        ],
        # Of an earlier time, too, if something could not be reached then.
        "doomed": [*earlier.get("doomed", ()), *doomed],
    }


def _doomed(host: str, file: str, sha256: str, custodian: str) -> dict[str, str]:
    return {"custodian": custodian, "host": host, "file": file, "sha256": sha256}


def outcome(results: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Of the results of destroying: C(replaced), C(doomed) for the next run, and C(left), sentences that say why."""
    replaced, doomed, left = [], [], []
    for result in results:
        item = result["item"]
        if "dest" not in result:
            doomed.append(item)
            said = str(result.get("msg") or "no reason was given").strip().splitlines()[0]
            left.append(
                f"{item['file']} at {item['custodian']} belongs to the old password and was not destroyed: {said.rstrip('.')}."
                " Run again, or destroy it by hand."
            )
        elif result["changed"]:
            replaced.append(f"{item['host']}:{item['file']}")
    return {"replaced": replaced, "doomed": doomed, "left": left}
