# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tests/fleet/environment.py: the execution environment as far as it can be made without a container engine.

ansible-builder makes the build context, the collection is installed from it as the image's build does, without a server,
and ansible-builder finds what the collection needs of Python.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from scratch import CHECKOUT, environment, run


def output(folder: Path, *command: str | Path) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment(folder),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
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
    run(main)
