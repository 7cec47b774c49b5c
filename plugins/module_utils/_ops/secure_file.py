# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Places one secret file, or destroys it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from typing import Any

from .._files import FILE_OPTIONS, FileError, attributes, read_file, split_path, user_name
from .._files.attributes import mode_text
from .._inputs import LARGEST_SECRET_FILE
from .._operation import Operation, Result
from .._placing import changes_in

LARGEST = LARGEST_SECRET_FILE


def run(params: Mapping[str, Any], check_mode: bool) -> Result:
    """Read, compare, decide, (check mode stops here), write."""
    dest, wanted = params["dest"], attributes(params, 0o600)
    expected = _expected_sha256(params["sha256"])
    folder, name = split_path(dest)
    content = None if params["state"] == "absent" else _content(params, expected)
    create, strict = content is not None, params["strict_parents"]
    with changes_in(folder, wanted.owner, check_mode, create, strict) as changes:
        if content is None:
            if expected is not None and (there := changes.content(name)) is not None:
                _require_sha256(there, expected, f"file {dest}")
            changes.remove(name)
            return changes.result(dest=dest)
        changes.ensure(name, content, wanted)
        return changes.result(
            dest=dest,
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            mode=mode_text(wanted.mode),
            owner=user_name(wanted.owner),
        )


def _content(params: Mapping[str, Any], expected: str | None) -> bytes:
    if params["content"] is None:
        content = _from_source(params["src"], params["remote_src"])
        origin = f"file {params['src']}"
    else:
        content = _decoded(params["content"], params["encoding"])
        origin = f"content for {params['dest']}"
    if not content:
        raise FileError(f"The {origin} is empty. Was it made before this task?")
    if len(content) > LARGEST:
        raise FileError(f"The {origin} is too large: {len(content)} bytes, where at most {LARGEST} are placed.")
    _require_sha256(content, expected, origin)
    return content


def _from_source(src: str, remote_src: bool) -> bytes:
    if not remote_src:
        # The action plugin has read it on the controller and passed it on as content, unless it was left out.
        raise FileError(
            f"The file {src} would have to come from the controller, which only the action plugin can do. Set remote_src."
        )
    return read_file(src, LARGEST, "source file")


def _decoded(text: str, encoding: str) -> bytes:
    if encoding == "text":
        try:
            return text.encode("utf-8")
        except UnicodeEncodeError:
            raise FileError(
                "The content is not text that UTF-8 can carry. Pass bytes as base64 and set encoding."
            ) from None
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        content = b""
    if base64.b64encode(content) != text.encode("utf-8", "replace"):
        raise FileError(
            "The content is not base64 as encoding says: no line breaks, no missing padding. Use the b64encode filter."
        )
    return content


def _expected_sha256(text: str | None) -> str | None:
    if text is None:
        return None
    if not re.fullmatch(r"[0-9a-fA-F]{64}", text, re.ASCII):
        raise FileError(f"The expected SHA-256 {text!a} is not one: 64 hexadecimal digits. Copy it again.")
    return text.lower()


def _require_sha256(content: bytes, expected: str | None, what: str) -> None:
    """Refuse a content that is not the one that the caller means; None means any."""
    if expected not in (None, hashlib.sha256(content).hexdigest()):
        # Neither hash is shown: one of a password file lets a weak password be guessed.
        raise FileError(f"The {what} is another than expected: its SHA-256 is not that of sha256. Nothing was changed.")


OPERATION = Operation(
    argument_spec={
        "dest": {"type": "path", "required": True},
        "src": {"type": "path"},
        "content": {"type": "str", "no_log": True},
        "encoding": {"type": "str", "choices": ["text", "base64"], "default": "text"},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "remote_src": {"type": "bool", "default": False},
        "sha256": {"type": "str"},
        "strict_parents": {"type": "bool", "default": True},
        **FILE_OPTIONS,
        "mode": {"type": "str", "default": "0600"},
    },
    mutually_exclusive=(("src", "content"),),
    required_if=(("state", "present", ("src", "content"), True),),
    run=run,
)
