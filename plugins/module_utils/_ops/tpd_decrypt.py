# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Support's reply becomes the password file and the password-protected TPD.

Durable order: the TPD, then the password file, which is the commit. Nothing that is there already is ever overwritten
with something else. Once the request's private key has been destroyed, the two files are their own proof.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .. import _secrets
from .._checks import TENANT_OPTIONS, check_facts, expectations, inspect
from .._files import FILE_OPTIONS, attributes, read_file
from .._inputs import LARGEST_DOCUMENT, LARGEST_KEY_FILE, about, exposed, is_there, sha256
from .._operation import Operation, Result
from .._passwords import open_tpd, optional_password
from .._placing import Changes, changes_in
from .._tpd import TpdError, envelope, names, passwords, preflight, rsakeys, tpd
from .._tpd.contents import Contents
from .._tpd.preflight_key import Check

# In their durable order, with the name that each has in expected_sha256.
_OUTPUTS = {names.EXPORTED_TPD: "tpd", names.PASSWORD: "password"}
_TENANT_CHECKS = ("tenant_service_id", "tenant_key_id")


def run(params: Mapping[str, Any], check_mode: bool) -> Result:
    """Read, compare, decide, (check mode stops here), write."""
    wanted = attributes(params, 0o600)
    case = _Case(params)
    # Decrypted before the folder is touched: a reply that does not open changes nothing.
    export = case.decrypted()
    with changes_in(case.directory, wanted.owner, check_mode, create=export is not None) as changes:
        if export is None:
            export, proof = case.found(changes), "outputs"
        else:
            case.require_nothing_else(export, changes)
            proof = "decrypted"
        there = names.by_guid(changes.names(), *_OUTPUTS).get(export.guid, {})
        paths = {}
        for kind in _OUTPUTS:
            name = there.get(kind) or names.file_name(kind, export.guid)
            changes.ensure(name, export.files[kind], wanted)
            paths[kind] = os.path.join(case.directory, name)
        return changes.result(
            guid=export.guid,
            password_file=paths[names.PASSWORD],
            tpd_file=paths[names.EXPORTED_TPD],
            tpd=export.contents.facts(),
            **check_facts(export.checks),
            tpd_sha256=hashlib.sha256(export.files[names.EXPORTED_TPD]).hexdigest(),
            reply_sha256=case.reply_sha256,
            proof=proof,
            warnings=[*export.warnings, *case.key_warnings()],
        )


@dataclass(frozen=True)
class _Export:
    """What both files hold, which has been proven: the password opens the TPD, and that is the tenant's."""

    guid: str
    files: Mapping[str, bytes] = field(repr=False)
    contents: Contents = field(repr=False)
    checks: list[Check]
    warnings: list[str]


class _Case:
    """What the parameters say of one export."""

    def __init__(self, params: Mapping[str, Any]) -> None:
        self.params = params
        self.private_key_file, self.target = params["private_key_file"], params["target"]
        self.directory = params["directory"] or os.path.dirname(self.target)
        if not self.directory:
            raise TpdError(f"The path {self.target} of the reply is relative. Give an absolute path, or directory.")
        self.guid = self._key_pair_guid()
        self.reply_sha256: str | None = None
        expected = params["expected_sha256"] or {}
        self.expected = {kind: sha256(expected.get(name), f"expected_sha256.{name}") for kind, name in _OUTPUTS.items()}

    def decrypted(self) -> _Export | None:
        """What the reply holds; None where it or the private key does not exist any more."""
        if not (is_there(self.private_key_file) and is_there(self.target)):
            return None
        if self.guid is None:
            raise TpdError(
                f"The name of {self.private_key_file} holds no GUID (PrivateKey-<GUID>.txt), from which those of"
                " the output files follow. Give the key pair's GUID with guid."
            )
        key_file = read_file(self.private_key_file, LARGEST_KEY_FILE, "private key file")
        passphrase = optional_password(self.params, "private_key_passphrase")
        with about(self.private_key_file):
            key = rsakeys.load_private(key_file, passphrase)
        _secrets.register(key_file)
        reply = self._reply()
        with about(self.target):
            opened = envelope.open_reply(reply, key)
            _secrets.register(opened.password)
            if opened.opened.key_blob is not None:
                _secrets.register(opened.opened.key_blob)
            files = {names.EXPORTED_TPD: opened.tpd, names.PASSWORD: passwords.encode(opened.password)}
            guid = names.output_guid(self.guid, reply, self.params["guid_rule"])
            del reply  # it may be large, as all of these may
            return self._proven(guid, files, opened.opened)

    def found(self, changes: Changes) -> _Export:
        """The pair that an earlier run left in the folder, proven by opening it."""
        only = self._output_guid()
        exports, problems = [], []
        for guid, files in sorted(names.by_guid(changes.names(), *_OUTPUTS).items()):
            if only not in (None, guid) or len(files) < len(_OUTPUTS):
                continue
            try:
                exports.append(self._proven(guid, {kind: changes.content(files[kind]) or b"" for kind in _OUTPUTS}))
            except TpdError as error:
                problems.append(f"{guid}: {error}")
        if len(exports) == 1:
            return exports[0]
        guids = ", ".join(export.guid for export in exports)
        raise TpdError(" ".join([self._gone(), self._not_found(guids), *problems]))

    def require_nothing_else(self, export: _Export, changes: Changes) -> None:
        """What lies under an output's name is kept: it may be the only copy of something."""
        for kind, name in names.by_guid(changes.names(), *_OUTPUTS).get(export.guid, {}).items():
            if changes.content(name) != export.files[kind]:
                raise TpdError(
                    f"{os.path.join(self.directory, name)} is already there and holds something else than the reply does."
                    " It is not overwritten: move it away, then run again, and compare the two."
                )

    def key_warnings(self) -> list[str]:
        """A warning where others may read the private key."""
        try:
            return exposed(self.private_key_file, stat.S_IMODE(os.stat(self.private_key_file).st_mode))
        except OSError:
            return []  # it is gone, or it was read and is gone now

    def _key_pair_guid(self) -> str | None:
        if self.params["guid"] is not None:
            return names.normal_guid(self.params["guid"])
        parsed = names.parse(os.path.basename(self.private_key_file))
        return parsed.guid if parsed is not None else None

    def _output_guid(self) -> str | None:
        """The GUID of the output files, where it can be known without decrypting anything."""
        if self.guid is None or self.params["guid_rule"] == "key":
            return self.guid
        if not is_there(self.target):
            return None
        return names.output_guid(self.guid, self._reply(), "new")

    def _reply(self) -> bytes:
        reply = read_file(self.target, LARGEST_DOCUMENT, "reply")
        self.reply_sha256 = hashlib.sha256(reply).hexdigest()
        return reply

    def _proven(self, guid: str, files: Mapping[str, bytes], opened: tpd.Tpd | None = None) -> _Export:
        for kind, content in files.items():
            if self.expected[kind] not in (None, hashlib.sha256(content).hexdigest()):
                raise TpdError(
                    f"The {kind} file is another than the one on record: its SHA-256 is not the expected one."
                    " Nothing was changed."
                )
        secret = passwords.decode(files[names.PASSWORD])
        _secrets.register(secret)
        contents, checks = inspect(
            opened or open_tpd(files[names.EXPORTED_TPD], secret), secret, expectations(self.params)
        )
        self._require_kind(contents)
        # A reply is not authenticated: whoever has the public key can make one.
        for check in checks:
            if check.id in _TENANT_CHECKS and check.result == preflight.FAIL:
                raise TpdError(f"{check.message} Nothing was changed.")
        weakness = passwords.weakness(secret)
        return _Export(guid, files, contents, checks, [weakness] if weakness else [])

    def _require_kind(self, contents: Contents) -> None:
        """Rehearsals and real cases are kept apart."""
        wanted, found = self.params["rehearsal"], contents.rehearsal
        if wanted is False and found:
            raise TpdError(
                "The reply was made for a rehearsal and opens no real document, but this is a real case. Ask support for the"
                " tenant key."
            )
        if wanted and not found:
            raise TpdError(
                "The reply holds a real tenant key, but this is a rehearsal. Do not rehearse with real keys: move the reply to"
                " a case of its own."
            )

    def _gone(self) -> str:
        gone = [path for path in (self.private_key_file, self.target) if not is_there(path)]
        return f"{' and '.join(gone)} {'does' if len(gone) == 1 else 'do'} not exist, so the reply cannot be decrypted."

    def _not_found(self, guids: str) -> str:
        if guids:
            return f"{self.directory} holds several finished exports ({guids}): give expected_sha256."
        return (
            f"Neither does {self.directory} hold a finished export (Password and ExportedTPD of one GUID) that opens"
            " and is the expected one. Bring the missing file back."
        )


OPERATION = Operation(
    argument_spec={
        "private_key_file": {"type": "path", "required": True},
        "target": {"type": "path", "required": True},
        "private_key_passphrase": {"type": "str", "no_log": True},
        "private_key_passphrase_file": {"type": "path", "no_log": False},
        "directory": {"type": "path"},
        "guid_rule": {"type": "str", "choices": ["new", "key"], "default": "new"},
        "guid": {"type": "str"},
        "expected_sha256": {
            "type": "dict",
            "options": {"password": {"type": "str", "no_log": True}, "tpd": {"type": "str"}},
        },
        "rehearsal": {"type": "bool"},
        **TENANT_OPTIONS,
        **FILE_OPTIONS,
        "mode": {"type": "str", "default": "0600"},
    },
    mutually_exclusive=(("private_key_passphrase", "private_key_passphrase_file"),),
    run=run,
)
