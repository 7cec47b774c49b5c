# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/copy_tree.py DIRECTORY: makes DIRECTORY a collections tree with what a commit of everything would hold.

Ignored files, environments and caches are not in it. Prints a digest of all names and contents.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
# Where a collection lies in a collections tree.
IN_TREE = Path("ansible_collections", "infoprotect", "tenant_key")


def files() -> list[str]:
    """Tracked files, and those that are neither tracked nor ignored; relative, sorted."""
    # The checkout may belong to somebody else, as in a container that runs as root.
    git = ["git", "-c", f"safe.directory={CHECKOUT}", "-C", str(CHECKOUT)]
    try:
        listed = subprocess.run(
            [*git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.split("\0")
    except (FileNotFoundError, subprocess.CalledProcessError):
        # An unpacked archive instead of a clone, or no git: everything that does not lie in a hidden folder.
        listed = [str(path.relative_to(CHECKOUT)) for path in CHECKOUT.glob("[!.]*/**/*")]
        listed += [path.name for path in CHECKOUT.iterdir()]
        listed = [name for name in listed if "__pycache__" not in name]
    # A file that was removed but not yet committed as such is still listed.
    return sorted({name for name in listed if name and (CHECKOUT / name).is_file()})


def digest_of(names: list[str]) -> str:
    """Changes when a name, a content or the right to execute does."""
    digest = hashlib.sha256()
    for name in names:
        source = CHECKOUT / name
        digest.update(f"{name}\0{os.access(source, os.X_OK)}\0".encode())
        digest.update(hashlib.sha256(source.read_bytes()).digest())
    return digest.hexdigest()


def copy(names: list[str], destination: Path) -> None:
    """Replace the destination; modes and times are kept."""
    shutil.rmtree(destination, ignore_errors=True)
    for name in names:
        target = destination / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(CHECKOUT / name, target)


def main(directory: Path) -> None:
    """A copy that is up to date stays: another program may be reading it."""
    names = files()
    digest = digest_of(names)
    stamp = directory / "digest"
    if not (stamp.exists() and stamp.read_text() == digest):
        copy(names, directory / IN_TREE)
        stamp.write_text(digest)
    print(digest)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
