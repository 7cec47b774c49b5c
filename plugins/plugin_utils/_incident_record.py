# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The record of an incident: which one a run goes on with, and what its incident.json says. Its schema is in docs/breach-response.md."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..module_utils._tpd import TpdError
from ._incident_evidence import same
from ._incident_keys import request
from ._incident_page import page, root_cause

SCHEMA = 1
_KEPT = re.compile(r"incident-([0-9]+)\.json", re.ASCII)


def find(now: Mapping[str, Any]) -> dict[str, Any]:
    """The open incident of this kind, or a new one: C(id), C(opened), C(noticed), C(directory), C(new), C(document), C(next)."""
    documents = {_folder(file): _document(file) for file in now["files"]}
    recorded = {entry["id"]: entry for entry in now["case"].get("incidents", ())}
    for entry in sorted(recorded.values(), key=lambda entry: str(entry["opened"]), reverse=True):
        document = documents.get(entry["directory"], {})
        if entry["incident"] == now["incident"] and not (entry.get("closed_at") or document.get("closed_at")):
            return _found(now, entry, entry["directory"], document, False)
    for folder, document in sorted(documents.items(), reverse=True):
        # Opened while there was no case record, or a case record that was lost since.
        open_one = document["incident"] == now["incident"] and not document["closed_at"]
        if open_one and document["tenant"] == now["tenant"] and document["id"] not in recorded:
            return _found(now, document, folder, document, False)
    name = _new_id(now, {*recorded, *(folder.rpartition("/")[2] for folder in documents)})
    opened = {"id": name, "opened": now["time"], "noticed": now["time"]}
    return _found(now, opened, f"{now['base']}/{name}", {}, True)


def _folder(file: Mapping[str, Any]) -> str:
    return file["path"].rpartition("/")[0]


def _document(file: Mapping[str, Any]) -> dict[str, Any]:
    try:
        document = json.loads(base64.b64decode(file["content"]))
        known = document["schema"] == SCHEMA and {"id", "incident", "tenant", "closed_at"} <= document.keys()
    except (ValueError, KeyError, TypeError):
        known = False
    if not known:
        raise TpdError(f"{file['path']} is no record of an incident. Move it aside as evidence, then run again.")
    return document


def _found(now: Mapping[str, Any], entry: Mapping[str, Any], folder: str, document: Any, new: bool) -> dict[str, Any]:
    kept = [path.rpartition("/")[2] for path in now["kept"] if path.rpartition("/")[0] == folder]
    numbers = [int(name[1]) for name in map(_KEPT.fullmatch, kept) if name]
    return {
        "id": entry["id"],
        "opened": entry["opened"],
        "noticed": now["noticed"] or entry["noticed"],
        "directory": folder,
        "new": new,
        "document": document,
        "next": max(numbers, default=0) + 1,
    }


def _new_id(now: Mapping[str, Any], taken: set[str]) -> str:
    name = first = f"{now['incident']}-{now['time'][:10]}"
    number = 1
    while name in taken:
        number += 1
        name = f"{first}-{number}"
    return name


def record(now: Mapping[str, Any]) -> dict[str, Any]:
    """What is to be written; its parts are named in the documentation of the filter."""
    earlier, closing = now["found"]["document"], now["closing"]
    # What is closed keeps its evidence.
    same_evidence = bool(earlier) and (bool(closing) or same(earlier["evidence"], now["evidence"]))
    document = (
        {**earlier, "closed_at": now["time"], "result": closing}
        if closing
        else _document_of(now, earlier, same_evidence)
    )
    # As it is read again next time, so that the page is the same then.
    document = json.loads(json.dumps(document, sort_keys=True))
    return {
        "document": document,
        "page": page(document),
        "root_cause": root_cause(document["id"], document["tenant"])
        if document["incident"] == "rights_misused"
        else "",
        "request": request(document["tenant"], document["keys"]) if document["incident"] == "algorithm_broken" else "",
        "kept_as": f"incident-{now['found']['next']}.json" if earlier and not same_evidence else "",
        "incidents": _incidents(now["case"], document, now["found"]["directory"]),
    }


def _document_of(now: Mapping[str, Any], earlier: Mapping[str, Any], unchanged: bool) -> dict[str, Any]:
    found, plan, case = now["found"], now["plan"], now["case"]
    return {
        "schema": SCHEMA,
        "id": found["id"],
        "incident": now["incident"],
        "tenant": now["tenant"],
        "case": case.get("guid"),
        "rehearsal": bool(case.get("rehearsal")),
        "noticed": found["noticed"],
        "opened": found["opened"],
        "closed_at": None,
        "result": None,
        "collected_at": earlier["collected_at"] if unchanged else now["time"],
        **{name: plan[name] for name in ("title", "page", "steps", "never", "opens", "refusal", "overridden", "rekey")},
        "left": now["left"],
        "keys": now["keys"],
        "evidence": earlier["evidence"] if unchanged else now["evidence"],
    }


def _incidents(case: Mapping[str, Any], document: Mapping[str, Any], directory: str) -> Sequence[Mapping[str, Any]]:
    entry = {name: document[name] for name in ("id", "incident", "opened", "noticed")} | {"directory": directory}
    if document["closed_at"]:
        entry["closed_at"] = document["closed_at"]
    before = case.get("incidents", [])
    if any(known["id"] == entry["id"] for known in before):
        return [entry if known["id"] == entry["id"] else known for known in before]
    return [*before, entry]
