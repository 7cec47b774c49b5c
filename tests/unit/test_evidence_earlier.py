# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role evidence finds what earlier runs have left, by whatever name its folder was given."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

VARIABLES = Path(__file__).resolve().parents[2] / "roles" / "evidence" / "vars" / "main.yml"


@pytest.mark.parametrize("folder", ["{home}/of tenants", "{home}/of tenants//", "~/of tenants"])
def test_what_lies_there_is_found(tmp_path, folder):
    there = tmp_path / "of tenants"
    there.mkdir()
    (there / "contoso.json").write_text('{"made": "for a test"}\n', encoding="utf-8")
    command = [sys.executable, "-m", "ansible", "adhoc", "localhost", "--one-line", "-m", "ansible.builtin.debug"]
    command += ["-a", "msg={{ __evidence_found }}", "-e", f"@{VARIABLES}"]
    command += ["-e", f'{{"evidence_directory": "{folder.format(home=tmp_path)}"}}']
    environment = {**os.environ, "HOME": str(tmp_path)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, '"name": "contoso.json"' in done.stdout) == (0, True), done.stdout + done.stderr
