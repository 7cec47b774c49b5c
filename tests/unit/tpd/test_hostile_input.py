# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever is fed to the core, nothing but its own error comes out, and no message holds what was fed."""

from __future__ import annotations

import dataclasses
from typing import Any, Callable

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import (
    TpdError,
    cspblob,
    envelope,
    passwords,
    preflight,
    rsakeys,
    tpd,
    wrap,
    xmlenc,
    xmlsafe,
    xrml,
)
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd.contents import Contents
from hypothesis import given
from hypothesis import strategies as st

from .made import PASSWORD, examples, key, other, sealed, tenant

KEY = key()
READERS: dict[str, Callable[[bytes], Any]] = {
    "load_private": lambda data: rsakeys.load_private(data, PASSWORD),
    "load_public": rsakeys.load_public,
    "password": passwords.decode,
    "tpd": lambda data: tpd.open(data, PASSWORD),
    "reply": lambda data: envelope.open_reply(data, KEY),
    "xmlenc": lambda data: xmlenc.decrypt(data, KEY),
    "xml": lambda data: xmlsafe.parse(data, "The file"),
    "verify": lambda data: xrml.verify(data.decode("utf-8", "surrogateescape")),
    "certificate": lambda data: xrml.certificate(data.decode("utf-8", "surrogateescape")),
    "template": lambda data: xrml.template(data.decode("utf-8", "surrogateescape")),
}
SMALL = other(tenant(), templates=())
VALID: dict[str, list[bytes]] = {
    "load_private": [
        rsakeys.dump_private(KEY, "rsakeyvalue"),
        rsakeys.dump_private(KEY, "pem"),
        cspblob.write_private(KEY),
    ],
    "load_public": [rsakeys.dump_public(KEY.public_key(), "rsakeyvalue"), rsakeys.dump_public(KEY.public_key(), "pem")],
    "password": [PASSWORD.encode(), PASSWORD.encode("utf-16")],
    "tpd": [tpd.seal(SMALL, PASSWORD), tpd.seal(SMALL, PASSWORD).decode().encode("utf-16")],
    "reply": [
        wrap.wrap(name, PASSWORD, tpd.seal(SMALL, PASSWORD), KEY.public_key())
        for name in ("xmlenc", "xmlenc/rsa-oaep/aes128-gcm", "password", "aes/value", "aes/pkcs1", "blocks")
    ],
    "xmlenc": [
        wrap.wrap(f"xmlenc/{name}", PASSWORD, b"<a/>", KEY.public_key()) for name in ("tripledes-cbc", "rsa-oaep")
    ],
    "xml": [tenant().chain[0].encode()],
    "verify": [tenant().chain[0].encode()],
    "certificate": [tenant().chain[0].encode()],
    "template": [tenant().templates[0].encode()],
}
# Pieces that mean something to one of the readers.
PIECES = st.sampled_from(
    [
        b"<", b">", b"</", b"/>", b"&", b"&#0;", b"&#xD800;", b'"', b"=", b"==", b"\0", b"\xff\xfe", b"\xef\xbb\xbf",
        b"<!DOCTYPE a>", b"<![CDATA[", b"<!--", b"<?xml ", b"-----BEGIN RSA PRIVATE KEY-----", b"RSA2", b"AAAA", b"9" * 30,
        b'encoding="utf-7"', b'encoding="idna"', b'encoding="unicode_escape"', b'xmlns=""', b'Id="key"', b"\xed\xa0\x80",
    ]
)  # fmt: skip
EDITS = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 40) | st.integers(0, 5000), PIECES | st.binary(max_size=6)), max_size=5
)


def edited(data: bytes, edits: list[tuple[float, int, bytes]]) -> bytes:
    """The data with pieces cut out and put in at fractions of its length."""
    for where, cut, put in edits:
        start = int(where * len(data))
        data = data[:start] + put + data[start + cut :]
    return data


def refused(name: str, data: bytes) -> str:
    """What the reader says, empty where it is content. Any error but a TpdError ends the test."""
    try:
        READERS[name](data)
    except TpdError as error:
        return str(error)
    return ""


def only_its_own_error(name: str, data: bytes) -> None:
    """Read, and let nothing but a TpdError pass."""
    message = refused(name, data)
    assert len(message) < 3000
    assert PASSWORD not in message


@pytest.mark.parametrize("name", READERS)
def test_any_bytes(name: str) -> None:
    @given(st.binary(max_size=300) | st.lists(PIECES, max_size=8).map(b"".join))
    @examples(100)
    def run(data: bytes) -> None:
        only_its_own_error(name, data)

    run()


@pytest.mark.parametrize("name", READERS)
def test_what_was_valid_before_somebody_edited_it(name: str) -> None:
    @given(st.sampled_from(VALID[name]), EDITS)
    @examples(150)
    def run(data: bytes, edits: list[tuple[float, int, bytes]]) -> None:
        only_its_own_error(name, edited(data, edits))

    run()


@given(st.text(max_size=200) | st.text("<>/&;'\"= ABODYXrML\ud800", max_size=100))
@examples(200)
def test_any_text_as_xrml(document: str) -> None:
    for read in (xrml.verify, xrml.certificate, xrml.template):
        with pytest.raises(TpdError):
            read(document)


@given(st.text(max_size=50))
@examples(200)
def test_any_other_password(password: str) -> None:
    with pytest.raises(tpd.WrongPassword):
        tpd.open(sealed(), password + "?")


@given(
    st.sampled_from([field.name for field in dataclasses.fields(tpd.Tpd) if field.name not in ("chain", "templates")]),
    st.text(max_size=20),
    st.lists(st.tuples(st.integers(0, 5), EDITS), max_size=3),
)
@examples(100)
def test_an_opened_tpd_with_anything_in_it_can_be_looked_at(
    name: str, value: str, changes: list[tuple[int, list[tuple[float, int, bytes]]]]
) -> None:
    documents = [*tenant().chain, *tenant().templates]
    for index, edits in changes:
        documents[index] = edited(documents[index].encode(), edits).decode("utf-8", "replace")
    typed: dict[str, Any] = {"key_blob": value.encode("utf-8", "replace")}
    if name not in ("version", "csp_type", "key_number"):
        typed.setdefault(name, value)
    contents = Contents(other(tenant(), chain=tuple(documents[:4]), templates=tuple(documents[4:]), **typed))
    contents.facts()
    expected = preflight.Expectations((value,), [value], value, [value], True)
    assert len(preflight.check(contents, expected)) == 16


def test_a_decrypted_layer_is_as_little_trusted_as_the_file() -> None:
    @given(st.binary(max_size=200) | st.lists(PIECES, max_size=8).map(b"".join))
    @examples(100)
    def run(plain: bytes) -> None:
        # The public half is in many hands, so what decrypts may still be anybody's.
        reply = wrap.wrap("aes/zero", "unused", plain, KEY.public_key())
        only_its_own_error("reply", reply)
        only_its_own_error("reply", reply.replace(b"<Data>", b"<Data><b>" + plain.hex().encode() + b"</b>"))

    run()
