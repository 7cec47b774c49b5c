# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/check_package.py: the built collection holds what an operator needs, and nothing else."""

from __future__ import annotations

import sys
import tarfile
from pathlib import Path

from copy_tree import CHECKOUT, IN_TREE

PACKED_FOLDERS = ("docs", "meta", "playbooks", "plugins", "roles")
PACKED_FILES = {
    "CHANGELOG.md",
    "COPYING",
    "FILES.json",
    "MANIFEST.json",
    "README.md",
    "changelogs/changelog.yaml",
    "changelogs/config.yaml",
    "tests/config.yml",
}
REQUIRED = {"COPYING", "README.md", "meta/runtime.yml", "changelogs/changelog.yaml"}


def complaints(tarball: Path, source: Path) -> list[str]:
    """One line for each thing that is wrong with what was built from the source."""
    found = []
    with tarfile.open(tarball) as archive:
        members = {member.name: member for member in archive.getmembers() if not member.isdir()}
        for name, member in members.items():
            if name not in PACKED_FILES and name.split("/")[0] not in PACKED_FOLDERS:
                found.append(f"{name} is packed but only serves to check the collection: add it to build_ignore.")
            content = archive.extractfile(member)
            if content is None:
                found.append(f"{name} is not a plain file.")
                continue
            text = content.read()
            for private in (CHECKOUT, Path.home()):
                if f"{private}/".encode() in text:
                    found.append(f"{name} names a folder of this machine.")
    sources = {str(path.relative_to(source)) for path in source.rglob("*") if path.is_file()}
    wanted = REQUIRED | {name for name in sources if name.split("/")[0] in PACKED_FOLDERS}
    found += [f"{name} is missing from the package." for name in sorted(wanted - members.keys())]
    return found


def main() -> int:
    """The package that tools/install-collection built last."""
    (tarball,) = (CHECKOUT / ".build" / "dist").glob("*.tar.gz")
    found = complaints(tarball, CHECKOUT / ".build" / "snapshot" / IN_TREE)
    print(*found, sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
