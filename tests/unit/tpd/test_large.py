# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Large TPDs: memory and work in proportion to their size, and what is read is what stands there, however long it is."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import (
    envelope,
    pieces,
    rsakeys,
    tpd,
    wrap,
    xmlsafe,
)

from .made import PASSWORD, key, other, refusal, tenant

MIB = 1 << 20
TREE = Path(__file__).resolve().parents[3] / ".build" / "tree"
# More than expat is shown at once, and not whole units of base64.
LONG = 2 * MIB + 3


@functools.cache
def large(size: int) -> bytes:
    """A TPD file of about so many bytes, with as many templates as that takes."""
    opened = tenant()
    one = len(tpd.seal(other(opened, templates=opened.templates[:1] * 101), PASSWORD)) // 101
    return tpd.seal(other(opened, templates=opened.templates[:1] * (size // one)), PASSWORD)


# How much more memory a process has needed at most, when it has opened a file, in bytes.
PROGRAM = """
import re, sys
from pathlib import Path
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import envelope, rsakeys, tpd
most = lambda: int(re.search("VmHWM:\\\\s+([0-9]+) kB", Path("/proc/self/status").read_text())[1]) * 1024
key, password = rsakeys.load_private(Path(sys.argv[3]).read_bytes()), Path(sys.argv[4]).read_text(encoding="utf-8")
open_file = {"reply": lambda data: envelope.open_reply(data, key), "tpd": lambda data: tpd.open(data, password)}[sys.argv[1]]
open_file(Path(sys.argv[2] + ".small").read_bytes())
before = most()
open_file(Path(sys.argv[2]).read_bytes())
print(most() - before)
"""


@pytest.mark.parametrize("kind", ["reply", "reply, hybrid", "tpd"])
def test_opening_takes_less_memory_than_four_times_the_file(kind: str, tmp_path: Path) -> None:
    def made(size: int) -> bytes:
        if kind == "tpd":
            return large(size)
        return wrap.wrap("aes" if "hybrid" in kind else "xmlenc", PASSWORD, large(size), key().public_key())

    file = tmp_path / "file"
    file.write_bytes(made(16 * MIB))
    (tmp_path / "file.small").write_bytes(made(MIB // 2))
    (tmp_path / "key").write_bytes(rsakeys.dump_private(key(), "rsakeyvalue"))
    (tmp_path / "password").write_text(PASSWORD, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, kind.partition(",")[0], file, tmp_path / "key", tmp_path / "password"],
        env={**os.environ, "PYTHONPATH": str(TREE)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) < 4 * file.stat().st_size


class Work:
    """Counts the bytes that expat and the decoder of base64 are given."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.parsed = self.looked_at = self.decoded = 0
        create, a2b, of = xmlsafe.expat.ParserCreate, pieces.binascii.a2b_base64, pieces.Base64.of

        work = self

        class Parser:
            def __init__(self, *arguments: Any) -> None:
                object.__setattr__(self, "real", create(*arguments))

            def __setattr__(self, name: str, value: Any) -> None:
                setattr(self.real, name, value)

            def __getattr__(self, name: str) -> Any:
                return getattr(self.real, name)

            def Parse(self, data: bytes, final: bool) -> Any:
                work.parsed += len(data)
                return self.real.Parse(data, final)

        def decode(data: bytes) -> bytes:
            self.decoded += len(data)
            return a2b(data)

        def look_at(text: Any) -> Any:
            self.looked_at += len(text)
            return of(text)

        monkeypatch.setattr(xmlsafe.expat, "ParserCreate", Parser)
        monkeypatch.setattr(pieces.binascii, "a2b_base64", decode)
        monkeypatch.setattr(pieces.Base64, "of", look_at)


def work_for(reply: bytes, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int, int]:
    """What opening a reply took."""
    with monkeypatch.context() as patch:
        work = Work(patch)
        assert envelope.open_reply(reply, key()).password == PASSWORD
    return work.parsed, work.looked_at, work.decoded


@pytest.mark.parametrize("name", ["xmlenc", "xmlenc/aes256-gcm", "aes", "password"])
def test_twice_the_size_takes_twice_the_work(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    replies = [wrap.wrap(name, PASSWORD, large(size), key().public_key()) for size in (2 * MIB, 4 * MIB)]
    small, double = (work_for(reply, monkeypatch) for reply in replies)
    for once, twice in zip(small, double):
        assert twice <= 2.1 * once
    # Of its layers expat sees the beginnings only: what it sees is the description, and some of each value in front.
    assert double[0] < len(replies[1]) // 2 + 4 * MIB
    # Each layer is looked at once, and decoded once.
    assert max(double[1:]) < 2.5 * len(replies[1])


HOSTILE = {
    "a long value that ends as no base64 does": b"<a>" + b"A" * 8 * MIB + b"!</a>",
    "a long value behind a comment": b"<a><!-- -->" + b"A" * 8 * MIB + b"</a>",
    "a long value with a comment in it": b"<a>" + b"A" * 4 * MIB + b"<!-- -->" + b"A" * 4 * MIB + b"</a>",
    "many of them": b"<a>" + (b"<b>" + b"A" * MIB + b"!</b>") * 8 + b"</a>",
    "white space": b"<a>" + b" " * 8 * MIB + b"</a>",
    "padding": b"<a>" + b"=" * 8 * MIB + b"</a>",
    "an attribute": b'<a b="' + b"A" * 8 * MIB + b'!"/>',
    "values in values": b"<a>" + b"<b c='>'>" * 60 + b"A" * 8 * MIB + b"</b>" * 60 + b"</a>",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_nothing_is_looked_at_again_and_again(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        work = Work(patch)
        assert "yields no password that opens a TPD" in refusal(envelope.open_reply, HOSTILE[kind], key())
    assert work.parsed <= len(HOSTILE[kind])
    assert work.looked_at <= 2 * len(HOSTILE[kind])
    assert work.decoded <= len(HOSTILE[kind])


VALUES = {
    "base64": "A" * LONG,
    "padded": "A" * (LONG - 2) + "==",
    "in lines": ("A" * 76 + "\n") * (LONG // 77),
    "in lines of Windows": ("A" * 76 + "\r\n") * (LONG // 78),
    "white space around it": "\r\n  " + "A" * LONG + "\n",
    "not base64 at its end": "A" * LONG + "-",
    "not base64 at its beginning": "ü" + "A" * LONG,
    "a reference": "A" * LONG + "&lt;" + "A" * LONG,
    "a comment": "A" * LONG + "<!-- > -->" + "A" * LONG,
    "a comment first": "<!-- >" + "A" * LONG + " -->" + "A" * LONG,
    "CDATA": "<![CDATA[>" + "A" * LONG + "<]]>",
    "CDATA behind it": "A" * LONG + "<![CDATA[<b>]]>",
    "an instruction": "A" * LONG + "<?b c?>" + "A" * LONG,
    "an element behind it": "A" * LONG + "<b>B</b>" + "C" * LONG,
    "an element in front": "<b>B</b>" + "A" * LONG,
    "an element with a long value": "<b>" + "B" * LONG + "</b>",
    "two of them": "<b>" + "B" * LONG + "</b>text<b d='&gt;>' >" + "C" * LONG + "</b >",
}


@pytest.mark.parametrize("kind", VALUES)
def test_a_long_value_is_what_stands_there(kind: str) -> None:
    source = f"<?xml version='1.0' encoding='utf-8'?>\n<a x='>' y=\"'>\">{VALUES[kind]}</a>\n"
    for data in (source.encode(), source.encode("utf-16"), b"\xef\xbb\xbf" + source.encode()):
        document = xmlsafe.parse(data, "The file")
        expected = ElementTree.fromstring(source.encode())  # noqa: S314
        for found, wanted in zip(document.root.iter(), expected.iter()):
            inner = "".join([wanted.text or "", *(child.tail or "" for child in wanted)])
            assert (found.name, found.text) == (wanted.tag, inner)
            encoded = found.base64()
            assert (encoded is not None) == (pieces.Base64.of(inner) is not None)
        for child in document.root.children:
            assert document.source(child).startswith(b"<b")
            assert document.source(child).rstrip(b" >").endswith(b"</b")


def test_what_follows_a_long_value_is_where_it_is_said_to_be() -> None:
    value = "A" * 75 + "\n"
    message = refusal(xmlsafe.parse, f"<a>{value * (LONG // 76)}</b>", "The file")
    assert f"mismatched tag, line {LONG // 76 + 1}." in message
    assert "(DTD)" in refusal(xmlsafe.parse, f"<!--{'A' * LONG}--><!DOCTYPE a><a/>", "The file")
    attributes = " ".join(f"a{number}=''" for number in range(200_000))
    endless = f"<a><b>{'A' * LONG}</b><c {attributes}/></a>"
    assert "10000 attributes" in refusal(xmlsafe.parse, endless, "The file")


@pytest.mark.parametrize("end", ["", "=", "==", "A", "=A", "==A", "\n==\n", "= ="])
def test_base64_in_pieces_is_base64(end: str) -> None:
    for length in (pieces._PIECE - 4, pieces._PIECE, pieces._PIECE + 1, pieces._PIECE + 2, pieces._PIECE + 3):
        text = "Q" * length + end
        digits = text.replace("\n", "").replace(" ", "")
        padding = len(digits) - len(digits.rstrip("="))
        whole = len(digits) % 4 == 0 and "=" not in digits.rstrip("=")
        found = pieces.Base64.of(text)
        decoded = None
        if found is not None:
            try:
                decoded = pieces.joined(found.decoded())
            except ValueError:
                assert not whole
        assert (decoded is not None) == whole
        assert decoded is None or len(decoded) == len(digits) // 4 * 3 - padding
