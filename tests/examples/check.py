# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tests/examples/check.py [NAME...]: each example of docs/examples, by the commands of its README, in a copy with other paths."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from common import EXAMPLES, FIGURES, blocks, check, environment, moved, run, shell

HERE = "---\nansible_connection: local\nansible_python_interpreter: '{{ ansible_playbook_python }}'\n"


class Example:
    """A copy of an example's folder, and what its commands have printed, one text for each block."""

    def __init__(self, name: str, scratch: Path) -> None:
        self.scratch, self.folder = scratch, scratch / name
        shutil.copytree(EXAMPLES / name, self.folder)
        for file in self.folder.rglob("*.*"):
            file.write_text(moved(file.read_text(encoding="utf-8"), scratch), encoding="utf-8")
        for root in ("srv", "srv/tenant-key", "media"):
            (scratch / root).mkdir(mode=0o700)
        self.keys = scratch / "srv" / "tenant-key"
        self.said: list[str] = []

    def on_this_machine(self, group: str, more: str = "") -> None:
        """Hosts of a group are no others than this one."""
        (folder,) = self.folder.rglob(f"group_vars/{group}")
        (folder / "zz_here.yml").write_text(HERE + more, encoding="utf-8")

    def drives(self, *names: str) -> None:
        for name in names:
            (self.scratch / "media" / name).mkdir(mode=0o700)

    def run(self) -> None:
        for lines in blocks((self.folder / "README.md").read_text(encoding="utf-8"), "sh"):
            self.said.append(shell(lines, self.folder, self.scratch))

    def has(self, block: int, *words: str) -> None:
        for word in words:
            check(word in self.said[block], f"{self.folder.name} does not say {word!r}:\n{self.said[block]}")

    def case(self, tenant: str) -> dict:
        return json.loads((self.keys / tenant / "case.json").read_text(encoding="utf-8"))

    def events(self, tenant: str) -> list[str]:
        lines = (self.keys / f"{tenant}.custody.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line)["event"] for line in lines]


def names(folder: Path) -> list[str]:
    """What lies there, without the GUIDs."""
    return sorted(re.sub(r"-[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", "", file.name) for file in folder.iterdir())


def laptop(example: Example) -> None:
    example.drives("safe-1", "safe-2", "safe-3", "safe-4")
    example.run()
    example.has(0, "waiting for support's reply since", "PublicKey-")
    example.has(2, "This was a drill, nothing was kept.")
    example.has(3, "Tenant contoso: nothing was found to be wrong.", "Tenant contoso: placed, a rehearsal")
    left = names(example.keys / "contoso")
    check(not {"Password.txt", "PrivateKey.txt", "ExportedTPD.xml", "TPD.xml"} & set(left), f"Not destroyed: {left}")
    for number, half in ((1, "Password.txt"), (2, "Password.txt"), (3, "ExportedTPD.xml"), (4, "ExportedTPD.xml")):
        there = names(example.scratch / "media" / f"safe-{number}")
        check(there == sorted([half, "custody-contoso.anchor.json"]), f"safe-{number} has {there}.")


def provider(example: Example) -> None:
    example.on_this_machine("vaults")
    example.run()
    example.has(0, "hosts (200):", "tenant001", "tenant200")
    example.has(1, "Tenant tenant010: waiting for support's reply")
    done = [f"tenant{number:03}" for number in range(1, 10)]
    for tenant in done:
        case = example.case(tenant)
        check(len(case["placed"]["copies"]) == 4, f"{tenant}: {case['placed']}")
        purpose = {"tenant002": "leave", "tenant003": "split"}.get(tenant, "backup")
        check(case["purpose"] == purpose, f"{tenant} has the purpose {case['purpose']}.")
        for number in range(1, 5):
            half = "Password.txt" if number < 3 else "ExportedTPD.xml"
            there = names(example.scratch / "srv" / f"vault-{number}" / tenant)
            check(there == sorted([half, f"custody-{tenant}.anchor.json"]), f"vault-{number} has {there} of {tenant}.")
    opened, expected = (datetime.fromisoformat(example.case("tenant003")[name]) for name in ("opened", "expected_by"))
    check((expected - opened).days == 10, "What the table says of a tenant did not count.")
    check(example.case("tenant002")["support_case"] == "4711", "What the table says of a tenant did not count.")
    written = json.loads((example.keys / "status.json").read_text(encoding="utf-8"))["tenants"]
    stages = [entry["stage"] for entry in sorted(written, key=lambda entry: entry["tenant"])]
    check(stages == ["placed"] * 9 + ["requested", "none", "none"], f"Stages: {stages}")


def hsm(example: Example) -> None:
    example.drives("to-the-hsm", "passphrase")
    kept = example.scratch / "kept.pem"
    lines = blocks((example.folder / "README.md").read_text(encoding="utf-8"), "sh")
    for number, line in enumerate(lines):
        if number == len(lines) - 1:
            shutil.copy(example.scratch / "media/to-the-hsm/contoso_key.pem", kept)
        example.said.append(shell(line, example.folder, example.scratch))
    fingerprint = example.said[2].split()[0]
    example.has(1, f"The SHA-256 of the public key is {fingerprint}.")
    check(example.case("contoso")["export"]["tpd"]["fingerprint"] == fingerprint, "The PEM holds another key.")
    check("BEGIN ENCRYPTED PRIVATE KEY" in kept.read_text(), "The PEM was not encrypted.")
    check(
        names(example.scratch / "media/to-the-hsm") == names(example.scratch / "media/passphrase") == [],
        "Not destroyed.",
    )
    keyless = (example.keys / "contoso-hsm" / "contoso_keyless.xml").read_text(encoding="utf-8")
    check("m_strTrustedDocDomainInfo" in keyless and "m_strKeyData" not in keyless, "The keyless TPD is none.")
    check(example.events("contoso")[-2:] == ["split", "destroyed"], f"The log says {example.events('contoso')}.")


def import_only(example: Example) -> None:
    example.on_this_machine("adrms", "vault_rms_admin_password: made for a test\n")
    example.run()
    example.has(2, "and would be imported", "changed=")
    case = example.case("contoso")
    check(
        [tpd["display_name"] for tpd in case["imported"]["tpds"]] == ["Contoso (from the cloud)"], f"{case['imported']}"
    )
    events = example.events("contoso")
    check(events == ["decrypted", "staged", "imported", "attested"], f"The log says {events}.")
    example.has(3, "contoso", "attested")
    cluster = json.loads((example.scratch / "windows" / "rms1.json").read_text(encoding="utf-8"))
    check(len(cluster["tpds"]) == 1, f"The cluster has {cluster['tpds']}.")


OTHER_TAGS = ("Stage it for AD RMS", "Place the copies", "Note where the copies are", "Go on with the migration")


def handled(said: str) -> list[tuple[str, str]]:
    """Which handlers ran for which hosts: in the order of the handlers, as that of hosts is nobody's."""
    found = []
    for title, body in re.findall(r"^RUNNING HANDLER \[(.+?)\].*?\n(.*?)(?=^[A-Z]+ )", said, re.MULTILINE | re.DOTALL):
        found += [(title, host) for host in sorted(re.findall(r"^(?:ok|changed): \[(\w+)\]", body, re.MULTILINE))]
    return found


def migration(example: Example) -> None:
    example.drives("safe-1", "safe-2", "safe-3", "safe-4")
    example.run()
    opened, whole, checked = (example.said[number] for number in (0, 2, 3))
    both = [("Tell the help desk", "contoso"), ("Tell the help desk", "fabrikam")]
    check(handled(opened) == both, f"With the tag export these handlers ran: {handled(opened)}\n{opened}")
    # Core itself checks arguments whatever the tags, and the export logs through custody.
    taken = set(re.findall(r"^TASK \[(.+?)\]", opened, re.MULTILINE)) - {
        "infoprotect.tenant_key.custody : Log what was done"
    }
    other = [task for task in taken if "custody : " in task or "adrms_import" in task or task in OTHER_TAGS]
    check([task for task in other if "Validating arguments" not in task] == [], f"The tag export took in {other}.")
    # Once each, though two tasks notify, and before what comes after the flush.
    expected = [("Tell the help desk", "contoso"), ("Tell the custodians", "contoso")]
    check(handled(whole) == expected, f"These handlers ran: {handled(whole)}\n{whole}")
    before, after = whole.split("TASK [Go on with the migration]")
    check("RUNNING HANDLER" in before and "RUNNING HANDLER" not in after, f"The handlers ran too late:\n{whole}")
    check("contoso: the copies are placed; users" in after, f"The play did not go on:\n{whole}")
    check("fabrikam: the key is awaited; users" in after, f"The play did not go on for the one that waits:\n{whole}")
    check(handled(checked) == [] and "infoprotect.tenant_key.export : Open the case" not in checked, f"{checked}")
    check("infoprotect.tenant_key.custody : Look at each copy" in checked, f"The tag custody did nothing:\n{checked}")
    changes = re.findall(r"^(\w+) +: ok=\d+ +changed=(\d+)", checked, re.MULTILINE)
    check(changes == [("contoso", "0"), ("fabrikam", "0")], f"A later run would change something: {changes}\n{checked}")


STORIES: dict[str, Callable[[Example], None]] = {
    "laptop": laptop,
    "provider-200": provider,
    "hsm": hsm,
    "import-only": import_only,
    "migration": migration,
}


def main(scratch: Path) -> int:
    check(
        sorted(STORIES) == sorted(path.parent.name for path in EXAMPLES.glob("*/README.md")), "An example has no test."
    )
    wanted = sys.argv[1:] or list(STORIES)
    for name in wanted:
        print(name, flush=True)
        place = scratch / name
        place.mkdir(mode=0o700)
        environment(place)
        STORIES[name](Example(name, place))
        FIGURES["examples run"] += 1
    return len(wanted)


if __name__ == "__main__":
    run(main)
