# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reply that support would send, for a tenant key that is thrown away."""

from __future__ import annotations

import os
import uuid
from collections.abc import Mapping
from typing import Any

from .. import _secrets
from .._files import attributes, read_file
from .._inputs import LARGEST_KEY_FILE
from .._operation import Operation, Result
from .._placing import Changes, working_folder
from .._tpd import TpdError, names, passwords, rehearsal, rsakeys, tpd, wrap

MOST_TEMPLATES = 100


def run(params: Mapping[str, Any], check_mode: bool) -> Result:
    """Make the reply, unless it is there: a reply is encrypted, so one that is there is taken for what its name says."""
    wanted = attributes({}, 0o600)
    public_key = rsakeys.load_public(read_file(params["public_key_file"], LARGEST_KEY_FILE, "public key file"))
    wrap.choose(params["envelope"])
    if not 0 <= params["templates"] <= MOST_TEMPLATES:
        raise TpdError(f"The number of templates is not between 0 and {MOST_TEMPLATES}. Give templates such a number.")
    # The same for the same key, so that a second run finds the reply of the first.
    derived = str(uuid.uuid5(uuid.NAMESPACE_OID, rsakeys.fingerprint(public_key))).upper()
    guid = derived if params["guid"] is None else names.normal_guid(params["guid"])
    name = names.file_name(names.REPLY, guid)
    with working_folder(params["directory"], wanted.owner, check_mode) as folder:
        changes = Changes(folder, check_mode)
        reply = changes.content(name)
        if reply is None:
            if not params["allow_beside_export"]:
                _require_no_export(params["directory"], changes.names())
            reply = _reply(params, public_key)
        changes.ensure(name, reply, wanted)
        return changes.result(target=os.path.join(params["directory"], name), guid=guid)


def _reply(params: Mapping[str, Any], public_key: Any) -> bytes:
    password = params["password"] or passwords.generate()
    _secrets.register(password)
    made = rehearsal.make(params["key_size"], params["templates"], params["version"])
    return wrap.wrap(params["envelope"], password, tpd.seal(made, password), public_key)


def _require_no_export(directory: str, found: list[str]) -> None:
    """A made-up reply must not be taken for a real one, nor lie where the files of a real export do."""
    kinds = (names.REPLY, names.PASSWORD, names.EXPORTED_TPD)
    for name in found:
        parsed = names.parse(name)
        if parsed is not None and parsed.kind in kinds:
            raise TpdError(
                f"The folder {directory} holds {name}, which may belong to a real export. Rehearse in a folder of its own,"
                " or set allow_beside_export if you know that it does not."
            )


OPERATION = Operation(
    argument_spec={
        "public_key_file": {"type": "path", "required": True},
        "directory": {"type": "path", "required": True},
        "guid": {"type": "str"},
        "envelope": {"type": "str", "default": "xmlenc"},
        "templates": {"type": "int", "default": 2},
        "key_size": {"type": "int", "choices": [1024, 2048], "default": 2048},
        "version": {"type": "int", "choices": [1, 2], "default": 2},
        "password": {"type": "str", "no_log": True},
        "allow_beside_export": {"type": "bool", "default": False},
    },
    run=run,
)
