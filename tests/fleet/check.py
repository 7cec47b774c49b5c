# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tests/fleet/check.py: a fleet of six tenants through ansible-runner, in three slices at a time, one of which is killed.

The status that is merged from the slices is the one that a single run finds, and no secret is in what ansible-runner keeps.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import signal
import stat
import subprocess
import sys
import sysconfig
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parents[1]
VENV = CHECKOUT / ".build" / "venvs" / "runner"
SLICES = ("slice_0", "slice_1", "slice_2")
KILLED = "slice_1"
ITS_TENANTS = ("contoso", "adatum")
TABLE = "Show where all tenants stand"
REMARKS = "Say what is to be known of the slices"


class Fleet:
    """ansible-runner's private data directory, and the tenants' folders beside it."""

    def __init__(self, scratch: Path) -> None:
        self.data, self.tenants, self.status = scratch / "data", scratch / "tenants", scratch / "status"
        for folder in (self.data, self.data / "inventory", self.tenants, self.status):
            folder.mkdir(mode=0o700)
        (self.data / "project").symlink_to(HERE / "project")
        (self.data / "inventory" / "hosts.yml").symlink_to(HERE / "inventory" / "hosts.yml")
        (self.data / "inventory" / "slices.yml").symlink_to(CHECKOUT / "docs" / "fleet" / "slices.yml")
        self.environment = {
            "ANSIBLE_COLLECTIONS_PATH": os.environ.get("ANSIBLE_COLLECTIONS_PATH", sysconfig.get_path("purelib")),
            "ANSIBLE_HOME": str(scratch / "ansible"),
            "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true",
            "FLEET_TENANTS": str(self.tenants),
            "HOME": str(scratch),
            "LANG": "C.UTF-8",
            "PATH": f"{VENV / 'bin'}:{os.environ['PATH']}",
        }

    def start(self, ident: str, playbook: str, **variables: object) -> subprocess.Popen[bytes]:
        """ansible-runner as an operator starts it, only more talkative: with -vvv, invocations are shown, too."""
        words = f"--cmdline=-vvv --extra-vars '{json.dumps(variables)}'"
        runner = [VENV / "bin" / "ansible-runner", "run", self.data, "--omit-env-files", "--quiet"]
        command = [*runner, "--ident", ident, "-p", playbook, words]
        return subprocess.Popen(command, env=self.environment, stdin=subprocess.DEVNULL)

    def run(self, ident: str, playbook: str, **variables: object) -> int:
        return self.start(ident, playbook, **variables).wait()

    def status_file(self, name: str) -> Path:
        return self.status / f"{name}.json"

    def export_slice(self, name: str, ident: str) -> None:
        self.run(ident, "export_with_replies.yml", tenant_key_hosts=name)

    def look_at_slice(self, name: str) -> None:
        look = self.run(
            f"status-{name}",
            "infoprotect.tenant_key.status",
            tenant_key_hosts=name,
            status_file=str(self.status_file(name)),
        )
        check(look == 0, f"The status of {name} ended with {look}.")

    def merge(self, ident: str, **variables: object) -> int:
        return self.run(
            ident,
            "infoprotect.tenant_key.status_merge",
            status_slices=[str(self.status_file(name)) for name in SLICES],
            **variables,
        )

    def said(self, ident: str, task: str) -> list[str]:
        """What a task that shows something has shown, out of the events that ansible-runner keeps."""
        for file in (self.data / "artifacts" / ident / "job_events").glob("*.json"):
            event = json.loads(file.read_text())
            if event["event"] == "runner_on_ok" and event["event_data"]["task"] == task:
                return event["event_data"]["res"]["msg"]
        return []


def check(holds: bool, otherwise: str) -> None:
    if not holds:
        sys.exit(f"FAILED: {otherwise}")


def kill_with_children(process: subprocess.Popen[bytes]) -> None:
    """As when a machine stops: all of them at once, and nobody can tidy up."""
    family, parents = [process.pid], {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except FileNotFoundError:
            continue  # it has ended
    for pid in family:
        family += [child for child, parent in parents.items() if parent == pid]
    for pid in family:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    process.wait()


def export_and_kill(fleet: Fleet) -> None:
    """The slice is killed when one of its tenants has a private key and the work goes on."""
    process = fleet.start("export-killed", "export_with_replies.yml", tenant_key_hosts=KILLED)
    until = time.monotonic() + 120
    while not list(fleet.tenants.glob(f"{ITS_TENANTS[0]}/PrivateKey-*")):
        check(
            process.poll() is None and time.monotonic() < until, "The slice that was to be killed has no private key."
        )
        time.sleep(0.05)
    kill_with_children(process)


def secrets(tenants: Path) -> dict[bytes, str]:
    """Everything in the tenants' folders that must be nowhere else, in each form in which it could be, and what it is."""
    found: dict[bytes, str] = {}
    for file in tenants.glob("*/Password-*"):
        text = file.read_bytes()
        for form in (
            text,
            text.decode().encode("utf-16-le"),
            base64.b64encode(text),
            hashlib.sha256(text).hexdigest().encode(),
        ):
            found[form] = f"the password of {file.parent.name}, or its hash"
    for file in tenants.glob("*/PrivateKey-*"):
        for name in ("P", "Q", "D", "DP", "DQ", "InverseQ"):
            part = re.search(rf"<{name}>(.+?)</{name}>", file.read_text(), re.DOTALL)
            check(part is not None, f"{file.name} has no {name}.")
            found[part.group(1).strip()[:40].encode()] = f"the private key of {file.parent.name}"
    for file in tenants.glob("*/*TPD-*"):
        text = file.read_bytes()
        for form in (text, base64.b64encode(text)):
            found[form[len(form) // 2 :][:60]] = f"the TPD or the reply of {file.parent.name}"
    return found


def no_secret_in(folders: list[Path], found: dict[bytes, str]) -> None:
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    check(len(files) > 100, f"Only {len(files)} files were kept.")
    for file in files:
        text = file.read_bytes()
        for secret, what in found.items():
            # In events, a line feed is written as backslash and n.
            check(secret not in text and secret.replace(b"\n", b"\\n") not in text, f"In {file} is {what}.")


def main(scratch: Path) -> None:
    fleet = Fleet(scratch)
    (fleet.tenants / "tailspin").mkdir(mode=0o700)
    (fleet.tenants / "tailspin" / "case.json").write_text("{")

    print("Export in three slices, one of which is killed", flush=True)
    with ThreadPoolExecutor() as pool:
        others = [name for name in SLICES if name != KILLED]
        works = [pool.submit(export_and_kill, fleet)]
        works += [pool.submit(fleet.export_slice, name, f"export-{name}") for name in others]
        for work in works:
            work.result()
        list(pool.map(fleet.look_at_slice, others))

    print("Merge without it", flush=True)
    check(fleet.merge("merge-without", status_fail_on_overdue=True) != 0, "A fleet without a slice was found good.")
    remarks = " ".join(fleet.said("merge-without", REMARKS))
    check(str(fleet.status_file(KILLED)) in remarks, f"The killed slice is not named: {remarks}")
    unknown = [line.split()[0] for line in fleet.said("merge-without", TABLE) if " unknown " in line]
    check(sorted(unknown) == sorted([*ITS_TENANTS, "tailspin"]), f"Not known are {unknown}.")

    print("Run it again, and merge", flush=True)
    fleet.export_slice(KILLED, "export-again")
    fleet.look_at_slice(KILLED)
    check(fleet.merge("merge", status_file=str(fleet.status_file("merged"))) == 0, "The merge failed.")
    check(fleet.said("merge", REMARKS) == [], f"Remarks: {fleet.said('merge', REMARKS)}")

    print("Compare with one run", flush=True)
    whole = fleet.run("whole", "infoprotect.tenant_key.status", status_file=str(fleet.status_file("whole")))
    check(whole == 0, f"The status of all ended with {whole}.")
    tables = [fleet.said(ident, TABLE) for ident in ("merge", "whole")]
    check(tables[0] == tables[1], f"The tables differ:\n{json.dumps(tables, indent=1)}")
    results = [json.loads(fleet.status_file(name).read_text()) for name in ("merged", "whole")]
    check(results[0]["tenants"] == results[1]["tenants"], "The results differ.")
    stages = sorted(result["stage"] for result in results[1]["tenants"])
    check(stages == ["exported", "exported", "requested", "requested", "unknown", "waiting"], f"Stages: {stages}")
    print("\n".join(tables[0]), flush=True)

    print("Look for secrets in what ansible-runner keeps", flush=True)
    found = secrets(fleet.tenants)
    check(len(found) >= 2 * 4 + 5 * 6 + 4 * 2, f"Only {len(found)} secrets are known.")
    no_secret_in([fleet.data / "artifacts", fleet.status], found)
    check(not (fleet.data / "env").exists(), "What was said on the command line was kept for the next run.")
    for folder in (fleet.data / "artifacts").iterdir():
        check(stat.S_IMODE(folder.stat().st_mode) == 0o700, f"{folder} is open to others.")
        check(not list((folder / "fact_cache").glob("*")), f"{folder} holds facts.")
    print("1 passed, 0 failed")


if __name__ == "__main__":
    subprocess.run(
        [CHECKOUT / "tools" / "make-venv", "runner", VENV.relative_to(CHECKOUT), "3.11", "3.12", "3.13"], check=True
    )
    with tempfile.TemporaryDirectory() as parent:
        main(Path(parent).resolve())
