# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The request key pair: made once, and from then on only looked after.

Durable order: the private half, then the public half, which is the commit. A private half alone is unfinished work; a
public half alone is a lost key.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .. import _secrets
from .._files import FILE_OPTIONS, Attributes, attributes
from .._inputs import LARGEST_KEY_FILE, about, exposed
from .._operation import Operation, Result
from .._placing import Changes, changes_in
from .._tpd import TpdError, names, pem, rsakeys
from .._tpd.cspblob import Numbers

PUBLIC_MODE = 0o644


def run(params: Mapping[str, Any], check_mode: bool) -> Result:
    """Read, compare, decide, (check mode stops here), write."""
    wanted = attributes(params, 0o600)
    guid = None if params["guid"] is None else names.normal_guid(params["guid"])
    absent = params["state"] == "absent"
    with changes_in(params["directory"], wanted.owner, check_mode, create=not absent) as changes:
        pair = _Pair(params, wanted, guid, changes)
        if absent:
            return pair.destroy()
        if pair.is_to_be_made():
            return pair.make(check_mode)
        return pair.keep()


class _Pair:
    def __init__(self, params: Mapping[str, Any], wanted: Attributes, guid: str | None, changes: Changes) -> None:
        self.params, self.wanted, self.changes = params, wanted, changes
        pairs = names.by_guid(changes.names(), names.PRIVATE_KEY, names.PUBLIC_KEY)
        if guid is None and len(pairs) > 1:
            raise TpdError(
                f"The folder {params['directory']} holds several key pairs: {', '.join(sorted(pairs))}."
                " Say with guid which one is meant."
            )
        # None where a new pair is to be made under a GUID that is still to be chosen.
        self.guid = guid or next(iter(pairs), None)
        self.found = pairs.get(self.guid or "", {})

    def name(self, kind: str) -> str:
        """The name that a half has, or will have."""
        return self.found.get(kind) or names.file_name(kind, self.guid or "<GUID>")

    def path(self, kind: str) -> str:
        """Where a half lies, or will lie."""
        return os.path.join(self.params["directory"], self.name(kind))

    def destroy(self) -> Result:
        """The private half first: a public half alone opens nothing."""
        for kind in (names.PRIVATE_KEY, names.PUBLIC_KEY):
            if kind in self.found:
                self.changes.remove(self.found[kind])
        return self.changes.result(guid=self.guid)

    def is_to_be_made(self) -> bool:
        if self.params["regenerate"] == "always":
            return True
        if names.PUBLIC_KEY in self.found and names.PRIVATE_KEY not in self.found:
            raise TpdError(
                f"{self.path(names.PUBLIC_KEY)} is there but its private half is not. A reply to it can never be opened:"
                " bring the private half back from custody, or destroy this half (state absent) and make a new pair."
            )
        return not self.found

    def make(self, check_mode: bool) -> Result:
        if check_mode:
            self._place(names.PRIVATE_KEY, None)
            self._place(names.PUBLIC_KEY, None)
            paths = {} if self.guid is None else self._paths()
            unknown = {"fingerprint": None, "private_key_sha256": None}
            return self.changes.result(guid=self.guid, size=self.params["size"], **unknown, **paths)
        self.guid = self.guid or names.new_guid()
        key = rsakeys.generate(self.params["size"])
        private_file = rsakeys.dump_private(key, self.params["format"])
        _secrets.register(private_file)
        if names.PUBLIC_KEY in self.found:
            # So that a killed run leaves a private half alone, which the next run completes, and never two strangers.
            self.changes.remove(self.found[names.PUBLIC_KEY])
        self._place(names.PRIVATE_KEY, private_file)
        self._place(names.PUBLIC_KEY, rsakeys.dump_public(key.public_key(), self.params["format"]))
        public = key.public_key().public_numbers()
        return self._result(public.n, public.e, private_file)

    def keep(self) -> Result:
        """Complete a pair whose public half is missing, and have both halves keep owner and mode."""
        private, public = self.path(names.PRIVATE_KEY), self.path(names.PUBLIC_KEY)
        private_file = self.changes.content(self.name(names.PRIVATE_KEY), LARGEST_KEY_FILE) or b""
        with about(private):
            numbers = _numbers(private_file)
        _secrets.register(private_file)
        size = numbers.n.bit_length()
        if size != self.params["size"]:
            raise TpdError(
                f"The key in {private} has {size} bits, {self.params['size']} were asked for."
                " It is not replaced unless regenerate is always, as a reply to the old key could then not be opened."
            )
        public_file = self.changes.content(self.name(names.PUBLIC_KEY), LARGEST_KEY_FILE)
        if public_file is None:
            # Only a key that is proven may be sent to support.
            key = rsakeys.private_key(numbers, f"The private key in {private}")
            public_file = rsakeys.dump_public(key.public_key(), self.params["format"])
        with about(public):
            public_numbers = rsakeys.public_numbers(public_file)
        if (public_numbers.n, public_numbers.e) != (numbers.n, numbers.e):
            raise TpdError(
                f"{public} and {private} do not belong together."
                " Find out which of them support was sent, and restore the other half from custody."
            )
        found = self.changes.state(self.name(names.PRIVATE_KEY))
        warnings = [] if found is None else exposed(private, found.mode, self.wanted.mode)
        self._place(names.PRIVATE_KEY, private_file)
        self._place(names.PUBLIC_KEY, public_file)
        return {**self._result(numbers.n, numbers.e, private_file), "warnings": warnings}

    def _place(self, kind: str, content: bytes | None) -> None:
        wanted = self.wanted if kind == names.PRIVATE_KEY else replace(self.wanted, mode=PUBLIC_MODE)
        self.changes.ensure(self.name(kind), content, wanted)

    def _paths(self) -> dict[str, str]:
        return {"public_key_file": self.path(names.PUBLIC_KEY), "private_key_file": self.path(names.PRIVATE_KEY)}

    def _result(self, n: int, e: int, private_file: bytes) -> Result:
        return self.changes.result(
            guid=self.guid,
            size=n.bit_length(),
            fingerprint=rsakeys.fingerprint_of(n, e),
            private_key_sha256=hashlib.sha256(private_file).hexdigest(),
            **self._paths(),
        )


def _numbers(content: bytes) -> Numbers:
    """Those of the private half, seen to fit one another. That its primes are prime was proven when the pair was made."""
    try:
        return rsakeys.private_numbers(content)
    except pem.PassphraseNeeded:
        raise TpdError(
            "The private half is encrypted, so it cannot be compared with the public half. Leave it to tpd_decrypt, which"
            " takes its passphrase."
        ) from None


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
