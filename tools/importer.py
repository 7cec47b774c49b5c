# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/importer.py TARBALL: galaxy-importer with all of its checks, and with time for its ansible-lint.

It stops its ansible-lint after 180 seconds, takes that for an error, and has no setting for it; a busy machine needs longer.
So it waits here until the program ends. The part of `make test` has a time limit of its own.
"""

from __future__ import annotations

import runpy
from typing import Any

from galaxy_importer.loaders import collection


class Patient(collection.Popen):
    """A process that gets the time it needs."""

    def communicate(self, input: Any = None, timeout: float | None = None) -> Any:  # noqa: A002
        return super().communicate(input)


collection.Popen = Patient
runpy.run_module("galaxy_importer.main", run_name="__main__")
