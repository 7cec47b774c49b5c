# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the pure core share: keys, a TPD and replies, all made on the spot and good for nothing else."""

from __future__ import annotations

import base64
import dataclasses
import functools
from pathlib import Path
from typing import Any, Callable

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import (
    TpdError,
    pieces,
    rehearsal,
    rsakeys,
    tpd,
)
from hypothesis import HealthCheck, settings
from hypothesis.configuration import set_hypothesis_home_dir

PASSWORD = "made for a test: Grüße, Ελλάδα"
set_hypothesis_home_dir(Path(__file__).resolve().parents[3] / ".build" / "hypothesis")


def examples(count: int) -> settings:
    """Settings for a property: this many examples, however long one takes."""
    return settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck))


def key(name: str = "request", bits: int = 2048) -> Any:
    """A private RSA key; each name has its own."""
    return _key(name, bits)


@functools.cache
def _key(_name: str, bits: int) -> Any:
    return rsakeys.generate(bits)


def tenant(version: int = 2, bits: int = 1024, templates: int = 2) -> tpd.Tpd:
    """An opened TPD, in both versions that of the same tenant."""
    return other(_tenant(bits, templates), version=version)


@functools.cache
def _tenant(bits: int, templates: int) -> tpd.Tpd:
    return rehearsal.make(bits, templates, 2)


def sealed(version: int = 2, password: str = PASSWORD) -> bytes:
    """The TPD file of that tenant."""
    return tpd.seal(tenant(version), password)


def other(opened: tpd.Tpd, **changes: Any) -> tpd.Tpd:
    """The same TPD but for these members."""
    return dataclasses.replace(opened, **changes)


def refusal(function: Callable[..., Any], *arguments: Any) -> str:
    """The message with which the call is refused."""
    with pytest.raises(TpdError) as caught:
        function(*arguments)
    return str(caught.value)


def encoded(data: bytes) -> pieces.Base64:
    """Base64 as a sealed TPD has it."""
    found = pieces.Base64.of(b64(data))
    assert found is not None
    return found


def b64(data: bytes) -> str:
    """Base64 as text."""
    return base64.b64encode(data).decode("ascii")
