# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role client_state wants of a client: URLs, directions, and which resets are refused."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.infoprotect.tenant_key.plugins.filter.client_state_wanted import FilterModule
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import TpdError
from ansible_collections.infoprotect.tenant_key.plugins.plugin_utils import _client_urls as client_urls

from .client_made import MSIPC, MSIPC32, NEW, OLD, asked

wanted = FilterModule().filters()["client_state_wanted"]


def values(found, part="machine"):
    return {(value["path"], value["name"]): (value["type"], value["data"]) for value in found[part]}


def refused(message, operation="redirect", **other):
    with pytest.raises(AnsibleFilterError, match=message):
        wanted(asked(operation, **other))


# -- URLs --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "at"),
    [
        ("https://rms.contoso.com/_wmcs/licensing", "rms.contoso.com"),
        ("https://RMS.Contoso.com/_WMCS/Licensing/", "rms.contoso.com"),
        ("https://rms.contoso.com/_wmcs/certification", "rms.contoso.com"),
        ("https://rms.contoso.com/_wmcs", "rms.contoso.com"),
        ("https://rms.contoso.com", "rms.contoso.com"),
        ("HTTPS://rms/", "rms"),
        ("https://rms.contoso.com:443/_wmcs/licensing", "rms.contoso.com:443"),
        ("https://rms.contoso.com:8443", "rms.contoso.com:8443"),
    ],
)
def test_the_server_of_a_url(url, at):
    assert client_urls.server(url, "it") == at


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", "no URL with the name of a server"),
        (None, "no URL"),
        (5, "no URL"),
        ("rms.contoso.com", "no URL with the name of a server"),
        ("https://", "no URL with the name of a server"),
        ("https:///_wmcs/licensing", "no URL with the name of a server"),
        ("https://rms contoso.com/", "no URL with the name of a server"),
        ("https://rms.contoso.com/_wmcs/\nlicensing", "no URL with the name of a server"),
        ("https://rms.contoso.com\t/_wmcs/licensing ", "no URL with the name of a server"),
        ("https://-rms.contoso.com/", "no URL with the name of a server"),
        ("https://rms..contoso.com/", "no URL with the name of a server"),
        ("https://rms_1.contoso.com/", "no URL with the name of a server"),
        ("https://zürich.contoso.com/", "no URL with the name of a server"),
        (f"https://{'a' * 64}.com/", "no URL with the name of a server"),
        (f"https://{'a.' * 130}com/", "no URL with the name of a server"),
        ("https://[::1]/", "no URL with the name of a server"),
        ("https://[::1/", "is no URL"),
        ("https://rms.contoso.com:99999/", "is no URL"),
        ("https://rms.contoso.com:x/", "is no URL"),
        ("https://rms.contoso.com:0/", "port 0"),
        ("http://rms.contoso.com/_wmcs/licensing", "over https only"),
        ("ftp://rms.contoso.com/", "over https only"),
        ("https://rms.contoso.com/_wmcs/licensing?x=1", "a query"),
        ("https://rms.contoso.com/_wmcs/licensing#x", "a fragment"),
        ("https://rms.contoso.com/_wmcs/licensing/publish.asmx", "whose path is not that"),
        ("https://rms.contoso.com/other", "whose path is not that"),
    ],
)
def test_urls_that_no_client_can_use(url, message):
    with pytest.raises(TpdError, match=message):
        client_urls.server(url, "it")


def test_a_password_in_a_url_is_not_shown():
    with pytest.raises(TpdError) as error:
        client_urls.server("http://user:made-for-a-test@rms.contoso.com/", "it")
    assert "made-for-a-test" not in str(error.value)


# -- redirection -------------------------------------------------------------------------------------------------------


def test_all_values_of_a_redirection():
    found = wanted(asked())
    office = "Microsoft\\Office\\14.0\\Common\\DRM\\LicenseServerRedirection"
    to = ("string", NEW)
    assert values(found) == {
        **{(f"{at}\\LicensingRedirection", OLD): to for at in (MSIPC, MSIPC32)},
        **{(f"{at}\\EnterprisePublishing", ""): to for at in (MSIPC, MSIPC32)},
        **{
            (f"{at}\\EnterpriseCertification", ""): ("string", "https://rms.contoso.com/_wmcs/certification")
            for at in (MSIPC, MSIPC32)
        },
        **{(f"SOFTWARE\\{view}{office}", OLD): to for view in ("", "Wow6432Node\\")},
    }
    assert values(found, "user") == {(f"Software\\{view}{office}", OLD): to for view in ("", "Wow6432Node\\")}
    assert found["reset"] is None
    assert set(found["reading"]) == {"SidPattern", "MachineKeys", "UserKeys"}


def test_the_port_443_stays_where_it_was_given():
    with_port = OLD.replace(".com/", ".com:443/")
    found = wanted(asked(old_urls=[OLD, with_port, OLD], intranet_url="https://rms.contoso.com:443/_wmcs/licensing"))
    names = [value["name"] for value in found["machine"] if value["path"] == f"{MSIPC}\\LicensingRedirection"]
    assert names == [OLD, with_port]
    assert {value["data"] for value in found["user"]} == {"https://rms.contoso.com:443/_wmcs/licensing"}
    assert ("string", "https://rms.contoso.com:443/_wmcs/certification") in values(found).values()


def test_inside_and_outside():
    both = {"intranet_url": "https://rms.contoso.local", "extranet_url": NEW}
    inside, outside = wanted(asked(**both)), wanted(asked(**both, network="extranet"))
    assert {value["data"] for value in inside["user"]} == {"https://rms.contoso.local/_wmcs/licensing"}
    assert {value["data"] for value in outside["user"]} == {NEW}
    # So that an undo finds both, wherever the client was when it was redirected.
    assert all(value["ours"] == ["https://rms.contoso.local/_wmcs/licensing", NEW] for value in outside["user"])
    refused("client_state_extranet_url is not given", network="extranet")


def test_old_urls_of_the_tpd():
    other = OLD.replace(".eu.", ".na.")
    urls = [OLD, other, "https://rms.contoso.com/_wmcs/licensing", "https://[x", ""]
    tpd = {"rehearsal": False, "licensing_url": OLD, "templates": [{"urls": urls}, {"urls": []}]}
    found = wanted(asked(tpd=tpd))
    assert {value["name"] for value in found["user"]} == {OLD, other}
    given = wanted(asked(tpd=tpd, old_urls=[other]))
    assert {value["name"] for value in given["user"]} == {other}


@pytest.mark.parametrize("suffix", ["aadrm.com", "aadrm.us", "aadrm.cn", "AADRM.de"])
def test_clouds(suffix):
    url = f"https://0f8fad5b.rms.x.{suffix}/_wmcs/licensing"
    assert {value["name"] for value in wanted(asked(old_urls=[url]))["user"]} == {url.lower()}


def test_what_is_missing():
    refused("client_state_old_urls is not given, and no finished export", tpd={})
    refused("give client_state_intranet_url", intranet_url="")


def test_a_rehearsal_redirects_nobody():
    tpd = {"rehearsal": True, "licensing_url": "https://x.rms.rehearsal.invalid/_wmcs/licensing", "templates": []}
    refused("case is a rehearsal", tpd=tpd)
    assert wanted(asked(tpd=tpd, old_urls=[OLD]))["user"]


def test_the_wrong_direction():
    refused(r"client_state_old_urls is .* no URL of the Azure Rights", old_urls=[NEW], intranet_url=OLD)
    refused("client_state_intranet_url is .* belongs to the service that is left", intranet_url=OLD)
    refused("client_state_extranet_url is .* belongs to the service that is left", extranet_url=OLD)
    refused("no URL of the Azure", old_urls=["https://aadrm.com/_wmcs/licensing"])
    refused("no URL of the Azure", old_urls=["https://x.aadrm.com.contoso.com.org/_wmcs/licensing"])
    tpd = {"rehearsal": False, "licensing_url": NEW, "templates": []}
    refused("The TPD's licensing URL .* no URL of the Azure", tpd=tpd)
    tpd["licensing_url"] = None
    refused("The TPD's licensing URL .* has a value that is no URL", tpd=tpd)


# -- reset and creation ------------------------------------------------------------------------------------------------


def test_a_reset_reads_what_it_may_remove_and_no_values_of_it():
    found = wanted(asked("reset", scope="machine"))
    assert (found["machine"], found["user"]) == ([], [])
    assert found["reset"] == {"id": "case-1", "machine": True, "purpose": "migration", "time": "2026-03-05T09:15:00Z"}
    reading = found["reading"]
    assert reading["UserTrees"] == [
        "Software\\Microsoft\\Office\\14.0\\Common\\DRM",
        "Software\\Microsoft\\Office\\15.0\\Common\\DRM",
        "Software\\Microsoft\\Office\\16.0\\Common\\DRM",
        "Software\\Microsoft\\Office\\15.0\\Common\\Identity",
    ]
    assert reading["ClassesTrees"] == ["Local Settings\\Software\\Microsoft\\MSIPC"]
    assert [name for name in reading["LocalFolders"] if name.startswith("Microsoft")] == [
        "Microsoft\\DRM",
        "Microsoft\\MSIPC",
        "Microsoft\\MSIP\\mip",
        "Microsoft\\MSIP\\AppDetails",
        "Microsoft\\MSIP\\TokenCache",
    ]
    assert set(reading["MachineTrees"]) == {
        f"SOFTWARE\\{view}Microsoft\\{client}\\ServiceLocation"
        for view in ("", "Wow6432Node\\")
        for client in ("MSIPC", "MSDRM")
    }
    assert reading["UserKeys"] == []


def test_a_rekey_is_for_users_only():
    refused(
        "client_state_reset_scope is machine, but client_state_purpose is rekey",
        "reset",
        scope="machine",
        purpose="rekey",
    )
    found = wanted(asked("reset", purpose="rekey", id="rekey-2026-03"))
    assert "MachineTrees" not in found["reading"]
    assert found["reading"]["MachineKeys"] == []
    refused("client_state_reset_first belongs to a redirection", reset_first=True, purpose="rekey")
    refused("client_state_reset_first belongs to a redirection", reset_first=True, state="absent")


@pytest.mark.parametrize("name", ["", None, "-a", ".a", "a.", "a/b", "a\\b", "..", "a b", "ä", "a" * 65, 5])
def test_names_of_resets(name):
    refused("client_state_reset_id", "reset", id=name)


def test_disable_creation():
    found = wanted(asked("creation"))
    assert values(found, "user") == {
        (f"Software\\Policies\\Microsoft\\Office\\{version}\\Common\\DRM", "DisableCreation"): ("dword", 1)
        for version in ("14.0", "15.0", "16.0")
    }
    assert found["machine"] == []


def test_creation_needs_nothing_else():
    assert wanted({"operation": "creation", "state": "absent"})["state"] == "absent"
