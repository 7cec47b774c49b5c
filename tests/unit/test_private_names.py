# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Utilities are for this collection only, and their names say so: nobody else is to rely on them (docs/inclusion.md)."""

from __future__ import annotations

from pathlib import Path

PLUGINS = Path(__file__).parents[2] / "plugins"


def test_every_utility_or_its_folder_begins_with_an_underscore():
    found = [
        file.relative_to(PLUGINS)
        for folder in ("module_utils", "plugin_utils")
        for file in (PLUGINS / folder).rglob("*.py")
    ]
    assert len(found) > 50
    assert [str(file) for file in found if not any(part.startswith("_") for part in file.parts[1:])] == []
