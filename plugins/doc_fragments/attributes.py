# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """What every module of the collection that is run on the export host supports."""

    DOCUMENTATION = r"""
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying the host.
    support: full
  diff_mode:
    description: Will return details on what has changed, when in diff mode. The details are sizes, owners, groups and modes, never content.
    support: full
  idempotent:
    description: When run twice in a row with the same arguments, the second run changes nothing.
    support: full
  platform:
    description: Target OS families that can be operated against.
    support: full
    platforms: posix
notes:
  - >-
    On a local connection this runs in the controller's own process, which costs a small part of a module's time: unless the
    task has C(become), C(async) or C(environment), or the host's C(ansible_python_interpreter) is another Python. Arguments
    and results are the same. The variable C(tenant_key_run_in_process), set to C(false), has the module run in any case.
requirements:
  - Python >= 3.9 on the host that runs the module
  - cryptography >= 36 (Python library) on the host that runs the module
"""
