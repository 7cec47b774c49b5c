# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role client_state does to a client, step by step, and that the second run finds nothing to do."""

from __future__ import annotations

import copy

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.infoprotect.tenant_key.plugins.filter.client_state_changes import FilterModule as Changes
from ansible_collections.infoprotect.tenant_key.plugins.filter.client_state_wanted import FilterModule as Wanted
from hypothesis import given, settings
from hypothesis import strategies as st

from .client_made import ANNA, BERT, CARL, DEFAULT, MSIPC, MSIPC32, NEW, OLD, Client, asked

wanted = Wanted().filters()["client_state_wanted"]
changes = Changes().filters()["client_state_changes"]

OFFICE = "Software\\Microsoft\\Office"
REDIRECTION = f"{OFFICE}\\14.0\\Common\\DRM\\LicenseServerRedirection"
FOREIGN = "https://rms.fabrikam.com/_wmcs/licensing"


def plan(client, operation="redirect", **other):
    what = wanted(asked(operation, **other))
    return changes(client.state(what["reading"]), what)


def steps(found):
    return [change for part in ("clear_folders", "clear_registry", "marks", "set_registry") for change in found[part]]


def run(client, operation="redirect", **other):
    """Plan, do, and see that nothing is left; returns the plan."""
    found = plan(client, operation, **other)
    client.apply(found)
    assert steps(plan(client, operation, **other)) == []
    return found


@pytest.fixture
def client():
    """Used with the service: each user has state, and somebody has redirected another server."""
    made = Client()
    for sid in (ANNA, BERT):
        made.put(f"HKU:\\{sid}\\{OFFICE}\\16.0\\Common\\DRM\\Cached")
        made.put(f"HKU:\\{sid}\\{OFFICE}\\14.0\\Common\\DRM", "CorporateServer", "x")
        made.put(f"HKU:\\{sid}_Classes\\Local Settings\\Software\\Microsoft\\MSIPC\\x")
        made.put(f"HKU:\\{sid}\\{OFFICE}\\16.0\\Word", "kept", "x")
    for profile in made.profiles.values():
        made.folders |= {
            f"{profile}\\AppData\\Local\\Microsoft\\{name}" for name in ("MSIPC\\x", "MSIP\\mip", "Office")
        }
    made.put(f"HKLM:\\{MSIPC}\\LicensingRedirection", FOREIGN, NEW)
    made.put("HKLM:\\SOFTWARE\\Microsoft\\MSDRM\\ServiceLocation\\Activation", "", "https://x")
    return made


# -- redirection -------------------------------------------------------------------------------------------------------


def test_redirect_and_undo(client):
    before = copy.deepcopy(client.keys)
    found = run(client)
    assert len(found["set_registry"]) == 8 + 2 * 2 + 2
    assert [found[part] for part in ("clear_folders", "clear_registry", "marks", "kept")] == [[]] * 4
    assert client.keys[f"HKLM:\\{MSIPC}\\LicensingRedirection"] == {FOREIGN: ("string", NEW), OLD: ("string", NEW)}
    assert client.keys[f"HKU:\\{BERT}\\{REDIRECTION}"] == {OLD: ("string", NEW)}
    assert client.keys[f"HKLM:\\ANSIBLE\\{REDIRECTION}"] == {OLD: ("string", NEW)}
    hives = {change.get("hive") for change in found["set_registry"]}
    assert hives == {None, f"{DEFAULT}\\NTUSER.DAT"}
    undone = run(client, state="absent")
    assert len(undone["set_registry"]) == 14
    assert {key: values for key, values in client.keys.items() if values} == {k: v for k, v in before.items() if v}
    assert f"HKLM:\\{MSIPC}\\EnterprisePublishing" not in client.keys  # an empty one may mean something to a client


def test_undo_leaves_what_others_have_set(client):
    run(client)
    client.keys[f"HKLM:\\{MSIPC}\\LicensingRedirection"][OLD] = ("string", FOREIGN)
    client.keys[f"HKLM:\\{MSIPC}\\EnterprisePublishing"][""] = ("string", FOREIGN)
    client.keys[f"HKLM:\\{MSIPC32}\\EnterprisePublishing"]["more"] = ("string", "x")
    client.put(f"HKLM:\\{MSIPC32}\\EnterpriseCertification\\below")
    found = run(client, state="absent")
    assert [sentence.split(":", 2)[1] for sentence in found["kept"]] == [
        f"\\{MSIPC}\\LicensingRedirection",
        f"\\{MSIPC}\\EnterprisePublishing",
    ]
    assert f"{OLD} is {FOREIGN}, which this role would not set here. It stays." in found["kept"][0]
    assert client.keys[f"HKLM:\\{MSIPC}\\EnterprisePublishing"] == {"": ("string", FOREIGN)}
    assert client.keys[f"HKLM:\\{MSIPC32}\\EnterprisePublishing"] == {"more": ("string", "x")}
    assert client.keys[f"HKLM:\\{MSIPC32}\\EnterpriseCertification"] == {}


def test_undo_finds_what_was_set_outside(client):
    both = {"intranet_url": "https://rms.contoso.local", "extranet_url": NEW}
    run(client, **both, network="extranet")
    assert len(run(client, **both, state="absent")["set_registry"]) == 14


def test_other_data_and_types_are_mended(client):
    run(client)
    key = client.keys[f"HKLM:\\{MSIPC}\\LicensingRedirection"]
    for wrong in (("string", NEW + "/"), ("expandstring", NEW), ("string", NEW.replace(".com/", ".com:443/"))):
        key[OLD] = wrong
        assert len(run(client)["set_registry"]) == 1
        assert key[OLD] == ("string", NEW)


def test_names_are_compared_as_the_registry_does(client):
    run(client)
    key = client.keys[f"HKLM:\\{MSIPC}\\LicensingRedirection"]
    key[OLD.upper()] = key.pop(OLD)
    assert steps(plan(client)) == []


def test_32_bit_windows(client):
    client.os64 = client.process64 = False
    found = run(client)
    assert len(found["set_registry"]) == 4 + 2 + 1
    assert "Wow6432Node" not in str(found)


def test_a_32_bit_process_is_refused(client):
    client.process64 = False
    with pytest.raises(AnsibleFilterError, match="on CLIENT-1 runs as a 32-bit process"):
        plan(client)


def test_who_could_not_be_reached(client):
    found = run(client)
    assert len(found["not_reached"]) == 1
    assert f"{CARL} (C:\\Users\\carl) is not loaded" in found["not_reached"][0]
    client.loaded.add(CARL)
    later = run(client)
    assert {change["path"].split("\\")[1] for change in later["set_registry"]} == {CARL}
    assert later["not_reached"] == []
    client.hive = False
    assert "so new users begin without the values" in plan(client)["not_reached"][0]


# -- reset -------------------------------------------------------------------------------------------------------------


def test_a_rekey_clears_users_and_never_touches_the_machine(client):
    machine = {key: values for key, values in client.keys.items() if key.startswith("HKLM:")}
    found = run(client, "reset", purpose="rekey", id="rekey-1")
    assert len(found["clear_folders"]) == 3 * 2
    assert len(found["clear_registry"]) == 2 * 3
    assert "HKLM" not in str(found)
    assert {key: values for key, values in client.keys.items() if key.startswith("HKLM:")} == machine
    assert client.keys[f"HKU:\\{ANNA}\\{OFFICE}\\16.0\\Word"] == {"kept": ("string", "x")}
    assert not [path for path in client.folders if "\\MSIP" in path]
    assert len([path for path in client.folders if path.endswith("\\Office")]) == 3


def test_the_guard_of_a_rekey_holds(client):
    """Even if what is wanted were wrong."""
    what = wanted(asked("reset", scope="machine"))
    what["reset"]["purpose"] = "rekey"
    with pytest.raises(AnsibleFilterError, match="was about to change HKLM, which it must not"):
        changes(client.state(what["reading"]), what)


def test_a_migration_clears_the_machine_and_says_what_goes(client):
    found = run(client, "reset", scope="machine")
    titles = [change["title"] for change in found["clear_registry"]]
    assert f"Remove the key HKLM:\\{MSIPC}, and 1 redirection in it" in titles
    assert "Remove the key HKLM:\\SOFTWARE\\Microsoft\\MSDRM\\ServiceLocation" in titles
    assert titles[-1] == "Note that the machine has been reset (case-1)"
    assert not [key for key in client.keys if "ServiceLocation" in key]
    assert client.keys["HKLM:\\SOFTWARE\\infoprotect.tenant_key\\reset"] == {
        "case-1": ("string", "2026-03-05T09:15:00Z")
    }


def test_reset_before_redirect_in_one_plan(client):
    client.put(f"HKLM:\\{MSIPC}\\LicensingRedirection", OLD, NEW)  # would be wiped, so it must be set again
    client.put(f"HKU:\\{ANNA}\\{REDIRECTION}", OLD, NEW)
    found = run(client, reset_first=True, scope="machine")
    assert len(found["set_registry"]) == 14
    assert client.keys[f"HKLM:\\{MSIPC}\\LicensingRedirection"] == {OLD: ("string", NEW)}
    assert client.keys[f"HKU:\\{ANNA}\\{REDIRECTION}"] == {OLD: ("string", NEW)}


def test_a_reset_is_done_once_for_each_name(client):
    run(client, reset_first=True, scope="machine")
    for profile in client.profiles.values():  # the client works, and has state again
        client.folders.add(f"{profile}\\AppData\\Local\\Microsoft\\MSIPC")
    client.put(f"HKU:\\{ANNA}\\{OFFICE}\\16.0\\Common\\DRM")
    assert steps(plan(client, reset_first=True, scope="machine")) == []
    assert steps(plan(client, "reset", scope="machine")) == []
    again = plan(client, "reset", id="case-2")
    assert len(again["clear_folders"]) == 3
    assert "HKLM:" not in str(again["clear_registry"])


def test_the_machine_after_its_users(client):
    run(client, "reset")
    found = run(client, "reset", scope="machine")
    assert found["clear_folders"] == found["marks"] == []
    assert {change["path"].split("\\")[0] for change in found["clear_registry"]} == {"HKLM:"}


def test_a_user_who_signs_in_later_is_cleared_then(client):
    run(client, reset_first=True)
    client.loaded.add(CARL)
    client.put(f"HKU:\\{CARL}\\{OFFICE}\\15.0\\Common\\Identity")
    # From the old keys the client has fetched old state again.
    client.folders.add("C:\\Users\\carl\\AppData\\Local\\Microsoft\\DRM")
    found = run(client, reset_first=True)
    assert [change["path"] for change in found["clear_folders"]] == ["C:\\Users\\carl\\AppData\\Local\\Microsoft\\DRM"]
    assert [change["path"] for change in found["clear_registry"]] == [f"HKU:\\{CARL}\\{OFFICE}\\15.0\\Common\\Identity"]
    assert len(found["set_registry"]) == 2


def test_a_new_user_begins_with_the_notes_of_the_default_profile(client):
    run(client, reset_first=True)
    newcomer, home = "S-1-5-21-1-2-3-2000", "C:\\Users\\dora"
    client.profiles[newcomer] = home
    client.loaded.add(newcomer)
    client.folders |= {path.replace(DEFAULT, home) for path in client.folders if path.startswith(DEFAULT + "\\")}
    for key, values in list(client.keys.items()):
        if key.startswith("HKLM:\\ANSIBLE"):
            client.keys[key.replace("HKLM:\\ANSIBLE", f"HKU:\\{newcomer}")] = dict(values)
    assert steps(plan(client, reset_first=True)) == []


def test_nothing_is_removed_through_a_link(client):
    """An administrator's removal must not be led to another folder by a user."""
    client.links.add("C:\\Users\\anna\\AppData\\Local\\Microsoft\\MSIP")
    found = plan(client, "reset")
    assert "anna" not in str(steps(found))
    assert ANNA not in str(found["clear_registry"])
    assert (
        "a link stands on the way to C:\\Users\\anna\\AppData\\Local\\Microsoft\\MSIP\\mip" in found["not_reached"][0]
    )


@pytest.mark.parametrize("profile", ["", "C:", "C:\\", "\\\\server\\share", "C:\\Users/..", "C:\\a*"])
def test_a_profile_that_is_no_folder(client, profile):
    client.profiles[ANNA] = profile
    found = plan(client, "reset")
    assert ANNA not in str(steps(found))
    assert "is no folder of a profile. It was not reset." in found["not_reached"][0]


# -- creation ----------------------------------------------------------------------------------------------------------


def test_disable_creation_and_undo(client):
    policies = "Software\\Policies\\Microsoft\\Office"
    client.put(f"HKU:\\{ANNA}\\{policies}\\16.0\\Common\\DRM", "RequestPermissionURL", "https://x")
    client.put(f"HKU:\\{BERT}\\{policies}\\14.0\\Common\\DRM", "DisableCreation", 0, "dword")
    before = copy.deepcopy(client.keys)
    assert len(run(client, "creation")["set_registry"]) == 3 * 3
    assert client.keys[f"HKU:\\{BERT}\\{policies}\\14.0\\Common\\DRM"] == {"DisableCreation": ("dword", 1)}
    run(client, "creation", state="absent")
    assert not [key for key, values in client.keys.items() if "DisableCreation" in values]
    assert client.keys[f"HKU:\\{ANNA}\\{policies}\\16.0\\Common\\DRM"] == {
        "RequestPermissionURL": ("string", "https://x")
    }
    client.keys = before
    assert "DisableCreation is 0, which this role would not set" in run(client, "creation", state="absent")["kept"][0]


# -- whatever a client is like -----------------------------------------------------------------------------------------

DATA = st.sampled_from([NEW, FOREIGN, OLD, ""])
LOCATIONS = st.sampled_from(
    [
        *(f"HKLM:\\{at}\\LicensingRedirection" for at in (MSIPC, MSIPC32)),
        f"HKLM:\\{MSIPC}\\EnterprisePublishing",
        *(f"{root}\\{REDIRECTION}" for root in (f"HKU:\\{ANNA}", f"HKU:\\{BERT}", "HKLM:\\ANSIBLE")),
    ]
)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(LOCATIONS, st.sampled_from([OLD, FOREIGN, "", "more"]), DATA), max_size=12),
    st.sampled_from(["present", "absent"]),
    st.booleans(),
    st.sampled_from(["user", "machine"]),
)
def test_one_run_is_enough_and_foreign_values_stay(there, state, reset, scope):
    client = Client()
    for key, name, data in there:
        client.put(key, name, data)
    foreign = {(key, name): data for key, name, data in there if name in (FOREIGN, "more")}
    reset = reset and state == "present"
    run(client, state=state, reset_first=reset, scope=scope)
    if not reset:
        for (key, name), data in foreign.items():
            assert client.keys[key][name] == ("string", data)
    redirected = client.keys.get(f"HKLM:\\{MSIPC}\\LicensingRedirection", {}).get(OLD)
    assert redirected == ("string", NEW) if state == "present" else redirected != ("string", NEW)
