# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cryptographic primitives: published test vectors, and one answer to everything that does not fit."""

from __future__ import annotations

import base64
import os
import re
from typing import Any

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import primitives
from cryptography.exceptions import UnsupportedAlgorithm
from hypothesis import given
from hypothesis import strategies as st

from .made import examples, key, refusal

DOES_NOT_DECRYPT = "The data does not decrypt under this key."


def test_aes_cbc_gives_the_published_answer() -> None:
    # NIST SP 800-38A, F.2.1: CBC-AES128, first block.
    secret = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")
    iv = bytes(range(16))
    plain = bytes.fromhex("6bc1bee22e409f96e93d7e117393172a")
    secret_text = bytes.fromhex("7649abac8119b246cee98e9b12e9197d")
    assert primitives.aes_cbc_decrypt(secret, iv, secret_text) == plain
    assert primitives.aes_cbc_encrypt(secret, iv, plain)[:16] == secret_text


@pytest.mark.parametrize("length", [0, 1, 15, 16, 17, 3 << 20])
def test_what_is_encrypted_comes_back(length: int) -> None:
    secret, iv, plain = os.urandom(24), os.urandom(16), os.urandom(length)
    sealed = primitives.aes_cbc_encrypt(secret, iv, plain)
    assert len(sealed) == length // 16 * 16 + 16
    assert primitives.aes_cbc_decrypt(secret, iv, sealed, primitives.pkcs7) == plain
    sealed = primitives.triple_des_cbc_encrypt(secret, iv[:8], plain)
    assert primitives.triple_des_cbc_decrypt(secret, iv[:8], sealed, primitives.iso10126) == plain


@pytest.mark.parametrize("end", [b"\0", b"\x11", b"\xff", b"\x01\x02", b"\x02\x03\x03"])
def test_pkcs7_checks_every_byte(end: bytes) -> None:
    assert refusal(primitives.pkcs7, b"x" * (16 - len(end)) + end) == DOES_NOT_DECRYPT


@pytest.mark.parametrize("end", [b"\0", b"\x11", b"\xff"])
def test_iso_10126_checks_the_count(end: bytes) -> None:
    assert refusal(primitives.iso10126, b"x" * 15 + end) == DOES_NOT_DECRYPT
    assert primitives.iso10126(b"abcdefghijklmno\x05") == 5


@pytest.mark.parametrize(
    ("iv", "data"), [(b"", b"x" * 16), (b"x" * 15, b"x" * 16), (b"x" * 16, b""), (b"x" * 16, b"x" * 17)]
)
def test_lengths_that_do_not_fit_are_no_other_error(iv: bytes, data: bytes) -> None:
    assert refusal(primitives.aes_cbc_decrypt, bytes(16), iv, data) == DOES_NOT_DECRYPT
    assert refusal(primitives.aes_gcm_decrypt, bytes(16), iv[:4], data) == DOES_NOT_DECRYPT


def test_a_block_of_rsa_has_the_length_of_the_modulus() -> None:
    for data in (b"", b"x", b"x" * 255, b"x" * 257, b"\xff" * 256):
        for padding in (primitives.OAEP_SHA1, primitives.OAEP_SHA256):
            assert refusal(primitives.rsa_decrypt, key(), data, padding) == DOES_NOT_DECRYPT


def test_a_library_that_refuses_an_algorithm_is_named_as_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> Any:
        raise UnsupportedAlgorithm("made for a test")

    class Cipher:
        decryptor = refuse

    class PublicKey:
        verify = refuse

    monkeypatch.setattr(primitives, "_cbc", lambda *_arguments: Cipher())
    messages = {
        refusal(primitives.triple_des_cbc_decrypt, bytes(range(24)), bytes(8), bytes(8)),
        refusal(primitives.rsa_verify, PublicKey(), b"", b"", "sha1"),
    }
    assert len(messages) == 1
    assert "(is the host in FIPS mode?). Use another host." in messages.pop()


@given(st.binary(max_size=200), st.text("\r\n\t ", max_size=3))
@examples(200)
def test_base64_may_hold_white_space_anywhere(data: bytes, space: str) -> None:
    text = re.sub(r"(.{3})", rf"\1{space}", base64.b64encode(data).decode())
    assert primitives.b64decode(space + text + space) == data


@pytest.mark.parametrize(
    "text", ["A", "AA", "AAA", "AA=", "A===", "AA==AA==", "AAA-", "AAA_", "ÄÖÜ=", "AA\u00a0==", "AA\0="]
)
def test_what_is_not_base64_is_told_apart(text: str) -> None:
    assert primitives.b64decode(text) is None


def test_base64_takes_linear_time() -> None:
    # Each of these would take hours with a pattern that goes back and forth.
    for text in ("A" * 3_000_000 + "!", " " * 3_000_000 + "!", "A=" + " " * 3_000_000 + "!", "= " * 1_500_000):
        assert primitives.b64decode(text) is None
