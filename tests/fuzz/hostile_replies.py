# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replies of ten megabytes by somebody who has the public key and knows how they are read."""

from __future__ import annotations

import base64
import os
from functools import cache
from itertools import cycle, islice

import targets
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import (
    envelope,
    metered,
    primitives,
    rsakeys,
    tpd,
    xmlenc,
)
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from hostile_files import XML, Maker

_IV = bytes(range(1, 17))


def element(name: str, *inside: str, attributes: str = "") -> str:
    """An element."""
    return f"<{name} {attributes}>{''.join(inside)}</{name}>"


def b64(data: bytes) -> str:
    """Base64 as text."""
    return base64.b64encode(data).decode("ascii")


def document(*parts: str) -> bytes:
    """The parts in a document."""
    return element("Reply", *parts, attributes=f'xmlns:e="{xmlenc.XMLENC}"').encode()


@cache
def large_key() -> RSAPrivateKey:
    """A key of the largest size, each use of which takes longest."""
    return rsakeys.generate(4096)


@cache
def under_rsa(secret: bytes, key: RSAPrivateKey = targets.KEY) -> bytes:
    """One block."""
    return primitives.rsa_encrypt(key.public_key(), secret, primitives.OAEP_SHA1)


def encrypted_key(secret: bytes, key: RSAPrivateKey = targets.KEY) -> str:
    """An EncryptedKey."""
    method = element("e:EncryptionMethod", attributes=f'Algorithm="{xmlenc.RSA_OAEP_MGF1P}"')
    value = element("e:CipherData", element("e:CipherValue", b64(under_rsa(secret, key))))
    return element("e:EncryptedKey", method, value)


def encrypted_data(value: bytes, *keys: str) -> str:
    """An EncryptedData of bytes, with its keys."""
    method = element("e:EncryptionMethod", attributes=f'Algorithm="{xmlenc.XMLENC}aes256-cbc"')
    data = element("e:CipherData", element("e:CipherValue", b64(value)))
    return element("e:EncryptedData", method, element("KeyInfo", *keys), data)


def secrets_that_fit(value: bytes, count: int) -> list[bytes]:
    """Keys under which what the value ends in happens to be padding, which one key in 16 gives."""
    found: list[bytes] = []
    while len(found) < count:
        secret = os.urandom(32)
        if 1 <= primitives.aes_cbc_decrypt(secret, value[-32:-16], value[-16:])[-1] <= 16:
            found.append(secret)
    return found


def _every_key_another_secret(size: int) -> bytes:
    parts = []
    for _number in range(32):
        value = os.urandom((size // 32 - 16_000) * 3 // 4 // 16 * 16)
        parts.append(encrypted_data(value, *map(encrypted_key, secrets_that_fit(value, 16))))
    return document(*parts)


def _one_value_under_sixteen_keys(size: int) -> bytes:
    value = os.urandom((size - 20_000) * 3 // 4 // 16 * 16)
    return document(encrypted_data(value, *map(encrypted_key, secrets_that_fit(value, 16))))


def _many_keys(size: int) -> bytes:
    some = [encrypted_key(os.urandom(32)) for _number in range(50)]
    keys = islice(cycle(some), size // len(some[0]))
    return document(*[encrypted_data(bytes(32))] * 40, *keys)


def _many_encrypted(size: int) -> bytes:
    one = encrypted_data(bytes(32))
    return document(encrypted_key(bytes(32)), *[one] * (size // len(one)))


def _many_hints(size: int) -> bytes:
    hint = '<RetrievalMethod URI="#a"/>'
    keys = '<e:EncryptedKey Id="b"/>' * 4_000
    return document(*[encrypted_data(bytes(32), hint * 120)] * 40, keys, " " * (size // 2))


def blocks_of_text(key: RSAPrivateKey) -> str:
    """As many blocks as are decrypted, and the last of them does not."""
    some = [under_rsa(b"text %d" % number + b"a" * 200, key) for number in range(16)]
    most = metered.most_blocks(key.key_size)
    return element("a", b64(b"".join([*islice(cycle(some), most - 1), bytes(len(some[0]))])))


def _blocks_of_text(size: int) -> bytes:
    return document(blocks_of_text(targets.KEY), " " * (size // 2))


def _blocks_without_end(size: int) -> bytes:
    return document(element("a", b64(under_rsa(b"a" * 200) * (size * 3 // 4 // 256))))


def _one_long_key(size: int) -> bytes:
    """It is that of every encrypted part."""
    key = encrypted_key(bytes(32)).replace("<e:CipherValue >", f"<e:CipherValue >{'A' * (size * 9 // 10)}")
    return document(*[encrypted_data(bytes(32))] * 40, key)


def _values_of_a_block(size: int) -> bytes:
    return document(*(element("a", b64(os.urandom(256))) for _number in range(size // 351)))


def _every_pair_of_key_and_value(size: int) -> bytes:
    keys = [element("a", b64(under_rsa(os.urandom(32)))) for _number in range(64)]
    length = size * 3 // 4 // 56 // 16 * 16 - 512
    values = [os.urandom(length) for _number in range(56)]
    ivs = [element("a", b64(os.urandom(16))) for _number in range(8)]
    return document(*keys, *ivs, *(element("a", b64(value)) for value in values))


def _one_value_again_and_again(plain: bytes) -> bytes:
    """A value of which every IV makes another text, each of them text to the end."""
    value = primitives.aes_cbc_encrypt(targets.SECRET, bytes(16), plain)
    ivs = [bytes(15) + bytes([bit]) for bit in (1, 2, 3, 4, 5, 6, 7, 8)]
    return document(
        element("a", b64(under_rsa(targets.SECRET))), *(element("a", b64(iv)) for iv in ivs), element("a", b64(value))
    )


def _texts_of_references(size: int) -> bytes:
    plain = b"<a>&#65;&#65;</a>"
    return _one_value_again_and_again(b"<a>" + b"&#65;" * (size * 3 // 4 // 5) + plain)


def _values_in_values(size: int) -> bytes:
    """The same, where each of those texts is base64 of another value that is a text, four layers deep."""
    plain = b"A" * (size // 4)
    for _layer in range(3):
        plain = base64.b64encode(bytes(16) + primitives.aes_cbc_encrypt(targets.SECRET, bytes(16), plain))
    return _one_value_again_and_again(plain)


def _tpd(inside: str = "", info: str = "A" * 64) -> str:
    kind = f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="{tpd.OUTER_TYPE}"'
    return element(tpd.ROOT, element("anyType", element("m_strTrustedDocDomainInfo", info), inside, attributes=kind))


def _words_and_tpds(size: int) -> bytes:
    words = (f'<p a="word {number}"/>' for number in range(2_000))
    return document(*words, *(_tpd(info=b64(os.urandom(64))) for _number in range(20)), " " * (size // 2))


def _tpds_in_tpds(size: int) -> bytes:
    inside = f"<a>{'-' * (size - 10_000)}</a>"
    for _level in range(20):
        inside = _tpd(inside)
    return inside.encode()


def _large_tpds(size: int) -> bytes:
    return document(*[_tpd(info="A" * (size // 8 // 64 * 64))] * 8)


def _base64_in_base64(size: int) -> bytes:
    inner = b"<a/>"
    while len(inner) < size * 7 // 10:
        inner = f"<a>{b64(inner)}{'A' * (len(inner) // 50 * 4)}</a>".encode()
    return inner


def _layers(size: int) -> bytes:
    """XML Encryption in XML Encryption."""
    plain = b"<a>" + b"-" * (size // 4) + b"</a>"
    for _level in range(4):
        plain = targets.in_reply(targets.BYTES, plain)
    return plain


def everything(size: int, key: RSAPrivateKey = targets.KEY) -> bytes:
    """As much of everything as is tried."""
    keys = "".join(encrypted_key(os.urandom(32), key) for _number in range(16))
    data = [
        encrypted_data(os.urandom(64), *(encrypted_key(os.urandom(32), key) for _key in range(16)))
        for _number in range(8)
    ]
    words = [f'<p a="word {number}"/>' for number in range(1_000)]
    tpds = [_tpd(info=b64(os.urandom(64))) for _number in range(8)]
    pairs = [element("a", b64(under_rsa(os.urandom(32), key))) for _number in range(64)]
    values = [element("a", b64(os.urandom(key.key_size // 4))) for _number in range(40)]
    ivs = [element("a", b64(os.urandom(16))) for _number in range(8)]
    known = [keys, *data, *words, *tpds, *pairs, *ivs, blocks_of_text(key), *values]
    nodes = sum(part.count("<") - part.count("</") + part.count('="') for part in known)
    rest = [element(f"b{number}", b64(os.urandom(18))) for number in range(envelope.MAX_NODES - 2 - nodes)]
    whole = document(*known, *rest)
    return whole.replace(b"</Reply>", b" " * (size - len(whole)) + b"</Reply>")


def _everything_large(size: int) -> bytes:
    return everything(size, large_key())


def encrypted(make: Maker, kind: int) -> Maker:
    """What a reply decrypts to."""
    return lambda size: targets.in_reply(kind, make(size * 3 // 4 - 2_000))


REPLY: dict[str, Maker] = {
    **{f"{name}, encrypted": encrypted(make, targets.BYTES) for name, make in XML.items()},
    "512 keys, each with another secret": _every_key_another_secret,
    "one value under 16 keys": _one_value_under_sixteen_keys,
    "keys without end": _many_keys,
    "encrypted parts without end": _many_encrypted,
    "hints without end": _many_hints,
    "blocks of RSA that are text": _blocks_of_text,
    "blocks of RSA without end": _blocks_without_end,
    "one key without end": _one_long_key,
    "values of a block's length": _values_of_a_block,
    "every pair of key and value": _every_pair_of_key_and_value,
    "one value that is ten texts": _texts_of_references,
    "values in values": _values_in_values,
    "2000 passwords and 20 TPDs": _words_and_tpds,
    "TPDs in TPDs": _tpds_in_tpds,
    "large TPDs": _large_tpds,
    "base64 in base64": _base64_in_base64,
    "layers": _layers,
    "everything at once": everything,
}
# For a key of the largest size.
LARGE_REPLY: dict[str, Maker] = {
    "values of a block's length, 4096 bits": lambda size: document(
        *(element("a", b64(os.urandom(512))) for _number in range(size // 693))
    ),
    "everything at once, 4096 bits": _everything_large,
}
