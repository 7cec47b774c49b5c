# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The openssl command reads what the collection writes: keys, RSA blocks, a TPD's cipher text, XrML signatures."""

from __future__ import annotations

import hashlib
import itertools
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import cspblob, primitives, rsakeys, tpd, xrml
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from samples import PASSWORDS, Outcome, Samples, operate, split_files

_OAEP = ["-pkeyopt", "rsa_padding_mode:oaep"]
_PADDINGS = {
    "pkcs1": ["-pkeyopt", "rsa_padding_mode:pkcs1"],
    "oaep-sha1": [*_OAEP, "-pkeyopt", "rsa_oaep_md:sha1", "-pkeyopt", "rsa_mgf1_md:sha1"],
    "oaep-sha256": [*_OAEP, "-pkeyopt", "rsa_oaep_md:sha256", "-pkeyopt", "rsa_mgf1_md:sha256"],
}


def outcomes(samples: Samples, scratch: Path) -> Iterator[Outcome]:
    """Keys first, then what was encrypted and signed with them."""
    folder = scratch / "for-openssl"
    folder.mkdir()
    yield from _keys(folder, samples)
    yield from _splits(folder, samples)
    yield from _blocks(folder, samples)
    yield from _tpds(folder, samples)
    yield from _signatures(folder, samples)


def _openssl(*arguments: str, data: bytes = b"") -> bytes:
    """Standard output; empty where the command failed."""
    done = subprocess.run(["openssl", *arguments], check=False, input=data, capture_output=True)
    return done.stdout if done.returncode == 0 else b""


def _compared(group: str, name: str, found: bytes, wanted: bytes) -> Outcome:
    return Outcome(f"openssl {group}", name, None if found == wanted else "something else came out")


def _keys(folder: Path, samples: Samples) -> Iterator[Outcome]:
    group, key = "reads our keys", samples.request_key
    modulus = f"Modulus={key.public_key().public_numbers().n:X}\n".encode()
    (folder / "private.pem").write_bytes(rsakeys.dump_private(key, "pem"))
    (folder / "public.pem").write_bytes(rsakeys.dump_public(key.public_key(), "pem"))
    (folder / "blob").write_bytes(cspblob.write_private(key))
    yield _compared(group, "pem", _openssl("rsa", "-noout", "-modulus", "-in", f"{folder}/private.pem"), modulus)
    yield _compared(
        group, "public pem", _openssl("rsa", "-pubin", "-noout", "-modulus", "-in", f"{folder}/public.pem"), modulus
    )
    yield _compared(
        group, "blob", _openssl("rsa", "-inform", "MSBLOB", "-noout", "-modulus", "-in", f"{folder}/blob"), modulus
    )
    for mode, tenant in samples.tenants.items():
        blob = tenant.key_blob or b""
        (folder / "blob").write_bytes(blob)
        wanted = rsakeys.dump_public(rsakeys.load_private(blob).public_key(), "pem")
        yield _compared(
            group, f"key blob {mode}", _openssl("rsa", "-inform", "MSBLOB", "-pubout", "-in", f"{folder}/blob"), wanted
        )


def _splits(folder: Path, samples: Samples) -> Iterator[Outcome]:
    """The PEM of a TPD that was split: a whole key, and that of the first certificate in what is left of the TPD."""
    passphrase = folder / "passphrase"
    for (mode, tenant), (kind, secret) in itertools.product(
        samples.tenants.items(), [*PASSWORDS.items(), ("none", None)]
    ):
        name = f"{mode}-{kind}"
        (folder / name).write_bytes(tpd.seal(tenant, samples.password))
        protection: dict[str, object] = {"allow_unencrypted": True}
        reading = []
        if secret is not None:
            passphrase.write_text(secret, encoding="utf-8")
            protection, reading = {"pem_passphrase_file": str(passphrase)}, ["-passin", f"file:{passphrase}"]
        source = {"path": f"{folder}/{name}", "password": samples.password}
        split = operate("tpd_split", **source, **split_files(folder, name), **protection)
        keyless = tpd.open(Path(split["keyless_file"]).read_bytes(), samples.password)
        certified = xrml.certificate(keyless.chain[0]).principal.key
        assert certified is not None
        command = ["rsa", "-in", split["pem_file"], "-check", "-noout", "-modulus"]
        wanted = f"Modulus={certified.modulus:X}\nRSA key ok\n".encode()
        yield _compared("reads the PEM of a split TPD", name, _openssl(*command, *reading), wanted)
        if secret is not None:
            passphrase.write_text("wrong", encoding="utf-8")
            yield _compared("refuses a wrong passphrase", name, _openssl(*command, *reading), b"")


def _blocks(folder: Path, samples: Samples) -> Iterator[Outcome]:
    for padding, options in _PADDINGS.items():
        for text in ("utf-8", "utf-16-le"):
            reply = samples.reply(f"password/{padding}/{text}").decode()
            found = re.search("<EncryptedPassword>([^<]*)<", reply)
            block = primitives.b64decode(found[1] if found else "") or b""
            command = ["pkeyutl", "-decrypt", "-inkey", f"{folder}/private.pem", *options]
            yield _compared(
                "reads our RSA blocks",
                f"{padding} {text}",
                _openssl(*command, data=block),
                samples.password.encode(text),
            )


def _tpds(folder: Path, samples: Samples) -> Iterator[Outcome]:
    """The derivation of version 2 is redone with openssl as well; that of version 1 is a hash of a hash, 100 times over."""
    for name, content, password in samples.tpds():
        document = tpd.seal(content, password).decode()
        if content.version == 2:
            key = _openssl("dgst", "-sha256", "-binary", data=password.encode("utf-16-le"))[:16]
        else:
            key = password.encode()
            for _iteration in range(100):
                key = hashlib.sha1(key).digest()
        for member in ("m_strTrustedDocDomainInfo", "m_strKeyData"):
            found = re.search(f"<{member}>([^<]*)<", document)
            if found is None:
                continue
            (folder / "value").write_bytes(primitives.b64decode(found[1]) or b"")
            iv = bytes(range(1, 17)).hex()
            plain = _openssl("enc", "-d", "-aes-128-cbc", "-K", key[:16].hex(), "-iv", iv, "-in", f"{folder}/value")
            fits = plain == content.key_blob if member == "m_strKeyData" else b'xsi:type="TrustedDocDomain"' in plain
            yield Outcome("openssl decrypts our TPDs", f"{name} {member}", None if fits else "something else came out")


def _signatures(folder: Path, samples: Samples) -> Iterator[Outcome]:
    for mode, tenant in samples.tenants.items():
        for number, document in enumerate([*tenant.chain, *tenant.templates]):
            found = re.search("(<BODY .*</BODY>).*<VALUE[^>]*>([^<]*)</VALUE></SIGNATURE>", document, re.DOTALL)
            body, value = found.groups() if found else ("", "")
            party = (
                xrml.certificate(document).issuer
                if number < len(tenant.chain)
                else xrml.certificate(tenant.chain[0]).principal
            )
            assert party.key is not None
            key: RSAPublicKey = party.key.load()
            (folder / "issuer.pem").write_bytes(rsakeys.dump_public(key, "pem"))
            (folder / "signature").write_bytes(primitives.b64decode(value) or b"")
            digest = {"mode1": "-sha1", "mode2": "-sha256"}[mode]
            command = ["dgst", digest, "-verify", f"{folder}/issuer.pem", "-signature", f"{folder}/signature"]
            answer = _openssl(*command, data=body.encode("utf-16-le"))
            yield _compared("verifies our XrML", f"{mode} {number}", answer, b"Verified OK\n")
