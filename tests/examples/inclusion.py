# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tests/examples/inclusion.py [ROLE...]: every role in somebody else's playbook, by each way of inclusion, as a check and for real.

For each the caller's play goes on for every host, its handler runs once for each, and no fact is left behind but what the
role's argument specification documents. Facts whose name begins with two underscores are a role's own.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from common import CHECKOUT, FIGURES, check, environment, run

REPLY = CHECKOUT / "extensions" / "molecule" / "decommission" / "files" / "unmarked_reply.py"
# Tenants: one whose key is placed, and one that waits for its reply. A client is a host of Windows.
DONE, BOTH, CLIENT = ["contoso"], ["contoso", "fabrikam"], ["pc"]
SIGN_IN = {
    "aip_service_host": "admin",
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
    ("adrms_import", "main", DONE, {"adrms_import_host": "rms"}),
    ("status", "main", BOTH, {}),
    ("evidence", "main", BOTH, {}),
    ("rekey", "main", BOTH, {"rekey_mode": "case", "rekey_reason": "test"}),
    ("breach_response", "main", DONE, {"breach_incident": "rights_misused"}),
    ("aip_service", "main", DONE, {**SIGN_IN, "aip_service_operation": "read_state"}),
    ("decommission", "main", DONE, {**SIGN_IN, "decommission_way": "recovery"}),
    ("decommission", "plan", DONE, {**SIGN_IN, "decommission_way": "recovery"}),
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
# Kind of inclusion, keywords of the play, keywords of a block around it. The keyword roles knows the entry point main alone.
INCLUDE = ("include_role", {}, {"throttle": 1})
IMPORT = ("import_role", {"strategy": "ansible.builtin.free"}, {})
ROLES = ("roles", {"serial": 1}, {})


def specifications() -> Iterator[tuple[str, str, str]]:
    for file in sorted(CHECKOUT.glob("roles/*/meta/argument_specs.yml")):
        for entry in yaml.safe_load(file.read_text(encoding="utf-8"))["argument_specs"]:
            yield file.parents[1].name, entry, file.read_text(encoding="utf-8")


def said_by_caller(word: str, name: str) -> dict[str, Any]:
    """A task that shows which facts there are now."""
    facts = "{{ hostvars[inventory_hostname] | list | sort | to_json }}"
    return {"name": word, "ansible.builtin.debug": {"msg": f"{word} {name} {{{{ inventory_hostname }}}} {facts}"}}


def play(number: int, role: str, entry: str, told: dict[str, Any], way: tuple[str, dict, dict]) -> dict[str, Any]:
    """A caller's play: it looks at its facts, takes the role in, and looks again."""
    kind, keywords, around = way
    name, role = f"{role}/{entry}/{kind}", f"infoprotect.tenant_key.{role}"
    tags = {"tags": ["taken_in"]}
    inclusion = {"name": role, "tasks_from": entry, **({"apply": tags} if kind == "include_role" else {})}
    begin = {"changed_when": True, "notify": "HANDLED", "tags": ["always"]}
    made = {
        "name": name,
        "hosts": f"play{number}",
        "gather_facts": False,
        **keywords,
        "pre_tasks": [said_by_caller("BEFORE", name) | begin],
        "tasks": [said_by_caller("AFTER", name) | {"tags": ["always"]}],
        "handlers": [said_by_caller("HANDLED", name)],
    }
    if kind == "roles":
        return made | {"roles": [{"role": role, "vars": told, **tags}]}
    taken = {"name": "Take it in", f"ansible.builtin.{kind}": inclusion, "vars": told, **tags}
    made["tasks"].insert(0, {"name": "Around it", "block": [taken], **around})
    return made


class Caller:
    """Its folder, inventory and playbook."""

    def __init__(self, scratch: Path) -> None:
        self.scratch, self.tenants = scratch, scratch / "tenants"
        self.tenants.mkdir(mode=0o700)
        self.plays: list[tuple[list[str], dict[str, Any]]] = []
        groups = {}
        for position, (role, entry, hosts, told) in enumerate(ENTRIES):
            if role not in (sys.argv[1:] or [role]):
                continue
            for way in (INCLUDE, IMPORT, ROLES) if entry == "main" else ((INCLUDE, IMPORT)[position % 2],):
                number = len(self.plays)
                self.plays.append((hosts, play(number, role, entry, told, way)))
                # Hosts of its own, so that nothing comes from another play.
                groups[f"play{number}"] = {"hosts": {f"{host}.{number}": {"tenant_key_tenant": host} for host in hosts}}
        folder = "{{ tenants }}/{{ tenant_key_tenant }}"
        others = {name: {"tenant_key_tenant": name} for name in BOTH}
        others |= dict.fromkeys(["rms", "admin", "keeper-password", "keeper-tpd"])
        inventory = {
            "all": {
                "hosts": others,
                "children": groups,
                "vars": {
                    "ansible_connection": "local",
                    "ansible_pipelining": True,
                    "ansible_python_interpreter": "{{ ansible_playbook_python }}",
                    "tenants": str(self.tenants),
                    "tenant_key_directory": folder,
                    "custody_required_copies": 1,
                    "custody_recover_directory": folder + ".back",
                    "custody_copies": [
                        {"what": what, "host": f"keeper-{what}", "directory": f"{folder}.{what}"}
                        for what in ("password", "tpd")
                    ],
                    "client_state_old_urls": [OLD_URL],
                    "client_state_intranet_url": "https://rms.contoso.example/_wmcs/licensing",
                },
            }
        }
        self.write("inventory.json", inventory)
        self.write("caller.yml", [made for _hosts, made in self.plays])

    def write(self, name: str, content: Any) -> None:
        (self.scratch / name).write_text(json.dumps(content), encoding="utf-8")

    def run(self, playbook: str, *options: str) -> str:
        command = ["ansible-playbook", "-i", "inventory.json", "--forks", "2", playbook, *options]
        done = subprocess.run(
            command,
            cwd=self.scratch,
            env=environment(self.scratch) | {"ANSIBLE_DISPLAY_ARGS_TO_STDOUT": "0"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        check(done.returncode == 0, f"{' '.join(command)} ended with {done.returncode}.\n{done.stdout[-6000:]}")
        return done.stdout

    def prepare(self) -> None:
        """A tenant whose key is placed, one that waits, and what imitated hosts remember."""
        roles = [{"role": "infoprotect.tenant_key.export"}]
        self.write("open.yml", [{"hosts": BOTH, "gather_facts": False, "roles": roles}])
        placed = [*roles, {"role": "infoprotect.tenant_key.custody"}]
        self.write("place.yml", [{"hosts": DONE, "gather_facts": False, "roles": placed}])
        self.run("open.yml")
        folder = self.tenants / DONE[0]
        (key,) = folder.glob("PublicKey-*")
        subprocess.run(
            [sys.executable, REPLY, key, folder],
            env=environment(self.scratch),
            check=True,
            stdout=subprocess.DEVNULL,
        )
        self.run("place.yml")
        tpd = json.loads((folder / "case.json").read_text(encoding="utf-8"))["export"]["tpd"]
        known = {"key_identifier": tpd["key_id"], "status": "Active", "key_type": "Microsoft-managed"}
        service = {"functional_state": "Enabled", "keys": [{**known, "creation_time": "2016-01-01T00:00:00Z"}]}
        service |= {"service_id": tpd["licensing_url"].split("/")[2].split(".")[0], "templates": [], "sessions": []}
        (self.scratch / "windows" / "admin.json").write_text(json.dumps({"service": service}), encoding="utf-8")


def lines(said: str, word: str) -> dict[tuple[str, str], list[list[str]]]:
    """What the caller's own tasks have shown, by play and host."""
    found: dict[tuple[str, str], list[list[str]]] = {}
    for name, host, names in re.findall(rf'"msg": "{word} (\S+) (\S+) (\[.*\])"', said):
        found.setdefault((name, host), []).append(json.loads(names.replace('\\"', '"')))
    return found


def look(caller: Caller, said: str, documented: set[str], mode: str) -> None:
    before, after, handled = (lines(said, word) for word in ("BEFORE", "AFTER", "HANDLED"))
    left: dict[str, set[str]] = {}
    for number, (hosts, made) in enumerate(caller.plays):
        for host in hosts:
            key = (made["name"], f"{host}.{number}")
            where = f"{mode}: {' on '.join(key)}"
            check(len(after.get(key, [])) == 1, f"{where}: the caller's play has not gone on.\n{said[-3000:]}")
            check(
                len(handled.get(key, [])) == 1,
                f"{where}: the caller's handler has run {len(handled.get(key, []))} times.",
            )
            new = set(after[key][0]) - set(before[key][0])
            for name in new - documented:
                if not name.startswith("__"):
                    left.setdefault(name, set()).add(made["name"])
            FIGURES["inclusions of a role, by way, mode and host"] += 1
    check(not left, f"{mode}: these facts are left behind and not documented: {left}")


def main(scratch: Path) -> None:
    known = {(role, entry) for role, entry, _text in specifications()}
    tried = {(role, entry) for role, entry, _hosts, _told in ENTRIES}
    check(known == tried | NOT_ALONE, f"Not tried: {known - tried - NOT_ALONE}")
    documented = {name for *_names, text in specifications() for name in re.findall(r"O\(ignore:(\w+)\)", text)}
    caller = Caller(scratch)
    caller.prepare()
    for mode in (["--check", "--diff"], []):
        print(f"{len(caller.plays)} plays {' '.join(mode) or 'for real'}", flush=True)
        look(caller, caller.run("caller.yml", *mode), documented, " ".join(mode))
    print("Only the caller's tasks", flush=True)
    said = caller.run("caller.yml", "--skip-tags", "taken_in")
    taken = set(re.findall(r"^TASK \[(infoprotect.+?)\]", said, re.MULTILINE))
    other = [task for task in taken if "Validating arguments" not in task]
    check(
        other == [] and len(lines(said, "AFTER")) == len(lines(said, "BEFORE")), f"Skipped tags did not skip {other}."
    )
    print("1 passed, 0 failed")


if __name__ == "__main__":
    run(main)
