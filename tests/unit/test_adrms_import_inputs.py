# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role adrms_import is given: pairs of files, and what a person vouches for."""

from __future__ import annotations

import base64
import hashlib
from datetime import date, datetime, timedelta, timezone

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.infoprotect.tenant_key.plugins.filter.adrms_import_attestation import (
    FilterModule as Attestation,
)
from ansible_collections.infoprotect.tenant_key.plugins.filter.adrms_import_pairs import FilterModule as Pairs

from .adrms_made import case, on_record, record

PAIRS = Pairs().filters()["adrms_import_pairs"]
ATTEST = Attestation().filters()["adrms_import_attestation"]

# -- pairs -------------------------------------------------------------------------------------------------------------


def b64(content):
    return base64.b64encode(content).decode("ascii")


def sha256(content):
    return hashlib.sha256(content).hexdigest()


WANTED = {"display_name": "Contoso", "tpd_file": "/c/tpd.xml", "password_file": "/c/password.txt"}
TPD, PASSWORD = b"\xff\xfe made for a test", "Zürich 4711".encode("utf-16") + "\r\n".encode("utf-16-le")


def pairs(wanted, tpd_result, password_result):
    (found,) = PAIRS([wanted], [tpd_result], [password_result])
    return found


def test_a_pair_is_what_was_read():
    assert pairs(WANTED, {"content": b64(TPD)}, {"content": b64(PASSWORD)}) == {
        "display_name": "Contoso",
        "label": "Contoso (/c/tpd.xml)",
        "problem": "",
        "content": b64(TPD),
        "password": "Zürich 4711",
        "sha256": sha256(TPD),
    }


def test_pairs_stand_in_their_order():
    wanted = [WANTED, {**WANTED, "display_name": "Old"}]
    found = PAIRS(wanted, [{"content": b64(b"1")}, {"content": b64(b"2")}], [{"content": b64(b"p")}] * 2)
    assert [(pair["display_name"], pair["content"]) for pair in found] == [("Contoso", b64(b"1")), ("Old", b64(b"2"))]
    assert PAIRS([], [], []) == []


def test_the_hashes_on_record_are_required():
    hashes = {"tpd": sha256(TPD), "password": sha256(PASSWORD)}
    read = {"content": b64(TPD)}, {"content": b64(PASSWORD)}
    assert pairs({**WANTED, "sha256": hashes}, *read)["problem"] == ""
    for half, file in (("tpd", "/c/tpd.xml"), ("password", "/c/password.txt")):
        refused = pairs({**WANTED, "sha256": {**hashes, half: sha256(b"another")}}, *read)
        assert refused["problem"].startswith(f"{file} is not the file on record: its SHA-256 is another one.")
        assert refused.keys() == {"display_name", "label", "problem"}


def test_what_could_not_be_read_is_said():
    good = {"content": b64(TPD)}
    missing = {"msg": "\n file not found: /c/tpd.xml\nand more", "failed": True}
    assert pairs(WANTED, missing, good)["problem"] == "/c/tpd.xml could not be read: file not found: /c/tpd.xml"
    assert pairs(WANTED, good, {})["problem"] == "/c/password.txt could not be read: no reason was given"
    assert pairs(WANTED, good, {"content": b64(b"\n")})["problem"].startswith("The password file is empty.")
    with pytest.raises(AnsibleFilterError, match=r"The content of /c/tpd\.xml is not base64"):
        pairs(WANTED, {"content": "no base64"}, good)


# -- attestation -------------------------------------------------------------------------------------------------------

NOW = "2026-03-04T12:00:00Z"
SEEN = {"by": "Erika Mustermann", "at": "2026-03-03T10:00:00Z", "document": "offer-4711.docx"}


def attest(changes=None, of=None):
    imported = case(imported=on_record(record(), record(fingerprint="f2")))
    return ATTEST({**SEEN, **(changes or {})}, imported if of is None else of, NOW)


def test_a_whole_attestation_is_taken():
    assert attest() == {"details": SEEN, "problems": []}


@pytest.mark.parametrize("at", ["2026-03-02T09:15:00Z", "2026-03-02", "2026-03-04", NOW, " 2026-03-03 "])
def test_from_the_import_until_now(at):
    assert attest({"at": at}) == {"details": {**SEEN, "at": at.strip()}, "problems": []}


@pytest.mark.parametrize(
    ("at", "problem"),
    [
        ("2026-03-02T09:14:59Z", "2026-03-02T09:14:59Z is before the import (2026-03-02T09:15:00Z)."),
        ("2026-03-01", "2026-03-01 is before the import"),
        ("2026-03-04T12:00:01Z", "2026-03-04T12:00:01Z is in the future."),
        ("2026-03-05", "2026-03-05 is in the future."),
        ("yesterday", "yesterday is no time. Write 2026-03-02T09:15:00Z (UTC), or 2026-03-02."),
        ("2026-02-30", "2026-02-30 is no time."),
        ("2026-03-03T10:00:00", "2026-03-03T10:00:00 is no time."),
        ("2026-03-03T10:00:00+01:00", "2026-03-03T10:00:00+01:00 is no time."),
    ],
)
def test_another_time_is_refused(at, problem):
    (found,) = attest({"at": at})["problems"]
    assert found.startswith(problem)


def test_a_time_without_quotes_is_one_to_yaml():
    zone = timezone(timedelta(hours=2))
    for at, text in (
        (datetime(2026, 3, 3, 12, 0, 0, tzinfo=zone), "2026-03-03T10:00:00Z"),
        (datetime(2026, 3, 3, 10, 0, 0, tzinfo=timezone.utc), "2026-03-03T10:00:00Z"),
        (datetime(2026, 3, 3, 10, 0, 0), "2026-03-03T10:00:00Z"),
        (date(2026, 3, 3), "2026-03-03"),
    ):
        assert attest({"at": at}) == {"details": {**SEEN, "at": text}, "problems": []}


def test_every_part_is_needed():
    for name, what in (("by", "who has opened the document"), ("at", "when"), ("document", "which document")):
        for nothing in ("", "  ", None):
            assert attest({name: nothing})["problems"] == [f"It does not say {what} ({name})."]
    found = ATTEST({}, case(imported=on_record(record())), NOW)
    assert found["details"] == {"by": "", "at": "", "document": ""}
    assert len(found["problems"]) == 3


def test_nothing_else_is_taken():
    found = attest({"who": "me", "comment": "x"})
    assert found["problems"] == ["It has what it does not need: comment, who. Give by, at, document."]
    assert found["details"] == SEEN


@pytest.mark.parametrize(
    "sections", [{}, {"imported": {}}, {"imported": on_record()}, {"imported": on_record(record(fingerprint="f2"))}]
)
def test_without_the_import_there_is_nothing_to_attest(sections):
    (problem,) = attest(of=case(**sections))["problems"]
    assert problem.startswith("The import of the case's TPD is not on record")
