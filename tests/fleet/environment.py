# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tests/fleet/environment.py: the execution environment as far as it can be made without a container engine.

ansible-builder makes the build context, the collection is installed from it as the image's build does, without a server,
and ansible-builder finds what the collection needs of Python.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
VENV = CHECKOUT / ".build" / "venvs" / "runner"


def output(folder: Path, *command: str | Path) -> str:
    environment = {"HOME": str(folder), "LANG": "C.UTF-8", "PATH": f"{VENV / 'bin'}:{os.environ['PATH']}"}
    done = subprocess.run(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"FAILED: {' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def main(scratch: Path) -> None:
    output(CHECKOUT, sys.executable, "tools/copy_tree.py", scratch / "tree")
    (collection,) = scratch.glob("tree/ansible_collections/*/*")
    output(scratch, "ansible-galaxy", "collection", "build", "--output-path", scratch / "ee", collection)
    definition = collection / "docs" / "fleet" / "execution-environment.yml"
    (scratch / "ee" / definition.name).write_text(definition.read_text())

    output(scratch / "ee", "ansible-builder", "create")
    requirements = scratch / "ee" / "context" / "_build" / "requirements.yml"
    installed = scratch / "installed"
    output(requirements.parent, "ansible-galaxy", "collection", "install", "-r", requirements.name, "-p", installed)
    found = output(scratch, "ansible-builder", "introspect", installed)
    if "cryptography>=36  # from collection infoprotect.tenant_key" not in found:
        sys.exit(f"FAILED: what the collection needs is not found:\n{found}")
    print("1 passed, 0 failed")


if __name__ == "__main__":
    subprocess.run(
        [CHECKOUT / "tools" / "make-venv", "runner", VENV.relative_to(CHECKOUT), "3.11", "3.12", "3.13"], check=True
    )
    with tempfile.TemporaryDirectory() as parent:
        main(Path(parent).resolve())
