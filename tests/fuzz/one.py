# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""one.py TARGET [OPTION...] [FOLDER or FILE...]: one target in a process of its own, as libFuzzer ends it.

Options, folders and files are libFuzzer's: with files it runs them and nothing else. run.py starts this.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["ansible_collections"]):
    import targets

NAME = sys.argv.pop(1)

atheris.Setup(sys.argv, lambda data: targets.attempt(NAME, data))
atheris.Fuzz()
