# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is written into the folder of evidence: two files for each tenant, and two over all that lie there.

A tenant that is seen as it was before keeps its time and so its bytes. One that could not be looked at keeps its page, too;
the index says that it could not. The index is of all tenants in the folder, whichever run they are from.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from ..module_utils._tpd import TpdError
from . import _evidence_index as evidence_index
from . import _evidence_page as evidence_page
from ._evidence import SCHEMA, TENANT, UNKNOWN, Document

INDEX = "index"
_LONGEST = 180
_RANKS = {"bad": 0, "attention": 1, UNKNOWN: 2, "good": 3}
# What the index needs of a document.
_HEAD = {"tenant": str, "host": str, "collected_at": str, "headline": str, "verdict": str, "seen": bool, "problem": str}
_BODY = {"stage": str, "since": str, "case": dict, "numbers": dict, "exposure": dict}
_NUMBERS = ("copies", "good_copies", "errors", "warnings", "overdue")


def pages(documents: Sequence[Document], found: Sequence[Mapping[str, str]], paths: str) -> dict[str, Any]:
    """All of it; the arguments and the members are named in the documentation of the filter."""
    _require_one_of_each(documents)
    earlier, remarks = _read(found)
    kept = {document["tenant"]: _kept(document, earlier.get(document["tenant"])) for document in documents}
    files = [file for document in kept.values() if document is not None for file in _files(document)]
    present = {**earlier, **{tenant: document for tenant, document in kept.items() if document is not None}}
    index = _index(present, _problems(documents, found, paths), paths)
    files += [
        {"name": f"{INDEX}.json", "content": _json(index)},
        {"name": f"{INDEX}.html", "content": evidence_index.page(index)},
    ]
    return {"files": files, "remarks": remarks}


def file_name(tenant: str) -> str:
    """What a tenant's files are called, without their ends: its id, and what no file of a folder may be called written as in URLs."""
    name = quote(tenant, safe="")
    if name.startswith(".") or name.lower() == INDEX:
        name = f"%{ord(name[0]):02X}{name[1:]}"
    # File systems end at 255, and there are ends to come, and the names of files that are not finished.
    return (
        name if len(name) <= _LONGEST else f"{name[: _LONGEST - 17]}-{hashlib.sha256(tenant.encode()).hexdigest()[:16]}"
    )


def _require_one_of_each(documents: Sequence[Document]) -> None:
    hosts: dict[str, list[str]] = {}
    for document in documents:
        hosts.setdefault(document["tenant"], []).append(document["host"])
    for tenant, named in hosts.items():
        if len(named) > 1:
            raise TpdError(
                f"The hosts {', '.join(named)} have the same tenant_key_tenant {tenant}, and a tenant has one page. Give each an id of its own."
            )


# -- what lies there ---------------------------------------------------------------------------------------------------


def _read(found: Sequence[Mapping[str, str]]) -> tuple[dict[str, Document], list[str]]:
    """The documents by tenant, and what to say of other files."""
    documents, remarks = {}, []
    for file in found:
        if file["name"] == f"{INDEX}.json":
            continue
        document = _parsed(file["content"])
        if _is_document(document) and file["name"] == f"{file_name(document['tenant'])}.json":
            documents[document["tenant"]] = document
        else:
            remarks.append(
                f"{file['name']} in the folder of evidence is no evidence that this release knows. The index leaves it out."
            )
    return documents, remarks


def _parsed(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _is_document(document: Mapping[str, Any]) -> bool:
    """Whether the index can be made of it: whoever may write to the folder may have edited it."""
    if (document.get("schema"), document.get("kind")) != (SCHEMA, TENANT) or not _has(document, _HEAD):
        return False
    if not document["seen"]:
        return document["verdict"] in _RANKS
    if not _has(document, _BODY) or document["verdict"] not in _RANKS:
        return False
    numbers, spans = document["numbers"], document["exposure"].get("spans")
    return all(isinstance(numbers.get(name), int) for name in _NUMBERS) and (
        isinstance(spans, list) and all(isinstance(span, dict) for span in spans)
    )


def _has(document: Mapping[str, Any], members: Mapping[str, type]) -> bool:
    return all(isinstance(document.get(name), kind) for name, kind in members.items())


def _kept(document: Document, earlier: Document | None) -> Document | None:
    """What is to lie there; None where that is better left as it is."""
    if earlier is None:
        return document
    if earlier["seen"] and not document["seen"]:
        return None
    dated = {**document, "collected_at": earlier["collected_at"]}
    return dated if _json(dated) == _json(earlier) else document


def _problems(documents: Sequence[Document], found: Sequence[Mapping[str, str]], paths: str) -> dict[str, str]:
    """Why a tenant could not be looked at the last time that somebody tried, in this run or in an earlier one."""
    index = next((_parsed(file["content"]) for file in found if file["name"] == f"{INDEX}.json"), {})
    # An earlier run may have been allowed to show more.
    rows = index.get("tenants") if index.get("paths") == paths else None
    problems = {
        row["tenant"]: row["problem"]
        for row in (rows if isinstance(rows, list) else ())
        if isinstance(row, dict) and _has(row, {"tenant": str, "problem": str})
    }
    problems.update({document["tenant"]: document["problem"] for document in documents})
    return problems


# -- what is written ---------------------------------------------------------------------------------------------------


def _files(document: Document) -> Iterator[dict[str, str]]:
    name = file_name(document["tenant"])
    yield {"name": f"{name}.json", "content": _json(document)}
    yield {"name": f"{name}.html", "content": evidence_page.page(document, name)}


def _json(document: Mapping[str, Any]) -> str:
    """In the order in which a person reads it."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _index(present: Mapping[str, Document], problems: Mapping[str, str], paths: str) -> Document:
    rows = [_row(document, problems.get(tenant, "")) for tenant, document in present.items()]
    rows.sort(key=lambda row: (_RANKS[row["verdict"]], row["tenant"]))
    verdicts = [row["verdict"] for row in rows]
    totals = {"tenants": len(rows), **{name: verdicts.count(name) for name in ("good", "attention", "bad", UNKNOWN)}}
    return {"schema": SCHEMA, "kind": INDEX, "paths": paths, "totals": totals, "tenants": rows}


def _row(document: Document, problem: str) -> Document:
    """Nothing of it has a path but the problem, which this run has said."""
    seen = document["seen"]
    spans = [span for span in document["exposure"]["spans"] if span.get("id") == "service"] if seen else []
    numbers = {name: document["numbers"][name] if seen else 0 for name in _NUMBERS}
    return {
        "tenant": document["tenant"],
        "host": document["host"],
        "page": f"{file_name(document['tenant'])}.html",
        "verdict": document["verdict"],
        "headline": document["headline"],
        "stage": document["stage"] if seen else UNKNOWN,
        "since": document["since"] if seen else "",
        "problem": problem,
        "rehearsal": bool(document["case"].get("rehearsal")) if seen else False,
        "exposed": any(bool(span.get("open")) for span in spans),
        "exposed_days": next((span.get("days") for span in spans), None),
        **numbers,
        "collected_at": document["collected_at"],
    }
