# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a contestant must get out of a reply, and how it tells what that took: one line of JSON on standard output."""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from memory import own_peak


@dataclass(frozen=True)
class Opened:
    """The password, the TPD that it opens, and the fingerprint of the private key in that."""

    password: str
    tpd: bytes
    fingerprint: str


def tell(open_reply: Callable[[bytes, bytes], Opened]) -> None:
    """Open the reply that the arguments name; the clock runs from reading it to the proof."""
    key = Path(sys.argv[2]).read_bytes()
    imports = own_peak()
    started = time.perf_counter()
    found = open_reply(Path(sys.argv[1]).read_bytes(), key)
    seconds = time.perf_counter() - started
    facts = {
        "seconds": seconds,
        "imports": imports,
        "peak": own_peak(),
        # A hash: the password itself would stand in a log where a contestant fails.
        "password": hashlib.sha256(found.password.encode()).hexdigest(),
        "tpd": hashlib.sha256(found.tpd).hexdigest(),
        "fingerprint": found.fingerprint,
    }
    print(json.dumps(facts))
