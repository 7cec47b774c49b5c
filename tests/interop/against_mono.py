# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The C# program judges what the collection writes."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import quoteattr

from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import cspblob, rsakeys, tpd, xmlenc
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from samples import PASSWORDS, Outcome, Samples, envelopes, operate, split_files

# What .NET's EncryptedXml.DecryptDocument reads: no GCM, OAEP with SHA-1 only, a KeyInfo that leads to the key.
_DOTNET = re.compile(r"xmlenc/[a-z0-9]+-cbc/(rsa-1_5|rsa-oaep-mgf1p/sha1)/.*(inside|retrieval)")


class Cases:
    """A folder of files, and cases.xml that says what must be found in them."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        self.elements: list[str] = []

    def add(self, kind: str, name: str, files: dict[str, bytes], **attributes: object) -> None:
        """One case; C{files} are named by the attribute that refers to them."""
        named = {"name": name}
        for attribute, content in files.items():
            named[attribute] = f"{len(self.elements):03}-{attribute}"
            (self.folder / named[attribute]).write_bytes(content)
        for attribute, value in attributes.items():
            named[attribute] = str(value).lower() if isinstance(value, bool) else str(value)
        text = " ".join(f"{attribute}={quoteattr(value)}" for attribute, value in named.items())
        self.elements.append(f"<{kind} {text} />")

    def judge(self, program: Path) -> dict[tuple[str, str], str | None]:
        """Kind and name of each case, with the fault that was found in it."""
        document = "<cases>\n" + "\n".join(self.elements) + "\n</cases>\n"
        (self.folder / "cases.xml").write_text(document, encoding="utf-8")
        done = subprocess.run(
            ["mono", str(program), "check", str(self.folder)], check=False, capture_output=True, text=True
        )
        lines = re.findall(r"^(PASS|FAIL) (\S+) (\S+?)(?:: (.*))?$", done.stdout, re.MULTILINE)
        if len(lines) != len(self.elements):
            raise RuntimeError(f"{len(lines)} answers to {len(self.elements)} cases: {done.stderr or done.stdout}")
        if (done.returncode == 0) != all(verdict == "PASS" for verdict, *_rest in lines):
            raise RuntimeError(f"exit status {done.returncode} does not fit the answers")
        return {(kind, name): None if verdict == "PASS" else fault for verdict, kind, name, fault in lines}


def outcomes(samples: Samples, program: Path, scratch: Path) -> Iterator[Outcome]:
    """Everything that mono is to read, then a few things that it must not accept."""
    cases = Cases(scratch / "for-mono")
    _keys(cases, samples)
    _tpds(cases, samples)
    _replies(cases, samples)
    _operations(cases, scratch / "operations")
    _tools(cases, samples, scratch / "tools")
    groups = {"key": "key files", "tpd": "TPDs", "reply": "replies", "xmlenc": "XML Encryption (EncryptedXml)"}
    for (kind, name), fault in cases.judge(program).items():
        yield Outcome(f"mono reads our {groups[kind]}", name, fault)

    wrong = Cases(scratch / "wrong-for-mono")
    _wrong(wrong, samples)
    for (kind, name), fault in wrong.judge(program).items():
        yield Outcome("mono refuses what is wrong", f"{kind} {name}", None if fault else "it was accepted")


def _modulus(key: RSAPublicKey) -> str:
    number = key.public_numbers().n
    return number.to_bytes((number.bit_length() + 7) // 8, "big").hex()


def _keys(cases: Cases, samples: Samples) -> None:
    for bits, key in ((2048, samples.request_key), (3072, rsakeys.generate(3072))):
        modulus = _modulus(key.public_key())
        private = rsakeys.dump_private(key, "rsakeyvalue")
        public = rsakeys.dump_public(key.public_key(), "rsakeyvalue")
        blob = cspblob.write_private(key)
        cases.add("key", f"private-{bits}", {"file": private}, form="rsakeyvalue", private=True, modulus=modulus)
        cases.add("key", f"public-{bits}", {"file": public}, form="rsakeyvalue", private=False, modulus=modulus)
        cases.add("key", f"blob-{bits}", {"file": blob}, form="csp", private=True, modulus=modulus)
        encoded = base64.b64encode(blob)
        cases.add("key", f"blob64-{bits}", {"file": encoded}, form="csp-base64", private=True, modulus=modulus)


def _facts(opened: tpd.Tpd) -> dict[str, object]:
    documents = len(opened.chain) + len(opened.templates)
    facts: dict[str, object] = {
        "key_id": opened.key_id,
        "chain": len(opened.chain),
        "templates": len(opened.templates),
        "verified": documents,
        "key_in_file": opened.key_blob is not None,
    }
    return facts if opened.key_blob is None else {**facts, "key_matches": True}


def _tpds(cases: Cases, samples: Samples) -> None:
    for name, content, password in samples.tpds():
        files = {"file": tpd.seal(content, password), "password": password.encode()}
        cases.add("tpd", name, files, version=content.version, **_facts(content))


def _replies(cases: Cases, samples: Samples) -> None:
    key = rsakeys.dump_private(samples.request_key, "rsakeyvalue")
    facts = {
        "tpd_sha256": hashlib.sha256(samples.small_file).hexdigest(),
        "password_sha256": hashlib.sha256(samples.password.encode()).hexdigest(),
        **_facts(samples.small),
    }
    for kind in ("password", "aes", "blocks", "xmlenc"):
        for envelope in envelopes(kind):
            dotnet = bool(_DOTNET.fullmatch(envelope))
            if kind == "xmlenc" and not dotnet:
                continue
            reply = samples.reply(envelope)
            cases.add("reply", envelope, {"file": reply, "key": key}, **facts)
            if dotnet:
                plain = xmlenc.decrypt(reply, samples.request_key)
                digest = hashlib.sha256(plain).hexdigest()
                cases.add("xmlenc", envelope, {"file": reply, "key": key}, plain_sha256=digest)


def _operations(cases: Cases, folder: Path) -> None:
    """The files that the modules leave on the disk of an export host, from the key pair to the exported TPD."""
    for number, envelope in enumerate(("xmlenc", "password", "aes", "blocks")):
        directory = folder / envelope
        directory.mkdir(parents=True, mode=0o700)
        pair = operate("tpd_keypair", directory=str(directory))
        size, version = (1024, 1) if number % 2 else (2048, 2)
        made = {"envelope": envelope, "key_size": size, "version": version, "directory": str(directory)}
        reply = operate("rehearsal_reply", public_key_file=pair["public_key_file"], **made)
        export = operate("tpd_decrypt", private_key_file=pair["private_key_file"], target=reply["target"])

        private, public = (Path(pair[f"{half}_key_file"]).read_bytes() for half in ("private", "public"))
        exported, password = Path(export["tpd_file"]).read_bytes(), Path(export["password_file"]).read_bytes()
        opened = tpd.open(exported, password.decode())
        modulus = _modulus(rsakeys.load_public(public))
        name = f"modules-{envelope}"
        cases.add("key", f"{name}-private", {"file": private}, form="rsakeyvalue", private=True, modulus=modulus)
        cases.add("key", f"{name}-public", {"file": public}, form="rsakeyvalue", private=False, modulus=modulus)
        cases.add("tpd", name, {"file": exported, "password": password}, version=version, **_facts(opened))
        digest = hashlib.sha256(exported).hexdigest()
        files = {"file": Path(reply["target"]).read_bytes(), "key": private}
        cases.add("reply", name, files, tpd_sha256=digest, **_facts(opened))


def _tools(cases: Cases, samples: Samples, folder: Path) -> None:
    """The same TPD under another password, from version to version, and the same TPD without its key."""
    folder.mkdir(mode=0o700)
    for mode, tenant in samples.tenants.items():
        for version in (1, 2):
            name = f"{mode}-v{version}"
            path = folder / f"{name}.xml"
            path.write_bytes(tpd.seal(dataclasses.replace(tenant, version=3 - version), samples.password))
            source = {"path": str(path), "password": samples.password}
            new_password = PASSWORDS["markup"]
            protected = operate(
                "tpd_protect", **source, version=version, new_password=new_password, dest=f"{folder}/{name}-new.xml"
            )
            files = {"file": Path(protected["path"]).read_bytes(), "password": new_password.encode()}
            cases.add("tpd", f"tpd_protect-{name}", files, version=version, **_facts(tenant))

            split = operate("tpd_split", **source, **split_files(folder, name), allow_unencrypted=True)
            files = {"file": Path(split["keyless_file"]).read_bytes(), "password": samples.password.encode()}
            cases.add("tpd", f"tpd_split-{name}", files, version=3 - version, **_facts(tenant.keyless()))


def _wrong(cases: Cases, samples: Samples) -> None:
    """Proof that the checks above can fail."""
    content = samples.tenants["mode2"]
    file = tpd.seal(content, "right")
    other = rsakeys.dump_private(rsakeys.generate(2048), "rsakeyvalue")
    certificate = content.chain[0].encode()
    cases.add("tpd", "wrong-password", {"file": file, "password": b"wrong"}, version=2)
    cases.add("tpd", "wrong-version", {"file": file, "password": b"right"}, version=1)
    cases.add("tpd", "wrong-key-id", {"file": file, "password": b"right"}, version=2, key_id="{other}")
    cases.add(
        "key", "other-modulus", {"file": other}, form="rsakeyvalue", modulus=_modulus(samples.request_key.public_key())
    )
    cases.add("reply", "other-key", {"file": samples.reply("password"), "key": other})
    cases.add("xmlenc", "other-key", {"file": samples.reply("xmlenc"), "key": other}, plain_sha256="0")
    cases.add("xrml", "changed", {"file": certificate.replace(b"LICENSE", b"LICENCE")}, verified=True)
    cases.add("xrml", "unchanged", {"file": certificate}, verified=False)
