# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What importers are known to check, asked before they do.

The order is that of Exchange's import; AD RMS publishes no list. So a failed check means that an import will fail, but
no set of passed checks promises that one will succeed. What cannot be known here is a warning. The checks of key and
chain are in L{preflight_key}; those that compare the TPD with what the caller knows are here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from . import preflight_key
from .contents import Contents, bare_id, same_id
from .preflight_key import FAIL, PASS, WARN, XML_START, Check
from .xrml import Template

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["FAIL", "PASS", "WARN", "Check", "Expectations", "check", "importable"]

_MAX_URL = 1024


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
        preflight_key.key_information(contents),
        preflight_key.chain_present(contents),
        preflight_key.csp_type(contents),
        _fips(contents, expected.fips),
        preflight_key.key_data(contents),
        preflight_key.chain_links(contents),
        preflight_key.chain_dates(contents, moment),
        preflight_key.hierarchy(contents),
        preflight_key.signatures(contents),
        preflight_key.rehearsal(contents),
        _tenant_service(contents, expected.tenant_service_id),
        _tenant_key(contents, expected.tenant_key_ids),
        _licensing_urls(contents, expected.licensing_urls),
        _templates(contents, expected.licensing_urls),
        _template_names(contents),
        _templates_current(contents, expected.current_template_guids),
    ]


def _fips(contents: Contents, fips: bool | None) -> Check:
    name, mode = "fips", contents.mode
    if mode is None:
        return Check(name, WARN, "Whether a FIPS server takes the key is unknown, as its cryptographic mode is.")
    if mode != 1:
        return Check(name, PASS, f"The key is in cryptographic mode {mode}; a FIPS server refuses mode 1 only.")
    found = "The key is in cryptographic mode 1, which a FIPS server refuses"
    if fips is None:
        return Check(name, WARN, f"{found}. Set fips to say whether yours is one.")
    if fips:
        return Check(name, FAIL, f"{found}, and yours is one. Import it on a server that is not in FIPS mode.")
    return Check(name, PASS, f"{found}; yours is not one.")


def _tenant_service(contents: Contents, service_id: str | None) -> Check:
    name, host = "tenant_service_id", _host(contents.licensing_url)
    if not service_id:
        return Check(
            name,
            WARN,
            "Whose TPD this is, is unproven: the tenant's RightsManagementServiceId was not given. Set tenant_service_id.",
        )
    if host is None:
        return Check(
            name, WARN, "Whose TPD this is, is unproven: the first certificate names no licensing URL to compare."
        )
    if not same_id(host.partition(".")[0], service_id):
        return Check(
            name,
            FAIL,
            "The licensing URL is not that of the tenant's RightsManagementServiceId: this is another tenant's TPD. Do not import it.",
        )
    return Check(name, PASS, "The licensing URL is that of the tenant's RightsManagementServiceId.")


def _tenant_key(contents: Contents, key_ids: Sequence[str]) -> Check:
    name, key_id, licensor = "tenant_key_id", contents.tpd.key_id, contents.licensor
    if key_ids and not any(same_id(key_id, known) for known in key_ids):
        return Check(
            name,
            FAIL,
            "The key id is none of the tenant's KeyIdentifiers: this is another tenant's TPD, or an older one. Do not import it.",
        )
    if licensor is not None and not same_id(key_id, licensor.principal.guid):
        return Check(
            name,
            WARN,
            "The key id is not the GUID of the server in the first certificate. Compare both with the tenant's KeyIdentifiers.",
        )
    if not key_ids:
        return Check(
            name,
            WARN,
            "Whose key this is, is unproven: the tenant's KeyIdentifiers were not given. Set tenant_key_ids.",
        )
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


def _urls(contents: Contents, given: Sequence[str]) -> list[str]:
    """The licensing URLs that were given, else the one in the first certificate."""
    return [*given] or ([contents.licensing_url] if contents.licensing_url else [])


def _licensing_urls(contents: Contents, given: Sequence[str]) -> Check:
    name, urls = "licensing_urls", _urls(contents, given)
    if not urls:
        return Check(
            name, FAIL, "The first certificate names no licensing URL, and none was given. Set licensing_urls."
        )
    for number, url in enumerate(urls, 1):
        if _origin(url) is None or len(url) > _MAX_URL or any(sign in "?#," or sign.isspace() for sign in url):
            return Check(
                name,
                FAIL,
                f"Licensing URL {number} of {len(urls)} is not an absolute http(s) URL of at most {_MAX_URL} characters "
                "without query, fragment, comma and white space. Set licensing_urls to the right ones.",
            )
    return Check(name, PASS, f"The licensing URLs are well-formed: {' '.join(urls)}")


def _templates(contents: Contents, given: Sequence[str]) -> Check:
    name, count = "templates", len(contents.templates)
    origins = {_origin(url) for url in _urls(contents, given)} - {None}
    for number, (document, entry) in enumerate(zip(contents.tpd.templates, contents.templates), 1):
        problem = _template_problem(document, entry, origins)
        if problem:
            return Check(name, FAIL, f"Template {number} of {count} {problem}")
    return Check(name, PASS, f"All templates ({count}) can be read and publish at a licensing URL.")


def _template_problem(document: str, entry: Template | None, origins: set[tuple[str, str, int] | None]) -> str | None:
    if entry is None or not document.startswith(XML_START):
        return f"cannot be read or does not begin with {XML_START}. Ask support for the export again."
    if not bare_id(entry.guid):
        return "has no GUID. Ask support for the export again."
    if not any(_origin(url) in origins for url in entry.urls):
        return (
            "publishes at a URL whose scheme, host and port are none of the licensing URLs'. "
            "Set licensing_urls to those that the templates name."
        )
    return None


def _template_names(contents: Contents) -> Check:
    name = "template_names"
    broken = [entry.guid for entry in contents.templates if entry is not None and entry.broken_name]
    if broken:
        return Check(
            name,
            WARN,
            f'A name holds ";" or ":", where Microsoft\'s readers cut it. Rename these templates after the import: {", ".join(broken)}',
        )
    return Check(name, PASS, "No template name holds a separator.")


def _templates_current(contents: Contents, current: Sequence[str] | None) -> Check:
    name = "templates_current"
    if current is None:
        return Check(
            name,
            WARN,
            "Whether the export is stale is unknown: the tenant's present template GUIDs were not given. Set current_template_guids.",
        )
    held = {bare_id(entry.guid) for entry in contents.templates if entry is not None}
    missing = {bare_id(guid) for guid in current} - held
    if missing:
        return Check(
            name,
            WARN,
            f"The export is stale: of the tenant's present templates {len(missing)} are not in it. "
            "Only AD RMS super users open content protected with them.",
        )
    return Check(name, PASS, "Every present template of the tenant is in the TPD.")
