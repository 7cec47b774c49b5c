# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the names of files say about the work of AadrmTpd.exe, and what a public key file says."""

from __future__ import annotations

import base64

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.infoprotect.tenant_key.plugins.filter.aadrmtpd_pair import FilterModule as Pair
from ansible_collections.infoprotect.tenant_key.plugins.filter.aadrmtpd_result import FilterModule as Result
from ansible_collections.infoprotect.tenant_key.plugins.filter.tpd_public_info import FilterModule as PublicInfo
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import rsakeys

FILTERS = {}
for module in (Pair, Result, PublicInfo):
    FILTERS.update(module().filters())

ONE = "11111111-1111-4111-8111-11111111111A"
TWO = "22222222-2222-4222-8222-22222222222B"


def key_pair(guid):
    return [f"PublicKey-{guid}.txt", f"PrivateKey-{guid}.txt"]


def decrypted(guid):
    return [f"ExportedTPD-{guid}.xml", f"Password-{guid}.txt"]


def pair(files, guid=""):
    return FILTERS["aadrmtpd_pair"](files, guid)


def result(files, before=()):
    return FILTERS["aadrmtpd_result"](files, list(before))


def refusal(function, *arguments):
    with pytest.raises(AnsibleFilterError) as caught:
        function(*arguments)
    return str(caught.value)


def test_the_only_pair_is_found_among_other_files():
    found = {"guid": ONE, "public": f"PublicKey-{ONE}.txt", "private": f"PrivateKey-{ONE}.txt"}
    assert pair([*key_pair(ONE), *decrypted(TWO), "notes.txt", f"TPD-{TWO}.xml"]) == found
    assert pair(key_pair(ONE) + key_pair(TWO), ONE.lower()) == found


def test_names_are_read_whatever_their_case_and_kept_as_they_are():
    assert pair([f"publickey-{ONE.lower()}.TXT", f"PRIVATEKEY-{ONE}.txt"]) == {
        "guid": ONE,
        "public": f"publickey-{ONE.lower()}.TXT",
        "private": f"PRIVATEKEY-{ONE}.txt",
    }


def test_there_may_be_none():
    assert pair([]) == {}
    assert pair(decrypted(ONE)) == {}


def test_what_is_not_one_whole_pair_is_refused():
    assert f"several key pairs: {ONE}, {TWO}" in refusal(pair, key_pair(TWO) + key_pair(ONE))
    assert "no private half" in refusal(pair, key_pair(ONE)[:1])
    assert "no public half" in refusal(pair, key_pair(ONE)[1:])
    assert f"no key pair {TWO}" in refusal(pair, key_pair(ONE), TWO)
    assert "no private half" in refusal(pair, [*key_pair(ONE), f"PublicKey-{TWO}.txt"], TWO)


@pytest.mark.parametrize("guid", [ONE, TWO])
def test_the_new_pair_is_found_under_either_rule(guid):
    before = key_pair(ONE)
    assert result([*before, *decrypted(guid)], before) == {
        "guid": guid,
        "tpd": f"ExportedTPD-{guid}.xml",
        "password": f"Password-{guid}.txt",
    }


def test_what_was_there_before_is_not_new():
    assert result(decrypted(ONE), decrypted(ONE)) == {}
    assert result(decrypted(ONE) + decrypted(TWO), decrypted(ONE))["guid"] == TWO


def test_a_tpd_may_be_spelled_as_on_the_page():
    assert result([f"ExportedTDP-{ONE}.xml", f"Password-{ONE}.txt"])["tpd"] == f"ExportedTDP-{ONE}.xml"


def test_what_is_not_one_whole_result_is_refused():
    assert f"several GUIDs: {ONE}, {TWO}" in refusal(result, decrypted(TWO) + decrypted(ONE))
    assert f"ExportedTPD-{ONE}.xml and not the other half" in refusal(result, decrypted(ONE)[:1])
    assert f"Password-{ONE}.txt and not the other half" in refusal(result, decrypted(ONE)[1:])


@pytest.mark.parametrize("key_format", ["rsakeyvalue", "pem"])
def test_a_public_key_file_tells_size_and_fingerprint(key_format):
    key = rsakeys.generate(2048).public_key()
    content = base64.b64encode(rsakeys.dump_public(key, key_format)).decode()
    assert FILTERS["tpd_public_info"](content) == {"size": 2048, "fingerprint": rsakeys.fingerprint(key)}


def test_what_is_no_public_key_is_refused_without_a_byte_of_it():
    text = base64.b64encode(b"made for a test").decode()
    message = refusal(FILTERS["tpd_public_info"], text)
    assert "made for a test" not in message
    assert text not in message
    assert "not base64" in refusal(FILTERS["tpd_public_info"], "?")
