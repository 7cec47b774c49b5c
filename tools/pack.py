# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/pack.py SOURCE DIRECTORY: builds the collection in SOURCE as an operator would, and puts it into DIRECTORY.

The same files give the same bytes, whoever packs them, where and when: `ansible-galaxy collection build` takes the order
and the times of the files as it finds them, so what it has built is packed anew, sorted, and with one time for all.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

# The first second that every archive format knows. A commit's time would make another package of the same files.
WHEN = 315532800  # 1980-01-01T00:00:00Z
FILES, MANIFEST = "FILES.json", "MANIFEST.json"
GALAXY = Path(sys.executable).with_name("ansible-galaxy")


def pack(source: Path, directory: Path) -> Path:
    """The tarball that was made."""
    with tempfile.TemporaryDirectory() as scratch:
        environment = os.environ | {"ANSIBLE_HOME": f"{scratch}/ansible"}
        command = [GALAXY, "collection", "build", "--output-path", f"{scratch}/built", source]
        subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
        (built,) = Path(scratch, "built").iterdir()
        directory.mkdir(parents=True, exist_ok=True)
        packed = directory / built.name
        packed.write_bytes(canonical(built.read_bytes()))
    return packed


def canonical(tarball: bytes) -> bytes:
    """The same files: sorted, all of one time, and listed in the same order."""
    with tarfile.open(fileobj=io.BytesIO(tarball)) as archive:
        members = {member.name: member for member in archive.getmembers()}
        contents = {
            name: content.read() for name, member in members.items() if (content := archive.extractfile(member))
        }
    listed = json.loads(contents[FILES])
    listed["files"].sort(key=lambda entry: entry["name"])
    contents[FILES] = _json(listed)
    manifest = json.loads(contents[MANIFEST])
    manifest["file_manifest_file"]["chksum_sha256"] = hashlib.sha256(contents[FILES]).hexdigest()
    contents[MANIFEST] = _json(manifest)
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        # These two first, as whoever reads a package from its beginning wants them.
        for name in sorted(members, key=lambda name: (name not in (MANIFEST, FILES), name)):
            member = members[name]
            member.mtime, member.pax_headers = WHEN, {}
            member.size = len(contents.get(name, b""))
            archive.addfile(member, io.BytesIO(contents[name]) if name in contents else None)
    return gzip.compress(packed.getvalue(), mtime=0)


def _json(value: object) -> bytes:
    """As ansible-galaxy writes it."""
    return json.dumps(value, indent=True).encode()


if __name__ == "__main__":
    print(pack(Path(sys.argv[1]), Path(sys.argv[2])))
