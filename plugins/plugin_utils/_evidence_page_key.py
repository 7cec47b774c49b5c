# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of a tenant's page that show its keys: the exported one, the tenant's own, earlier ones."""

from __future__ import annotations

from collections.abc import Iterator

from ._evidence_html import Column, Html, Part, View, about, join, section, tag

_CHECKS = {"pass": "good", "warn": "warn", "fail": "bad"}
_KEY = {
    "key_id": "Key id",
    "key_id_type": "Kind of key id",
    "fingerprint": "Fingerprint of the tenant key (SHA-256 of the public key)",
    "key_size": "Size of the tenant key, bits",
    "crypto_mode": "Cryptographic mode",
    "key_in_file": "Private key in the TPD",
    "key_matches_certificate": "Private key fits the first certificate",
    "licensing_url": "Licensing URL",
    "csp_name": "Cryptographic provider",
    "csp_type": "Type of the provider",
    "tpd_version": "Version of the TPD's protection",
    "tpd_guid": "GUID in the names of the pair",
    "tpd_sha256": "SHA-256 of the TPD file",
    "reply_sha256": "SHA-256 of support's reply",
    "request_fingerprint": "Fingerprint of the request key",
    "request_size": "Size of the request key, bits",
}


def key(view: View) -> Iterator[Html]:
    """Once there is any."""
    if any(view.at(f"/key/{name}") not in (None, "") for name in _KEY):
        yield _key(view)
    if view.at("/checks"):
        yield _checks(view)


def _key(view: View) -> Html:
    parts: list[Part] = [view.facts("/key", _KEY)]
    if view.at("/templates"):
        columns = (
            Column("Template", lambda place: _names(view, place)),
            view.column("GUID", "guid"),
            view.column("Signature", "signature"),
        )
        parts.append(view.table("Templates in the TPD", "/templates", columns))
    if view.at("/certificates"):
        parts.append(view.table("Certificates in the TPD, the licensor's first", "/certificates", _certificates(view)))
    return section("Key, fingerprints and templates", *parts)


def _names(view: View, place: str) -> Html:
    names = [
        tag(
            "div",
            view.value(f"{each}/name"),
            " ",
            tag("span", "language ", view.value(f"{each}/language"), class_="quiet"),
        )
        for each in view.places(f"{place}/names")
    ]
    return join(*names) if names else tag("span", "It cannot be read, or has no name.")


def _certificates(view: View) -> tuple[Column, ...]:
    return (
        Column("Certificate", lambda place: _named(view, place)),
        view.column("Issuer", "issuer"),
        view.column("Bits", "key_size"),
        view.column("Issued", "issued"),
        Column("Issuing right", lambda place: _range(view, place)),
        view.column("Signature", "signature"),
    )


def _named(view: View, place: str) -> Html:
    if not view.at(f"{place}/readable"):
        return tag("span", "not readable", class_="badge warn", data_of=f"{place}/readable", data_code="no")
    return join(view.value(f"{place}/principal"), tag("span", view.value(f"{place}/type"), class_="more"))


def _range(view: View, place: str) -> Html:
    until = [" to ", view.value(f"{place}/valid_until")] if view.at(f"{place}/valid_until") else []
    return join(view.value(f"{place}/valid_from"), *until)


def _checks(view: View) -> Html:
    columns = (
        view.column("Check", "id", "id"),
        Column("Result", lambda place: view.badge(f"{place}/result", _CHECKS)),
        view.column("What was found", "message"),
    )
    return section(
        "Checks of the TPD",
        about("What importers are known to refuse, as it was when the TPD was decrypted."),
        view.table("Checks", "/checks", columns),
    )


# -- the tenant itself, and what else has happened to it -----------------------------------------------------------------


def others(view: View) -> Iterator[Html]:
    if view.at("/service/asked"):
        yield _service(view)
    if view.at("/generations"):
        columns = (
            view.column("Key", "key_id"),
            view.column("Fingerprint", "fingerprint"),
            view.column("Case", "case"),
            view.column("Exported", "decrypted"),
            view.column("Rekeyed", "rekeyed"),
            Column("Custodians", lambda place: view.several(f"{place}/custodians")),
            view.column("What it opens", "opens"),
        )
        yield section(
            "Keys that the tenant has had", view.table("Exported keys, the earliest first", "/generations", columns)
        )
    if view.at("/rekeys"):
        columns = (
            view.column("Rekey", "id"),
            view.column("Way", "mode"),
            view.column("Reason", "reason"),
            view.column("Begun", "opened"),
            view.column("Expected by", "expected_by"),
            view.column("Done", "done_at"),
            view.column("Proof", "proof"),
            view.column("From key", "from_key"),
            view.column("To key", "to_key"),
        )
        yield section("Rekeys", view.table("Rekeys on record", "/rekeys", columns))
    if view.at("/incidents"):
        columns = (
            view.column("Incident", "id"),
            view.column("Kind", "incident"),
            view.column("Opened", "opened"),
            view.column("Closed", "closed_at"),
        )
        yield section("Incidents", view.table("Incidents on record", "/incidents", columns))


def _service(view: View) -> Html:
    if not view.at("/service/reachable"):
        return section("The tenant itself", tag("p", "It could not be read. ", view.value("/service/problem")))
    columns = (
        view.column("Key", "key_identifier"),
        view.column("Status", "status"),
        view.column("Kind", "key_type"),
        view.column("Made", "creation_time"),
    )
    state = tag("p", "The protection service says: ", view.value("/service/functional_state"), ".", class_="about")
    return section("The tenant itself", state, view.table("Keys of the tenant", "/service/keys", columns))
