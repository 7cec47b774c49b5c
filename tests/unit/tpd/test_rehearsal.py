# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The TPD for practice, what an opened TPD says of itself, and the envelopes that can be asked for."""

from __future__ import annotations

import json
import re

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import rehearsal, rsakeys, tpd, wrap, xrml
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd.contents import Contents, same_id

from .made import PASSWORD, encoded, key, other, refusal, tenant


@pytest.mark.parametrize(("size", "mode", "csp", "digest"), [(1024, 1, 1, "SHA1"), (2048, 2, 24, "SHA256")])
def test_a_rehearsal_is_a_whole_tenant(size: int, mode: int, csp: int, digest: str) -> None:
    made = rehearsal.make(size, 3, 2)
    contents = Contents(made)
    assert (contents.mode, made.csp_type) == (mode, csp)
    assert len(made.chain) == 4
    assert len(made.templates) == 3
    for document in (*made.chain, *made.templates):
        assert f"<ALGORITHM>{digest}</ALGORITHM>" in document
        assert xrml.verify(document)
    assert contents.key_matches_certificate is True
    assert contents.licensing_url is not None
    assert re.fullmatch(r"https://[0-9a-f-]{36}\.rms\.rehearsal\.invalid/_wmcs/licensing", contents.licensing_url)
    assert same_id(made.key_id, contents.licensor.principal.guid if contents.licensor else "")


def test_no_two_rehearsals_share_anything() -> None:
    first, second = rehearsal.make(1024, 1, 2), rehearsal.make(1024, 1, 2)
    assert first.key_blob != second.key_blob
    assert first.key_id != second.key_id
    assert Contents(first).licensing_url != Contents(second).licensing_url


def test_a_rehearsal_is_marked_in_every_certificate() -> None:
    contents = Contents(tenant())
    assert contents.rehearsal
    for entry in contents.certificates:
        assert entry is not None
        assert entry.issuer.name.startswith("REHEARSAL ONLY")
        assert entry.principal.name.startswith("REHEARSAL ONLY")
    # The mark of any one certificate is enough.
    real = [document.replace("REHEARSAL ONLY", "Contoso") for document in tenant().chain]
    assert not Contents(other(tenant(), chain=tuple(real))).rehearsal
    assert Contents(other(tenant(), chain=(*real[:3], tenant().chain[3]))).rehearsal


def test_the_facts_of_a_tpd_are_plain_data_without_a_secret() -> None:
    facts = Contents(tenant()).facts()
    assert set(facts) == {
        "rehearsal",
        "version",
        "key_id",
        "key_id_type",
        "csp_name",
        "csp_type",
        "key_in_file",
        "key_size",
        "crypto_mode",
        "fingerprint",
        "key_matches_certificate",
        "licensing_url",
        "certificates",
        "templates",
    }
    private = rsakeys.load_private(tenant().key_blob or b"")
    assert facts["fingerprint"] == rsakeys.fingerprint(private.public_key())
    assert (facts["key_size"], facts["crypto_mode"], facts["key_in_file"]) == (1024, 1, True)
    assert facts["key_matches_certificate"] is True
    assert [entry["signature"] for entry in facts["certificates"]] == ["verified"] * 4
    assert set(facts["templates"][0]) >= {"guid", "names", "urls"}
    written = json.dumps(facts)
    assert str(private.private_numbers().d) not in written
    assert (tenant().key_blob or b"").hex() not in written


def test_what_cannot_be_read_is_said_to_be_so_and_stops_nothing() -> None:
    broken = other(tenant(), chain=("no XML", *tenant().chain[1:]), templates=("no XML",), key_blob=b"no key")
    facts = Contents(broken).facts()
    assert facts["certificates"][0] == {"readable": False}
    assert facts["templates"] == [{"readable": False, "guid": None, "names": {}, "urls": []}]
    for unknown in ("fingerprint", "key_size", "crypto_mode", "key_matches_certificate", "licensing_url"):
        assert facts[unknown] is None
    nothing = Contents(other(tenant(), chain=(), templates=(), key_blob=None)).facts()
    assert nothing["certificates"] == nothing["templates"] == []
    assert nothing["key_in_file"] is False
    assert nothing["rehearsal"] is False


def test_a_key_that_is_not_the_certificates_is_noticed() -> None:
    stranger = rehearsal.make(1024, 0, 2)
    assert Contents(other(tenant(), key_blob=stranger.key_blob)).key_matches_certificate is False
    assert Contents(other(tenant(), key_blob=b"no key")).key_matches_certificate is False
    assert Contents(other(tenant(), key_blob=None)).key_matches_certificate is None


def test_a_certificate_with_a_key_out_of_bounds_has_no_fingerprint() -> None:
    chain = (tenant().chain[0].replace('integer32">65537', 'integer32">3'), *tenant().chain[1:])
    assert Contents(other(tenant(), chain=chain)).fingerprint() is None


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("{ABCDEF00-0000-0000-0000-000000000001}", "abcdef00-0000-0000-0000-000000000001", True),
        (" {abcdef00-0000-0000-0000-000000000001}\n", "ABCDEF00-0000-0000-0000-000000000001", True),
        ("ABCDEF00-0000-0000-0000-000000000001", "ABCDEF00-0000-0000-0000-000000000002", False),
    ],
)
def test_guids_are_compared_however_they_are_written(left: str, right: str, same: bool) -> None:
    assert same_id(left, right) is same


def test_an_envelope_is_named_by_its_kind_and_what_differs() -> None:
    assert wrap.choose("xmlenc") == (
        "xmlenc",
        {
            "content": "aes256-cbc",
            "transport": "rsa-1_5",
            "digest": "sha1",
            "mgf": "mgf1sha1",
            "placement": "inside",
        },
    )
    assert wrap.choose("aes/value/aes128") == ("aes", {"key": "aes128", "padding": "oaep-sha1", "iv": "value"})
    assert wrap.choose("password") == ("password", {"padding": "oaep-sha1", "text": "utf-8"})
    assert wrap.choose("blocks/pkcs1") == ("blocks", {"padding": "pkcs1"})


def test_what_an_envelope_cannot_be_is_refused_with_what_it_can() -> None:
    assert refusal(wrap.choose, "carrier pigeon") == (
        "The envelope's kind is unknown. Use one of xmlenc, password, aes, blocks."
    )
    message = refusal(wrap.choose, "blocks/aes256")
    assert message == "The envelope blocks has no such choice. It knows oaep-sha1, oaep-sha256, pkcs1."


def test_what_does_not_fit_into_a_block_is_refused() -> None:
    public = key("small", 1024).public_key()
    for name, password in (("password", "x" * 100), ("xmlenc/rsa-oaep/sha512", PASSWORD)):
        message = refusal(wrap.wrap, name, password, b"<a/>", public)
        assert message.startswith("One block of the request key is too small for this envelope.")
    large = tpd.Sealed(encoded(bytes(16 * 50_000)), encoded(b"")).document()
    message = refusal(wrap.wrap, "blocks", PASSWORD, large, public)
    assert message == "The TPD is too large to be encrypted in RSA blocks. Use another envelope."
