# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collection writes, for others to read: key files, TPDs, replies. Every key is made here, for the test."""

from __future__ import annotations

import dataclasses
import importlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import rehearsal, rsakeys, tpd, wrap

PASSWORDS = {
    "ascii": "Interop test 1!",
    "not-ascii": "Grüße-Ελλάδα-🔑-пароль",
    "spaces": "  spaces at either end ",
    "markup": "<a>&amp;\"'",
}


@dataclass(frozen=True)
class Outcome:
    """One thing that was tried: the row of the table it counts in, and what went wrong, if anything did."""

    group: str
    name: str
    fault: str | None = None


class Samples:
    """The keys and TPDs that all parts of the cross-check share."""

    def __init__(self) -> None:
        self.request_key = rsakeys.generate(2048)
        self.tenants = {"mode1": rehearsal.make(1024, 2, 2), "mode2": rehearsal.make(2048, 2, 2)}
        # Replies carry a small TPD: the envelope is what matters, and there are hundreds.
        whole = self.tenants["mode2"]
        self.small = dataclasses.replace(whole, chain=whole.chain[:1], templates=())
        self.password = PASSWORDS["not-ascii"]
        self.small_file = tpd.seal(self.small, self.password)

    def tpds(self) -> Iterator[tuple[str, tpd.Tpd, str]]:
        """Name, TPD and password of every TPD to be sealed."""
        for (mode, tenant), version, (kind, password) in itertools.product(
            self.tenants.items(), (1, 2), PASSWORDS.items()
        ):
            yield f"{mode}-v{version}-{kind}", dataclasses.replace(tenant, version=version), password
        for version in (1, 2):
            keyless = dataclasses.replace(self.tenants["mode2"], version=version, key_blob=None)
            yield f"keyless-v{version}", keyless, PASSWORDS["ascii"]

    def reply(self, envelope: str) -> bytes:
        """A reply to the request key in this envelope."""
        return wrap.wrap(envelope, self.password, self.small_file, self.request_key.public_key())


def envelopes(kind: str) -> list[str]:
    """Every envelope of a kind; in XML Encryption, those that differ only in what the transport ignores count once."""
    found = []
    for choices in itertools.product(*wrap.KINDS[kind].values()):
        chosen = dict(zip(wrap.KINDS[kind], choices))
        ignored = {"rsa-1_5": ("digest", "mgf"), "rsa-oaep-mgf1p": ("mgf",)}.get(chosen.get("transport", ""), ())
        if all(chosen[name] == wrap.KINDS[kind][name][0] for name in ignored):
            found.append("/".join([kind, *choices]))
    return found


def split_files(folder: Path, name: str) -> dict[str, str]:
    """Where tpd_split is to put its two files."""
    return {"keyless_file": f"{folder}/{name}-keyless.xml", "pem_file": f"{folder}/{name}-key.pem"}


def operate(module: str, **given: Any) -> dict[str, Any]:
    """Run a module's operation as the module would, with its own defaults."""
    name = "ansible_collections.infoprotect.tenant_key.plugins.module_utils._ops." + module
    operation = importlib.import_module(name).OPERATION
    defaults = {option: specification.get("default") for option, specification in operation.argument_spec.items()}
    result: dict[str, Any] = operation.run({**defaults, **given}, False)
    return result
