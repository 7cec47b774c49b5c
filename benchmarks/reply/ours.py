# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ours.py REPLY KEY: opens a reply with the collection's core, proves it, and tells what it took (see opened.py)."""

from __future__ import annotations

from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import envelope, rsakeys, xmlenc
from cryptography.hazmat.primitives import hashes, padding, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from opened import Opened, tell

# The core imports them when it needs them; here they are to be there before the clock starts, as the peer's are.
LOADED = (hashes, padding, serialization, rsa, Cipher, algorithms, modes, xmlenc)


def open_reply(reply: bytes, key: bytes) -> Opened:
    """As tpd_decrypt does."""
    found = envelope.open_reply(reply, rsakeys.load_private(key))
    tenant_key = rsakeys.load_private(found.opened.key_blob)
    return Opened(found.password, found.tpd, rsakeys.fingerprint(tenant_key.public_key()))


if __name__ == "__main__":
    tell(open_reply)
