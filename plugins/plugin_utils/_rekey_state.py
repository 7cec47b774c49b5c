# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a tenant's rekey has got: what is on record, what the tenant shows, and so what is to be done next.

A situation is the dictionary that the filter rekey_plan documents.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..module_utils._tpd.contents import bare_id, same_id

# What the next run is to do. With NOTHING there is nothing to do.
OPEN, WAIT, ACTIVATE, FINISH, NOTHING = "open", "wait", "activate", "finish", "nothing"

Situation = Mapping[str, Any]
Key = Mapping[str, str]
Entry = Mapping[str, Any]


def microsoft_managed(key: Key) -> bool:
    return key["key_type"].lower().startswith("microsoft")


class Rekey:
    """What follows from a situation.

    C(entry) is what is on record of the rekey under way, C(done) of the one that was asked for and is done; {} if there is
    none. C(old) and C(new) are key ids, C(reason) is why, C(target_problem) says why there is no C(new), and C(todo) is what comes next.
    """

    def __init__(self, now: Situation) -> None:
        self.now = now
        self.mode: str = now["mode"]
        self.keys: list[Key] = now["service"]["keys"]
        self.rekeys: list[Entry] = list(now["case"].get("rekeys", ()))
        last = self.rekeys[-1] if self.rekeys else {}
        self.entry: Entry = {} if "done_at" in last else last
        # Who goes on with what is on record need not say again why.
        self.reason: str = now["reason"].strip() or last.get("reason", "")
        self.active = [key for key in self.keys if key["status"] == "Active"]
        self.old = self._old()
        self.proof = self._proof()
        self.done = self._done()
        self.target_problem = ""
        self.new = self._new()
        self.todo = self._todo()

    @property
    def history(self) -> list[Entry]:
        """Every rekey of the tenant that is done, also those on record in folders of earlier cases."""
        return [entry for entry in (*self.now["earlier"], *self.rekeys) if "done_at" in entry]

    @property
    def attested(self) -> bool:
        """Whether somebody says that support has done it."""
        return any(self.now["attested"].values())

    def key(self, name: str) -> Key | None:
        return next((key for key in self.keys if same_id(key["key_identifier"], name)), None)

    def is_active(self, name: str) -> bool:
        return len(self.active) == 1 and same_id(self.active[0]["key_identifier"], name)

    def given_up(self, name: str) -> Entry | None:
        """The rekey by which this key ceased to be the active one."""
        return next((entry for entry in self.history if same_id(entry.get("from_key", ""), name)), None)

    def _old(self) -> str:
        """The key that is active before the rekey: on record, or as the tenant or else the exported TPD says."""
        if self.entry.get("from_key"):
            return str(self.entry["from_key"])
        if len(self.active) == 1:
            return self.active[0]["key_identifier"]
        tpd = self.now["case"].get("export", {}).get("tpd", {})
        return bare_id(tpd.get("key_id") or "")

    def _proof(self) -> str:
        """How it is known that the rekey under way is done: the tenant shows it, or a person says so; empty if it is not."""
        if not self.entry:
            return ""
        # Support may give the tenant any key.
        wanted = self.entry.get("to_key", "") if self.mode == "self_service" else ""
        before = self.entry.get("from_key", "")
        if not proof_lacks(self.keys, before, wanted):
            return "tenant"
        blind = not self.keys or not before
        return "attested" if self.mode == "case" and blind and self.attested else ""

    def _done(self) -> Entry:
        """The last one that was done for this reason; in self-service, for this key if one is named."""
        if self.entry:
            return {}
        for entry in reversed(self.history):
            named = self.now["key_id"] if self.mode == "self_service" else ""
            if named and not same_id(named, entry.get("to_key", "")):
                continue
            if self.reason in (entry["reason"], *entry.get("further_reasons", ())):
                return entry
        return {}

    def _new(self) -> str:
        if self.proof == "tenant":
            return self.active[0]["key_identifier"]
        if self.proof == "attested":
            return bare_id(self.now["attested"].get("key_id") or "")
        if self.done:
            return str(self.done.get("to_key", ""))
        if self.mode == "case":
            return ""
        named = self.now["key_id"] or self.entry.get("to_key", "")
        if named:
            return self._named(named)
        return self._only_other()

    def _named(self, name: str) -> str:
        key = self.key(name)
        if key is None:
            self.target_problem = f"The tenant has no key {name}. It has: {shown(self.keys) or 'none'}."
            return ""
        return key["key_identifier"]

    def _only_other(self) -> str:
        others = [key for key in self.keys if microsoft_managed(key) and key not in self.active]
        free = [key for key in others if not self.given_up(key["key_identifier"])]
        if len(free) == 1:
            return free[0]["key_identifier"]
        if free:
            self.target_problem = f"The tenant has more than one Microsoft-managed key to change to: {shown(free)}. Say which one with rekey_key_id."
        elif others:
            self.target_problem = (
                f"The tenant has no Microsoft-managed key to change to but what an earlier rekey has given up: {shown(others)}. If"
                " you want to go back to such a key, name it with rekey_key_id."
            )
        else:
            self.target_problem = self._no_second_key()
        return ""

    def _no_second_key(self) -> str:
        exported = self.now["case"].get("export", {})
        has_it = same_id(exported.get("tpd", {}).get("key_id") or "", self.old)
        first = (
            f"The export of {exported['decrypted']} holds the key that you have now"
            if has_it and self.old
            else "So export the key that you have now before that (playbook export)"
        )
        return (
            f"The tenant has no second Microsoft-managed key to change to. It has: {shown(self.keys) or 'none'}. Two exist only"
            " after a migration from AD RMS, and Microsoft makes no further one. The way to a new key is one of your own (BYOK)."
            f" After a change to BYOK the old key can no longer be exported. {first}."
        )

    def _todo(self) -> str:
        if self.proof:
            return FINISH
        if self.done:
            return NOTHING
        if self.mode == "case":
            return WAIT if self.entry.get("mode") == "case" else OPEN
        named = self.now["key_id"]
        if named and not self.entry and self.is_active(named):
            return NOTHING
        return ACTIVATE


def proof_lacks(keys: list[Key], old: str, new: str) -> str:
    """What the tenant's keys lack to show that the rekey is done, as a sentence; empty if they show it.

    Exactly one key must be Active, and it must be the new one; the old one must be Archived. Where C(new) is empty, any other
    key than the old one will do.
    """
    active = [key for key in keys if key["status"] == "Active"]
    if len(active) != 1:
        return f"The tenant shows {len(active)} active keys, not one. It has: {shown(keys) or 'none'}."
    found = active[0]["key_identifier"]
    if (new and not same_id(found, new)) or same_id(found, old) or not old:
        return f"The active key is {found}, not {new or 'another one'}. The tenant has: {shown(keys)}."
    if not any(same_id(key["key_identifier"], old) and key["status"] == "Archived" for key in keys):
        return f"The old key {old} is not archived. The tenant has: {shown(keys)}."
    return ""


def shown(keys: list[Key]) -> str:
    """Keys as a sentence names them."""
    return ", ".join(
        f"{key['key_identifier']} ({key['status']}, {key['key_type']}, made {key.get('creation_time') or 'at an unknown time'})"
        for key in keys
    )
