# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The password file, as it comes from Notepad, PowerShell, a Mac or this collection."""

from __future__ import annotations

import codecs

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import passwords
from hypothesis import given
from hypothesis import strategies as st

from .made import examples, refusal

# What a text file can carry: any character but NUL and the halves of a surrogate pair.
CARRIED = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), min_size=1, max_size=80)


@pytest.mark.parametrize("line_end", ["", "\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("bom", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (b"", "utf-16-le"),
        (b"", "utf-16-be"),
    ],
)
@pytest.mark.parametrize("password", ["correct horse", " Grüße aus Köln ", "Pässwort Ελλάδα 1"])
def test_every_editors_file_holds_the_same_password(password: str, bom: bytes, encoding: str, line_end: str) -> None:
    assert passwords.decode(bom + (password + line_end).encode(encoding)) == password


def test_only_one_line_end_is_dropped_and_nothing_else() -> None:
    assert passwords.decode(b" two lines\n\n") == " two lines\n"
    assert passwords.decode(b"\ttabs and spaces \r\n") == "\ttabs and spaces "


@pytest.mark.parametrize("data", [b"", b"\n", b"\r\n", codecs.BOM_UTF8, codecs.BOM_UTF16_LE])
def test_an_empty_file_is_refused(data: bytes) -> None:
    assert refusal(passwords.decode, data).startswith("The password file is empty.")


@pytest.mark.parametrize(
    "data",
    [
        "Grüße!".encode("cp1252") + b"\xff",  # ANSI, an odd number of bytes
        codecs.BOM_UTF16_LE + b"\0\xd8A\0",  # half of a surrogate pair
        codecs.BOM_UTF16_LE + b"odd",
        "A password".encode("utf-32"),
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    ],
)
def test_what_is_no_text_is_refused_without_a_byte_of_it(data: bytes) -> None:
    message = refusal(passwords.decode, data)
    assert message.startswith("The password file is neither UTF-8 nor UTF-16 text. Save it as UTF-8")
    assert "Gr" not in message


def test_the_file_is_the_password_and_not_a_byte_more() -> None:
    assert passwords.encode("Grüße ") == "Grüße ".encode()


@pytest.mark.parametrize("password", ["", "half\ud800", "nul\0nul"])
def test_what_no_text_file_can_carry_is_not_written(password: str) -> None:
    message = refusal(passwords.encode, password)
    assert message == "The password is empty or holds what no text file can carry. Choose another one."


@pytest.mark.parametrize("character", [b"A", b" ", b"\n", b"\0", b"\xff", "ü".encode(), "ü".encode("utf-16-le")])
def test_a_file_that_is_too_large_for_a_password_is_not_decoded(character: bytes) -> None:
    message = refusal(passwords.decode, character * 70_000)
    assert "; no password takes more than 65536. Is it the right file?" in message
    assert len(passwords.decode(b"A" * 65536)) == 65536


@given(CARRIED)
@examples(300)
def test_what_is_written_is_read_back(password: str) -> None:
    assert passwords.decode(passwords.encode(password)) == password


@given(CARRIED, st.sampled_from(["utf-16", "utf-8-sig"]))
@examples(200)
def test_with_a_bom_nothing_is_guessed(password: str, encoding: str) -> None:
    assert passwords.decode((password + "\r\n").encode(encoding)) == password


def test_a_generated_password_is_strong_and_can_be_read_aloud() -> None:
    made = {passwords.generate() for _time in range(50)}
    assert len(made) == 50
    for password in made:
        assert passwords.weakness(password) is None
        assert len(password) == 32
        assert not set(password) & set("O0Il1")
        assert password.isascii()
        assert password.isalnum()


@pytest.mark.parametrize("weak", ["", "secret", "12345678901234567890", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "Passw0rd!"])
def test_a_weak_password_is_said_to_be_weak(weak: str) -> None:
    message = passwords.weakness(weak)
    assert message is not None
    assert message.startswith("The password is weak (below 80 bits")


@pytest.mark.parametrize("strong", ["correct horse battery", "Tr0ub4dor&3 and so on", "Übergroßes Geheimnis"])
def test_a_strong_password_passes(strong: str) -> None:
    assert passwords.weakness(strong) is None
