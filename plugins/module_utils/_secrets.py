# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets that come into being while an operation runs: registered for masking at once, in every form they may take."""

from __future__ import annotations

import base64
import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping
from contextvars import ContextVar
from typing import Any

try:
    from ansible.module_utils.secrets import register_secret as _register_in_core  # ansible-core 2.22 and later
except ImportError:
    _register_in_core = None

# Masking replaces whole strings, so a very short one would blank out half of an ordinary sentence.
SHORTEST = 4
MASK = "********"

# A number of a key in XML, or a line of one in PEM.
_BASE64 = re.compile(r"[A-Za-z0-9+/]{16,}={0,2}")

_registered: set[str] = set()
_core_is_told: ContextVar[bool] = ContextVar("core_is_told", default=True)


@contextlib.contextmanager
def kept_on_the_host() -> Iterator[None]:
    """For a module: what it registers stays in its process.

    ansible-core 2.22 has a module return all that it has told core, so that the controller masks it, too. A private key has
    no business there, and in what a module shows it is masked here.
    """
    before = _core_is_told.set(False)
    try:
        yield
    finally:
        _core_is_told.reset(before)


def _forms(text: str) -> set[str]:
    """The text, each of its lines, and what base64 and hex make of it in UTF-8 and UTF-16LE."""
    forms = {text, text.strip(), *(line for line in text.splitlines() if not line.startswith("-----"))}
    for encoding in ("utf-8", "utf-16-le"):
        raw = text.encode(encoding, "surrogatepass")
        forms |= {base64.b64encode(raw).decode("ascii"), raw.hex(), raw.hex().upper()}
    return forms


def register(secret: str | bytes) -> None:
    """Have Ansible mask a password (text) or a private key file (bytes) from here on, in this process."""
    if isinstance(secret, bytes):
        forms = {base64.b64encode(secret).decode("ascii"), secret.hex()}
        try:
            text = secret.decode("utf-8")
            forms |= _forms(text) | set(_BASE64.findall(text))
        except UnicodeDecodeError:
            pass  # not a text: its base64 and hex forms are all that could be printed
    else:
        forms = _forms(secret)
    # White space alone is no secret, and would be masked everywhere.
    forms = {form for form in forms if len(form) >= SHORTEST and not form.isspace()}
    _registered.update(forms)
    if _register_in_core is not None and _core_is_told.get():
        for form in forms:
            _register_in_core(form)


def masked(value: Any, inline: Iterable[str] = ()) -> Any:
    """A copy of a result without any secret that is registered or named here."""
    return _replaced(value, sorted({*_registered, *filter(None, inline)}, key=len, reverse=True))


def _replaced(value: Any, secrets: list[str]) -> Any:
    """``secrets``: the longest first, as one may be a part of another."""
    if isinstance(value, str):
        # A pattern of all of them takes longer to make than most operations take to run.
        found = [secret for secret in secrets if secret in value]
        return re.sub("|".join(map(re.escape, found)), MASK, value) if found else value
    if isinstance(value, Mapping):
        return {name: _replaced(item, secrets) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_replaced(item, secrets) for item in value]
    return value
