# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures 1 to 3: what the export of a tenant costs, locally and over SSH, and what a re-run costs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from measure import Contestant, Figures, Measure, alternate, ratio, series
from plays import Controller, require_unchanged
from tenants import Secret, tenants

OURS, OPENSSL, CRYPTO = "ours", "(a) openssl and xmlsec1", "(b) community.crypto and xmlsec1"
# Before the reply is there, and after it.
PLAYBOOKS = {
    OURS: ("plays/export.yml", "plays/export.yml"),
    OPENSSL: ("peers/openssl.yml", "peers/finish.yml"),
    CRYPTO: ("peers/community_crypto.yml", "peers/finish.yml"),
}
LOCAL_BOUND, SSH_BOUND, AGAIN_BOUND = 0.15, 0.8, 0.25


@dataclass(frozen=True)
class Exports:
    """Exports of so many tenants in one run, on hosts that are reached in one way."""

    controller: Controller
    secret: Secret
    count: int
    connection: dict[str, Any]
    import_script: Path

    def contestant(self, who: str) -> Contestant:
        def export(_round: int) -> Figures:
            before, after = PLAYBOOKS[who]
            with tenants(self.controller.scratch, self.count, self.secret) as theirs:
                inventory = self.controller.inventory("exports", theirs.hosts(), self.shared())
                request = self.controller.play(before, inventory)
                theirs.answer()
                finish = self.controller.play(after, inventory)
                theirs.require_exported(who)
                again = self.controller.play(after, inventory)
                require_unchanged(again, who)
                theirs.require_exported(who)
            return {
                "export": request.seconds + finish.seconds,
                "cpu": request.cpu + finish.cpu,
                "request": request.seconds,
                "finish": finish.seconds,
                "again": again.seconds,
            }

        return export

    def start(self, _round: int) -> Figures:
        """What of it is no export at all: starting Ansible twice, once for each playbook."""
        inventory = self.controller.inventory("start", {name: {} for name in ["one"]}, self.connection)
        nothing = {"what": "debug", "count": 1}
        return {"export": 2 * self.controller.play("plays/loop.yml", inventory, nothing).seconds}

    def shared(self) -> dict[str, Any]:
        return {**self.connection, "export_rehearsal": True, "import_script": str(self.import_script)}


def measures(exports: Exports, rounds: int, where: str, bound: float) -> list[Measure]:
    """The export and its re-run, of all contestants; ``where`` is local or over SSH."""
    contestants = {who: exports.contestant(who) for who in PLAYBOOKS} | {"start": exports.start}
    results = alternate(contestants, rounds)
    cost = {who: series(who, "s", results[who], "export", 1 / exports.count) for who in PLAYBOOKS}
    start = series("of it, starting Ansible twice", "s", results["start"], "export", 1 / exports.count)
    # Over SSH most of it is computed on the other side.
    cpu = {
        who: series(f"{who}, processor time", "s", results[who], "cpu", 1 / exports.count)
        for who in PLAYBOOKS
        if where == "local"
    }
    again = {who: series(f"{who}, re-run", "s", results[who], "again", 1 / exports.count) for who in PLAYBOOKS}
    first = Measure(
        f"Export, {where}",
        f"Seconds per tenant, from key pair to staged files, {exports.count} tenants in a run, two runs: before and after the reply.",
        [*cost.values(), start, *cpu.values()],
        [ratio(f"ours to {who}", cost[OURS], cost[who], bound) for who in (OPENSSL, CRYPTO)],
    )
    second = Measure(
        f"Re-run of a finished export, {where}",
        f"Seconds per tenant, {exports.count} tenants in a run. Peers run only their second playbook again.",
        list(again.values()),
        [
            ratio(
                f"{who}, to its first run",
                again[who],
                cost[who],
                AGAIN_BOUND if who == OURS and where == "local" else None,
            )
            for who in PLAYBOOKS
        ],
    )
    return [first, second]


def local_measures(exports: Exports, rounds: int) -> list[Measure]:
    return measures(exports, rounds, "local", LOCAL_BOUND)


def ssh_measures(exports: Exports, rounds: int) -> list[Measure]:
    return measures(exports, rounds, "over SSH", SSH_BOUND)
