# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module does, apart from how it is started.

An operation is an argument specification and a function. A module, an action plugin and a test run the very same
function; it gets validated parameters, returns an Ansible result, and raises L{TpdError} and nothing else on purpose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Callable

Result = dict[str, Any]


@dataclass(frozen=True)
class Operation:
    """The argument specification, named as Ansible names its parts, and ``run(params, check_mode) -> result``."""

    argument_spec: Mapping[str, Any]
    run: Callable[[Mapping[str, Any], bool], Result]
    mutually_exclusive: tuple[tuple[str, ...], ...] = ()
    required_one_of: tuple[tuple[str, ...], ...] = ()
    required_if: tuple[tuple[Any, ...], ...] = ()

    def constraints(self) -> dict[str, list[Any]]:
        """What AnsibleModule and ArgumentSpecValidator take beside the argument specification."""
        return {
            "mutually_exclusive": [list(names) for names in self.mutually_exclusive],
            "required_one_of": [list(names) for names in self.required_one_of],
            "required_if": [list(rule) for rule in self.required_if],
        }
