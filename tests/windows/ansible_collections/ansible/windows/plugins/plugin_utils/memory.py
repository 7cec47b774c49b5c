# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the imitated hosts remember: a registry, files, services, and everything that was asked of them.

It lies in the folder WINDOWS_IMITATION: `HOST.json` for each host, `calls.jsonl` for all calls in their order, and
`faults.json`, by which a test makes calls fail.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleConnectionFailure

# Longer values are files' contents.
_LONGEST_SHOWN = 400


class Failure(Exception):
    """What the imitated host answers with instead of a result."""


def folder() -> Path:
    """Where the memory lies."""
    return Path(os.environ["WINDOWS_IMITATION"])


@contextlib.contextmanager
def locked() -> Iterator[None]:
    """One call at a time, also from several workers."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def host(name: str, keep: bool) -> Iterator[dict[str, Any]]:
    """The state of a host, to be changed in place; it is kept if C(keep) says so, also after a failure."""
    path = folder() / f"{name}.json"
    state = json.loads(path.read_text()) if path.exists() else {}
    for part in ("registry", "files"):
        state.setdefault(part, {})
    try:
        yield state
    finally:
        if keep:
            path.write_text(json.dumps(state, indent=1, sort_keys=True))


def record(call: dict[str, Any]) -> None:
    """Add a call to the record. A long value is a content, and only its hash is kept."""
    with (folder() / "calls.jsonl").open("a") as calls:
        calls.write(json.dumps(_shown(call), sort_keys=True) + "\n")


def hashed(value: str) -> str:
    """How a secret is recorded, so that a test can tell which one it was."""
    return "sha256:" + hashlib.sha256(value.encode()).hexdigest()


def _shown(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _shown(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_shown(inner) for inner in value]
    return hashed(value) if isinstance(value, str) and len(value) > _LONGEST_SHOWN else value


def fault(name: str, call: str, when: str) -> None:
    """Fail, once, if a test has asked for it: faults.json lists C(host), C(call), and C(when) (before or after).

    C(passes) is how many such calls go well first, and C(unreachable) says that the host does not answer at all.
    """
    path = folder() / "faults.json"
    faults = json.loads(path.read_text()) if path.exists() else []
    for entry in faults:
        if (entry["host"], entry["call"], entry["when"]) == (name, call, when):
            due = entry.get("passes", 0) == 0
            if due:
                faults.remove(entry)
            else:
                entry["passes"] -= 1
            path.write_text(json.dumps(faults))
            if due:
                kind = AnsibleConnectionFailure if entry.get("unreachable") else Failure
                raise kind(f"Imitated fault {when} {call}.")
            return
