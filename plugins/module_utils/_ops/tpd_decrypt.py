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
from typing import Any

from .. import _secrets
from .._files import FILE_OPTIONS, attributes, read_file
from .._inputs import LARGEST_DOCUMENT, LARGEST_KEY_FILE, optional_password
from .._operation import Operation, Result
from .._placing import Changes, working_folder
from .._tpd import TpdError, envelope, names, passwords, rsakeys, tpd
from .._tpd.contents import Contents

_OUTPUTS = (names.EXPORTED_TPD, names.PASSWORD)
_EXPECTED = {names.EXPORTED_TPD: "tpd", names.PASSWORD: "password"}


def run(params: Mapping[str, Any], check_mode: bool) -> Result:
    """Read, compare, decide, (check mode stops here), write."""
    wanted = attributes(params, 0o600)
    with working_folder(_directory(params), wanted.owner, check_mode) as folder:
        export = _Export(params, Changes(folder, check_mode))
        if os.path.lexists(params["private_key_file"]) and os.path.lexists(params["target"]):
            return export.from_reply()
        return export.from_outputs()


def _directory(params: Mapping[str, Any]) -> str:
    return params["directory"] or os.path.dirname(params["target"])


class _Export:
    def __init__(self, params: Mapping[str, Any], changes: Changes) -> None:
        self.params, self.changes = params, changes
        self.wanted = attributes(params, 0o600)
        self.expected = {kind: (params["expected_sha256"] or {}).get(option) for kind, option in _EXPECTED.items()}

    def from_reply(self) -> Result:
        """Decrypt the reply and have both files hold what is in it."""
        key_file = read_file(self.params["private_key_file"], LARGEST_KEY_FILE, "private key file")
        _secrets.register(key_file)
        key = rsakeys.load_private(key_file, optional_password(self.params, "private_key_passphrase"))
        reply = read_file(self.params["target"], LARGEST_DOCUMENT, "reply")
        guid = names.output_guid(self._required_key_pair_guid(), reply, self.params["guid_rule"])
        opened = envelope.open_reply(reply, key)
        _secrets.register(opened.password)
        files = {kind: names.file_name(kind, guid) for kind in _OUTPUTS}
        contents = {names.EXPORTED_TPD: opened.tpd, names.PASSWORD: passwords.encode(opened.password)}
        for kind in _OUTPUTS:
            self._require_expected(kind, contents[kind])
            self._require_not_another(kind, files[kind], contents[kind])
        for kind in _OUTPUTS:
            self.changes.ensure(files[kind], contents[kind], self.wanted)
        return self._result(guid, files, tpd.open(opened.tpd, opened.password), opened.password, "decrypted")

    def from_outputs(self) -> Result:
        """The private key or the reply is gone: find the pair that an earlier run made, and prove it by opening it."""
        proven, problems = [], []
        for guid, files in sorted(self._pairs().items()):
            try:
                proven.append((guid, files, *self._open_pair(files)))
            except TpdError as error:
                problems.append(f"{files[names.EXPORTED_TPD]}: {error}")
        if len(proven) != 1:
            raise TpdError(" ".join([self._missing(), self._found([entry[0] for entry in proven]), *problems]))
        guid, files, contents, opened, secret = proven[0]
        for kind in _OUTPUTS:
            self.changes.ensure(files[kind], contents[kind], self.wanted)
        return self._result(guid, files, opened, secret, "outputs")

    def _key_pair_guid(self) -> str | None:
        if self.params["guid"] is not None:
            return names.normal_guid(self.params["guid"])
        parsed = names.parse(os.path.basename(self.params["private_key_file"]))
        return parsed.guid if parsed is not None else None

    def _required_key_pair_guid(self) -> str:
        guid = self._key_pair_guid()
        if guid is None:
            raise TpdError(
                f"The name of {self.params['private_key_file']} holds no GUID (PrivateKey-<GUID>.txt), from which those of"
                " the output files follow. Give the key pair's GUID with guid."
            )
        return guid

    def _output_guid(self) -> str | None:
        """The GUID of the output files, where it can be known without decrypting anything."""
        guid = self._key_pair_guid()
        if guid is None or self.params["guid_rule"] == "key":
            return guid
        if not os.path.lexists(self.params["target"]):
            return None
        return names.output_guid(guid, read_file(self.params["target"], LARGEST_DOCUMENT, "reply"), "new")

    def _pairs(self) -> dict[str, dict[str, str]]:
        """The whole pairs in the folder that may be ours, by GUID."""
        found: dict[str, dict[str, str]] = {}
        for name in self.changes.names():
            parsed = names.parse(name)
            if parsed is not None and parsed.kind in _OUTPUTS:
                found.setdefault(parsed.guid, {})[parsed.kind] = name
        only = self._output_guid()
        return {guid: files for guid, files in found.items() if len(files) == len(_OUTPUTS) and only in (None, guid)}

    def _open_pair(self, files: dict[str, str]) -> tuple[dict[str, bytes], tpd.Tpd, str]:
        contents = {kind: self.changes.content(files[kind]) or b"" for kind in _OUTPUTS}
        for kind in _OUTPUTS:
            self._require_expected(kind, contents[kind])
        secret = passwords.decode(contents[names.PASSWORD])
        _secrets.register(secret)
        return contents, tpd.open(contents[names.EXPORTED_TPD], secret), secret

    def _require_expected(self, kind: str, content: bytes) -> None:
        expected = self.expected[kind]
        if expected is not None and hashlib.sha256(content).hexdigest() != expected.lower():
            raise TpdError(
                f"The {kind} file is another than the one on record: its SHA-256 is not the expected one. Nothing was changed."
            )

    def _require_not_another(self, kind: str, name: str, content: bytes) -> None:
        """What lies under an output's name is kept: it may be the only copy of something."""
        found = self.changes.content(name)
        if found is not None and found != content:
            raise TpdError(
                f"{name} is already there and holds something else than the reply does. It is not overwritten:"
                " move it away, then run again, and compare the two."
            )

    def _missing(self) -> str:
        gone = [path for path in (self.params["private_key_file"], self.params["target"]) if not os.path.lexists(path)]
        return f"{' and '.join(gone)} {'does' if len(gone) == 1 else 'do'} not exist, so the reply cannot be decrypted."

    def _found(self, guids: list[str]) -> str:
        if guids:
            return (
                f"{_directory(self.params)} holds several finished exports ({', '.join(guids)}): give expected_sha256."
            )
        return (
            f"Neither does {_directory(self.params)} hold a finished export (Password and ExportedTPD of one GUID) that opens"
            " and is the expected one. Bring the missing file back."
        )

    def _result(self, guid: str, files: dict[str, str], opened: tpd.Tpd, secret: str, proof: str) -> Result:
        paths = {kind: os.path.join(_directory(self.params), files[kind]) for kind in _OUTPUTS}
        warnings = [warning for warning in (passwords.weakness(secret), self._open_key()) if warning]
        return self.changes.result(
            guid=guid,
            password_file=paths[names.PASSWORD],
            tpd_file=paths[names.EXPORTED_TPD],
            tpd=Contents(opened).facts(),
            proof=proof,
            warnings=warnings,
        )

    def _open_key(self) -> str | None:
        """A warning where others may read the private key."""
        path = self.params["private_key_file"]
        try:
            mode = stat.S_IMODE(os.stat(path).st_mode)
        except OSError:
            return None
        if not mode & 0o077:
            return None
        return f"{path} has mode {mode:04o}, so others may have read the private key. Set it to 0600 and think about a new key pair."


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
            "options": {"password": {"type": "str", "no_log": False}, "tpd": {"type": "str"}},
        },
        **FILE_OPTIONS,
    },
    mutually_exclusive=(("private_key_passphrase", "private_key_passphrase_file"),),
    run=run,
)
