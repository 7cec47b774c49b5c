# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an import into AD RMS is to do: decided from the case, the opened TPDs, and what the cluster lists.

A wanted TPD has C(display_name), C(label) (what a message calls it), and either C(problem) or what is known of it:
C(sha256), C(tpd) (the facts of tpd_info) and C(checks). An entry of the cluster's list has C(id) and C(display_name).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..module_utils._ops.adrms_stage import LONGEST_NAME
from ..module_utils._tpd import TpdError, passwords
from ..module_utils._tpd.contents import bare_id
from ._vaults import decoded

PRESENT, IMPORT, CONFLICT = "present", "import", "conflict"

Facts = dict[str, Any]


def pairs(
    wanted: Sequence[Mapping[str, Any]], tpds: Sequence[Mapping[str, Any]], secrets: Sequence[Any]
) -> list[Facts]:
    """The contents of each pair, from what reading its TPD and its password file gave, or why there are none.

    ``wanted``: C(display_name), C(tpd_file), C(password_file), and C(sha256) by half where that is on record.
    """
    found = []
    for pair, tpd, secret in zip(wanted, tpds, secrets):
        facts = {"display_name": pair["display_name"], "label": f"{pair['display_name']} ({pair['tpd_file']})"}
        try:
            content = _content(pair, "tpd", tpd)
            password = passwords.decode(_content(pair, "password", secret))
        except TpdError as error:
            found.append({**facts, "problem": str(error)})
            continue
        sha256 = hashlib.sha256(content).hexdigest()
        found.append({**facts, "problem": "", "content": tpd["content"], "password": password, "sha256": sha256})
    return found


def _content(pair: Mapping[str, Any], half: str, result: Mapping[str, Any]) -> bytes:
    file = pair[f"{half}_file"]
    if "content" not in result:
        said = str(result.get("msg") or "no reason was given").strip().splitlines()[0]
        raise TpdError(f"{file} could not be read: {said}")
    content = decoded(result["content"], f"content of {file}")
    if "sha256" in pair and hashlib.sha256(content).hexdigest() != pair["sha256"][half]:
        raise TpdError(
            f"{file} is not the file on record: its SHA-256 is another one. Find out what has happened to it, and bring the"
            " right one back from a custodian."
        )
    return content


def from_results(results: Sequence[Mapping[str, Any]]) -> list[Facts]:
    """The wanted TPDs behind the results of tpd_info in a loop over L{pairs}. No content and no password is in them."""
    return [_opened(result) for result in results]


def _opened(result: Mapping[str, Any]) -> Facts:
    pair = result["item"]
    facts = {"display_name": pair["display_name"], "label": pair["label"]}
    if pair["problem"] or "tpd" not in result:
        return {**facts, "problem": pair["problem"] or str(result.get("msg") or "It could not be opened.")}
    return {**facts, "problem": "", "sha256": pair["sha256"], "tpd": result["tpd"], "checks": result["checks"]}


def own(case: Mapping[str, Any], display_name: str) -> Facts:
    """The case's TPD as a wanted one, by what is on record."""
    export = case["export"]
    return {
        "display_name": display_name,
        "label": f"{display_name} ({export['tpd_file']})",
        "problem": "",
        "sha256": export["sha256"]["tpd"],
        "tpd": export["tpd"],
        "checks": export["checks"],
    }


def problems(wanted: Sequence[Facts], rehearsal: bool, allow_failed_checks: bool) -> list[str]:
    """Why these TPDs are not to be imported anywhere, as sentences. ``rehearsal``: whether TPDs made for one may be."""
    found = []
    for tpd in wanted:
        found.extend(f"{tpd['label']}: {text}" for text in _problems(tpd, rehearsal, allow_failed_checks))
    good = [tpd for tpd in wanted if not tpd["problem"]]
    for number, tpd in enumerate(good):
        for other in good[:number]:
            if _key(tpd) == _key(other):
                found.append(f"{tpd['label']} holds the same key as {other['label']}. Name each key once.")
            elif _same_name(tpd["display_name"], other["display_name"]):
                found.append(f"{tpd['label']} has the display name of {other['label']}. Give each key its own.")
    return found


def _problems(tpd: Facts, rehearsal: bool, allow_failed_checks: bool) -> Iterator[str]:
    name = tpd["display_name"]
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        yield f"Its display name is empty, longer than {LONGEST_NAME} characters or not printable. Give another one."
    if tpd["problem"]:
        yield tpd["problem"]
        return
    if tpd["tpd"]["rehearsal"] and not rehearsal:
        yield (
            "It was made for a rehearsal and opens no real document. It is imported only into a test cluster, where the case is a"
            " rehearsal and adrms_import_allow_rehearsal is true."
        )
    failed = " ".join(f"{check['id']}: {check['message']}" for check in tpd["checks"] if check["result"] == "fail")
    if failed and not allow_failed_checks:
        yield f"Importers are known to refuse it. {failed} Set adrms_import_allow_failed_checks to import it all the same."


def decide(
    wanted: Sequence[Facts], case: Mapping[str, Any], host: str, listing: Sequence[Mapping[str, str]]
) -> tuple[list[Facts], list[str]]:
    """For each wanted TPD what is to be done, and every conflict as a sentence.

    A step has C(index) (into ``wanted``), C(state), C(display_name), C(key_id), C(fingerprint), C(tpd_sha256), and for one
    that is there C(id) and the name it has there.
    """
    steps, conflicts = [], []
    for index, tpd in enumerate(wanted):
        if tpd["problem"]:
            continue
        entry, state, conflict = _decide(tpd, case, host, listing)
        if conflict:
            conflicts.append(f"{tpd['label']}: {conflict}")
        steps.append(
            {
                "index": index,
                "state": state,
                "display_name": tpd["display_name"] if entry is None else entry["display_name"],
                "key_id": tpd["tpd"]["key_id"],
                "fingerprint": tpd["tpd"]["fingerprint"],
                "tpd_sha256": tpd["sha256"],
                "id": "" if entry is None else entry["id"],
            }
        )
    return steps, conflicts


def _decide(
    tpd: Facts, case: Mapping[str, Any], host: str, listing: Sequence[Mapping[str, str]]
) -> tuple[Mapping[str, str] | None, str, str]:
    """The entry that is this key, what is to be done, and what speaks against it."""
    name, key_id = tpd["display_name"], bare_id(tpd["tpd"]["key_id"])
    for entry in listing:
        if key_id and bare_id(entry["id"]) == key_id:
            return entry, PRESENT, ""
    for record in recorded(case, host):
        if _record_key(record) == _key(tpd):
            for entry in listing:
                if _is(entry, record):
                    return entry, PRESENT, ""
    # An import that was begun and not brought to an end: what has appeared since under this name is its work.
    begun = case.get("importing") or {}
    if begun.get("host") == host and _record_key(begun) == _key(tpd):
        new = [
            entry
            for entry in listing
            if _same_name(entry["display_name"], begun["display_name"]) and entry["id"] not in begun["known"]
        ]
        if len(new) == 1:
            return new[0], PRESENT, ""
        if new:
            ids = ", ".join(entry["id"] for entry in new)
            text = f"Several entries of the name {begun['display_name']} appeared since the import began (Id {ids}). Remove them."
            return None, CONFLICT, text
    for entry in listing:
        if _same_name(entry["display_name"], name):
            text = (
                f"The cluster has a trusted publishing domain named {entry['display_name']} that holds another key (Id {entry['id']})."
                " Import this one under another display name."
            )
            return None, CONFLICT, text
    return None, IMPORT, ""


def recorded(case: Mapping[str, Any], host: str) -> list[Facts]:
    """What is on record as imported through this host. The Ids of another cluster mean nothing here."""
    imported = case.get("imported") or {}
    return imported["tpds"] if imported.get("host") == host else []


def to_record(
    steps: Sequence[Facts], case: Mapping[str, Any], host: str, listing: Sequence[Mapping[str, str]]
) -> list[Facts]:
    """What is to be on record as imported: the wanted TPDs that are there, and others on record that still are."""
    before = [record for record in recorded(case, host) if any(_is(entry, record) for entry in listing)]
    present = []
    for step in steps:
        if step["state"] == PRESENT:
            new = {name: step[name] for name in ("key_id", "tpd_sha256", "fingerprint", "id", "display_name")}
            # What is on record stays as it is: the TPD may have been sealed anew since.
            present.append(next((old for old in before if _record_key(old) == _record_key(new) and _is(new, old)), new))
    keys = [_record_key(record) for record in present]
    others = [record for record in before if _record_key(record) not in keys]
    return present + others


def _key(tpd: Facts) -> tuple[str, str | None]:
    """What tells one key from another."""
    return _record_key(tpd["tpd"])


def _record_key(record: Mapping[str, Any]) -> tuple[str, str | None]:
    return bare_id(record["key_id"]), record["fingerprint"]


def _is(entry: Mapping[str, str], record: Mapping[str, str]) -> bool:
    """Whether an entry is the recorded one. An Id may be given again after a removal, so the name must be the same too."""
    return entry["id"] == record["id"] and _same_name(entry["display_name"], record["display_name"])


def _same_name(left: str, right: str) -> bool:
    """As AD RMS compares them, without regard to case."""
    return left.casefold() == right.casefold()
