# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Namespaces are looked up as expat and ElementTree do, and none can be so long that it is worth an attack."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import TpdError, namespaces, xmlsafe
from hypothesis import given
from hypothesis import strategies as st

from .made import examples, refusal

XML = "http://www.w3.org/XML/1998/namespace"


def tree(root: xmlsafe.Element) -> list[tuple[str, str, dict[str, str]]]:
    """Namespace, name and attributes of every element."""
    return [(element.namespace, element.name, element.attributes) for element in root.iter()]


def test_a_declaration_holds_for_its_element_and_no_further() -> None:
    source = "<a xmlns='urn:a' xmlns:p='urn:p'><p:b p:x='1' x='2'/><c xmlns='' xmlns:p='urn:q'><p:d/><e/></c><p:f/></a>"
    assert tree(xmlsafe.parse(source, "It").root) == [
        ("urn:a", "a", {}),
        ("urn:p", "b", {"urn:p x": "1", "x": "2"}),
        ("", "c", {}),
        ("urn:q", "d", {}),
        ("", "e", {}),
        ("urn:p", "f", {}),
    ]


def test_the_prefix_xml_needs_no_declaration() -> None:
    assert tree(xmlsafe.parse("<a xml:lang='de' xmlnsx='1'/>", "It").root) == [
        ("", "a", {f"{XML} lang": "de", "xmlnsx": "1"})
    ]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<p:a/>", "unbound prefix"),
        ("<a p:x='1'/>", "unbound prefix"),
        ("<a><p:b xmlns:p='u'/><p:c/></a>", "unbound prefix"),
        ("<a><b xmlns:p='u'/><c p:x='1'/></a>", "unbound prefix"),
        ("<:a/>", "name without a beginning"),
        ("<a xmlns='u' :x='1'/>", "name without a beginning"),
        ("<p:1a xmlns:p='u'/>", "name without a beginning"),
        ("<p:q:a xmlns:p='u'/>", "unbound prefix"),
        ("<a xmlns:p='u' xmlns:q='u' p:x='1' q:x='2'/>", "duplicate attribute"),
        ("<a xmlns:p=''/>", "invalid prefix of a namespace"),
        ("<a xmlns:='u'/>", "invalid prefix of a namespace"),
        ("<a xmlns:p:q='u'/>", "invalid prefix of a namespace"),
        ("<a xmlns:xmlns='u'/>", "invalid prefix of a namespace"),
        ("<a xmlns:xml='u'/>", "reserved prefix or namespace"),
        (f"<a xmlns='{XML}'/>", "reserved prefix or namespace"),
        ("<a xmlns:p='http://www.w3.org/2000/xmlns/'/>", "reserved prefix or namespace"),
    ],
)
def test_what_names_nothing_is_no_xml(source: str, reason: str) -> None:
    message = refusal(xmlsafe.parse, f"<!--\n-->{source}", "The file")
    assert message.startswith("The file is not well-formed XML: ")
    assert reason in message
    assert message.endswith(", line 2. Is it complete and unchanged?")
    with pytest.raises(ElementTree.ParseError):
        ElementTree.fromstring(source)  # noqa: S314


def test_a_namespace_has_a_limit_however_it_is_declared() -> None:
    longest = "u" * namespaces.LONGEST
    assert xmlsafe.parse(f"<a xmlns='{longest}'/>", "It").root.namespace == longest
    for declaration in ("xmlns", "xmlns:p"):
        message = refusal(xmlsafe.parse, f"<a {declaration}='{longest}u'/>", "It")
        assert "namespace of more than 256 characters, line 1" in message


def test_a_namespace_is_there_once_however_many_are_in_it() -> None:
    root = xmlsafe.parse(f"<a xmlns='{'u' * 256}'>{'<b/>' * 1000}</a>", "It").root
    assert len({id(element.namespace) for element in root.iter()}) == 1


PARTS = st.sampled_from(
    [
        *(
            "<a>",
            "<p:a>",
            "<q:b>",
            "</a>",
            "</p:a>",
            "</q:b>",
            "<c/>",
            "<p:c/>",
            "<a xmlns=''>",
            "<a xmlns='u'>",
            "<x:a/>",
        ),
        *("<p:a xmlns:p='u'>", "<p:a xmlns:p='v' xmlns:q='u'>", "<c p:x='1' q:x='2'/>", "<c xmlns:q='w' q:x='' x=''/>"),
    ]
)


@given(st.lists(PARTS, max_size=12))
@examples(600)
def test_elementtree_says_the_same(parts: list[str]) -> None:
    source = f"<p:r xmlns:p='u' xmlns:q='v'>{''.join(parts)}</p:r>"
    try:
        expected = ElementTree.fromstring(source)  # noqa: S314
    except ElementTree.ParseError:
        with pytest.raises(TpdError):
            xmlsafe.parse(source, "It")
        return
    found = xmlsafe.parse(source, "It").root
    assert len(list(found.iter())) == len(list(expected.iter()))
    for one, other in zip(found.iter(), expected.iter()):
        assert universal(f"{one.namespace} {one.name}") == other.tag
        assert {universal(name): value for name, value in one.attributes.items()} == other.attrib


def universal(name: str) -> str:
    """A name with its namespace, as ElementTree has it."""
    namespace, _space, local = name.rpartition(" ")
    return f"{{{namespace}}}{local}" if namespace else local
