# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a file costs that is no log but takes care to look like one."""

from __future__ import annotations

from ansible_collections.infoprotect.tenant_key.plugins.module_utils import _custody, _custody_line

from .custody_made import ZEROS, chained, said


def test_more_lists_and_objects_than_a_log_has() -> None:
    """Each takes twenty times the memory that it takes in the file."""
    line = _custody_line.render(
        {"seq": 1, "time": "2026-03-02T09:15:00Z", **said(), "details": {"a": [[]] * 5000}, "previous": ZEROS}
    )
    log = _custody.read(line * 500)
    assert not log.whole
    assert len(log.hashes) == len(log.entries) < 60
    assert log.entries[-1] is None
    assert any("more than 250000 lists and objects" in problem.message for problem in log.problems)
    # As many lines as fit into a log, with as many copies on record as none has.
    copies = {"copies": [{"host": "a", "ok": True}] * 8}
    full = b"".join(chained({"details": copies}) for _line in range(20_000))
    assert _custody.read(full).whole
