# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether an error's message keeps to what it may say: it is short, it can be printed, and it quotes nothing of the input.

Names of elements and of algorithms are what an operator needs to tell support; they are the only thing that may come
from the input, and each is cut to a length at which it is no key.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

PLUGINS = Path(__file__).resolve().parents[2] / "plugins" / "module_utils"
LONGEST = 2500
# Shorter ones are found in any input by chance.
SHORTEST_QUOTE = 8
_NAMES = re.compile(r"Seen: .*; key of [0-9]+ bits\.|(?:algorithm|transport|digest|function) \S{1,40} is refused")
_WORD = re.compile(r"[^\s,;:()\"'<>=]+")


def _own_words() -> Iterator[str]:
    """The words that the collection's own strings, and the XML parser's, consist of."""
    for file in [*PLUGINS.glob("_custody*.py"), *PLUGINS.glob("_tpd/*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from _words(node.value)
    for code in range(1, 64):
        yield from _words(expat.ErrorString(code) or "")


def _words(text: str) -> Iterator[str]:
    words = (word.rstrip(".!?") for word in _WORD.findall(text))
    return (word for word in words if len(word) >= SHORTEST_QUOTE)


_OWN = frozenset(_own_words())


def check(message: str, data: bytes) -> None:
    """Stop the run where a message does not keep to that."""
    assert 0 < len(message) <= LONGEST, "the message is empty or too long"
    assert message.isprintable(), "the message holds what is no text"
    for word in _words(_NAMES.sub("", message)):
        if word not in _OWN and not word.isdigit():
            quoted = any(word.encode(encoding) in data for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
            assert not quoted, f"the message quotes the input: {word}"
