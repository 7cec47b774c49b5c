# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tpd_info as a task: a TPD and a password that the controller holds reach a host through pipelining or not at all."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys

import yaml


def test_what_the_controller_holds_is_never_written_to_a_host(tmp_path, export):
    """In memory it opens; with a temporary file in between it is refused; what is named by paths needs no pipelining."""
    for name, content in (("tpd", export.tpd), ("password", export.password.encode())):
        (tmp_path / name).write_bytes(content)
    secret = {"content": base64.b64encode(export.tpd).decode(), "password": export.password}
    half = {"path": str(tmp_path / "tpd"), "password": export.password}
    paths = {"path": str(tmp_path / "tpd"), "password_file": str(tmp_path / "password")}
    remote = tmp_path / "remote"
    su = {"become": True, "become_method": "su"}
    tasks = [(secret, {}), (half, {}), (secret, {"async": 60, "poll": 1}), (half, su), (paths, {})]
    play = {
        "hosts": "localhost",
        "gather_facts": False,
        "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"},
        "tasks": [
            *(
                {"infoprotect.tenant_key.tpd_info": arguments, "register": f"r{number}", "ignore_errors": True, **words}
                for number, (arguments, words) in enumerate(tasks)
            ),
            {
                "ansible.builtin.copy": {
                    "content": "{{ [r0, r1, r2, r3, r4] | to_json }}",
                    "dest": str(tmp_path / "answers"),
                }
            },
        ],
    }
    (tmp_path / "play.yml").write_text(yaml.safe_dump([play]), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "ansible", "playbook", "play.yml", "-vvv"],
        cwd=tmp_path,
        env={**os.environ, "ANSIBLE_REMOTE_TEMP": str(remote), "ANSIBLE_LOCAL_TEMP": str(tmp_path / "local")},
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout
    whole, mixed, later, other, named = json.loads((tmp_path / "answers").read_text(encoding="utf-8"))
    assert {answer["tpd"]["fingerprint"] for answer in (whole, mixed, named)} == {whole["tpd"]["fingerprint"]}
    for refused in (later, other):
        assert "The content or the password would be written to a temporary file" in refused["msg"]
    for form in (export.password, secret["content"][:80]):
        assert form not in done.stdout
        assert all(form.encode() not in path.read_bytes() for path in remote.rglob("*") if path.is_file())
