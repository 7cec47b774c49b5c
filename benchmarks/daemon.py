# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real SSH daemon on this machine's loopback address, for the user who runs the benchmarks, with keys of its own."""

from __future__ import annotations

import getpass
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ADDRESS = "127.0.0.1"
PATIENCE = 20  # seconds


@contextmanager
def daemon(folder: Path, under: Sequence[str] = ()) -> Iterator[dict[str, str | int]]:
    """Started, by another program if one is named, and stopped again. The host variables of a host behind it."""
    folder.mkdir(mode=0o700)
    for name in ("host", "client"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True)
    port = _free_port()
    (folder / "known_hosts").write_text(f"[{ADDRESS}]:{port} {(folder / 'host.pub').read_text()}")
    (folder / "config").write_text(
        f"ListenAddress {ADDRESS}:{port}\nHostKey {folder}/host\nPidFile none\nAuthorizedKeysFile {folder}/client.pub\n"
        f"AllowUsers {getpass.getuser()}\nPermitRootLogin prohibit-password\nAuthenticationMethods publickey\nUsePAM no\n"
        # The folder lies below one in which everybody may write, but nobody else can enter it.
        "StrictModes no\nMaxStartups 100\nMaxSessions 100\n"
    )
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*under, "/usr/sbin/sshd", "-D", "-e", "-f", str(folder / "config")], stderr=log)
        try:
            _wait(port)
            yield {
                "ansible_connection": "ssh",
                "ansible_host": ADDRESS,
                "ansible_port": port,
                "ansible_user": getpass.getuser(),
                "ansible_ssh_private_key_file": str(folder / "client"),
                "ansible_ssh_args": (
                    "-F none -o ControlMaster=auto -o ControlPersist=60s -o IdentitiesOnly=yes"
                    f" -o UserKnownHostsFile={folder}/known_hosts"
                ),
                "ansible_python_interpreter": sys.executable,
            }
        finally:
            process.terminate()
            process.wait()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind((ADDRESS, 0))
        return int(free.getsockname()[1])


def _wait(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection((ADDRESS, port)).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
