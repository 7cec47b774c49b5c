# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""custody_log through its module's main(): what is added, what is known already, what is refused, and where it may lie."""

from __future__ import annotations

import json
import os
import platform
import stat

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils import _custody
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._custody_line import EVENTS, CustodyError, facts
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._files import user_name

from .custody_made import ZEROS, lines, sha256

SECRET = "Canary, made for a test, in a place where no secret should be"


@pytest.fixture
def log(tmp_path):
    """Where the log is to lie; neither it nor its folder is there yet."""
    return tmp_path / "custody" / "contoso.jsonl"


@pytest.fixture
def kept(log):
    """The same with six lines in it."""
    log.parent.mkdir(mode=0o700)
    log.write_bytes(b"".join(lines()))
    log.chmod(0o600)
    return log


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def entries(path):
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_a_first_event_makes_the_log(operator, log):
    said = {"event": "created", "actor": "Erika", "tenant": "contoso", "case": "4711", "subject": "PublicKey-1.txt"}
    answer = operator.four_runs("custody_log", path=str(log), details={"size": 2048, "proven": True}, **said)
    assert (mode(log.parent), mode(log), os.listdir(log.parent)) == (0o700, 0o600, [log.name])
    content = log.read_bytes()
    assert (answer["path"], answer["seq"], answer["head"]) == (str(log), 1, sha256(content))
    (entry,) = entries(log)
    assert entry.pop("time").endswith("Z")
    placed = {"seq": 1, "host": platform.node(), "details": {"size": 2048, "proven": True}, "previous": ZEROS}
    assert entry == {**said, **placed}


def test_each_event_follows_the_one_before(operator, log):
    """The head that is returned is what the next line carries, and what sha256sum says of the last line."""
    heads = [operator.four_runs("custody_log", path=str(log), event=event)["head"] for event in EVENTS]
    written = log.read_bytes().splitlines(keepends=True)
    assert heads == [sha256(line) for line in written]
    assert [entry["previous"] for entry in entries(log)] == [ZEROS, *heads[:-1]]
    assert [entry["event"] for entry in entries(log)] == list(EVENTS)
    assert _custody.read(log.read_bytes()).problems == ()


def test_only_the_end_of_the_file_is_written(operator, kept):
    before, inode = kept.read_bytes(), kept.stat().st_ino
    answer = operator.run("custody_log", path=str(kept), event="audited")
    assert (answer["changed"], answer["seq"], kept.stat().st_ino) == (True, 7, inode)
    assert kept.read_bytes().startswith(before)


def test_defaults(operator, log):
    operator.run("custody_log", path=str(log), event="noted")
    (entry,) = entries(log)
    assert (entry["actor"], entry["details"]) == (user_name(os.geteuid()), {})
    assert [entry[name] for name in ("tenant", "case", "subject")] == [None] * 3


def test_what_is_merely_seen_again(operator, log):
    """Whoever says so and from wherever: an observation is the same while its facts are, and other things do not come between."""
    seen = {
        "event": "verified",
        "tenant": "contoso",
        "subject": "vault-berlin",
        "details": {"ok": True, "files": ["a", "b"]},
    }
    operator.four_runs("custody_log", path=str(log), actor="Erika", **seen)
    operator.four_runs("custody_log", path=str(log), event="audited", tenant="contoso")
    answer = operator.run(
        "custody_log", path=str(log), actor="Frank", **{**seen, "details": {"files": ["a", "b"], "ok": True}}
    )
    assert (answer["changed"], answer["seq"], answer["head"]) == (
        False,
        2,
        sha256(log.read_bytes().splitlines(True)[1]),
    )


@pytest.mark.parametrize(
    "change",
    [
        {"event": "placed"},
        {"subject": "vault-bonn"},
        {"subject": None},
        {"tenant": "fabrikam"},
        {"case": "4712"},
        {"details": {"ok": 1}},
        {"details": {"ok": False}},
        {"details": {"ok": True, "more": None}},
        {"details": None},
    ],
)
def test_what_is_another_event(operator, log, change):
    seen = {"event": "verified", "tenant": "contoso", "case": "4711", "subject": "vault", "details": {"ok": True}}
    operator.run("custody_log", path=str(log), **seen)
    operator.four_runs("custody_log", path=str(log), **{**seen, **change})
    # The one before is still the last of its kind, but for details, which replaced it.
    again = operator.run("custody_log", path=str(log), **seen)
    assert (again["changed"], again["seq"]) == ((True, 3) if "details" in change else (False, 2))


def test_done_once_more(operator, log):
    """A file was destroyed and placed again: that it lies there is nothing new, that it was placed is."""
    for seq in (1, 2):
        answer = operator.run("custody_log", path=str(log), event="placed", subject="vault", repeat=True)
        assert (answer["changed"], answer["seq"]) == (True, seq)
    assert operator.run("custody_log", path=str(log), event="placed", subject="vault", repeat=False)["changed"] is False


def test_check_mode_and_diff(operator, kept):
    foreseen = operator.run("custody_log", check=True, path=str(kept), event="noted", details={"a": 1}, actor="Erika")
    assert (foreseen["changed"], foreseen["seq"], foreseen["head"]) == (True, 7, None)
    before, after = foreseen["diff"]["before"], foreseen["diff"]["after"]
    me = user_name(os.geteuid())
    assert before == {"state": "present", "lines": 6, "mode": "0600", "owner": me}
    assert (after["lines"], after["added"][0]["details"], after["added"][0]["actor"]) == (7, {"a": 1}, "Erika")
    done = operator.run("custody_log", path=str(kept), event="noted", details={"a": 1}, actor="Erika")
    assert done["diff"] == foreseen["diff"]
    known = operator.run("custody_log", check=True, path=str(kept), event="noted", details={"a": 1})
    assert (known["changed"], known["seq"], known["head"]) == (False, 7, done["head"])


def test_drift_of_the_mode(operator, kept):
    """Nothing new to say: the mode is given back, and whoever has the old file open for writing has it no more."""
    operator.run("custody_log", path=str(kept), event="noted")
    content = kept.read_bytes()
    kept.chmod(0o666)
    with kept.open("ab") as stranger:
        answer = operator.four_runs("custody_log", path=str(kept), event="noted")
        stranger.write(b"too late")
    assert (answer["diff"]["before"]["mode"], answer["diff"]["after"]["mode"]) == ("0666", "0600")
    assert (mode(kept), kept.read_bytes()) == (0o600, content)
    kept.chmod(0o400)
    answer = operator.run("custody_log", path=str(kept), event="audited")
    assert (answer["seq"], mode(kept), _custody.read(kept.read_bytes()).problems) == (8, 0o600, ())
    os.link(kept, kept.parent / "another name")
    operator.run("custody_log", path=str(kept), event="staged")
    assert (kept.stat().st_nlink, len(entries(kept))) == (1, 9)


@pytest.mark.parametrize(
    ("details", "words"),
    [
        ({"a" * 65: 1}, "A name in details is not 1 to 64"),
        ({"a b": 1}, "A name in details"),
        ({"": 1}, "A name in details"),
        ({"a": {"b\n": 1}}, "A name in details.a is not"),
        ({"a": "x" * 513}, "text of details.a has 513 characters"),
        ({"a": ["fine", SECRET + "\n"]}, "text of details.a holds a line break"),
        ({"a": "\u202etxt.exe"}, "text of details.a holds a line break or another invisible"),
        ({"a": "MIIEpAIBAAKCAQEA" * 9}, "text of details.a looks like an encoded key"),
        ({"password": SECRET}, "details.password looks like a secret"),
        ({"a": [{"tpd_Password": SECRET}]}, "say tpd_Password_file"),
        ({"a": 2**53}, "number in details.a is too large"),
        ({"a": 1e300}, "number in details.a is too large"),
        ({"a": [[[[[[[1]]]]]]]}, "nested more than 7 deep"),
        ({str(number): "x " * 250 for number in range(20)}, "more than 8192 bytes"),
    ],
)
def test_what_has_no_business_in_a_log(operator, log, details, words):
    operator.secrets.append(SECRET)
    # Ansible shows what a module was called with; that is not the module's answer.
    require_secrecy = operator.require_secrecy
    operator.require_secrecy = lambda answer: require_secrecy({**answer, "invocation": None})
    operator.refused("custody_log", words, path=str(log), event="noted", details=details)
    assert not log.parent.exists()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), b"bytes", {1}, object()])
def test_what_json_cannot_hold(value):
    """A module gets its arguments as JSON; an operation in the controller's process may get anything."""
    with pytest.raises(CustodyError, match=r"in details\.a|of details\.a"):
        facts("noted", {"a": [value]})


def test_what_may_be_logged(operator, log):
    details = {
        "sha512": "0" * 128,
        "path": "/srv/" + "a/" * 60,
        "days": 1.5,
        "none": None,
        "password_file": "Password-1.txt",
    }
    details |= {"empty": "", "secret": False, "umlaut": "Zürich, Ελλάδα, \U0001f511", "a": [[[[[[1]]]]]]}
    operator.four_runs("custody_log", path=str(log), event="noted", subject="x " * 256, details=details)
    assert entries(log)[0]["details"] == details


@pytest.mark.parametrize("name", ["actor", "tenant", "case", "subject"])
@pytest.mark.parametrize(("text", "words"), [("", "is empty"), ("x" * 513, "513 characters"), ("a\nb", "a line break")])
def test_texts(operator, log, name, text, words):
    operator.refused("custody_log", f"text of {name} ", words, path=str(log), event="noted", **{name: text})


def test_an_event_that_nobody_knows(operator, log):
    assert "value of event must be one of" in operator.run("custody_log", path=str(log), event="erased")["msg"]
    with pytest.raises(CustodyError, match="Give one of opened"):
        facts("erased", {})


def test_a_line_that_is_too_long(operator, log):
    """Each part within its bounds, all of it not: beyond the ASCII each character takes up to twelve bytes."""
    texts = dict.fromkeys(("actor", "tenant", "case", "subject"), "🔑" * 512)
    operator.refused("custody_log", "takes more than 15872 bytes", path=str(log), event="noted", **texts)


def test_a_full_log(operator, kept, monkeypatch):
    monkeypatch.setattr(_custody, "LARGEST_LOG", kept.stat().st_size + 100)
    head = sha256(lines()[-1])
    operator.refused("custody_log", "is full", head, "Move it aside", path=str(kept), event="noted")
    monkeypatch.setattr(_custody, "LARGEST_LOG", 100)
    operator.refused("custody_log", "is too large", path=str(kept), event="noted")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ([lines()[0], *lines()[2:]], ["is damaged", "numbered 2 to 2 are missing before line 2", "begins a new log"]),
        (
            [*lines()[:3], lines()[3].replace(b"Erika", b"Frank"), *lines()[4:]],
            ["Line 5 does not carry", "Do not edit it"],
        ),
        ([*lines(), *lines(), b"{}\n"], ["Line 7 repeats line 1", "1 more problem"]),
        ([SECRET.encode()], ["is not a custody log. Line 1 is not complete", "Nothing was changed. Check the path."]),
        ([b"x" * 20000], ["is not a custody log"]),
        ([b'{"guid":"1"}\n'], ["is not a custody log. Line 1 carries no valid"]),
        ([*lines(), SECRET.encode()], ["is damaged", "Line 7 is not complete, nor is it the beginning of a line"]),
    ],
)
def test_a_damaged_log_is_left_as_it_is(operator, kept, content, words):
    """As are other files that a wrong path leads to, such as a password file, which has no line feed either."""
    operator.secrets.append(SECRET)
    kept.write_bytes(b"".join(content))
    operator.refused("custody_log", str(kept), *words, path=str(kept), event="noted")
    # Moving it aside is all that it takes to go on.
    kept.rename(kept.parent / "damaged")
    assert operator.run("custody_log", path=str(kept), event="noted", subject="damaged")["seq"] == 1


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"path": "contoso.jsonl"}, "absolute path"),
        ({"path": ""}, "is empty"),
        ({"path": "/srv/custody/"}, "does not end in the name of a file"),
        ({"path": "/srv/.infoprotect-log"}, "are reserved"),
    ],
)
def test_bad_paths(operator, given, words):
    operator.refused("custody_log", words, event="noted", **given)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path.mkdir(), "is a folder"),
        (os.mkfifo, "is a FIFO"),
        (lambda path: path.symlink_to(path.parent / "elsewhere"), "is a symbolic link"),
    ],
)
def test_what_is_no_file(operator, kept, make, words):
    kept.unlink()
    make(kept)
    operator.refused("custody_log", str(kept), words, path=str(kept), event="noted")


def test_a_folder_that_others_may_write(operator, kept, tmp_path):
    kept.parent.chmod(0o770)
    operator.refused("custody_log", "(mode 0770) may be written by", path=str(kept), event="noted")
    kept.parent.chmod(0o700)
    (tmp_path / "link").symlink_to(kept.parent)
    operator.refused(
        "custody_log", "Symbolic links are not followed", path=str(tmp_path / "link" / kept.name), event="noted"
    )
