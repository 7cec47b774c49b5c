# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/check_package.py: the built collection holds what an operator needs, and nothing else; built again, it is the same."""

from __future__ import annotations

import os
import shutil
import sys
import tarfile
import tempfile
from pathlib import Path

from copy_tree import CHECKOUT, IN_TREE
from pack import pack

PACKED_FOLDERS = ("LICENSES", "docs", "meta", "playbooks", "plugins", "roles")
PACKED_FILES = {
    "CHANGELOG.md",
    "CODE_OF_CONDUCT.md",
    "COPYING",
    "FILES.json",
    "MANIFEST.json",
    "README.md",
    "REUSE.toml",
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


def packed_elsewhere(source: Path) -> bytes:
    """The package as somebody else makes it: in another place, at another time, with another umask and order of files."""
    with tempfile.TemporaryDirectory() as scratch:
        umask = os.umask(0o077)
        for path in sorted((path for path in source.rglob("*") if path.is_file()), reverse=True):
            target = Path(scratch, "elsewhere", path.relative_to(source))
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            target.chmod(0o700 if os.access(path, os.X_OK) else 0o600)
        packed = pack(Path(scratch, "elsewhere"), Path(scratch, "packed")).read_bytes()
        os.umask(umask)
    return packed


def main() -> int:
    """The package that tools/install-collection built last."""
    (tarball,) = (CHECKOUT / ".build" / "dist").glob("*.tar.gz")
    source = CHECKOUT / ".build" / "snapshot" / IN_TREE
    found = complaints(tarball, source)
    if packed_elsewhere(source) != tarball.read_bytes():
        found.append(f"{tarball.name} is not the same when it is packed from a copy of the same files.")
    print(*found, sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
