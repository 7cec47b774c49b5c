# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/custody-log.md: what an auditor is told to type works, on a sound log and on others, and its figures are those of the code."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils import _custody, _custody_line

from .custody_made import lines, sha256

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "custody-log.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(sh|python)\n(.*?)```", DOCUMENT, re.DOTALL)
LINES = lines(42)
HEAD = sha256(LINES[-1])


def typed(folder, language, number):
    """What the numbered block of that language prints."""
    text = [block for kind, block in BLOCKS if kind == language][number]
    program = ["sh", "-e"] if language == "sh" else [sys.executable, "-"]
    return subprocess.run(
        program, cwd=folder, input=text, capture_output=True, text=True, check=True
    ).stdout.splitlines()


@pytest.mark.parametrize(("language", "number"), [("sh", 2), ("python", 0)])
def test_the_whole_log(tmp_path, language, number):
    log = tmp_path / "contoso.jsonl"
    log.write_bytes(b"".join(LINES))
    assert typed(tmp_path, language, number) == [f"42 {HEAD}"]
    for content, first in (
        ([*LINES[:5], LINES[5].replace(b"Erika", b"Frank"), *LINES[6:]], "Line 7 does not follow"),
        ([*LINES[:5], *LINES[6:]], "Line 6 does not follow"),
        ([*LINES[:5], LINES[6], LINES[5], *LINES[7:]], "Line 6 does not follow"),
        ([*LINES[:5], LINES[4], *LINES[5:]], "Line 6 does not follow"),
        ([*LINES[:-1], LINES[-1][:-1]], "unfinished"),
        ([*LINES[:-1], LINES[-1][:50]], "Line 42 does not follow" if language == "python" else "unfinished"),
    ):
        log.write_bytes(b"".join(content))
        assert first in typed(tmp_path, language, number)[0]
    # Cut off at the end of a line: nothing to see without an anchor.
    log.write_bytes(b"".join(LINES[:-1]))
    assert typed(tmp_path, language, number) == [f"41 {sha256(LINES[-2])}"]


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")
def test_single_lines(tmp_path):
    (tmp_path / "contoso.jsonl").write_bytes(b"".join(LINES))
    of_seven, in_eight = typed(tmp_path, "sh", 0)
    assert of_seven.split()[0] == in_eight == sha256(LINES[6])
    assert typed(tmp_path, "sh", 1) == [f"{HEAD}  -"]
    table = typed(tmp_path, "sh", 3)
    assert (len(table), table[0].split("\t")) == (42, ["1", "2026-03-02T09:15:00Z", "opened", "Erika", "file 0"])


def test_figures():
    assert (_custody_line.LONGEST_LINE, _custody_line.LARGEST_DETAILS, _custody.LARGEST_LOG) == (2**14, 2**13, 2**23)
    limits = (
        f"{_custody_line.LONGEST_TEXT} characters",
        f"{_custody_line.DEEPEST} levels",
        f"{_custody.MOST_PROBLEMS} problems",
    )
    for words in ("16 KiB for a line", "8 KiB for its details", "8 MiB for a log", *limits):
        assert words in " ".join(DOCUMENT.split())
