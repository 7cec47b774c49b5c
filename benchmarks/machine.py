# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the figures were taken on: the machine, and the versions of everything that takes part."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import subprocess
from pathlib import Path

LIBRARIES = ("ansible-core", "cryptography", "lxml", "xmlsec")


def machine(scratch: Path) -> dict[str, str]:
    """What matters for comparing figures of two machines; nothing that names this one."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": _processor(),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{memory:.0f} GiB",
        "system": f"{_system()}, Linux {platform.release().split('-', maxsplit=1)[0]}",
        "file system": _first(["stat", "--file-system", "--format=%T", str(scratch)]),
        "load before": f"{os.getloadavg()[0]:.2f}",
    }


def versions(collections: Path) -> dict[str, str]:
    """Of Python, its libraries, the programs, and the collection that a peer uses."""
    import json

    found = {"Python": platform.python_version()}
    found |= {name: importlib.metadata.version(name) for name in LIBRARIES}
    manifest = collections / "ansible_collections" / "community" / "crypto" / "MANIFEST.json"
    found["community.crypto"] = json.loads(manifest.read_text())["collection_info"]["version"]
    found["openssl"] = _first(["openssl", "version"]).split(" ")[1]
    found["openssl in cryptography"] = _openssl_of_cryptography()
    found["xmlsec1"] = _first(["xmlsec1", "--version"]).split(" ")[1]
    found["ssh"] = _first(["ssh", "-V"]).split(",", maxsplit=1)[0]
    return found


def _openssl_of_cryptography() -> str:
    from cryptography.hazmat.backends.openssl import backend

    return backend.openssl_version_text().split(" ")[1]


def _first(command: list[str]) -> str:
    """The first line that a program prints."""
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.stdout.splitlines()[0].strip()


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _system() -> str:
    return platform.freedesktop_os_release().get("PRETTY_NAME", "Linux")
