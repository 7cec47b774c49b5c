# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rights templates: names in several languages, and what breaks Microsoft's readers of them."""

from __future__ import annotations

import re

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import xrml

from .made import refusal, tenant

TEMPLATE = tenant().templates[0]


def named(name: str) -> xrml.Template:
    """The template with another NAME in its DESCRIPTOR."""
    return xrml.template(
        re.sub("(</ID>)<NAME>LCID.*?</NAME>", lambda match: f"{match[1]}<NAME>{name}</NAME>", TEMPLATE, count=1)
    )


def test_a_template_has_a_name_in_each_language() -> None:
    found = xrml.template(TEMPLATE)
    assert found.names == {
        "1033": "Confidential 1",
        "1031": "Vertraulich für alle 1",
        "1036": "Réservé à tous 1",
        "1032": "Εμπιστευτικό 1",
    }
    assert not found.broken_name
    assert re.fullmatch(r"\{[0-9a-f-]{36}\}", found.guid)
    assert len(found.urls) == 2
    assert {url.rpartition("/")[2] for url in found.urls} == {"licensing"}
    assert found.signature == xrml.VERIFIED


@pytest.mark.parametrize(
    ("name", "names"),
    [
        (" LCID 1033:NAME Secret:DESCRIPTION For us;", {"1033": "Secret"}),
        ("LCID 1033:NAME A:DESCRIPTION a; LCID 1031:NAME B:DESCRIPTION b;", {"1033": "A", "1031": "B"}),
        ("LCID 1033:NAME A:DESCRIPTION ;\r\nLCID 1031:NAME B:DESCRIPTION b", {"1033": "A", "1031": "B"}),
        ("LCID 1033:NAME R &amp; D:DESCRIPTION a;", {"1033": "R & D"}),
        ("LCID 1033:NAME A:DESCRIPTION this: and; that;", {"1033": "A"}),
        ("", {}),
    ],
)
def test_names_are_read_as_they_are_written(name: str, names: dict[str, str]) -> None:
    found = named(name)
    assert found.names == names
    assert not found.broken_name


@pytest.mark.parametrize(
    "name",
    [
        "LCID 1033:NAME Secret; very:DESCRIPTION a;",
        "LCID 1033:NAME Project: X:DESCRIPTION a;",
        "LCID 1033:NAME Secret;",
        "LCID 1033:NAME A:DESCRIPTION a;LCID 1031:NAME B;C:DESCRIPTION b;",
        "Secret",
        "LCID x:NAME A:DESCRIPTION a;",
    ],
)
def test_a_separator_in_a_name_is_noticed(name: str) -> None:
    assert named(name).broken_name


def test_only_publishing_urls_count() -> None:
    document = TEMPLATE.replace('type="Extranet-Publishing-URL"', 'type="Referral-Info"')
    assert document != TEMPLATE
    assert xrml.template(document).urls == xrml.template(TEMPLATE).urls[:1]


def test_a_template_without_an_id_has_no_guid() -> None:
    assert xrml.template(re.sub("<DESCRIPTOR>.*</DESCRIPTOR>", "", TEMPLATE)).guid == ""


def test_a_document_of_another_type_is_no_template() -> None:
    message = refusal(xrml.template, tenant().chain[0])
    assert message == "A rights template of the TPD is XrML of another type than Microsoft Official Rights Template."


def test_a_long_name_is_read_in_linear_time() -> None:
    assert named(";" + " " * 200_000 + "LCID" * 50_000).broken_name
