# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which module signs in to a tenant, what counts as typed, and what every script for a tenant keeps to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ansible import context
from ansible.parsing.dataloader import DataLoader
from ansible.utils.context_objects import CLIArgs
from ansible.utils.vars import load_extra_vars
from ansible_collections.infoprotect.tenant_key.plugins.filter.aip_service_module import FilterModule
from ansible_collections.infoprotect.tenant_key.plugins.lookup.extra_var import LookupModule

CHOOSE = FilterModule().filters()["aip_service_module"]
CHECKOUT = Path(__file__).resolve().parents[2]
SCRIPTS = CHECKOUT / "roles" / "aip_service" / "files"
IMITATION = CHECKOUT / "tests/windows/ansible_collections/ansible/windows/plugins/plugin_utils/scripts_aip_service.py"


def host(*modules, edition="Desktop", version="5.1.17763.1"):
    found = [dict(zip(("name", "version"), module.split(" "))) for module in modules]
    return {"edition": edition, "version": version, "modules": found}


@pytest.mark.parametrize(
    ("environment", "chosen"),
    [
        (host("AIPService 2.0.0.3"), ("AIPService", "2.0.0.3")),
        (host("AIPService 9.0.0.0", "AIPService 10.0.0.0", "AIPService 2.0"), ("AIPService", "10.0.0.0")),
        (host("AIPService 1.0.0.5", "AADRM 2.13.1.0"), ("AIPService", "1.0.0.5")),
        (host("AIPService 3.1.0.0", edition="Core", version="7.4.1"), ("AIPService", "3.1.0.0")),
        (host("AIPService 3.2.0-preview", edition="Core", version="7.4.1"), ("AIPService", "3.2.0-preview")),
    ],
)
def test_the_newest_module_is_taken(environment, chosen):
    assert CHOOSE(environment, "service_principal") == {"name": chosen[0], "version": chosen[1], "problem": ""}


def test_the_old_module_signs_in_with_a_password():
    for sign_in in ("credential", "access_token"):
        assert CHOOSE(host("AADRM 2.13.1.0"), sign_in)["problem"] == ""


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        (host(), "no module AIPService"),
        (host("AADRM 2.13.1.0"), "AADRM 2.13.1.0 takes no service principal"),
        (host("AIPService 1.0.0.4"), "AIPService 1.0.0.4 takes no service principal"),
        (host("AIPService 3.0.0.9", edition="Core", version="7.4.1"), "does not run on PowerShell 7.4.1"),
        (host("AADRM 2.13.1.0", edition="Core", version="7.4.1"), "does not run on PowerShell 7.4.1"),
        (host("AIPService 2.0.0.3", version="5.0.1"), "Windows PowerShell 5.0.1, and the module needs 5.1"),
        (host("AIPService 2.0.0.3", version="4.0"), "needs 5.1"),
    ],
)
def test_a_host_that_cannot_sign_in_says_why(environment, sentence):
    assert sentence in CHOOSE(environment, "service_principal")["problem"]


@pytest.fixture
def typed(monkeypatch):
    """typed(texts, names): what the lookup gives where these --extra-vars were typed."""

    def look(texts, *names):
        monkeypatch.setattr(context, "CLIARGS", CLIArgs({"extra_vars": tuple(texts)}))
        monkeypatch.setattr(load_extra_vars, "extra_vars", None, raising=False)
        return LookupModule(loader=DataLoader()).run(list(names), variables={"confirm": "from an inventory"})

    return look


def test_only_what_was_typed_counts(typed):
    assert typed([], "confirm") == [""]
    assert typed(["other=1"], "confirm") == [""]
    assert typed(["confirm=contoso-1"], "confirm", "other") == ["contoso-1", ""]
    assert typed(['{"confirm": "contoso-1, fabrikam-2"}'], "confirm") == ["contoso-1, fabrikam-2"]
    assert typed(["confirm=one", "confirm=two"], "confirm") == ["two"]


def test_a_template_is_not_evaluated(typed):
    assert typed(['{"confirm": "{{ plan }}"}'], "confirm") == ["{{ plan }}"]


def test_the_script_signs_out_whatever_happens():
    """After the connection there is nothing but a try block, and its finally block disconnects."""
    script = (SCRIPTS / "aip_service.ps1").read_text(encoding="ascii")
    main = script[script.index("\nImport-Module ") :]
    assert main.index("\nConnect-Tenant\ntry {") < main.index("} finally {") < main.index("Disconnect-")
    assert script.count("Disconnect-") == 1


def functions():
    """The script's functions by name."""
    script = (SCRIPTS / "aip_service.ps1").read_text(encoding="ascii")
    return dict(re.findall(r"^function (\S+) \{\n(.*?)^\}$", script, re.MULTILINE | re.DOTALL))


def test_what_changes_the_tenant_is_asked_about_first():
    change = re.compile(r'& "(?:Add|Disable|Enable|Set)-')
    changing = {name: text for name, text in functions().items() if change.search(text)}
    assert set(changing) == {"Enable-SuperUser", "Add-SuperUser", "Set-SuperUserGroup", "Disable-Service", "Enable-Key"}
    for text in changing.values():
        asked, changed = text.index("$PSCmdlet.ShouldProcess("), change.search(text).start()
        assert asked < changed < text.index("$Ansible.Changed = $true")


def test_a_file_that_a_cmdlet_writes_is_removed_again_also_in_check_mode():
    text = functions()["Read-Output"]
    assert text.index("$WhatIfPreference = $false") < text.index("& $Command -Path $path")
    assert (
        text.index("& $Command -Path $path") < text.index("} finally {") < text.index("Remove-Item -LiteralPath $path")
    )
    assert sorted(name for name, body in functions().items() if "Read-Output " in body) == [
        "Export-Template",
        "Read-AdminLog",
    ]


def test_every_operation_is_documented_implemented_and_imitated():
    script = (SCRIPTS / "aip_service.ps1").read_text(encoding="ascii")
    accepted = script[script.index("[ValidateSet(") + 13 : script.index(")]\n    [string] $Operation")]
    names = [name.strip(" '\n") for name in accepted.split(",")]
    imitated = IMITATION.read_text(encoding="utf-8")
    specification = (SCRIPTS.parent / "meta" / "argument_specs.yml").read_text()
    for name in names:
        assert f"        '{name}' {{" in script
        assert f"          - {name}\n" in specification
        assert f'    "{name}": lambda ' in imitated[imitated.index("\n_FOUND = {") :]
    assert specification.count("\n          - ", specification.index("        choices:\n          - read_")) >= len(
        names
    )
