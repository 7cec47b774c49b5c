# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is fuzzed: for each kind of input the ways it takes through the collection.

Nothing but a TpdError may come out, and what it says must be short and quote nothing of the input. What is read must hold
together. Needs the collection's tree on PYTHONPATH, which run.py and hostile.py see to.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Callable
from xml.etree import ElementTree

from ansible_collections.infoprotect.tenant_key.plugins.module_utils import _custody
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._custody_exposure import exposures, summary
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._custody_line import facts, parse, render
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import (
    TpdError,
    envelope,
    passwords,
    preflight,
    primitives,
    rsakeys,
    tpd,
    xmlenc,
    xmlsafe,
    xrml,
)
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd.contents import Contents
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd.pieces import Base64
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from messages import check

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "mono"
NOW = datetime(2026, 3, 2, 9, 15, tzinfo=timezone.utc)
# Of the fixtures, which were made for tests.
PASSWORD = "Interop test 1!"
GUID = "fa29d0fe-5049-4c8e-931b-96c6152b0441"
URL = "https://rms.test.invalid/_wmcs/licensing"
EXPECTED = preflight.Expectations((URL,), [GUID], GUID, [GUID], True)
# What the first byte of an inner layer chooses.
MARKUP, BYTES, HYBRID = range(3)


def fixture(name: str) -> bytes:
    """The content of a fixture."""
    return base64.b64decode("".join(json.loads((FIXTURES / f"{name}.json").read_text(encoding="ascii"))["content"]))


KEY = rsakeys.load_private(fixture("key-private-rsakeyvalue"))
SECRET = bytes(range(32))
_IV = bytes(range(1, 17))
_WRAPPED = base64.b64encode(primitives.rsa_encrypt(KEY.public_key(), SECRET, primitives.OAEP_SHA1)).decode("ascii")
_DESCRIPTION_KEY = tpd.derive_key(PASSWORD, 2)
_KEY_DATA = tpd.read(fixture("tpd-v2")).key_data


def private_key(data: bytes) -> None:
    """With a passphrase, for those that are encrypted."""
    key = rsakeys.load_private(data, PASSWORD)
    again = rsakeys.private_numbers(rsakeys.dump_private(key, "rsakeyvalue"))
    assert again == rsakeys.private_numbers(data, PASSWORD)


def public_key(data: bytes) -> None:
    """The fingerprint, which is worked out without the library, is that of the library."""
    key = rsakeys.load_public(data)
    info = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert rsakeys.fingerprint(key) == hashlib.sha256(info).hexdigest()


def password(data: bytes) -> None:
    """What is read can be written and read again."""
    found = passwords.decode(data)
    passwords.weakness(found)
    assert passwords.decode(passwords.encode(found)) == found


def reply(data: bytes) -> None:
    """A password that opens the TPD beside it."""
    found = envelope.open_reply(data, KEY)
    assert tpd.open(found.tpd, found.password) == found.opened


def xml(data: bytes) -> None:
    """What ElementTree reads is read in the same way, and what it does not take for XML is not taken for it here."""
    text = data.decode("utf-8", "ignore").lstrip("\ufeff").lstrip()
    try:
        found = xmlsafe.parse(text, "It").root
    except xmlsafe.XmlError as error:
        # The limits of namespaces, nodes and depth are stricter than XML.
        stricter = " is not well-formed XML" not in str(error) or " namespace" in str(error)
        if not stricter and _element_tree(text) is not None:
            raise AssertionError("what is XML is refused") from error
        raise
    expected = _element_tree(text)
    # ElementTree writes a namespace in braces; expat itself refuses a colon in the name of an instruction.
    if expected is None and ("}" in text or re.search(r"<\?[^?\s]*:", text)):
        return
    assert expected is not None
    for one, other in zip(found.iter(), expected.iter()):
        assert _universal(f"{one.namespace} {one.name}") == other.tag
        assert {_universal(name): value for name, value in one.attributes.items()} == other.attrib
        assert one.text == "".join([other.text or "", *(child.tail or "" for child in other)])
        assert len(one.children) == len(other)


def _element_tree(text: str) -> ElementTree.Element | None:
    try:
        return ElementTree.fromstring(text)  # noqa: S314
    except (ElementTree.ParseError, ValueError):  # ValueError: half of a surrogate pair
        return None


def _universal(name: str) -> str:
    """A name with its namespace, as ElementTree has it."""
    namespace, _space, local = name.rpartition(" ")
    return f"{{{namespace}}}{local}" if namespace else local


def encrypted(data: bytes) -> None:
    """The short way, which conformance checks take."""
    xmlenc.decrypt(data, KEY)


def layer(data: bytes) -> None:
    """What a reply decrypts to: anybody who has the public key can make one."""
    reply(in_reply(data[0] % 3, data[1:]) if data else b"")


def in_reply(kind: int, plain: bytes) -> bytes:
    """A reply around a plain text: XML Encryption of markup or of bytes, or AES whose key is under RSA."""
    value = primitives.aes_cbc_encrypt(SECRET, _IV, plain)
    if kind == HYBRID:
        return f"<a><b>{_WRAPPED}</b><c>{_b64(_IV + value)}</c></a>".encode("ascii")
    declared = f'Type="{xmlenc.XMLENC}Element"' if kind == MARKUP else ""
    return (
        f'<EncryptedData xmlns="{xmlenc.XMLENC}" {declared}><EncryptionMethod Algorithm="{xmlenc.XMLENC}aes256-cbc"/>'
        f'<KeyInfo><EncryptedKey><EncryptionMethod Algorithm="{xmlenc.RSA_OAEP_MGF1P}"/>'
        f"<CipherData><CipherValue>{_WRAPPED}</CipherValue></CipherData></EncryptedKey></KeyInfo>"
        f"<CipherData><CipherValue>{_b64(_IV + value)}</CipherValue></CipherData></EncryptedData>"
    ).encode("ascii")


def exported(data: bytes) -> None:
    """A TPD file."""
    look_at(tpd.open(data, PASSWORD))


def description(data: bytes) -> None:
    """What a TPD decrypts to."""
    look_at(sealed(data).open(PASSWORD))


def sealed(plain: bytes) -> tpd.Sealed:
    """A TPD around a description."""
    info = Base64.of(_b64(primitives.aes_cbc_encrypt(_DESCRIPTION_KEY, _IV, plain)))
    assert info is not None
    return tpd.Sealed(info, _KEY_DATA)


def look_at(opened: tpd.Tpd) -> None:
    """What the modules tell of an opened TPD."""
    contents = Contents(opened)
    json.dumps(contents.facts())
    assert len(preflight.check(contents, EXPECTED, NOW.replace(tzinfo=None))) == 16


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def verify(data: bytes) -> None:
    """Digest and signature."""
    xrml.verify(_text(data))


def certificate(data: bytes) -> None:
    """A certificate of the chain."""
    xrml.certificate(_text(data))


def template(data: bytes) -> None:
    """A rights template."""
    xrml.template(_text(data))


def custody_log(data: bytes) -> None:
    """What does not fit is a result. Whatever is read can be shown, and written on where the chain holds."""
    log = _custody.read(data)
    for problem in log.problems:
        check(problem.message, data)
    json.dumps(log.events)
    summary(exposures(log.events), NOW)
    assert len(log.problems) <= _custody.MOST_PROBLEMS
    mismatch = _custody.against_anchor(log, max(len(log.hashes), 1), log.head)
    if not log.damage:
        assert mismatch is None or not log.hashes
        line = _custody.follow(log, facts("noted", {}, actor="a", host="h", tenant=None, case=None, subject=None), NOW)
        grown = _custody.grown(log, line)
        kept = data[: len(data) - len(log.unfinished or b"")]
        assert _custody.read(kept + line).head == grown.head == _custody.digest(line)
        assert not _custody.read(kept + line).problems


def custody_chain(data: bytes) -> None:
    """The same lines, numbered and chained as they should be."""
    custody_log(b"".join(_chained(data.split(b"\n"))))


def _chained(lines: list[bytes]) -> Iterator[bytes]:
    previous = _custody.NOTHING_BEFORE
    for number, line in enumerate(lines, 1):
        try:
            entry = json.loads(line)
            line = render({**entry, "seq": number, "previous": previous})
            parse(line)
        except (TypeError, ValueError, RecursionError, TpdError):
            line += b"\n"
        previous = _custody.digest(line)
        yield line


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


# What each target tries on its input, one after the other.
TARGETS: dict[str, tuple[Callable[[bytes], Any], ...]] = {
    "private-key": (private_key,),
    "public-key": (public_key,),
    "password": (password,),
    "xml": (xml,),
    "reply": (reply, encrypted),
    "reply-layer": (layer,),
    "tpd": (exported,),
    "tpd-description": (description,),
    "xrml": (verify, certificate, template),
    "custody-log": (custody_log, custody_chain),
}


def attempt(name: str, data: bytes) -> None:
    """Let a target have an input. Any error but a TpdError ends the run."""
    for read in TARGETS[name]:
        try:
            read(data)
        except TpdError as error:
            check(str(error), data)
