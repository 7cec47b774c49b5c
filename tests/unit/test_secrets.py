# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is registered for masking, and in which forms: whole strings are all that Ansible masks."""

from __future__ import annotations

import base64

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils import _secrets
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import cspblob, rsakeys

PASSWORD = "made for a test: Zürich"


@pytest.fixture(autouse=True)
def nothing_registered(monkeypatch):
    monkeypatch.setattr(_secrets, "_registered", set())
    monkeypatch.setattr(_secrets, "_register_in_core", None)


def masked(text):
    """Whether Ansible takes the text out of a sentence."""
    return text not in _secrets.masked(f"What was found is {text}, of all things.")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_a_password_in_every_form(encoding):
    assert not masked(PASSWORD)
    _secrets.register(PASSWORD)
    raw = PASSWORD.encode(encoding)
    for form in (PASSWORD, base64.b64encode(raw).decode(), raw.hex(), raw.hex().upper()):
        assert masked(form)
    assert not masked("something else")


def test_a_password_of_several_lines_and_with_spaces_around():
    _secrets.register("  first line\nsecond line \r\n    \nabc")
    for form in ("  first line\nsecond line \r\n    \nabc", "  first line", "second line "):
        assert masked(form)
    # White space and very short lines would blank out every other sentence.
    assert not masked("    ")
    assert not masked("abc")


def test_a_password_that_no_encoding_carries():
    _secrets.register("made for a test \ud800")
    assert masked("made for a test \ud800")


@pytest.mark.parametrize("key_format", ["rsakeyvalue", "pem"])
def test_a_private_key_file_and_each_of_its_parts(key_format):
    key = rsakeys.generate(2048)
    content = rsakeys.dump_private(key, key_format)
    _secrets.register(content)
    text = content.decode("ascii")
    assert masked(text)
    assert masked(base64.b64encode(content).decode())
    if key_format == "pem":
        lines = text.splitlines()
        assert all(masked(line) for line in lines[1:-1])
        assert not masked(lines[0])
    else:
        for name in ("P", "Q", "DP", "DQ", "InverseQ", "D"):
            assert masked(text.partition(f"<{name}>")[2].partition("<")[0])
        assert not masked("RSAKeyValue")


def test_a_private_key_that_is_no_text():
    blob = cspblob.write_private(rsakeys.generate(2048))
    _secrets.register(blob)
    assert masked(base64.b64encode(blob).decode())
    assert masked(blob.hex())


def test_newer_cores_are_told_at_once(monkeypatch):
    """ansible-core 2.22 and later masks what is displayed, if it is told before."""
    told = []
    monkeypatch.setattr(_secrets, "_register_in_core", told.append)
    _secrets.register(PASSWORD)
    assert set(told) == _secrets._registered
    assert PASSWORD in told


@pytest.mark.parametrize("nothing", ["", b"", " ", b"\n", "a", b"a"])
def test_nothing_that_would_mask_half_of_a_sentence(nothing):
    _secrets.register(nothing)
    assert all(len(form) >= _secrets.SHORTEST for form in _secrets._registered)
