# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""File names and GUIDs as the page and AadrmTpd.exe write them.

Source: the export section of Microsoft's tenant key life cycle page, editions of 2016-06-03 and 2017-07-19.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import NamedTuple

from . import TpdError

PUBLIC_KEY = "PublicKey"
PRIVATE_KEY = "PrivateKey"
REPLY = "TPD"
PASSWORD = "Password"
EXPORTED_TPD = "ExportedTPD"

_EXTENSIONS = {
    PUBLIC_KEY: ("txt",),
    PRIVATE_KEY: ("txt",),
    REPLY: ("xml", "tpd"),
    PASSWORD: ("txt",),
    EXPORTED_TPD: ("xml",),
}
# The page spells the prefix "ExportedTDP" once, so a file may really be called that.
_KINDS = {**{kind.lower(): kind for kind in _EXTENSIONS}, "exportedtdp": EXPORTED_TPD}
_GUID = r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}"
_FILE = re.compile(rf"([A-Za-z]+)-({_GUID})\.([A-Za-z]+)")


class FileName(NamedTuple):
    """What a file's name says: its kind and its GUID in upper case."""

    kind: str
    guid: str


def parse(name: str) -> FileName | None:
    """Kind and GUID of a file's bare name, read case-insensitively; None for any other name."""
    match = _FILE.fullmatch(name)
    if match is None:
        return None
    kind = _KINDS.get(match[1].lower())
    if kind is None or match[3].lower() not in _EXTENSIONS[kind]:
        return None
    return FileName(kind, match[2].upper())


def by_guid(listed: Iterable[str], *kinds: str) -> dict[str, dict[str, str]]:
    """Those of a folder's names that are of these kinds, by GUID and kind. Errors: L{TpdError} for two names of one file."""
    found: dict[str, dict[str, str]] = {}
    for name in listed:
        parsed = parse(name)
        if parsed is None or parsed.kind not in kinds:
            continue
        other = found.setdefault(parsed.guid, {}).setdefault(parsed.kind, name)
        if other != name:
            raise TpdError(
                f"{other} and {name} in the same folder are two names for one file. Find out which of them is the"
                " right one and move the other away."
            )
    return found


def file_name(kind: str, guid: str) -> str:
    """The name under which a file of this kind is written."""
    return f"{kind}-{guid}.{_EXTENSIONS[kind][0]}"


def normal_guid(text: str) -> str:
    """The GUID in upper case, without the braces it may have been given in."""
    bare = text.strip()
    if bare.startswith("{") and bare.endswith("}"):
        bare = bare[1:-1]
    if not re.fullmatch(_GUID, bare):
        raise TpdError(
            "The given guid is not a GUID. Give 32 hexadecimal digits in groups of 8-4-4-4-12, as in FA29D0FE-5049-4C8E-931B-96C6152B0441."
        )
    return bare.upper()


def new_guid() -> str:
    """A random GUID in upper case."""
    import uuid  # most runs need none

    return str(uuid.uuid4()).upper()


def output_guid(key_pair_guid: str, reply: bytes, rule: str) -> str:
    """The GUID of the password and TPD files.

    Rule "key" (page of 2016): that of the key pair. Rule "new" (page of 2017): a new one, derived from the key pair's
    GUID and the reply, so that a second run finds the work of the first.
    """
    if rule == "key":
        return key_pair_guid
    import uuid

    return str(uuid.uuid5(uuid.UUID(key_pair_guid), hashlib.sha256(reply).hexdigest())).upper()
