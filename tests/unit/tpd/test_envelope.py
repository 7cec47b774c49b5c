# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Support's reply: whatever form it has, the password and the TPD come out of it, and only what is proven counts."""

from __future__ import annotations

import itertools

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import envelope, primitives, tpd, wrap, xmlenc

from .encrypted import aes, document, encrypted_data, encrypted_key, key_info
from .made import PASSWORD, b64, key, sealed, tenant

TPD = sealed()
SECRET = bytes(range(32))
# The TPD as an element without its XML declaration.
ELEMENT = TPD[TPD.index(b"<Array") :].decode()


def every_envelope() -> list[str]:
    """Every combination of the hybrid kinds; of XML Encryption each choice once, as its own tests combine them."""
    found = [f"xmlenc/{choice}" for choices in wrap.KINDS["xmlenc"].values() for choice in choices]
    for kind in ("password", "aes", "blocks"):
        found += ["/".join([kind, *chosen]) for chosen in itertools.product(*wrap.KINDS[kind].values())]
    return found


def open_reply(reply: bytes) -> envelope.Reply:
    """The reply under the request key."""
    return envelope.open_reply(reply, key())


def is_the_tenants(reply: envelope.Reply, password: str = PASSWORD) -> bool:
    """Whether the right password came out, and a TPD that it opens."""
    return reply.password == password and tpd.open(reply.tpd, reply.password) == tenant()


@pytest.mark.parametrize("name", every_envelope())
def test_every_envelope_that_can_be_made_can_be_opened(name: str) -> None:
    reply = open_reply(wrap.wrap(name, PASSWORD, TPD, key().public_key()))
    assert reply.password == PASSWORD
    assert reply.tpd == TPD


def test_both_versions_of_the_tpd_are_proven() -> None:
    old = sealed(1)
    reply = open_reply(wrap.wrap("xmlenc", PASSWORD, old, key().public_key()))
    assert tpd.open(reply.tpd, reply.password).version == 1
    assert reply.tpd == old


def in_xml_encryption(plain: bytes, kind: str = f'Type="{xmlenc.XMLENC}Element"') -> bytes:
    """A reply that .NET's EncryptedXml made of this plain text."""
    return document(encrypted_data(aes(SECRET, plain), key_info(encrypted_key(SECRET)), attributes=kind))


def export(password: str = f"<Password>{PASSWORD}</Password>", content: str = ELEMENT) -> bytes:
    """What a service might encrypt."""
    return f"<Export>{password}{content}</Export>".encode()


FORMS = {
    "the TPD as an element": export(),
    "as base64": export(content=f"<Tpd>{b64(TPD)}</Tpd>"),
    "as base64 in lines": export(content=f"<Tpd>\r\n{b64(TPD)[:76]}\r\n{b64(TPD)[76:]}\r\n</Tpd>"),
    "as base64 of UTF-16": export(content=f"<Tpd>{b64(TPD.decode().encode('utf-16'))}</Tpd>"),
    "in an attribute": export(content=f'<Tpd value="{b64(TPD)}"/>'),
    "the password in an attribute": export(f'<Tpd password="{PASSWORD}"/>'),
    "with white space around it": export(f"<Password>\r\n    {PASSWORD}\r\n  </Password>"),
    "in CDATA": export(f"<Password><![CDATA[{PASSWORD}]]></Password>"),
    "beside others": export(f"<Name>Contoso</Name><Password>{PASSWORD}</Password><Password>no</Password>"),
    "in a fragment of two elements": f"<Password>{PASSWORD}</Password>{ELEMENT}".encode(),
    "without any element of its own": f"{PASSWORD}{ELEMENT}".encode(),
}


@pytest.mark.parametrize("form", FORMS)
def test_password_and_tpd_are_found_wherever_they_stand(form: str) -> None:
    assert is_the_tenants(open_reply(in_xml_encryption(FORMS[form])))


def test_bytes_that_are_not_said_to_be_markup_may_be_utf_16() -> None:
    assert is_the_tenants(open_reply(in_xml_encryption(export().decode().encode("utf-16"), kind="")))


def test_a_password_keeps_the_spaces_that_belong_to_it() -> None:
    password = "  made for a test "
    plain = f"<Export><Password>{password}</Password><Tpd>{b64(sealed(2, password))}</Tpd></Export>"
    assert is_the_tenants(open_reply(in_xml_encryption(plain.encode())), password)


def test_a_tpd_that_borrows_its_surroundings_prefixes_comes_out_whole() -> None:
    declarations = ELEMENT[len("<ArrayOfAnyType ") : ELEMENT.index(">")]
    bare = ELEMENT.replace(" " + declarations, "", 1)
    plain = f'<n:Export xmlns:n="urn:n" {declarations}><n:Password>{PASSWORD}</n:Password>{bare}</n:Export>'
    reply = open_reply(in_xml_encryption(plain.encode()))
    assert is_the_tenants(reply)
    assert reply.tpd == TPD


def test_a_tpd_in_a_default_namespace_of_its_surroundings_is_found_once_it_resets_it() -> None:
    inside = ELEMENT.replace("<ArrayOfAnyType ", '<ArrayOfAnyType xmlns="" ', 1)
    plain = f'<Export xmlns="urn:n"><Password>{PASSWORD}</Password>{inside}</Export>'
    assert is_the_tenants(open_reply(in_xml_encryption(plain.encode())))


def test_a_whole_tpd_file_that_was_encrypted_comes_out_to_the_byte() -> None:
    for content in (TPD, TPD.decode().encode("utf-16"), TPD.replace(b"><", b">\r\n  <") + b"\r\n"):
        reply = document(
            f"<Password>{PASSWORD}</Password>",
            encrypted_data(aes(SECRET, content), key_info(encrypted_key(SECRET)), attributes=""),
        )
        assert open_reply(reply).tpd == content


def test_password_and_tpd_may_be_encrypted_apart() -> None:
    reply = document(
        encrypted_data(aes(SECRET, f"<Password>{PASSWORD}</Password>".encode()), key_info(encrypted_key(SECRET))),
        encrypted_data(aes(SECRET[::-1], ELEMENT.encode()), key_info(encrypted_key(SECRET[::-1]))),
    )
    assert is_the_tenants(open_reply(reply))


def test_layers_are_peeled_one_by_one() -> None:
    inner = wrap.wrap("aes/aes128/pkcs1/value", PASSWORD, TPD, key().public_key())
    middle = in_xml_encryption(inner)
    outer = wrap.wrap("blocks", "unused", middle, key().public_key())
    for reply in (middle, in_xml_encryption(middle), f"<Reply>{b64(middle)}</Reply>".encode(), outer):
        assert is_the_tenants(open_reply(reply))


@pytest.mark.parametrize("password", ["a<b", "<b/>", "1 < 2 > 0 & so on", "]]>", "&amp;", "QUJDRA=="])
def test_a_password_may_look_like_markup_or_base64(password: str) -> None:
    content = sealed(2, password)
    for name in ("password", "password/utf-16-le", "aes", "xmlenc"):
        reply = open_reply(wrap.wrap(name, password, content, key().public_key()))
        assert (reply.password, reply.tpd) == (password, content)


def test_a_reply_that_is_not_xml_is_tried_as_well() -> None:
    plain = export()
    blocks = b"".join(
        primitives.rsa_encrypt(key().public_key(), plain[start : start + 200], primitives.OAEP_SHA1)
        for start in range(0, len(plain), 200)
    )
    for reply in (blocks, b64(blocks).encode(), b64(blocks).encode("utf-16"), b"\xef\xbb\xbf" + b64(blocks).encode()):
        assert is_the_tenants(open_reply(reply))


@pytest.mark.parametrize("beginning", [b"<", b" <", b"\xef\xbb\xbf", b"\xff\xfe", b"<?", b"<\0"])
def test_cipher_text_may_begin_as_text_does(monkeypatch: pytest.MonkeyPatch, beginning: bytes) -> None:
    # As many random bytes would, with luck: a block that begins so is made up, and what it holds is known.
    first = beginning.ljust(256, b"\x9c")
    decrypt = primitives.rsa_decrypt

    def known(request: object, block: bytes, padding: object) -> bytes:
        return export()[:200] if bytes(block) == first else decrypt(request, block, padding)

    monkeypatch.setattr(primitives, "rsa_decrypt", known)
    rest = [export()[start : start + 200] for start in range(200, len(export()), 200)]
    blocks = [primitives.rsa_encrypt(key().public_key(), part, primitives.OAEP_SHA1) for part in rest]
    assert is_the_tenants(open_reply(first + b"".join(blocks)))


def test_the_reply_itself_does_not_show_its_secrets() -> None:
    reply = open_reply(wrap.wrap("password", PASSWORD, TPD, key().public_key()))
    assert repr(reply) == "Reply()"


def test_a_reply_in_clear_counts_if_its_password_opens_its_tpd() -> None:
    # Nothing is gained by refusing it: what it holds is proven, and the operator has it already.
    assert is_the_tenants(open_reply(export()))


def test_recipients_of_another_kind_do_not_hide_ours() -> None:
    stranger = encrypted_key(SECRET, method=f'<EncryptionMethod Algorithm="{xmlenc.XMLENC}kw-aes256"/>')
    reply = document(encrypted_data(aes(SECRET, export()), key_info(stranger + encrypted_key(SECRET))))
    assert is_the_tenants(open_reply(reply))
