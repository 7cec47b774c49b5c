# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""incident.md and root-cause.md: what incident.json says, for people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ._incident_keys import table
from ._incidents import ROOT_CAUSE

_MARKED = re.compile(r"([\\`*\[\]<>|])")

Document = Mapping[str, Any]


def page(document: Document) -> str:
    """The whole page; the document is that of incident_record."""
    return "\n".join(_lines(document)) + "\n"


def root_cause(name: str, tenant: str) -> str:
    """The check list, to be filled in by people."""
    lines = [f"# Root cause: {_text(name)}, tenant {_text(tenant)}", ""]
    lines += [
        "Tick what is answered, and write the answer and its evidence below it. The playbook does not write here again."
    ]
    for about, questions in ROOT_CAUSE:
        lines += ["", f"## {about}", "", *(f"- [ ] {question}" for question in questions)]
    lines += ["", "## Root cause", "", "What it was:", "", "How it was resolved, by whom and when:"]
    return "\n".join(lines) + "\n"


def _lines(document: Document) -> Iterator[str]:
    yield f"# Incident {_text(document['id'])}, tenant {_text(document['tenant'])}"
    yield ""
    if document["rehearsal"]:
        yield from ("**This is a rehearsal: its key opens no real document.**", "")
    yield _text(document["title"])
    yield ""
    yield _text(f"Noticed {document['noticed']}. Opened {document['opened']}. Evidence of {document['collected_at']}.")
    if document["closed_at"]:
        yield _text(f"Closed {document['closed_at']}: {document['result']}")
    yield from _list("What Microsoft's page says", document["page"])
    yield from _list("What not to do", (f"{never['what']} {never['why']}" for never in document["never"]))
    if document["refusal"]:
        yield from ("", _text(document["refusal"]))
    if document["overridden"]:
        yield from ("", _text(f"A rekey is wanted all the same: {document['overridden']}"))
    yield from _list("Gaps in the evidence", document["evidence"]["gaps"])
    yield from _table("What to do", ("Step", "By", "State", "Remark"), map(_step, document["steps"]))
    yield from _list("What the leaked key still opens", document["opens"])
    if document["keys"]:
        yield from ("", "## Keys", "", *table([{"tenant": document["tenant"], "keys": document["keys"]}]))
    yield from _evidence(document["evidence"])


def _step(step: Mapping[str, str]) -> tuple[str, ...]:
    return step["text"], step["by"], step["state"], step["detail"]


def _evidence(found: Mapping[str, Any]) -> Iterator[str]:
    columns = ("What", "Where", "Owner", "Mode", "Who can read it", "What is wrong")
    yield from _table("Who had access: files", columns, map(_copy, found["copies"]))
    yield from _list("Where else the key is", found["elsewhere"])
    columns = ("Actor", "On host", "First", "Last", "Events")
    yield from _table("Who had access: the custody log", columns, map(_actor, found["actors"]))
    yield from _list("Findings of the audit", (finding["message"] for finding in found["findings"]))
    yield from _list("Custody log", _log(found["log"]))
    yield from _list("Fingerprints", (f"{name}: {value}" for name, value in found["fingerprints"].items() if value))
    yield from _list("Tenant", (f"{name}: {_value(value)}" for name, value in found["tenant"].items()))
    log = found["admin_log"]
    yield from _list("Admin log of the tenant", (f"{name}: {value}" for name, value in log.items()))


def _copy(copy: Mapping[str, Any]) -> tuple[str, ...]:
    where = f"{copy['file']} on {copy['host']} ({copy['custodian']})"
    if copy["problem"]:
        return copy["name"], where, "", "", "unknown", copy["problem"]
    if not copy["exists"]:
        return copy["name"], where, "", "", "nobody", "It is not there any more."
    owner = f"{copy['owner']}:{copy['group']}"
    return copy["name"], where, owner, copy["mode"], ", ".join(copy["readers"]), " ".join(copy["problems"])


def _actor(actor: Mapping[str, Any]) -> tuple[str, ...]:
    events = ", ".join(f"{name} ({count})" for name, count in actor["events"].items())
    return actor["actor"], actor["host"], actor["first"], actor["last"], events


def _log(log: Mapping[str, Any]) -> Iterator[str]:
    yield f"File: {log['file']}"
    if "intact" in log:
        yield f"Intact: {'yes' if log['intact'] else 'no'}, up to line {log['line']} with the hash {log['head']}"
        for exposure in log["exposures"]:
            yield f"Case {exposure['case']}: the key was out from {exposure['since']} to {exposure['until'] or 'now'}."
    yield from log["problems"]


def _value(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(_value(part) for part in value) or "none"
    if isinstance(value, Mapping):
        return ", ".join(str(part) for part in value.values())
    return str(value)


def _list(title: str, items: Iterable[str]) -> list[str]:
    listed = [f"- {_text(item)}" for item in items]
    return ["", f"## {title}", "", *listed] if listed else []


def _table(title: str, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    listed = [f"| {' | '.join(map(_text, row))} |" for row in rows]
    head = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    return ["", f"## {title}", "", *head, *listed] if listed else []


def _text(said: Any) -> str:
    """On one line, and nothing in it, such as a file's name, is taken for Markdown."""
    return _MARKED.sub(r"\\\1", " ".join(str(said).split()))
