# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""XML Encryption as libxmlsec1 writes it: documents of the kinds that are published as test vectors, made anew.

The published ones are other people's; tests/interop/published_vectors.py tries them where they lie. What is read and what
is not is listed here once more, so that nothing gets lost from the code unseen.
"""

from __future__ import annotations

import datetime
import functools
import itertools
from typing import Any, Callable

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import rsakeys, xmlenc
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from ...figures import count
from .made import key, refusal

WHY = "made with PyPI's xmlsec and lxml, which the environment for the oldest Python has not"
etree = pytest.importorskip("lxml.etree", reason=WHY)
xmlsec = pytest.importorskip("xmlsec", reason=WHY)

XMLENC = "http://www.w3.org/2001/04/xmlenc#"
XMLENC11 = "http://www.w3.org/2009/xmlenc11#"
XMLDSIG = "http://www.w3.org/2000/09/xmldsig#"
XMLDSIG11 = "http://www.w3.org/2009/xmldsig11#"
MORE = "http://www.w3.org/2001/04/xmldsig-more#"
CONTENTS = {
    f"{XMLENC}tripledes-cbc": 192,
    **{f"{XMLENC}aes{bits}-cbc": bits for bits in (128, 192, 256)},
    **{f"{XMLENC11}aes{bits}-gcm": bits for bits in (128, 192, 256)},
}
RSA_1_5 = f"{XMLENC}rsa-1_5"
MGF1P = f"{XMLENC}rsa-oaep-mgf1p"
OAEP = f"{XMLENC11}rsa-oaep"
DIGESTS = [f"{XMLDSIG}sha1", f"{MORE}sha224", f"{XMLENC}sha256", f"{MORE}sha384", f"{XMLENC}sha512"]
MASKS = [f"{XMLENC11}mgf1{name}" for name in ("sha1", "sha224", "sha256", "sha384", "sha512")]
LABEL = "<OAEPparams>bWFkZSBmb3IgYSB0ZXN0</OAEPparams>"
AES256 = f"{XMLENC}aes256-cbc"

PLAIN = b'<Number Kind="made for a test">4711 &amp; more</Number>'
AROUND = f'<Payment xmlns:unused="urn:x"><Name>nobody</Name><Card>{PLAIN.decode()}</Card><Date/></Payment>'
ENC, SIG = f"{{{XMLENC}}}", f"{{{XMLDSIG}}}"


@functools.cache
def certificate(name: str) -> bytes:
    """A certificate for a key, signed with itself."""
    subject = x509.Name.from_rfc4514_string(f"CN={name},O=made for a test")
    day = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
    builder = x509.CertificateBuilder(subject, subject, key(name).public_key(), 1, day, day.replace(year=2036))
    identifier = x509.SubjectKeyIdentifier.from_public_key(key(name).public_key())
    return builder.add_extension(identifier, False).sign(key(name), hashes.SHA256()).public_bytes(Encoding.PEM)


@functools.cache
def manager(*names: str) -> Any:
    """libxmlsec1's keys: the recipients, each with its name and certificate."""
    keys = xmlsec.KeysManager()
    for name in names:
        recipient = xmlsec.Key.from_memory(rsakeys.dump_private(key(name), "pem"), xmlsec.KeyFormat.PEM)
        recipient.load_cert_from_memory(certificate(name), xmlsec.KeyFormat.PEM)
        recipient.name = name
        keys.add_key(recipient)
    return keys


def wrapped(transport: str = RSA_1_5, details: str = "", hint: str = "") -> str:
    """The template of an EncryptedKey; libxmlsec1 fills in what is empty, in the hint too."""
    info = hint and f'<KeyInfo xmlns="{XMLDSIG}">{hint}</KeyInfo>'
    return (
        f'<EncryptedKey xmlns="{XMLENC}"><EncryptionMethod Algorithm="{transport}">{details}</EncryptionMethod>'
        f"{info}<CipherData><CipherValue/></CipherData></EncryptedKey>"
    )


def oaep(digest: str | None, mask: str | None, label: str = "") -> str:
    """What an EncryptionMethod says of OAEP."""
    return (
        label
        + (f'<DigestMethod xmlns="{XMLDSIG}" Algorithm="{digest}"/>' if digest else "")
        + (f'<MGF xmlns="{XMLENC11}" Algorithm="{mask}"/>' if mask else "")
    )


def encrypted(*keys: str, content: str = AES256, kind: str = "", to: tuple[str, ...] = ("request",)) -> Any:
    """The document, as elements. Kind: Element or Content of one that stood in it, or nothing, for bytes."""
    is_des, bits = "tripledes" in content, CONTENTS[content]
    context = xmlsec.EncryptionContext(manager(*to))
    data_type = xmlsec.constants.KeyDataDes if is_des else xmlsec.constants.KeyDataAes
    context.key = xmlsec.Key.generate(data_type, bits, xmlsec.constants.KeyDataTypeSession)
    attributes = f'Id="data" Type="{XMLENC}{kind}"' if kind else 'Id="data" MimeType="text/plain"'
    template = etree.fromstring(
        f'<EncryptedData xmlns="{XMLENC}" {attributes}>'
        f'<EncryptionMethod Algorithm="{content}"/><KeyInfo xmlns="{XMLDSIG}">{"".join(keys)}</KeyInfo>'
        "<CipherData><CipherValue/></CipherData></EncryptedData>"
    )
    root = etree.fromstring(AROUND)
    if kind:
        context.encrypt_xml(template, root.find("Card/Number" if kind == "Element" else "Card"))
    else:
        root.find("Card").replace(root.find("Card/Number"), context.encrypt_binary(template, PLAIN))
    return root


def require_plain_text(document: bytes, case: str, name: str = "request") -> None:
    """It opens, and is counted."""
    assert PLAIN not in document
    assert xmlenc.decrypt(document, key(name)) == PLAIN, case
    count("XML Encryption vectors passed")


TRANSPORTS: list[tuple[str, str | None, str | None]] = [
    (RSA_1_5, None, None),
    # With a mask beside it, which should not be there: libxmlsec1 writes it and means it.
    *((MGF1P, digest, mask) for digest, mask in itertools.product([None, *DIGESTS], [None, *MASKS])),
    *((OAEP, digest, mask) for digest, mask in itertools.product([None, *DIGESTS], [None, *MASKS])),
]


@pytest.mark.parametrize(
    ("transport", "digest", "mask"),
    TRANSPORTS,
    ids=["/".join(uri.rpartition("#")[2] for uri in uris if uri) for uris in TRANSPORTS],
)
def test_every_key_transport_with_every_content_algorithm(transport: str, digest: str | None, mask: str | None) -> None:
    for content in CONTENTS:
        made = encrypted(wrapped(transport, oaep(digest, mask)), content=content)
        require_plain_text(etree.tostring(made), content)
    if transport != RSA_1_5:
        require_plain_text(etree.tostring(encrypted(wrapped(transport, oaep(digest, mask, LABEL)))), "with a label")


def taken_out(root: Any) -> Any:
    """The EncryptedKey, which is no longer in the document."""
    found = root.find(f".//{ENC}EncryptedKey")
    found.getparent().remove(found)
    return found


def add(parent: Any, position: int, name: str, text: str = "", **attributes: str) -> Any:
    """A new element in its place."""
    element = etree.Element(name, attributes)
    element.text = text
    parent.insert(position, element)
    return element


def refer_back(wrapped_key: Any) -> None:
    """The EncryptedKey says what it is for."""
    references = add(wrapped_key, len(wrapped_key), f"{ENC}ReferenceList")
    add(references, 0, f"{ENC}DataReference", URI="#data")


def referred_to(root: Any) -> None:
    """In the data's KeyInfo, and referred to from there too; both ways, as the Phaos vectors do."""
    wrapped_key = root.find(f".//{ENC}EncryptedKey")
    wrapped_key.set("Id", "key")
    add(wrapped_key.getparent(), 0, f"{SIG}RetrievalMethod", URI="#key", Type=f"{XMLENC}EncryptedKey")
    refer_back(wrapped_key)


def retrieved(root: Any) -> None:
    """Elsewhere in the document, behind the data."""
    wrapped_key = taken_out(root)
    wrapped_key.set("Id", "key")
    add(root.find(f".//{SIG}KeyInfo"), 0, f"{SIG}RetrievalMethod", URI="#key", Type=f"{XMLENC}EncryptedKey")
    root.append(wrapped_key)


def named(root: Any) -> None:
    """In front of the data, which knows it by the name that it carries."""
    wrapped_key = taken_out(root)
    refer_back(wrapped_key)
    add(wrapped_key, len(wrapped_key), f"{ENC}CarriedKeyName", "the key")
    add(root.find(f".//{SIG}KeyInfo"), 0, f"{SIG}KeyName", "the key")
    root.insert(0, wrapped_key)


def alone(root: Any) -> None:
    """Somewhere, and the data has no KeyInfo."""
    wrapped_key = taken_out(root)
    info = root.find(f".//{ENC}EncryptedData/{SIG}KeyInfo")
    info.getparent().remove(info)
    root.append(wrapped_key)


PLACES: dict[str, Callable[[Any], None]] = {
    "inside": lambda _root: None,
    "inside and referred to": referred_to,
    "retrieved": retrieved,
    "named": named,
    "alone": alone,
}
HINTS = {
    "nothing": "",
    "a name": "<KeyName/>",
    "a certificate": "<X509Data><X509Certificate/></X509Data>",
    "a subject": "<X509Data><X509SubjectName/></X509Data>",
    "issuer and number": "<X509Data><X509IssuerSerial/></X509Data>",
    "a key identifier": "<X509Data><X509SKI/></X509Data>",
    "a digest": f'<X509Data><X509Digest xmlns="{XMLDSIG11}" Algorithm="{DIGESTS[2]}"/></X509Data>',
    "much": "<KeyName/><X509Data><X509Certificate/><X509SubjectName/><X509IssuerSerial/><X509SKI/></X509Data>",
}


@pytest.mark.parametrize("hint", HINTS)
@pytest.mark.parametrize("place", PLACES)
def test_every_place_and_description_of_a_key(place: str, hint: str) -> None:
    for kind in ("Element", "Content", ""):
        made = encrypted(wrapped(hint=HINTS[hint]), kind=kind)
        # libxmlsec1 has filled in all that the template left to it.
        described = made.findall(f".//{ENC}EncryptedKey/{SIG}KeyInfo//*")
        assert bool(described) == bool(HINTS[hint])
        assert all((element.text or "").strip() or len(element) for element in described)
        PLACES[place](made)
        require_plain_text(etree.tostring(made), kind)


def test_each_of_two_recipients_reads_it() -> None:
    keys = [wrapped(hint=f"<KeyName>{name}</KeyName>") for name in ("first", "second")]
    for kind in ("Element", "Content", ""):
        made = etree.tostring(encrypted(*keys, kind=kind, to=("first", "second")))
        for name in ("first", "second"):
            require_plain_text(made, kind, name)
        assert "Was it made for another key pair?" in refusal(xmlenc.decrypt, made, key("stranger"))


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "UTF-8", "UTF-16"])
def test_the_documents_encoding_does_not_matter(encoding: str) -> None:
    for kind in ("Element", "Content", ""):
        made = encrypted(wrapped(), kind=kind)
        made.find("Name").text = "Zürich"
        document = etree.tostring(made, encoding=encoding, xml_declaration=True)
        assert "Zürich".encode(encoding)[-8:] in document
        require_plain_text(document, kind)


@pytest.mark.parametrize("kind", ["Element", "Content", ""])
def test_the_data_may_be_all_that_there_is(kind: str) -> None:
    made = encrypted(wrapped(), kind=kind)
    require_plain_text(etree.tostring(made.find(f".//{ENC}EncryptedData"), with_tail=False), kind)


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        (f"{MORE}md5", "md5"),
        (f"{XMLENC}ripemd160", "ripemd160"),
        ("http://www.w3.org/2007/05/xmldsig-more#sha3-256", "sha3-256"),
    ],
)
@pytest.mark.parametrize("transport", [MGF1P, OAEP])
def test_another_digest_is_refused_by_name(transport: str, uri: str, name: str) -> None:
    read = etree.tostring(encrypted(wrapped(transport, oaep(DIGESTS[0], MASKS[0]))))
    require_plain_text(read, transport)
    document = read.replace(DIGESTS[0].encode(), uri.encode())
    for reader in ("request", "stranger"):
        assert refusal(xmlenc.decrypt, document, key(reader)).startswith(f"The OAEP digest {name} is refused:")


@pytest.mark.parametrize("name", ["mgf1md5", "mgf1ripemd160"])
def test_another_mask_is_refused_by_name_unless_it_means_nothing(name: str) -> None:
    for transport in (MGF1P, OAEP):
        for mask in MASKS:
            read = etree.tostring(encrypted(wrapped(transport, oaep(None, mask))))
            document = read.replace(mask.encode(), f"{XMLENC11}{name}".encode())
            if (transport, mask) == (MGF1P, MASKS[0]):
                # The name of this transport says SHA-1, and so it was.
                require_plain_text(document, mask)
            else:
                said = refusal(xmlenc.decrypt, document, key())
                assert said.startswith(f"The OAEP mask generation function {name} is refused:")
