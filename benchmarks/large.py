# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure 5: opening a reply that holds a large TPD, each time in a process of its own."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from shutil import rmtree

from measure import Contestant, Figures, Measure, alternate, ratio, series
from plays import HERE, MIB, BenchmarkError
from reply import material

TIME_BOUND, MEMORY_BOUND, SIZE_BOUND = 0.8, 1.0, 4.0
OURS, PEER, WHOLE = "ours", "(c) libxmlsec1, lxml, PyCA", "(c) that opens the description, too"
PROGRAMS = {OURS: ["ours.py"], PEER: ["peer.py"], WHOLE: ["peer.py", "whole"]}


def measure(scratch: Path, collections: Path, size: int, rounds: int) -> Measure:
    """Time and memory of everyone; ``size`` of the TPD's file in bytes."""
    folder = scratch / "reply"
    folder.mkdir(mode=0o700)
    try:
        expected = material.make(folder, size)
        tpd, reply = ((folder / name).stat().st_size / MIB for name in ("expected.tpd", "reply.xml"))
        results = alternate(
            {who: _contestant(program, folder, collections, expected) for who, program in PROGRAMS.items()}, rounds
        )
    finally:
        rmtree(folder)
    time = {who: series(f"time, {who}", "s", found, "seconds") for who, found in results.items()}
    peak = {who: series(f"memory, {who}", "MiB", found, "peak", 1 / MIB) for who, found in results.items()}
    imports = [series(f"memory, {who}, imports alone", "MiB", results[who], "imports", 1 / MIB) for who in (OURS, PEER)]
    file = series("the reply's file", "MiB", [{"size": reply}] * rounds, "size")
    return Measure(
        "Opening a reply with a large TPD",
        f"A TPD of {tpd:.0f} MiB in a reply of {reply:.0f} MiB. From reading the file to the proof, imports excluded;"
        " memory is the most that the process had resident, imports included.",
        [*time.values(), *peak.values(), *imports],
        [
            ratio(f"time, ours to {PEER}", time[OURS], time[PEER], TIME_BOUND),
            ratio(f"time, ours to {WHOLE}", time[OURS], time[WHOLE]),
            ratio(f"memory, ours to {PEER}", peak[OURS], peak[PEER], MEMORY_BOUND),
            ratio("memory, ours to the reply's size", peak[OURS], file, SIZE_BOUND),
        ],
    )


def _contestant(program: list[str], folder: Path, collections: Path, expected: dict[str, str]) -> Contestant:
    wanted = {
        "password": hashlib.sha256(expected["password"].encode()).hexdigest(),
        "tpd": hashlib.sha256((folder / "expected.tpd").read_bytes()).hexdigest(),
        "fingerprint": expected["fingerprint"],
    }
    command = [
        sys.executable,
        str(HERE / "reply" / program[0]),
        str(folder / "reply.xml"),
        str(folder / "key.pem"),
        *program[1:],
    ]
    environment = {**os.environ, "PYTHONPATH": f"{HERE}:{collections}"}

    def contestant(_round: int) -> Figures:
        done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
        if done.returncode:
            raise BenchmarkError(f"{program[0]} has failed:\n{done.stderr[-3000:]}")
        found = json.loads(done.stdout)
        if wrong := [name for name, value in wanted.items() if found[name] != value]:
            raise BenchmarkError(f"{program[0]} has found another {' and '.join(wrong)}.")
        return {name: found[name] for name in ("seconds", "imports", "peak")}

    return contestant
