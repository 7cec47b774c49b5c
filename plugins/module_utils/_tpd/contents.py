# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an opened TPD says: its certificates and templates read, and the facts that modules return."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Callable, TypeVar

from . import TpdError, rsakeys, xrml
from .mark import REHEARSAL_MARK
from .tpd import Tpd
from .xrml import Certificate, Template

if TYPE_CHECKING:
    from collections.abc import Sequence

_T = TypeVar("_T")

# It takes half a second to read so many tags, which is more than 1000 templates have; larger TPDs may have more, but XrML
# has one for 28 characters, and what has many more than that is none.
MOST_TAGS = 100_000
CHARACTERS_TO_A_TAG = 25
# A chain has four.
MOST_CERTIFICATES = 64


class Contents:
    """A TPD with its certificates and templates, each read once. Those that cannot be read are None."""

    def __init__(self, tpd: Tpd) -> None:
        self.tpd = tpd
        self._tags = MOST_TAGS + sum(map(len, (*tpd.chain, *tpd.templates))) // CHARACTERS_TO_A_TAG
        left = len(tpd.chain[MOST_CERTIFICATES:])
        self.certificates = [*self._read(xrml.certificate, tpd.chain[:MOST_CERTIFICATES]), *[None] * left]
        self.templates = self._read(xrml.template, tpd.templates)

    def _read(self, reader: Callable[[str], _T], documents: Sequence[str]) -> list[_T | None]:
        found: list[_T | None] = []
        for document in documents:
            self._tags -= document.count("<")
            try:
                found.append(None if self._tags < 0 else reader(document))
            except TpdError:
                found.append(None)
        return found

    @property
    def licensor(self) -> Certificate | None:
        """The server licensor certificate (SLC), which stands first."""
        return self.certificates[0] if self.certificates else None

    @property
    def licensor_key(self) -> xrml.PublicKey | None:
        """The tenant's public key, as its certificate has it."""
        return None if self.licensor is None else self.licensor.principal.key

    @property
    def mode(self) -> int | None:
        """The cryptographic mode: 1 is RSA-1024 with SHA-1, 2 is RSA-2048 with SHA-256."""
        if self.licensor_key is None:
            return None
        return 1 if self.licensor_key.size <= 1024 else 2

    @property
    def licensing_url(self) -> str | None:
        """<ADDRESS>/licensing of the SLC's principal."""
        if self.licensor is None or not self.licensor.principal.url:
            return None
        return self.licensor.principal.url.rstrip("/") + "/licensing"

    @property
    def rehearsal(self) -> bool:
        """Whether any certificate names itself a rehearsal."""
        names = [
            party.name for entry in self.certificates if entry is not None for party in (entry.issuer, entry.principal)
        ]
        return any(REHEARSAL_MARK in name for name in names)

    @cached_property
    def key_matches_certificate(self) -> bool | None:
        """Whether the private key belongs to the SLC's public key; None where either is missing."""
        if self.tpd.key_blob is None or self.licensor_key is None:
            return None
        try:
            # That the two primes multiply to the certified modulus is all the proof that there is.
            numbers = rsakeys.private_numbers(self.tpd.key_blob)
        except TpdError:
            return False
        return (numbers.n, numbers.e) == (self.licensor_key.modulus, self.licensor_key.exponent)

    def fingerprint(self) -> str | None:
        """Lower-case hex SHA-256 of the tenant public key's SubjectPublicKeyInfo; None where it cannot be read."""
        try:
            return None if self.licensor_key is None else self.licensor_key.fingerprint()
        except TpdError:
            return None

    def facts(self) -> dict[str, Any]:
        """The C(tpd) return value of the modules. Nothing secret is in it."""
        return {
            "rehearsal": self.rehearsal,
            "version": self.tpd.version,
            "key_id": self.tpd.key_id,
            "key_id_type": self.tpd.key_id_type,
            "csp_name": self.tpd.csp_name,
            "csp_type": self.tpd.csp_type,
            "key_in_file": self.tpd.key_blob is not None,
            "key_size": None if self.licensor_key is None else self.licensor_key.size,
            "crypto_mode": self.mode,
            "fingerprint": self.fingerprint(),
            "key_matches_certificate": self.key_matches_certificate,
            "licensing_url": self.licensing_url,
            "certificates": [_certificate_facts(entry) for entry in self.certificates],
            "templates": [_template_facts(entry) for entry in self.templates],
        }


def same_id(left: str, right: str) -> bool:
    """Whether two GUIDs are the same, however they are written."""
    return bare_id(left) == bare_id(right)


def bare_id(text: str) -> str:
    """A GUID in lower case without braces and white space."""
    return re.sub(r"[{}\s]", "", text).lower()


def _certificate_facts(entry: Certificate | None) -> dict[str, Any]:
    if entry is None:
        return {"readable": False}
    key = entry.principal.key
    return {
        "readable": True,
        "type": entry.type,
        "guid": entry.guid,
        "issuer": entry.issuer.name,
        "principal": entry.principal.name,
        "url": entry.principal.url,
        "key_size": None if key is None else key.size,
        "issued": _iso(entry.issued),
        "valid_from": _iso(entry.validity.start),
        "valid_until": _iso(entry.validity.end),
        "signature": entry.signature,
    }


def _template_facts(entry: Template | None) -> dict[str, Any]:
    if entry is None:
        return {"readable": False, "guid": None, "names": {}, "urls": []}
    return {
        "readable": True,
        "guid": entry.guid,
        "names": entry.names,
        "urls": list(entry.urls),
        "signature": entry.signature,
    }


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")
