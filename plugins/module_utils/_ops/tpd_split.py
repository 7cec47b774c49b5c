# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A TPD becomes two files: the same TPD without its key, and a PEM with the key. What Microsoft's TpdUtil does.

Durable order: the PEM, then the keyless TPD, which is the commit: wherever the key is not in a TPD, it is in the PEM.
The TPD itself is only read. Once it is gone, the two files are their own proof.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import AbstractContextManager
from functools import cached_property
from typing import Any

from .. import _secrets
from .._files import FILE_OPTIONS, Attributes, attributes, read_file, split_path
from .._inputs import LARGEST_DOCUMENT, LARGEST_KEY_FILE, about, exposed, is_there
from .._operation import Operation, Result
from .._passwords import PASSWORD_OPTIONS, open_tpd, optional_password, password
from .._placing import Changes, changes_in
from .._tpd import TpdError, passwords, preflight_key, rsakeys, tpd
from .._tpd.contents import Contents
from .._tpd.cspblob import Numbers

_NOT_OVERWRITTEN = "It is not overwritten: move it away, then run again."
_LOSS = (
    "What {} holds cannot be split without a loss, so nothing was changed. Keep the TPD as it is. This is a defect of the"
    " collection, please report it."
)


def run(params: Mapping[str, Any], check_mode: bool) -> Result:
    """Read, compare, decide, (check mode stops here), write."""
    split = _Split(params, attributes(params, 0o600))
    # The two files may lie in two folders: both are looked at before anything is changed in one of them.
    foreseen = split.place(check_mode=True)
    return foreseen if check_mode else split.place(check_mode=False)


class _Split:
    """A key and the keyless TPD to which it belongs, read from the whole TPD or from the two files that it became."""

    def __init__(self, params: Mapping[str, Any], wanted: Attributes) -> None:
        self._path, self._pem_file, self._keyless_file = _three_files(params)
        self._wanted = wanted
        self._passphrase = _passphrase(params)
        self._password = password(params)
        self._numbers, self._keyless = self._from_source() if is_there(self._path) else self._from_outputs()

    def place(self, check_mode: bool) -> Result:
        """Have both files hold what they are to hold. One that does already keeps its content as it stands."""
        warnings = [] if self._passphrase is None else _weakness(self._passphrase)
        with self._folder(self._pem_file, check_mode, create=True) as changes:
            name = os.path.basename(self._pem_file)
            found, state = changes.content(name, LARGEST_KEY_FILE), changes.state(name)
            if found is not None:
                self._require_same_key(found)
            if state is not None:
                warnings += exposed(self._pem_file, state.mode, self._wanted.mode, "a rekey of the tenant")
            changes.ensure(name, self._new_pem if found is None else found, self._wanted)
            pem = changes.result()
        with self._folder(self._keyless_file, check_mode, create=True) as changes:
            name = os.path.basename(self._keyless_file)
            found = changes.content(name)
            if found is not None:
                self._require_same_tpd(found)
            changes.ensure(name, self._new_keyless if found is None else found, self._wanted)
            keyless = changes.result()
        return {
            "changed": pem["changed"] or keyless["changed"],
            "diff": {
                side: {self._pem_file: _only(pem, side), self._keyless_file: _only(keyless, side)}
                for side in ("before", "after")
            },
            "pem_file": self._pem_file,
            "keyless_file": self._keyless_file,
            "fingerprint": rsakeys.fingerprint_of(self._numbers.n, self._numbers.e),
            "warnings": warnings,
        }

    def _from_source(self) -> tuple[Numbers, tpd.Tpd]:
        content = read_file(self._path, LARGEST_DOCUMENT, "TPD")
        with about(self._path):
            opened = open_tpd(content, self._password)
            if opened.key_blob is None:
                raise TpdError(
                    "There is no private key in this TPD, as it is keyless already or an HSM holds the key."
                    " So there is nothing to split: give the TPD as support exported it."
                )
            check = preflight_key.key_data(Contents(opened))
            if check.result != preflight_key.PASS:
                raise TpdError(f"{check.message} Nothing was written.")
            return rsakeys.private_numbers(opened.key_blob), opened.keyless()

    def _from_outputs(self) -> tuple[Numbers, tpd.Tpd]:
        """What an earlier run left, proven: the TPD opens with the password, and the key is the one in its certificate."""
        pem, document = self._left(self._pem_file, LARGEST_KEY_FILE), self._left(self._keyless_file, LARGEST_DOCUMENT)
        numbers = self._key_in(pem)
        with about(self._keyless_file):
            keyless = open_tpd(document, self._password)
        certified = Contents(keyless).licensor_key
        belongs = certified is not None and (certified.modulus, certified.exponent) == (numbers.n, numbers.e)
        if keyless.key_blob is not None or not belongs:
            raise TpdError(
                f"{self._path} does not exist, and {self._keyless_file} is not the keyless TPD of the key in {self._pem_file}."
                " Bring the TPD back."
            )
        return numbers, keyless

    def _left(self, path: str, limit: int) -> bytes:
        with self._folder(path, check_mode=True, create=False) as changes:
            content = changes.content(os.path.basename(path), limit)
        if content is None:
            raise TpdError(
                f"{self._path} does not exist, and neither does {path}, so this is no TPD that was split before."
                " Bring the TPD back."
            )
        return content

    def _folder(self, path: str, check_mode: bool, create: bool) -> AbstractContextManager[Changes]:
        return changes_in(os.path.dirname(path), self._wanted.owner, check_mode, create)

    def _require_same_key(self, pem: bytes) -> None:
        """A PEM that is there already holds the key, and is encrypted if one that is made now would be."""
        # The public half is enough: that the numbers of both form a key is proven, and another program may write them otherwise.
        there = self._key_in(pem)
        if (there.n, there.e) != (self._numbers.n, self._numbers.e):
            raise TpdError(f"{self._pem_file} is already there and holds another key. {_NOT_OVERWRITTEN}")
        if self._passphrase is not None and not _encrypted(pem):
            raise TpdError(
                f"{self._pem_file} is already there and holds this key without encryption, although a passphrase was given."
                " It is left as it is: destroy it (secure_file, state absent), then run again."
            )

    def _require_same_tpd(self, content: bytes) -> None:
        try:
            found = open_tpd(content, self._password)
        except TpdError:
            found = None
        if found != self._keyless:
            raise TpdError(
                f"{self._keyless_file} is already there and is not this TPD without its key, under this password."
                f" {_NOT_OVERWRITTEN}"
            )

    def _key_in(self, pem: bytes) -> Numbers:
        """The key in a PEM that is there already."""
        there = f"{self._pem_file} is already there and"
        if not pem.startswith(b"-----BEGIN "):
            raise TpdError(f"{there} is no PEM. {_NOT_OVERWRITTEN}")
        _secrets.register(pem)
        if _encrypted(pem) and self._passphrase is None:
            raise TpdError(f"{there} encrypted, but no passphrase was given. Give it in place of allow_unencrypted.")
        try:
            return rsakeys.private_numbers(pem, self._passphrase)
        except TpdError:
            what = "does not open with the given passphrase" if _encrypted(pem) else "holds no private RSA key"
            raise TpdError(f"{there} {what}. {_NOT_OVERWRITTEN}") from None

    @cached_property
    def _new_pem(self) -> bytes:
        """Made once, as it is another one each time that it is encrypted; proven by reading it."""
        key = rsakeys.private_key(self._numbers, f"The private key in {self._path}")
        pem = rsakeys.dump_pem(key, self._passphrase)
        _secrets.register(pem)
        if rsakeys.private_numbers(pem, self._passphrase) != self._numbers:
            raise TpdError(_LOSS.format(self._path))
        return pem

    @cached_property
    def _new_keyless(self) -> bytes:
        """Under the password of the TPD and of its version; proven by opening it."""
        content = tpd.seal(self._keyless, self._password)
        if open_tpd(content, self._password) != self._keyless:
            raise TpdError(_LOSS.format(self._path))
        return content


def _three_files(params: Mapping[str, Any]) -> tuple[str, str, str]:
    """The paths of the TPD, the PEM and the keyless TPD."""
    for option in ("pem_file", "keyless_file"):
        split_path(params[option])
    for one, other in (("pem_file", "path"), ("keyless_file", "path"), ("keyless_file", "pem_file")):
        if os.path.realpath(params[one]) == os.path.realpath(params[other]):
            raise TpdError(f"{one} is the same file as {other}. Give three different files: the TPD is not changed.")
    return params["path"], params["pem_file"], params["keyless_file"]


def _passphrase(params: Mapping[str, Any]) -> str | None:
    """The passphrase of the PEM; None where it may be written without encryption."""
    passphrase = optional_password(params, "pem_passphrase")
    if passphrase is None:
        if not params["allow_unencrypted"]:
            raise TpdError(
                "Without a passphrase the PEM would give the tenant key to whoever reads the file. Give pem_passphrase_file,"
                " or set allow_unencrypted where nothing else will do."
            )
        return None
    if params["allow_unencrypted"]:
        raise TpdError(
            "Both a passphrase and allow_unencrypted were given, so it is not clear whether the PEM is to be encrypted."
            " Leave out one of them."
        )
    rsakeys.require_passphrase(passphrase)
    return passphrase


def _weakness(passphrase: str) -> list[str]:
    if not passwords.is_weak(passphrase):
        return []
    warning = (
        f"The passphrase is weak (below {passwords.WEAK_BELOW_BITS} bits by length and kinds of characters), and nothing else"
        " protects a copy of the PEM. Destroy the PEM, and split the TPD again with a longer one."
    )
    return [warning]


def _encrypted(pem: bytes) -> bool:
    """PKCS#8 says so in its first line, OpenSSL's own form in its second."""
    return b"ENCRYPTED" in pem


def _only(result: Result, side: str) -> Any:
    """What the diff of one file says of it."""
    (facts,) = result["diff"][side].values()
    return facts


OPERATION = Operation(
    argument_spec={
        "path": {"type": "path", "required": True},
        **PASSWORD_OPTIONS,
        "keyless_file": {"type": "path", "required": True},
        "pem_file": {"type": "path", "required": True},
        "pem_passphrase": {"type": "str", "no_log": True},
        "pem_passphrase_file": {"type": "path", "no_log": False},
        "allow_unencrypted": {"type": "bool", "default": False},
        **FILE_OPTIONS,
        "mode": {"type": "str", "default": "0600"},
    },
    mutually_exclusive=(("password", "password_file"), ("pem_passphrase", "pem_passphrase_file")),
    required_one_of=(("password", "password_file"),),
    run=run,
)
