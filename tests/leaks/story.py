# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tenants of the leak check, what support sends them, and how their playbooks run.

The tenant contoso is worked on in the controller's process, fabrikam on a host behind SSH, and tailspin with AadrmTpd.exe. Windows
hosts are imitated.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
import sys
from pathlib import Path
from typing import Any

from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import names, rehearsal, rsakeys, tpd, wrap

from .canaries import Canaries
from .machine import Machine

TENANTS = {"contoso": "xmlenc", "fabrikam": "aes", "tailspin": "xmlenc"}  # and the form of the reply
TOOL = "C:\\tools\\AadrmTpd.exe"
# Where the halves, the request's key and the reply have their place, and what the operator or the test itself has given.
_SECRET_FILES = re.compile(
    r"/(?:tenants|safes|home/\.local/state/.*)/.*(?:PrivateKey-|Password-|ExportedTPD-|TPD-|\.infoprotect-)[^/]*$"
    r"|/given/[^/]+$|/windows/[^/]+\.jsonl?$"
)
_PLAYBOOK = "infoprotect.tenant_key."
CLIENTS = ("pc", "laptop")
# Whom a playbook works for, where that is no tenant. The last ones make one thing for all, and it is there or not.
_WORKS_FOR = {"client_redirect": CLIENTS, "client_reset": CLIENTS, "rehearse": ("localhost",)}
_FOR_ALL = {"evidence", "status", "status_merge"}
_RECAP = re.compile(r"^(\S+) +: ok=\d+ +changed=\d+ +unreachable=(\d+) +failed=(\d+) ", re.MULTILINE)


def belongs(path: str) -> bool:
    """Whether a secret has its place in this file."""
    return _SECRET_FILES.search(path) is not None


class Story:
    """The tenants, what support sends them, and their playbooks."""

    def __init__(self, machine: Machine, canaries: Canaries) -> None:
        self.machine, self.canaries, self.scratch = machine, canaries, machine.scratch
        # Playbooks, whether with no_log, and whether they ended well.
        self.seen: set[tuple[str, bool, bool]] = set()
        self.runs = 0
        for name in ("tenants", "safes", "given"):
            (self.scratch / name).mkdir(mode=0o700)
        for name in ("vault-1", "vault-2", "sign-in", "become"):
            secret = f"{secrets.token_hex(12)} made for a test, Zürich {secrets.token_hex(12)}"
            (self.scratch / "given" / name).write_text(f"{secret}\n", encoding="utf-8")
            canaries.text(f"{name} password", secret)
        inventory = {"all": {"hosts": self._hosts(), "vars": self._variables()}}
        clients = {"hosts": dict.fromkeys(CLIENTS), "vars": {"tenant_key_host": "contoso"}}
        inventory["all"]["children"] = {"tenant_key_clients": clients}
        (self.scratch / "hosts.json").write_text(json.dumps(inventory))

    def _hosts(self) -> dict[str, Any]:
        become = "{{ lookup('ansible.builtin.file', scratch ~ '/given/become') }}"
        return {
            "contoso": {"tenant_key_tenant": "contoso", "export_key_format": "pem"},
            "fabrikam": {"tenant_key_tenant": "fabrikam", **self.machine.far},
            "tailspin": {
                "tenant_key_tenant": "tailspin",
                "export_engine": "aadrmtpd",
                "export_engine_host": "toolbox",
                "export_engine_tool": TOOL,
                "export_engine_directory": "C:\\tailspin",
                "custody_copies": self._copies()[:4],  # the private key stays on the host of the tool
            },
            "toolbox": None,
            "safe-1": self.machine.far,
            "safe-2": self.machine.far,
            "rms": {"ansible_become_password": become},
            "admin": None,
        }

    @staticmethod
    def _copies() -> list[dict[str, str]]:
        safe = "{{ scratch }}/safes/{{ tenant_key_tenant }}"
        return [
            {"what": "password", "host": "safe-1", "directory": f"{safe}-1"},
            {"what": "password", "directory": f"{safe}-2", "vault_id": "one"},
            {"what": "tpd", "host": "safe-2", "directory": f"{safe}-3", "vault_id": "two"},
            {"what": "tpd", "directory": f"{safe}-4"},
            {"what": "private_key", "directory": f"{safe}-5"},
        ]

    def _variables(self) -> dict[str, Any]:
        given = "{{ scratch }}/given"
        return {
            "ansible_connection": "local",
            "ansible_python_interpreter": sys.executable,
            "scratch": str(self.scratch),
            "tenant_key_directory": "{{ scratch }}/tenants/{{ tenant_key_tenant }}",
            "export_purpose": "leave",
            "custody_required_copies": 1,
            "custody_copies": self._copies(),
            "custody_vault_password_files": {"one": f"{given}/vault-1", "two": f"{given}/vault-2"},
            "adrms_import_host": "rms",
            "adrms_import_become_user": "CONTOSO\\rms-admin",
            "aip_service_host": "admin",
            "aip_service_sign_in": "credential",
            "aip_service_user": "admin@contoso.example",
            "aip_service_password_file": f"{given}/sign-in",
            "client_state_old_urls": ["https://0f8fad5b-d9cb-469f-a165-70867728950e.rms.eu.aadrm.com/_wmcs/licensing"],
            "client_state_intranet_url": "https://rms.contoso.example/_wmcs/licensing",
            "decommission_way": "recovery",
            "decommission_super_user_group": "recovery@contoso.example",
            "decommission_subscription_ends": "2099-12-31",
            "rekey_reason": "The copy in the safe may have been seen.",
            "rekey_mode": "case",
            "evidence_directory": "{{ scratch }}/evidence",
            "status_file": "{{ scratch }}/status/all.json",
            "status_slices": ["{{ scratch }}/status/all.json"],
        }

    def play(self, name: str, *words: str, fails: bool = False, no_log: bool = False, **variables: Any) -> str:
        """What a playbook of the collection prints; it must end as expected. What is secret by then is known afterwards."""
        extra = ("--extra-vars", json.dumps(variables)) if variables else ()
        environment = {"ANSIBLE_NO_LOG": str(no_log)}
        status, said = self.machine.run("-i", "hosts.json", _PLAYBOOK + name, *words, *extra, **environment)
        if (status != 0) != fails:
            raise SystemExit(f"{name} {' '.join(words)} {variables} ended with {status}:\n{said[-6000:]}")
        self.seen |= {(name, no_log, well) for well in ends(name, status, said)}
        self.runs += 1
        self._learn()
        return said

    def _learn(self) -> None:
        """Add every secret file that there is now; a later step may destroy it, or write another in its place."""
        files = [file for file in self.scratch.rglob("*") if _holds_a_secret(file.name) and file.is_file()]
        contents = {str(file.relative_to(self.scratch)): file.read_bytes() for file in files}
        toolbox = json.loads((self.scratch / "windows" / "toolbox.json").read_text())["files"].values()
        contents |= {file["path"]: base64.b64decode(file["content"]) for file in toolbox if not file["directory"]}
        for name, content in contents.items():
            if _holds_a_secret(name):
                self.canaries.file(name, content)
                if "Password-" in name and not content.startswith(b"$ANSIBLE_VAULT"):
                    self.canaries.text(f"hash of {name}", hashlib.sha256(content).hexdigest())

    def folder(self, tenant: str) -> Path:
        return self.scratch / "tenants" / tenant

    def case(self, tenant: str) -> dict[str, Any]:
        return json.loads((self.folder(tenant) / "case.json").read_text(encoding="utf-8"))

    def reply(self, tenant: str, key: Any = None) -> Path:
        """Support's reply comes, in place of what came before; with another key, it is for somebody else."""
        password = f"{secrets.token_hex(12)} made for a test: Zürich, {secrets.token_hex(12)} "
        # Marked as a rehearsal it would be refused.
        mark, rehearsal.REHEARSAL_MARK = rehearsal.REHEARSAL_MARK, "made for a test"
        try:
            made = rehearsal.make(2048, 2, 2)
        finally:
            rehearsal.REHEARSAL_MARK = mark
        self.canaries.text(f"password of {tenant}", password)
        self.canaries.private_key(f"tenant key of {tenant}", rsakeys.load_private(made.key_blob))
        (public,) = self.folder(tenant).glob("PublicKey-*")
        key = key or rsakeys.load_public(public.read_bytes())
        reply = wrap.wrap(TENANTS[tenant], password, tpd.seal(made, password), key)
        for old in self.folder(tenant).glob("TPD-*"):
            old.unlink()
        file = self.folder(tenant) / f"TPD-{names.new_guid()}.xml"
        file.write_bytes(reply)
        return file

    def imitate(self, name: str, content: Any) -> None:
        """What an imitated host remembers, or which of its calls fail."""
        (self.scratch / "windows" / f"{name}.json").write_text(json.dumps(content))

    def tenant_of(self, tenant: str) -> None:
        """Let the imitated service be this tenant's."""
        found = self.case(tenant)["export"]["tpd"]
        key = {"key_identifier": found["key_id"], "status": "Active", "key_type": "Microsoft-managed"}
        templates = [{"template_id": made["guid"], "status": "Published", "names": {}} for made in found["templates"]]
        service = {
            "functional_state": "Enabled",
            "service_id": found["licensing_url"].split("/")[2].split(".")[0],
            "licensing_url": found["licensing_url"],
            "keys": [key | {"creation_time": "2016-01-01T00:00:00Z"}],
            "templates": templates,
            "super_users_enabled": "Disabled",
            "super_users": [],
            "super_user_group": "",
            "sessions": [],
            "faults": [],
        }
        self.imitate("admin", {"service": service})


def _holds_a_secret(name: str) -> bool:
    return re.search(r"(?:^|[/\\])(?:PrivateKey|Password|ExportedTPD|TPD)-[^/\\]*$", name) is not None


def ends(name: str, status: int, said: str) -> set[bool]:
    """Whether a run has ended well for somebody whom the playbook works for, and whether it has failed for somebody."""
    if name in _FOR_ALL:
        return {status == 0}
    whom = _WORKS_FOR.get(name, tuple(TENANTS))
    return {lost == failed == "0" for host, lost, failed in _RECAP.findall(said) if host in whom}
