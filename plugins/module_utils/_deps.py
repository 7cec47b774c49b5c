# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells a missing or outdated Python library from a defect."""

from __future__ import annotations

import sys

OLDEST_CRYPTOGRAPHY = 36


def explanation(error: Exception) -> str | None:
    """One sentence where an error comes from the library cryptography on this host; None for any other error."""
    if isinstance(error, ImportError) and (error.name or "").partition(".")[0] == "cryptography":
        found = "cannot be imported"
    else:
        version = str(getattr(sys.modules.get("cryptography"), "__version__", OLDEST_CRYPTOGRAPHY))
        major = version.partition(".")[0]
        if not major.isdigit() or int(major) >= OLDEST_CRYPTOGRAPHY:
            return None
        found = f"is only {version}"
    return (
        f"The Python library cryptography {found} for {sys.executable} on this host. Install version {OLDEST_CRYPTOGRAPHY}"
        " or newer for that Python, or choose another one (ansible_python_interpreter)."
    )
