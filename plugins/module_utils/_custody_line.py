# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One line of the custody log: what it says, how it is written, and what is not taken for one.

A line is a JSON object in ASCII without spaces, and a line feed. ASCII, so that what a terminal shows of a line is what is
in it. Only the very bytes that L{render} gives are read back as a line: there is one way to write it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any, Callable

from ._tpd import TpdError

# What may be written, in the order in which a case lives. Any word is read: a later release may know more of them.
EVENTS = (
    "opened",
    "created",
    "sent",
    "received",
    "decrypted",
    "placed",
    "verified",
    "staged",
    "imported",
    "attested",
    "waived",
    "redirected",
    "reset",
    "deactivated",
    "destroyed",
    "audited",
    "recovered",
    "rekeyed",
    "reprotected",
    "split",
    "incident",
    "revoked",
    "noted",
)

LONGEST_LINE = 16 * 1024  # bytes, the line feed included
LARGEST_FACTS = LONGEST_LINE - 512  # bytes as written; leaves room for number, time and hashes
LARGEST_DETAILS = 8 * 1024  # bytes as written
LONGEST_TEXT = 512  # characters
LARGEST_NUMBER = 2**53 - 1  # beyond it programs that count in floating point (jq) show another number
DEEPEST = 8  # lists and objects within each other

Entry = dict[str, Any]

_ENCODER = json.JSONEncoder(ensure_ascii=True, allow_nan=False, separators=(",", ":"))

# Control characters, surrogates, line and paragraph separators, and formats, which turn the direction of a text around.
_INVISIBLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
# Longer than a SHA-512 in hexadecimal digits: an encoded key, or a part of one.
_KEY_MATERIAL = re.compile(r"[0-9A-Za-z+/]{129}", re.ASCII)
_SECRET_NAME = re.compile(r"(.*[_.-])?(password|passphrase|secret|token|credential|private_?key)s?", re.ASCII | re.I)
_FACT_NAME = re.compile(r"[0-9A-Za-z_.-]{1,64}", re.ASCII)
_EVENT = re.compile(r"[a-z][a-z_]{0,31}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_TIME = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z", re.ASCII)


class CustodyError(TpdError):
    """What was to be logged cannot be, or a line is not one. The text never quotes a line or a value."""


def render(entry: Mapping[str, Any]) -> bytes:
    """The line, line feed included. ValueError where the entry holds what JSON cannot."""
    return _ENCODER.encode(entry).encode("ascii") + b"\n"


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two details are equal as JSON, where, unlike in Python, 1 and true are two things."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def time_text(moment: datetime) -> str:
    """As a line carries it: UTC, to the second."""
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment_of(entry: Mapping[str, Any]) -> datetime:
    """The time that a line carries. ValueError where it is none."""
    found = _TIME.fullmatch(entry["time"])
    if found is None:
        raise ValueError
    year, month, day, hour, minute, second = map(int, found.groups())
    return datetime(year, month, day, hour, minute, second, tzinfo=timezone.utc)


# -- reading -----------------------------------------------------------------------------------------------------------


def parse(line: bytes) -> Entry:
    """What a complete line says; CustodyError, a phrase such as "is longer than ...", where it is not one of a log."""
    if len(line) > LONGEST_LINE:
        raise CustodyError(f"is longer than {LONGEST_LINE} bytes")
    try:
        entry = json.loads(line.decode("ascii"))
        if not (isinstance(entry, dict) and (_is_simple(line) or _is_plain(entry)) and render(entry) == line):
            raise ValueError
    except (ValueError, RecursionError):
        raise CustodyError("is not a JSON object as the log writes them") from None
    for name, fits in _FIELDS.items():
        if name not in entry or not fits(entry[name]):
            raise CustodyError(f"carries no valid {name}")
    if "discarded" in entry and not _is_discarded(entry["discarded"]):
        raise CustodyError("carries no valid discarded")
    return entry


def _is_simple(line: bytes) -> bool:
    """Whether a line cannot but be plain: it has no half of a surrogate pair, and brackets for no more than the levels."""
    return b"\\ud" not in line and line.count(b"{") + line.count(b"[") <= DEEPEST


def _is_plain(entry: Entry) -> bool:
    """Not too deep for whoever reads on, and text that UTF-8 can carry; ValueError for what it cannot."""
    level: list[Any] = [entry]
    for _depth in range(DEEPEST):
        below = []
        for container in level:
            for part in (*container, *container.values()) if isinstance(container, dict) else container:
                if isinstance(part, str):
                    part.encode("utf-8")
                elif isinstance(part, (dict, list)):
                    below.append(part)
        level = below
    return not level


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST_NUMBER


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _is_text_or_null(value: object) -> bool:
    return value is None or _is_text(value)


def _is_sha256(value: object) -> bool:
    return isinstance(value, str) and _SHA256.fullmatch(value) is not None


def _is_event(value: object) -> bool:
    return isinstance(value, str) and _EVENT.fullmatch(value) is not None


def _is_time(value: object) -> bool:
    try:
        return isinstance(value, str) and moment_of({"time": value}) is not None
    except ValueError:
        return False


def _is_discarded(value: object) -> bool:
    return isinstance(value, dict) and _is_number(value.get("size")) and _is_sha256(value.get("sha256"))


_FIELDS: Mapping[str, Callable[[object], bool]] = {
    "seq": _is_number,
    "time": _is_time,
    "event": _is_event,
    "actor": _is_text,
    "host": _is_text,
    "tenant": _is_text_or_null,
    "case": _is_text_or_null,
    "subject": _is_text_or_null,
    "details": lambda value: isinstance(value, dict),
    "previous": _is_sha256,
}


# -- writing -----------------------------------------------------------------------------------------------------------


def facts(event: str, details: Mapping[str, Any], **texts: str | None) -> Entry:
    """The part of a line that its writer is asked for: event, actor, host, tenant, case, subject, details.

    CustodyError where something of it has no business in a log.
    """
    if event not in EVENTS:
        raise CustodyError(f"The event is none that the log knows. Give one of {', '.join(EVENTS)}.")
    for name, text in texts.items():
        if text is not None:
            _require_text(text, name)
    _require_fact(details, "details", DEEPEST - 1)
    if len(render(details)) > LARGEST_DETAILS:
        raise CustodyError(
            f"The details take more than {LARGEST_DETAILS} bytes. Log facts about a thing, such as its SHA-256, not the thing."
        )
    said = {"event": event, **texts, "details": dict(details)}
    if len(render(said)) > LARGEST_FACTS:
        raise CustodyError(f"The event takes more than {LARGEST_FACTS} bytes. Log shorter texts.")
    return said


def _require_fact(value: object, where: str, deepest: int) -> None:
    """``where``: what the error calls the value, such as "details.sha256"."""
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, str):
        _require_text(value, where, may_be_empty=True)
    elif isinstance(value, (int, float)):
        if not abs(value) <= LARGEST_NUMBER:  # nor is NaN
            raise CustodyError(f"The number in {where} is too large, or none. Give it as text.")
    elif isinstance(value, (dict, list)):
        if deepest == 0:
            raise CustodyError(f"The details are nested more than {DEEPEST - 1} deep. Log fewer facts in a line.")
        if isinstance(value, dict):
            for name, part in value.items():
                _require_fact(part, f"{where}.{_fact_name(name, part, where)}", deepest - 1)
        else:
            for part in value:
                _require_fact(part, where, deepest - 1)
    else:
        raise CustodyError(
            f"The value of {where} is a {type(value).__name__}, which JSON cannot hold. Give it as text."
        )


def _fact_name(name: object, value: object, where: str) -> str:
    if not isinstance(name, str) or not _FACT_NAME.fullmatch(name):
        raise CustodyError(
            f"A name in {where} is not 1 to 64 letters, digits, dots, hyphens and underscores. Rename it."
        )
    if _SECRET_NAME.fullmatch(name) and isinstance(value, str) and value:
        raise CustodyError(
            f"{where}.{name} looks like a secret, which has no business in a log. Leave it out; for a file say {name}_file."
        )
    return name


def _require_text(text: str, where: str, may_be_empty: bool = False) -> None:
    if not (text or may_be_empty):
        raise CustodyError(f"The text of {where} is empty. Leave it out, or give one.")
    if len(text) > LONGEST_TEXT:
        raise CustodyError(f"The text of {where} has {len(text)} characters, where at most {LONGEST_TEXT} are logged.")
    if any(unicodedata.category(character) in _INVISIBLE for character in text):
        raise CustodyError(f"The text of {where} holds a line break or another invisible character. Take it out.")
    if _KEY_MATERIAL.search(text):
        raise CustodyError(f"The text of {where} looks like an encoded key. Log its SHA-256 instead.")
