# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What needs nobody, and why: the operations Revoke and Backup of Microsoft's page, and what the case's purpose settles."""

from __future__ import annotations

from collections.abc import Iterator

from ._copies import HALVES
from ._life_cycle_facts import Known


def no_action(known: Known, stage: str) -> Iterator[str]:
    """One sentence or two for each."""
    yield from _revoke(known)
    yield from _backup(known)
    yield from _purpose(known, stage)


def _revoke(known: Known) -> Iterator[str]:
    ends = known.settings["subscription_ends"]
    if ends and known.since(ends) >= 86400:
        text = f"Revoke: the subscription has ended on {ends}, and with it the service has stopped using the tenant key by itself."
    else:
        text = "Revoke: when the subscription is cancelled, the service stops using the tenant key by itself."
    if known.exported:
        yield f"{text} The exported key stays, and so does its custody."
    else:
        yield f"{text} After its end the key can no longer be exported, so export before that what will still be needed."


def _backup(known: Known) -> Iterator[str]:
    text = "Backup and recover: Microsoft is responsible for backing up the key in the service."
    if not known.exported:
        yield f"{text} There is no exported pair that would be yours to back up."
        return
    held = ", ".join(f"{len(known.holders(half))} for the {HALVES[half]}" for half in ("tpd", "password"))
    yield f"{text} The exported pair is yours to back up; custodians on record: {held}."


def _purpose(known: Known, stage: str) -> Iterator[str]:
    if known.rehearsal:
        yield "This is a rehearsal: its key opens no document, so nothing of it is exposed or overdue."
    elif known.exported and known.purpose == "backup":
        yield "Deactivation: the key was exported as a backup, and the service goes on with it."
    elif known.exported and known.purpose == "split":
        yield "Deactivation: the key was exported to split a company, and the service goes on."
    elif stage == "deactivated" and known.state != "Enabled":
        yield "Deactivation: the service is off, and the key is exposed no more. The copies stay needed for old content."
