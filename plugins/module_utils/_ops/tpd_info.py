# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a TPD holds, and whether importers are known to refuse it. Reads only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._checks import TENANT_OPTIONS, check_facts, expectations, inspect
from .._files import read_file
from .._inputs import LARGEST_DOCUMENT, about
from .._operation import Operation, Result
from .._passwords import PASSWORD_OPTIONS, open_tpd, password
from .._tpd import TpdError, primitives


def run(params: Mapping[str, Any], check_mode: bool) -> Result:
    """Open and look. Check mode makes no difference, as nothing is changed."""
    content, secret = _content(params), password(params)
    with about(params["path"] or "The given content"):
        contents, checks = inspect(open_tpd(content, secret), secret, expectations(params))
    return {"changed": False, "tpd": contents.facts(), **check_facts(checks)}


def _content(params: Mapping[str, Any]) -> bytes:
    if params["path"] is not None:
        return read_file(params["path"], LARGEST_DOCUMENT, "TPD")
    content = primitives.b64decode(params["content"])
    if not content:
        raise TpdError("The given content is empty or not base64. Use the b64encode filter on the file's bytes.")
    return content


OPERATION = Operation(
    argument_spec={
        "path": {"type": "path"},
        "content": {"type": "str", "no_log": True},
        **PASSWORD_OPTIONS,
        "licensing_urls": {"type": "list", "elements": "str"},
        "current_template_guids": {"type": "list", "elements": "str"},
        **TENANT_OPTIONS,
        "fips": {"type": "bool"},
    },
    mutually_exclusive=(("path", "content"), ("password", "password_file")),
    required_one_of=(("path", "content"), ("password", "password_file")),
    run=run,
)
