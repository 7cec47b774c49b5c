# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A headless Chromium that is told what to do through the DevTools protocol, by a pipe: no port, and no library.

A message is JSON and a zero byte; the browser reads from its file 3 and writes to its file 4.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SECONDS = 60
# Above the numbers that the child gets.
_HIGH = 10


class Browser:
    """One browser with one tab. Kept is what pages complain of, what they ask for, and what of it their own policy refuses."""

    def __init__(self, program: str, folder: Path) -> None:
        reading, self._write = _pipe()
        self._read, writing = _pipe()

        def take_over() -> None:
            os.dup2(reading, 3)
            os.dup2(writing, 4)

        words = [program, "--headless=new", "--remote-debugging-pipe", f"--user-data-dir={folder}", "--hide-scrollbars"]
        words += ["--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking"]
        # Neither root nor a container can have one, and the pages are our own.
        words += ["--no-sandbox"]
        with (folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=(3, 4), preexec_fn=take_over
            )
        os.close(reading)
        os.close(writing)
        self._rest, self._sent = b"", 0
        self.complaints: list[str] = []
        self.asked: dict[str, str] = {}
        self.refused: list[str] = []
        self._session: str | None = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "Accessibility"):
            self.call(f"{domain}.enable")

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_error: object) -> None:
        self._session = None
        try:
            self.call("Browser.close")
            self._process.wait(SECONDS)
        finally:
            self._process.kill()
            self._process.wait()
            os.close(self._read)
            os.close(self._write)

    def call(self, method: str, **params: Any) -> Any:
        """What the browser answers."""
        self._sent += 1
        message = {"id": self._sent, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        answer = self._until(lambda said: said.get("id") == message["id"])
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def open(self, page: Path, width: int, scheme: str, media: str = "screen") -> None:
        """Show a page on a screen of this width, light or dark, or as it would be on paper."""
        self.complaints.clear()
        self.asked.clear()
        self.refused.clear()
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.call("Emulation.setEmulatedMedia", media=media, features=features)
        self._sent += 1
        message = {
            "id": self._sent,
            "method": "Page.navigate",
            "params": {"url": page.as_uri()},
            "sessionId": self._session,
        }
        os.write(self._write, json.dumps(message).encode() + b"\0")
        self._until(lambda said: said.get("method") == "Page.loadEventFired")

    def value(self, script: str) -> Any:
        """What a script in the page returns; it runs in spite of the page's own policy."""
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(str(result["exceptionDetails"]))
        return result["result"].get("value")

    def tree(self) -> list[dict[str, Any]]:
        """What a screen reader is given, in the order of the page, less what is left out for it."""
        nodes = self.call("Accessibility.getFullAXTree")["nodes"]
        return [node for node in nodes if not node["ignored"]]

    def screenshot(self) -> bytes:
        """Of the whole page, as PNG."""
        return base64.b64decode(self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)["data"])

    def pdf(self) -> bytes:
        return base64.b64decode(self.call("Page.printToPDF", preferCSSPageSize=True)["data"])

    def _until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        end = time.monotonic() + SECONDS
        while True:
            message, zero, rest = self._rest.partition(b"\0")
            if zero:
                self._rest = rest
                said = json.loads(message)
                self._keep(said)
                if wanted(said):
                    return said
                continue
            ready, _writable, _failed = select.select([self._read], [], [], max(0.0, end - time.monotonic()))
            chunk = os.read(self._read, 1 << 20) if ready else b""
            if not chunk:
                raise RuntimeError("The browser has ended, or says nothing any more.")
            self._rest += chunk

    def _keep(self, said: dict[str, Any]) -> None:
        method, params = said.get("method"), said.get("params", {})
        if method == "Network.requestWillBeSent":
            self.asked[params["requestId"]] = params["request"]["url"]
        elif method == "Network.loadingFailed" and params.get("blockedReason") == "csp":
            self.refused.append(self.asked.pop(params["requestId"], ""))
        elif method == "Log.entryAdded":
            self.complaints.append(params["entry"]["text"])
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(str(params["exceptionDetails"]))
        elif method == "Runtime.consoleAPICalled":
            self.complaints.append(str(params["args"]))


def _pipe() -> tuple[int, int]:
    ends = []
    for end in os.pipe():
        ends.append(fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, _HIGH))
        os.close(end)
    return ends[0], ends[1]
