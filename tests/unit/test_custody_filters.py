# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters that seal copies and choose among them: with what custodians may send back."""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import sys

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.infoprotect.tenant_key.plugins.filter.custody_supply import FilterModule as Supply
from ansible_collections.infoprotect.tenant_key.plugins.filter.password_text import FilterModule as PasswordText
from ansible_collections.infoprotect.tenant_key.plugins.filter.vault_open import FilterModule as VaultOpen
from ansible_collections.infoprotect.tenant_key.plugins.filter.vault_seal import FilterModule as VaultSeal

FILTERS = {}
for module in (Supply, PasswordText, VaultOpen, VaultSeal):
    FILTERS.update(module().filters())

SECRET = "Zürich, made for a test"
BYTES = b"\xff\xfe\0m\0a\0d\0e\r\n\x80\0"


def b64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def seal(content=BYTES, secret=SECRET, vault_id="tpd", **options):
    return FILTERS["vault_seal"](b64(content), secret, vault_id, **options)


# -- vaults ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [BYTES, b"", bytes(range(256)) * 500, "Zürich".encode("utf-16")])
def test_any_bytes_survive(content):
    text = seal(content)
    assert text.startswith("$ANSIBLE_VAULT;1.2;AES256;tpd\n")
    assert text.endswith("\n")
    assert base64.b64decode(FILTERS["vault_open"](text, SECRET)) == content


def test_ansible_vault_opens_it(tmp_path):
    """As anybody would on another machine, with the secret in a file that ends in a line break."""
    (tmp_path / "copy").write_text(seal(), encoding="ascii")
    (tmp_path / "secret").write_text(f"{SECRET}\n", encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "ansible",
        "vault",
        "decrypt",
        "--vault-id",
        "tpd@secret",
        "--output",
        "plain",
        "copy",
    ]
    done = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, "HOME": str(tmp_path)}, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "plain").read_bytes() == BYTES


def test_what_is_right_already_stays_as_it_is():
    text = seal()
    assert seal() != text  # another salt each time
    assert seal(earlier=b64(text.encode())) == text
    for earlier in (
        seal(vault_id="other").encode(),
        seal(secret="another one").encode(),
        seal(content=BYTES + b"\n").encode(),
        text.encode()[:-20],
        b"\xff\xfe no vault",
        b"$ANSIBLE_VAULT;1.2;AES256;tpd\n\xff\n",
    ):
        again = seal(earlier=b64(earlier))
        assert again.encode() != earlier
        assert base64.b64decode(FILTERS["vault_open"](again, SECRET)) == BYTES
    assert seal(earlier="no base64!") != text


@pytest.mark.parametrize("text", ["", "no vault", "$ANSIBLE_VAULT;1.2;AES256;tpd\n00\n", "damaged", "other secret"])
def test_what_does_not_open(text):
    secret = SECRET
    if text == "damaged":
        text = seal()[:-20]
    elif text == "other secret":
        text, secret = seal(), "another one"
    with pytest.raises(
        AnsibleFilterError, match=r"not a vault file, it is damaged, or its secret is another one"
    ) as error:
        FILTERS["vault_open"](text, secret)
    assert "made for a test" not in str(error.value)


def test_secrets_and_ids_that_make_no_sense():
    for secret in ("", " \n", None, 5):
        with pytest.raises(AnsibleFilterError, match="The vault secret is empty"):
            seal(secret=secret)
    for vault_id in ("", "a;b", "a\nb", "x" * 65, "ä"):
        with pytest.raises(AnsibleFilterError, match="A vault id has 1 to 64"):
            seal(vault_id=vault_id)
    with pytest.raises(AnsibleFilterError, match="The content is not base64"):
        FILTERS["vault_seal"]("made for a test!", SECRET, "tpd")


def test_the_password_in_a_file():
    for encoded in (SECRET.encode(), f"{SECRET}\r\n".encode("utf-16"), f"{SECRET}\n".encode("utf-8-sig")):
        assert FILTERS["password_text"](b64(encoded)) == SECRET
    with pytest.raises(AnsibleFilterError, match="The password file is empty"):
        FILTERS["password_text"](b64(b"\n"))


# -- supply ------------------------------------------------------------------------------------------------------------

TPD, PASSWORD = b"TPD, made for a test", b"password, made for a test"
SHA256 = {"tpd": hashlib.sha256(TPD).hexdigest(), "password": hashlib.sha256(PASSWORD).hexdigest()}


def brought(custodian, what="tpd", content=None, vault_id="", **result):
    """What slurp returns for a copy."""
    item = {"custodian": custodian, "host": custodian, "what": what, "file": f"/c/{what}", "vault_id": vault_id}
    if content is not None:
        result["content"] = b64(content)
    return {"item": item, **result}


def test_the_first_good_copy_of_each_half():
    vaulted = seal(TPD).encode()
    supply = FILTERS["custody_supply"](
        [
            brought("down", unreachable=True, msg="Connection refused\nby peer"),
            brought("lost", msg="file not found: /c/tpd"),
            brought("damaged", content=TPD + b" "),
            brought("no vault", content=TPD, vault_id="tpd"),
            brought("unknown vault", content=vaulted, vault_id="other"),
            brought("vault", content=vaulted, vault_id="tpd"),
            brought("plain", content=TPD),
            brought("keeper", "password", PASSWORD),
            brought("keeper", "password", PASSWORD),
        ],
        SHA256,
        {"tpd": SECRET},
    )
    assert supply["halves"]["tpd"] == {"custodian": "vault", "host": "vault", "file": "/c/tpd", "content": b64(TPD)}
    assert supply["halves"]["password"]["content"] == b64(PASSWORD)
    assert supply["verified"] == {"tpd": ["vault", "plain"], "password": ["keeper"]}
    assert [copy["reason"] for copy in supply["copies"]] == [
        "TPD at down: It could not be reached: Connection refused",
        "TPD at lost: It could not be read: file not found: /c/tpd",
        "TPD at damaged: It is not what was placed there: its SHA-256 is another one than on record.",
        "TPD at no vault: This is not a vault file, it is damaged, or its secret is another one.",
        "TPD at unknown vault: It is in a vault, and custody_vault_password_files has no secret for the vault id other.",
        *[""] * 4,
    ]
    assert "made for a test" not in str(supply["copies"])


def test_a_copy_that_lies_badly_can_serve_but_is_not_verified():
    copies = [brought("a", content=TPD), brought("b", content=TPD), brought("c", content=TPD)]
    looked = [
        {"item": copies[2]["item"], "problems": []},
        {"item": copies[0]["item"], "problems": [{"id": "mode", "message": "The mode is 0644."}]},
        {"item": copies[1]["item"], "unreachable": True, "msg": "gone"},
    ]
    supply = FILTERS["custody_supply"](copies, SHA256, looked=looked)
    assert supply["halves"]["tpd"]["custodian"] == "a"
    assert supply["verified"] == {"tpd": ["c"], "password": []}
    assert [copy["reason"] for copy in supply["copies"]] == [
        "TPD at a: The mode is 0644.",
        "TPD at b: It could not be reached: gone",
        "",
    ]
