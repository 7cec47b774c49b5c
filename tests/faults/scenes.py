# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every module, in the situations that differ in what it does to files."""

from __future__ import annotations

import grp
import os
import pwd
from dataclasses import replace
from pathlib import Path
from typing import Any

from ansible_collections.infoprotect.tenant_key.plugins.module_utils._ops import (
    adrms_stage,
    rehearsal_reply,
    secure_file,
    tpd_decrypt,
    tpd_keypair,
    tpd_protect,
    tpd_split,
)
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import TpdError, envelope, names, rsakeys, tpd
from material import NEW_PASSWORD, PASSPHRASE, PASSWORD, KeyPair, Material
from records import cases, logs
from scene import File, Scene, State, undisturbed

GUID = "FA29D0FE-5049-4C8E-931B-96C6152B0441"
PUBLIC_MODE = 0o644
OLD = b"the old content, made for a test of faults"
NEW = b"the new content, made for a test of faults, and longer"
# Only root can give files away; to others the owner is who they are, and the call that gives is never made.
NOBODY = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())


def all_scenes(material: Material) -> list[Scene]:
    """In the order of the table."""
    return [
        *secure_files(),
        *key_pairs(material),
        *decryptions(material),
        *stagings(material),
        *replies(material),
        *protections(material),
        *splits(material),
        *logs(),
        *cases(),
    ]


def secure_files() -> list[Scene]:
    """One file."""
    key = "case/key"

    def scene(name: str, before: State, wanted: File, **params: object) -> Scene:
        given = {"dest": key, "content": NEW.decode(), "mode": f"{wanted.mode:04o}", **params}
        return Scene(
            "secure_file",
            name,
            secure_file.OPERATION,
            lambda root: {**given, "dest": str(root / key)},
            before,
            [(key, wanted)],
        )

    group = grp.getgrgid(NOBODY.pw_gid).gr_name
    given = File(NEW, 0o640, NOBODY.pw_uid, NOBODY.pw_gid)
    killed = {f"case/.infoprotect-{kind}-0123456789abcdef": File(NEW[:20]) for kind in ("new", "old")}
    absent = scene("absent", {key: File(OLD, 0o400)}, File(NEW), state="absent", content=None)
    return [
        scene("fresh", {}, File(NEW)),
        scene("replace", {key: File(OLD)}, given, owner=NOBODY.pw_name, group=group),
        scene("close", {key: File(NEW, 0o644)}, File(NEW)),
        scene("open", {key: File(NEW, 0o400)}, File(NEW, 0o640)),
        scene("after a killed run", {key: File(OLD), **killed}, File(NEW)),
        replace(absent, steps=[(key, None)]),
    ]


def key_pairs(material: Material) -> list[Scene]:
    """The private half, then the public half; when a pair goes, no stranger may stand beside a half."""
    private, public = (f"case/{kind}-{GUID}.txt" for kind in (names.PRIVATE_KEY, names.PUBLIC_KEY))

    def files(pair: KeyPair, private_mode: int = 0o600) -> list[tuple[str, File]]:
        return [(private, File(pair.private_file, private_mode)), (public, File(pair.public_file, PUBLIC_MODE))]

    def scene(name: str, before: State, steps: list[tuple[str, File | None]], **params: object) -> Scene:
        return Scene(
            "tpd_keypair",
            name,
            tpd_keypair.OPERATION,
            lambda root: {"directory": str(root / "case"), "guid": GUID, **params},
            before,
            steps,
        )

    new = files(material.pair)
    old = dict(files(material.other))
    unnamed = [(f"case/{kind}-<GUID>.txt", file) for kind, (_name, file) in zip(("PrivateKey", "PublicKey"), new)]
    regenerate = scene("regenerate", old, [(public, None), *new], regenerate="always")
    return [
        replace(scene("fresh", {}, unnamed, guid=None), any_guid=True),
        scene("lone private half", dict(files(material.other)[:1]), [(public, old[public])]),
        scene("close", dict(files(material.pair, private_mode=0o644)), new),
        replace(regenerate, afterwards={"regenerate": "never"}),
        scene("absent", old, [(private, None), (public, None)], state="absent"),
    ]


def decryptions(material: Material) -> list[Scene]:
    """The TPD, then its password, beside the key and the reply."""
    guid = names.output_guid(GUID, material.reply, "new")
    tpd_file, password_file = (f"case/{names.file_name(kind, guid)}" for kind in (names.EXPORTED_TPD, names.PASSWORD))
    private = f"case/{names.PRIVATE_KEY}-{GUID}.txt"
    reply = "case/TPD-77172C7B-8E21-48B7-9854-7A4CEAC474D0.xml"
    inputs = {private: File(material.pair.private_file), reply: File(material.reply)}
    steps = [(tpd_file, File(material.tpd)), (password_file, File(PASSWORD.encode()))]

    def scene(name: str, before: State) -> Scene:
        return Scene(
            "tpd_decrypt",
            name,
            tpd_decrypt.OPERATION,
            lambda root: {"private_key_file": str(root / private), "target": str(root / reply)},
            {**inputs, **before},
            steps,
        )

    return [
        scene("fresh", {}),
        scene("lone TPD", dict(steps[:1])),
        scene("close", {name: replace(file, mode=0o644) for name, file in steps}),
    ]


def stagings(material: Material) -> list[Scene]:
    """The TPD, the script, then the manifest, in a folder that is handed over."""
    tpd_file = f"case/{names.EXPORTED_TPD}-{GUID}.xml"
    given = {tpd_file: File(material.tpd), "case/password": File(PASSWORD.encode())}

    def scene(name: str, before: State, steps: list[tuple[str, File | None]]) -> Scene:
        return Scene("adrms_stage", name, adrms_stage.OPERATION, params, {**given, **before}, steps)

    def params(root: Path) -> dict[str, Any]:
        return {
            "tpd_file": str(root / tpd_file),
            "password_file": str(root / "case/password"),
            "directory": str(root / "stage"),
            "display_name": "Contoso",
        }

    # What belongs into a manifest is for the unit tests; here it is what an undisturbed run writes.
    staged = undisturbed(scene("fresh", {}, []))
    renamed = undisturbed(scene("fresh", {}, []), display_name="Fabrikam")
    in_order = (os.path.basename(tpd_file), adrms_stage.SCRIPT_FILE, adrms_stage.MANIFEST_FILE)
    files = [(f"stage/{name}", staged[f"stage/{name}"]) for name in in_order]
    return [
        scene("fresh", {}, files),
        *(
            scene(f"{what} lost", dict(file for file in files if file != lost), [lost])
            for what, lost in zip(("TPD", "script", "manifest"), files)
        ),
        scene("other name", {name: renamed[name] for name, _file in files}, files[-1:]),
    ]


def replies(material: Material) -> list[Scene]:
    """One file, which is another one each time it is made."""

    def is_reply(content: bytes) -> bool:
        try:
            return envelope.open_reply(content, material.pair.key).password == PASSWORD
        except TpdError:
            return False

    public = f"case/{names.PUBLIC_KEY}-{GUID}.txt"
    return [
        Scene(
            "rehearsal_reply",
            "fresh",
            rehearsal_reply.OPERATION,
            lambda root: {
                "public_key_file": str(root / public),
                "directory": str(root / "rehearsal"),
                "guid": GUID,
                "password": PASSWORD,
            },
            {public: File(material.pair.public_file, PUBLIC_MODE)},
            [(f"rehearsal/TPD-{GUID}.xml", File(is_reply))],
        )
    ]


def protections(material: Material) -> list[Scene]:
    """The new password, then the TPD under it: in a place of its own, or in that of the old one."""
    old, new, password = "case/old.xml", "case/new.xml", "case/password"
    sealed = File(tpd.seal(tpd.open(material.tpd, PASSWORD), NEW_PASSWORD))
    new_password = (password, File(NEW_PASSWORD.encode()))

    def scene(name: str, dest: str) -> Scene:
        def given(root: Path) -> dict[str, Any]:
            paths = {"path": root / old, "new_password_file": root / password, "dest": root / dest}
            return {"password": PASSWORD, **{option: str(path) for option, path in paths.items()}}

        before = {old: File(material.tpd)}
        return Scene("tpd_protect", name, tpd_protect.OPERATION, given, before, [new_password, (dest, sealed)])

    return [scene("fresh", new), scene("in place", old)]


def splits(material: Material) -> list[Scene]:
    """The PEM, then the keyless TPD, in two folders."""
    whole, pem, keyless = "case/tpd.xml", "offline/key.pem", "keyless/tpd.xml"
    opened = tpd.open(material.tpd, PASSWORD)
    encrypted = rsakeys.dump_pem(rsakeys.load_private(opened.key_blob), PASSPHRASE)
    steps = [(pem, File(encrypted)), (keyless, File(tpd.seal(opened.keyless(), PASSWORD)))]

    def scene(name: str, before: State) -> Scene:
        return Scene("tpd_split", name, tpd_split.OPERATION, given, {whole: File(material.tpd), **before}, steps)

    def given(root: Path) -> dict[str, Any]:
        paths = {"path": root / whole, "pem_file": root / pem, "keyless_file": root / keyless}
        options = {option: str(path) for option, path in paths.items()}
        return {**options, "password": PASSWORD, "pem_passphrase": PASSPHRASE}

    return [
        scene("fresh", {}),
        scene("lone PEM", dict(steps[:1])),
        scene("close", {name: replace(file, mode=0o644) for name, file in steps}),
    ]
