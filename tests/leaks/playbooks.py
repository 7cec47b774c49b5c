# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A company's whole way out, playbook by playbook, as tenants do who have a bad day.

In its course each playbook ends well and fails, with no_log and without; where a run does both, it fails for one tenant or client and
ends well for another. A story that leaves one of these out is not accepted.
"""

from __future__ import annotations

import itertools
import re
import shutil
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import names, rsakeys

from .machine import CHECKOUT
from .story import CLIENTS, TENANTS, TOOL, Story


def missing(seen: set[tuple[str, bool, bool]]) -> list[str]:
    """What each playbook has not been seen to do, as sentences."""
    names = sorted(file.stem for file in (CHECKOUT / "playbooks").glob("*.yml"))
    wanted = itertools.product(names, (False, True), (True, False))
    return [
        f"{name} has not {'ended well' if well else 'failed'} {'with' if no_log else 'without'} no_log"
        for name, no_log, well in wanted
        if (name, no_log, well) not in seen
    ]


def confirmation(said: str, tenant: str = "contoso") -> str:
    """What the plan has told to type."""
    return re.findall(rf"_confirm=({tenant}-[0-9a-f]{{8}})\b", said)[-1]


def tell(story: Story) -> Iterator[str]:
    """Every playbook, and what goes wrong. Yields what it comes to, to be shown."""
    tool = {TOOL.lower(): {"path": TOOL, "directory": False, "content": ""}}
    story.imitate("toolbox", {"registry": {}, "files": tool})
    unfit = story.scratch / "unfit"
    unfit.mkdir()
    unfit.chmod(0o777)
    yield "rehearsal"
    _rehearse(story, unfit)
    yield "export"
    _export(story)
    yield "custody"
    _keep(story)
    yield "import"
    _import(story)
    yield "clients, evidence, status"
    _redirect(story)
    _report(story, unfit)
    yield "breach"
    _respond(story)
    yield "rekey"
    _rekey(story)
    yield "leaving"
    _leave(story)
    if unseen := missing(story.seen):
        raise SystemExit("\n".join(unseen))


def _rehearse(story: Story, unfit: Path) -> None:
    story.play("rehearse", fails=True, rehearse_directory=str(unfit))
    story.play("rehearse")
    other = {"rehearse_directory": str(story.scratch / "tenants" / "rehearsal")}
    stage = {"adrms_import_stage_directory": f"{unfit}/adrms"}
    story.play("rehearse", no_log=True, fails=True, **other, **stage)
    story.play("rehearse", no_log=True, **other)


def _export(story: Story) -> None:
    story.play("export", "--check")
    story.play("export")
    for tenant in TENANTS:
        story.reply(tenant, rsakeys.generate(2048).public_key())
    story.play("export", fails=True)
    seconds = [shutil.copy(reply, reply.with_stem(f"TPD-{names.new_guid()}")) for reply in map(story.reply, TENANTS)]
    story.play("export", no_log=True, fails=True)
    for second in seconds:
        second.unlink()
    story.imitate("faults", [])
    story.play("export")
    for tenant in TENANTS:
        (copy,) = (story.scratch / "safes" / f"{tenant}-1").glob("Password-*")
        copy.unlink()
    story.play("export", no_log=True)


def _keep(story: Story) -> None:
    story.play("audit")
    story.play("recover", "--check")
    story.play("recover")
    _damage(story, "contoso", "tailspin")
    story.play("audit", no_log=True, fails=True, custody_audit_fail_on=["copy_content"])
    wrong = str(story.scratch / "given" / "sign-in")
    only = f"{{{{ '{story.scratch}/given/vault-%s' if tenant_key_tenant == 'fabrikam' else '{wrong}' }}}}"
    given = {"one": only % 1, "two": only % 2}
    again = "{{ tenant_key_directory }}.again"
    story.play("recover", no_log=True, fails=True, custody_vault_password_files=given, custody_recover_directory=again)
    _damage(story, "fabrikam")
    story.play("audit", fails=True, custody_audit_fail_on=["copy_content"])
    story.play("recover", fails=True, custody_vault_password_files={"one": wrong, "two": wrong})


def _damage(story: Story, *tenants: str) -> None:
    for tenant in tenants:
        (copy,) = (story.scratch / "safes" / f"{tenant}-4").glob("ExportedTPD-*")
        copy.write_bytes(copy.read_bytes()[:-300])


def _import(story: Story) -> None:
    fault = {"host": "rms", "call": "adrms_import/import_tpd.ps1", "when": "before"}
    story.imitate("faults", [fault, fault])
    story.play("adrms_import", no_log=True, fails=True)
    story.imitate("faults", [fault])
    story.play("adrms_import", fails=True)
    story.play("adrms_import")
    attestation = {
        "by": "test",
        "at": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "document": "plan.docx",
    }
    story.play("adrms_import", no_log=True, adrms_import_attestation=attestation)


def _redirect(story: Story) -> None:
    for client in CLIENTS:
        story.imitate(client, {"os64": True, "registry": {}, "files": {}})
    for playbook in ("client_redirect", "client_reset"):
        for client, no_log in zip(CLIENTS, (False, True)):
            story.imitate("faults", [{"host": client, "call": "client_state/read_state.ps1", "when": "before"}])
            story.play(playbook, no_log=no_log, fails=True)


def _report(story: Story, unfit: Path) -> None:
    for playbook, unfit_for_it in (
        ("evidence", {"evidence_directory": f"{unfit}/evidence"}),
        ("status", {"status_file": f"{unfit}/all.json"}),
        ("status_merge", {"status_slices": [f"{unfit}/none.json"], "status_fail_on_overdue": True}),
    ):
        story.play(playbook, no_log=True, fails=True, tenant_key_hosts="contoso", **unfit_for_it)
        story.play(playbook, no_log=True, tenant_key_hosts="tailspin")
        story.play(playbook, fails=True, tenant_key_hosts="fabrikam", **unfit_for_it)
        story.play(playbook)


def _respond(story: Story) -> None:
    story.tenant_of("contoso")
    leaked = {"tenant_key_hosts": "contoso", "breach_incident": "key_leaked"}
    typed = confirmation(story.play("breach_response", **leaked))
    leaked["breach_response_phase"] = "all"
    story.play("breach_response", **leaked, fails=True)
    story.play("breach_response", **leaked, no_log=True, fails=True, breach_response_confirm="contoso-00000000")
    story.play("breach_response", **leaked, breach_response_confirm=typed)
    story.play("breach_response", no_log=True, tenant_key_hosts="fabrikam", breach_incident="rights_misused")


def _rekey(story: Story) -> None:
    # The service that is imitated is contoso's.
    both = {"tenant_key_hosts": "fabrikam:tailspin", "aip_service_host": ""}
    typed = confirmation(story.play("rekey", **both), "fabrikam")
    for no_log in (False, True):
        story.play("rekey", **both, no_log=no_log, fails=True, rekey_phase="all", rekey_confirm=typed)


def _leave(story: Story) -> None:
    contoso = {"tenant_key_hosts": "contoso"}
    typed = confirmation(story.play("decommission", **contoso))
    everything = {**contoso, "decommission_phase": "all"}
    story.play("decommission", **everything, fails=True)
    story.play("decommission", **everything, no_log=True, fails=True, decommission_confirm="contoso-00000000")
    story.play("cloud_exit", **everything, fails=True)
    prepared = {**contoso, "decommission_phase": "prepare_clients"}
    story.play("decommission", **prepared, no_log=True, decommission_confirm=typed)
    story.play("decommission", **everything, decommission_confirm=typed)
    story.play("export", custody_destroy_working_copies=True)
    story.play("cloud_exit", no_log=True, fails=True, tenant_key_hosts="contoso:fabrikam", decommission_phase="all")
    story.play("cloud_exit", **everything)
