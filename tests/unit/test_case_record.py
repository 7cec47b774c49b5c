# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""case_record through its module's main(): one task that reads a case and, where told, opens it and adds to it."""

from __future__ import annotations

import json
import os
import uuid
from datetime import datetime, timedelta, timezone

import pytest
from ansible.plugins.filter.core import to_nice_json

from .conftest import sha256, tree

NEW = {
    "schema": 1,
    "tenant": "contoso",
    "rehearsal": False,
    "purpose": "leave",
    "guid": "7BE4A8F2-0000-4000-8000-00000000000A",
    "opened": "2026-03-02T09:15:00Z",
}
TPD = b"<a TPD that was made for a test/>"
PASSWORD = "a password made for a test".encode("utf-16-le")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "contoso" / "case.json"


@pytest.fixture
def lay(path):
    """lay(case) puts a record there, as another run has left it."""

    def put(case):
        path.parent.mkdir(mode=0o700, exist_ok=True)
        path.write_text(case if isinstance(case, str) else text(case), encoding="utf-8")
        path.chmod(0o600)

    return put


def text(case):
    """As the filter writes it with which records were written before there was this module."""
    return to_nice_json(case, ensure_ascii=False) + "\n"


def on_disk(path):
    return json.loads(path.read_text(encoding="utf-8"))


def test_open_a_case_and_go_on_with_it(operator, path):
    support = {"support_case": "120071599000123 (Zürich)"}
    done = operator.four_runs("case_record", path=str(path), tenant="contoso", new=NEW, record=support)
    assert done["case"] == on_disk(path) == {**NEW, **support}
    assert path.read_text(encoding="utf-8") == text({**NEW, **support})
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    # What a case begins with counts no more once there is one.
    later = operator.run("case_record", path=str(path), new={**NEW, "guid": "another"}, record={"purpose": "backup"})
    assert later["changed"]
    assert later["case"] == on_disk(path) == {**NEW, **support, "purpose": "backup"}


def test_what_a_new_case_need_not_be_told(operator, path):
    given = {"path": str(path), "tenant": "contoso", "rehearsal": True, "expected_days": 21}
    begun = datetime.now(timezone.utc).replace(microsecond=0)
    case = operator.run("case_record", **given, new={"purpose": "leave", "guid": ""})["case"]
    assert case == on_disk(path)
    opened, expected = (
        datetime.fromisoformat(case.pop(name).replace("Z", "+00:00")) for name in ("opened", "expected_by")
    )
    assert begun <= opened <= datetime.now(timezone.utc)
    assert expected - opened == timedelta(days=21)
    guid = case.pop("guid")
    assert guid == str(uuid.UUID(guid)).upper()
    assert case == {"schema": 1, "tenant": "contoso", "rehearsal": True, "purpose": "leave"}
    # Nothing of it counts for a case that there is.
    again = operator.again("case_record", False, **{**given, "expected_days": 3}, new={"guid": ""})
    assert (again["changed"], again["case"]["guid"]) == (False, guid)
    other = path.parent.with_name("fabrikam") / "case.json"
    assert operator.run("case_record", path=str(other), new={})["case"]["guid"] != guid


def test_replies_that_have_come(operator, path, lay, tmp_path):
    lay(NEW)
    guid = "77172c7b-8e21-48b7-9854-7a4ceac474d0"
    replies = [path.parent / f"TPD-{guid}.xml", path.parent / f"tpd-{guid.upper()}.TPD"]
    others = [
        f"ExportedTPD-{guid}.xml",
        f"Password-{guid}.txt",
        f"TPD-{guid}.xml.bak",
        "TPD-1.xml",
        f"TPD-{guid}.xml\n",
    ]
    other = tmp_path / "other"
    other.mkdir()
    for file in (*replies, *(path.parent / name for name in others), other / f"TPD-{guid}.xml"):
        file.write_bytes(TPD)
    arrives = other / "reply from support"
    given = {"path": str(path), "look_in": [str(other)], "look_at": [str(arrives), str(replies[0])]}
    assert operator.run("case_record", **given)["replies"] == sorted(map(str, replies))
    arrives.write_bytes(TPD)
    assert operator.run("case_record", **given)["replies"] == sorted(map(str, [*replies, arrives]))
    (tmp_path / "way").symlink_to(path.parent)
    ways = [f"{path.parent}//{replies[0].name}", str(tmp_path / "way" / replies[1].name)]
    assert operator.run("case_record", path=str(path), look_at=ways)["replies"] == sorted(map(str, replies))
    named = operator.run("case_record", path=str(path), look_at=[str(path.parent / others[0])])
    assert named["replies"] == sorted(map(str, [*replies, path.parent / others[0]]))


def test_reading_changes_nothing(operator, path, lay, tmp_path):
    lay(NEW)
    path.chmod(0o644)
    path.parent.chmod(0o777)  # what is written would be refused here
    (tmp_path / "way").symlink_to("contoso")
    before = tree(tmp_path)
    for given in (path, tmp_path / "way" / "case.json"):
        for check in (True, False):
            answer = operator.run("case_record", check=check, path=str(given), tenant="contoso")
            assert (answer["changed"], answer["case"], answer["pair"], answer["found"]) == (False, NEW, {}, [])
    assert tree(tmp_path) == before
    operator.refused("case_record", "(mode 0777) may be written by", path=str(path), record={"purpose": "backup"})


@pytest.mark.parametrize("gone", ["record", "folder", "all"])
def test_no_record_is_an_empty_one(operator, path, tmp_path, gone):
    if gone == "record":
        path.parent.mkdir()
    given = tmp_path / "a" / "b" / "case.json" if gone == "all" else path
    before = tree(tmp_path)
    answer = operator.run("case_record", path=str(given), tenant="contoso")
    assert (answer["changed"], answer["case"], answer["pair"], answer["found"]) == (False, {}, {}, [])
    assert answer["unread"] == ([] if given.parent.exists() else [str(given.parent)])
    assert tree(tmp_path) == before


def test_a_record_of_earlier_times_is_not_written_again(operator, path, lay):
    # Neither are records that were made by hand, with as little as a role needs.
    for case in (NEW, {"guid": "7BE4A8F2", "export": {"checks": [], "ü": None, "size": 2048, "ratio": 1.5}}):
        lay(case)
        before = tree(path.parent)
        assert operator.run("case_record", path=str(path), record=dict(list(case.items())[:1]))["changed"] is False
        assert tree(path.parent) == before


@pytest.mark.parametrize(
    ("tenant", "rehearsal", "words"),
    [
        ("fabrikam", False, "holds a case of tenant contoso (a real one), not this real case of tenant fabrikam."),
        ("contoso", True, "holds a case of tenant contoso (a real one), not this rehearsal of tenant contoso."),
    ],
)
def test_the_case_of_somebody_else(operator, path, lay, tenant, rehearsal, words):
    lay(NEW)
    given = {"path": str(path), "tenant": tenant, "rehearsal": rehearsal}
    for more in ({}, {"record": {"purpose": "backup"}}, {"new": NEW}):
        operator.refused("case_record", f"The folder {path.parent} {words} Give each case a folder", **given, **more)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"tenant":', "is damaged: it is no JSON object"),
        ("[]", "is damaged: it is no JSON object"),
        ("[" * 100_000, "is damaged: it is no JSON object"),
        ('{"schema": 2}', "has a schema that is not 1"),
    ],
)
def test_a_record_that_cannot_be_understood(operator, path, lay, content, words):
    lay(content)
    for more in ({}, {"record": {"purpose": "backup"}}, {"new": NEW}):
        operator.refused("case_record", str(path), words, path=str(path), **more)


def test_hashes_that_no_task_has_to_know(operator, path, lay, tmp_path):
    lay({**NEW, "export": {"sha256": {"tpd": "the old one"}}})
    for name, content in (("password", PASSWORD), ("tpd", TPD)):
        (tmp_path / name).write_bytes(content)
    files = {"reply.sha256": "tpd", "export.sha256.tpd": "tpd", "export.sha256.password": "password"}
    done = operator.four_runs(
        "case_record",
        path=str(path),
        record={"export": {"proof": "decrypted"}},
        sha256={member: str(tmp_path / name) for member, name in files.items()},
    )
    hashes = {"tpd": sha256(TPD), "password": sha256(PASSWORD)}
    assert done["case"] == on_disk(path)
    assert done["case"]["export"] == {"proof": "decrypted", "sha256": hashes}
    assert done["case"]["reply"] == {"sha256": sha256(TPD)}
    assert sha256(PASSWORD) not in str(done["diff"])
    operator.refused("case_record", "does not exist", path=str(path), record={}, sha256={"key": str(tmp_path / "none")})


def test_looking_at_the_pair(operator, path, lay):
    files = {half: path.parent / half for half in ("tpd", "password")}
    export = {
        **{f"{half}_file": str(file) for half, file in files.items()},
        "sha256": {"tpd": sha256(TPD), "password": sha256(PASSWORD)},
    }
    lay({**NEW, "export": export})

    def pair():
        answers = [operator.run("case_record", path=str(path), **more) for more in ({}, {"record": {}})]
        assert answers[0]["pair"] == answers[1]["pair"]
        assert not answers[1]["changed"]
        return answers[0]["pair"]

    assert pair() == {"tpd": "missing", "password": "missing"}
    for half, content in (("tpd", TPD), ("password", PASSWORD)):
        files[half].write_bytes(content)
        files[half].chmod(0o600)
    assert pair() == {"tpd": "intact", "password": "intact"}
    files["tpd"].chmod(0o644)
    files["password"].write_bytes(PASSWORD + b"!")
    assert pair() == {"tpd": "changed", "password": "changed"}
    files["tpd"].chmod(0o600)
    os.link(files["tpd"], path.parent / "other name")
    files["password"].unlink()
    files["password"].symlink_to("tpd")
    assert pair() == {"tpd": "changed", "password": "changed"}


def test_what_looks_like_a_working_copy(operator, path, lay, tmp_path):
    lay(NEW)
    other, arrives = tmp_path / "other", tmp_path / "in" / "reply from support"
    for folder in (other, arrives.parent):
        folder.mkdir()
    wanted = [
        path.parent / "TPD-1.xml",
        path.parent / "privatekey-1.txt",
        other / "ExportedTDP-1.xml",
        other / "Password-1.txt",
    ]
    for file in (*wanted, path.parent / "PublicKey-1.txt", other / ".TPD-1.xml", other / "tpd.xml"):
        file.write_bytes(TPD)
        os.utime(file, (1, 1772443200))
    (other / "TPD-2.xml").symlink_to(wanted[0])
    (other / "TPD-3.xml").mkdir()
    given = {"path": str(path), "look_in": [str(other), str(tmp_path / "none")], "look_at": [str(arrives)]}
    found = [{"path": str(file), "mtime": 1772443200.0} for file in sorted(wanted)]
    answer = operator.run("case_record", **given)
    assert (answer["found"], answer["unread"]) == (found, [str(tmp_path / "none")])
    arrives.symlink_to(wanted[0])
    answer = operator.run("case_record", **given, record={})
    assert answer["found"] == sorted(
        [*found, {"path": str(arrives), "mtime": 1772443200.0}], key=lambda file: file["path"]
    )
    arrives.unlink()
    arrives.symlink_to(arrives.name)
    operator.refused("case_record", f"Could not look at {arrives}", **given)


def test_after_a_killed_run(operator, path, lay):
    lay(NEW)
    left = path.parent / ".infoprotect-new-0123456789abcdef"
    left.write_bytes(b'{"tenant"')
    left.chmod(0o600)
    assert operator.run("case_record", path=str(path), tenant="contoso")["case"] == NEW
    done = operator.four_runs("case_record", path=str(path), tenant="contoso", record={"purpose": "leave"})
    assert done["case"] == NEW
    assert not left.exists()


def test_paths_that_make_no_sense(operator, tmp_path):
    for given, words in (("case.json", "is relative"), (f"{tmp_path}/", "does not end in the name of a file")):
        for more in ({}, {"new": NEW}):
            operator.refused("case_record", words, path=given, **more)
    (tmp_path / "case.json").mkdir()
    for more in ({}, {"new": NEW}):
        operator.refused("case_record", "is a folder", path=str(tmp_path / "case.json"), **more)
