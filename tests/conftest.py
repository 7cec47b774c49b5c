# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes `ansible_collections.infoprotect.tenant_key` importable from the checkout, wherever that lies."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[1]
TREE = CHECKOUT / ".build" / "tree"


def link_checkout() -> None:
    """Give the checkout, which is the collection itself, the path that Ansible looks for."""
    link = TREE / "ansible_collections" / "infoprotect" / "tenant_key"
    link.parent.mkdir(parents=True, exist_ok=True)
    if not (link.is_symlink() and link.resolve() == CHECKOUT):
        link.unlink(missing_ok=True)
        link.symlink_to(CHECKOUT, target_is_directory=True)


def install_finder() -> None:
    """Without ansible-core plain namespace packages do; with it, its own finder must be the one that imports."""
    if importlib.util.find_spec("ansible") is None:
        sys.path.insert(0, str(TREE))
        return
    # Ansible reads these once, when it is first imported. The user's own settings and folders stay out of the tests.
    os.environ["ANSIBLE_HOME"] = str(CHECKOUT / ".build" / "ansible-home")
    os.environ["ANSIBLE_CONFIG"] = str(CHECKOUT / "tools" / "ansible.cfg")
    os.environ["ANSIBLE_COLLECTIONS_PATH"] = str(TREE)
    from ansible.plugins.loader import init_plugin_loader

    init_plugin_loader()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What the tests have counted, above pytest's last line."""
    from . import figures  # here, as other programs run this file for its path alone

    for line in figures.lines():
        terminalreporter.write_line(line)


link_checkout()
install_finder()
