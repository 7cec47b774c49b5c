# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds once a tenant has another key: what the old one is still needed for, and how the new one is exported."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ._rekey_state import NOTHING, OPEN, WAIT, Entry, Rekey, microsoft_managed


def after(rekey: Rekey, entry: Entry) -> list[str]:
    """Sentences for a rekey that is done, or will be once this plan is carried out."""
    return [] if not entry or rekey.todo in (OPEN, WAIT) else list(_after(rekey, entry))


def clients_left(rekey: Rekey, entry: Entry) -> list[str]:
    """The tenant's clients that are still to be reset for this rekey. Those of an earlier case belong to that."""
    if not rekey.now["reset_clients"] or entry not in rekey.rekeys:
        return []
    return sorted(set(rekey.now["clients"]) - set(entry.get("clients", ())))


def _after(rekey: Rekey, entry: Entry) -> Iterator[str]:
    now, old = rekey.now, entry.get("from_key") or "which was active before"
    exported: dict[str, Any] = now["case"].get("export", {})
    until = f"until {entry['done_at']}" if entry.get("done_at") else "until now"
    needed = (
        f"everything that was protected {until}, and what clients and services that have not changed over yet still protect with the"
        " old key"
    )
    if exported:
        yield (
            f"The TPD of {exported['decrypted']} in {now['directory']} stays needed: it holds the old key {old}, and opens {needed}."
            " Keep its copies."
        )
    else:
        yield (
            f"The old key {old} stays needed: it opens {needed}. The service retains it; no TPD of it is on record. If you mean to"
            " leave the service one day, have every key exported, also archived ones."
        )
    new = rekey.key(entry.get("to_key", ""))
    if new is not None and not microsoft_managed(new):
        yield f"The new key {new['key_identifier']} is {new['key_type']}, so neither it nor the old key can be exported by Microsoft any more."
        return
    directory = now["directory"].rstrip("/")
    earlier = json.dumps([*now["earlier_directories"], directory])
    yield (
        f"That TPD does not hold the new key {entry.get('to_key') or ''}. To have it as well, start a new export with these variables:"
        f" tenant_key_directory: {directory}-{entry['id']}, custody_earlier_directories: {earlier}, export_purpose:"
        f" {now['case'].get('purpose', 'backup')}."
    )
    left = clients_left(rekey, entry) if rekey.todo == NOTHING else now["clients"]
    if left:
        yield f"To be reset: {len(left)} clients ({', '.join(left[:5])}{', ...' if len(left) > 5 else ''}). The playbook rekey does it."
    elif not now["clients"]:
        yield "No clients are known (group tenant_key_clients), so older ones such as Office 2010 have to be reset by Group Policy."
