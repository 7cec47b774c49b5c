# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reply that support would send, for a tenant key that is thrown away."""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .. import _secrets
from .._files import attributes, read_file
from .._inputs import LARGEST_KEY_FILE, about
from .._operation import Operation, Result
from .._passwords import optional_password
from .._placing import changes_in
from .._tpd import TpdError, names, passwords, rehearsal, rsakeys, tpd, wrap

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

MOST_TEMPLATES = 100
# What XML 1.0 cannot carry.
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def run(params: Mapping[str, Any], check_mode: bool) -> Result:
    """Make the reply, unless it is there: a reply is encrypted, so one that is there is taken for what its name says."""
    wanted = attributes({}, 0o600)
    key_file = read_file(params["public_key_file"], LARGEST_KEY_FILE, "public key file")
    with about(params["public_key_file"]):
        public_key = rsakeys.load_public(key_file)
    wrap.choose(params["envelope"])
    if not 0 <= params["templates"] <= MOST_TEMPLATES:
        raise TpdError(f"The number of templates is not between 0 and {MOST_TEMPLATES}. Give templates such a number.")
    password = _password(params)
    # The same for the same key, so that a second run finds the reply of the first.
    derived = str(uuid.uuid5(uuid.NAMESPACE_OID, rsakeys.fingerprint(public_key))).upper()
    guid = derived if params["guid"] is None else names.normal_guid(params["guid"])
    path = os.path.join(params["directory"], names.file_name(names.REPLY, guid))
    # Made before the folder is touched: an envelope that cannot hold the password changes nothing.
    made = None if os.path.lexists(path) else _reply(params, password, public_key)
    with changes_in(params["directory"], wanted.owner, check_mode, create=True) as changes:
        found = names.by_guid(changes.names(), names.REPLY, names.PASSWORD, names.EXPORTED_TPD)
        name = found.get(guid, {}).get(names.REPLY)
        if name is None and found and not params["allow_beside_export"]:
            # A made-up reply must not be taken for a real one, nor lie where the files of a real export do.
            other = min(name for files in found.values() for name in files.values())
            raise TpdError(
                f"The folder {params['directory']} holds {other}, which may belong to a real export. Rehearse in a folder"
                " of its own, or set allow_beside_export if you know that it does not."
            )
        reply = made if name is None else changes.content(name)
        name = name or os.path.basename(path)
        changes.ensure(name, reply or _reply(params, password, public_key), wanted)
        return changes.result(target=os.path.join(params["directory"], name), guid=guid)


def _password(params: Mapping[str, Any]) -> str:
    password = optional_password(params, "password")
    if password is None:
        password = passwords.generate()
        _secrets.register(password)
    if len(password) > passwords.LONGEST or _NOT_IN_XML.search(password):
        raise TpdError(
            f"The password has more than {passwords.LONGEST} characters, or one that XML cannot carry. Give another one."
        )
    return password


def _reply(params: Mapping[str, Any], password: str, public_key: RSAPublicKey) -> bytes:
    made = rehearsal.make(params["key_size"], params["templates"], params["version"])
    return wrap.wrap(params["envelope"], password, tpd.seal(made, password), public_key)


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
