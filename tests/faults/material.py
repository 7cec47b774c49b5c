# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the runs work on, made once for the test: two request key pairs, a TPD, support's reply. Nothing of it opens anything."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ansible_collections.infoprotect.tenant_key.plugins.module_utils import _custody
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import (
    passwords,
    pem,
    rehearsal,
    rsakeys,
    tpd,
    wrap,
)

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

PASSWORD = "Made for a test of faults: 4711"
NEW_PASSWORD = "Made for a test of faults: 0815"
PASSPHRASE = "Made for a test of faults: a PEM"


@dataclass(frozen=True)
class KeyPair:
    """A request key and the content of its two files."""

    key: RSAPrivateKey
    private_file: bytes
    public_file: bytes

    @classmethod
    def make(cls) -> KeyPair:
        key = rsakeys.generate(2048)
        return cls(key, rsakeys.dump_private(key, "rsakeyvalue"), rsakeys.dump_public(key.public_key(), "rsakeyvalue"))


@dataclass(frozen=True)
class Material:
    """Everything that is made before the first run."""

    pair: KeyPair
    other: KeyPair
    tpd: bytes
    reply: bytes  # to the first pair


def prepare() -> Material:
    """Make everything, then keep every later run in this process and its children from doing again what takes long.

    From then on a new key is the first pair's, and a private key that was proven or encrypted once is not proven or
    encrypted again: both take as long as ten runs without, and touch no file. A new password is always the same one, and
    what is logged is logged at one and the same time of day.
    """
    pair, other = KeyPair.make(), KeyPair.make()
    made = rehearsal.make(2048, 2, 2)
    content = tpd.seal(made, PASSWORD)
    reply = wrap.wrap("xmlenc", PASSWORD, content, pair.key.public_key())
    new_keys_are(pair)
    passwords.generate = lambda: NEW_PASSWORD
    _custody.time_text = lambda moment: "2026-03-02T09:15:00Z"
    for module, function in ((pem, "read_private"), (rsakeys, "dump_pem")):
        setattr(module, function, functools.lru_cache(maxsize=None)(getattr(module, function)))
    private_key = functools.lru_cache(maxsize=None)(functools.partial(rsakeys.private_key, what="The key"))
    rsakeys.private_key = lambda numbers, what, proven=True: private_key(numbers)
    for key_file in (pair.private_file, other.private_file, made.key_blob):
        rsakeys.load_private(key_file)
    rsakeys.load_private(rsakeys.dump_pem(rsakeys.load_private(made.key_blob), PASSPHRASE), PASSPHRASE)
    return Material(pair, other, content, reply)


def new_keys_are(pair: KeyPair) -> None:
    """Have this process make this key from now on."""
    rsakeys.generate = lambda bits: pair.key
