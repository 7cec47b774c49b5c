# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a module's real main() in this process and hands back what it printed."""

from __future__ import annotations

import importlib
import json

import pytest
from ansible.module_utils import basic

MODULES = "ansible_collections.infoprotect.tenant_key.plugins.modules."


@pytest.fixture
def run_module(monkeypatch, capsys, tmp_path):
    """run_module(name, check=False, diff=False, **arguments) -> the module's JSON answer as a dict."""

    def run(name, check=False, diff=False, **arguments):
        arguments.update(_ansible_check_mode=check, _ansible_diff=diff, _ansible_remote_tmp=str(tmp_path))
        payload = json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode()
        monkeypatch.setattr(basic, "_ANSIBLE_ARGS", payload)
        monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
        capsys.readouterr()
        with pytest.raises(SystemExit):
            importlib.import_module(MODULES + name).main()
        return json.loads(capsys.readouterr().out)

    return run
