# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/formats.md: what it shows of a file is what is written."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._inputs import LARGEST_DOCUMENT
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import (
    envelope,
    hybrid,
    metered,
    passwords,
    primitives,
    rehearsal,
    rsakeys,
    tpd,
    wrap,
    xmlenc,
    xmlsafe,
)

PAGE = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"^```xml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
PASSWORD = "made for a test"


def skeleton(document):
    """Names of elements and xsi:types as they nest; one of each name within a parent, as a sample has it."""
    root = ElementTree.fromstring(document)  # noqa: S314 (made here)
    return nested(root)


def nested(element):
    kind = element.get("{http://www.w3.org/2001/XMLSchema-instance}type")
    within = []
    for child in map(nested, element):
        if child not in within:
            within.append(child)
    # What .NET adds to an EncryptedData and nobody needs is left out of the sample.
    return element.tag, kind, [child for child in within if not child[0].endswith("ReferenceList")]


@pytest.fixture(scope="module")
def made():
    key = rsakeys.generate(2048)
    export = tpd.seal(rehearsal.make(2048, 1, 2), PASSWORD)
    description = primitives.aes_cbc_decrypt(
        tpd.derive_key(PASSWORD, 2), bytes(range(1, 17)), tpd.read(export).info.decoded(), primitives.pkcs7
    )
    reply = wrap.wrap("xmlenc", PASSWORD, export, key.public_key())
    return [rsakeys.dump_public(key.public_key(), "rsakeyvalue"), reply, export, description]


@pytest.mark.parametrize("number", range(4), ids=["request key", "reply", "TPD", "description"])
def test_what_is_shown_is_what_is_written(made, number):
    assert len(SHOWN) == len(made)
    written = made[number]
    # Shortened values are no well-formed XrML, but text all the same.
    assert skeleton(SHOWN[number]) == skeleton(written.decode() if isinstance(written, bytes) else written)


def test_the_limits_of_a_reply_are_those_of_the_code():
    told = PAGE.partition("\nLimits: 256 MiB")[2].partition("\n\n")[0]
    blocks = [metered.most_blocks(bits) for bits in metered.MOST_USES]
    sizes = [number * (bits // 8 - 42) for number, bits in zip(blocks, metered.MOST_USES)]
    limits = [
        *(envelope.MAX_NODES, xmlsafe.MAX_DEPTH, envelope.MAX_LAYERS, envelope.MAX_ENCRYPTED, xmlenc.MAX_KEYS),
        *(envelope.MAX_PASSWORDS, passwords.LONGEST, envelope.MAX_TPDS, envelope.MAX_PROOFS, hybrid.MAX_PROBES),
        *(metered.most_uses(2048), metered.most_uses(3072), 2048, metered.most_uses(4096), 3072),
        *(*blocks, *sizes, 1, envelope.MAX_GROWTH),
    ]
    assert [
        int(number.replace(",", "")) for number in re.findall(r"(?<!\w)[0-9](?:[0-9,]*[0-9])?(?=\W)", told)
    ] == limits
    assert LARGEST_DOCUMENT == 256 << 20


def test_the_case_that_is_shown_has_members_that_are_described():
    (shown,) = re.findall(r"^```json\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    described = PAGE.partition("## `case.json`")[2].partition("```json")[0]
    case = json.loads(shown)
    assert {name for name in [*case, *case["key"]] if f"`{name}`" not in described} == set()
    # As it is written: sorted, indented by four.
    assert shown == json.dumps(case, indent=4, sort_keys=True) + "\n"
