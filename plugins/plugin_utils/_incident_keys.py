# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which keys a broken algorithm or key length affects, tenant by tenant, and the request that is prepared for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..module_utils._tpd.contents import bare_id

_COLUMNS = ("Tenant", "Key", "Bits", "Mode", "Status", "Known from", "Affected")


def keys(now: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The keys of one tenant that are known, weakest first; the parts of C(now) are named in the filter's documentation.

    The service does not tell the size of a key, so one that is in no TPD counts as affected.
    """
    found: dict[str, dict[str, Any]] = {}
    for source, tpd in _tpds(now):
        key = _key(now, bare_id(tpd["key_id"]), source)
        key |= {name: tpd.get(name) for name in ("key_size", "crypto_mode", "fingerprint")}
        found.setdefault(key["key_id"], key)
    for told in now["tenant_keys"]:
        name = bare_id(told["key_identifier"])
        key = found.setdefault(name, _key(now, name, "the tenant"))
        key |= {"status": told["status"], "key_type": told["key_type"]}
    for key in found.values():
        key["affected"] = not now["below"] or key["key_size"] is None or key["key_size"] < now["below"]
    return sorted(found.values(), key=_by_size)


def _tpds(now: Mapping[str, Any]) -> Iterable[tuple[str, Mapping[str, Any]]]:
    if now["case"].get("export"):
        yield "the export", now["case"]["export"]["tpd"]
    for entry in now["archived"]:
        if entry["tpd"]:
            yield entry["file"], entry["tpd"]


def _key(now: Mapping[str, Any], name: str, source: str) -> dict[str, Any]:
    unknown = dict.fromkeys(("key_size", "crypto_mode", "fingerprint", "status", "key_type"))
    return {"tenant": now["tenant"], "key_id": name, "source": source, **unknown}


def _by_size(key: Mapping[str, Any]) -> tuple[Any, ...]:
    """By size and mode; those of unknown size come first, since they may be the weakest."""
    return key["key_size"] or 0, key["crypto_mode"] or 0, key["tenant"], key["key_id"]


def table(tenants: Sequence[Mapping[str, Any]]) -> list[str]:
    """One table over all tenants, in Markdown. A tenant whose host was not looked at has no C(keys)."""
    rows = [key for tenant in tenants for key in tenant["keys"] or ()]
    lines = [_row(_COLUMNS), _row(["---"] * len(_COLUMNS)), *(_row(_shown(key)) for key in sorted(rows, key=_by_size))]
    if not rows:
        lines = ["No key is known."]
    for tenant in sorted(tenants, key=lambda tenant: tenant["tenant"]):
        if tenant["keys"] is None:
            lines.append(f"Tenant {tenant['tenant']}: not looked at, see above why.")
        elif not tenant["keys"]:
            lines.append(
                f"Tenant {tenant['tenant']}: no key is known. There is no finished export, and the tenant was not read."
            )
    return lines


def _shown(key: Mapping[str, Any]) -> list[str]:
    size, mode = key["key_size"] or "unknown", key["crypto_mode"] or "unknown"
    affected = "yes" if key["affected"] else "no"
    return [key["tenant"], key["key_id"], str(size), str(mode), key["status"] or "unknown", key["source"], affected]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def request(tenant: str, found: Sequence[Mapping[str, Any]]) -> str:
    """The text to send once Microsoft has updated the service; empty where no key is affected."""
    affected = [key for key in found if key["affected"]]
    if not affected:
        return ""
    listed = "\n".join(
        f"- {key['key_id']} ({key['key_size'] or 'size unknown'}{' bits' if key['key_size'] else ''}, {key['status'] or 'status unknown'})"
        for key in affected
    )
    return f"""Do not send this before Microsoft says that the service supports the new keys.

Subject: Azure Information Protection: request to rekey the tenant key of {tenant}

Microsoft instructs its customers to renew their tenant keys. We ask for a rekey of our tenant.

Our keys that are affected:
{listed}

Please confirm:
- the algorithm, the length and the id of the new key;
- that the earlier keys stay archived, so that earlier content goes on opening;
- which clients do not take the new key and need their Rights Management state cleared.

What we have at hand: proof that we administer the tenant. We know that confirming it takes several days, and that the
standard support charges apply.
"""
