# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of a tenant, put so that one can ask for it: from its case record, its log, its folder and the tenant itself.

What is put in is named in the documentation of the filter life_cycle.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from ..module_utils._tpd.contents import bare_id

_TIME = "%Y-%m-%dT%H:%M:%SZ"
# Support's reply by its own name; what is called ExportedTPD is a result.
_REPLY = re.compile(r"TPD-[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\.(xml|tpd)", re.IGNORECASE | re.ASCII)
_HALVES = ("tpd", "password")


def moment(text: Any) -> datetime | None:
    """A time (2026-03-02T09:15:00Z) or a day (2026-03-02) of a record, in UTC; None if it is neither."""
    for form in (_TIME, "%Y-%m-%d"):
        try:
            return datetime.strptime(str(text), form).replace(tzinfo=timezone.utc)
        except ValueError:
            continue
    return None


def lasted(seconds: float) -> str:
    """In whole days, as a person would say it."""
    days = int(seconds // 86400)
    return "less than a day" if days < 1 else "1 day" if days == 1 else f"{days} days"


class Known:
    """All of it. Nothing here is decided yet."""

    def __init__(self, seen: Mapping[str, Any]) -> None:
        self.tenant, self.host, self.directory = seen["tenant"], seen["host"], seen["directory"]
        self.case: Mapping[str, Any] = seen["case"]
        self.settings: Mapping[str, Any] = seen["settings"]
        self.log: Mapping[str, Any] = seen["log"]
        self.service: Mapping[str, Any] = seen["service"]
        self.generations = list(seen["generations"])
        self._files = seen["files"]
        now = moment(seen["now"])
        if now is None:
            raise ValueError("The time now is none.")
        self.now = now

    # -- the case ------------------------------------------------------------------------------------------------------

    def part(self, name: str) -> Mapping[str, Any]:
        """A section of the case record; empty if its stage has not been reached."""
        return self.case.get(name) or {}

    @property
    def purpose(self) -> str:
        return str(self.case.get("purpose") or "leave")

    @property
    def rehearsal(self) -> bool:
        return bool(self.case.get("rehearsal"))

    @property
    def exported(self) -> bool:
        return bool(self.part("export"))

    def holders(self, half: str) -> list[str]:
        """The custodians that have a half, as far as it is on record."""
        copies = self.part("placed").get("copies", ())
        return sorted({copy["custodian"] for copy in copies if copy["what"] == half})

    @property
    def too_few(self) -> list[str]:
        """The halves that fewer custodians have than are required."""
        if not self.exported:
            return []
        return [half for half in _HALVES if len(self.holders(half)) < self.settings["required_copies"]]

    @property
    def incidents(self) -> list[Mapping[str, Any]]:
        """Those that are open. A tenant that has no case has them in its log only."""
        recorded = self.case.get("incidents") or ()
        known = {incident["id"] for incident in recorded}
        opened = [incident for incident in recorded if not incident.get("closed_at")]
        return [*opened, *(incident for incident in self._logged_incidents() if incident["id"] not in known)]

    def _logged_incidents(self) -> list[Mapping[str, Any]]:
        found: dict[str, Mapping[str, Any]] = {}
        for event in self.log.get("events", ()):
            name, kind = event["subject"], event["details"].get("incident")
            if event["tenant"] != self.tenant:
                continue
            if event["event"] == "incident" and kind:
                found.setdefault(name, {"id": name, "incident": kind, "opened": event["time"]})
            elif event["event"] == "noted" and "closed" in event["details"]:
                found.pop(name, None)
        return list(found.values())

    @property
    def rekeys(self) -> list[Mapping[str, Any]]:
        return list(self.case.get("rekeys") or ())

    @property
    def rekey(self) -> Mapping[str, Any]:
        """The one that is under way; empty if there is none."""
        last = self.rekeys[-1] if self.rekeys else {}
        return {} if last.get("done_at") else last

    @property
    def rekeyed(self) -> Mapping[str, Any]:
        """The last one that is done; empty if there is none."""
        return next((rekey for rekey in reversed(self.rekeys) if rekey.get("done_at")), {})

    @property
    def clients_left(self) -> list[str]:
        """The tenant's clients that have not been reset since its last rekey."""
        return sorted(set(self.settings["clients"]) - set(self.rekeyed.get("clients", ()))) if self.rekeyed else []

    # -- the log -------------------------------------------------------------------------------------------------------

    def events(self, *names: str) -> list[Mapping[str, Any]]:
        """Those of this case, in the order of the log."""
        own = (self.tenant, self.case.get("guid"))
        return [
            event
            for event in self.log.get("events", ())
            if event["event"] in names and (event["tenant"], event["case"]) == own
        ]

    def first(self, name: str) -> str:
        """When it was logged first; empty if it was not."""
        return next((str(event["time"]) for event in self.events(name)), "")

    def waived(self, subject: str) -> bool:
        return any(event["subject"] == subject for event in self.events("waived"))

    @property
    def exposure(self) -> dict[str, Any]:
        """How long the key has been out while the service was on: C(since), C(until), C(seconds), C(open).

        As the log has it; without one, as the case has it. A rehearsal's key opens nothing.
        """
        if self.exported and not self.rehearsal:
            for exposure in self.log.get("exposures", ()):
                if (exposure["tenant"], exposure["case"]) == (self.tenant, self.case.get("guid")):
                    return {name: exposure[name] for name in ("since", "until", "seconds", "open")}
            since = self.part("export").get("decrypted")
            until = self.part("decommission").get("deactivated", {}).get("at")
            begun, ended = moment(since), moment(until) if until else self.now
            seconds = max(0, int((ended - begun).total_seconds())) if begun and ended else 0
            return {"since": since, "until": until, "seconds": seconds, "open": until is None}
        return {"since": None, "until": None, "seconds": 0, "open": False}

    # -- the folder ----------------------------------------------------------------------------------------------------

    @property
    def replies(self) -> list[Mapping[str, Any]]:
        """What has come from support, oldest first, each with C(path) and C(mtime)."""
        folder, named = self.directory.rstrip("/"), self.settings["reply_file"]
        found = []
        for file in self._files:
            parent, _slash, name = file["path"].rpartition("/")
            if file["path"] == named or (parent == folder and _REPLY.fullmatch(name)):
                found.append(file)
        return sorted(found, key=lambda file: file["mtime"])

    @property
    def working_copies(self) -> list[str]:
        """Files of a finished export that still lie in the tenant's folder, and are no custodian's copies."""
        if not self.exported:
            return []
        folder = self.directory.rstrip("/")
        placed = {copy["file"] for copy in self.part("placed").get("copies", ()) if copy["host"] == self.host}
        return sorted(
            file["path"]
            for file in self._files
            if file["path"].rpartition("/")[0] == folder and file["path"] not in placed
        )

    # -- the tenant ----------------------------------------------------------------------------------------------------

    @property
    def state(self) -> str:
        """Enabled or Disabled; empty if the tenant was not asked or could not be."""
        return str(self.service.get("functional_state") or "")

    @property
    def deactivated(self) -> str:
        """When the service was deactivated, as far as is on record; empty if it was not."""
        return str(self.part("decommission").get("deactivated", {}).get("at") or self.first("deactivated"))

    @property
    def on_again(self) -> bool:
        """Whether the tenant says that a service is on that is on record as deactivated."""
        return bool(self.deactivated) and self.state == "Enabled"

    @property
    def active_key(self) -> Mapping[str, Any]:
        """The key that protects new content, as the tenant or else its last rekey says; empty if it is not known."""
        said = next((key for key in self.service.get("keys", ()) if key["status"] == "Active"), None)
        if said is None and self.rekeyed.get("to_key") and not self.service.get("keys"):
            return {"key_identifier": self.rekeyed["to_key"]}
        return said or {}

    @property
    def held_keys(self) -> set[str]:
        """Ids of the keys that were exported, in this case and in earlier ones."""
        held = [self.part("export").get("tpd", {}).get("key_id"), *(each["key_id"] for each in self.generations)]
        return {bare_id(key) for key in held if key}

    # -- time ----------------------------------------------------------------------------------------------------------

    def since(self, text: Any) -> float:
        """How many seconds ago that was; negative if it is to come, and 0 if it is no time."""
        at = moment(text)
        return 0 if at is None else (self.now - at).total_seconds()

    def past(self, text: Any) -> bool:
        return self.since(text) > 0
