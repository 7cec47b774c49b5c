# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an operator is shown of where tenants stand."""

from __future__ import annotations

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.filter.life_cycle_sentences import FilterModule as Sentences
from ansible_collections.infoprotect.tenant_key.plugins.filter.life_cycle_table import FilterModule as Table

from .life_cycle_made import (
    BACKUP,
    DEACTIVATED,
    ENDED,
    INCIDENT,
    KEY,
    OFF,
    PLACED,
    REHEARSAL,
    STATUS,
    key,
    log,
    service,
    status,
)

SENTENCES = Sentences().filters()["life_cycle_sentences"]
TABLE = Table().filters()["life_cycle_table"]
LOST = STATUS({"tenant": "tailspin", "host": "t", "problem": "No route to host.", "unreachable": True})
ODD = STATUS({"tenant": "adatum", "host": "a", "problem": "It is damaged.", "unreachable": False})


def named(name, found):
    return {**found, "tenant": name}


def test_what_is_overdue_stands_before_what_is_next():
    shown = SENTENCES(status({**PLACED, "incidents": [INCIDENT]}, service=service("Enabled", key())))
    kinds = [text.split(" ", maxsplit=1)[0] for text in shown]
    assert kinds == ["Tenant", *["OVERDUE:"] * 2, *["Next:"] * 2, "No", "No", "Exposure:", "Service:"]
    assert shown[0] == "Tenant contoso: placed, incident key_leaked since 2026-03-02T10:00:00Z (purpose leave)."
    assert shown[-1] == f"Service: Enabled; keys: {KEY} (Active, Microsoft-managed)."


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (status(), "Tenant contoso: no case on record."),
        (status(BACKUP), "Next: nothing."),
        (status(REHEARSAL), "Tenant contoso: placed, a rehearsal since 2026-03-02T10:00:00Z (purpose leave)."),
        (status(), "Service: the tenant was not asked, as aip_service_host is not set."),
        (
            status(service={"asked": True, "problem": "No route."}),
            "Service: the tenant could not be read. No route.",
        ),
        (status(service=service("Disabled")), "Service: Disabled; keys: none."),
        (
            status(DEACTIVATED, log=OFF),
            (
                f"Exposure: the key was out from {ENDED['since']} on, until the service was deactivated on {ENDED['until']} (3 days)."
            ),
        ),
        (
            status(BACKUP, log={}),
            "Exposure: the key was out from 2026-03-02T09:00:00Z on, and the service goes on (9 days).",
        ),
        (
            status(BACKUP, generations=[{"key_id": KEY, "opens": "It opens all.", "directory": "/srv/old"}]),
            "It opens all. Its case is in /srv/old.",
        ),
        (LOST, "Tenant tailspin: unreachable. No route to host."),
        (ODD, "Tenant adatum: unknown. It is damaged."),
    ],
)
def test_a_sentence_is_shown(found, sentence):
    assert sentence in SENTENCES(found)


def test_nothing_is_next_only_where_nothing_is_overdue():
    late = status({**BACKUP, "placed": {"at": "2026-03-02T10:00:00Z", "copies": PLACED["placed"]["copies"][:3]}})
    assert late["next"] == []
    assert not any(text.startswith("Next:") for text in SENTENCES(late))
    assert TABLE([late])[1].endswith("  what is overdue  1")


def test_nothing_is_said_of_an_exposure_that_never_was():
    assert not any(text.startswith("Exposure") for text in SENTENCES(status()))


def test_the_table_has_the_overdue_first_then_the_unseen_then_the_rest_by_name():
    found = [
        named("zoe", status(BACKUP)),
        ODD,
        named("bert", status({**PLACED, "placed": {}})),
        named("anna", status()),
        LOST,
        named("carl", status(PLACED)),
        named("abel", status(PLACED)),
    ]
    assert TABLE(found) == [
        "tenant    stage        since                 next                overdue",
        "bert      exported     2026-03-02T09:00:00Z  place the copies    3",
        "abel      placed       2026-03-02T10:00:00Z  import into AD RMS  1",
        "carl      placed       2026-03-02T10:00:00Z  import into AD RMS  1",
        "adatum    unknown      -                     look at it          ?",
        "tailspin  unreachable  -                     look at it          ?",
        "anna      none         -                     export, if wanted   0",
        "zoe       placed       2026-03-02T10:00:00Z  -                   0",
    ]


def test_a_table_of_nobody():
    assert TABLE([]) == ["No host of this play has a tenant (tenant_key_tenant)."]


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "less than a day"), (86399, "less than a day"), (86400, "1 day"), (2 * 86400, "2 days")]
)
def test_how_long_it_lasts_is_said_in_days(seconds, text):
    exposure = {"since": "2026-03-02T09:00:00Z", "until": None, "seconds": seconds, "open": True}
    assert any(f"({text})" in shown for shown in SENTENCES(status(PLACED, log=log(exposure=exposure))))
