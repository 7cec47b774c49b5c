# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The three rows of Microsoft's table of incidents, held against what the playbook says and does.

The left-hand side was written from the page (section "Respond to a breach", 2016-06-03 and 2017-07-19), not from the code:
for each row words that what is said must hold, in one sentence each, and what it must not hold.
"""

from __future__ import annotations

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.filter.breach_response_plan import FilterModule

from .incident_made import situation

PLAN = FilterModule().filters()["breach_response_plan"]

# What happened; what the page's answer says; whether the playbook starts a rekey.
ROWS = {
    "key_leaked": (
        ("tenant key", "leaked"),
        [("rekey", "tenant key")],
        True,
    ),
    "rights_misused": (
        ("malware", "rights to use", "key itself did not leak", "without authorization"),
        [
            ("rekeying", "does not help"),
            ("root-cause analysis",),
            ("bug", "process", "software", "must be resolved"),
        ],
        False,
    ),
    "algorithm_broken": (
        ("RSA", "length of the key", "brute force"),
        [
            ("Microsoft must update", "new algorithms", "longer keys"),
            ("Microsoft", "instructs all customers", "renew their tenant keys"),
        ],
        False,
    ),
}
# What the page says of every incident, beside the table.
ALWAYS = [
    ("Microsoft", "notifies", "administrators", "e-mail", "address", "subscription"),
    ("exact response depends", "investigation"),
]
# What follows from a row for what there is to do, and by whom.
STEPS = {
    "key_leaked": [("playbook", "rekey"), ("playbook", "password"), ("person", "mailbox"), ("person", "clients")],
    "rights_misused": [("playbook", "root-cause"), ("person", "bug"), ("person", "rights"), ("person", "mailbox")],
    "algorithm_broken": [("playbook", "size and mode"), ("person", "Microsoft says"), ("person", "renew")],
}
NEVER = {
    "key_leaked": ("new password", "stays leaked"),
    "rights_misused": ("rekey", "uses the new key"),
    "algorithm_broken": ("rekey before the service is updated", "same kind"),
}


def holds(sentence, words):
    return all(word.lower() in sentence.lower() for word in words)


@pytest.mark.parametrize("incident", ROWS)
def test_the_playbook_says_what_the_page_says(incident):
    happened, answers, _rekeys = ROWS[incident]
    plan = PLAN(situation(incident))
    assert holds(plan["title"], happened)
    for words in [*answers, *ALWAYS]:
        assert any(holds(said, words) for said in plan["page"]), words
        assert any(holds(said, words) for said in plan["shown"]), words


@pytest.mark.parametrize("incident", ROWS)
def test_the_playbook_rekeys_where_the_page_does(incident):
    rekeys = ROWS[incident][2]
    plan = PLAN(situation(incident, phase="all"), None)
    assert plan["starts_rekey"] is rekeys
    assert bool(plan["confirmation"]) is rekeys
    assert bool(plan["blocked"]) is not rekeys
    assert ("rekey" in [step["id"] for step in plan["steps"]]) is rekeys


@pytest.mark.parametrize("incident", ROWS)
def test_who_does_what_follows_from_it(incident):
    plan = PLAN(situation(incident))
    for by, words in STEPS[incident]:
        assert any(step["by"] == by and holds(step["text"], (words,)) for step in plan["steps"]), (by, words)
    assert all(step["state"] == "handed to a person" for step in plan["steps"] if step["by"] == "person")
    what, why = NEVER[incident]
    assert any(holds(never["what"], (what,)) and holds(never["why"], (why,)) for never in plan["never"])


def test_a_rekey_is_advised_in_one_row_only():
    for incident in ("rights_misused", "algorithm_broken"):
        plan = PLAN(situation(incident))
        assert not any(holds(said, ("rekey the tenant key",)) for said in plan["page"])
        assert "rekey" in plan["refusal"]


def test_the_rows_are_all_there_are():
    with pytest.raises(KeyError):
        PLAN(situation("key_lost"))
