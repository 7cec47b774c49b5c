# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""hostile.py [--json] [--all] [--only WORD] [READER...]: gives each reader files of ten megabytes that are meant to do harm.

For each file there is a process of its own. It shows how long that took, how much of the processor's time, and how much
memory the process has had at most, all of Python and of the file included. The bounds are for the latter two, as a machine
may be busy with other things. Without --all only the worst of each reader are shown. With
--json a line for each file, for a test (tests/unit/tpd/test_ten_megabytes.py), with what was counted (work.py).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable

HERE = Path(__file__).resolve().parent
TREE = HERE.parents[1] / ".build" / "tree"
# It links the tree to the checkout. Not in this process, which is to be as small as one that only reads: it may import Ansible.
subprocess.run([sys.executable, HERE.parent / "conftest.py"], check=True)
sys.path.insert(0, str(TREE))

import targets  # noqa: E402
from ansible_collections.infoprotect.tenant_key.plugins.module_utils import _custody  # noqa: E402
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import TpdError, envelope  # noqa: E402
from hostile_files import CUSTODY_LOG, JSON, KEYS, PLAIN, PRIVATE_KEY, PUBLIC_KEY, SIZE, XML, Maker  # noqa: E402
from hostile_replies import LARGE_REPLY, REPLY, large_key  # noqa: E402
from hostile_tpds import OPENED_TPD, TPD  # noqa: E402
from work import counted  # noqa: E402

MOST_SECONDS = 2.0
MOST_MEMORY = 200e6
# What ends a process that would never end by itself, or take the machine's memory.
_PROCESSOR_SECONDS = 20
_ADDRESS_SPACE = 2**31
_SHOWN = 3
ROW = "{:14}{:46}{:>8}{:>9}{:>11}{:>9}  {}"

Files = dict[str, Maker]


def custody_log(data: bytes) -> None:
    """A log that does not hold is no error but a result. A file that is larger than a log may be is not read at all."""
    problems = _custody.read(data[: _custody.LARGEST_LOG]).problems
    if problems:
        raise TpdError(problems[0].message)


def large_reply(data: bytes) -> None:
    """A reply to a request key of 4096 bits."""
    envelope.open_reply(data, large_key())


# Each reader, its files, and whether it is to refuse them.
READERS: dict[str, tuple[Callable[[bytes], Any], Files, bool]] = {
    "private-key": (targets.private_key, {**PLAIN, **KEYS, **PRIVATE_KEY}, True),
    "public-key": (targets.public_key, {**PLAIN, **KEYS, **PUBLIC_KEY}, True),
    "password": (targets.password, {**PLAIN, **KEYS}, True),
    "reply": (targets.reply, {**XML, **PLAIN, **KEYS, **REPLY}, True),
    "large-reply": (large_reply, LARGE_REPLY, True),
    "tpd": (targets.exported, {**XML, **PLAIN, **TPD}, True),
    "opened-tpd": (targets.exported, OPENED_TPD, False),
    "certificate": (targets.certificate, {**XML, **PLAIN}, True),
    "custody-log": (custody_log, {**PLAIN, **JSON, **CUSTODY_LOG}, True),
}


def in_child(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Do something in a process of its own and hand over what comes of it."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            with os.fdopen(writing, "w", encoding="ascii") as answer:
                json.dump(work(), answer)
            os._exit(0)
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, encoding="ascii") as answer:
        said = answer.read()
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        return {"outcome": f"killed by {signal.Signals(os.WTERMSIG(status)).name}"}
    return json.loads(said) if said else {"outcome": "ended without a word"}


def write(make: Maker, file: int) -> dict[str, Any]:
    """Make a file's content."""
    with open(file, "wb", closefd=False) as stream:
        return {"size": stream.write(make(SIZE))}


def read(reader: Callable[[bytes], Any], file: int, count: bool) -> dict[str, Any]:
    """Give a reader the file's content, and tell what came of it and what it took. To count it takes time, too."""
    resource.setrlimit(resource.RLIMIT_CPU, (_PROCESSOR_SECONDS, _PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))
    work = counted() if count else {}
    said, started, used = "", time.perf_counter(), time.process_time()
    data = Path(f"/proc/self/fd/{file}").read_bytes()
    try:
        reader(data)
        outcome = "accepted"
    except TpdError as error:
        outcome, said = "refused", str(error)
    except Exception as error:
        outcome = f"{type(error).__name__} at {traceback.extract_tb(error.__traceback__)[-1].name}"
    taken: dict[str, Any] = {"work": work} if count else {}
    taken |= {
        "seconds": time.perf_counter() - started,
        "processor": time.process_time() - used,
        "memory": most_memory(),
    }
    if said:
        try:
            targets.check(said, data)
        except AssertionError as error:
            outcome = str(error)
    return {"outcome": outcome, "message": said, **taken}


def most_memory() -> int:
    """The most that this process has had, in bytes."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+([0-9]+) kB", status)
    assert found is not None
    return int(found[1]) * 1024


def results(names: list[str], only: str, count: bool) -> Iterator[dict[str, Any]]:
    """What comes of each file."""
    if "large-reply" in names:
        large_key()  # each process has it from this one
    for name in names:
        reader, files, refuses = READERS[name]
        for kind, make in files.items():
            if only not in kind:
                continue
            file = os.memfd_create("hostile")
            made = in_child(lambda make=make, file=file: write(make, file))
            result = {"reader": name, "file": kind, **made}
            if "size" in made:
                result |= in_child(lambda reader=reader, file=file: read(reader, file, count))
            os.close(file)
            result["ok"] = result["outcome"] == "refused" or (result["outcome"] == "accepted" and not refuses)
            yield result


def row(result: dict[str, Any]) -> str:
    """A line of the table."""
    return ROW.format(
        result["reader"],
        result["file"],
        f"{result.get('size', 0) / 1e6:.1f} MB",
        f"{result.get('seconds', 0):.2f} s",
        f"{result.get('processor', 0):.2f} s",
        f"{result.get('memory', 0) / 1e6:.0f} MB",
        result["outcome"] if not bounded(result) or not result["ok"] else "",
    )


def bounded(result: dict[str, Any]) -> bool:
    """Whether it kept within the bounds."""
    return bool(result.get("processor", 1e9) < MOST_SECONDS and result.get("memory", 1e12) < MOST_MEMORY)


def main(options: argparse.Namespace) -> int:
    """Run everything, print it."""
    names = options.readers or list(READERS)
    if unknown := set(names) - set(READERS):
        print(f"No reader is called {' or '.join(sorted(unknown))}. There are: {', '.join(READERS)}.")
        return 1
    wrong = count = 0
    if not options.json:
        print(ROW.format("reader", "file", "size", "time", "processor", "memory", "").rstrip())
    for name in names:
        found = []
        for result in results([name], options.only, options.json):
            found.append(result)
            if options.json:
                print(json.dumps(result), flush=True)
            elif options.all:
                print(row(result).rstrip(), flush=True)
        bad = [result for result in found if not (result["ok"] and bounded(result))]
        count, wrong = count + len(found), wrong + len(bad)
        if not options.json and not options.all:
            slow = sorted(found, key=lambda result: -result.get("processor", 1e9))[:_SHOWN]
            large = sorted(found, key=lambda result: -result.get("memory", 1e12))[:_SHOWN]
            shown = [result for result in found if result in slow or result in large or result in bad]
            print("\n".join(row(result).rstrip() for result in shown), flush=True)
    if not options.json:
        print(f"{count} files, {wrong} not refused within {MOST_SECONDS:.0f} s and {MOST_MEMORY / 1e6:.0f} MB")
    return 1 if wrong else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--all", action="store_true", help="show each file")
    parser.add_argument("--only", default="", metavar="WORD", help="files whose name holds it")
    parser.add_argument("readers", nargs="*", metavar="READER", help=", ".join(READERS))
    sys.exit(main(parser.parse_args()))
