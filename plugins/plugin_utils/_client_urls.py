# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The URLs between which clients are redirected: from the Azure Rights Management service to an AD RMS cluster.

A port that is given stays, also :443: clients look a URL up as text, so that with and without it are two URLs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from ..module_utils._tpd import TpdError

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*", re.ASCII)
# aadrm.com, and the suffixes of the sovereign clouds.
_SERVICE = re.compile(r".+\.aadrm\.[a-z]+(?:\.[a-z]+)?", re.ASCII)
_PATHS = ("", "/_wmcs", "/_wmcs/licensing", "/_wmcs/certification")
_WHOLE = "Give a URL such as https://rms.contoso.com/_wmcs/licensing."


def server(url: Any, named: str) -> str:
    """Host, and port where one is given, of the URL of a cluster or of one of its services; C(named) is the option's name."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except (ValueError, TypeError, AttributeError):
        raise TpdError(f"{named} has a value that is no URL. {_WHOLE}") from None
    # urlsplit drops line breaks and tabs silently, so the text itself is looked at.
    if not isinstance(url, str) or re.search(r"[\s\x00-\x1f]", url) or not _HOST.fullmatch(parts.hostname or ""):
        raise TpdError(f"{named} has a value that is no URL with the name of a server. {_WHOLE}")
    if "@" in parts.netloc or parts.query or parts.fragment or port == 0:
        raise TpdError(f"{named} has a user, a query, a fragment or the port 0 in its URL. {_WHOLE}")
    if parts.scheme.lower() != "https":
        raise TpdError(f"{named} is {url}, but clients are redirected over https only. {_WHOLE}")
    if parts.path.rstrip("/").lower() not in _PATHS:
        raise TpdError(f"{named} is {url}, whose path is not that of a Rights Management server. {_WHOLE}")
    return f"{parts.hostname}:{port}" if port is not None else str(parts.hostname)


def licensing(at: str) -> str:
    """The licensing URL of a server."""
    return f"https://{at}/_wmcs/licensing"


def certification(at: str) -> str:
    """The certification URL of a server."""
    return f"https://{at}/_wmcs/certification"


def old_servers(given: Sequence[str], tpd: Mapping[str, Any]) -> list[str]:
    """The service's servers that clients know, each once: those given, else those that the TPD names.

    Templates may name more than the certificate does; what they name outside the service needs no redirection.
    """
    if given:
        return _unique(_old(url, "client_state_old_urls") for url in given)
    if not tpd:
        raise TpdError(
            "It is not known from where to redirect: client_state_old_urls is not given, and no finished export of the client's "
            "tenant (tenant_key_host) has been read. Give the URLs, or run the playbook for the tenant's host as well."
        )
    if tpd.get("rehearsal"):
        raise TpdError(
            "The tenant's case is a rehearsal, whose licensing URL no document names. Give client_state_old_urls to redirect anyway."
        )
    first = _old(tpd.get("licensing_url"), "The TPD's licensing URL (give others with client_state_old_urls)")
    urls = (url for template in tpd.get("templates", ()) for url in template["urls"])
    return _unique([first, *(_old(url, "The URL of a template in the TPD") for url in urls if _of_service(url))])


def new_servers(intranet: str, extranet: str) -> dict[str, str]:
    """The servers of AD RMS, by V(intranet) and, where it is given, V(extranet)."""
    if not intranet:
        raise TpdError(
            "It is not known where to redirect: give client_state_intranet_url, the licensing URL of AD RMS."
        )
    found = {}
    for network, url in (("intranet", intranet), ("extranet", extranet)):
        if url:
            found[network] = server(url, f"client_state_{network}_url")
            if _of_service(url):
                raise TpdError(
                    f"client_state_{network}_url is {url}, which belongs to the service that is left. Redirection leads from the "
                    "service to AD RMS: give the URL of the AD RMS cluster, and that of the service as client_state_old_urls."
                )
    return found


def _old(url: Any, named: str) -> str:
    at = server(url, named)
    if not _of_service(url):
        raise TpdError(
            f"{named} is {url}, which is no URL of the Azure Rights Management service (https://<GUID>.rms.<region>.aadrm.com/...). "
            "Redirection leads from the service to AD RMS, not the other way round."
        )
    return at


def _of_service(url: str) -> bool:
    try:
        return bool(_SERVICE.fullmatch(urlsplit(url).hostname or ""))
    except ValueError:  # whatever a template names
        return False


def _unique(servers: Any) -> list[str]:
    return list(dict.fromkeys(servers))
