# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scenes of what is kept about a case: the custody log, and the case record."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from ansible_collections.infoprotect.tenant_key.plugins.module_utils._ops import case_record, custody_log
from scene import File, Scene, State, undisturbed


def logs() -> list[Scene]:
    """Lines are added in place; a half one at the end goes with the file that holds it."""
    log = "case/custody.log"

    def scene(name: str, before: State, *steps: File) -> Scene:
        return Scene("custody_log", name, custody_log.OPERATION, params, before, [(log, file) for file in steps])

    def params(root: Path) -> dict[str, Any]:
        return {"path": str(root / log), "event": "noted", "subject": "the second thing"}

    def several(root: Path) -> dict[str, Any]:
        common = {"event": "noted", "details": None, "repeat": False}
        events = [{**common, "subject": f"the {which} thing"} for which in ("second", "third")]
        return {"path": str(root / log), "events": events}

    def logged(before: State, subject: str = "the second thing") -> File:
        return undisturbed(scene("fresh", before), subject=subject)[log]

    one = logged({}, subject="the first thing")
    two = logged({log: one})
    three = logged({log: two}, subject="the third thing")
    half = File(two.content[: len(one.content) + 50])
    return [
        scene("fresh", {}, logged({})),
        scene("another line", {log: one}, two),
        scene("after half a line", {log: half}, logged({log: half})),
        scene("close", {log: replace(two, mode=0o644)}, two),
        scene("close, another line", {log: replace(one, mode=0o644)}, one, two),
        Scene("custody_log", "several lines", custody_log.OPERATION, several, {log: one}, [(log, two), (log, three)]),
    ]


def cases() -> list[Scene]:
    """One file, which is another one wherever it says something else."""
    record = "case/case.json"
    begun = {"schema": 1, "tenant": "contoso", "rehearsal": False, "guid": "7BE4A8F2", "opened": "2026-03-02"}

    def written(case: dict[str, Any]) -> File:
        return File((json.dumps(case, sort_keys=True, indent=4) + "\n").encode())

    def scene(name: str, before: State, wanted: dict[str, Any], **params: object) -> Scene:
        given = {"tenant": "contoso", "new": begun, **params}
        return Scene(
            "case_record",
            name,
            case_record.OPERATION,
            lambda root: {**given, "path": str(root / record)},
            before,
            [(record, written(wanted))],
        )

    added = {"staged": {"directory": "/srv/adrms"}}
    return [
        scene("fresh", {}, begun),
        scene("added to", {record: written(begun)}, {**begun, **added}, record=added),
    ]
