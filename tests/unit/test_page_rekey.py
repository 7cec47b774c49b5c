# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Microsoft's page has said of a rekey, edition by edition, and that a plan says it to whoever has to know.

The rows are taken from the page of 2016-06-03 (German), of 2017-07-19, and since August 2017. Each row has what its sentence
on the page says, in which mode it matters, and words without which the plan would not say it.
"""

from __future__ import annotations

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.filter.rekey_plan import FilterModule

from .rekey_made import AFTER, BYOK, NEW, OLD, done, key, situation, under_way, unread

PLAN = FilterModule().filters()["rekey_plan"]
BOTH = ("case", "self_service")

PAGE = [
    # edition, what it says, modes in which it is said, words of the plan
    ("2016, 2017", "only if it is really necessary", BOTH, ["only if it is really necessary"]),
    ("2016, 2017", "a reason: the company has split", BOTH, ["split into two or more", "new company does not"]),
    ("2016, 2017", "after a split, old content opens with a copy of the old key", BOTH, ["has a copy of the old key"]),
    (
        "2016, 2017",
        "a reason: the copy in your possession",
        BOTH,
        ["the copy of the key that is in your possession is believed to be compromised"],
    ),
    ("since 2017-08", "a reason: a mode 1 key from AD RMS", BOTH, ["cryptographic mode 1 that came from AD RMS"]),
    ("since 2017-08", "a reason: another topology", BOTH, ["a change of who manages the key"]),
    ("2016, 2017", "older clients", BOTH, ["Office 2010", "do not take a change of the key well"]),
    (
        "2016, 2017",
        "their state is to be cleared",
        BOTH,
        ["Group Policy or an equivalent mechanism", "tenant_key_clients"],
    ),
    (
        "2016, 2017",
        "the change-over is phased",
        BOTH,
        ["phased", "some new content is still protected with the old key"],
    ),
    ("2016, 2017", "old content stays with the old key", BOTH, ["already stays protected with the old key"]),
    ("2016, 2017", "the old key is retained", BOTH, ["retains that key, archived", "issuing licences"]),
    (
        "2016",
        "call support and prove who you are",
        ("case",),
        ["page of 2016: call support and prove that you are the admin"],
    ),
    (
        "2017",
        "a support case",
        ("case",),
        ["support case with a request to rekey your Azure Information Protection tenant key"],
    ),
    ("2017", "prove that you are an administrator", ("case",), ["prove that you are an administrator of the tenant"]),
    ("2017", "several days to confirm", ("case",), ["takes several days to confirm"]),
    ("2017", "it costs", ("case",), ["Standard support charges apply", "not free of charge"]),
    (
        "since 2017-08",
        "self-service instead of a case",
        ("case",),
        ["Since August 2017 the page describes self-service instead", "rekey_mode: self_service"],
    ),
    (
        "since 2017-08",
        "another Microsoft-managed key",
        ("self_service",),
        ["another Microsoft-managed key that it has already"],
    ),
    ("since 2017-08", "two only after AD RMS", ("self_service",), ["two or more only after a migration from AD RMS"]),
    ("since 2017-08", "a new one means BYOK", ("self_service",), ["A new key has to be one of your own (BYOK)"]),
    ("since 2017-08", "templates are signed anew", ("self_service",), ["All templates are signed anew", "take long"]),
    (
        "since 2017-08",
        "no 1024 bits",
        ("self_service",),
        ["against a key of 1024 bits", "in the middle of a migration from AD RMS"],
    ),
]


@pytest.mark.parametrize(("modes", "words"), [row[2:] for row in PAGE], ids=[f"{row[0]}: {row[1]}" for row in PAGE])
def test_the_plan_says_what_the_page_says(modes, words):
    for mode in BOTH:
        said = " ".join(PLAN(situation(mode=mode))["notes"])
        assert [word for word in words if word not in said] == ([] if mode in modes else words)


def test_nothing_else_is_said():
    """Each sentence of the notes is one of the page's, so a new one needs a row."""
    for mode in BOTH:
        words = [word for _edition, _what, modes, row in PAGE if mode in modes for word in row]
        for note in PLAN(situation(mode=mode))["notes"]:
            assert any(word in note for word in words), note


# What the page says and the plan not only tells, but does: the situation, and the part of the plan that shows it.
DONE = [
    (
        "an empty reason is no reason",
        {"reason": ""},
        "blocked",
        "The page names two: the company has split into two or more",
    ),
    ("no second key: BYOK", {"service__keys": [key()]}, "blocked", "Two exist only after a migration from AD RMS"),
    (
        "no second key: export first",
        {"service__keys": [key()], "case__export": {}},
        "blocked",
        "export the key that you have now",
    ),
    ("1024 bits", {"key_sizes": {NEW: 1024}}, "blocked", "has 1024 bits"),
    (
        "a key of one's own is not the target",
        {"service__keys": [key(), key(NEW, "Archived", BYOK)], "key_id": NEW},
        "blocked",
        BYOK,
    ),
    ("templates are backed up first", {}, "steps", "Back up all 2 templates"),
    (
        "exactly one is active, the old one archived",
        {},
        "steps",
        "exactly one key is active, it is the new one, and the old",
    ),
    ("clients are reset", {}, "steps", "Reset 2 clients"),
    ("a request is written", {"mode": "case"}, "steps", "write the request into /srv/contoso/rekey-request-"),
    ("who asks proves who they are", {"mode": "case"}, "steps", "proves to be an administrator of the tenant"),
    ("several days", {"mode": "case"}, "steps", "It is expected by 2026-03-09"),
    (
        "overdue",
        {"mode": "case", "case__rekeys": [under_way()], "time": "2026-03-09T00:00:00Z"},
        "warnings",
        "overdue since 2026-03-08T08:00:00Z",
    ),
    (
        "the tenant is not read",
        {"mode": "case", "case__rekeys": [under_way()], "service": unread()},
        "steps",
        "A person then says so with rekey_done",
    ),
    (
        "the old key is still needed",
        {"case__rekeys": [done()], "service__keys": AFTER},
        "after",
        f"it holds the old key {OLD}",
    ),
    (
        "also while it is phased",
        {"case__rekeys": [done()], "service__keys": AFTER},
        "after",
        "have not changed over yet",
    ),
    ("the new key wants an export", {"case__rekeys": [done()], "service__keys": AFTER}, "after", "start a new export"),
]


@pytest.mark.parametrize(("changes", "part", "says"), [row[1:] for row in DONE], ids=[row[0] for row in DONE])
def test_the_plan_does_what_the_page_says(changes, part, says):
    assert says in " ".join(PLAN(situation(**changes))[part])
