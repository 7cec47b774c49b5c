# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which keys a broken algorithm affects, across tenants, and the request that is prepared."""

from __future__ import annotations

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.filter.breach_response_keys import FilterModule
from ansible_collections.infoprotect.tenant_key.plugins.filter.breach_response_table import FilterModule as Table
from ansible_collections.infoprotect.tenant_key.plugins.plugin_utils._incident_keys import request

from .incident_made import CASE, KEY, OTHER_KEY, TPD, key

KEYS = FilterModule().filters()["breach_response_keys"]
TABLE = Table().filters()["breach_response_table"]
OLD = {"key_id": OTHER_KEY.upper(), "fingerprint": "0" * 64, "key_size": 1024, "crypto_mode": 1}
THIRD = "886313e1-3b8a-5372-9b90-0c9aee199e5d"


def keys(**changes):
    made = {"tenant": "contoso", "case": CASE, "archived": [], "tenant_keys": [], "below": 0}
    return KEYS({**made, **changes})


def test_what_the_export_shows():
    (found,) = keys()
    assert (found["key_id"], found["key_size"], found["crypto_mode"], found["source"]) == (KEY, 2048, 2, "the export")
    assert (found["affected"], found["status"]) == (True, None)


def test_everything_that_is_known_by_size():
    archived = [{"file": "/srv/old", "tpd": OLD}, {"file": "/srv/closed", "tpd": {}}]
    told = [key("{" + KEY + "}"), key(OTHER_KEY, "Archived"), key(THIRD, "Archived")]
    found = keys(archived=archived, tenant_keys=told)
    assert [(one["key_id"], one["key_size"], one["status"], one["source"]) for one in found] == [
        (THIRD, None, "Archived", "the tenant"),
        (OTHER_KEY, 1024, "Archived", "/srv/old"),
        (KEY, 2048, "Active", "the export"),
    ]


@pytest.mark.parametrize(("below", "affected"), [(0, True), (2048, False), (2049, True), (3072, True), (1024, False)])
def test_the_size_that_is_broken(below, affected):
    assert [one["affected"] for one in keys(below=below)] == [affected]


def test_a_key_of_unknown_size_counts_as_affected():
    (found,) = keys(case={}, tenant_keys=[key()], below=1024)
    assert found["affected"]


def test_nothing_is_known():
    assert keys(case={}) == []
    assert keys(case={"guid": "C"}) == []


def test_one_table_over_all_tenants():
    big = {**TPD, "key_id": THIRD, "key_size": 4096}
    tenants = [
        {"tenant": "contoso", "keys": keys(below=3072)},
        {
            "tenant": "adatum",
            "keys": keys(tenant="adatum", case={**CASE, "export": {**CASE["export"], "tpd": big}}, below=3072),
        },
        {"tenant": "fabrikam", "keys": []},
        {"tenant": "tailspin", "keys": None},
    ]
    assert TABLE(tenants) == [
        "| Tenant | Key | Bits | Mode | Status | Known from | Affected |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        f"| contoso | {KEY} | 2048 | 2 | unknown | the export | yes |",
        f"| adatum | {THIRD} | 4096 | 2 | unknown | the export | no |",
        "Tenant fabrikam: no key is known. There is no finished export, and the tenant was not read.",
        "Tenant tailspin: not looked at, see above why.",
    ]
    assert TABLE([])[0] == "No key is known."


def test_the_request():
    text = request("contoso", keys(tenant_keys=[key(), key(OTHER_KEY, "Archived")]))
    assert text.startswith("Do not send this before Microsoft says that the service supports the new keys.")
    assert f"- {KEY} (2048 bits, Active)" in text
    assert f"- {OTHER_KEY} (size unknown, Archived)" in text
    assert request("contoso", keys(below=1024)) == ""
