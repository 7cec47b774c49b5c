# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files that lie in a case's folder, and the GUIDs that tie them together."""

from __future__ import annotations

import uuid

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import names

from .made import refusal

GUID = "FA29D0FE-5049-4C8E-931B-96C6152B0441"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (f"PublicKey-{GUID}.txt", names.PUBLIC_KEY),
        (f"PrivateKey-{GUID}.txt", names.PRIVATE_KEY),
        (f"TPD-{GUID}.xml", names.REPLY),
        (f"TPD-{GUID}.tpd", names.REPLY),
        (f"Password-{GUID}.txt", names.PASSWORD),
        (f"ExportedTPD-{GUID}.xml", names.EXPORTED_TPD),
        (f"ExportedTDP-{GUID}.xml", names.EXPORTED_TPD),  # as the page of 2017 misspells it once
        (f"exportedtpd-{GUID.lower()}.XML", names.EXPORTED_TPD),  # as it comes back from another file system
    ],
)
def test_a_file_is_known_by_its_name(name: str, kind: str) -> None:
    assert names.parse(name) == (kind, GUID)


@pytest.mark.parametrize(
    "name",
    [
        f"PublicKey-{GUID}.xml",
        f"TPD-{GUID}.txt",
        f"Certificate-{GUID}.txt",
        f"PublicKey-{GUID[:-1]}.txt",
        f"PublicKey-{GUID}.txt.bak",
        f"Copy of PublicKey-{GUID}.txt",
        f"PublicKey-{GUID}.txt\n",
        f"PublicKey-{{{GUID}}}.txt",
        "PublicKey.txt",
        "",
    ],
)
def test_any_other_file_is_left_alone(name: str) -> None:
    assert names.parse(name) is None


@pytest.mark.parametrize("kind", [names.PUBLIC_KEY, names.PRIVATE_KEY, names.REPLY, names.PASSWORD, names.EXPORTED_TPD])
def test_what_is_written_is_found_again(kind: str) -> None:
    assert names.parse(names.file_name(kind, GUID)) == (kind, GUID)


@pytest.mark.parametrize("given", [GUID, GUID.lower(), f"{{{GUID.lower()}}}", f"  {GUID}\n"])
def test_a_guid_is_read_as_people_write_it(given: str) -> None:
    assert names.normal_guid(given) == GUID


@pytest.mark.parametrize(
    "given", ["", "tenant 1", GUID[1:], GUID.replace("-", ""), f"{{{GUID}", GUID + "0", "../" + GUID]
)
def test_what_is_no_guid_is_refused(given: str) -> None:
    message = refusal(names.normal_guid, given)
    assert "is not a GUID" in message
    assert "8-4-4-4-12" in message


def test_a_new_guid_is_new_and_written_in_upper_case() -> None:
    first, second = names.new_guid(), names.new_guid()
    assert first != second
    assert names.normal_guid(first) == first


def test_the_page_of_2016_keeps_the_guid_of_the_key_pair() -> None:
    assert names.output_guid(GUID, b"the reply", "key") == GUID


def test_the_page_of_2017_takes_a_new_guid_that_a_second_run_finds_again() -> None:
    first = names.output_guid(GUID, b"the reply", "new")
    assert first == names.output_guid(GUID.lower(), b"the reply", "new")
    assert first == names.normal_guid(first)
    assert first != GUID
    assert first != names.output_guid(GUID, b"another reply", "new")
    assert first != names.output_guid(str(uuid.uuid4()), b"the reply", "new")


def test_the_new_guid_can_be_worked_out_by_anyone() -> None:
    digest_of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2, appendix B.1
    assert names.output_guid(GUID, b"abc", "new") == str(uuid.uuid5(uuid.UUID(GUID), digest_of_abc)).upper()
