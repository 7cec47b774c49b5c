# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure 6: what an operation takes in the controller's process against the least that the job can take."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from shutil import rmtree
from typing import Any

from ansible_collections.infoprotect.tenant_key.plugins.module_utils._ops import tpd_decrypt, tpd_keypair
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from measure import Contestant, Figures, Measure, alternate, ratio, series
from plays import BenchmarkError
from tenants import Secret, Tenants

KEYPAIR_BOUND = 1.5
SIZE = 2048


def measure(scratch: Path, held: Secret, count: int, rounds: int) -> Measure:
    """As many keys of each contestant, because how long one takes is a matter of luck."""
    work = scratch / "floor"
    contestants = {
        "keypair": _times(work, count, _keypair),
        "genrsa": _times(work, count, _genrsa),
        "generate": _times(work, count, _generate),
        "decrypt": _decrypt(work, held, count),
        "aes": _times(work, count, lambda folder: _aes_and_sync(folder, held.tpd)),
    }
    results = alternate(contestants, rounds)
    names = {
        "keypair": "tpd_keypair in process",
        "genrsa": f"(d) openssl genrsa {SIZE}",
        "generate": "(d) a key of the library that the operation uses",
        "decrypt": "tpd_decrypt in process",
        "aes": "(d) one AES pass over a TPD, one fsync",
    }
    cost = {which: series(name, "ms", results[which], "one", 1000) for which, name in names.items()}
    return Measure(
        "Operations in process",
        f"Milliseconds each, mean of {count} in every round. tpd_decrypt also opens the reply with the RSA key and proves the TPD.",
        list(cost.values()),
        [
            ratio("tpd_keypair to openssl genrsa", cost["keypair"], cost["genrsa"], KEYPAIR_BOUND),
            ratio("tpd_keypair to a key of the library", cost["keypair"], cost["generate"]),
            ratio("tpd_decrypt to one AES pass and one fsync", cost["decrypt"], cost["aes"]),
        ],
    )


def _times(work: Path, count: int, once: Callable[[Path], None]) -> Contestant:
    """So many times, each in a folder of its own."""

    def contestant(_round: int) -> Figures:
        folders = [work / str(number) for number in range(count)]
        for folder in folders:
            folder.mkdir(mode=0o700, parents=True)
        try:
            started = time.perf_counter()
            for folder in folders:
                once(folder)
            seconds = time.perf_counter() - started
            if not all(any(folder.iterdir()) for folder in folders):
                raise BenchmarkError("An operation has written nothing.")
        finally:
            rmtree(work)
        return {"one": seconds / count}

    return contestant


def _decrypt(work: Path, held: Secret, count: int) -> Contestant:
    def contestant(_round: int) -> Figures:
        work.mkdir(mode=0o700)
        try:
            cases = Tenants(work, count, held)
            for name in cases.names():
                (work / name).mkdir(mode=0o700)
                _keypair(work / name)
            cases.answer()
            started = time.perf_counter()
            found = [_run(tpd_decrypt, **_files(work / name)) for name in cases.names()]
            seconds = time.perf_counter() - started
            if not all(Path(result["tpd_file"]).read_bytes() == held.tpd for result in found):
                raise BenchmarkError("tpd_decrypt has not brought back the TPD.")
        finally:
            rmtree(work)
        return {"one": seconds / count}

    return contestant


def _files(folder: Path) -> dict[str, str]:
    (private,), (reply,) = folder.glob("PrivateKey-*.txt"), folder.glob("TPD-*.xml")
    return {"private_key_file": str(private), "target": str(reply)}


def _keypair(folder: Path) -> None:
    _run(tpd_keypair, directory=str(folder), size=SIZE)


def _run(operation: Any, **given: Any) -> dict[str, Any]:
    """As the action plugin calls it: with every option that Ansible would fill in."""
    specification = operation.OPERATION.argument_spec
    params = {name: option.get("default") for name, option in specification.items()} | given
    return dict(operation.OPERATION.run(params, False))


def _genrsa(folder: Path) -> None:
    subprocess.run(["openssl", "genrsa", "-out", str(folder / "key.pem"), str(SIZE)], check=True, capture_output=True)


def _generate(folder: Path) -> None:
    """In process, as the operation does it: the wheels of cryptography bring a newer OpenSSL than a distribution has."""
    key = rsa.generate_private_key(65537, SIZE)
    (folder / "modulus").write_text(str(key.public_key().public_numbers().n))


def _aes_and_sync(folder: Path, tpd: bytes) -> None:
    whole = tpd[: len(tpd) // 16 * 16]
    decryptor = Cipher(algorithms.AES(bytes(32)), modes.CBC(bytes(16))).decryptor()
    with (folder / "plain").open("wb") as file:
        file.write(decryptor.update(whole) + decryptor.finalize())
        file.flush()
        os.fsync(file.fileno())
