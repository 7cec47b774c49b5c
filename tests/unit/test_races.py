# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two runs at once on one folder, in two processes: one of them does the work, the other one finds it done."""

from __future__ import annotations

import json
import os
import threading

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._ops import (
    adrms_stage,
    rehearsal_reply,
    tpd_decrypt,
    tpd_keypair,
    tpd_split,
)
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._runner import attempt

ROUNDS = 30


def parameters(operation, **given):
    return {option: rule.get("default") for option, rule in operation.argument_spec.items()} | given


def together(operation, *several):
    """Run the operation at the same moment in a process for each set of parameters; the answers."""
    gate, open_gate = os.pipe()
    answers = []
    for given in several:
        answer, write_answer = os.pipe()
        if os.fork() == 0:
            try:
                os.close(open_gate)
                os.read(gate, 1)  # until the parent closes the other end
                os.write(write_answer, json.dumps(attempt(operation, given, False)).encode())
            finally:
                os._exit(0)
        os.close(write_answer)
        answers.append(answer)
    os.close(gate)
    os.close(open_gate)
    results = []
    for answer in answers:
        with open(answer, encoding="utf-8") as stream:
            results.append(json.load(stream))
        os.wait()
    return results


def assert_one_worked(answers, *facts):
    assert [failure for _result, failure in answers] == ["", ""]
    assert sorted(result["changed"] for result, _failure in answers) == [False, True]
    for fact in facts:
        assert len({json.dumps(result[fact]) for result, _failure in answers}) == 1


def test_one_pair(tmp_path):
    """Without a GUID, in a folder that both of them have to make: never two pairs."""
    for number in range(ROUNDS):
        folder = tmp_path / f"tenant {number}" / "contoso"
        given = parameters(tpd_keypair.OPERATION, directory=str(folder))
        answers = together(tpd_keypair.OPERATION, given, given)
        assert_one_worked(answers, "guid", "fingerprint")
        guid = answers[0][0]["guid"]
        assert sorted(os.listdir(folder)) == [f"PrivateKey-{guid}.txt", f"PublicKey-{guid}.txt"]


def test_one_pair_for_two_threads(tmp_path):
    given = parameters(tpd_keypair.OPERATION, directory=str(tmp_path / "contoso"))
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(attempt(tpd_keypair.OPERATION, given, False)))
        for _one in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert_one_worked(answers, "guid")
    assert len(os.listdir(tmp_path / "contoso")) == 2


@pytest.mark.parametrize("name", ["tpd_decrypt", "adrms_stage", "rehearsal_reply"])
def test_one_result(tmp_path, export, name):
    case = export.lay(tmp_path / "case")
    (tmp_path / "tpd.xml").write_bytes(export.tpd)
    (tmp_path / "public").write_bytes(export.public_file)
    operation, given = {
        "tpd_decrypt": (tpd_decrypt.OPERATION, case),
        "adrms_stage": (
            adrms_stage.OPERATION,
            {"tpd_file": str(tmp_path / "tpd.xml"), "password": export.password, "display_name": "Contoso"},
        ),
        "rehearsal_reply": (rehearsal_reply.OPERATION, {"public_key_file": str(tmp_path / "public"), "key_size": 1024}),
    }[name]
    for number in range(5):
        folder = tmp_path / str(number)
        answers = together(operation, *[parameters(operation, **given, directory=str(folder))] * 2)
        assert_one_worked(answers)
        assert [file for file in os.listdir(folder) if file.startswith(".")] == []


def test_one_split(tmp_path, export):
    """Each run does what it finds undone, one file at a time; there is one PEM in the end, which both take for theirs."""
    (tmp_path / "tpd.xml").write_bytes(export.tpd)
    for number in range(5):
        given = parameters(
            tpd_split.OPERATION,
            path=str(tmp_path / "tpd.xml"),
            password=export.password,
            pem_passphrase="made for a test",
            pem_file=str(tmp_path / str(number) / "key.pem"),
            keyless_file=str(tmp_path / str(number) / "keyless.xml"),
        )
        answers = together(tpd_split.OPERATION, given, given)
        assert [failure for _result, failure in answers] == ["", ""]
        assert True in [result["changed"] for result, _failure in answers]
        assert sorted(os.listdir(tmp_path / str(number))) == ["key.pem", "keyless.xml"]
        result, failure = attempt(tpd_split.OPERATION, given, False)
        assert (result["changed"], failure) == (False, "")


def test_made_and_destroyed_at_once(tmp_path):
    """Whichever comes first: there is a whole pair afterwards, or none."""
    guid = "FA29D0FE-5049-4C8E-931B-96C6152B0441"
    make = parameters(tpd_keypair.OPERATION, directory=str(tmp_path / "contoso"), guid=guid)
    for _round in range(10):
        answers = together(tpd_keypair.OPERATION, make, {**make, "state": "absent"})
        assert [failure for _result, failure in answers] == ["", ""]
        assert len(os.listdir(tmp_path / "contoso")) in (0, 2)
