# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading XML that somebody else has made: what is read, and what is refused before it costs anything."""

from __future__ import annotations

import codecs
import gc

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import xmlsafe

from .made import refusal

TEXT = "<a><b c='1'>Grüße</b><b/></a>"


def parse(source: bytes | str) -> xmlsafe.Element:
    """The root of a document."""
    return xmlsafe.parse(source, "The file").root


def said(source: bytes | str) -> str:
    """Why a document is refused."""
    return refusal(xmlsafe.parse, source, "The file")


ENCODED = {
    "UTF-8": TEXT.encode(),
    "UTF-8, BOM": codecs.BOM_UTF8 + TEXT.encode(),
    "UTF-8, declared": b'<?xml version="1.0" encoding="utf-8"?>' + TEXT.encode(),
    "UTF-8, wrongly declared as UTF-16": b'<?xml version="1.0" encoding="utf-16"?>' + TEXT.encode(),
    "UTF-8 with BOM, wrongly declared as a code page": codecs.BOM_UTF8
    + b'<?xml version="1.0" encoding="windows-1252"?>'
    + TEXT.encode(),
    "UTF-16": TEXT.encode("utf-16"),
    "UTF-16, big-endian": codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    "UTF-16 without BOM": TEXT.encode("utf-16-le"),
    "UTF-16 without BOM, big-endian": TEXT.encode("utf-16-be"),
    "UTF-16, wrongly declared as UTF-8": ('<?xml version="1.0" encoding="utf-8"?>' + TEXT).encode("utf-16"),
    "UTF-16, wrongly declared as a code page": ('<?xml version="1.0" encoding="iso-8859-1"?>' + TEXT).encode("utf-16"),
    "ISO 8859-1, declared": ('<?xml version="1.0" encoding="ISO-8859-1"?>' + TEXT).encode("latin-1"),
    "Windows-1252, declared": ("<?xml version='1.0' encoding='windows-1252'?>" + TEXT).encode("cp1252"),
    "white space in front": b"\r\n  " + TEXT.encode(),
}


@pytest.mark.parametrize("form", ENCODED)
def test_a_text_is_read_in_the_encoding_that_it_really_has(form: str) -> None:
    assert parse(ENCODED[form]).string("b") == "Grüße"


def test_a_text_that_is_no_longer_bytes_is_read_whatever_it_declares() -> None:
    assert parse('\ufeff<?xml version="1.0" encoding="utf-16"?>' + TEXT).string("b") == "Grüße"
    assert parse('<?xml version="1.0" encoding="windows-1252"?>' + TEXT).string("b") == "Grüße"


def test_a_document_is_a_tree_of_elements() -> None:
    root = parse("<a x='1' xmlns:n='urn:n' n:y='2'>one<b>two</b><!-- no --><n:b>three</n:b><![CDATA[<four>]]></a>")
    assert (root.name, root.namespace) == ("a", "")
    assert root.attributes == {"x": "1", "urn:n y": "2"}
    assert root.text == "one<four>"
    assert [(child.name, child.namespace, child.text) for child in root.all("b")] == [
        ("b", "", "two"),
        ("b", "urn:n", "three"),
    ]
    assert [element.text for element in root.iter()] == ["one<four>", "two", "three"]
    assert root.first("b", "nothing") is None
    assert root.string("nothing") is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_an_element_is_found_again_in_its_document(encoding: str) -> None:
    inner = "<b  c = '&gt;>'>Grüße\n<c/>\r\n</b >"
    document = xmlsafe.parse(f"<?xml version='1.0'?><a>ü{inner}<b/></a>".encode(encoding), "The file")
    first = document.root.first("b")
    assert first is not None
    assert document.source(first).decode() == inner


DTD = {
    "a document type": b"<!DOCTYPE a><a/>",
    "an entity": b'<!DOCTYPE a [<!ENTITY e "text">]><a>&e;</a>',
    "an external entity": b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>',
    "an external document type": b'<?xml version="1.0"?>\n<!DOCTYPE a SYSTEM "http://example.invalid/a.dtd"><a/>',
    "a bomb": b'<!DOCTYPE a [<!ENTITY e0 "boom">'
    + b"".join(b'<!ENTITY e%d "%s">' % (level, b"&e%d;" % (level - 1) * 10) for level in range(1, 12))
    + b"]><a>&e11;</a>",
    "UTF-16": '<!DOCTYPE a [<!ENTITY e "text">]><a>&e;</a>'.encode("utf-16"),
    "a code page": b'<?xml version="1.0" encoding="iso-8859-1"?><!DOCTYPE a [<!ENTITY e "text">]><a>&e;</a>',
}


@pytest.mark.parametrize("form", DTD)
def test_a_document_type_is_refused_with_all_that_it_may_define(form: str) -> None:
    assert said(DTD[form]) == (
        "The file has a document type declaration (DTD). These are refused, with the entities they may define."
    )


def test_an_entity_that_nobody_defined_is_an_error_and_no_text() -> None:
    assert "undefined entity" in said(b"<a>&e;</a>")


def test_nesting_has_a_limit() -> None:
    deep = "<a>" * xmlsafe.MAX_DEPTH + "</a>" * xmlsafe.MAX_DEPTH
    assert parse(deep).name == "a"
    assert said(f"<a>{deep}</a>").startswith("The file is nested more than 64 levels deep.")
    assert said(b"<a>" * 3_000_000).startswith("The file is nested more than 64 levels deep.")


MANY = {
    "elements": b"<a>" + b"<b/>" * xmlsafe.MAX_NODES + b"</a>",
    "attributes": b"<a>" + b'<b c="" d="" e="" f=""/>' * (xmlsafe.MAX_NODES // 5) + b"</a>",
    "namespaces": b"<a>" + b'<b xmlns:c="d" xmlns:e="f"/>' * (xmlsafe.MAX_NODES // 3 + 1) + b"</a>",
}


@pytest.mark.parametrize("kind", MANY)
def test_the_number_of_nodes_has_a_limit(kind: str) -> None:
    assert said(MANY[kind]).startswith("The file has more than 100000 elements and attributes.")


def test_a_million_attributes_are_not_even_collected() -> None:
    tag = b"<a " + b" ".join(b'a%07d=""' % number for number in range(1_000_000)) + b"/>"
    assert said(tag).startswith("The file has an element with more than 10000 attributes.")
    declarations = b"<a " + b" ".join(b'xmlns:a%07d="u"' % number for number in range(600_000)) + b"/>"
    assert said(declarations).startswith("The file has an element with more than 10000 attributes.")


def test_what_was_read_is_freed_at_once() -> None:
    gc.collect()
    gc.disable()
    try:
        parse(TEXT)
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_one_long_value_is_fine() -> None:
    value = "A" * 5_000_000
    assert parse(f'<a b="{value}"/>').attributes["b"] == value
    assert parse(f"<a>{value}=</a>").text == value + "="


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (b"", "no element found, line 1"),
        (b"<a><b></a>", "mismatched tag, line 1"),
        (b"<a>\n\n<b", "unclosed token, line 3"),
        (b"<a/><b/>", "junk after document element"),
        (b"<a b='1' b='2'/>", "duplicate attribute"),
        (b"<p:a/>", "unbound prefix"),
        (b"<a xmlns:2c='urn:b'/>", "invalid prefix of a namespace"),
        (b"<a>\x01</a>", "not well-formed (invalid token)"),
        ("<a>Grüße</a>".encode("latin-1"), "not well-formed (invalid token)"),
        (b"<!doctype a><a/>", "not well-formed XML"),
        (b"not XML", "syntax error"),
    ],
)
def test_what_is_not_well_formed_is_said_to_be_so_and_where(source: bytes, reason: str) -> None:
    message = said(source)
    assert message.startswith("The file is not well-formed XML")
    assert reason in message
    assert message.endswith("Is it complete and unchanged?")


@pytest.mark.parametrize(
    "encoding", [b"shift_jis", b"unicode_escape", b"idna", b"hex", b"IBM037", b"iso-8859-12", b"x"]
)
def test_other_encodings_are_refused(encoding: bytes) -> None:
    message = said(b'<?xml version="1.0" encoding="' + encoding + b'"?><a/>')
    assert message == "The file declares a character encoding that is not read here. Save it as UTF-8."


def test_broken_utf_16_is_said_to_be_that() -> None:
    for broken in (codecs.BOM_UTF16_LE + b"<", "<a/>".encode("utf-16")[:-1], codecs.BOM_UTF16_LE + b"\0\xd8\0\xd8"):
        assert "looks like UTF-16 text but is not valid UTF-16" in said(broken)


def test_a_lone_surrogate_is_no_character() -> None:
    assert said("<a>\ud800</a>") == "The file holds characters that no XML document can carry."


def test_a_document_type_that_two_pieces_share_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before expat sees the end of its beginning."""
    monkeypatch.setattr(xmlsafe, "_PIECE", 64)
    for length in range(40, 80):
        bomb = b"<!--" + b"x" * length + b'--><!DOCTYPE a [<!ENTITY e "text">]><a>&e;</a>'
        assert "(DTD)" in refusal(xmlsafe.parse, bomb, "It")
