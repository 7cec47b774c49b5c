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
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from scratch import CHECKOUT, PROGRAMS, environment, run

HERE = Path(__file__).resolve().parent
SLICES = ("slice_0", "slice_1", "slice_2")
KILLED = "slice_1"
ITS_TENANTS = ("contoso", "adatum")
EXPORT = "export_with_replies.yml"
TABLE = "Show where all tenants stand"
REMARKS = "Say what is to be known of the slices"


class Fleet:
    """ansible-runner's folder as docs/fleet.md lays it out, and the tenants' folders beside it."""

    def __init__(self, scratch: Path) -> None:
        self.data, self.tenants = scratch / "fleet", scratch / "tenants"
        for folder in (self.tenants, self.data, *(self.data / name for name in ("env", "inventory", "status"))):
            folder.mkdir(mode=0o700)
        (self.data / "project").symlink_to(HERE / "project")
        (self.data / "inventory" / "hosts.yml").symlink_to(HERE / "inventory" / "hosts.yml")
        (self.data / "inventory" / "slices.yml").symlink_to(CHECKOUT / "docs" / "fleet" / "slices.yml")
        settings = {
            "ANSIBLE_COLLECTIONS_PATH": os.environ.get("ANSIBLE_COLLECTIONS_PATH", sysconfig.get_path("purelib")),
            "ANSIBLE_HOME": str(scratch / "ansible"),
            "ANSIBLE_HOST_KEY_CHECKING": "True",
            "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "True",
            "FLEET": str(self.data),
            "TENANTS": str(self.tenants),
        }
        (self.data / "env" / "envvars").write_text(json.dumps(settings))
        self.environment = environment(scratch)

    def start(self, ident: str, playbook: str, **variables: object) -> subprocess.Popen[bytes]:
        """As docs/fleet.md says, only more talkative: with -vvv, invocations are shown, too."""
        words = f"--cmdline=-vvv --extra-vars '{json.dumps(variables)}'"
        runner = [PROGRAMS / "ansible-runner", "run", self.data, "--omit-env-files", "--quiet"]
        command = [*runner, "--ident", ident, "-p", playbook, words]
        return subprocess.Popen(command, env=self.environment, stdin=subprocess.DEVNULL)

    def run(self, ident: str, playbook: str, **variables: object) -> int:
        return self.start(ident, playbook, **variables).wait()

    def run_as_documented(self) -> str:
        """All slices and the merge, by the lines of the documentation; what they print."""
        text = (CHECKOUT / "docs" / "fleet.md").read_text()
        lines = text.partition("```sh\n")[2].partition("```")[0].replace("/srv/fleet", str(self.data))
        done = subprocess.run(
            ["sh", "-euc", lines],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        check(done.returncode == 0, f"The documented lines ended with {done.returncode}.\n{done.stdout}{done.stderr}")
        return done.stdout

    def status_file(self, name: str) -> Path:
        return self.data / "status" / f"{name}.json"

    def look_at_slice(self, name: str) -> None:
        variables = {"tenant_key_hosts": name, "status_file": str(self.status_file(name))}
        look = self.run(f"status-{name}", "infoprotect.tenant_key.status", **variables)
        check(look == 0, f"The status of {name} ended with {look}.")

    def said(self, ident: str, task: str) -> list[str]:
        """What a task that shows something has shown, out of the events that ansible-runner keeps."""
        (folder,) = (self.data / "artifacts").glob(f"{ident}*/job_events")
        for file in folder.glob("*.json"):
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
        except (FileNotFoundError, ProcessLookupError):
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
    process = fleet.start("killed", EXPORT, tenant_key_hosts=KILLED)
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
        for form in (text, text.decode().encode("utf-16-le"), base64.b64encode(text)):
            found[form] = f"the password of {file.parent.name}"
        # It lets a weak password be guessed.
        found[hashlib.sha256(text).hexdigest().encode()] = f"the hash of the password of {file.parent.name}"
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
    others = [name for name in SLICES if name != KILLED]
    with ThreadPoolExecutor() as pool:
        works = [pool.submit(export_and_kill, fleet)]
        works += [pool.submit(fleet.run, f"first-{name}", EXPORT, tenant_key_hosts=name) for name in others]
        for work in works:
            work.result()
        list(pool.map(fleet.look_at_slice, others))

    print("Merge without it", flush=True)
    rc = fleet.run("without", "infoprotect.tenant_key.status_merge", status_fail_on_overdue=True)
    check(rc != 0, "A fleet without a slice was found good.")
    remarks = " ".join(fleet.said("without", REMARKS))
    check(f"{fleet.status_file(KILLED)}: it is not there" in remarks, f"The killed slice is not named: {remarks}")
    unknown = [line.split()[0] for line in fleet.said("without", TABLE) if " unknown " in line]
    check(sorted(unknown) == sorted([*ITS_TENANTS, "tailspin"]), f"Not known are {unknown}.")

    print("Run it again, and then all of them as documented", flush=True)
    rc = fleet.run("again", EXPORT, tenant_key_hosts=KILLED)
    check(rc == 0, f"The killed slice cannot go on.\n{(fleet.data / 'artifacts/again/stdout').read_text()[-4000:]}")
    table = fleet.run_as_documented()
    check(fleet.said("merge-", REMARKS) == [], f"Remarks: {fleet.said('merge-', REMARKS)}")

    print("Compare with one run", flush=True)
    rc = fleet.run("whole", "infoprotect.tenant_key.status", status_file=str(fleet.status_file("whole")))
    check(rc == 0, f"The status of all ended with {rc}.")
    merged, whole = (json.loads(fleet.status_file(name).read_text())["tenants"] for name in ("all", "whole"))
    check(merged == whole, f"The results differ:\n{json.dumps([merged, whole], indent=1)}")
    lines = fleet.said("whole", TABLE)
    check(fleet.said("merge-", TABLE) == lines and all(line in table for line in lines), f"The tables differ:\n{table}")
    stages = sorted(result["stage"] for result in whole)
    check(stages == ["exported", "placed", "requested", "requested", "unknown", "waiting"], f"Stages: {stages}")
    print("\n".join(lines), flush=True)

    print("Look for secrets in what ansible-runner keeps", flush=True)
    found = secrets(fleet.tenants)
    check(len(found) >= 2 * 4 + 5 * 6 + 4 * 2, f"Only {len(found)} secrets are known.")
    no_secret_in([fleet.data / name for name in ("artifacts", "env", "status")], found)
    kept = sorted(path.name for path in (fleet.data / "env").iterdir())
    check(kept == ["envvars"], f"What was said on the command line is kept for the next run: {kept}")
    for folder in (fleet.data / "artifacts").iterdir():
        environment = json.loads((folder / "command").read_text())["env"]
        check(environment["ANSIBLE_HOST_KEY_CHECKING"] == "True", f"{folder}: any host key was accepted.")
        check(stat.S_IMODE(folder.stat().st_mode) == 0o700, f"{folder} is open to others.")
        check(not list((folder / "fact_cache").glob("*")), f"{folder} holds facts.")
    print("1 passed, 0 failed")


if __name__ == "__main__":
    run(main)
