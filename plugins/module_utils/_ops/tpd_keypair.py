# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The request key pair: made once, and from then on only looked after.

Durable order: the private half, then the public half, which is the commit. A private half alone is unfinished work; a
public half alone is a lost key.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .. import _secrets
from .._files import FILE_OPTIONS, attributes
from .._operation import Operation, Result
from .._placing import Changes, working_folder
from .._tpd import TpdError, names, rsakeys

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

PUBLIC_MODE = 0o644


def run(params: Mapping[str, Any], check_mode: bool) -> Result:
    """Read, compare, decide, (check mode stops here), write."""
    wanted = attributes(params, 0o600)
    guid = None if params["guid"] is None else names.normal_guid(params["guid"])
    with working_folder(params["directory"], wanted.owner, check_mode) as folder:
        pair = _Pair(params, guid, Changes(folder, check_mode))
        if params["state"] == "absent":
            return pair.destroy()
        return pair.present(check_mode)


class _Pair:
    def __init__(self, params: Mapping[str, Any], guid: str | None, changes: Changes) -> None:
        self.params, self.changes = params, changes
        self.wanted = attributes(params, 0o600)
        self.halves: dict[str, dict[str, str]] = {}
        for name in changes.names():
            parsed = names.parse(name)
            if parsed is not None and parsed.kind in (names.PUBLIC_KEY, names.PRIVATE_KEY):
                self.halves.setdefault(parsed.guid, {})[parsed.kind] = name
        self.guid = guid or self._only_guid()

    def _only_guid(self) -> str | None:
        if len(self.halves) > 1:
            raise TpdError(
                f"The folder {self.params['directory']} holds several key pairs: {', '.join(sorted(self.halves))}."
                " Say with guid which one is meant."
            )
        return next(iter(self.halves), None)

    def path(self, kind: str) -> str:
        """Where a half lies, or will lie."""
        name = self.halves.get(self.guid or "", {}).get(kind) or names.file_name(kind, self.guid or "")
        return os.path.join(self.params["directory"], name)

    def destroy(self) -> Result:
        """The private half first: a public half alone opens nothing."""
        found = self.halves.get(self.guid or "", {})
        for kind in (names.PRIVATE_KEY, names.PUBLIC_KEY):
            if kind in found:
                self.changes.remove(found[kind])
        return self.changes.result(guid=self.guid)

    def present(self, check_mode: bool) -> Result:
        found = self.halves.get(self.guid or "", {})
        if names.PRIVATE_KEY in found and self.params["regenerate"] == "never":
            return self._keep(found)
        if names.PUBLIC_KEY in found and self.params["regenerate"] == "never":
            raise TpdError(
                f"{self.path(names.PUBLIC_KEY)} is there but its private half is not. A reply to it can never be opened:"
                " bring the private half back from custody, or destroy this half (state absent) and make a new pair."
            )
        return self._make(found, check_mode)

    def _make(self, found: dict[str, str], check_mode: bool) -> Result:
        guid = self.guid
        self.guid = guid or names.new_guid()
        key = None if check_mode else rsakeys.generate(self.params["size"])
        if names.PUBLIC_KEY in found:
            # So that a killed run leaves a private half alone, which the next run completes, and never two strangers.
            self.changes.remove(found[names.PUBLIC_KEY])
        if key is None:
            self.changes.changed = True
            known = {} if guid is None else self._paths()
            return self.changes.result(guid=guid, size=self.params["size"], fingerprint=None, **known)
        self._place(names.PRIVATE_KEY, self._private_file(key))
        self._place(names.PUBLIC_KEY, rsakeys.dump_public(key.public_key(), self.params["format"]))
        return self._result(key)

    def _keep(self, found: dict[str, str]) -> Result:
        private_file = self.changes.content(found[names.PRIVATE_KEY]) or b""
        key = rsakeys.load_private(private_file)
        if key.key_size != self.params["size"]:
            raise TpdError(
                f"The key in {self.path(names.PRIVATE_KEY)} has {key.key_size} bits, {self.params['size']} were asked for."
                " It is not replaced unless regenerate is always, as a reply to the old key could then not be opened."
            )
        public_file = None if names.PUBLIC_KEY not in found else self.changes.content(found[names.PUBLIC_KEY])
        if public_file is None:
            public_file = rsakeys.dump_public(key.public_key(), self.params["format"])
        elif rsakeys.load_public(public_file).public_numbers() != key.public_key().public_numbers():
            raise TpdError(
                f"{self.path(names.PUBLIC_KEY)} and {self.path(names.PRIVATE_KEY)} do not belong together."
                " Find out which of them support was sent, and restore the other half from custody."
            )
        self._place(names.PRIVATE_KEY, private_file)
        self._place(names.PUBLIC_KEY, public_file)
        return self._result(key)

    def _private_file(self, key: RSAPrivateKey) -> bytes:
        content = rsakeys.dump_private(key, self.params["format"])
        _secrets.register(content)
        return content

    def _place(self, kind: str, content: bytes) -> None:
        wanted = self.wanted if kind == names.PRIVATE_KEY else replace(self.wanted, mode=PUBLIC_MODE)
        self.changes.ensure(os.path.basename(self.path(kind)), content, wanted)

    def _paths(self) -> dict[str, str]:
        return {"public_key_file": self.path(names.PUBLIC_KEY), "private_key_file": self.path(names.PRIVATE_KEY)}

    def _result(self, key: RSAPrivateKey) -> Result:
        return self.changes.result(
            guid=self.guid, size=key.key_size, fingerprint=rsakeys.fingerprint(key.public_key()), **self._paths()
        )


OPERATION = Operation(
    argument_spec={
        "directory": {"type": "path", "required": True},
        "guid": {"type": "str"},
        "size": {"type": "int", "choices": [2048, 3072, 4096], "default": 2048},
        "format": {"type": "str", "choices": ["rsakeyvalue", "pem"], "default": "rsakeyvalue"},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "regenerate": {"type": "str", "choices": ["never", "always"], "default": "never"},
        **FILE_OPTIONS,
    },
    required_if=(("state", "absent", ("guid",)),),
    run=run,
)
