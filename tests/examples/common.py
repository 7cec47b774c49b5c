# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the programs in this folder share: where they run, how they run commands, and what they count."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
EXAMPLES = CHECKOUT / "docs" / "examples"
RUNBOOK = CHECKOUT / "docs" / "runbook"
# The folders that the documentation names; in a test they lie below the scratch folder.
ROOTS = ("/srv/", "/media/")
FIGURES: Counter[str] = Counter()


def check(holds: bool, otherwise: str) -> None:
    if not holds:
        sys.exit(f"FAILED: {otherwise}")


def only_what_is_called(folder: Path) -> None:
    """Of the installed collection, the four folders without which it does not work; it must work without all others."""
    installed = Path(sysconfig.get_path("purelib")) / "ansible_collections" / "infoprotect" / "tenant_key"
    for name in ("meta", "playbooks", "plugins", "roles"):
        shutil.copytree(installed / name, folder / "ansible_collections" / "infoprotect" / "tenant_key" / name)
    os.environ["ANSIBLE_COLLECTIONS_PATH"] = str(folder)


def environment(scratch: Path) -> dict[str, str]:
    """Nothing of the user's Ansible takes part. Windows hosts are imitated."""
    home = scratch / "home" / "you"
    for folder in (scratch / "windows", home):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return {
        "ANSIBLE_COLLECTIONS_PATH": f"{CHECKOUT / 'tests' / 'windows'}:{os.environ['ANSIBLE_COLLECTIONS_PATH']}",
        "ANSIBLE_CONFIG": str(CHECKOUT / "tools" / "ansible.cfg"),
        "ANSIBLE_HOME": str(scratch / "ansible"),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_REMOTE_TEMP": str(scratch / "ansible" / "tmp"),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "WINDOWS_IMITATION": str(scratch / "windows"),
    }


def moved(text: str, scratch: Path) -> str:
    """The same with the folders that the documentation names below the scratch folder."""
    for root in ROOTS:
        text = re.sub(rf"(?<![\w.}}-]){root}", f"{scratch}{root}", text)
    return text


def blocks(text: str, language: str) -> list[str]:
    """The code blocks of a page in that language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def shell(lines: str, folder: Path, scratch: Path, fails: bool = False) -> str:
    """What the lines print, which end well or, where that is expected, do not."""
    FIGURES["documented commands run"] += len(re.findall(r"^(?:ansible|openssl)", lines, re.MULTILINE))
    done = subprocess.run(
        ["sh", "-euc", lines],
        cwd=folder,
        env=environment(scratch),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    said = done.stdout
    check((done.returncode != 0) == fails, f"This ended with {done.returncode}:\n{lines}\n{said}")
    check(not re.search("no hosts matched|could not match supplied", said, re.IGNORECASE), f"No such hosts:\n{said}")
    no_secret(said, scratch)
    return said


def no_secret(said: str, scratch: Path) -> None:
    """Neither a password nor a private key was printed."""
    for file in scratch.rglob("*"):
        if file.name.startswith(("Password-", "PrivateKey-")) and file.is_file():
            text = file.read_text(encoding="utf-8", errors="replace")
            parts = re.findall(r"<(?:P|Q|D)>([^<]+)<", text) or [text]
            check(not any(part.strip() in said for part in parts if part.strip()), f"{file.name} was printed:\n{said}")


def run(main: Callable[[Path], int]) -> None:
    """Work in a new folder, show what was counted, and at last how many tests passed, which tools/gates.py adds up."""
    os.umask(0o022)
    with tempfile.TemporaryDirectory() as parent, tempfile.TemporaryDirectory() as collections:
        only_what_is_called(Path(collections).resolve())
        passed = main(Path(parent).resolve())
    for what, number in sorted(FIGURES.items()):
        print(f"figure: {what}: {number}")
    print(f"{passed} passed, 0 failed")
