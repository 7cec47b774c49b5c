# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tests/examples/runbook.py: the commands of the runbook's chapters, one after the other, on the tenant that its first page has.

Every line that a chapter shows as output must be in what its commands print, but for times, GUIDs, hashes and paths.
The tenant, its clients and the AD RMS cluster are imitated.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from common import CHECKOUT, FIGURES, RUNBOOK, blocks, check, environment, moved, run, shell

REPLY = CHECKOUT / "extensions" / "molecule" / "decommission" / "files" / "unmarked_reply.py"
OLD_URL = "https://0f8fad5b-d9cb-469f-a165-70867728950e.rms.eu.aadrm.com/_wmcs/licensing"
# How the hosts of the runbook's inventory are reached in a test, and the secret that it takes from a vault.
HERE = [
    ("ansible_host: export.example.com", "ansible_connection: local"),
    ("ansible_connection: psrp", "ansible_connection: local"),
    ('"{{ vault_rms_admin_password }}"', "made for a test"),
    # The TPD's licensing URL is of no real service, so nobody is redirected from it.
    ("tenant_key_host: contoso", f"tenant_key_host: contoso\n        client_state_old_urls: [{OLD_URL}]"),
]
# A client with one user, who is signed in and has used protected documents.
USER = "S-1-5-21-1-2-3-1001"
PROFILES = "HKLM:\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList"
KEYS = {
    PROFILES: {"default": {"name": "Default", "type": "string", "data": "C:\\Users\\Default"}},
    f"{PROFILES}\\{USER}": {
        "profileimagepath": {"name": "ProfileImagePath", "type": "string", "data": "C:\\Users\\anna"}
    },
    f"HKU:\\{USER}": {},
    f"HKU:\\{USER}\\Software\\Microsoft\\Office\\16.0\\Common\\DRM": {},
}
REGISTRY = {path.lower(): {"path": path, "values": values} for path, values in KEYS.items()}
HIVE, DRM = "C:\\Users\\Default\\NTUSER.DAT", "C:\\Users\\anna\\AppData\\Local\\Microsoft\\DRM"
FILES = {
    HIVE.lower(): {"path": HIVE, "directory": False, "content": ""},
    DRM.lower(): {"path": DRM, "directory": True, "access": ["Everyone"]},
}
# Each block of commands, by its chapter and number.
COMMANDS = {
    (page.stem, number)
    for page in RUNBOOK.glob("*.md")
    for number in range(len(blocks(page.read_text(encoding="utf-8"), "sh")))
}
SAME = [
    (r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", "<GUID>"),
    (r"\b[0-9a-f]{64}\b", "<HASH>"),
    (r"\b(contoso)-[0-9a-f]{8}\b", r"\1-<PLAN>"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "<TIME>"),
    (r"\b\d{4}-\d\d-\d\d\b", "<DAY>"),
    (r"\s+", " "),
]


class Story:
    """A folder in which everything happens, and what the chapters' commands have printed."""

    def __init__(self, scratch: Path) -> None:
        self.scratch, self.folder = scratch, scratch / "home" / "you"
        for folder in (
            "home/you",
            "srv",
            "srv/tenant-key",
            "media",
            *(f"media/safe-{number}" for number in range(1, 5)),
        ):
            (scratch / folder).mkdir(mode=0o700, parents=True)
        environment(scratch)  # makes the home folder
        (inventory,) = blocks((RUNBOOK / "README.md").read_text(encoding="utf-8"), "yaml")
        for there, here in HERE:
            check(there in inventory, f"The runbook's inventory does not say {there!r} any more.")
            inventory = inventory.replace(there, here)
        interpreter = (
            "\n  vars: {ansible_python_interpreter: '{{ ansible_playbook_python }}', ansible_pipelining: true}\n"
        )
        inventory = inventory.rstrip() + interpreter
        (self.folder / "inventory.yml").write_text(moved(inventory, scratch), encoding="utf-8")
        self.said: dict[str, str] = defaultdict(str)
        self.confirmation = ""
        self.done: set[tuple[str, int]] = set()

    @property
    def case(self) -> dict:
        return json.loads((self.scratch / "srv/tenant-key/contoso/case.json").read_text(encoding="utf-8"))

    def do(self, chapter: str, number: int, fails: bool = False) -> str:
        """Run a block of the chapter's commands; what it prints."""
        lines = blocks((RUNBOOK / f"{chapter}.md").read_text(encoding="utf-8"), "sh")[number]
        lines = re.sub(r"\bcontoso-1a2b3c4d\b", self.confirmation, moved(lines, self.scratch))
        print(f"{chapter}, {number + 1}", flush=True)
        said = shell(lines, self.folder, self.scratch, fails)
        self.said[chapter] += said
        self.done.add((chapter, number))
        if found := re.findall(r"contoso-[0-9a-f]{8}\b", said):
            self.confirmation = found[-1]
        return said

    def reply(self) -> None:
        """Support's reply comes, for a key that is made for the test and not marked as a rehearsal's."""
        key = self.case["key"]["public_key_file"]
        command = [sys.executable, REPLY, key, self.scratch / "srv/tenant-key/contoso"]
        subprocess.run(command, env=environment(self.scratch), check=True, stdout=subprocess.DEVNULL)

    def imitate(self) -> None:
        """The tenant in the service, and clients with one user who is signed in."""
        tpd = self.case["export"]["tpd"]
        key = {"key_identifier": tpd["key_id"], "status": "Active", "key_type": "Microsoft-managed"}
        service = {
            "functional_state": "Enabled",
            "service_id": tpd["licensing_url"].split("/")[2].split(".")[0],
            "licensing_url": tpd["licensing_url"],
            "keys": [{**key, "creation_time": "2016-01-01T00:00:00Z"}],
            "templates": [
                {"template_id": template["guid"], "status": "Published", "names": template["names"]}
                for template in tpd["templates"]
            ],
            "super_users_enabled": "Disabled",
            "super_users": [],
            "super_user_group": "",
            "admin_log": "2026-01-02T03:04:05Z admin@contoso.example GetKeys Passed\n",
            "sessions": [],
            "faults": [],
        }
        client = {"os64": True, "registry": REGISTRY, "files": FILES}
        for name, content in (("admin-1", {"service": service}), ("pc-1", client), ("pc-2", client)):
            (self.scratch / "windows" / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")

    def keep(self) -> None:
        """As it is now, for the chapters that begin here."""
        for name in ("srv", "media", "windows"):
            shutil.copytree(self.scratch / name, self.scratch / "kept" / name, symlinks=True)

    def go_back(self) -> None:
        for name in ("srv", "media", "windows"):
            shutil.rmtree(self.scratch / name)
            shutil.copytree(self.scratch / "kept" / name, self.scratch / name, symlinks=True)


def normal(line: str, scratch: Path) -> str:
    line = line.replace(str(scratch), "")
    for pattern, instead in SAME:
        line = re.sub(pattern, instead, line)
    return line.strip()


def missing(story: Story, page: Path) -> Iterator[str]:
    """The lines that the page shows and that its commands have not printed."""
    printed = {normal(line, story.scratch) for line in story.said[page.stem].splitlines()}
    for block in blocks(page.read_text(encoding="utf-8"), "text"):
        for line in filter(None, block.splitlines()):
            wanted = normal(line, story.scratch)
            cut = wanted.removesuffix("...").rstrip()
            if wanted not in printed and (cut == wanted or not any(other.startswith(cut) for other in printed)):
                yield f"{page.relative_to(RUNBOOK)} shows what is not printed:\n{line}"
            FIGURES["lines of output in the runbook seen"] += 1


def tell(story: Story) -> None:
    story.do("rehearse", 0)
    story.do("export", 0)
    story.reply()
    story.do("export", 1)
    story.imitate()
    story.do("protect", 0)
    story.do("protect", 1, fails=True)
    story.do("audit", 0)
    story.do("audit", 1)
    story.do("recover", 0)
    story.do("recover", 1)
    shutil.rmtree(story.scratch / "srv/tenant-key/contoso.recovered")
    story.do("adrms_import", 0)
    story.do("adrms_import", 1)
    story.do("adrms_import", 2)
    story.keep()
    story.do("protect", 2)
    story.do("status", 0)
    story.do("status", 1, fails=True)
    story.do("status_merge", 0)
    story.do("evidence", 0)
    story.do("client_redirect", 0)
    story.do("client_redirect", 1)
    story.do("client_redirect", 2)
    story.do("client_reset", 0)
    story.go_back()
    story.do("rekey", 0)
    story.do("rekey", 1)
    story.do("rekey", 2)
    story.do("rekey", 3)
    story.go_back()
    story.do("breach_response", 0)
    story.do("breach_response", 1)
    story.do("breach_response", 2)
    story.go_back()
    story.do("decommission", 0)
    story.do("decommission", 1)
    story.do("decommission", 2)
    story.go_back()
    story.do("cloud_exit", 0)
    story.do("cloud_exit", 1)


def main(scratch: Path) -> int:
    story = Story(scratch)
    tell(story)
    check(story.done == COMMANDS, f"These commands of the runbook were not run: {COMMANDS - story.done}")
    pages = [page for page in sorted(RUNBOOK.rglob("*.md")) if page.stem in story.said]
    found = [line for page in pages for line in missing(story, page)]
    check(not found, "\n".join(found))
    return len(pages)


if __name__ == "__main__":
    run(main)
