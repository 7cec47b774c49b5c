# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Leaks on purpose: a playbook of tasks that each let a secret out in another way. A search that misses one is no proof."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from .canaries import Canaries
from .machine import Machine, search

_SECRET = "Kanarienvogel 7f3e9a51c2, Zürich; made for a test: d80b64e1f9 & gone"
# What Jinja makes of it, and in which forms that is found.
_FORMS = {
    "{{ secret }}": {"utf-8", "JSON"},
    "{{ secret | b64encode }}": {"base64 of utf-8"},
    "{{ ('x' ~ secret) | b64encode }}": {"base64 of utf-8"},
    "{{ ('xy' ~ secret) | b64encode }}": {"base64 of utf-8"},
    "{{ secret | b64encode(encoding='utf-16-le') }}": {"base64 of utf-16-le"},
    "{{ (secret | b64encode(encoding='utf-16-le') | regex_findall('.{1,40}')) | join('\n') }}": {"base64 of utf-16-le"},
    "{{ secret | urlencode }}": {"URL"},
    "{{ secret[33:] }}": {"utf-8", "JSON"},
}
_PYTHON = """
import os, sys, syslog
secret = open(sys.argv[1], encoding="utf-8").read()
{}
"""
_LOGS = _PYTHON.format("syslog.syslog(secret.encode().hex())")
_WRITES = _PYTHON.format("open(sys.argv[2], 'wb').write(secret.encode('utf-16')); os.unlink(sys.argv[2])")
_CRASHES = _PYTHON.format("os.abort()")
KINDS = {"output", "log", "events", "facts", "process", "temporary", "syslog", "file", "core"}


def _tasks(given: Path, scratch: Path) -> list[dict[str, Any]]:
    def python(code: str, *words: str) -> dict[str, Any]:
        return {"ansible.builtin.command": {"argv": ["python3", "-c", code, str(given), *words]}, "ignore_errors": True}

    shown = [{"ansible.builtin.debug": {"msg": form}} for form in _FORMS]
    return [
        *shown,
        {"ansible.builtin.set_fact": {"leaked": "{{ secret }}", "cacheable": True}},
        {"ansible.builtin.command": {"argv": ["true", "{{ secret }}"]}},
        {"ansible.builtin.command": {"argv": ["true"]}, "environment": {"LEAKED": "{{ secret }}"}},
        # Without pipelining Ansible takes the arguments there in a file.
        {
            "ansible.builtin.copy": {"content": "{{ secret }}", "dest": f"{scratch}/leaked"},
            "vars": {"ansible_pipelining": False},
        },
        python(_LOGS),
        python(_WRITES, f"{scratch}/gone"),
        python(_CRASHES),
    ]


def prove(machine: Machine) -> int:
    """Have everything leaked on this machine and on the one behind SSH; how many were found, which is all of them."""
    given = machine.scratch / "given-secret"
    given.write_text(_SECRET, encoding="utf-8")
    canaries = Canaries()
    canaries.text("the bird", _SECRET)
    here = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    hosts = {"here": here, "far": machine.far}
    play = {
        "hosts": "all",
        "gather_facts": False,
        "vars": {"secret": "{{ lookup('ansible.builtin.file', given) }}", "given": str(given)},
        "tasks": _tasks(given, machine.scratch),
    }
    (machine.scratch / "leaky.json").write_text(json.dumps([play]))
    (machine.scratch / "leaky-hosts.json").write_text(json.dumps({"all": {"hosts": hosts}}))
    status, said = machine.run("-i", "leaky-hosts.json", "leaky.json")
    if status:
        raise SystemExit(f"The leaks did not leak:\n{said[-3000:]}")
    looked, found = search(machine, canaries, belongs=lambda path: path == str(given))
    kinds = {find.partition(":")[0] for find in found}
    if KINDS - kinds:
        raise SystemExit(f"These leaks were not seen: {KINDS - kinds}\n{looked}\n" + "\n".join(found[:50]))
    missing = [form for names in _FORMS.values() for form in names if not any(f"({form})" in find for find in found)]
    if missing:
        raise SystemExit(f"These forms were not seen: {missing}\n" + "\n".join(found[:50]))
    return len(found)
