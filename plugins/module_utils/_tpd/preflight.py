# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What importers are known to check, asked before they do.

The order is that of Exchange's import; AD RMS publishes no list. So a failed check means that an import will fail, but
no set of passed checks promises that one will succeed. What cannot be known here is a warning.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from .contents import Contents, bare_id, same_id
from .tpd import Tpd
from .xrml import FAILED, VERIFIED, Template

if TYPE_CHECKING:
    from collections.abc import Sequence

PASS, WARN, FAIL = "pass", "warn", "fail"
# SHA-256 of the modulus bytes, as they stand, of Microsoft's production root (the same for modes 1 and 2).
PRODUCTION_ROOT = "7c48b30c8bef32eefa35b7b87b6d083509690f7ae94d5d2e87329f708260ef8d"
PROV_RSA_FULL, PROV_RSA_AES = 1, 24
_XML_START = "<?xml"
_MAX_URL = 1024


@dataclass(frozen=True)
class Check:
    """The answer to one question: pass, warn or fail, and a sentence."""

    id: str
    result: str
    message: str


@dataclass(frozen=True)
class Expectations:
    """What the caller knows; None or empty where it does not."""

    licensing_urls: Sequence[str] = ()
    current_template_guids: Sequence[str] | None = None
    tenant_service_id: str | None = None
    tenant_key_ids: Sequence[str] = ()
    fips: bool | None = None


def importable(checks: Sequence[Check]) -> bool:
    """False where a known check fails; true is no promise."""
    return all(check.result != FAIL for check in checks)


def check(contents: Contents, expected: Expectations, now: datetime | None = None) -> list[Check]:
    """Every check, in the importers' order. C{now} is in UTC without a zone; None for the present."""
    moment = now or datetime.now(timezone.utc).replace(tzinfo=None)
    return [
        _key_information(contents.tpd),
        _chain_present(contents),
        _csp_type(contents),
        _fips(contents, expected.fips),
        _key_data(contents),
        _chain_links(contents),
        _chain_dates(contents, moment),
        _hierarchy(contents),
        _signatures(contents),
        _rehearsal(contents),
        _tenant_service(contents, expected.tenant_service_id),
        _tenant_key(contents, expected.tenant_key_ids),
        _licensing_urls(contents, expected.licensing_urls),
        _templates(contents, expected.licensing_urls),
        _template_names(contents),
        _templates_current(contents, expected.current_template_guids),
    ]


def _key_information(tpd: Tpd) -> Check:
    name = "key_information"
    if not tpd.key_id.strip() or not tpd.key_id_type.strip():
        return Check(name, FAIL, "The key id or the key id type is missing.")
    return Check(name, PASS, f"The key id is {tpd.key_id} ({tpd.key_id_type}).")


def _chain_present(contents: Contents) -> Check:
    name, chain = "chain_present", contents.tpd.chain
    if not chain or not chain[0].strip():
        return Check(name, FAIL, "The licensor's certificate chain is missing.")
    if not chain[0].startswith(_XML_START) or contents.licensor is None:
        return Check(name, FAIL, f"The first certificate cannot be read or does not begin with {_XML_START}.")
    lost = [
        str(number)
        for number, entry in enumerate(chain, 1)
        if not entry.startswith(_XML_START) or contents.certificates[number - 1] is None
    ]
    if lost:
        return Check(
            name,
            WARN,
            f"Certificate {', '.join(lost)} of {len(chain)} cannot be read or does not begin with {_XML_START}; importers drop it.",
        )
    return Check(name, PASS, f"The chain has {len(chain)} certificates.")


def _csp_type(contents: Contents) -> Check:
    name, csp = "csp_type", contents.tpd.csp_type
    if contents.mode is None:
        return Check(
            name, FAIL, "The cryptographic mode is unknown, as the first certificate holds no readable public key."
        )
    allowed = (PROV_RSA_FULL, PROV_RSA_AES) if contents.mode == 1 else (PROV_RSA_AES,)
    if csp not in allowed:
        return Check(
            name,
            FAIL,
            f"CSP type {csp} does not fit cryptographic mode {contents.mode}, which needs {' or '.join(map(str, allowed))}.",
        )
    return Check(name, PASS, f"CSP type {csp} fits cryptographic mode {contents.mode}.")


def _fips(contents: Contents, fips: bool | None) -> Check:
    name = "fips"
    if contents.mode != 1:
        return Check(name, PASS, "Only keys in cryptographic mode 1 are refused on a FIPS server.")
    if fips is None:
        return Check(
            name,
            WARN,
            "The key is in cryptographic mode 1, which a FIPS server refuses; it is not known whether yours is one.",
        )
    return Check(
        name,
        FAIL if fips else PASS,
        f"The key is in cryptographic mode 1, which a FIPS server refuses; yours is {'' if fips else 'not '}one.",
    )


def _key_data(contents: Contents) -> Check:
    name = "key_data"
    if contents.tpd.key_blob is None:
        return Check(
            name,
            FAIL,
            "The private key is not in the file (held by an HSM, or a keyless TPD): it imports only where that HSM is.",
        )
    if not contents.key_matches_certificate():
        return Check(name, FAIL, "The private key does not belong to the public key in the first certificate.")
    return Check(name, PASS, "The private key belongs to the public key in the first certificate.")


def _chain_links(contents: Contents) -> Check:
    name = "chain_links"
    entries = [entry for entry in contents.certificates if entry is not None]
    for number, (lower, upper) in enumerate(zip(entries, entries[1:]), 1):
        issuer, principal = lower.issuer.key, upper.principal.key
        if (
            issuer is None
            or principal is None
            or (issuer.modulus, issuer.exponent) != (principal.modulus, principal.exponent)
        ):
            return Check(
                name, FAIL, f"Certificate {number} was not issued by certificate {number + 1}: the keys differ."
            )
    if not entries:
        return Check(name, FAIL, "There is no readable certificate.")
    return Check(name, PASS, "Each certificate names the key of the next one as its issuer.")


def _chain_dates(contents: Contents, now: datetime) -> Check:
    """Own validity counts now. The right to issue counted when it was used: that of Microsoft's production CAs ended in 2014."""
    name = "chain_dates"
    entries = [entry for entry in contents.certificates if entry is not None]
    for number, entry in enumerate(entries, 1):
        if not entry.validity.holds(now):
            return Check(name, FAIL, f"Certificate {number} is not valid today.")
    for number, (lower, upper) in enumerate(zip(entries, entries[1:]), 1):
        if lower.issued is not None and not upper.issuing.holds(lower.issued):
            return Check(
                name, WARN, f"Certificate {number} was issued when certificate {number + 1} gave no right to issue it."
            )
    return Check(name, PASS, "No certificate is outside its dates.")


def _hierarchy(contents: Contents) -> Check:
    name = "hierarchy"
    entries = [entry for entry in contents.certificates if entry is not None]
    names = " ".join(party.name for entry in entries for party in (entry.issuer, entry.principal))
    if "ISV" in names.split() or "Pre-Production" in names:
        return Check(
            name,
            WARN,
            "The chain belongs to Microsoft's pre-production (ISV) hierarchy, which production servers refuse.",
        )
    root = entries[-1].issuer.key if entries else None
    if root is None or hashlib.sha256(root.modulus_bytes).hexdigest() != PRODUCTION_ROOT:
        return Check(name, WARN, "The chain does not end at the root of Microsoft's production hierarchy.")
    return Check(name, PASS, "The chain ends at the root of Microsoft's production hierarchy.")


def _signatures(contents: Contents) -> Check:
    name = "signatures"
    states = [entry.signature for entry in [*contents.certificates, *contents.templates] if entry is not None]
    failed, unchecked = states.count(FAILED), len(states) - states.count(FAILED) - states.count(VERIFIED)
    if failed or unchecked or not states:
        return Check(
            name,
            WARN,
            f"Of {len(states)} signatures on certificates and templates, {failed} failed and {unchecked} could not be checked.",
        )
    return Check(name, PASS, f"All {len(states)} signatures on certificates and templates hold.")


def _rehearsal(contents: Contents) -> Check:
    if contents.rehearsal:
        return Check("rehearsal", WARN, "This is a rehearsal: the key opens no real document.")
    return Check("rehearsal", PASS, "No certificate is marked as a rehearsal.")


def _tenant_service(contents: Contents, service_id: str | None) -> Check:
    name = "tenant_service_id"
    if not service_id:
        return Check(
            name, WARN, "Whose TPD this is, is unproven: the tenant's RightsManagementServiceId was not given."
        )
    host = _host(contents.licensing_url)
    if host is None or not same_id(host.partition(".")[0], service_id):
        return Check(
            name,
            FAIL,
            "The licensing URL is not that of the tenant's RightsManagementServiceId: this is another tenant's TPD.",
        )
    return Check(name, PASS, "The licensing URL is that of the tenant's RightsManagementServiceId.")


def _tenant_key(contents: Contents, key_ids: Sequence[str]) -> Check:
    name, key_id = "tenant_key_id", contents.tpd.key_id
    licensor = contents.licensor
    if key_ids and not any(same_id(key_id, known) for known in key_ids):
        return Check(
            name,
            FAIL,
            "The key id is none of the tenant's KeyIdentifiers: this is another tenant's TPD, or an older one.",
        )
    if licensor is not None and not same_id(key_id, licensor.principal.guid):
        return Check(name, WARN, "The key id is not the GUID of the server in the first certificate.")
    if not key_ids:
        return Check(name, WARN, "Whose key this is, is unproven: the tenant's KeyIdentifiers were not given.")
    return Check(name, PASS, "The key id is one of the tenant's KeyIdentifiers.")


def _host(url: str | None) -> str | None:
    """The host of a URL, or None where it has none or cannot be read."""
    try:
        return urlsplit(url or "").hostname
    except ValueError:
        return None


def _origin(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port of an absolute http(s) URL, or None."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    except (KeyError, ValueError):
        return None
    return (parts.scheme, parts.hostname, port) if parts.hostname else None


def _licensing_urls(contents: Contents, given: Sequence[str]) -> Check:
    name = "licensing_urls"
    urls = [*given] or ([contents.licensing_url] if contents.licensing_url else [])
    if not urls:
        return Check(name, FAIL, "The first certificate names no licensing URL, and none was given.")
    for url in urls:
        if _origin(url) is None or "?" in url or "#" in url or "," in url or len(url) > _MAX_URL:
            return Check(
                name,
                FAIL,
                f"A licensing URL is not an absolute http(s) URL of at most {_MAX_URL} characters without query, fragment and comma.",
            )
    return Check(name, PASS, f"The licensing URLs are well-formed: {', '.join(urls)}.")


def _templates(contents: Contents, given: Sequence[str]) -> Check:
    name = "templates"
    origins = {_origin(url) for url in ([*given] or [contents.licensing_url or ""])}
    for number, (document, entry) in enumerate(zip(contents.tpd.templates, contents.templates), 1):
        problem = _template_problem(document, entry, origins)
        if problem:
            return Check(name, FAIL, f"Template {number} of {len(contents.templates)} {problem}.")
    return Check(name, PASS, f"{len(contents.templates)} templates can be read and publish at the licensing URLs.")


def _template_problem(document: str, entry: Template | None, origins: set[tuple[str, str, int] | None]) -> str | None:
    if entry is None or not document.startswith(_XML_START):
        return f"cannot be read or does not begin with {_XML_START}"
    if not bare_id(entry.guid):
        return "has no GUID"
    if not any(_origin(url) in origins for url in entry.urls):
        return "publishes at a URL whose scheme, host and port are none of the licensing URLs'"
    return None


def _template_names(contents: Contents) -> Check:
    broken = [entry.guid for entry in contents.templates if entry is not None and entry.broken_name]
    if broken:
        return Check(
            "template_names",
            WARN,
            f'A name holds ";" or ":", which Microsoft\'s readers cut there: {", ".join(broken)}.',
        )
    return Check("template_names", PASS, "No template name holds a separator.")


def _templates_current(contents: Contents, current: Sequence[str] | None) -> Check:
    name = "templates_current"
    if current is None:
        return Check(
            name, WARN, "Whether the export is stale is unknown: the tenant's present template GUIDs were not given."
        )
    held = {bare_id(entry.guid) for entry in contents.templates if entry is not None}
    missing = [guid for guid in current if bare_id(guid) not in held]
    if missing:
        return Check(
            name,
            WARN,
            f"The export is stale: {len(missing)} present templates are not in it. Only AD RMS super users open content protected with them.",
        )
    return Check(name, PASS, "Every present template of the tenant is in the TPD.")
