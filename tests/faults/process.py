# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run of an operation in a process of its own, which strace may watch, kill or make fail.

The process is forked from one that has everything imported, so that a run takes milliseconds and all that strace sees
of it is the run. It waits for a signal, as strace has to take hold of it first.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import TpdError

# No run takes a second; one that is in the way of itself would wait for ever.
TIME_LIMIT = 60
_SET_PTRACER, _ANYONE = 0x59616D61, ctypes.c_ulong(-1)


class Untraceable(Exception):
    """strace may not take hold of a process here; its own words say why."""


@dataclass(frozen=True)
class Outcome:
    """How a run ended. All empty: it was killed."""

    result: dict[str, Any] | None = None
    refusal: str = ""  # the sentence of a TpdError
    crash: str = ""  # anything else that came out, with the way it took


class Run:
    """A run that is ready to go."""

    def __init__(self, function: Callable[[], dict[str, Any]]) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
        self._answer, answer = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            _child(function, answer)
        os.close(answer)

    def go(self) -> None:
        """Let it run."""
        os.kill(self.pid, signal.SIGUSR1)

    def ended(self) -> bool:
        """Whether it has ended."""
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def outcome(self) -> Outcome:
        """Wait for its end."""
        with open(self._answer, encoding="utf-8") as stream:
            text = stream.read()
        os.waitpid(self.pid, 0)
        return Outcome(**json.loads(text)) if text else Outcome()


def run(function: Callable[[], dict[str, Any]]) -> Outcome:
    """Undisturbed."""
    started = Run(function)
    started.go()
    return started.outcome()


def watched(function: Callable[[], dict[str, Any]], trace: Path, inject: str = "") -> Outcome:
    """Under strace, which writes every call on files and descriptors to the trace.

    inject: what strace is to do, as in "renameat:signal=KILL:when=1"; nothing if empty.
    """
    started = Run(function)
    options = ["-y", "-s", "0", "-e", "trace=%file,%desc", "-e", "signal=none", "-o", str(trace)]
    options += ["-e", f"inject={inject}"] if inject else []
    strace = subprocess.Popen(["strace", *options, "-p", str(started.pid)], stderr=subprocess.PIPE, text=True)
    assert strace.stderr is not None
    said = strace.stderr.readline()
    if "attached" not in said:
        os.kill(started.pid, signal.SIGKILL)
        strace.communicate()
        started.outcome()
        raise Untraceable(said.strip())
    started.go()
    outcome = started.outcome()
    strace.communicate()
    return outcome


def wait_until(moment: float) -> None:
    """Sleep is too coarse to set two runs off half a millisecond apart."""
    while time.perf_counter() < moment:
        pass


def _child(function: Callable[[], dict[str, Any]], answer: int) -> None:
    """Never returns."""
    outcome: dict[str, Any] = {"crash": "The run ended early."}
    try:
        # Where the Yama module keeps processes from tracing all but their own children, this lets strace in.
        ctypes.CDLL(None).prctl(_SET_PTRACER, _ANYONE, 0, 0, 0)
        signal.alarm(TIME_LIMIT)
        signal.sigwait([signal.SIGUSR1])
        outcome = {"result": function()}
    except TpdError as error:
        outcome = {"refusal": str(error)}
    except BaseException as error:
        places = " > ".join(f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__))
        outcome = {"crash": f"{error!r} at {places}"}
    finally:
        os.write(answer, json.dumps(outcome).encode())
        os._exit(0)
