# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of ten megabytes that are meant to do harm. Each is made when it is asked for, of about the size that is asked for."""

from __future__ import annotations

import base64
import struct
from typing import Callable

import targets
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._custody_line import render
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import rsakeys

SIZE = 10_000_000

Maker = Callable[[int], bytes]
BOMB = (
    b'<!DOCTYPE a [<!ENTITY e0 "boom">'
    + b"".join(b'<!ENTITY e%d "%s">' % (level, b"&e%d;" % (level - 1) * 10) for level in range(1, 12))
    + b"]><a>&e11;</a>"
)


def filled(begin: bytes, unit: bytes, end: bytes = b"") -> Maker:
    """As often the unit as fits between beginning and end."""
    return lambda size: begin + unit * max((size - len(begin) - len(end)) // len(unit), 0) + end


def numbered(begin: bytes, unit: bytes, end: bytes = b"") -> Maker:
    """The same with another number of eight digits in each unit."""

    def make(size: int) -> bytes:
        count = (size - len(begin) - len(end)) // (len(unit) + 4)
        return begin + b"".join(unit % number for number in range(10_000_000, 10_000_000 + count)) + end

    return make


def as_text(make: Maker, encoding: str, width: int) -> Maker:
    """Made as UTF-8, written in another encoding that takes so many bytes for a character."""
    return lambda size: make(size // width).decode("utf-8").encode(encoding)


def der(tag: int, *parts: bytes) -> bytes:
    """An ASN.1 value in DER."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def pem(label: str, content: bytes) -> bytes:
    """A PEM file."""
    return f"-----BEGIN {label}-----\n".encode() + base64.encodebytes(content) + f"-----END {label}-----\n".encode()


def key_value(modulus: bytes, exponent: bytes = b"AQAB") -> bytes:
    """A public RSAKeyValue of two numbers in base64."""
    return b"<RSAKeyValue><Modulus>" + modulus + b"</Modulus><Exponent>" + exponent + b"</Exponent></RSAKeyValue>"


def _giant_public_pem(size: int) -> bytes:
    numbers = der(0x30, der(0x02, b"\x7f" * (size * 3 // 4)), der(0x02, b"\1\0\1"))
    return pem("RSA PUBLIC KEY", numbers)


def _giant_private_pem(size: int) -> bytes:
    number = der(0x02, b"\x7f" * (size // 12))
    return pem("RSA PRIVATE KEY", der(0x30, der(0x02, b"\0"), number, der(0x02, b"\1\0\1"), *[number] * 6))


def _giant_blob(kind: int, magic: bytes) -> Maker:
    def make(size: int) -> bytes:
        bits = size // 2 * 8 // 16 * 16
        return struct.pack("<BBHI4sII", kind, 2, 0, 0xA400, magic, bits, 65537) + b"\x7f" * (size - 20)

    return make


# What begins as XML does.
XML: dict[str, Maker] = {
    "nothing but &": filled(b"<a>", b"&"),
    "nothing but &#0;": filled(b"<a>", b"&#0;", b"</a>"),
    "white space in an element": filled(b"<a>", b" ", b"</a>"),
    "lines in an element": filled(b"<a>-", b"\n", b"</a>"),
    "lines of Windows in an element": filled(b"<a>-", b"\r\n", b"</a>"),
    "an entity bomb": lambda size: BOMB + b" " * (size - len(BOMB)),
    "an entity bomb behind a comment": lambda size: b"<!--" + b"-x" * (size // 2) + b"-->" + BOMB,
    "entities without end": numbered(b"<!DOCTYPE a [", b'<!ENTITY e%d "text">', b"]><a/>"),
    "an external entity": filled(b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>', b"&e;", b"</a>"),
    "deep nesting": filled(b"", b"<a>"),
    "deep nesting that ends": lambda size: b"<a>" * (size // 7) + b"</a>" * (size // 7),
    "deep nesting of long names": lambda size: (b"<" + b"a" * 1_000 + b">") * (size // 1_002),
    "sixty levels again and again": filled(b"<a>", b"<b>" * 60 + b"</b>" * 60, b"</a>"),
    "an element with a million attributes": numbered(b"<a ", b'b%d="" ', b"/>"),
    "an element with a million namespaces": numbered(b"<a ", b'xmlns:b%d="u" ', b"/>"),
    "elements with attributes": filled(b"<a>", b'<b c="" d="" e="" f="" g="" h="" i="" j=""/>', b"</a>"),
    "two million elements": filled(b"<a>", b"<b/>", b"</a>"),
    "elements of other names": numbered(b"<a>", b"<b%d/>", b"</a>"),
    "an attribute": filled(b'<a b="', b"A", b'"/>'),
    "an attribute of lines": filled(b'<a b="', b"\n", b'"/>'),
    "an attribute of references": filled(b'<a b="', b"&#65;", b'"/>'),
    "a name": filled(b"<", b"a", b"/>"),
    "names of some length": filled(b"<a>", b"<" + b"b" * 40_000 + b"/>", b"</a>"),
    "the name of a namespace": filled(b'<a xmlns="', b"u", b'"><b/></a>'),
    "elements in a long namespace": lambda size: (
        b'<a xmlns="' + b"u" * 10_000 + b'">' + b"<b/>" * ((size - 10_020) // 4) + b"</a>"
    ),
    "attributes in a long namespace": lambda size: (
        b'<a xmlns:b="' + b"u" * 500_000 + b'">' + b'<c b:d=""/>' * ((size - 500_020) // 11) + b"</a>"
    ),
    "a tag without end": filled(b"<a ", b"b"),
    "a value without end": filled(b'<a b="', b"c"),
    "a comment": filled(b"<!--", b"x", b"--><a/>"),
    "a comment without end": filled(b"<!--", b"-x"),
    "comments": filled(b"<a>", b"<!---->", b"</a>"),
    "instructions": filled(b"<a>", b"<?b?>", b"</a>"),
    "an instruction without end": filled(b"<?b ", b"?"),
    "CDATA": filled(b"<a>", b"<![CDATA[]]>", b"</a>"),
    "CDATA without end": filled(b"<a><![CDATA[", b"]"),
    "references": filled(b"<a>", b"&#65;", b"</a>"),
    "references to far characters": filled(b"<a>", b"&#x10FFFF;", b"</a>"),
    "far characters": filled(b"<a>", "\U0001f511".encode(), b"</a>"),
    "one far character behind a text": filled(b"<a>-", b"A", "\U0001f511</a>".encode()),
    "one value of base64": filled(b"<a>", b"AAAA", b"</a>"),
    "values of base64": filled(b"<a>", b"<b>QUFBQUFBQUFBQUFBQUFBQUFB</b>", b"</a>"),
    "a value that ends as no base64 does": filled(b"<a>", b"A", b"!</a>"),
    "base64 of a bomb": lambda size: b"<a>" + base64.b64encode(BOMB + b" " * (size // 4 * 3)) + b"</a>",
    "many documents": filled(b"", b"<a/>"),
    "another code page": filled(b'<?xml version="1.0" encoding="windows-1252"?><a>', b"\xe4", b"</a>"),
    "a code page of many bytes": filled(b'<?xml version="1.0" encoding="utf-7"?><a>', b"+AGE-", b"</a>"),
}
# What does not, or in another encoding.
PLAIN: dict[str, Maker] = {
    "nothing but <": filled(b"", b"<"),
    "nothing but A": filled(b"", b"A"),
    "nothing but =": filled(b"", b"="),
    "NULs": filled(b"", b"\0"),
    "bytes of 255": filled(b"", b"\xff"),
    "white space": filled(b"", b" "),
    "line feeds": filled(b"", b"\n"),
    "an entity bomb behind white space": lambda size: b" " * size + BOMB,
    "an entity bomb in UTF-16": lambda size: (" " * (size // 2) + BOMB.decode()).encode("utf-16"),
    "base64 and nothing else": lambda size: base64.b64encode(b"<a/>" * (size // 16 * 3)),
    "UTF-16": as_text(filled(b"<a>", b"A", b"</a>"), "utf-16", 2),
    "UTF-16 of elements": as_text(filled(b"<a>", b"<b/>", b"</a>"), "utf-16", 2),
    "UTF-16 of a far script": as_text(filled(b"<a>", "\u4e2d".encode(), b"</a>"), "utf-16", 1),
    "UTF-16 that is cut": lambda size: as_text(filled(b"<a>", b"A", b"</a>"), "utf-16", 2)(size)[:-1],
    "UTF-16 of lone surrogates": filled(b"\xff\xfe<\0a\0>\0", b"\0\xd8"),
}
# Keys, or what looks like one.
KEYS: dict[str, Maker] = {
    "a giant modulus": lambda size: key_value(b"/" * (size // 4 * 4)),
    "a giant exponent": lambda size: key_value(b"/" * 344, b"/" * (size // 4 * 4)),
    "a giant modulus in PEM": _giant_public_pem,
    "giant numbers in PEM": _giant_private_pem,
    "a giant modulus in a public blob": _giant_blob(6, b"RSA1"),
    "giant numbers in a private blob": _giant_blob(7, b"RSA2"),
    "a giant blob in base64": lambda size: base64.b64encode(_giant_blob(7, b"RSA2")(size // 4 * 3)),
    "PEM without end": filled(b"-----BEGIN RSA PRIVATE KEY-----\n", b"A" * 64 + b"\n"),
    "beginnings of PEM": filled(b"", b"-----BEGIN RSA PRIVATE KEY-----\n"),
}
# Lines of a log, or what looks like them.
JSON: dict[str, Maker] = {
    "one line of JSON": filled(b'{"seq":1,"a":"', b"A", b'"}\n'),
    "deep JSON": filled(b"", b"["),
    "deep JSON of objects": filled(b"", b'{"a":'),
    "deep JSON in lines": filled(b"", b"[" * 16_000 + b"\n"),
    "a giant number": filled(b'{"seq":', b"9", b"}\n"),
    "giant numbers in lines": filled(b"", b'{"seq":' + b"9" * 16_000 + b"}\n"),
    "numbers beyond all numbers": filled(b"", b'{"seq":1e' + b"9" * 1_000 + b"}\n"),
}


def small(maker: Callable[[], bytes]) -> Maker:
    """One whose harm does not lie in its size."""
    return lambda _size: maker()


def numbers(**changed: int) -> bytes:
    """A private key file with other numbers in it."""
    private = targets.KEY.private_numbers()
    public = private.public_numbers
    known = {"Modulus": public.n, "Exponent": public.e, "P": private.p, "Q": private.q, "D": private.d}
    known |= {"DP": private.dmp1, "DQ": private.dmq1, "InverseQ": private.iqmp} | changed
    values = {name: number.to_bytes((number.bit_length() + 7) // 8 or 1, "big") for name, number in known.items()}
    inner = "".join(f"<{name}>{base64.b64encode(value).decode()}</{name}>" for name, value in values.items())
    return f"<RSAKeyValue>{inner}</RSAKeyValue>".encode()


def encrypted_pem(derivation: bytes) -> bytes:
    """An encrypted PKCS#8 whose key derivation is this; what is encrypted is nothing."""
    cipher = der(0x30, bytes.fromhex("060960864801650304012a"), der(0x04, bytes(16)))
    scheme = der(0x30, bytes.fromhex("06092a864886f70d01050d"), der(0x30, derivation, cipher))
    return pem("ENCRYPTED PRIVATE KEY", der(0x30, scheme, der(0x04, bytes(1_232))))


def pbkdf2(iterations: int) -> bytes:
    """The parameters of PBKDF2 with SHA-256."""
    prf = bytes.fromhex("300c06082a864886f70d02090500")
    count = der(0x02, iterations.to_bytes(iterations.bit_length() // 8 + 1, "big"))
    return der(0x30, bytes.fromhex("06092a864886f70d01050c"), der(0x30, der(0x04, bytes(16)), count, prf))


def scrypt(cost: int, block: int, parallel: int) -> bytes:
    """The parameters of scrypt."""
    parts = [der(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big")) for number in (cost, block, parallel)]
    return der(0x30, bytes.fromhex("06092b06010401da47040b"), der(0x30, der(0x04, bytes(16)), *parts))


PRIVATE_KEY: dict[str, Maker] = {
    **{
        f"exponent {exponent}": small(lambda e=exponent: numbers(Exponent=e))
        for exponent in (0, 1, 3, 65536, 2**64 + 1)
    },
    **{f"{name} does not fit": small(lambda n=name: numbers(**{n: 2**1024 - 3})) for name in ("P", "Q", "D", "DP")},
    "P as long as the file may be": small(lambda: numbers(P=2**180_000 - 1)),
    "an even modulus": small(lambda: numbers(Modulus=2**2047)),
    "P is 0": small(lambda: numbers(P=0)),
    "Q is 1": small(lambda: numbers(Q=1)),
    "two thousand million iterations": small(lambda: encrypted_pem(pbkdf2(2**31 - 1))),
    "ten million iterations": small(lambda: encrypted_pem(pbkdf2(10_000_000))),
    "scrypt that takes a gigabyte": small(lambda: encrypted_pem(scrypt(2**20, 8, 1))),
    "scrypt that takes for ever": small(lambda: encrypted_pem(scrypt(2**14, 8, 2**20))),
    "as large as a file may be": lambda _size: _giant_private_pem(rsakeys.MAX_FILE - 500),
}
PUBLIC_KEY: dict[str, Maker] = {
    f"exponent {shown}": small(lambda e=value: key_value(b"/" * 344, e))
    for shown, value in (
        ("0", b"AA=="),
        ("1", b"AQ=="),
        ("3", b"Aw=="),
        ("65536", b"AQAA"),
        ("of 65 bits", b"AQAAAAAAAAAB"),
    )
} | {
    "an even modulus": small(lambda: key_value(b"/" * 339 + b"+A==")),
    "as large as a file may be": lambda _size: _giant_public_pem(rsakeys.MAX_FILE - 500),
}
_ENTRY = {
    "seq": 1,
    "time": "2026-03-02T09:15:00Z",
    "event": "noted",
    "actor": "a",
    "host": "h",
    "tenant": None,
    "case": None,
    "subject": None,
    "details": {},
    "previous": "0" * 64,
}
CUSTODY_LOG: dict[str, Maker] = {
    "lines that are all the first": filled(b"", render(_ENTRY)),
    "a whole line without end": filled(render(_ENTRY)[:-1], b" "),
    "empty lists": filled(b"", render({**_ENTRY, "details": {"a": [[]] * 5_300}})),
    "empty objects": filled(b"", render({**_ENTRY, "details": {"a": [{}] * 5_300}})),
    "numbers": filled(b"", render({**_ENTRY, "details": {"a": [1.5] * 4_000}})),
    "objects": filled(b"", render({**_ENTRY, "details": {"a": [{"a": 0}] * 1_900}})),
    "events that nobody knows": numbered(b"", render({**_ENTRY, "event": "x", "subject": "%d"})),
}
