# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""benchmarks/run.py: runs everything side by side on this machine and writes docs/benchmarks.md and results.json.

`make bench` starts it, with the options in BENCH: `make bench BENCH="--rounds 7 --fleet 100 1000"`. What is measured and
how is told in docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
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
import table  # noqa: E402
import tasks  # noqa: E402
import time_spent  # noqa: E402
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._adrms_script import SCRIPT  # noqa: E402
from daemon import daemon  # noqa: E402
from machine import machine, versions  # noqa: E402
from measure import Measure  # noqa: E402
from plays import MIB, BenchmarkError, Controller, local  # noqa: E402
from tenants import secret  # noqa: E402

PARTS = ("export", "export-ssh", "fleet", "reply", "floor", "tasks", "tasks-ssh", "profile")
PAGE = collections_tree.CHECKOUT / "docs" / "benchmarks.md"
RESULTS = collections_tree.CHECKOUT / "benchmarks" / "results.json"
NEEDS = ("openssl", "xmlsec1", "ssh", "ssh-keygen", "/usr/sbin/sshd")
# A task in the controller's worker takes so little that it takes many to see it.
LOCAL_TASKS = 10
QUICK = {"rounds": 1, "tenants": 2, "forks": 2, "fleet": [2, 4], "fleet_rounds": 1, "reply": 2, "keys": 3, "tasks": 3}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="how often each contestant runs (5)")
    parser.add_argument("--tenants", type=int, default=10, help="tenants in a run of the export (10)")
    parser.add_argument("--forks", type=int, default=2, help="Ansible's forks, for everyone (2)")
    parser.add_argument("--fleet", type=int, nargs=2, default=[100, 1000], metavar=("FEW", "MANY"), help="(100 1000)")
    parser.add_argument("--fleet-rounds", type=int, default=1, help="how often each fleet runs (1)")
    parser.add_argument("--reply", type=int, default=50, help="size of the large TPD in MiB (50)")
    parser.add_argument("--keys", type=int, default=50, help="operations in each round in process (50)")
    parser.add_argument("--tasks", type=int, default=40, help="tasks in a run where one task is measured (40)")
    parser.add_argument(
        "--only", nargs="+", choices=PARTS, default=PARTS, help="only these parts; nothing is written to docs"
    )
    parser.add_argument(
        "--quick", action="store_true", help="everything once and small, to see that it works; not written to docs"
    )
    parser.add_argument(
        "--output", type=Path, help="a folder for benchmarks.md and results.json instead of docs and benchmarks"
    )
    parser.add_argument(
        "--scratch", type=Path, help="the folder in which tenants' folders are made (the system's temporary one)"
    )
    given = parser.parse_args()
    if given.quick:
        vars(given).update(QUICK)
    return given


def measure(given: argparse.Namespace, scratch: Path) -> Iterator[Measure]:
    """All parts that were asked for, one after the other."""
    held = secret()
    script = scratch / "Import-TenantKey.ps1"
    script.write_text(SCRIPT)
    controller = Controller(scratch, [TREE, collections_tree.peers()], given.forks)

    def exports(connection: dict[str, Any]) -> export.Exports:
        return export.Exports(controller, held, given.tenants, connection, script)

    with daemon(scratch / "ssh") as ssh:
        parts = {
            "export": lambda: export.local_measures(exports(local()), given.rounds),
            "export-ssh": lambda: export.ssh_measures(exports(ssh), given.rounds),
            "fleet": lambda: [fleet.measure(controller, held, *given.fleet, given.fleet_rounds)],
            "reply": lambda: [large.measure(scratch, TREE, given.reply * MIB, given.rounds)],
            "floor": lambda: [floor.measure(scratch, held, given.keys, given.rounds)],
            "tasks": lambda: [
                tasks.local_measure(tasks.Tasks(controller, LOCAL_TASKS * given.tasks, local()), given.rounds)
            ],
            "tasks-ssh": lambda: [tasks.ssh_measure(tasks.Tasks(controller, given.tasks, ssh), given.rounds)],
            "profile": lambda: [
                time_spent.measure(exports(connection), who, given.rounds, where)
                for where, connection in (("local", local()), ("over SSH", ssh))
                for who in (export.OURS, export.OPENSSL)
            ],
        }
        for name in given.only:
            print(f"{name}:")
            yield from parts[name]()


def write(results: dict[str, Any], given: argparse.Namespace) -> None:
    """Figures of a whole and full run replace those in the documentation; others only where --output says."""
    page, file = PAGE, RESULTS
    if given.output:
        given.output.mkdir(parents=True, exist_ok=True)
        page, file = given.output / PAGE.name, given.output / RESULTS.name
    elif given.quick or tuple(given.only) != PARTS:
        print(table.markdown(results))
        return
    file.write_text(json.dumps(results, indent=2) + "\n")
    page.write_text(table.insert(PAGE.read_text(), results))
    print(f"Written: {page} and {file}")


def main() -> int:
    given = arguments()
    sys.stdout.reconfigure(line_buffering=True)
    if missing := [program for program in NEEDS if not shutil.which(program)]:
        print(f"Not here: {', '.join(missing)} (Debian: openssl, xmlsec1, openssh-client, openssh-server).")
        return 77
    # So that it is cleaned up behind a run that is stopped, too.
    signal.signal(signal.SIGTERM, lambda *_arguments: sys.exit(143))
    scratch = Path(tempfile.mkdtemp(prefix="benchmarks-", dir=given.scratch))
    settings = {name.replace("_", " "): str(getattr(given, name)) for name in QUICK}
    results: dict[str, Any] = {
        "taken": time.strftime("%Y-%m-%d", time.gmtime()),
        "machine": machine(scratch),
        "versions": versions(collections_tree.peers()),
        "settings": settings,
    }
    started = time.monotonic()
    results["measures"] = []
    try:
        with closing(measure(given, scratch)) as measures:
            for found in measures:
                results["measures"].append(found.facts())
    except BenchmarkError as error:
        # What came before it may have taken an hour.
        print(f"{table.markdown(results)}\n{error}\nNothing was written.")
        return 1
    finally:
        shutil.rmtree(scratch)
    results["machine"]["minutes in all"] = f"{(time.monotonic() - started) / 60:.0f}"
    write(results, given)
    return 0


if __name__ == "__main__":
    sys.exit(main())
