# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which incident a run goes on with, and what its folder holds then. Earlier evidence is kept."""

from __future__ import annotations

import base64
import json
import re

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.infoprotect.tenant_key.plugins.filter.breach_response_evidence import FilterModule as Evidence
from ansible_collections.infoprotect.tenant_key.plugins.filter.breach_response_find import FilterModule as Find
from ansible_collections.infoprotect.tenant_key.plugins.filter.breach_response_plan import FilterModule as Plan
from ansible_collections.infoprotect.tenant_key.plugins.filter.breach_response_record import FilterModule as Record

from .incident_made import CASE, event, log, looked, seen, situation

FIND = Find().filters()["breach_response_find"]
PLAN = Plan().filters()["breach_response_plan"]
EVIDENCE = Evidence().filters()["breach_response_evidence"]
RECORD = Record().filters()["breach_response_record"]
BASE = "/srv/contoso.incidents"
NAME = "key_leaked-2026-03-02"
TIME, LATER = "2026-03-02T10:00:00Z", "2026-03-05T10:00:00Z"


def file(name, **changes):
    document = {"schema": 1, "id": name, "incident": "key_leaked", "tenant": "contoso", "closed_at": None}
    document |= {"opened": TIME, "noticed": TIME, **changes}
    return {
        "path": f"{BASE}/{name}/incident.json",
        "content": base64.b64encode(json.dumps(document).encode()).decode(),
    }


def find(**changes):
    made = {"incident": "key_leaked", "tenant": "contoso", "case": CASE, "base": BASE, "files": [], "kept": []}
    return FIND({**made, "noticed": "", "time": TIME, **changes})


def entry(name=NAME, **changes):
    made = {"id": name, "incident": "key_leaked", "opened": TIME, "noticed": TIME, "directory": f"{BASE}/{name}"}
    return {**made, **changes}


def record(incident="key_leaked", **changes):
    now = {
        "found": find(incident=incident),
        "case": CASE,
        "time": TIME,
        "closing": "",
        "incident": incident,
        "tenant": "contoso",
        "evidence": EVIDENCE(seen()),
        "keys": [],
        "left": [],
        **changes,
    }
    name = now["found"]["id"]
    plan = PLAN(situation(incident, id=name, evidence=now["evidence"], case=now["case"], keys=now["keys"]))
    return RECORD({**now, "plan": plan})


def test_a_new_incident():
    found = find()
    assert (found["id"], found["directory"], found["new"]) == (NAME, f"{BASE}/{NAME}", True)
    assert (found["opened"], found["noticed"], found["document"]) == (TIME, TIME, {})
    assert find(noticed="Monday")["noticed"] == "Monday"


def test_the_open_one_is_found_again_on_another_day():
    found = find(case={**CASE, "incidents": [entry()]}, files=[file(NAME)], time=LATER)
    assert (found["id"], found["new"], found["opened"]) == (NAME, False, TIME)
    assert found["document"]["id"] == NAME
    # Its folder may have been moved away; the case record still knows it.
    assert find(case={**CASE, "incidents": [entry()]}, time=LATER)["id"] == NAME


def test_without_a_case_it_is_found_by_its_folder():
    assert find(case={}, files=[file(NAME)], time=LATER)["id"] == NAME
    assert find(case={}, files=[file(NAME, tenant="fabrikam")], time=LATER)["id"] == "key_leaked-2026-03-05"


def test_another_kind_is_another_incident():
    mine = {"case": {**CASE, "incidents": [entry()]}, "files": [file(NAME)]}
    assert find(incident="rights_misused", **mine)["id"] == "rights_misused-2026-03-02"


@pytest.mark.parametrize(
    ("incidents", "files"),
    [
        ([entry(closed_at=TIME)], [file(NAME, closed_at=TIME)]),
        ([entry()], [file(NAME, closed_at=TIME)]),  # stopped between the two
        ([entry(closed_at=TIME)], []),
        ([entry(closed_at=TIME)], [file(NAME)]),  # put back from a backup
        ([], [file(NAME, closed_at=TIME)]),
    ],
)
def test_a_closed_one_is_not_found_again(incidents, files):
    found = find(case={**CASE, "incidents": incidents}, files=files)
    assert (found["id"], found["new"]) == (f"{NAME}-2", True)
    taken = [file(NAME, closed_at=TIME), file(f"{NAME}-2", closed_at=TIME)]
    assert find(files=taken)["id"] == f"{NAME}-3"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'{"schema": 2}', b'{"schema": 1, "id": "x"}'])
def test_a_record_that_is_none_stops_the_run(content):
    damaged = {"path": f"{BASE}/{NAME}/incident.json", "content": base64.b64encode(content).decode()}
    with pytest.raises(AnsibleFilterError, match="is no record of an incident"):
        find(files=[damaged])


def test_what_is_written_first():
    made = record()
    document = made["document"]
    assert (document["schema"], document["id"], document["collected_at"]) == (1, NAME, TIME)
    assert (made["kept_as"], made["root_cause"], made["request"]) == ("", "", "")
    assert made["incidents"] == [entry()]
    assert (document["closed_at"], document["result"], document["left"]) == (None, None, [])


def found_again(first):
    content = base64.b64encode(json.dumps(first["document"]).encode()).decode()
    return find(time=LATER, files=[{"path": f"{BASE}/{NAME}/incident.json", "content": content}])


def again(first, **changes):
    found = found_again(first)
    return record(found=found, time=LATER, **changes)


def test_the_same_evidence_changes_nothing():
    first = record()
    second = again(first)
    assert second == first


def test_other_evidence_keeps_the_earlier():
    first = record()
    second = again(first, evidence=EVIDENCE(seen(log=log(event(1), event(2), event(3)))))
    assert (second["kept_as"], second["document"]["collected_at"]) == ("incident-1.json", LATER)
    # Also within the same second.
    third = record(
        found={**find(), "document": first["document"]}, evidence=EVIDENCE(seen(findings=[{"id": "x", "message": "y"}]))
    )
    assert third["kept_as"] == "incident-1.json"


def test_a_step_that_is_done_is_no_other_evidence():
    first = record()
    second = again(first, case={**CASE, "reprotected": {"id": NAME, "at": LATER}})
    assert (second["kept_as"], second["document"]["collected_at"]) == ("", TIME)
    assert second["document"]["steps"] != first["document"]["steps"]


def test_kept_states_are_counted():
    kept = [f"{BASE}/{NAME}/incident-{number}.json" for number in (1, 10, 2)] + [f"{BASE}/other/incident-11.json"]
    assert find(kept=kept)["next"] == 11


def test_closing():
    first = record()
    found = found_again(first)
    closed = RECORD(
        {"found": found, "case": {**CASE, "incidents": first["incidents"]}, "time": LATER, "closing": "A lost laptop."}
    )
    assert closed["document"] == {**first["document"], "closed_at": LATER, "result": "A lost laptop."}
    assert closed["incidents"] == [entry(closed_at=LATER)]
    assert closed["kept_as"] == ""
    assert f"Closed {LATER}: A lost laptop." in closed["page"]


def test_other_incidents_stay_on_record():
    other = entry("rights_misused-2026-01-01", incident="rights_misused")
    made = record(case={**CASE, "incidents": [other]})
    assert made["incidents"] == [other, entry()]


def test_the_page_says_it_all():
    document = record()
    for step in document["document"]["steps"]:
        assert step["text"] in document["page"]
        assert step["state"] in document["page"]
    for never in document["document"]["never"]:
        assert f"{never['what']} {never['why']}" in document["page"]
    for text in ("/s/ExportedTPD-G.xml on safe-2", "anna", "f" * 64, "super_users: m@x", "d" * 64, "created (1)"):
        assert text in document["page"]


def test_a_name_is_not_taken_for_markdown():
    item = {"custodian": "a|b", "host": "h", "what": "tpd", "file": "/s/<b>`x`\n# [y](z)"}
    page = record(evidence=EVIDENCE(seen(looked=[looked(item)])))["page"]
    assert "/s/\\<b\\>\\`x\\` # \\[y\\](z) on h (a\\|b)" in page


def test_the_check_list():
    made = record("rights_misused")["root_cause"]
    for about in ("Who had rights", "Super users", "Admin log", "Service principals", "Malware", "Process or bug"):
        assert f"\n## {about}\n\n- [ ] " in made
    assert len(re.findall(r"^- \[ \] .+\?$", made, re.MULTILINE)) == made.count("- [ ]") > 15


def test_a_rehearsal_is_said_to_be_one():
    assert "This is a rehearsal" in record(case={**CASE, "rehearsal": True})["page"]
    assert "rehearsal" not in record()["page"]
