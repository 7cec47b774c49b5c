# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table at the end of a run of exports."""

from __future__ import annotations

from ansible_collections.infoprotect.tenant_key.plugins.filter.export_table import FilterModule

table = FilterModule().filters()["export_table"]
NOW = "2026-03-02T09:15:00Z"
WAITS = {"expected_by": "2026-03-12T09:15:00Z"}


def tenant(name, case, ended=True):
    return {"tenant": name, "ended": ended, "case": case}


def test_every_state_with_who_is_in_it_and_who_must_act_first():
    placed = {**WAITS, "export": {}, "placed": {}}
    imported = {**placed, "imported": {}}
    shown = table(
        [
            tenant("contoso", placed),
            tenant("adatum", placed),
            tenant("fabrikam", WAITS),
            tenant("northwind", {"expected_by": "2026-03-02T09:14:59Z"}),
            tenant("tailspin", {**WAITS, "export": {}}),
            tenant("wingtip", {}, ended=False),
            tenant("litware", placed, ended=False),
            tenant("woodgrove", {}),
            tenant("proseware", {**imported, "decommission": {}}),
            tenant("treyresearch", {**imported, "decommission": {"deactivated": {}}}),
        ],
        NOW,
    )
    assert [" ".join(line.split()) for line in shown] == [
        "failed: see its error above 2 litware, wingtip",
        "no case on record 1 woodgrove",
        "waiting, and the reply is overdue: ask support 1 northwind (by 2026-03-02)",
        "waiting for support's reply 1 fabrikam (by 2026-03-12)",
        "exported, but with no custodian yet 1 tailspin",
        "exported and placed 2 adatum, contoso",
        "exported, placed, and in AD RMS 1 proseware",
        "service deactivated 1 treyresearch",
    ]
    where = {line.index(line.rsplit("  ", maxsplit=1)[-1]) for line in shown}
    assert len(where) == 1, "the names stand below one another"


def test_a_run_without_tenants_says_so():
    assert table([], NOW) == ["No host of this play has a tenant (tenant_key_tenant)."]
