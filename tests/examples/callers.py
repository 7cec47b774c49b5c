# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody else's playbooks, which take in the roles of the collection, for tests/examples/inclusion.py.

A play takes in one role by one entry point, on hosts of its own, so that no fact comes from another play. Each way of inclusion
has tenants of its own, so that each does all of the work. What tenants and imitated hosts remember lies in folders.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common import CHECKOUT, check, environment, no_secret

REPLY = CHECKOUT / "extensions" / "molecule" / "decommission" / "files" / "unmarked_reply.py"
# A tenant for which support's reply comes, and one that waits for it. A client is a host of Windows.
DONE, BOTH, CLIENT = ["contoso"], ["contoso", "fabrikam"], ["pc"]
SIGN_IN = {
    "aip_service_sign_in": "service_principal",
    "aip_service_tenant_id": "5c0a1f1e-6b7d-4d0e-9d0c-6c8f6f2a7f10",
    "aip_service_application_id": "4f8d5a44-9a43-4a5e-8a55-bc0f1b5b9d11",
    "aip_service_certificate_thumbprint": "0123456789ABCDEF0123456789ABCDEF01234567",
}
OLD_URL = "https://0f8fad5b-d9cb-469f-a165-70867728950e.rms.eu.aadrm.com/_wmcs/licensing"
# Role, entry point, tenants or clients, and what it is told.
ENTRIES: list[tuple[str, str, list[str], dict[str, Any]]] = [
    ("export", "main", BOTH, {}),
    ("export", "read", BOTH, {}),
    ("custody", "main", DONE, {}),
    ("custody", "audit", BOTH, {}),
    ("custody", "recover", DONE, {}),
    ("custody", "drill", BOTH, {}),
    ("custody", "generations", DONE, {}),
    ("custody", "earlier", DONE, {}),
    ("adrms_import", "stage", DONE, {}),
    ("adrms_import", "main", DONE, {"adrms_import_host": "rms-{way}"}),
    ("status", "main", BOTH, {}),
    ("evidence", "main", BOTH, {}),
    ("rekey", "main", BOTH, {"rekey_mode": "case", "rekey_reason": "test"}),
    ("breach_response", "main", DONE, {"breach_incident": "rights_misused"}),
    (
        "aip_service",
        "main",
        DONE,
        {**SIGN_IN, "aip_service_host": "admin-{way}", "aip_service_operation": "read_state"},
    ),
    ("decommission", "main", DONE, {**SIGN_IN, "aip_service_host": "admin-{way}", "decommission_way": "recovery"}),
    ("decommission", "plan", DONE, {**SIGN_IN, "aip_service_host": "admin-{way}", "decommission_way": "recovery"}),
    ("client_state", "redirect", CLIENT, {}),
    ("client_state", "reset", CLIENT, {"client_state_purpose": "rekey", "client_state_reset_id": "test"}),
    ("client_state", "creation", CLIENT, {}),
]
# Run on a client or after another entry point of its role, put one thing on record for other roles, or run once for all.
NOT_ALONE = {
    *(("export", "record"), ("custody", "log"), ("custody", "reprotect")),
    *(("decommission", "client"), ("decommission", "finish"), ("rekey", "reset"), ("rekey", "clients")),
    *(("status", "summary"), ("status", "merge"), ("evidence", "pages")),
}
WAYS = ("include_role", "import_role", "roles")
# Of a play, one for each way; the next run gives each way the next one.
KEYWORDS: tuple[dict[str, Any], ...] = ({"throttle": 1}, {"strategy": "ansible.builtin.free"}, {"serial": 1})


@dataclass(frozen=True)
class Play:
    """One role, taken in by one way; its tenants or clients have the way in their names."""

    number: int
    role: str
    entry: str
    way: str
    hosts: tuple[str, ...]
    told: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.role}/{self.entry}/{self.way}"

    def host(self, tenant: str) -> str:
        return f"{tenant}.{self.number}"

    def written(self, turn: int) -> dict[str, Any]:
        """The caller looks at its facts, takes the role in, and looks again."""
        role, tags = f"infoprotect.tenant_key.{self.role}", {"tags": ["taken_in"]}
        keywords = KEYWORDS[(WAYS.index(self.way) + turn) % len(KEYWORDS)]
        notify = {"changed_when": True, "notify": "HANDLED"}
        made = {
            "name": f"{self.name}, {next(iter(keywords))}",
            "hosts": f"play{self.number}",
            "gather_facts": False,
            **keywords,
            "pre_tasks": [self._look("BEFORE") | notify],
            "tasks": [self._look("AFTER")],
            "handlers": [self._look("HANDLED")],
        }
        if self.way == "roles":
            return made | {"roles": [{"role": role, "vars": self.told, **tags}]}
        taken = {"name": role, "tasks_from": self.entry, **({"apply": tags} if self.way == "include_role" else {})}
        task = {"name": "Take it in", f"ansible.builtin.{self.way}": taken, "vars": self.told, **tags}
        return made | {"tasks": [task, *made["tasks"]]}

    def _look(self, word: str) -> dict[str, Any]:
        """A task that shows which facts there are now."""
        facts = "{{ hostvars[inventory_hostname] | list | sort | to_json }}"
        said = f"{word} {self.name} {{{{ inventory_hostname }}}} {facts}"
        return {"name": word, "ansible.builtin.debug": {"msg": said}, "tags": ["always"]}


def plays(roles: list[str]) -> Iterator[Play]:
    """Of these roles, or of all. Only include_role and import_role know entry points; each has every other one."""
    number = 0
    for position, (role, entry, tenants, told) in enumerate(ENTRIES):
        for way in WAYS if entry == "main" else WAYS[position % 2 : position % 2 + 1]:
            if role in (roles or [role]):
                short = way.partition("_")[0]
                hosts = tuple(f"{tenant}-{short}" for tenant in tenants)
                here = {name: word.format(way=short) for name, word in told.items()}
                yield Play(number, role, entry, way, hosts, here)
                number += 1


class Caller:
    """Its folder, inventory and playbooks."""

    def __init__(self, scratch: Path, roles: list[str]) -> None:
        self.scratch, self.tenants = scratch, scratch / "tenants"
        self.tenants.mkdir(mode=0o700)
        self.shorts = [way.partition("_")[0] for way in WAYS]
        self.plays = list(plays(roles))
        environment(scratch)  # makes the folder of what imitated hosts remember
        folder = "{{ tenants }}/{{ tenant_key_tenant }}"
        copies = [
            {"what": what, "host": f"keeper-{what}", "directory": f"{folder}.{what}"} for what in ("password", "tpd")
        ]
        settings = {
            "ansible_connection": "local",
            "ansible_pipelining": True,
            "ansible_python_interpreter": "{{ ansible_playbook_python }}",
            "tenants": str(self.tenants),
            "tenant_key_directory": folder,
            "custody_copies": copies,
            "custody_required_copies": 1,
            "custody_recover_directory": f"{folder}.back",
            "client_state_old_urls": [OLD_URL],
            "client_state_intranet_url": "https://rms.contoso.example/_wmcs/licensing",
        }
        others = [f"{name}-{short}" for name in ("rms", "admin") for short in self.shorts]
        tenants = [f"{tenant}-{short}" for tenant in BOTH for short in self.shorts]
        groups = {
            f"play{play.number}": {"hosts": {play.host(name): {"tenant_key_tenant": name} for name in play.hosts}}
            for play in self.plays
        }
        groups["tenants"] = {"hosts": {name: {"tenant_key_tenant": name} for name in tenants}}
        hosts = dict.fromkeys([*others, "keeper-password", "keeper-tpd"])
        self.write("inventory.json", {"all": {"hosts": hosts, "children": groups, "vars": settings}})

    def write(self, name: str, content: Any) -> None:
        (self.scratch / name).write_text(json.dumps(content), encoding="utf-8")

    def run(self, turn: int, *options: str) -> str:
        """All plays, with the keywords of this turn; what they print."""
        self.write("caller.yml", [play.written(turn) for play in self.plays])
        return self._playbook("caller.yml", *options)

    def open(self) -> None:
        """A case is opened for every tenant, support's reply for one of each way comes, and the service knows its key."""
        roles = [{"role": "infoprotect.tenant_key.export"}]
        self.write("open.yml", [{"hosts": "tenants", "gather_facts": False, "roles": roles}])
        self._playbook("open.yml")
        for short in self.shorts:
            folder = self.tenants / f"{DONE[0]}-{short}"
            (key,) = folder.glob("PublicKey-*")
            subprocess.run(
                [sys.executable, REPLY, key, folder],
                env=environment(self.scratch),
                check=True,
                stdout=subprocess.DEVNULL,
            )
            known = {"key_identifier": "9f5e7a3c-0000-4000-8000-000000000000", "status": "Active"}
            known |= {"key_type": "Microsoft-managed", "creation_time": "2016-01-01T00:00:00Z"}
            service = {"functional_state": "Enabled", "keys": [known], "templates": [], "sessions": []}
            service |= {"service_id": "0f8fad5b-d9cb-469f-a165-70867728950e"}
            (self.scratch / "windows" / f"admin-{short}.json").write_text(json.dumps({"service": service}))

    def remembered(self) -> dict[str, str]:
        """Every file of the tenants, the custodians and the imitated hosts, with what it holds and when it was written."""
        found = {}
        for file in sorted([*self.tenants.rglob("*"), *(self.scratch / "windows").rglob("*")]):
            content = hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""
            found[str(file.relative_to(self.scratch))] = f"{content} {file.stat().st_mtime_ns} {file.stat().st_mode:o}"
        return found

    def _playbook(self, *words: str) -> str:
        command = ["ansible-playbook", "-i", "inventory.json", "--forks", "2", *words]
        done = subprocess.run(
            command,
            cwd=self.scratch,
            env=environment(self.scratch),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        check(done.returncode == 0, f"{' '.join(command)} ended with {done.returncode}.\n{done.stdout[-6000:]}")
        no_secret(done.stdout, self.scratch)
        return done.stdout
