# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run is killed, or the disk is full, between any two steps: what is there is old or whole, and the next run finishes."""

from __future__ import annotations

import errno
import os
import stat

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._files import Folder, folder
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import rsakeys

GUID = "FA29D0FE-5049-4C8E-931B-96C6152B0441"
PRIVATE, PUBLIC = f"PrivateKey-{GUID}.txt", f"PublicKey-{GUID}.txt"
# The calls by which an operation changes what is on the disk.
CHANGING = ("mkdir", "open", "write", "fsync", "fchmod", "fchown", "rename", "unlink")


class Killed(BaseException):
    """Stands for SIGKILL: no handler for errors takes it."""


@pytest.fixture
def works(tmp_path, export, request_key, monkeypatch):
    """The arguments of each module, which works in the folder work. Keys are ready-made, so that it is quick."""
    monkeypatch.setattr(rsakeys, "generate", lambda bits: request_key)
    case = export.lay(tmp_path / "case")
    (tmp_path / "public").write_bytes(export.public_file)
    (tmp_path / "tpd.xml").write_bytes(export.tpd)
    work = tmp_path / "work"
    staging = {"tpd_file": str(tmp_path / "tpd.xml"), "display_name": "Contoso", "password": export.password}
    protecting = {
        "path": str(tmp_path / "tpd.xml"),
        "password": export.password,
        "new_password_file": str(work / "Password-new.txt"),
    }
    splitting = {
        "path": str(tmp_path / "tpd.xml"),
        "password": export.password,
        "pem_passphrase": "made for a test",
        "pem_file": str(work / "key.pem"),
    }
    return {
        "tpd_keypair": {"directory": str(work), "guid": GUID},
        "tpd_decrypt": {**case, "directory": str(work)},
        "adrms_stage": {**staging, "directory": str(work)},
        "tpd_protect": {**protecting, "dest": str(work / "ExportedTPD-new.xml")},
        "tpd_split": {**splitting, "keyless_file": str(work / "keyless.xml")},
        "rehearsal_reply": {"public_key_file": str(tmp_path / "public"), "directory": str(work), "guid": GUID},
    }


NAMES = {
    "tpd_keypair": [PRIVATE, PUBLIC],
    "tpd_decrypt": ["ExportedTPD-", "Password-"],
    "adrms_stage": ["tpd.xml", "Import-TenantKey.ps1", "manifest.json"],
    "tpd_protect": ["Password-", "ExportedTPD-"],
    "tpd_split": ["key.pem", "keyless.xml"],
    "rehearsal_reply": ["TPD-"],
}


def held(work):
    """What lies in the folder, as a user sees it, by name."""
    return {path.name: path.read_bytes() for path in work.iterdir()} if work.exists() else {}


def assert_order(name, found):
    """A later file is never there without the earlier ones: the last one is the commit."""
    there = [any(file.startswith(start) for file in found) for start in NAMES[name]]
    assert there == sorted(there, reverse=True)


def finish(operator, name, arguments, work):
    """The next run finishes, and the one after it finds nothing to do."""
    assert operator.run(name, check=True, **arguments)["changed"] is True
    answer = operator.run(name, **arguments)
    assert (answer.get("msg"), answer["changed"]) == (None, True)
    assert [path for path in held(work) if path.startswith(".")] == []
    assert len(held(work)) == len(NAMES[name])
    assert operator.run(name, **arguments)["changed"] is False
    return answer


def killed_at(step, operator, name, arguments):
    """Run the module in a process of its own, which ends without a word before this step; False if it ended by itself."""
    child = os.fork()
    if child == 0:
        steps = [0]

        def counted(real):
            def call(*given, **options):
                steps[0] += 1
                if steps[0] == step:
                    os._exit(9)
                return real(*given, **options)

            return call

        for call in CHANGING:
            setattr(os, call, counted(getattr(os, call)))
        try:
            operator.run(name, **arguments)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


@pytest.mark.parametrize("name", sorted(NAMES))
def test_killed_before_every_step(operator, works, tmp_path, name):
    """Nobody else can read anything at any moment, whatever umask says."""
    arguments, work = works[name], tmp_path / "work"
    if name == "rehearsal_reply":
        arguments = {**arguments, "templates": 0, "key_size": 1024}
    umask = os.umask(0)
    try:
        for step in range(1, 200):
            if not killed_at(step, operator, name, arguments):
                break
            found = held(work)
            assert_order(name, [file for file in found if not file.startswith(".")])
            for file in found:
                allowed = 0o644 if file == PUBLIC or file.startswith(".") else 0o600
                assert not stat.S_IMODE((work / file).stat().st_mode) & ~allowed
            answer = operator.run(name, **arguments)
            assert answer.get("msg") is None
            assert [file for file in held(work) if file.startswith(".")] == []
            assert len(held(work)) == len(NAMES[name])
            for file in work.iterdir():
                file.unlink()
            work.rmdir()
    finally:
        os.umask(umask)
    assert 8 < step < 199


@pytest.mark.parametrize("name", ["tpd_keypair", "tpd_decrypt", "adrms_stage", "tpd_protect", "tpd_split"])
@pytest.mark.parametrize("number", [1, 2])
def test_killed_between_two_files(operator, works, tmp_path, monkeypatch, name, number):
    placed = []

    def place(self, file, content, wanted, real=Folder.place):
        if len(placed) == number:
            raise Killed
        placed.append(file)
        real(self, file, content, wanted)

    if number >= len(NAMES[name]):
        return
    with monkeypatch.context() as patch:
        patch.setattr(Folder, "place", place)
        with pytest.raises(Killed):
            operator.run(name, **works[name])
    first = held(tmp_path / "work")
    assert sorted(first) == sorted(placed)
    assert_order(name, first)
    finish(operator, name, works[name], tmp_path / "work")
    # What was there is what is there: finished, not begun anew.
    assert first.items() <= held(tmp_path / "work").items()


@pytest.mark.parametrize("name", sorted(NAMES))
@pytest.mark.parametrize("problem", [errno.ENOSPC, errno.EDQUOT, errno.EIO])
def test_the_disk_is_full_at_the_last_file(operator, works, tmp_path, monkeypatch, name, problem):
    writes = []

    def write_all(fd, content, real=folder.write_all):
        writes.append(fd)
        if len(writes) == len(NAMES[name]):
            os.write(fd, content[: len(content) // 2])
            raise OSError(problem, os.strerror(problem))
        real(fd, content)

    with monkeypatch.context() as patch:
        patch.setattr(folder, "write_all", write_all)
        answer = operator.run(name, **works[name])
    assert answer["failed"] is True
    assert f": {os.strerror(problem)}. " in answer["msg"]
    assert answer["msg"].startswith(f"Could not write {tmp_path / 'work'}/")
    found = held(tmp_path / "work")
    assert len(found) == len(NAMES[name]) - 1
    assert [file for file in found if file.startswith(".")] == []
    assert_order(name, found)
    finish(operator, name, works[name], tmp_path / "work")


def test_regenerate_is_killed_before_every_step(operator, works, tmp_path, request_key, other_key):
    """At no step do a private and a public half of two keys stand side by side, so the next run keeps or completes a pair."""
    arguments, work = works["tpd_keypair"], tmp_path / "work"
    work.mkdir(mode=0o700)
    old, new = [
        {
            PRIVATE: rsakeys.dump_private(key, "rsakeyvalue"),
            PUBLIC: rsakeys.dump_public(key.public_key(), "rsakeyvalue"),
        }
        for key in (other_key, request_key)
    ]
    for step in range(1, 200):
        for file, content in old.items():
            (work / file).write_bytes(content)
        if not killed_at(step, operator, "tpd_keypair", {**arguments, "regenerate": "always"}):
            break
        answer = operator.run("tpd_keypair", **arguments)
        assert answer.get("msg") is None
        assert held(work) in (old, new)
    assert 20 < step < 199
    assert held(work) == new


@pytest.mark.parametrize("name", sorted(NAMES))
def test_what_a_killed_run_left_is_a_change(operator, works, tmp_path, name):
    operator.run(name, **works[name])
    (tmp_path / "work" / ".infoprotect-new-0123456789abcdef").write_bytes(b"half of a secret, made for a test")
    before = held(tmp_path / "work")
    assert operator.run(name, check=True, **works[name])["changed"] is True
    assert held(tmp_path / "work") == before
    finish(operator, name, works[name], tmp_path / "work")
