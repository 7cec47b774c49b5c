# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks a custody log, against itself and against an anchor, and tells what is in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from .. import _custody
from .._custody_exposure import exposures, summary
from .._custody_line import LARGEST_NUMBER, CustodyError
from .._files import FileError, Folder, MissingFolder, split_path
from .._inputs import sha256
from .._operation import Operation, Result


def run(params: Mapping[str, Any], _check_mode: bool) -> Result:
    """Reads only. What does not fit is a result; only a file that cannot be read is an error."""
    anchor = _anchor(params)
    log = _read(params["path"])
    problems = list(log.problems)
    mismatch = None if anchor is None else _custody.against_anchor(log, *anchor)
    if mismatch is not None:
        problems.append(mismatch)
    now = datetime.now(timezone.utc)
    found = exposures(log.events)
    return {
        "changed": False,
        "path": params["path"],
        "intact": not log.problems,
        "anchored": None if anchor is None else mismatch is None,
        "problems": [{"line": each.line, "kind": each.kind, "message": each.message} for each in problems],
        "seq": len(log.hashes) if log.whole else None,
        "head": log.head if log.whole and log.hashes else None,
        "events": log.events,
        "exposure": summary(found, now),
        "exposures": [{"tenant": each.tenant, "case": each.case, **summary([each], now)} for each in found],
    }


def _anchor(params: Mapping[str, Any]) -> tuple[int, str] | None:
    seq, head = params["expected_seq"], sha256(params["expected_head"], "expected_head")
    if seq is None and head is None:
        return None
    if seq is None or head is None:
        raise CustodyError("An anchor is a number and a hash. Give expected_seq and expected_head, or neither.")
    if not 1 <= seq <= LARGEST_NUMBER:
        raise CustodyError("expected_seq is the number of a line, from 1 on. Copy it again.")
    return seq, head


def _read(path: str) -> _custody.Log:
    """The folder need not be a safe one: an auditor may look at a copy."""
    folder, name = split_path(path)
    try:
        with Folder.open(folder, strict=False) as opened:
            log = _custody.read(_content(opened, name))
            if log.unfinished is not None:
                # The line may be just about to be written: wait for whoever does it.
                with opened.lock():
                    log = _custody.read(_content(opened, name))
            return log
    except MissingFolder:
        raise _missing(path) from None


def _content(folder: Folder, name: str) -> bytes:
    content = folder.read(name, _custody.LARGEST_LOG, "custody log")
    if content is None:
        raise _missing(folder.path_of(name))
    return content


def _missing(path: str) -> FileError:
    return FileError(f"There is no custody log {path}. Check the path, and on which host it lies.")


OPERATION = Operation(
    argument_spec={
        "path": {"type": "path", "required": True},
        "expected_seq": {"type": "int"},
        "expected_head": {"type": "str"},
    },
    run=run,
)
