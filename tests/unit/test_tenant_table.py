# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table at the end of a run."""

from __future__ import annotations

from ansible_collections.infoprotect.tenant_key.plugins.filter.tenant_table import FilterModule

table = FilterModule().filters()["tenant_table"]
NOW = "2026-03-02T09:15:00Z"
WAITS = {"expected_by": "2026-03-12T09:15:00Z"}


def tenant(name, case, ended=True):
    return {"tenant": name, "ended": ended, "case": case}


def words(shown):
    return [" ".join(line.split()) for line in shown]


def test_every_state_with_who_is_in_it_and_who_must_act_first():
    placed = {**WAITS, "export": {}, "placed": {"copies": [{}]}}
    imported = {**placed, "imported": {}}
    shown = table(
        [
            tenant("contoso", placed),
            tenant("adatum", placed),
            tenant("fabrikam", WAITS),
            tenant("northwind", {"expected_by": "2026-03-02T09:14:59Z"}),
            tenant("tailspin", {**WAITS, "export": {}, "placed": {"copies": []}}),
            tenant("wingtip", {}, ended=False),
            tenant("litware", placed, ended=False),
            tenant("woodgrove", {}),
            tenant("proseware", {**imported, "decommission": {}}),
            tenant("treyresearch", {**imported, "decommission": {"deactivated": {}}}),
        ],
        "case",
        NOW,
    )
    assert words(shown) == [
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
    assert table([], "case", NOW) == ["No host of this play has a tenant (tenant_key_tenant)."]


def test_how_far_a_rekey_has_got():
    statuses = ("done", "changing_over", "waiting", "opened", "planned", "unchanged")
    tenants = [{"tenant": status, "ended": True, "rekey": {"status": status, "blocked": []}} for status in statuses]
    refused = {"tenant": "northwind", "ended": True, "rekey": {"status": "planned", "blocked": ["There is no case."]}}
    failed = {"tenant": "adatum", "ended": False, "rekey": {"status": "planned", "blocked": []}}
    assert words(table([*tenants, refused, failed], "rekey", NOW)) == [
        "failed: see its error above 1 adatum",
        "not possible as it is: see its plan above 1 northwind",
        "planned, and nothing has been changed 1 planned",
        "opened: send the request to support 1 opened",
        "waiting for support 1 waiting",
        "another key is active, and clients are left 1 changing_over",
        "another key is active 1 done",
        "nothing to change 1 unchanged",
    ]


def test_what_an_audit_has_found():
    severities = {"contoso": ["warning", "error"], "adatum": ["warning"], "fabrikam": []}
    tenants = [
        {"tenant": name, "ended": True, "findings": [{"severity": severity} for severity in found]}
        for name, found in severities.items()
    ]
    assert words(table(tenants, "audit", NOW)) == [
        "with errors in custody 1 contoso",
        "with warnings 1 adatum",
        "nothing found to be wrong 1 fabrikam",
    ]


def test_a_drill_is_no_recovery():
    tenants = [{"tenant": name, "ended": True, "drill": name == "adatum"} for name in ("contoso", "adatum")]
    assert words(table(tenants, "recover", NOW)) == [
        "recovered 1 contoso",
        "could be recovered: the drill has passed 1 adatum",
    ]
