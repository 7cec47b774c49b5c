# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The PowerShell scripts of the role adrms_import, parsed and not run: what they ask for, in which order, what they never do.

What holds for every script is tested elsewhere. And their imitation, by which the role is tested: it refuses what the role must not do.
"""

from __future__ import annotations

import base64
import hashlib
import importlib
import sys
import types
from pathlib import Path

import pytest
import tree_sitter
import tree_sitter_powershell

CHECKOUT = Path(__file__).resolve().parents[2]
SCRIPTS = CHECKOUT / "roles" / "adrms_import" / "files"
IMITATION = CHECKOUT / "tests" / "windows" / "ansible_collections" / "ansible" / "windows" / "plugins" / "plugin_utils"
PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))


def nodes(node, *types):
    """All nodes of these types, in the order of the text."""
    found = [node] if node.type in types else []
    return found + [inner for child in node.children for inner in nodes(child, *types)]


def source(name):
    return (SCRIPTS / f"{name}.ps1").read_text(encoding="ascii")


def parsed(name):
    return PARSER.parse(source(name).encode()).root_node


def commands(name):
    """The text of every command, by its name."""
    found = {}
    for command in nodes(parsed(name), "command"):
        for called in nodes(command, "command_name")[:1]:
            found.setdefault(called.text.decode(), []).append(command.text.decode())
    return found


def in_order(name, *texts):
    """Whether these stand in the script, each once, in this order."""
    script = source(name)
    places = [script.index(text) for text in texts]
    return places == sorted(places) and all(script.count(text) == 1 for text in texts)


def test_these_are_all():
    assert sorted(path.name for path in SCRIPTS.iterdir()) == ["hand_over.ps1", "import_tpd.ps1", "list_tpds.ps1"]


def test_listing_changes_nothing():
    found = commands("list_tpds")
    assert sorted(found) == [
        "ForEach-Object",
        "Get-ChildItem",
        "Import-Module",
        "New-PSDrive",
        "Remove-PSDrive",
        "Set-StrictMode",
    ]
    # In check mode the drive is needed, too.
    for command in found["New-PSDrive"] + found["Remove-PSDrive"]:
        assert "-WhatIf:$false -Confirm:$false" in command


def test_the_drive_goes_whatever_happens():
    for name in ("list_tpds", "import_tpd"):
        (block,) = nodes(parsed(name), "finally_clause")
        assert "Remove-PSDrive" in block.text.decode()
        assert in_order(name, "New-PSDrive", "try {", "} finally {", "Remove-PSDrive")


def test_the_folder_is_private_before_any_byte_is_written():
    assert in_order(
        "hand_over",
        "is there already. Remove it",
        "$PSCmdlet.ShouldProcess(",
        "$access.SetAccessRuleProtection($true, $false)",
        "$access.SetOwner($administrators)",
        "$access.AddAccessRule(",
        "[System.IO.Directory]::CreateDirectory($Folder, $access)",
        "$found.AreAccessRulesProtected",
        "Assert-Private $found $Folder",
        "[System.IO.FileMode]::CreateNew",
        "Assert-Private $stream.GetAccessControl() $file",
        "$stream.Write(",
        "Get-FileHash",
    )


def test_only_administrators_and_the_system_are_let_in():
    """By their well-known SIDs, as the names differ by language."""
    script = source("hand_over")
    found = {text for text in script.replace("'", " ").split() if text.startswith("S-1-")}
    assert found == {"S-1-5-32-544", "S-1-5-18"}
    assert in_order("hand_over", "$administrators = New-Object", "'S-1-5-32-544'", "$system = New-Object", "'S-1-5-18'")
    assert "foreach ($trusted in @($administrators, $system))" in script
    assert script.count(".AddAccessRule(") == 1


def test_the_content_is_no_parameter_of_a_command():
    """Module logging records those."""
    for texts in commands("hand_over").values():
        assert not [text for text in texts if "$Content" in text or "$bytes" in text]
    assert source("hand_over").count("$Content") == 2  # its declaration, and its way into bytes


def test_the_password_goes_nowhere_but_to_the_import():
    script = source("import_tpd")
    assert "    [securestring] $Password\n" in script
    assert script.count("$Password") == 2
    assert in_order("import_tpd", "$import = @{", "        Password = $Password\n", "$null = Import-RmsTPD @import")


def test_the_import_names_its_parameters_and_changes_only_by_importing():
    assert in_order(
        "import_tpd",
        "$PSCmdlet.ShouldProcess(",
        "Get-FileHash",
        "Import-Module",
        "Path = $drive + ':\\TrustPolicy\\TrustedPublishingDomain'",
        "DisplayName = $DisplayName",
        "SourceFile = $SourceFile",
        "Import-RmsTPD @import",
    )
    # In check mode, and after the import.
    assert source("import_tpd").count("$Ansible.Changed = $true") == 2
    assert "-Force" not in source("import_tpd")


# -- the imitation -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def imitation():
    """The functions that stand in for the scripts, and what they fail with."""
    package = types.ModuleType("windows_imitation")
    package.__path__ = [str(IMITATION)]
    sys.modules["windows_imitation"] = package
    yield importlib.import_module("windows_imitation.scripts_adrms_import")
    for name in [name for name in sys.modules if name.partition(".")[0] == "windows_imitation"]:
        del sys.modules[name]


FOLDER = "C:\\Program Files\\infoprotect.tenant_key-1"
ROOT = "https://localhost"


def handed_over(imitation, export, **changes):
    state = {"registry": {}, "files": {}}
    parameters = {
        "Folder": FOLDER,
        "Name": "ExportedTPD.xml",
        "Content": base64.b64encode(export.tpd).decode(),
        "Sha256": hashlib.sha256(export.tpd).hexdigest(),
        **changes,
    }
    imitation.hand_over(state, parameters, False)
    return state


def imported(imitation, export, state, **changes):
    parameters = {
        "Root": ROOT,
        "DisplayName": "Contoso",
        "SourceFile": FOLDER + "\\ExportedTPD.xml",
        "Sha256": hashlib.sha256(export.tpd).hexdigest(),
        "Password": export.password,
        **changes,
    }
    return imitation.import_tpd(state, parameters, False)


def test_what_is_handed_over_is_imported(imitation, export):
    state = handed_over(imitation, export)
    assert imported(imitation, export, state) == {"changed": True}
    listed = imitation.list_tpds(state, {"Root": ROOT}, False)["result"]["tpds"]
    assert [entry["display_name"] for entry in listed] == ["Contoso"]
    assert state["tpds"] == [{**listed[0], "sha256": hashlib.sha256(export.tpd).hexdigest()}]
    # An Id is not given twice, even if what had it is gone.
    state["tpds"] = []
    imported(imitation, export, state)
    assert state["tpds"][0]["id"] != listed[0]["id"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"Password": "another, made for a test"}, "data is corrupted"),
        ({"Sha256": "0" * 64}, "its SHA-256 differs"),
        ({"SourceFile": FOLDER + "\\other.xml"}, "does not exist"),
        ({"Root": "localhost"}, "Cannot find drive"),
    ],
)
def test_what_is_wrong_is_not_imported(imitation, export, changes, says):
    state = handed_over(imitation, export)
    with pytest.raises(imitation.Failure, match=says):
        imported(imitation, export, state, **changes)
    assert not state.get("tpds")


def test_what_others_can_read_is_not_imported(imitation, export):
    for path in (FOLDER, FOLDER + "\\ExportedTPD.xml"):
        state = handed_over(imitation, export)
        entry = state["files"][path.lower()]
        entry["access"] = [*entry["access"], "S-1-5-11"]
        with pytest.raises(imitation.Failure, match="have access to"):
            imported(imitation, export, state)


def test_a_name_is_given_once(imitation, export):
    state = handed_over(imitation, export)
    imported(imitation, export, state)
    with pytest.raises(imitation.Failure, match="of this name exists"):
        imported(imitation, export, state, DisplayName="CONTOSO")


def test_nothing_is_handed_over_into_a_folder_that_is_there(imitation, export):
    state = handed_over(imitation, export)
    parameters = {"Folder": FOLDER, "Name": "x", "Content": "", "Sha256": hashlib.sha256(b"").hexdigest()}
    with pytest.raises(imitation.Failure, match="is there already"):
        imitation.hand_over(state, parameters, False)
    with pytest.raises(imitation.Failure, match="SHA-256 differs"):
        handed_over(imitation, export, Sha256="0" * 64)
