# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""case_record as a real task: what a record holds is shown nowhere, and why it cannot be read is."""

from __future__ import annotations

import json

import pytest

from .both_ways import Controller
from .conftest import sha256

HASH = sha256(b"a password made for a test")
CASE = {"schema": 1, "tenant": "contoso", "rehearsal": False, "export": {"sha256": {"password": HASH}}}


@pytest.fixture
def controller(tmp_path):
    return Controller(tmp_path)


@pytest.mark.parametrize("in_process", [True, False])
def test_the_record_is_for_the_play_and_the_reason_for_the_operator(controller, in_process):
    controller.lay({"case.json": json.dumps(CASE).encode(), "damaged/case.json": b'{"tenant":'})
    (controller.work / "open").mkdir()
    (controller.work / "open").chmod(0o777)
    path = {"path": f"{controller.work}/case.json"}
    refused = {
        "is damaged: it is no JSON object": {"path": f"{controller.work}/damaged/case.json"},
        "not this real case of tenant fabrikam": {**path, "tenant": "fabrikam", "record": CASE},
        "(mode 0777) may be written by": {"path": f"{controller.work}/open/case.json", "new": CASE},
        "Unsupported parameters": {**path, "record": CASE, "colour": "red"},
    }
    given = [path, {**path, "record": {**CASE, "purpose": "leave"}}, *refused.values()]
    tasks = [("case_record", arguments, {}) for arguments in given]
    read, written, *failed = controller.run(tasks, "-vvvv", "--diff", tenant_key_run_in_process=in_process)
    assert (controller.modules_sent() == 0) is in_process
    assert (read["case"], written["case"]) == (CASE, {**CASE, "purpose": "leave"})
    for words, answer in zip(refused, failed, strict=True):
        assert words in answer["msg"]
        assert words in controller.output
    assert HASH not in controller.output
    assert HASH not in controller.log.read_text(encoding="utf-8")
