# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whoever has the public key can make a reply, so a reply has to hold this tenant's key before anything is written."""

from __future__ import annotations

import pytest


@pytest.fixture
def reply(run_module, tmp_path):
    """The parameters that decrypt a reply, and whose key it holds: service id and key id."""
    pair = run_module("tpd_keypair", directory=str(tmp_path / "case"))
    made = run_module("rehearsal_reply", public_key_file=pair["public_key_file"], directory=str(tmp_path / "case"))
    parameters = {"private_key_file": pair["private_key_file"], "target": made["target"]}
    tpd = run_module("tpd_decrypt", check=True, **parameters)["tpd"]
    return parameters, tpd["licensing_url"].split("/")[2].split(".")[0], tpd["key_id"]


def listed(tmp_path):
    return sorted(path.name for path in (tmp_path / "case").iterdir())


def test_the_tenants_own_key_is_taken(run_module, reply):
    parameters, service_id, key_id = reply
    answer = run_module("tpd_decrypt", tenant_service_id=service_id.upper(), tenant_key_ids=["x", key_id], **parameters)
    assert answer["changed"] is True


@pytest.mark.parametrize(
    ("known", "sentence"),
    [
        ({"tenant_service_id": "00000000-0000-4000-8000-000000000001"}, "another tenant's TPD"),
        ({"tenant_key_ids": ["00000000-0000-4000-8000-000000000002"]}, "none of the tenant's KeyIdentifiers"),
    ],
)
def test_another_tenants_key_is_refused_before_it_is_written(run_module, reply, tmp_path, known, sentence):
    before = listed(tmp_path)
    for check in (True, False):
        answer = run_module("tpd_decrypt", check=check, **known, **reply[0])
        assert answer["failed"] is True
        assert sentence in answer["msg"]
        assert answer["msg"].endswith("Nothing was changed.")
    assert listed(tmp_path) == before


def test_files_of_another_tenant_are_no_proof(run_module, reply, tmp_path):
    """Once the private key is gone, what lies in the folder must still be this tenant's."""
    run_module("tpd_decrypt", **reply[0])
    (tmp_path / "case" / reply[0]["private_key_file"]).unlink()
    answer = run_module("tpd_decrypt", tenant_key_ids=["00000000-0000-4000-8000-000000000002"], **reply[0])
    assert answer["failed"] is True
    assert "none of the tenant's KeyIdentifiers" in answer["msg"]
