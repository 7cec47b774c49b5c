# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure 4: many tenants in one run against fewer, and what the controller's processes need together."""

from __future__ import annotations

from measure import Contestant, Figures, Measure, alternate, highest, ratio, series
from plays import MIB, Controller, local
from tenants import Secret, tenants

TIME_BOUND, MEMORY_BOUND = 1.15, 1536  # MiB


def _contestant(controller: Controller, held: Secret, count: int) -> Contestant:
    def export(_round: int) -> Figures:
        with tenants(controller.scratch, count, held) as fleet:
            inventory = controller.inventory("fleet", fleet.hosts(), {**local(), "export_rehearsal": True})
            request = controller.play("plays/export.yml", inventory, watch_memory=True)
            fleet.answer()
            finish = controller.play("plays/export.yml", inventory, watch_memory=True)
            fleet.require_exported(f"a run with {count} tenants")
        return {"export": (request.seconds + finish.seconds) / count, "peak": max(request.peak, finish.peak) / MIB}

    return export


def measure(controller: Controller, held: Secret, few: int, many: int, rounds: int) -> Measure:
    """Both sizes, alternating."""
    results = alternate({f"{count:,} tenants": _contestant(controller, held, count) for count in (few, many)}, rounds)
    cost = [series(name, "s", found, "export", 1) for name, found in results.items()]
    memory = [series(f"memory, {name}", "MiB", found, "peak", 1) for name, found in results.items()]
    often = "once" if rounds == 1 else f"{rounds} times"
    return Measure(
        "A fleet in one run",
        f"Seconds per tenant as for the export, local, {controller.forks} forks; MiB as the highest sum of PSS over ansible-playbook"
        f" and all its processes, sampled twice a second. Each size ran {often}.",
        cost + memory,
        [
            ratio(f"time per tenant, {many:,} tenants to {few:,}", cost[1], cost[0], TIME_BOUND),
            highest(f"memory of all processes, {many:,} tenants", memory[1], MEMORY_BOUND),
        ],
    )
