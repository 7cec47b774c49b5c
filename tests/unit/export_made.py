# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A made-up export, and the tasks of every module that work on it."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible.parsing.vault import VaultLib, VaultSecret
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import rehearsal, rsakeys, tpd, wrap

NEW_PASSWORD = "A new canary, made for a test: 4711 Düren"
OPENED = {
    "schema": 1,
    "tenant": "contoso",
    "rehearsal": False,
    "guid": "7BE4A8F2-0000-4000-8000-00000000000A",
    "opened": "2026-03-02T09:15:00Z",
}
PASSPHRASE = "The passphrase of a PEM, made for a test: 0815"
VAULT_SECRET = b"The secret of a vault, made for a test"


@dataclass(frozen=True, repr=False)
class Export:
    """A made-up export: the request key pair, support's reply to it, and what is in that. Nothing of it opens anything."""

    guid: str
    private_file: bytes
    public_file: bytes
    fingerprint: str
    password: str
    tpd: bytes
    reply: bytes
    stranger: bytes  # the private half of another key pair
    secrets: tuple[str, ...]

    def lay(self, folder: Path) -> dict[str, str]:
        """Put pair and reply into a new folder; their paths, as tpd_decrypt takes them."""
        folder.mkdir(mode=0o700)
        files = {
            "private_key_file": (f"PrivateKey-{self.guid}.txt", self.private_file),
            "target": ("TPD-77172C7B-8E21-48B7-9854-7A4CEAC474D0.xml", self.reply),
        }
        for name, content in files.values():
            (folder / name).write_bytes(content)
            (folder / name).chmod(0o600)
        return {option: str(folder / name) for option, (name, _content) in files.items()}


def numbers(key: Any) -> list[str]:
    """The secret numbers of a private key, as base64 in either byte order."""
    private = key.private_numbers()
    return [
        base64.b64encode(number.to_bytes(key.key_size // 8, order).strip(b"\0")).decode()
        for number in (private.p, private.q, private.d)
        for order in ("big", "little")
    ]


def make() -> Export:
    """With keys of 1024 bits (cryptographic mode 1): they are proven on every reading, which takes the longer ones long."""
    key, stranger = rsakeys.generate(1024), rsakeys.generate(1024)
    password = "Canary, made for a test: Zürich 4711"
    made = rehearsal.make(1024, 2, 2)
    content = tpd.seal(made, password)
    return Export(
        guid="FA29D0FE-5049-4C8E-931B-96C6152B0441",
        private_file=rsakeys.dump_private(key, "rsakeyvalue"),
        public_file=rsakeys.dump_public(key.public_key(), "rsakeyvalue"),
        fingerprint=rsakeys.fingerprint(key.public_key()),
        password=password,
        tpd=content,
        reply=wrap.wrap("xmlenc", password, content, key.public_key()),
        stranger=rsakeys.dump_private(stranger, "rsakeyvalue"),
        secrets=(password, *numbers(key), *numbers(stranger), *numbers(rsakeys.load_private(made.key_blob))),
    )


def files(export, request_key=None):
    """What every story below begins with."""
    key = rsakeys.dump_private(request_key, "pem") if request_key else b""
    vault = VaultLib([("default", VaultSecret(VAULT_SECRET))])
    return {
        f"case/PrivateKey-{export.guid}.txt": export.private_file,
        f"case/PublicKey-{export.guid}.txt": export.public_file,
        "case/TPD-77172C7B-8E21-48B7-9854-7A4CEAC474D0.xml": export.reply,
        f"pair/PrivateKey-{export.guid}.txt": key,
        "made/ExportedTPD.xml": export.tpd,
        "made/Password.txt": export.password.encode(),
        "made/new": NEW_PASSWORD.encode(),
        "made/passphrase": PASSPHRASE.encode(),
        "sources/plain": export.password.encode("utf-16"),
        "sources/vaulted": vault.encrypt(export.password.encode()),
        "vault-secret": VAULT_SECRET,
    }


def story(work: Path, export):
    """Tasks of every module, each of which is run in check mode, run, and run again."""
    case, made, sources = (f"{work}/{name}" for name in ("case", "made", "sources"))
    tpd = {"path": f"{made}/ExportedTPD.xml", "password_file": f"{made}/Password.txt"}
    reply = {
        "private_key_file": f"{case}/PrivateKey-{export.guid}.txt",
        "target": f"{case}/TPD-77172C7B-8E21-48B7-9854-7A4CEAC474D0.xml",
    }
    split = {"keyless_file": f"{work}/split/keyless.xml", "pem_file": f"{work}/split/key.pem"}
    stage = {"tpd_file": tpd["path"], "password_file": tpd["password_file"], "directory": f"{work}/stage"}
    log = {"path": f"{work}/custody.jsonl"}
    created = {"event": "created", "actor": "test", "tenant": "contoso", "subject": "key"}
    public = {"public_key_file": f"{case}/PublicKey-{export.guid}.txt"}
    record = {"path": f"{work}/case.json"}
    return [
        ("tpd_keypair", {"directory": f"{work}/pair"}),
        ("tpd_keypair", {"directory": f"{work}/another", "guid": "77172C7B-8E21-48B7-9854-7A4CEAC474D1"}),
        ("tpd_decrypt", reply),
        ("tpd_info", tpd),
        ("tpd_info", {"content": base64.b64encode(export.tpd).decode(), "password": export.password}),
        ("tpd_protect", {**tpd, "new_password_file": f"{made}/new", "dest": f"{work}/new/ExportedTPD.xml"}),
        ("tpd_protect", {**tpd, "new_password": "weak", "dest": f"{work}/weak/ExportedTPD.xml"}),
        ("tpd_split", {**tpd, **split, "pem_passphrase_file": f"{made}/passphrase"}),
        ("secure_file", {"dest": f"{work}/placed/text", "content": export.password}),
        ("secure_file", {"dest": f"{work}/placed/plain", "src": f"{sources}/plain", "mode": "0400"}),
        ("secure_file", {"dest": f"{work}/placed/vaulted", "src": f"{sources}/vaulted"}),
        ("secure_file", {"dest": f"{work}/placed/here", "src": f"{sources}/plain", "remote_src": True}),
        ("secure_file_info", {"path": f"{work}/placed/text"}),
        ("secure_file", {"dest": f"{work}/placed/text", "state": "absent"}),
        ("adrms_stage", {**stage, "display_name": "Contoso"}),
        ("custody_log", {**log, **created}),
        ("custody_info", log),
        ("rehearsal_reply", {**public, "directory": f"{work}/inbox", "key_size": 1024}),
        ("case_record", {**record, "new": OPENED}),
        ("case_record", {**record, "tenant": "contoso", "record": {"purpose": "leave"}}),
    ]


def failures(work: Path, export):
    """Tasks that are refused: by Ansible, by the operation, and by the action plugin before either."""
    pair = {"path": f"{work}/made/ExportedTPD.xml", "password_file": f"{work}/made/Password.txt"}
    none, plain = {"dest": f"{work}/placed/none"}, {"src": f"{work}/sources/plain"}
    return [
        ("tpd_keypair", {"directory": f"{work}/pair", "size": 4096}),
        ("tpd_keypair", {"directory": f"{work}/pair", "colour": "red"}),
        ("tpd_keypair", {"directory": f"{work}/none", "state": "absent"}),
        ("tpd_decrypt", {"target": f"{work}/none"}),
        ("tpd_decrypt", {"target": f"{work}/none", "private_key_file": f"{work}/case/PublicKey-{export.guid}.txt"}),
        ("tpd_info", {"path": pair["path"], "password": "wrong, and made for a test"}),
        ("tpd_info", {**pair, "password": "one too many, made for a test"}),
        ("tpd_protect", {**pair, "new_password": export.password}),
        ("tpd_split", {**pair, "keyless_file": f"{work}/split/2.xml", "pem_file": f"{work}/split/2.pem"}),
        ("secure_file", {**none, "src": f"{work}/sources/none"}),
        ("secure_file", {**none, **plain, "content": "both"}),
        ("secure_file", {**none, **plain, "sha256": "0" * 64}),
        ("secure_file", none),
        ("custody_log", {"path": f"{work}/custody.jsonl", "event": "no such event"}),
        ("custody_info", {"path": f"{work}/none.jsonl"}),
    ]
