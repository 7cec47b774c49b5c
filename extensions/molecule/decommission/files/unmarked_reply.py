# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""unmarked_reply.py PUBLIC_KEY_FILE DIRECTORY: a reply as rehearsal_reply makes it, but for the mark of a rehearsal.

For tests of what refuses a rehearsal. The tenant key in it is made on the spot and opens no document.
"""

from __future__ import annotations

import sys

from ansible_collections.infoprotect.tenant_key.plugins.module_utils._ops.rehearsal_reply import OPERATION
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import rehearsal

rehearsal.REHEARSAL_MARK = "made for a test"
given = {"public_key_file": sys.argv[1], "directory": sys.argv[2]}
defaults = {name: option.get("default") for name, option in OPERATION.argument_spec.items()}
print(OPERATION.run({**defaults, **given}, False)["target"])
