# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""libxmlsec1 (the xmlsec package) and the collection read one another's XML Encryption."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import xmlsec
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import TpdError, rsakeys, xmlenc
from lxml import etree
from samples import Outcome, Samples, envelopes

PLAIN = "<TenantKey>Ein Schlüssel für den Test</TenantKey>".encode()
_NAMES = {"e": xmlenc.XMLENC}


def outcomes(samples: Samples) -> Iterator[Outcome]:
    """Each way round, every combination that both know."""
    pem = rsakeys.dump_private(samples.request_key, "pem")
    other = rsakeys.dump_private(rsakeys.generate(2048), "pem")
    for envelope in envelopes("xmlenc"):
        # Where the EncryptedKey stands has nothing to do with the content algorithm.
        if not ("/aes256-cbc/" in envelope or envelope.endswith("/inside")):
            continue
        reply = samples.reply(envelope)
        fault = None if _read(reply, pem) == xmlenc.decrypt(reply, samples.request_key) else "another plain text"
        yield Outcome("libxmlsec1 reads our replies", envelope, fault)
    fault = "it was accepted" if _read(samples.reply("xmlenc/rsa-oaep"), other) else None
    yield Outcome("libxmlsec1 refuses another key", "xmlenc/rsa-oaep", fault)
    for name, document in _written(pem):
        yield Outcome("we read libxmlsec1's documents", name, _judge(document, samples))


def _judge(document: bytes, samples: Samples) -> str | None:
    try:
        return None if xmlenc.decrypt(document, samples.request_key) == PLAIN else "another plain text"
    except TpdError as error:
        return str(error)


def _manager(pem: bytes) -> xmlsec.KeysManager:
    manager = xmlsec.KeysManager()
    manager.add_key(xmlsec.Key.from_memory(pem, xmlsec.KeyFormat.PEM))
    return manager


def _session(content: str) -> tuple[object, int]:
    if "tripledes" in content:
        return xmlsec.constants.KeyDataDes, 192
    return xmlsec.constants.KeyDataAes, int(content.rpartition("aes")[2][:3])


def _read(reply: bytes, pem: bytes) -> bytes | None:
    """The plain text; None where the key does not fit. The EncryptedKey is opened first, wherever it stands."""
    root = etree.fromstring(reply)
    data, key = root.find(".//e:EncryptedData", _NAMES), root.find(".//e:EncryptedKey", _NAMES)
    session, _bits = _session(data.find("e:EncryptionMethod", _NAMES).get("Algorithm"))
    try:
        secret = xmlsec.EncryptionContext(_manager(pem)).decrypt(key)
        context = xmlsec.EncryptionContext()
        context.key = xmlsec.Key.from_binary_data(session, secret)
        # As bytes, not as the element that it is: the very octets are compared.
        del data.attrib["Type"]
        return context.decrypt(data)
    except (xmlsec.Error, TypeError):
        return None


def _written(pem: bytes) -> Iterator[tuple[str, bytes]]:
    """A document for every content algorithm, transport, digest and mask digest, named or left to the default."""
    digests: list[str | None] = [None, *xmlenc.DIGESTS]
    # libxmlsec1 knows this digest by its other name only.
    digests.remove(xmlenc.XMLENC + "sha384")
    masks: list[str | None] = [None, *xmlenc.MGFS]
    transports: list[tuple[str, str | None, str | None]] = [(xmlenc.RSA_1_5, None, None)]
    transports += [(xmlenc.RSA_OAEP_MGF1P, digest, None) for digest in digests]
    transports += [(xmlenc.RSA_OAEP, digest, mask) for digest, mask in itertools.product(digests, masks)]
    for content, transport in itertools.product(xmlenc.CONTENTS, transports):
        name = "/".join(xmlenc.shown(uri) for uri in (content, *transport) if uri)
        yield name, _write(pem, content, *transport)
    labelled = "<OAEPparams>" + "bGFiZWw=" + "</OAEPparams>"
    yield "label", _write(pem, xmlenc.XMLENC + "aes256-cbc", xmlenc.RSA_OAEP_MGF1P, None, None, labelled)


def _write(pem: bytes, content: str, transport: str, digest: str | None, mask: str | None, extra: str = "") -> bytes:
    details = extra
    if digest:
        details += f'<DigestMethod xmlns="{xmlenc.XMLDSIG}" Algorithm="{digest}"/>'
    if mask:
        details += f'<MGF xmlns="{xmlenc.XMLENC11}" Algorithm="{mask}"/>'
    template = etree.fromstring(
        f'<EncryptedData xmlns="{xmlenc.XMLENC}"><EncryptionMethod Algorithm="{content}"/><KeyInfo xmlns="{xmlenc.XMLDSIG}">'
        f'<EncryptedKey xmlns="{xmlenc.XMLENC}"><EncryptionMethod Algorithm="{transport}">{details}</EncryptionMethod>'
        "<CipherData><CipherValue/></CipherData></EncryptedKey></KeyInfo><CipherData><CipherValue/></CipherData></EncryptedData>"
    )
    context = xmlsec.EncryptionContext(_manager(pem))
    context.key = xmlsec.Key.generate(*_session(content), xmlsec.constants.KeyDataTypeSession)
    return etree.tostring(context.encrypt_binary(template, PLAIN))
