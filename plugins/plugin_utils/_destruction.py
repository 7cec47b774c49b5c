# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is destroyed once the copies are enough, and what is lacking until then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ._copies import HALVES

_PROOFS = {"imported": "the import into AD RMS", "attested": "that a document opens through AD RMS"}


def doomed(case: Mapping[str, Any], host: str) -> dict[str, Any]:
    """Both halves and what yields them, wherever the case has put it: C(host), C(file), and C(sha256) where it is known.

    As C(files), and as C(record), without the hash of the password, which would let a weak one be guessed.
    """
    key, export = case["key"], case["export"]
    # With the engine aadrmtpd the private key has never been on the export host.
    working = (
        (key["private_key_file"], key.get("private_key_sha256")),
        (case["reply"]["file"], case["reply"].get("sha256")),
        (export["password_file"], export["sha256"]["password"]),
        (export["tpd_file"], export["sha256"]["tpd"]),
    )
    files = [{"host": host, "file": file, "sha256": sha256 or ""} for file, sha256 in working if file]
    for copy in case.get("key_copies", {}).get("copies", ()):
        sha256 = copy.get("sha256") or key.get("private_key_sha256") or ""
        files.append({"host": copy["host"], "file": copy["file"], "sha256": sha256})
    record = [
        {
            name: value
            for name, value in file.items()
            if value and (name, file["file"]) != ("sha256", export["password_file"])
        }
        for file in files
    ]
    return {"files": files, "record": record}


def lacking(seen: Mapping[str, Any]) -> list[str]:
    """Each condition for destroying them that does not hold, as a sentence; the parts are named at the filter."""
    return [*_copies(seen), *_drill(seen), *_import(seen), *seen["mistrust"]]


def _copies(seen: Mapping[str, Any]) -> Iterator[str]:
    supply, required = seen["supply"], seen["required"]
    for half in ("tpd", "password"):
        verified = supply["verified"][half]
        if len(verified) < required:
            yield (
                f"Custodians with a verified copy of the {HALVES[half]}: {len(verified)} ({', '.join(verified) or 'none'}),"
                f" required: {required} (custody_required_copies)."
            )
            yield from (copy["reason"] for copy in supply["copies"] if copy["what"] == half and copy["reason"])


def _drill(seen: Mapping[str, Any]) -> Iterator[str]:
    if seen["drill"]:
        yield f"The recovery drill has not passed: {seen['drill']}"


def _import(seen: Mapping[str, Any]) -> Iterator[str]:
    """Whoever leaves the service needs the key in AD RMS before anything of it is destroyed."""
    case = seen["case"]
    if case["purpose"] != "leave" or seen["waived"]:
        return
    done = {
        event["event"] for event in seen["events"] if (event["tenant"], event["case"]) == (case["tenant"], case["guid"])
    }
    for event, what in _PROOFS.items():
        if event not in done:
            yield (
                f"The custody log does not show {what} ({event})."
                " Waive it with a reason, if need be (custody_import_waived)."
            )
