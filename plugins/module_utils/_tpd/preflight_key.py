# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checks of L{preflight} that look at the TPD's key and certificate chain, and at nothing that the caller knows."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from .contents import Contents
from .xrml import FAILED, VERIFIED, Certificate

PASS, WARN, FAIL = "pass", "warn", "fail"
XML_START = "<?xml"
# SHA-256 of the modulus bytes, as they stand, of Microsoft's production root (the same for modes 1 and 2).
PRODUCTION_ROOT = "7c48b30c8bef32eefa35b7b87b6d083509690f7ae94d5d2e87329f708260ef8d"
PROV_RSA_FULL, PROV_RSA_AES = 1, 24
_AGAIN = "Ask support for the export again."


@dataclass(frozen=True)
class Check:
    """The answer to one question: pass, warn or fail, and a sentence or two."""

    id: str
    result: str
    message: str


def key_information(contents: Contents) -> Check:
    """Key id and key id type are there."""
    name, tpd = "key_information", contents.tpd
    if not tpd.key_id.strip() or not tpd.key_id_type.strip():
        return Check(name, FAIL, f"The key id or the key id type is missing. {_AGAIN}")
    return Check(name, PASS, f"The key id is {tpd.key_id} ({tpd.key_id_type}).")


def chain_present(contents: Contents) -> Check:
    """The chain's first entry can be read, and importers drop none of the others."""
    name, chain = "chain_present", contents.tpd.chain
    if not chain or not chain[0].strip():
        return Check(name, FAIL, f"The licensor's certificate chain is missing. {_AGAIN}")
    if not chain[0].startswith(XML_START) or contents.licensor is None:
        return Check(name, FAIL, f"The first certificate cannot be read or does not begin with {XML_START}. {_AGAIN}")
    lost = [
        number
        for number, (document, entry) in enumerate(zip(chain, contents.certificates), 1)
        if entry is None or not document.startswith(XML_START)
    ]
    if lost:
        return Check(
            name,
            WARN,
            f"Of {len(chain)} certificates {len(lost)} cannot be read or do not begin with {XML_START} (first: number {lost[0]}). "
            "Importers drop such certificates silently.",
        )
    return Check(name, PASS, f"The chain has {len(chain)} certificates, and all can be read.")


def csp_type(contents: Contents) -> Check:
    """The CSP type fits the cryptographic mode."""
    name, mode, csp = "csp_type", contents.mode, contents.tpd.csp_type
    if mode is None:
        return Check(
            name,
            FAIL,
            f"The cryptographic mode is unknown, as the first certificate holds no readable public key. {_AGAIN}",
        )
    allowed = (PROV_RSA_FULL, PROV_RSA_AES) if mode == 1 else (PROV_RSA_AES,)
    if csp not in allowed:
        needed = " or ".join(map(str, allowed))
        return Check(
            name, FAIL, f"CSP type {csp} does not fit cryptographic mode {mode}, which needs {needed}. {_AGAIN}"
        )
    return Check(name, PASS, f"CSP type {csp} fits cryptographic mode {mode}.")


def key_data(contents: Contents) -> Check:
    """The private key is in the file and is that of the first certificate."""
    name, matches = "key_data", contents.key_matches_certificate
    if contents.tpd.key_blob is None:
        return Check(
            name,
            FAIL,
            "The private key is not in the file (held by an HSM, or a keyless TPD). Import the TPD where that HSM is.",
        )
    if matches is None:
        return Check(
            name, FAIL, f"The first certificate holds no readable public key to compare the private key with. {_AGAIN}"
        )
    if not matches:
        return Check(
            name,
            FAIL,
            f"The private key is damaged or does not belong to the public key in the first certificate. {_AGAIN}",
        )
    return Check(name, PASS, "The private key belongs to the public key in the first certificate.")


def _imported(contents: Contents) -> list[tuple[int, Certificate | None]]:
    """Number and certificate of the entries that importers do not drop; None for one that cannot be read here."""
    entries = zip(contents.tpd.chain, contents.certificates)
    return [(number, entry) for number, (document, entry) in enumerate(entries, 1) if document.startswith(XML_START)]


def chain_links(contents: Contents) -> Check:
    """Each certificate names the key of the next one as its issuer's."""
    name, entries = "chain_links", _imported(contents)
    if all(entry is None for _number, entry in entries):
        return Check(name, FAIL, f"There is no readable certificate. {_AGAIN}")
    for (number, lower), (next_number, upper) in zip(entries, entries[1:]):
        if lower is None or upper is None:
            continue
        issuer, principal = lower.issuer.key, upper.principal.key
        if not issuer or not principal or (issuer.modulus, issuer.exponent) != (principal.modulus, principal.exponent):
            return Check(
                name,
                FAIL,
                f"Certificate {number} does not name the key of certificate {next_number} as its issuer's. {_AGAIN}",
            )
    return Check(name, PASS, "Each certificate names the key of the next one as its issuer's.")


def chain_dates(contents: Contents, now: datetime) -> Check:
    """Own validity counts now. The right to issue counted when it was used: that of Microsoft's production CAs ended in 2014."""
    name, entries = "chain_dates", _imported(contents)
    for number, entry in entries:
        if entry is not None and not entry.validity.holds(now):
            return Check(name, FAIL, f"Certificate {number} is not valid today. Is this host's clock right?")
    for (number, lower), (next_number, upper) in zip(entries, entries[1:]):
        if lower is None or upper is None or lower.issued is None:
            continue
        if not upper.issuing.holds(lower.issued):
            return Check(
                name,
                WARN,
                f"Certificate {number} was issued when certificate {next_number} gave no right to issue it. Importers may refuse the chain.",
            )
    return Check(name, PASS, "No certificate is outside its dates.")


def hierarchy(contents: Contents) -> Check:
    """The chain ends at Microsoft's production root."""
    name = "hierarchy"
    entries = [entry for entry in contents.certificates if entry is not None]
    names = " ".join(party.name for entry in entries for party in (entry.issuer, entry.principal))
    if "ISV" in names.split() or "Pre-Production" in names:
        return Check(
            name,
            WARN,
            "The chain belongs to Microsoft's pre-production (ISV) hierarchy. Production servers refuse it.",
        )
    root = entries[-1].issuer.key if entries else None
    if root is None or hashlib.sha256(root.modulus_bytes).hexdigest() != PRODUCTION_ROOT:
        return Check(
            name,
            WARN,
            "The chain does not end at the root of Microsoft's production hierarchy. That is expected of a rehearsal only.",
        )
    return Check(name, PASS, "The chain ends at the root of Microsoft's production hierarchy.")


def signatures(contents: Contents) -> Check:
    """Every signature holds. None lets the TPD open or not, so a broken one is a warning."""
    name = "signatures"
    states = [entry.signature for entry in [*contents.certificates, *contents.templates] if entry is not None]
    failed = states.count(FAILED)
    unchecked = len(states) - failed - states.count(VERIFIED)
    if failed or unchecked or not states:
        return Check(
            name,
            WARN,
            f"Of {len(states)} signatures on certificates and templates, {failed} failed and {unchecked} could not be checked. "
            "Compare the TPD with another copy.",
        )
    return Check(name, PASS, f"All {len(states)} signatures on certificates and templates hold.")


def rehearsal(contents: Contents) -> Check:
    """No certificate is marked as a rehearsal's."""
    name = "rehearsal"
    if contents.rehearsal:
        return Check(name, WARN, "This is a rehearsal, and its key opens no real document. Use it for practice only.")
    return Check(name, PASS, "No certificate is marked as a rehearsal.")
