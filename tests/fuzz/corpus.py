# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What fuzzing starts from: the fixtures, and of each kind of input some that are right, made on the spot."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import targets
from ansible_collections.infoprotect.tenant_key.plugins.module_utils import _custody
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._custody_line import EVENTS, facts
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import (
    cspblob,
    primitives,
    rehearsal,
    rsakeys,
    tpd,
    wrap,
)
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

# Larger inputs would be tried too seldom; a fixture that is larger is one of many of its kind.
LARGEST = 24 * 1024
# What is of no known kind, and full of words that no message may repeat.
_OTHERS = (
    b'<Unbekanntes xmlns="urn:geheimnisvoll"><Verborgenes Eigenschaft="vertraulich">Geheimnisse</Verborgenes></Unbekanntes>',
    b'{"Unbekanntes":{"Verborgenes":["Geheimnisse"]}}\n',
)
_ENVELOPES = ("xmlenc", "xmlenc/rsa-oaep/aes128-gcm", "xmlenc/tripledes-cbc/beside", "xmlenc/aes192-cbc/retrieval")
_HYBRIDS = ("password", "password/pkcs1/utf-16-le", "aes", "aes/value/pkcs1", "aes/with-key", "aes/zero", "blocks")


def make(folder: Path) -> None:
    """Fill a folder with a folder for each target; leave it alone where the same was made before.

    What is made holds random keys. So that the same seed gives the same run, it is made once.
    """
    sources = [Path(__file__), Path(targets.__file__), *sorted(targets.FIXTURES.glob("*.json"))]
    wanted = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    stamp = folder / "made-of"
    if stamp.is_file() and stamp.read_text(encoding="ascii") == wanted:
        return
    shutil.rmtree(folder, ignore_errors=True)
    small = replace(rehearsal.make(1024, 1, 2), templates=())
    for name in targets.TARGETS:
        (folder / name).mkdir(parents=True)
        for number, seed in enumerate([*seeds(name, small), *_OTHERS]):
            if len(seed) <= LARGEST:
                (folder / name / f"{number:03}").write_bytes(seed)
    stamp.write_text(wanted, encoding="ascii")


def seeds(name: str, small: tpd.Tpd) -> Iterator[bytes]:
    """Inputs that a target should know. C{small}: an opened TPD."""
    yield from {
        "private-key": _private_keys,
        "public-key": _public_keys,
        "password": _passwords,
        "xml": _xml,
        "reply": lambda: _replies(small),
        "reply-layer": lambda: _layers(small),
        "tpd": lambda: _tpds(small),
        "tpd-description": lambda: _descriptions(small),
        "xrml": lambda: _xrml(small),
        "custody-log": _custody_logs,
    }[name]()


def fixtures(kind: str) -> Iterator[bytes]:
    """The contents of all fixtures of a kind."""
    for path in sorted(targets.FIXTURES.glob("*.json")):
        loaded = json.loads(path.read_text(encoding="ascii"))
        if loaded["kind"] == kind:
            yield base64.b64decode("".join(loaded["content"]))


def _private_keys() -> Iterator[bytes]:
    yield from fixtures("key_private")
    for form in (PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL):
        yield targets.KEY.private_bytes(Encoding.PEM, form, NoEncryption())
    yield rsakeys.dump_pem(targets.KEY, targets.PASSWORD)
    yield rsakeys.dump_pem(targets.KEY, targets.PASSWORD).decode().encode("utf-16")
    yield base64.b64encode(cspblob.write_private(rsakeys.generate(1024)))


def _public_keys() -> Iterator[bytes]:
    yield from fixtures("key_public")
    for form in (PublicFormat.SubjectPublicKeyInfo, PublicFormat.PKCS1):
        yield targets.KEY.public_key().public_bytes(Encoding.PEM, form)


def _passwords() -> Iterator[bytes]:
    for password in (targets.PASSWORD, "made for a test: Grüße, Ελλάδα, 🔑", " \ufeff\r\n"):
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"):
            yield (password + "\r\n").encode(encoding)


def _xml() -> Iterator[bytes]:
    for kind in ("reply", "tpd", "xrml", "key_public"):
        yield from list(fixtures(kind))[:4]
    yield b"<a xmlns='urn:a' xmlns:b='urn:b' b:c='1' c='2'><b:d><d xmlns='' b:e='3'/></b:d><b:d xmlns:b='urn:c'/></a>"
    yield b"<a>one<!-- --><b>two</b>three<![CDATA[<four>]]>&lt;&#65;<?five six?><c xml:lang='de'/></a>"


def _replies(small: tpd.Tpd) -> Iterator[bytes]:
    yield from fixtures("reply")
    sealed = tpd.seal(small, targets.PASSWORD)
    for envelope in _ENVELOPES + _HYBRIDS:
        yield wrap.wrap(envelope, targets.PASSWORD, sealed, targets.KEY.public_key())


def _layers(small: tpd.Tpd) -> Iterator[bytes]:
    """The first byte chooses what is around it."""
    sealed = tpd.seal(small, targets.PASSWORD)
    element, password = sealed[sealed.index(b"<Array") :], targets.PASSWORD.encode()
    plains = [
        b"<Export><Password>%s</Password>%s</Export>" % (password, element),
        b"<Export><Password>%s</Password><Tpd>%s</Tpd></Export>" % (password, base64.b64encode(sealed)),
        b'<Export Password="%s" Tpd="%s"/>' % (password, base64.b64encode(sealed.decode().encode("utf-16"))),
        b"<Password>%s</Password>%s" % (password, element),
        wrap.wrap("xmlenc", targets.PASSWORD, sealed, targets.KEY.public_key()),
        wrap.wrap("aes", targets.PASSWORD, sealed, targets.KEY.public_key()),
        sealed,
        password,
    ]
    for kind in (targets.MARKUP, targets.BYTES, targets.HYBRID):
        for plain in plains:
            yield bytes([kind]) + plain


def _tpds(small: tpd.Tpd) -> Iterator[bytes]:
    yield from fixtures("tpd")
    for opened in (small, replace(small, version=1), small.keyless(), replace(small, chain=())):
        yield tpd.seal(opened, targets.PASSWORD)


def _descriptions(small: tpd.Tpd) -> Iterator[bytes]:
    for sealed in _tpds(small):
        for version in (1, 2):
            found = tpd.read(sealed)
            if found.may_open(targets.PASSWORD, version):
                key = tpd.derive_key(targets.PASSWORD, version)
                yield primitives.aes_cbc_decrypt(key, bytes(range(1, 17)), found.info.decoded(), primitives.pkcs7)


def _xrml(small: tpd.Tpd) -> Iterator[bytes]:
    yield from fixtures("xrml")
    for document in (*small.chain, *rehearsal.make(1024, 2, 2).templates):
        yield document.encode()


def _custody_logs() -> Iterator[bytes]:
    """A log that grows event by event, whole, without its beginning, and with an interrupted line at its end."""
    log, lines = _custody.Log(), []
    for event in EVENTS:
        details = {"sha256": "0" * 64, "name": "Zürich", "copies": [{"on": "host", "ok": True, "size": 1.5}]}
        known = {"actor": "Erika", "host": "export1", "tenant": "contoso", "case": "4711", "subject": event}
        lines.append(_custody.follow(log, facts(event, details, **known), targets.NOW))
        log = _custody.grown(log, lines[-1])
    for count in (1, 2, 5, len(lines)):
        yield b"".join(lines[:count])
    yield b"".join(lines[1:3])
    yield b"".join(lines[:2]) + lines[2][:40]
    interrupted = _custody.read(lines[0] + lines[1][:40])
    said = facts("noted", {}, actor="Erika", host="export1", tenant=None, case=None, subject=None)
    yield lines[0] + _custody.follow(interrupted, said, targets.NOW)
