# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates and templates: whose signature holds, what it covers, and what the documents say."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import datetime

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import primitives, rehearsal, rsakeys, xrml

from .made import b64, key, refusal, tenant

SLC, SERVICE = tenant().chain[:2]
TEMPLATE = tenant().templates[0]
MODE_2 = rehearsal.make(2048, 1, 2)


def body(document: str) -> str:
    """The BODY of a document as it stands."""
    return document[document.index("<BODY") : document.index("</BODY>") + len("</BODY>")]


@pytest.mark.parametrize("document", [*tenant().chain, *tenant().templates, *MODE_2.chain, *MODE_2.templates])
def test_a_signature_holds(document: str) -> None:
    assert xrml.verify(document) is True


def test_both_modes_are_among_them() -> None:
    assert "<ALGORITHM>SHA1</ALGORITHM>" in SLC
    assert "<ALGORITHM>SHA256</ALGORITHM>" in MODE_2.chain[0]


CHANGES = {
    "a name in the BODY": ("Tenant", "Tenent"),
    "one space in the BODY": ("<ISSUEDTIME>", "<ISSUEDTIME> "),
    "a quote in the BODY": ('type="LICENSE"', "type='LICENSE'"),
    "a comment in the BODY": ("<DESCRIPTOR>", "<!-- --><DESCRIPTOR>"),
    "an entity for a character": ("Tenant", "&#84;enant"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_it_fails_when_anything_in_the_body_is_touched(what: str) -> None:
    old, new = CHANGES[what]
    assert old in body(SLC)
    assert xrml.verify(SLC.replace(old, new, 1)) is False


def test_it_fails_when_the_document_was_indented_again() -> None:
    assert xrml.verify(SLC.replace("><", ">\n  <")) is False


def signature_value(document: str, index: int) -> str:
    """The first (digest) or second (signature) value behind the BODY."""
    return re.findall('<VALUE encoding="base64"[^>]*>([^<]*)', document[document.index("</BODY>") :])[index]


def flipped(value: str) -> str:
    """Base64 of the same bytes but for one bit."""
    data = bytearray(base64.b64decode(value))
    data[-1] ^= 1
    return b64(bytes(data))


@pytest.mark.parametrize("index", [0, 1])
def test_it_fails_when_digest_or_signature_is_touched(index: int) -> None:
    value = signature_value(SLC, index)
    for other in (flipped(value), "", "***", value[:-4], signature_value(SERVICE, index)):
        assert xrml.verify(SLC.replace(value, other)) is False


def test_it_fails_when_the_digest_is_right_but_the_signature_is_another_documents() -> None:
    other = tenant().chain[2]
    assert xrml.verify(SLC.replace(signature_value(SLC, 1), signature_value(other, 1))) is False


def test_the_digest_alone_proves_nothing() -> None:
    # Anybody can put the right digest under a changed BODY; the signature is what counts.
    changed = SLC.replace("Tenant", "Tenent", 1)
    digest = hashlib.sha1(body(changed).encode("utf-16-le")).digest()
    assert xrml.verify(changed.replace(signature_value(SLC, 0), b64(digest))) is False


def test_the_signature_alone_proves_nothing() -> None:
    # The negative sample among the published documents is of this kind: the signature opens, the digest is another.
    forger = key("forger", 1024)
    own = xrml.certificate(SLC).issuer.key
    assert own is not None
    modulus = forger.public_key().public_numbers().n.to_bytes(128, "little")
    forged = SLC.replace(b64(own.modulus_bytes), b64(modulus))
    signature = primitives.rsa_sign(forger, body(forged).encode("utf-16-le"), "sha1")
    forged = forged.replace(signature_value(forged, 1), b64(signature))
    assert xrml.verify(forged) is False
    digest = hashlib.sha1(body(forged).encode("utf-16-le")).digest()
    assert xrml.verify(forged.replace(signature_value(forged, 0), b64(digest))) is True


def test_it_fails_under_another_issuers_key() -> None:
    own = xrml.certificate(SLC).issuer.key
    other = xrml.certificate(SERVICE).issuer.key
    assert own is not None
    assert other is not None
    swapped = SLC.replace(b64(own.modulus_bytes), b64(other.modulus_bytes))
    assert swapped != SLC
    assert xrml.verify(swapped) is False


HIDDEN = {
    "a comment": "<!-- {} -->",
    "CDATA": "<HEAD><![CDATA[{}]]></HEAD>",
    "a processing instruction": "<?hidden {}?>",
    "another element": "<HEAD>{}</HEAD>",
}


@pytest.mark.parametrize("place", HIDDEN)
def test_a_good_body_hidden_elsewhere_does_not_vouch_for_the_real_one(place: str) -> None:
    hidden = HIDDEN[place].format(body(SLC))
    front = SLC.replace("<BODY", hidden + "<BODY", 1)
    assert xrml.verify(front) is True  # what is signed is still the BODY itself
    real_end = front.rindex("</BODY>")
    changed = (
        front[: front.rindex("<BODY")]
        + front[front.rindex("<BODY") : real_end].replace("Tenant", "Tenent")
        + front[real_end:]
    )
    assert changed != front
    assert xrml.verify(changed) is False


def test_a_second_body_is_not_what_is_read() -> None:
    twice = SLC.replace("</BODY>", "</BODY>" + body(SLC).replace("Tenant", "Another"), 1)
    assert xrml.verify(twice) is True
    assert xrml.certificate(twice).principal.name == "REHEARSAL ONLY Tenant"


def test_what_cannot_be_checked_is_not_called_verified() -> None:
    unknown = [
        SLC[: SLC.index("<SIGNATURE>")] + "</XrML>",
        SLC.replace("<ALGORITHM>SHA1<", "<ALGORITHM>MD5<"),
        SLC.replace("RSA PKCS#1-V1.5", "RSA PSS"),
        re.sub("<ISSUER>.*</ISSUER>", "", SLC),
        re.sub("(<ISSUER>.*)<PUBLICKEY>.*?</PUBLICKEY>(</ISSUER>)", r"\1\2", SLC),
        SLC.replace('integer32">65537', 'integer32">3'),
    ]
    for document in unknown:
        assert document != SLC
        assert xrml.verify(document) is False
        assert xrml.certificate(document).signature == xrml.NOT_CHECKED
    assert xrml.certificate(SLC.replace("Tenant", "Tenent", 1)).signature == xrml.FAILED


def test_the_layout_around_the_body_is_free() -> None:
    for same in (
        "\ufeff" + SLC,
        SLC.replace('<?xml version="1.0"?>', '<?xml version="1.0" encoding="utf-16"?>\r\n'),
        SLC.replace('<?xml version="1.0"?>', ""),
        SLC.replace("</BODY>", "</BODY>\r\n  ").replace("<SIGNATURE>", "<SIGNATURE>\r\n"),
    ):
        assert xrml.verify(same) is True


def test_characters_outside_ascii_are_signed_as_utf_16() -> None:
    assert "Εμπιστευτικό" in body(TEMPLATE)
    assert xrml.verify(TEMPLATE) is True
    assert xrml.verify(TEMPLATE.replace("Εμπιστευτικό", "Εμπιστευτικο")) is False


@pytest.mark.parametrize(
    "document",
    ["", "<", "<XrML/>", "<XrML><BODY/></XrML>", "<xrml><BODY><A/></BODY></xrml>", "<!DOCTYPE a><XrML/>", "\ud800"],
)
def test_what_is_no_xrml_is_refused(document: str) -> None:
    message = refusal(xrml.verify, document)
    assert message.startswith("The XrML document ")
    assert refusal(xrml.certificate, document).startswith("A certificate of the TPD's chain ")
    assert refusal(xrml.template, document).startswith("A rights template of the TPD ")


def test_a_certificate_says_who_issued_it_to_whom() -> None:
    slc, service = xrml.certificate(SLC), xrml.certificate(SERVICE)
    assert slc.type == "Server-Licensor-Certificate"
    assert slc.issuer.name == "REHEARSAL ONLY Server Enrollment Service"
    assert slc.principal.name == "REHEARSAL ONLY Tenant"
    assert slc.principal.guid == tenant().key_id
    assert slc.principal.url.endswith("/_wmcs")
    assert slc.issuer.key == service.principal.key
    assert slc.signature == xrml.VERIFIED
    assert slc.validity == xrml.Window(None, None)
    assert slc.issued is not None
    assert slc.issuing.holds(slc.issued)


def test_the_modulus_is_little_endian() -> None:
    public = xrml.certificate(SLC).principal.key
    assert public is not None
    assert tenant().key_blob is not None
    private = rsakeys.load_private(tenant().key_blob or b"")
    assert public.load().public_numbers() == private.public_key().public_numbers()
    assert int.from_bytes(public.modulus_bytes, "little") == public.modulus == private.public_key().public_numbers().n
    assert public.size == 1024


def with_validity(start: str, end: str) -> str:
    """The certificate with dates of its own."""
    return SLC.replace(
        "<DESCRIPTOR>", f"<VALIDITYTIME><FROM>{start}</FROM><UNTIL>{end}</UNTIL></VALIDITYTIME><DESCRIPTOR>", 1
    )


def test_dates_are_read_with_and_without_seconds() -> None:
    found = xrml.certificate(with_validity("2005-06-17T16:50", "2030-01-01T00:00:30Z")).validity
    assert found == xrml.Window(datetime(2005, 6, 17, 16, 50), datetime(2030, 1, 1, 0, 0, 30))
    assert found.holds(datetime(2005, 6, 17, 16, 50))
    assert not found.holds(datetime(2005, 6, 17, 16, 49))
    assert not found.holds(datetime(2030, 1, 1, 0, 0, 31))
    assert xrml.certificate(with_validity("", " ")).validity == xrml.Window(None, None)


@pytest.mark.parametrize("moment", ["yesterday", "2005-06-17", "2005-13-17T16:50", "0000-01-01T00:00", "9" * 100])
def test_a_date_that_is_none_is_refused(moment: str) -> None:
    message = refusal(xrml.certificate, with_validity(moment, ""))
    assert message == "A certificate of the TPD's chain holds a time that cannot be read."


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('size="1024">', 'size="1024">***'),
        ('size="1024">', 'size="1024">' + "A" * 8000),
        ('integer32">65537', 'integer32">x'),
        ('integer32">65537', 'integer32">' + "9" * 5000),
        ('name="modulus"', 'name="other"'),
    ],
)
def test_a_public_key_that_cannot_be_read_is_refused(old: str, new: str) -> None:
    message = refusal(xrml.certificate, SLC.replace(old, new))
    assert message == "A certificate of the TPD's chain holds a PUBLICKEY that cannot be read."


def test_a_key_of_the_wrong_size_does_not_verify_but_is_shown() -> None:
    small = key("other", 1024).public_key().public_numbers().n.to_bytes(128, "little")[:60]
    own = xrml.certificate(SLC).issuer.key
    assert own is not None
    document = SLC.replace(b64(own.modulus_bytes), b64(small))
    assert xrml.verify(document) is False
    shown = xrml.certificate(document).issuer.key
    assert shown is not None
    assert shown.size <= 480
