# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of a text is shown: paths as far as they are allowed, nothing withheld, nothing that cannot be seen."""

from __future__ import annotations

import json
import re

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.plugin_utils._evidence_shown import Shown
from hypothesis import given
from hypothesis import strategies as st

from . import evidence_made as made
from .custody_made import examples

FOLDERS = ("/media/first drive/contoso", "/media/second drive/contoso", "/a safe")
PATHS = (f"{FOLDERS[0]}/TPD-1.xml", "/srv/tenant keys/contoso", "/srv/tenant keys/contoso/case.json", *FOLDERS)

URL = "See https://a.example:8443/_wmcs/licensing?x=/etc."
# What is said, and what of it is shown where names are allowed, and where nothing is.
TEXTS = [
    ("Nothing of a path.", "Nothing of a path.", "Nothing of a path."),
    ("and/or, 3/4, +/-", "and/or, 3/4, +/-", "and/or, 3/4, +/-"),
    (URL, URL, URL),
    ("It is /etc/passwd.", "It is passwd.", "It is [path]."),
    ("(/etc/passwd): /etc/shadow, /etc/", "(passwd): shadow, etc", "([path]): [path], [path]"),
    ("vault:/etc/passwd", "vault:passwd", "vault:[path]"),
    ("file:///etc/passwd //server/share", "file:passwd share", "file:[path] [path]"),
    ("~anna/keys/x ~/y", "x y", "[path] [path]"),
    (r"C:\keys\x.xml and \\server\share\y.xml", "x.xml and y.xml", "[path] and [path]"),
    ("/ and //", "/ and //", "/ and //"),
    ("/srv/tenant keys/contoso/case.json is damaged.", "case.json is damaged.", "[file] is damaged."),
    ("/srv/tenant keys/contoso-2/case.json", "tenant keys/contoso-2/case.json", "[path] keys/contoso-2/[file]"),
    ("The TPD at /media/first drive/contoso: /media/first drive/contoso/TPD-1.xml.", "The TPD at contoso (1): TPD-1.xml.", "The TPD at folder 2: [file]."),
    ("/media/second drive/contoso:TPD-1.xml", "contoso (2):TPD-1.xml", "folder 3:[file]"),
    ("/a safe, /a", "a safe, a", "folder 1, [path]"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "names", "none"), TEXTS)
def test_paths(said, names, none):
    shown = [Shown(allowed, PATHS, FOLDERS).text(said) for allowed in ("names", "none", "full")]
    assert shown == [names, none, said]


@pytest.mark.parametrize("allowed", ["none", "names", "full"])
def test_what_is_withheld_is_withheld_whatever_is_allowed(allowed):
    shown = Shown(allowed, PATHS, FOLDERS, ["ab" * 32, ""])
    assert shown.text(f"x{'AB' * 32}y, {'ab' * 31}") == f"x[withheld]y, {'ab' * 31}"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("two\nlines\tand a tab", "two lines and a tab"),
        ("bell\a and zero\0", "bell\N{REPLACEMENT CHARACTER} and zero\N{REPLACEMENT CHARACTER}"),
        ("turned \u202efdp.exe", "turned \N{REPLACEMENT CHARACTER}fdp.exe"),
        ("half a sign \ud800", "half a sign \N{REPLACEMENT CHARACTER}"),
        ("Zürich, \u05d0\u05d1, \u6771\u4eac", "Zürich, \u05d0\u05d1, \u6771\u4eac"),
    ],
)
def test_nothing_is_shown_that_cannot_be_seen(said, shown):
    assert Shown("full").text(said) == shown


def test_every_text_of_a_document_goes_through_it():
    document = {"a": ["/etc/passwd", {"b": "/etc/shadow"}], "c": 1, "d": None, "e": True}
    assert Shown("names").all(document) == {"a": ["passwd", {"b": "shadow"}], "c": 1, "d": None, "e": True}


@examples(500)
@given(st.text(alphabet="ab /\\~:.,()'\n\0é-_", max_size=40))
def test_no_way_to_a_file_is_left_in_any_text(text):
    for allowed in ("names", "none"):
        shown = Shown(allowed, PATHS, FOLDERS).text(text)
        assert shown.isprintable()
        # A path begins where no word or another path is going on.
        assert not re.search(r"(^|[ (])/+[^\s,;:()'\[]*\w", shown)


def texts(value):
    if isinstance(value, dict):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize(
    ("case", "events"), [(made.LEFT, made.GONE), (made.PLACED, made.KEPT), (made.OPENED, made.REQUESTED)]
)
def test_no_path_gets_into_evidence_that_is_not_allowed(case, events):
    results = [{"item": one, "unreachable": True, "msg": f"No such file: {one['file']}"} for one in made.COPIES]
    full, names, none = (
        json.dumps(made.document(case, events, results if case is made.PLACED else None, paths=allowed))
        for allowed in ("full", "names", "none")
    )
    given = [path for path in texts(case) if path.startswith("/")]
    assert made.FOLDER in full
    for folder in ("/srv", "/media", "first drive", "second drive", "tenant keys"):
        assert folder not in names
        assert folder not in none
    for path in given:
        assert path.rpartition("/")[2] not in none or path.rpartition("/")[2] == "contoso"


def test_a_tenant_is_called_what_it_is_called():
    assert made.document(tenant="/srv/contoso")["tenant"] == "/srv/contoso"
