# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""benchmarks/run.py: runs everything side by side on this machine and writes docs/benchmarks.md and results.json.

`make bench` starts it, with the options in BENCH: `make bench BENCH="--rounds 7 --fleet 100 1000"`. With --only it runs some
parts and replaces their figures; the others stay, as figures of the run that they are of. What is measured and how is told in
docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import collections_tree

TREE = collections_tree.ours()
sys.path.insert(0, str(TREE))

import export  # noqa: E402
import fleet  # noqa: E402
import floor  # noqa: E402
import large  # noqa: E402
import runs  # noqa: E402
import table  # noqa: E402
import tasks  # noqa: E402
import time_spent  # noqa: E402
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._adrms_script import SCRIPT  # noqa: E402
from daemon import daemon  # noqa: E402
from machine import machine, versions  # noqa: E402
from measure import Measure  # noqa: E402
from plays import MIB, BenchmarkError, Controller, local  # noqa: E402
from tenants import secret  # noqa: E402

NEEDS = ("openssl", "xmlsec1", "ssh", "ssh-keygen", "/usr/sbin/sshd")
# A task in the controller's worker takes so little that it takes many to see it.
LOCAL_TASKS = 10
QUICK = {
    "rounds": 1,
    "tenants": 2,
    "ssh_tenants": 2,
    "forks": 2,
    "fleet": [2, 4],
    "fleet_rounds": 1,
    "reply": 2,
    "keys": 3,
    "tasks": 3,
}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="how often each contestant runs (5)")
    # Ansible is started for all of them, so the more there are, the less its start counts; over SSH it counts little anyway.
    parser.add_argument("--tenants", type=int, default=20, help="tenants in a run of the local export (20)")
    parser.add_argument("--ssh-tenants", type=int, default=6, help="tenants in a run of the export over SSH (6)")
    parser.add_argument("--forks", type=int, default=2, help="Ansible's forks, for everyone (2)")
    parser.add_argument("--fleet", type=int, nargs=2, default=[100, 1000], metavar=("FEW", "MANY"), help="(100 1000)")
    parser.add_argument("--fleet-rounds", type=int, default=1, help="how often each fleet runs (1)")
    parser.add_argument("--reply", type=int, default=50, help="size of the large TPD in MiB (50)")
    parser.add_argument("--keys", type=int, default=50, help="operations in each round in process (50)")
    parser.add_argument("--tasks", type=int, default=40, help="tasks in a run where one task is measured (40)")
    parser.add_argument(
        "--only",
        nargs="+",
        choices=runs.PARTS,
        default=runs.PARTS,
        help="only these parts; the others stay as they are",
    )
    parser.add_argument(
        "--quick", action="store_true", help="everything once and small, to see that it works; not written to docs"
    )
    parser.add_argument(
        "--output",
        type=Path,
        help="a folder for benchmarks.md and results.json of this run alone, instead of docs and benchmarks",
    )
    parser.add_argument(
        "--scratch", type=Path, help="the folder in which tenants' folders are made (the system's temporary one)"
    )
    given = parser.parse_args()
    if given.quick:
        vars(given).update(QUICK)
    given.only = [part for part in runs.PARTS if part in given.only]
    return given


def measure(given: argparse.Namespace, scratch: Path) -> Iterator[tuple[str, Measure]]:
    """All parts that were asked for, one after the other; a part may have several measures."""
    held = secret()
    script = scratch / "Import-TenantKey.ps1"
    script.write_text(SCRIPT)
    controller = Controller(scratch, [TREE, collections_tree.peers()], given.forks)
    with daemon(scratch / "ssh") as ssh:
        here = export.Exports(controller, held, given.tenants, local(), script)
        there = export.Exports(controller, held, given.ssh_tenants, ssh, script)
        parts = {
            "export": lambda: export.local_measures(here, given.rounds),
            "export-ssh": lambda: export.ssh_measures(there, given.rounds),
            "fleet": lambda: [fleet.measure(controller, held, *given.fleet, given.fleet_rounds)],
            "reply": lambda: [large.measure(scratch, TREE, given.reply * MIB, given.rounds)],
            "floor": lambda: [floor.measure(scratch, held, given.keys, given.rounds)],
            "tasks": lambda: [
                tasks.local_measure(tasks.Tasks(controller, LOCAL_TASKS * given.tasks, local()), given.rounds)
            ],
            "tasks-ssh": lambda: [tasks.ssh_measure(tasks.Tasks(controller, given.tasks, ssh), given.rounds)],
            "profile": lambda: [
                time_spent.measure(exports, who, given.rounds, where)
                for where, exports in (("local", here), ("over SSH", there))
                for who in (export.OURS, export.OPENSSL)
            ],
        }
        for name in given.only:
            print(f"{name}:")
            for found in parts[name]():
                yield name, found


def main() -> int:
    given = arguments()
    sys.stdout.reconfigure(line_buffering=True)
    if missing := [program for program in NEEDS if not shutil.which(program)]:
        print(f"Not here: {', '.join(missing)} (Debian: openssl, xmlsec1, openssh-client, openssh-server).")
        return 77
    # So that it is cleaned up behind a run that is stopped, too.
    signal.signal(signal.SIGTERM, lambda *_arguments: sys.exit(143))
    scratch = Path(tempfile.mkdtemp(prefix="benchmarks-", dir=given.scratch))
    run: dict[str, Any] = {
        "taken": time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime()),
        "machine": machine(scratch),
        "versions": versions(collections_tree.peers()),
        "settings": {name.replace("_", " "): str(getattr(given, name)) for name in QUICK},
        "parts": given.only,
    }
    results: dict[str, Any] = {"runs": [run], "measures": []}
    started = time.monotonic()
    try:
        with closing(measure(given, scratch)) as measures:
            for part, found in measures:
                results["measures"].append({"part": part, "run": run["taken"], **found.facts()})
    except BenchmarkError as error:
        # What came before it may have taken an hour.
        print(f"{table.markdown(results)}\n{error}\nNothing was written.")
        return 1
    finally:
        shutil.rmtree(scratch)
    run["machine"]["minutes in all"] = f"{(time.monotonic() - started) / 60:.0f}"
    runs.write(results, given.quick, given.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
