# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests have counted, in lines that `make test` adds up and shows at its end (tools/gates.py)."""

from __future__ import annotations

from collections import Counter

_counted: Counter[str] = Counter()


def count(what: str, number: int = 1) -> None:
    """Add to a figure. pytest shows them when all tests have run."""
    _counted[what] += number


def line(what: str, number: int) -> str:
    """A figure as tools/gates.py finds it in a log; programs that are no tests of pytest print it themselves."""
    return f"figure: {what}: {number}"


def lines() -> list[str]:
    """All that was counted so far."""
    return [line(what, number) for what, number in sorted(_counted.items())]
