# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of made-up tenants, as the filter evidence_pages makes them: of each kind one, and of one with hostile names."""

from __future__ import annotations

import copy
import json

from ansible_collections.infoprotect.tenant_key.plugins.filter.evidence_pages import FilterModule

from . import evidence_made as made

PAGES = FilterModule().filters()["evidence_pages"]
HOSTILE = "</style></title><script>alert(1)</script><img src=x onerror='alert(2)'>\"&lt;"
# What a program tells things apart by, and a person by other words.
FOR_PROGRAMS = (
    "id",
    "event",
    "kind",
    "open",
    "overdue",
    "readable",
    "intact",
    "rehearsal",
    "exposed",
    "asked",
    "reachable",
    "seen",
    "page",
    "host",
)


def written(*documents, found=(), paths="names"):
    """The files by name, with JSON parsed."""
    files = {file["name"]: file["content"] for file in PAGES(list(documents), list(found), paths)["files"]}
    return {name: json.loads(text) if name.endswith(".json") else text for name, text in files.items()}


def hostile():
    """Everything that somebody may name is named like this."""
    case = copy.deepcopy(made.PLACED)
    tpd = case["export"]["tpd"]
    for name in ("key_id_type", "csp_name", "licensing_url"):
        tpd[name] = HOSTILE
    tpd["templates"][0].update(names={HOSTILE: HOSTILE}, guid=HOSTILE)
    tpd["certificates"][0].update(principal=HOSTILE, issuer=HOSTILE, type=HOSTILE)
    case["export"]["checks"][0].update(id=HOSTILE, message=HOSTILE, result=HOSTILE)
    case["placed"]["copies"][0].update(custodian=HOSTILE, host=HOSTILE, owner=HOSTILE, vault_id=HOSTILE)
    case.update(support_case=HOSTILE, engine=HOSTILE)
    service = {"asked": True, "problem": "", "functional_state": HOSTILE, "keys": []}
    return made.document(
        case,
        [("2026-03-01T08:01:00Z", "noted", HOSTILE, {"reason": HOSTILE}), *made.KEPT],
        tenant=HOSTILE,
        service=service,
    )


def documents():
    rekey = {
        "id": "rekey-2026-06-30",
        "mode": "case",
        "reason": "A test.",
        "opened": "2026-06-30T10:00:00Z",
        "done_at": "2026-06-30T11:00:00Z",
    }
    incident = {
        "id": "key_leaked-2026-06-30",
        "incident": "key_leaked",
        "opened": "2026-06-30T09:00:00Z",
        "closed_at": "2026-06-30T12:00:00Z",
    }
    generation = {
        "directory": "/srv/old",
        "case": "C",
        "key_id": made.KEY,
        "fingerprint": made.FINGERPRINT,
        "decrypted": "2026-03-15T09:00:00Z",
    }
    generation.update(rekeyed="", custodians=["vault-munich"], opens="It opens all.")
    key = {
        "key_identifier": made.KEY,
        "status": "Active",
        "key_type": "Microsoft-managed",
        "creation_time": "2016-01-01T00:00:00Z",
    }
    service = {"asked": True, "problem": "", "functional_state": "Enabled", "keys": [key]}
    case = {**made.PLACED, "rekeys": [rekey], "incidents": [incident]}
    bad = [
        {"item": one, "exists": True, "problems": [{"id": "mode", "message": "The mode is 0644."}]}
        for one in made.COPIES
    ]
    return {
        "left": made.document(),
        "all": made.document(case, made.KEPT, bad, service=service, generations=[generation], tenant="northwind"),
        "full": made.document(paths="full"),
        "none": made.document(paths="none"),
        "hostile": hostile(),
        "waiting": made.document(made.OPENED, made.REQUESTED),
        "unanswered": made.document(
            service={"asked": True, "problem": "No route.", "functional_state": "", "keys": []}
        ),
        "rehearsal": made.document({**made.PLACED, "rehearsal": True}, made.KEPT),
        "nothing": made.document({}, []),
        "no log": made.document(made.LEFT, []),
        "unseen": made.unseen(),
    }


def page_of(document):
    """The document as a program reads it, and its page."""
    files = written(document)
    (name,) = (name[:-5] for name in files if name.endswith(".html") and name != "index.html")
    return files[f"{name}.json"], files[f"{name}.html"]


DOCUMENTS = documents()
