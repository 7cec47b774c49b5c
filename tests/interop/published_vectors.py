# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""published_vectors.py FOLDER: what the collection makes of the published vectors of XML Encryption with RSA.

FOLDER is a clone of libxmlsec1 (git, project lsh123/xmlsec on GitHub), or the folder `tests` in it. Nothing is downloaded
here, and nothing of it is kept: the vectors are other people's.

Every document below the folder that holds an EncryptedKey for an RSA key is a vector. It is tried with all private RSA
keys that lie there. It passes if it opens with as many of them as it has such EncryptedKeys, each time to the plain text
of the `.data` file beside it. If it names an algorithm that is not meant to be read, it must be refused by that name. Two
kinds cannot be decrypted as they stand. A document with a document type must be refused for it, and pass without it. A
signature whose key is encrypted must be refused for having no EncryptedData, and pass when it is given one.

The exit status is 1 if any vector does anything else, or if none was found.
"""

from __future__ import annotations

import argparse
import base64
import itertools
import os
import re
import runpy
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_pem_private_key, pkcs12
from lxml import etree

TESTS = Path(__file__).resolve().parents[1]
# Makes the collection importable from the checkout.
runpy.run_path(str(TESTS / "conftest.py"))

from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import (  # noqa: E402
    TpdError,
    primitives,
    xmlenc,
    xmlsafe,
)

line = runpy.run_path(str(TESTS / "figures.py"))["line"]

# What is meant to be read, by the ends of the names. Not taken from the code, which is on trial here.
READ = {
    "content algorithm": {
        "tripledes-cbc",
        *(f"aes{bits}-{mode}" for bits in (128, 192, 256) for mode in ("cbc", "gcm")),
    },
    "OAEP digest": {"sha1", "sha224", "sha256", "sha384", "sha512"},
    "OAEP mask generation function": {"mgf1sha1", "mgf1sha224", "mgf1sha256", "mgf1sha384", "mgf1sha512"},
}
XMLENC = "http://www.w3.org/2001/04/xmlenc#"
ENC = f"{{{XMLENC}}}"
KEY_FILES = {".pem", ".der", ".p8", ".p8-pem", ".p8-der", ".p12"}
DOCUMENT_TYPE = re.compile(rb"<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL)
RESULTS = ("passed", "refused", "failed")
ROW = "{:<28}{:>8}{:>8}{:>9}{:>8}"


@dataclass
class Vector:
    """A published document, and what became of it."""

    path: Path
    document: bytes
    root: Any
    keys: list[Any]  # the EncryptedKeys that are for RSA keys
    refused: str = ""  # the name of what it was rightly refused for
    note: str = ""  # how it had to be changed
    faults: list[str] = field(default_factory=list)

    def unread(self) -> tuple[str, str] | None:
        """Kind and name of the first algorithm that is not meant to be read."""
        places = [("content algorithm", data, "EncryptionMethod") for data in self.root.iter(f"{ENC}EncryptedData")]
        for key in self.keys:
            places.append(("OAEP digest", key, "EncryptionMethod/{*}DigestMethod"))
            places.append(("OAEP mask generation function", key, "EncryptionMethod/{*}MGF"))
        for kind, element, path in places:
            for method in element.iterfind(ENC + path):
                name = method.get("Algorithm").rpartition("#")[2]
                if name not in READ[kind]:
                    return kind, name
        return None


def passwords(folder: Path) -> set[bytes | None]:
    """Those that the suite's own scripts give on their command lines; keys that need none are tried without."""
    scripts = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.sh"))
    return {None, *(word.encode() for word in re.findall(r"--pwd +([^\s\"]+)", scripts))}


def private_keys(folder: Path) -> list[RSAPrivateKey]:
    """Every private RSA key once, in however many files and forms it lies there."""
    loaders = (load_pem_private_key, load_der_private_key, lambda *given: pkcs12.load_key_and_certificates(*given)[0])
    found: dict[int, RSAPrivateKey] = {}
    tried = passwords(folder)
    files = [path for path in sorted(folder.rglob("*")) if path.suffix in KEY_FILES]
    for path, password, load in itertools.product(files, tried, loaders):
        try:
            with warnings.catch_warnings():
                # The library has something to say of other keys and certificates that lie there.
                warnings.simplefilter("ignore")
                key = load(path.read_bytes(), password)
        except (ValueError, TypeError, UnsupportedAlgorithm):  # another form, password or kind
            continue
        if isinstance(key, RSAPrivateKey):
            found.setdefault(key.public_key().public_numbers().n, key)
    return list(found.values())


def vectors(folder: Path) -> Iterator[Vector]:
    """Every document with an EncryptedKey whose key transport is RSA."""
    for path in sorted(folder.rglob("*.xml")):
        document = path.read_bytes()
        try:
            root = etree.fromstring(document)
        except etree.XMLSyntaxError:
            if b"EncryptedKey" in document:
                yield Vector(path, document, None, [], faults=["it is no XML"])
            continue
        keys = [
            key
            for key in root.iter(f"{ENC}EncryptedKey")
            for method in key.iterfind(f"{ENC}EncryptionMethod")
            if "#rsa-" in method.get("Algorithm", "")
        ]
        if keys:
            yield Vector(path, document, root, keys)


def message(document: bytes, key: RSAPrivateKey, kind: type[TpdError]) -> str:
    """Why the document is refused; empty where it is not, or not in this way."""
    try:
        xmlenc.decrypt(document, key)
    except kind as error:
        return str(error)
    except TpdError:
        pass
    return ""


def plain_texts(document: bytes, keys: list[RSAPrivateKey]) -> list[bytes]:
    """What each key that opens the document finds in it."""
    found = []
    for key in keys:
        try:
            found.append(xmlenc.decrypt(document, key))
        except TpdError:
            continue
    return found


def canonical(document: bytes) -> bytes:
    """The document in the one form that equal documents share, without its document type."""
    return etree.tostring(etree.fromstring(DOCUMENT_TYPE.sub(b"", document, count=1)), method="c14n")


def is_expected(vector: Vector, plain: bytes) -> bool:
    """Whether this is what the suite expects. Of a document that was encrypted in part it keeps the whole one."""
    expected = vector.path.with_suffix(".data").read_bytes()
    root = etree.fromstring(vector.document)
    data = next(root.iter(f"{ENC}EncryptedData"))
    if data.get("Type") not in (f"{XMLENC}Element", f"{XMLENC}Content"):
        return plain == expected
    if data is not root:
        hole = etree.ProcessingInstruction("hole")
        mark = etree.tostring(hole)
        hole.tail = data.tail
        data.getparent().replace(data, hole)
        plain = etree.tostring(root, encoding="utf-8").replace(mark, plain)
    try:
        return canonical(plain) == canonical(expected)
    except etree.XMLSyntaxError:  # what a wrong key makes of it
        return False


def require_refusal(vector: Vector, keys: list[RSAPrivateKey], kind: str, name: str) -> None:
    """It must be refused by this name, whatever the key."""
    messages = {message(vector.document, key, xmlenc.XmlEncryptionError) for key in keys}
    vector.refused = f"{kind} {name}"
    if not all(text.startswith(f"The {kind} {name} is refused") for text in messages):
        vector.faults.append(f"it is not refused for its {kind} {name}")


def require_plain_text(vector: Vector, document: bytes, keys: list[RSAPrivateKey]) -> None:
    """It must open to the expected plain text, once for each recipient."""
    found = plain_texts(document, keys)
    # PKCS#1 v1.5 under a wrong key yields random bytes, which may seem to decrypt to something.
    right = [plain for plain in found if is_expected(vector, plain)]
    if len(right) != len(vector.keys):
        vector.faults.append(
            f"{len(right)} keys open it, and not {len(vector.keys)}; {len(found) - len(right)} find something else"
        )


def require_key_transport(vector: Vector, keys: list[RSAPrivateKey]) -> None:
    """Only a signature's key is encrypted, which the readme beside it tells. An EncryptedData under that key must open."""
    if not all("has no EncryptedData" in message(vector.document, key, xmlenc.XmlEncryptionError) for key in keys):
        vector.faults.append("it is not refused for having no EncryptedData")
    readme = "".join(path.read_text(encoding="latin-1") for path in vector.path.parent.glob("[Rr]eadme*"))
    wrapped = etree.tostring(vector.keys[0], encoding="unicode", with_tail=False)
    plain, iv = b"made for this test", os.urandom(16)
    opened = 0
    for secret in {word.encode() for word in re.findall(r'"(\S{32})"', readme)}:
        value = base64.b64encode(iv + primitives.aes_cbc_encrypt(secret, iv, plain)).decode()
        document = (
            f'<EncryptedData xmlns="{XMLENC}"><EncryptionMethod Algorithm="{XMLENC}aes256-cbc"/>'
            f'<KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#">{wrapped}</KeyInfo>'
            f"<CipherData><CipherValue>{value}</CipherValue></CipherData></EncryptedData>"
        )
        opened += plain_texts(document.encode(), keys).count(plain)
    if opened != 1:
        vector.faults.append(f"{opened} keys open it, and not 1")


def judge(vector: Vector, keys: list[RSAPrivateKey]) -> None:
    """Try one vector."""
    if vector.faults:
        return
    unread = vector.unread()
    if unread:
        require_refusal(vector, keys, *unread)
    elif vector.root.find(f".//{ENC}EncryptedData") is None and vector.root.tag != f"{ENC}EncryptedData":
        vector.note = "given an EncryptedData"
        require_key_transport(vector, keys)
    elif vector.root.getroottree().docinfo.doctype:
        vector.note = "without its document type"
        if not all("(DTD)" in message(vector.document, key, xmlsafe.XmlError) for key in keys):
            vector.faults.append("it is not refused for its document type")
        require_plain_text(vector, DOCUMENT_TYPE.sub(b"", vector.document, count=1), keys)
    else:
        require_plain_text(vector, vector.document, keys)


def main(folder: Path) -> int:
    """Try every vector, print the table."""
    folder = folder / "tests" if (folder / "tests").is_dir() else folder
    keys = private_keys(folder)
    counted: Counter[tuple[str, str]] = Counter()
    for vector in vectors(folder):
        judge(vector, keys)
        name = vector.path.relative_to(folder)
        result = "failed" if vector.faults else "refused" if vector.refused else "passed"
        counted[name.parts[0], result] += 1
        for fault in vector.faults:
            print(f"FAIL {name}: {fault}")
        if vector.refused or vector.note:
            print(f"{result}: {name}: {vector.refused or vector.note}")
    print(f"{len(keys)} private RSA keys")
    print(ROW.format("published vectors", "vectors", *RESULTS))
    for family in dict.fromkeys(family for family, _result in counted):
        numbers = [counted[family, result] for result in RESULTS]
        print(ROW.format(family, sum(numbers), *numbers))
    total = {result: sum(counted[found] for found in counted if found[1] == result) for result in RESULTS}
    print(line("published vectors passed", total["passed"]))
    print(line("published vectors refused by name", total["refused"]))
    return 0 if total["passed"] and not total["failed"] else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    sys.exit(main(parser.parse_args().folder))
