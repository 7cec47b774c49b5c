# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Base64 that is decoded piece by piece is judged as strictly as in one go."""

from __future__ import annotations

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import pieces


@pytest.mark.parametrize("text", ["QUJ!", "QU J#", "QUI", "====", "Q===", "QUJD\x0b", "QUJDé==="])
def test_signs_that_are_none_of_base64(text: str) -> None:
    assert pieces.Base64.of(text) is None


@pytest.mark.parametrize("text", ["QQ==QUJD", "QUI=QUJD", "QUJD=QUI", "=QUJDQUI"])
def test_padding_anywhere_but_at_the_end(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    for size in (1 << 18, 4, 3):
        monkeypatch.setattr(pieces, "_PIECE", size)
        found = pieces.Base64.of(text)
        assert found is not None
        with pytest.raises(ValueError, match=r"padding|base64"):
            list(found.decoded())


def test_what_is_base64(monkeypatch: pytest.MonkeyPatch) -> None:
    for size in (1 << 18, 5, 1):
        monkeypatch.setattr(pieces, "_PIECE", size)
        for text, plain in (("", b""), ("QUJD", b"ABC"), (" QU\nJD QQ= =", b"ABCA"), ("QUI=", b"AB")):
            found = pieces.Base64.of(text)
            assert found is not None
            assert (found.size, b"".join(found.decoded())) == (len(plain), plain)
