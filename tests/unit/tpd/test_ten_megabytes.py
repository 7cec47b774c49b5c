# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of ten megabytes that are meant to do harm: refused with the project's own error, in little memory and with little work.

How much work that is, is counted (tests/fuzz/work.py): a count is the same on a busy machine. How long it takes is measured by
tests/fuzz/hostile.py (`make fuzz`). Here only a reader that takes ten times as long as it may is stopped.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import contents, envelope, metered

from ...figures import count

PROGRAM = Path(__file__).resolve().parents[2] / "fuzz" / "hostile.py"
REFUSING = ("private-key", "public-key", "password", "reply", "large-reply", "tpd", "certificate", "custody-log")
SIZE = 10_000_000
# The most that one file may take, of what takes a second for: 1400 uses (of 4096 bits: 200) of the private key, some GB
# decrypted, 25,000 keys made of passwords, 100 MB of XML read, 200,000 elements, 400 MB of base64 (see docs/formats.md).
MOST = {
    "private": metered.most_uses(2048),
    "decrypted": envelope.MAX_GROWTH * SIZE + 2 * SIZE,
    "derived": 2 * envelope.MAX_PROOFS + 3,
    "parsed": 8 * SIZE,
    "nodes": 2 * contents.MOST_TAGS,
    "decoded": 5 * SIZE,
}


@pytest.mark.parametrize("reader", REFUSING)
def test_a_hostile_file_is_refused_in_little_memory(reader: str) -> None:
    assert bounded(reader) >= (2 if reader == "large-reply" else 20)


def test_what_a_hostile_tpd_holds_is_looked_at_in_little_memory() -> None:
    assert bounded("opened-tpd") >= 6


def bounded(reader: str) -> int:
    """How many files the reader was given, each of which it took within its bounds."""
    done = subprocess.run([sys.executable, PROGRAM, "--json", reader], capture_output=True, text=True, check=False)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(each["file"], each["outcome"]) for each in found if not each["ok"]] == [], done.stderr
    assert [(each["file"], each["memory"]) for each in found if each["memory"] >= 200e6] == []
    count("hostile files of 10 MB bounded", len(found))
    counted = [each["work"] for each in found]
    most = {what: max(work[what] for work in counted) for what in MOST}
    assert {what: number for what, number in most.items() if number > MOST[what]} == {}
    if "reply" in reader:
        # As much as there may be, so that it is known that these files try.
        assert most["private"] == metered.most_uses(4096 if reader == "large-reply" else 2048)
        assert most["derived"] >= 2 * envelope.MAX_PROOFS
    return len(found)
