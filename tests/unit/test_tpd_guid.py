# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter that reads GUID and kind out of a file's name."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.infoprotect.tenant_key.plugins.filter.tpd_guid import FilterModule

GUID = "77172C7B-8E21-48B7-9854-7A4CEAC474D0"
tpd_guid = FilterModule().filters()["tpd_guid"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (f"PublicKey-{GUID}.txt", "PublicKey"),
        (f"PrivateKey-{GUID}.txt", "PrivateKey"),
        (f"TPD-{GUID}.xml", "TPD"),
        (f"TPD-{GUID}.tpd", "TPD"),
        (f"Password-{GUID}.txt", "Password"),
        (f"ExportedTPD-{GUID}.xml", "ExportedTPD"),
        (f"ExportedTDP-{GUID}.xml", "ExportedTPD"),
        (f"exportedtpd-{GUID.lower()}.XML", "ExportedTPD"),
        (f"/srv/inbox of today/TPD-{GUID}.xml", "TPD"),
        (rf"D:\AadrmTpd\PrivateKey-{GUID}.txt", "PrivateKey"),
    ],
)
def test_every_name_that_the_page_knows(name, kind):
    assert tpd_guid(name) == {"kind": kind, "guid": GUID}


@pytest.mark.parametrize(
    "name", ["", GUID, f"TPD-{GUID}.txt", f"Other-{GUID}.xml", f"TPD-{GUID}.xml/", f"TPD-{GUID}.xml.bak"]
)
def test_any_other_name_has_neither(name):
    assert tpd_guid(name) == {"kind": "", "guid": ""}


def test_what_is_no_name_is_refused():
    with pytest.raises(AnsibleFilterError, match="takes the name of a file"):
        tpd_guid([f"TPD-{GUID}.xml"])
