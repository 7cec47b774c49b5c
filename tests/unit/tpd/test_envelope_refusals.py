# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replies that prove nothing: a sentence that says what was seen and what to do, and no endless search."""

from __future__ import annotations

import base64
import os
import re
from typing import Any

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import (
    envelope,
    hybrid,
    metered,
    primitives,
    tpd,
    wrap,
    xmlenc,
)
from cryptography.exceptions import UnsupportedAlgorithm

from .encrypted import XMLENC, aes, document, encrypted_data, encrypted_key, key_info
from .made import PASSWORD, b64, encoded, key, refusal, sealed

TPD = sealed()
ELEMENT = TPD[TPD.index(b"<Array") :]
SECRET = bytes(range(32))
ENVELOPES = ["xmlenc", "xmlenc/aes256-gcm/rsa-oaep", "password", "aes", "aes/pkcs1/with-key", "blocks", "blocks/pkcs1"]
NOTHING = "The reply yields no password that opens a TPD under this private key."


def said(reply: bytes, name: str = "request") -> str:
    """Why a reply is refused."""
    return refusal(envelope.open_reply, reply, key(name))


def made(name: str, password: str = PASSWORD, content: bytes = TPD) -> bytes:
    """A reply for the request key."""
    return wrap.wrap(name, password, content, key().public_key())


@pytest.mark.parametrize("name", ENVELOPES)
def test_a_reply_for_another_key_pair_opens_nothing(name: str) -> None:
    message = said(made(name), "stranger")
    assert message.startswith(NOTHING)
    assert "It was made for another key pair, is damaged, or has a form that is not known." in message
    assert "key of 2048 bits" in message
    assert message.endswith(
        "Compare the fingerprint of the public key with the one that was sent to support, and ask support for the file again."
    )


@pytest.mark.parametrize("name", ENVELOPES)
def test_a_key_of_another_size_opens_nothing_either(name: str) -> None:
    assert refusal(envelope.open_reply, made(name), key("small", 1024)).startswith(NOTHING)


@pytest.mark.parametrize("name", ENVELOPES)
def test_a_password_that_does_not_open_the_tpd_is_no_result(name: str) -> None:
    assert said(made(name, "another password")).startswith(NOTHING)


@pytest.mark.parametrize("name", ENVELOPES)
def test_a_truncated_reply_is_said_to_be_incomplete(name: str) -> None:
    reply = made(name)
    for length in (1, 60, len(reply) // 2, len(reply) - 20):
        message = said(reply[:length])
        assert message.startswith("The reply is not well-formed XML")
        assert message.endswith("Is it complete and unchanged?")


@pytest.mark.parametrize("name", ENVELOPES)
def test_a_value_that_was_cut_inside_whole_markup_opens_nothing(name: str) -> None:
    reply = made(name).decode()
    value = max(re.findall("[A-Za-z0-9+/=]{400,}", reply), key=len)
    assert said(reply.replace(value, value[:100] + value[200:]).encode()).startswith(NOTHING)


def test_what_was_seen_is_named_but_never_its_values() -> None:
    message = said(made("xmlenc"), "stranger")
    for name in ("EncryptedData (1)", "EncryptedKey (1)", "aes256-cbc (1)", "rsa-1_5 (1)"):
        assert name in message
    message = said(made("aes"), "stranger")
    assert "base64 values of 256, " in message
    message = said(made("password", "another password"))
    assert "a TPD in clear (1)" in message
    assert "another password" not in message


@pytest.mark.parametrize("secret", ["<hunter2/>", "a<hunter2/>b", "<a hunter2='hunter2'>hunter2</a>"])
def test_a_password_that_looks_like_markup_is_not_what_was_seen(secret: str) -> None:
    for name in ("password", "password/utf-16-le", "aes"):
        message = said(made(name, secret))
        assert message.startswith(NOTHING)
        assert "hunter2" not in message
    message = said(document(encrypted_data(aes(SECRET, secret.encode())), encrypted_key(SECRET), ELEMENT.decode()))
    assert "hunter2" not in message


def test_a_refused_algorithm_is_named() -> None:
    data = encrypted_data(aes(SECRET), method=XMLENC + "des-cbc")
    assert "The content algorithm des-cbc is refused" in said(document(data, encrypted_key(SECRET)))


def test_a_hostile_document_does_not_write_the_message() -> None:
    parts = [encrypted_data(aes(SECRET), method=f"urn:x#bad-{number}") for number in range(100)]
    message = said(document(*parts, "<a" + "b" * 3000 + "/>", "<n>" * 20 + "</n>" * 20))
    assert message.count(" is refused") == envelope.MAX_REFUSALS
    assert len(message) < 2000


def test_nothing_tells_what_a_decryption_has_yielded() -> None:
    """Whoever may have altered replies decrypted and sees the messages learns nothing of the real one (docs/security.md)."""
    for name in ENVELOPES:
        reply = made(name)
        told = {said(reply, "stranger"), said(made(name, PASSWORD[::-1]))}
        encrypted = list(re.finditer("[A-Za-z0-9+/=]{100,}", reply.decode()))
        for value in encrypted[:1] if name == "password" else encrypted:  # its TPD is in clear
            whole = base64.b64decode(value[0])
            for at in (0, 16, len(whole) // 2, len(whole) - 17, len(whole) - 1):  # of RSA, an IV, blocks, and a padding
                damaged = bytearray(whole)
                damaged[at] ^= 1
                told.add(said(reply[: value.start()] + b64(bytes(damaged)).encode() + reply[value.end() :]))
        assert len(told) == 1, (name, told)


def oaep(transport: str, inside: str) -> str:
    return f'<EncryptionMethod Algorithm="{transport}">{inside}</EncryptionMethod>'


# What is refused of a reply or its keys.
REFUSED = {
    "a mask": oaep(xmlenc.RSA_OAEP, '<MGF Algorithm="urn:x#mgf1foo"/>'),
    "a mask that mgf1p should not name": oaep(xmlenc.RSA_OAEP_MGF1P, '<MGF Algorithm="urn:x#mgf1foo"/>'),
    "a digest": oaep(xmlenc.RSA_OAEP_MGF1P, '<DigestMethod Algorithm="urn:x#foo"/>'),
    "both": oaep(xmlenc.RSA_OAEP_MGF1P, '<DigestMethod Algorithm="urn:x#foo"/><MGF Algorithm="urn:x#mgf1foo"/>'),
    "a label": oaep(xmlenc.RSA_OAEP_MGF1P, "<OAEPparams>*</OAEPparams>"),
    "a transport": oaep("urn:x#rsa-foo", ""),
    "another key of the same part": oaep(xmlenc.RSA_OAEP_MGF1P, ""),
    "the content": oaep(xmlenc.RSA_OAEP_MGF1P, ""),
    "the content, by the library": oaep(xmlenc.RSA_OAEP_MGF1P, ""),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_refused_is_refused_whatever_the_key_makes_of_it(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same, where an algorithm is not read: it is judged before the private key is used."""
    uri, secret, content = XMLENC + "aes256-cbc", SECRET, aes(SECRET, b"text")
    others = ""
    if kind == "the content":
        uri = XMLENC + "des-cbc"
    elif kind == "the content, by the library":
        uri, secret, content = XMLENC + "tripledes-cbc", SECRET[:24], bytes(32)

        def refuse(*_given: object) -> None:
            raise UnsupportedAlgorithm("made for a test")

        monkeypatch.setattr(primitives, "_cbc", refuse)
    elif "another" in kind:
        others = encrypted_key(SECRET, None, REFUSED["a transport"])
    told = set()
    for wrapped in (secret, secret[:5], secret[::-1]):
        one = encrypted_key(wrapped, None, REFUSED[kind], primitives.OAEP_SHA1)
        value = max(re.findall("[A-Za-z0-9+/=]{300,}", one), key=len)
        damaged = bytearray(base64.b64decode(value))
        damaged[100] ^= 1
        for key_value in (one, one.replace(value, b64(bytes(damaged)))):
            told.add(said(document(encrypted_data(content, method=uri), key_value, others)))
    (message,) = told
    assert re.search(" is refused| refuses |are not base64", message)


@pytest.mark.parametrize("bits", [2048, 4096])
def test_a_value_of_too_many_blocks_is_said_to_be_that(bits: int) -> None:
    most = metered.most_blocks(bits)
    used = Counting(bits)
    for count in (most, most + 1):
        reply = document(f"<a>{b64(bytes(bits // 8) * count)}</a>", f"<b>{b64(bytes(bits // 8 * most + 16))}</b>")
        message = refusal(envelope.open_reply, reply, used)
        long = f"Its value of {bits // 8 * count} bytes would be {count} RSA blocks, of which no more than {most} are decrypted"
        assert (long in message) == (count > most)
        assert "It was made for another key pair" in message
    # It was not even begun with.
    assert used.used == len(hybrid.PADDINGS)


def test_a_tpd_with_the_right_password_but_damaged_key_data_is_not_just_unknown() -> None:
    whole = tpd.read(TPD)
    # The first block ends in a zero, which is no padding; of the others one in 256 ends in one.
    damaged = tpd.Sealed(whole.info, encoded(b"".join(whole.key_data.decoded())[:16])).document()
    assert "its key data is damaged" in said(made("password", content=damaged))


# Of a block's length, and never the beginning of markup: one random block in 256 is that.
BINARY = bytes(range(0x80, 0x100)) * 2


@pytest.mark.parametrize(
    "reply", [b"", b" ", b"\0", b"hello", b"\xff\xfe", b"<Reply/>", BINARY, b64(BINARY * 2).encode()]
)
def test_what_is_no_reply_at_all_opens_nothing(reply: bytes) -> None:
    assert said(reply).startswith(NOTHING)


def test_a_document_type_is_refused_in_every_layer() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY e "text">]><Password>&e;</Password>'
    assert "(DTD)" in said(bomb.encode())
    inner = encrypted_data(aes(SECRET, bomb.encode()), key_info(encrypted_key(SECRET)))
    assert said(document(inner)).startswith(NOTHING)
    assert said(document(f"<a>{b64(bomb.encode())}</a>")).startswith(NOTHING)


def test_a_tpd_element_of_the_wrong_shape_is_no_candidate() -> None:
    for wrong in (
        ELEMENT.replace(b"EncryptedTrustedDocDomain", b"TrustedDocDomain"),
        ELEMENT.replace(b"<ArrayOfAnyType ", b'<ArrayOfAnyType xmlns="urn:n" '),
        ELEMENT.replace(b"m_strTrustedDocDomainInfo", b"m_strOther"),
        b"<ArrayOfAnyType/>",
    ):
        assert "a TPD in clear" not in said(document(wrong.decode(), f"<Password>{PASSWORD}</Password>"))


class Counting:
    """A private key that counts how often it is used."""

    def __init__(self, bits: int = 2048) -> None:
        self.key_size = bits
        self.used = 0

    def public_key(self) -> Any:
        return key().public_key()

    def decrypt(self, data: bytes, padding: Any) -> Any:
        self.used += 1
        return key("request" if self.key_size == 2048 else "large", self.key_size).decrypt(data, padding)


def blocks(count: int) -> bytes:
    """So many RSA blocks of text."""
    few = b"".join(primitives.rsa_encrypt(key().public_key(), b"A" * 200, primitives.PKCS1V15) for _block in range(10))
    return few * (count // 10)


def method(inside: str) -> str:
    return f'<EncryptionMethod Algorithm="{xmlenc.RSA_OAEP_MGF1P}">{inside}</EncryptionMethod>'


HOSTILE = {
    "encrypted parts": lambda: (encrypted_data(aes(SECRET)) * 2000, encrypted_key(SECRET) * 100),
    "masks that contradict": lambda: (
        encrypted_data(aes(SECRET)) * 2000,
        encrypted_key(SECRET, None, method(f'<MGF Algorithm="{xmlenc.XMLENC11}mgf1sha512"/>')) * 100,
    ),
    "values of a block's length": lambda: [f"<a>{b64(os.urandom(256))}</a>" for _number in range(5000)],
    "blocks of RSA": lambda: [f"<a>{b64(blocks(900 + number))}</a>" for number in (0, 10, 20)],
    "references": lambda: (
        encrypted_data(aes(SECRET), key_info('<RetrievalMethod URI="#a"/>' * 3_500)),
        f'<EncryptedKey xmlns="{XMLENC}" Id="b"/>' * 3_500,
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_the_private_key_is_used_a_bounded_number_of_times(kind: str) -> None:
    counting = Counting()
    assert refusal(envelope.open_reply, document(*HOSTILE[kind]()), counting).startswith(NOTHING)
    assert counting.used <= metered.most_uses(2048)


def test_passwords_and_tpds_are_tried_a_bounded_number_of_times(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []
    monkeypatch.setattr(tpd.Sealed, "may_open", lambda _self, password, _version: tried.append(password))
    words = "".join(f'<p a="word {number}"/>' for number in range(5000))
    assert said(document(words, ELEMENT.decode() * 50)).startswith(NOTHING)
    assert 0 < len(tried) <= 2 * envelope.MAX_PROOFS


def test_documents_within_documents_are_read_a_bounded_number_of_times(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = []
    real = envelope.xmlsafe.parse
    monkeypatch.setattr(envelope.xmlsafe, "parse", lambda *arguments: parsed.append(1) or real(*arguments))
    nested = b"<a/>"
    for _level in range(40):
        nested = f"<a>{b64(nested)}</a>".encode()
    assert said(document(f"<a>{b64(b'<b/>')}</a>" * 5000, f"<a>{b64(nested)}</a>")).startswith(NOTHING)
    assert len(parsed) <= envelope.MAX_DOCUMENTS + 2


def test_a_plain_text_that_many_keys_open_is_searched_once(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = []
    real = envelope.xmlsafe.parse
    monkeypatch.setattr(envelope.xmlsafe, "parse", lambda *arguments: parsed.append(1) or real(*arguments))
    said(document(encrypted_data(aes(SECRET, b"<a/>")), encrypted_key(SECRET) * xmlenc.MAX_KEYS))
    assert len(parsed) == 2
