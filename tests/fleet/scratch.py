# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where these checks run: a folder that is thrown away, and a virtual environment with ansible-runner and ansible-builder."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
PROGRAMS = CHECKOUT / ".build" / "venvs" / "runner" / "bin"


def environment(home: Path) -> dict[str, str]:
    """Nothing of the user's but the way to programs."""
    return {"HOME": str(home), "LANG": "C.UTF-8", "PATH": f"{PROGRAMS}:{os.environ['PATH']}"}


def run(main: Callable[[Path], None]) -> None:
    """Make the virtual environment where it is missing, and have the check work in a new folder."""
    venv = PROGRAMS.parent.relative_to(CHECKOUT)
    subprocess.run([CHECKOUT / "tools" / "make-venv", "runner", venv, "3.11", "3.12", "3.13"], check=True)
    with tempfile.TemporaryDirectory() as parent:
        main(Path(parent).resolve())
