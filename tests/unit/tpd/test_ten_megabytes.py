# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of ten megabytes that are meant to do harm: refused with the project's own error, in little memory, and soon.

How soon they are refused is measured by tests/fuzz/hostile.py, as this machine may be busy. Here a reader that takes ten
times as long as it may, of the processor's time, is stopped and so found out.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ...figures import count

PROGRAM = Path(__file__).resolve().parents[2] / "fuzz" / "hostile.py"
REFUSING = ("private-key", "public-key", "password", "reply", "tpd", "certificate", "custody-log")


@pytest.mark.parametrize("reader", REFUSING)
def test_a_hostile_file_is_refused_in_little_memory(reader: str) -> None:
    assert bounded(reader) >= 20


def test_what_a_hostile_tpd_holds_is_looked_at_in_little_memory() -> None:
    assert bounded("opened-tpd") >= 6


def bounded(reader: str) -> int:
    """How many files the reader was given, each of which it took within its bounds."""
    done = subprocess.run([sys.executable, PROGRAM, "--json", reader], capture_output=True, text=True, check=False)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(each["file"], each["outcome"]) for each in found if not each["ok"]] == [], done.stderr
    assert [(each["file"], each["memory"]) for each in found if each["memory"] >= 200e6] == []
    count("hostile files of 10 MB bounded", len(found))
    return len(found)
