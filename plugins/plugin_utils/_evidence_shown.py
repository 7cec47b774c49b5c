# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of a text may stand on a page: no path beyond what the operator allows, no hash of a password file, nothing invisible.

Everything that evidence says goes through here once, at its end, so that a new member cannot be forgotten.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

NONE, NAMES, FULL = "none", "names", "full"
WITHHELD, A_FILE, A_PATH = "[withheld]", "[file]", "[path]"

_REPLACED = "\N{REPLACEMENT CHARACTER}"
# Control characters, surrogates, line and paragraph separators. Other formats may belong to a name's script.
_INVISIBLE = {"Cc", "Cs", "Zl", "Zp"}
# What turns the direction of a text around, so that it reads as another one.
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

# Where a path that is on record must end, or it is the beginning of another one.
_END = r"(?=$|[\s,;:()<>\[\]'\"]|[.!?](?:\s|$))"
_URL = r"https?://[^\s'\"<>]+"
_PART = r"[^\s,;:()<>\[\]'\"]"
_ABSOLUTE = re.compile(r"/|~|[A-Za-z]:\\|\\\\")
# Paths that nobody has told of. One with spaces in it is found up to the first of them.
_ANY_PATH = rf"(?<![\w.~-])/+(?={_PART}*\w){_PART}*|(?<!\w)~[\w.-]*/{_PART}*|(?<!\w)[A-Za-z]:\\{_PART}*|\\\\{_PART}+"


class Shown:
    """What may be shown. C(paths): of which files and folders it is known that they are some; C(custodians): their names."""

    def __init__(
        self, allowed: str, paths: Iterable[str] = (), custodians: Iterable[str] = (), withheld: Iterable[str] = ()
    ) -> None:
        self._allowed = allowed
        self._names = {} if allowed == FULL else _names(allowed, set(paths), set(custodians))
        known = "|".join(re.escape(name) for name in sorted(self._names, key=len, reverse=True))
        found = [f"(?P<url>{_URL})"]
        found += [rf"(?P<known>(?<![\w-])(?:{known}){_END})"] if known else []
        found += [f"(?P<any>{_ANY_PATH})"]
        self._paths = None if allowed == FULL else re.compile("|".join(found))
        secrets = "|".join(re.escape(secret) for secret in sorted(set(withheld)) if secret)
        self._withheld = re.compile(secrets, re.IGNORECASE) if secrets else None

    def all(self, value: Any) -> Any:
        """A document, with every text in it as it may be shown. Names of members are the collection's own."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {str(name): self.all(part) for name, part in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.all(part) for part in value]
        return value

    def text(self, said: str) -> str:
        text = visible(said)
        if self._withheld is not None:
            text = self._withheld.sub(WITHHELD, text)
        return text if self._paths is None else self._paths.sub(self._instead, text)

    def _instead(self, found: re.Match[str]) -> str:
        text = found.group()
        if found.lastgroup == "url":
            return text
        if found.lastgroup == "known":
            return self._names[text]
        bare = text.rstrip(".!?")
        return (_last(bare) if self._allowed == NAMES else A_PATH) + text[len(bare) :]


def password_hashes(case: Mapping[str, Any]) -> Iterator[str]:
    """Of the case's password files, the present one and those that a new password has replaced or is about to."""
    yield str(((case.get("export") or {}).get("sha256") or {}).get("password") or "")
    for name in ("reprotected", "reprotecting"):
        yield from _hashes(case.get(name) or {})


def _hashes(value: Any) -> Iterator[str]:
    """All that there are: which of them is a password's is not worth finding out."""
    if isinstance(value, str):
        yield from re.findall(r"\b[0-9a-fA-F]{64}\b", value)
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _hashes(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _hashes(part)


def visible(text: str) -> str:
    """On one line, and in the order in which it is read."""
    if text.isascii() and text.isprintable():
        return str(text)
    line = _TURNING.sub(_REPLACED, " ".join(text.split()))
    return "".join(_REPLACED if unicodedata.category(sign) in _INVISIBLE else sign for sign in line)


def _names(allowed: str, paths: set[str], custodians: set[str]) -> dict[str, str]:
    """What stands for each path. A folder that is a custodian has a name of its own, or two of them would be taken for one."""
    folders = sorted(name for name in custodians if _is_path(name))
    names = {path: _last(path) if allowed == NAMES else A_FILE for path in paths if _is_path(path)}
    if allowed == NONE:
        # The name of a file without its folder, as the log has it.
        names.update({_last(path): A_FILE for path in paths if "." in _last(path)})
    last = [_last(folder) for folder in folders]
    for number, (folder, name) in enumerate(zip(folders, last)):
        if allowed == NONE:
            names[folder] = f"folder {number + 1}"
        else:
            names[folder] = f"{name} ({last[: number + 1].count(name)})" if last.count(name) > 1 else name
    return names


def _is_path(text: str) -> bool:
    return _ABSOLUTE.match(text) is not None


def _last(path: str) -> str:
    """The name at a path's end; that of the root is the root."""
    return re.split(r"[/\\]", path.rstrip("/\\"))[-1] or path[:1]


# -- of a tenant -------------------------------------------------------------------------------------------------------


def shown_of(seen: Mapping[str, Any]) -> Shown:
    """By what is on record of it. Of a tenant that could not be looked at, little is."""
    case = seen.get("case") or {}
    generations = (seen.get("status") or {}).get("generations", ())
    copies = [
        *(case.get("placed") or {}).get("copies", ()),
        *(case.get("key_copies") or {}).get("copies", ()),
        *(case.get("reprotected") or {}).get("doomed", ()),
    ]
    custodians = [
        *(copy["custodian"] for copy in copies),
        *(name for entry in generations for name in entry["custodians"]),
    ]
    paths = [
        *_folders(seen),
        *(copy["file"] for copy in copies),
        *(file["path"] for file in seen.get("files", ())),
        *_on_record(case),
        *(entry["directory"] for entry in generations),
    ]
    return Shown(seen["paths"], paths, custodians, password_hashes(case))


def _folders(seen: Mapping[str, Any]) -> Iterator[str]:
    """The tenant's own, and its log. By what is known a path is found that has spaces in it."""
    directory = seen["directory"].rstrip("/")
    if directory:  # a tenant that could not be looked at may have none
        yield from (directory, f"{directory}/", f"{directory}/case.json", f"{directory}/support-request.txt")
    yield str((seen.get("log") or {}).get("path") or "")


def _on_record(case: Mapping[str, Any]) -> Iterator[str]:
    for section, names in (
        ("key", ("public_key_file", "private_key_file")),
        ("reply", ("file",)),
        ("export", ("tpd_file", "password_file")),
        ("staged", ("directory",)),
    ):
        yield from (str((case.get(section) or {}).get(name) or "") for name in names)
    yield from (str(file.get("file") or "") for file in (case.get("destroyed") or {}).get("files", ()))
    yield from (str(entry.get("directory") or "") for entry in case.get("incidents") or ())
