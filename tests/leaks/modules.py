# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every module: in check mode, run, run again, and refused, with no_log and without; in the controller's process and sent to a host."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import rsakeys, tpd

from tests.unit import export_made

from .canaries import Canaries
from .machine import Machine

# The operator's own files, the key pairs, and what was to be written; the log, the case record and the stage are not.
_SECRET_FILES = re.compile(
    r"/modules\.json$|/work-(?:here|far)/(?:(?:another|case|inbox|made|new|pair|placed|sources|split|weak)/[^/]+|vault-secret"
    r"|stage/(?:ExportedTPD|\.infoprotect-)[^/]*)$"
)


def belongs(path: str) -> bool:
    """Whether a secret has its place in this file."""
    return _SECRET_FILES.search(path) is not None


def run(machine: Machine, canaries: Canaries) -> int:
    """On both hosts, once as the tasks are and once with no_log; how many tasks were run."""
    export, request_key = export_made.make(), rsakeys.generate(2048)
    known = {"password": export.password, "new password": export_made.NEW_PASSWORD}
    known |= {"passphrase": export_made.PASSPHRASE, "vault secret": export_made.VAULT_SECRET.decode()}
    for name, secret in known.items():
        canaries.text(f"{name} of the modules", secret)
    canaries.private_key("request key of the modules", rsakeys.load_private(export.private_file))
    canaries.private_key("other request key of the modules", request_key)
    opened = tpd.open(export.tpd, export.password)
    canaries.private_key("tenant key of the modules", rsakeys.load_private(opened.key_blob))
    for name, content in (("TPD", export.tpd), ("reply", export.reply)):
        canaries.file(f"{name} of the modules", content)
    work = "{{ work }}"
    hosts = {
        "here": {"ansible_connection": "local", "ansible_python_interpreter": sys.executable},
        "far": machine.far,
    }
    for name, variables in hosts.items():
        variables["work"] = str(machine.scratch / f"work-{name}")
    (machine.scratch / "modules-hosts.json").write_text(json.dumps({"all": {"hosts": hosts}}))
    made: list[bytes] = []
    run_in_all = 0
    for no_log in (False, True):
        for variables in hosts.values():
            _lay(Path(variables["work"]), export_made.files(export, request_key))
        tasks = [
            _task(module, arguments, words)
            for module, arguments in export_made.story(work, export)
            for words in ([{}] if no_log else [{"check_mode": True}, {}, {}])
        ]
        tasks += [_task(*task, {"ignore_errors": True}) for task in export_made.failures(work, export)]
        play = {"hosts": "all", "gather_facts": False, "no_log": no_log, "tasks": tasks}
        (machine.scratch / "modules.json").write_text(json.dumps([play]))
        vault = machine.scratch / "work-here" / "vault-secret"
        status, said = machine.run("-i", "modules-hosts.json", "modules.json", "--vault-password-file", str(vault))
        if status:
            raise SystemExit(f"The modules did not end as they should:\n{said[-3000:]}")
        run_in_all += len(tasks) * len(hosts)
        made += [file.read_bytes() for file in machine.scratch.glob("work-*/another/PrivateKey-*")]
        made += [file.read_bytes() for file in machine.scratch.glob("work-*/split/key.pem")]
    for content in made:
        canaries.file("key made by a module", content)
    return run_in_all


def _task(module: str, arguments: dict[str, Any], words: dict[str, Any]) -> dict[str, Any]:
    return {f"infoprotect.tenant_key.{module}": arguments, **words}


def _lay(work: Path, files: dict[str, bytes]) -> None:
    """Only these files are there."""
    for file in work.rglob("*"):
        if file.is_file():
            file.unlink()
    work.mkdir(mode=0o700, exist_ok=True)
    for name, content in files.items():
        (work / name).parent.mkdir(mode=0o700, exist_ok=True)
        (work / name).write_bytes(content)
        (work / name).chmod(0o600)
