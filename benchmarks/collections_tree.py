# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collections that the contestants use, in a tree of their own: this one as it lies here, and community.crypto."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
BUILD = CHECKOUT / ".build" / "bench"
LOCK = CHECKOUT / "requirements" / "peers.txt"
PEER = "ansible_collections/community/crypto/"


def ours() -> Path:
    """A collections tree with a copy of the checkout, which may go on changing."""
    tree = BUILD / "tree"
    subprocess.run(
        [sys.executable, str(CHECKOUT / "tools" / "copy_tree.py"), str(tree)], check=True, stdout=subprocess.DEVNULL
    )
    return tree


def peers() -> Path:
    """A collections tree with community.crypto, taken out of the PyPI package that carries it."""
    tree = BUILD / "peers"
    made_of = tree / "made-of"
    if not (made_of.exists() and made_of.read_text() == LOCK.read_text()):
        wheels = BUILD / "wheels"
        subprocess.run([*_download(), "--dest", str(wheels)], check=True)
        (wheel,) = wheels.glob("ansible-*.whl")
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(tree, [name for name in archive.namelist() if name.startswith(PEER)])
        wheel.unlink()
        made_of.write_text(LOCK.read_text())
    return tree


def _download() -> list[str]:
    """pip of the environment that makes the others; its Python may be older than the one that runs this."""
    pip = CHECKOUT / ".build" / "uv" / "bin" / "pip"
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return [
        str(pip), "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:",
        "--python-version", version, "--require-hashes", "-r", str(LOCK),
    ]  # fmt: skip
