# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""custody_log as a real task: who is named as the actor where the task names nobody."""

from __future__ import annotations

import json

import pytest

from .both_ways import Controller


@pytest.mark.parametrize(
    ("environment", "variables", "actor"),
    [
        (
            {"SUDO_USER": "behind-sudo", "LOGNAME": "at-the-desk"},
            {"awx_user_name": "of-the-platform"},
            "of-the-platform",
        ),
        ({"SUDO_USER": "behind-sudo", "LOGNAME": "at-the-desk"}, {}, "behind-sudo"),
        ({"SUDO_USER": "", "LOGNAME": "at-the-desk"}, {"awx_user_name": ""}, "at-the-desk"),
    ],
)
def test_the_one_who_runs_ansible_is_named(tmp_path, monkeypatch, environment, variables, actor):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    controller = Controller(tmp_path)
    log = controller.work / "log" / "contoso.jsonl"
    given = [{"event": "noted", "path": str(log), "details": {"n": n}} for n in range(3)]
    given[1]["actor"], given[2]["actor"] = "somebody else", ""
    controller.run([("custody_log", arguments, {}) for arguments in given], **variables)
    named = [json.loads(line)["actor"] for line in log.read_text(encoding="utf-8").splitlines()]
    assert named == [actor, "somebody else", actor]
