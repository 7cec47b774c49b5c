# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every contestant must have made of a tenant, told by other code than any contestant uses."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import stat
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PRIVATE, SHARED, FOLDER = 0o600, 0o644, 0o700
STAGED = {"manifest.json", "Import-TenantKey.ps1"}
EVENTS = ("created", "decrypted", "staged")


def faults(folder: Path, password: str, tpd: bytes) -> list[str]:
    """One phrase for each thing that is missing or wrong; none where the export is complete."""
    found = _modes(folder)
    if not found:
        found += _contents(folder, password, tpd)
    if not found:
        found += _stage(folder, password, tpd)
    return found + _log(folder)


def _modes(folder: Path) -> list[str]:
    found = [] if _mode(folder) == FOLDER else ["the folder is open to others"]
    for pattern, mode in (
        ("PrivateKey-*.txt", PRIVATE),
        ("PublicKey-*.txt", SHARED),
        ("Password-*.txt", PRIVATE),
        ("ExportedTPD-*.xml", PRIVATE),
        ("support-request.txt", None),
    ):
        files = list(folder.glob(pattern))
        if len(files) != 1:
            found.append(f"{len(files)} files are named {pattern}")
        elif mode is not None and _mode(files[0]) != mode:
            found.append(f"{files[0].name} has mode {_mode(files[0]):o}")
    expected = {"case.json", "adrms"}
    known = re.compile(r"(PrivateKey|PublicKey|Password|ExportedTPD|TPD)-[0-9A-F-]{36}\.(txt|xml)|support-request\.txt")
    left = [path.name for path in folder.iterdir() if path.name not in expected and not known.fullmatch(path.name)]
    return found + [f"{name} was left behind" for name in left]


def _contents(folder: Path, password: str, tpd: bytes) -> list[str]:
    found = []
    if _only(folder, "Password-*.txt").read_bytes() != password.encode():
        found.append("the password is another one")
    if _only(folder, "ExportedTPD-*.xml").read_bytes() != tpd:
        found.append("the TPD is another one")
    request = re.sub(r"\s", "", (folder / "support-request.txt").read_text())
    if _fingerprint_of_public_key(_only(folder, "PublicKey-*.txt").read_text()) not in request:
        found.append("the request does not tell the public key's fingerprint")
    return found


def _stage(folder: Path, password: str, tpd: bytes) -> list[str]:
    stage = folder / "adrms"
    staged = _only(folder, "ExportedTPD-*.xml").name
    names = {path.name for path in stage.iterdir()} if stage.is_dir() else set()
    if names != STAGED | {staged}:
        return [f"staged is {', '.join(sorted(names)) or 'nothing'}"]
    found = [] if _mode(stage) == FOLDER else ["the stage is open to others"]
    found += [f"{name} is open to others" for name in sorted(names) if _mode(stage / name) != PRIVATE]
    content = (stage / staged).read_bytes()
    manifest = json.loads((stage / "manifest.json").read_text())
    if manifest["sha256"] != hashlib.sha256(content).hexdigest() or content != tpd:
        found.append("the staged TPD is another one than the manifest says")
    # A contestant learns it only by opening the key data with the password.
    if manifest["key_fingerprint"] != fingerprint_of_key_data(content, password):
        found.append("nothing shows that the password was proven to open the TPD")
    return found


def _log(folder: Path) -> list[str]:
    logs = [path for path in folder.parent.glob(f"{folder.name}.*") if path.suffix in (".jsonl", ".log")]
    text = "".join(path.read_text() for path in logs)
    return [f"the log does not tell that it was {event}" for event in EVENTS if event not in text] + [
        f"{path.name} is open to others" for path in logs if _mode(path) != PRIVATE
    ]


def fingerprint_of_key_data(tpd: bytes, password: str) -> str:
    """SHA-256 of the SubjectPublicKeyInfo of the key in a TPD of version 2 ([MS-WCCE] 2.2.2.9.1 for the blob)."""
    key_data = re.search(rb"<m_strKeyData>(.*?)</m_strKeyData>", tpd)
    if key_data is None:
        return "(no key data)"
    key = hashlib.sha256(password.encode("utf-16-le")).digest()[:16]
    decryptor = Cipher(algorithms.AES(key), modes.CBC(bytes(range(1, 17)))).decryptor()
    blob = decryptor.update(base64.b64decode(key_data[1])) + decryptor.finalize()
    if blob[8:12] != b"RSA2":
        return "(no private key)"
    exponent, length = int.from_bytes(blob[16:20], "little"), int.from_bytes(blob[12:16], "little") // 8
    return _fingerprint(int.from_bytes(blob[20 : 20 + length], "little"), exponent)


def _fingerprint_of_public_key(text: str) -> str:
    """Of a PEM file or of an RSAKeyValue."""
    if "BEGIN" in text:
        numbers = serialization.load_pem_public_key(text.encode()).public_numbers()
        return _fingerprint(numbers.n, numbers.e)
    values = [re.search(f"<{name}>(.*?)</{name}>", text)[1] for name in ("Modulus", "Exponent")]
    return _fingerprint(*(int.from_bytes(base64.b64decode(value), "big") for value in values))


def _fingerprint(modulus: int, exponent: int) -> str:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers

    encoded = RSAPublicNumbers(exponent, modulus).public_key()
    formats = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    return hashlib.sha256(encoded.public_bytes(*formats)).hexdigest()


def _only(folder: Path, pattern: str) -> Path:
    (path,) = folder.glob(pattern)
    return path


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode) if path.exists() else -1
