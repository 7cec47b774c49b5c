# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder of evidence from run to run: what is written, what keeps its time, what is left as it is."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.infoprotect.tenant_key.plugins.plugin_utils._evidence_folder import file_name

from . import evidence_made as made
from .evidence_pages_made import PAGES

LATER = "2026-07-01T18:00:00Z"


class Folder:
    """What lies there; a run writes into it as the role does, and says what it has changed."""

    def __init__(self):
        self.files = {}

    def run(self, *documents, paths="names"):
        found = [{"name": name, "content": text} for name, text in sorted(self.files.items()) if name.endswith(".json")]
        made = PAGES(list(documents), found, paths)
        changed = [file["name"] for file in made["files"] if self.files.get(file["name"]) != file["content"]]
        self.files.update({file["name"]: file["content"] for file in made["files"]})
        self.remarks = made["remarks"]
        return changed

    def read(self, name):
        return json.loads(self.files[f"{name}.json"])

    def row(self, tenant):
        return next(row for row in self.read("index")["tenants"] if row["tenant"] == tenant)


@pytest.fixture
def folder():
    made_up = Folder()
    made_up.run(made.document(), made.document(made.PLACED, made.KEPT, tenant="northwind"))
    return made_up


def test_what_is_seen_as_before_is_left_as_it_is(folder):
    assert (
        folder.run(made.document(now=LATER), made.document(made.PLACED, made.KEPT, tenant="northwind", now=LATER)) == []
    )
    assert folder.read("contoso")["collected_at"] == made.NOW


def test_what_has_changed_has_the_time_of_this_run(folder):
    changed = folder.run(made.document(made.PLACED, made.KEPT, now=LATER))
    assert changed == ["contoso.json", "contoso.html", "index.json", "index.html"]
    assert folder.read("contoso")["collected_at"] == LATER == folder.row("contoso")["collected_at"]


def test_another_day_of_exposure_is_a_change(folder):
    assert "northwind.html" in folder.run(
        made.document(made.PLACED, made.KEPT, tenant="northwind", now="2026-07-02T09:00:00Z")
    )
    assert folder.row("northwind")["exposed_days"] == 109


def test_a_tenant_that_could_not_be_looked_at_keeps_its_page(folder):
    page = folder.files["contoso.html"]
    assert folder.run(made.unseen()) == ["index.json", "index.html"]
    assert folder.files["contoso.html"] == page
    assert (folder.row("contoso")["problem"], folder.row("contoso")["verdict"]) == ("No route to host.", "good")
    assert folder.run(made.unseen(now=LATER)) == []
    # A run for others does not know; one for this tenant does.
    assert folder.run(made.document(made.PLACED, made.KEPT, tenant="northwind")) == []
    assert folder.row("contoso")["problem"] == "No route to host."
    folder.run(made.document())
    assert folder.row("contoso")["problem"] == ""


def test_one_that_was_never_seen_has_a_page_that_says_so(folder):
    assert folder.run(made.unseen("tailspin"))[:2] == ["tailspin.json", "tailspin.html"]
    assert (folder.row("tailspin")["verdict"], folder.row("tailspin")["problem"]) == ("unknown", "No route to host.")
    assert folder.run(made.unseen("tailspin", now=LATER)) == []
    assert "tailspin.html" in folder.run(made.unseen("tailspin", "Another reason."))
    assert "tailspin.html" in folder.run(made.document(tenant="tailspin"))
    assert folder.row("tailspin")["verdict"] == "good"


def test_the_index_has_every_tenant_of_the_folder(folder):
    folder.run(made.document(tenant="adatum"))
    assert [row["tenant"] for row in folder.read("index")["tenants"]] == ["northwind", "adatum", "contoso"]
    assert folder.read("index")["totals"] == {"tenants": 3, "good": 2, "attention": 1, "bad": 0, "unknown": 0}


def test_why_an_earlier_run_could_not_look_is_not_told_where_less_may_be(folder):
    folder.run(made.unseen(problem="No /srv/x.", paths="full"), paths="full")
    assert folder.row("contoso")["problem"] == "No /srv/x."
    folder.run(made.document(made.PLACED, made.KEPT, tenant="northwind"), paths="names")
    assert folder.row("contoso")["problem"] == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '"x"',
        "{}",
        '{"schema": 2}',
        '{"schema": 1, "kind": "tenant", "tenant": "stray"}',
        "[" * 100000,
    ],
)
def test_what_is_no_evidence_is_named_and_left_alone(folder, text):
    folder.files["stray.json"] = text
    folder.run(made.document())
    assert folder.remarks == [
        "stray.json in the folder of evidence is no evidence that this release knows. The index leaves it out."
    ]
    assert folder.files["stray.json"] == text


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("tenant", 1),
        ("seen", "yes"),
        ("verdict", "splendid"),
        ("numbers", {}),
        ("exposure", {"spans": ["x"]}),
        ("exposure", {}),
        ("case", None),
        ("since", 5),
        ("tenant", "contoso"),
    ],
)
def test_a_file_that_was_edited_takes_nobody_elses_place(folder, member, value):
    folder.files["northwind.json"] = json.dumps({**folder.read("northwind"), member: value})
    folder.run(made.document())
    assert [row["tenant"] for row in folder.read("index")["tenants"]] == ["contoso"]
    assert len(folder.remarks) == 1


def test_an_index_that_was_edited_is_made_anew(folder):
    for text in ("{", "[]", '{"paths": "names", "tenants": 5}', '{"paths": "names", "tenants": [5, {"tenant": 1}]}'):
        folder.files["index.json"] = text
        assert "index.json" in folder.run(made.document())
        assert folder.row("contoso")["problem"] == ""


def test_two_hosts_with_one_tenant_are_refused(folder):
    with pytest.raises(AnsibleFilterError, match="The hosts one, two have the same tenant_key_tenant contoso"):
        folder.run({**made.document(), "host": "one"}, {**made.document(), "host": "two"})


@pytest.mark.parametrize(
    ("tenant", "name"),
    [
        ("contoso", "contoso"),
        ("contoso.onmicrosoft.com", "contoso.onmicrosoft.com"),
        ("../../etc/passwd", "%2E.%2F..%2Fetc%2Fpasswd"),
        (".hidden", "%2Ehidden"),
        ("..", "%2E."),
        ("index", "%69ndex"),
        ("INDEX", "%49NDEX"),
        ("Zürich AG", "Z%C3%BCrich%20AG"),
        ("a%2Fb", "a%252Fb"),
    ],
)
def test_a_tenant_may_be_called_anything(tenant, name):
    assert file_name(tenant) == name
    made_up = Folder()
    made_up.run(made.document(tenant=tenant), made.unseen("other"))
    assert {f"{name}.json", f"{name}.html", "other.html", "index.html"} < made_up.files.keys()
    assert made_up.run(made.document(tenant=tenant, now=LATER)) == []


def test_long_names_stay_apart():
    long = ["é" * 300, "é" * 301]
    names = [file_name(tenant) for tenant in long]
    assert (len(set(names)), max(map(len, names))) == (2, 180)


DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "evidence.md").read_text(encoding="utf-8")


def test_the_documentation_names_every_member(folder):
    """Of the tables in docs/evidence.md, those below the heading on the JSON file."""
    section = DOCUMENT.partition("## The JSON file")[2]
    named = set(re.findall(r"`(\w+)`", section))
    found = folder.read("contoso")
    lists = ("claims", "copies", "findings", "events")
    parts = [
        found,
        folder.read("index"),
        folder.row("contoso"),
        found["case"],
        found["numbers"],
        found["timeline"],
        found["exposure"],
        found["log"],
    ]
    parts += [found[name][0] for name in lists if found[name]]
    parts += [found["timeline"]["milestones"][0], found["exposure"]["spans"][0], found["log"]["anchors"][0]]
    assert {name for part in parts for name in part} - named == set()
    example = json.loads(section.partition("```json\n")[2].partition("```")[0])
    assert example.keys() <= found.keys()
    assert example["claims"][0].keys() == found["claims"][0].keys()
