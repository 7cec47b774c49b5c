# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tenants of one run: what there is before it, support's replies, and what must be there after it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree
from typing import Any

import check
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import (
    passwords,
    rehearsal,
    rsakeys,
    tpd,
    wrap,
)
from plays import BenchmarkError


@dataclass(frozen=True)
class Secret:
    """What every reply of a benchmark holds: a tenant key that was made for it and opens nothing."""

    password: str = field(repr=False)
    tpd: bytes = field(repr=False)


def secret() -> Secret:
    """One for all tenants: making it is support's work."""
    password = passwords.generate()
    return Secret(password, tpd.seal(rehearsal.make(2048, 2, 2), password))


@dataclass(frozen=True)
class Tenants:
    """Folders that do not exist yet, one for each tenant, in one that does."""

    root: Path
    count: int
    secret: Secret = field(repr=False)

    def names(self) -> list[str]:
        return [f"tenant-{number:04}" for number in range(1, self.count + 1)]

    def hosts(self) -> dict[str, dict[str, Any]]:
        """One inventory host per tenant."""
        return {
            name: {"tenant_key_tenant": name, "tenant_key_directory": str(self.root / name)} for name in self.names()
        }

    def answer(self) -> None:
        """Lay support's reply into every tenant's folder."""
        for name in self.names():
            folder = self.root / name
            public_files = list(folder.glob("PublicKey-*.txt"))
            if len(public_files) != 1:
                raise BenchmarkError(f"{folder} holds {len(public_files)} public keys to answer to.")
            key = rsakeys.load_public(public_files[0].read_bytes())
            reply = folder / f"TPD-{str(uuid.uuid4()).upper()}.xml"
            reply.touch(mode=0o600)
            reply.write_bytes(wrap.wrap("xmlenc", self.secret.password, self.secret.tpd, key))

    def require_exported(self, who: str) -> None:
        """Errors: L{BenchmarkError} with everything that is missing or wrong in any folder."""
        for name in self.names():
            if wrong := check.faults(self.root / name, self.secret.password, self.secret.tpd):
                raise BenchmarkError(f"{who} has not done its job for {name}: {'; '.join(wrong)}.")


@contextmanager
def tenants(scratch: Path, count: int, held: Secret) -> Iterator[Tenants]:
    """Tenants in a new folder, which is removed again."""
    root = scratch / "tenants"
    root.mkdir(mode=0o700)
    try:
        yield Tenants(root, count, held)
    finally:
        rmtree(root)
