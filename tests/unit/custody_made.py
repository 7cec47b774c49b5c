# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the custody log share: a log of a made-up case, line by line."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from ansible_collections.infoprotect.tenant_key.plugins.module_utils import _custody
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._custody_line import facts, render
from hypothesis import HealthCheck, settings
from hypothesis.configuration import set_hypothesis_home_dir

set_hypothesis_home_dir(Path(__file__).resolve().parents[2] / ".build" / "hypothesis")

START = datetime(2026, 3, 2, 9, 15, tzinfo=timezone.utc)
STORY = (
    "opened",
    "created",
    "sent",
    "received",
    "decrypted",
    "placed",
    "verified",
    "staged",
    "imported",
    "deactivated",
)
ZEROS = "0" * 64


def examples(count: int) -> settings:
    """Settings for a property: this many examples, however long one takes."""
    return settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck))


def said(event: str = "noted", details: dict[str, Any] | None = None, **texts: Any) -> dict[str, Any]:
    """What a line says beside its place in the chain."""
    known = {"actor": "Erika", "host": "export1", "tenant": "contoso", "case": "4711", "subject": None}
    return facts(event, details or {}, **{**known, **texts})


def lines(count: int = 6, start: datetime = START) -> list[bytes]:
    """The lines of a log that was written as it should be, a day after each other."""
    made: list[bytes] = []
    for number in range(count):
        event = said(STORY[number % len(STORY)], {"number": number, "name": "Zürich"}, subject=f"file {number}")
        log = _custody.read(b"".join(made)) if made else _custody.Log()
        made.append(_custody.follow(log, event, start + timedelta(days=number)))
    return made


def chained(*parts: dict[str, Any]) -> bytes:
    """A log of these entries, given only the fields that matter; the others are filled in so that the chain holds."""
    written, previous = [], ZEROS
    for seq, part in enumerate(parts, 1):
        entry = {
            "seq": seq,
            "time": "2026-03-02T09:15:00Z",
            **said(),
            **part,
            "previous": part.get("previous", previous),
        }
        written.append(render(entry))
        previous = sha256(written[-1])
    return b"".join(written)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def found(content: bytes) -> list[tuple[int, str]]:
    """Line and kind of each problem."""
    return [(problem.line, problem.kind) for problem in _custody.read(content).problems]
