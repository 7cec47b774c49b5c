# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bounds on what a reader does for a file whose maker knows how it is read, and has the public key."""

from __future__ import annotations

import base64
import os
from typing import Any

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import (
    contents,
    envelope,
    hybrid,
    metered,
    pieces,
    primitives,
    tpd,
    wrap,
    xmlenc,
    xmlsafe,
    xrml,
)
from hypothesis import example, given
from hypothesis import strategies as st

from .encrypted import aes, document, encrypted_data, encrypted_key, key_info
from .made import PASSWORD, b64, examples, key, other, refusal, tenant

SECRET = bytes(range(32))
NOTHING = "The reply yields no password that opens a TPD under this private key."


class Key:
    """A private key of any size that decrypts whatever it is given to the same, and counts how often."""

    def __init__(self, bits: int, plain: bytes = b"text") -> None:
        self.key_size, self.plain, self.used = bits, plain, 0

    def public_key(self) -> Any:
        return key().public_key()

    def decrypt(self, _data: bytes, _padding: Any) -> bytes:
        self.used += 1
        return self.plain


@pytest.mark.parametrize(("bits", "uses"), [(1024, 1000), (2048, 1000), (2560, 330), (3072, 330), (4096, 150)])
def test_a_larger_key_is_used_less_often(bits: int, uses: int) -> None:
    used = Key(bits)
    longest = metered.most_blocks(bits)
    values = [f"<a>{b64(os.urandom(bits // 8) * length)}</a>" for length in (longest, longest - 1)]
    assert refusal(envelope.open_reply, document(*values), used).startswith(NOTHING)
    assert used.used == metered.most_uses(bits) == uses


def test_every_way_to_use_the_key_counts() -> None:
    used = Key(4096)
    parts = [
        encrypted_data(aes(SECRET), key_info(encrypted_key(SECRET, key("large", 4096)) * 16)) for _part in range(32)
    ]
    values = [f"<a>{b64(os.urandom(512))}</a>" for _number in range(100)]
    assert refusal(envelope.open_reply, document(*parts, *values), used).startswith(NOTHING)
    assert used.used == metered.most_uses(4096)


def test_the_largest_reply_in_blocks_that_can_be_made_can_be_opened() -> None:
    opened = other(tenant(), templates=tenant().templates[:1])
    while True:
        content = tpd.seal(opened, PASSWORD)
        try:
            made = wrap.wrap("blocks/pkcs1", PASSWORD, content, key().public_key())
        except tpd.TpdError:
            break
        largest, opened = made, other(opened, templates=opened.templates + tenant().templates[:1] * 4)
    assert len(largest) > 300_000
    assert envelope.open_reply(largest, key()).password == PASSWORD


def test_few_pairs_of_key_and_value_are_probed(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []
    real = primitives.aes_cbc_decrypt
    monkeypatch.setattr(primitives, "aes_cbc_decrypt", lambda *given: tried.append(1) or real(*given))
    public = key().public_key()
    secrets = [primitives.rsa_encrypt(public, os.urandom(32), primitives.OAEP_SHA1) for _number in range(64)]
    values = [*(os.urandom(16) for _number in range(8)), *(os.urandom(160) for _number in range(50))]
    reply = document(*(f"<a>{b64(value)}</a>" for value in [*secrets, *values]))
    assert refusal(envelope.open_reply, reply, key()).startswith(NOTHING)
    # And whatever looked like a text is decrypted to its end, which chance brings about.
    assert 0.9 * hybrid.MAX_PROBES < len(tried) <= 1.2 * hybrid.MAX_PROBES


def test_what_was_decrypted_is_searched_up_to_a_multiple_of_the_reply(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here each of sixteen keys makes something else of the same value, and each is a text."""
    searched = []
    monkeypatch.setattr(envelope.passwords, "LONGEST", 1 << 30)
    real = envelope._Search.add_text
    monkeypatch.setattr(envelope._Search, "add_text", lambda self, text: (searched.append(len(text)), real(self, text)))
    plain = b"A" * (3 << 20)
    texts = iter([bytes([65 + number]) + plain for number in range(16)])
    monkeypatch.setattr(envelope.xmlenc.Encrypted, "plain_texts", lambda *_given: texts)
    reply = document(encrypted_data(aes(SECRET, plain), key_info(encrypted_key(SECRET))))
    assert refusal(envelope.open_reply, reply, key()).startswith(NOTHING)
    assert 2 * len(reply) < sum(size for size in searched if size > 1000) <= 2 * (3 * len(reply) + (1 << 20))
    assert len(list(texts)) > 8  # and nothing is decrypted that would not be searched


def test_keys_beyond_the_first_hundreds_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at = []
    real = xmlsafe.Element.all
    monkeypatch.setattr(xmlsafe.Element, "all", lambda self, *path: looked_at.append(path) or real(self, *path))
    one = encrypted_data(bytes(32))
    assert refusal(envelope.open_reply, document(one * 40, encrypted_key(SECRET) * 2000), key()).startswith(NOTHING)
    references = [path for path in looked_at if path == ("ReferenceList", "DataReference")]
    assert len(references) == envelope.MAX_ENCRYPTED * xmlenc.MAX_LOOKED_AT


def test_the_elements_of_a_reply_have_a_limit_in_every_layer() -> None:
    many = "<b/>" * envelope.MAX_NODES
    assert f"The reply has more than {envelope.MAX_NODES} elements and attributes." in refusal(
        envelope.open_reply, document(many), key()
    )
    hidden = document(encrypted_data(aes(SECRET, f"<a>{many}</a>".encode()), key_info(encrypted_key(SECRET))))
    assert refusal(envelope.open_reply, hidden, key()).startswith(NOTHING)


def test_certificates_and_templates_that_are_nothing_but_tags_are_left_unread() -> None:
    whole = tenant()
    tags = whole.chain[0].replace("<DESCRIPTOR>", "<b/>" * 90_000 + "<DESCRIPTOR>")
    read = contents.Contents(other(whole, chain=(whole.chain[0], tags, tags, tags, tags, whole.chain[1])))
    assert [entry is not None for entry in read.certificates] == [True, True, False, False, False, False]
    assert read.facts()["certificates"][2] == {"readable": False}
    chain = whole.chain[:1] * (contents.MOST_CERTIFICATES + 2)
    found = contents.Contents(other(whole, chain=chain)).certificates
    assert [entry is not None for entry in found] == [True] * contents.MOST_CERTIFICATES + [False] * 2
    # What is XrML, however much of it there is, is read.
    large = contents.Contents(other(whole, templates=whole.templates * 1500))
    assert None not in large.templates


def test_a_template_has_names_in_so_many_languages_and_no_more() -> None:
    document = tenant().templates[0]
    start, end = document.index("LCID "), document.index("</NAME>", document.index("LCID "))
    names = "".join(f"LCID {number}:NAME a:DESCRIPTION b;" for number in range(1000, 3000))
    found = xrml.template(document[:start] + names + document[end:])
    assert (len(found.names), found.broken_name) == (xrml.MAX_LANGUAGES + 1, True)
    names = "".join(f"LCID {number}:NAME a:DESCRIPTION b;" for number in range(xrml.MAX_LANGUAGES))
    found = xrml.template(document[:start] + names + document[end:])
    assert (len(found.names), found.broken_name) == (xrml.MAX_LANGUAGES, False)


SIGNS = st.text("ABab01+/= \t\r\n-ü\xa0\x0b", max_size=24)


@given(SIGNS | st.binary(max_size=40).map(lambda data: base64.b64encode(data).decode()))
@example("A===")
@example("====")
@example("AAAAA===")
@example("AAA=AAAA")
@example("AAAA AA==\n")
@examples(600)
def test_a_short_base64_is_decoded_as_a_long_one(text: str) -> None:
    found = pieces.Base64.of(text)
    try:
        expected = None if found is None else pieces.joined(found.decoded())
    except ValueError:
        expected = None
    assert primitives.b64decode(text) == expected
    if expected:
        assert primitives.b64decode(text + " " * primitives._SHORT) == expected
