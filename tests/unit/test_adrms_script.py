# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The import script, as PowerShell reads it: parsed, not run. What it asks for, in which order, and what it never does."""

from __future__ import annotations

import pytest
import tree_sitter
import tree_sitter_powershell
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._adrms_script import SCRIPT

PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))


def nodes(node, *types):
    """All nodes of these types, in the order of the text."""
    found = [node] if node.type in types else []
    return found + [inner for child in node.children for inner in nodes(child, *types)]


def text(node):
    return node.text.decode("ascii")


@pytest.fixture(scope="module")
def script():
    return PARSER.parse(SCRIPT.encode("ascii")).root_node


def commands(script, name=None):
    """(position, text) of every command, or of those with this name."""
    found = []
    for command in nodes(script, "command"):
        names = nodes(command, "command_name")
        if names and name in (None, text(names[0])):
            found.append((command.start_byte, text(command)))
    return found


def parameters(script, name):
    """The named parameters of the one command of this name."""
    (command,) = [
        node
        for node in nodes(script, "command")
        if [text(entry) for entry in nodes(node, "command_name")[:1]] == [name]
    ]
    return [text(entry) for entry in nodes(command, "command_parameter")]


def problems(node):
    """What is no PowerShell, by the parser's own judgement."""
    return [node] * (node.type == "ERROR" or node.is_missing) + [p for child in node.children for p in problems(child)]


def test_it_is_powershell(script):
    assert not script.has_error
    assert problems(script) == []
    # The check itself can fail.
    assert problems(PARSER.parse(SCRIPT.rstrip()[:-1].encode("ascii")).root_node)


def test_it_is_ascii_and_short_lined():
    """Windows PowerShell reads a file without a byte order mark as ANSI."""
    assert SCRIPT.isascii()
    assert SCRIPT.startswith("#Requires -Version 4.0\n")
    assert SCRIPT.endswith("}\n")
    assert "\r" not in SCRIPT
    assert max(map(len, SCRIPT.splitlines())) <= 125


def test_it_has_no_parameter_for_a_password(script):
    names = [text(nodes(entry, "variable")[0]) for entry in nodes(nodes(script, "param_block")[0], "script_parameter")]
    assert names == ["$Root", "$Rehearsal"]


def test_the_password_is_asked_for_and_never_a_text(script):
    (position, command) = commands(script, "Read-Host")[0]
    assert "-AsSecureString" in command
    assert SCRIPT.count("Read-Host") == 1
    for way in (
        "ConvertTo-SecureString",
        "ConvertFrom-SecureString",
        "PtrToString",
        "GetNetworkCredential",
        "-AsPlainText",
    ):
        assert way not in SCRIPT
    # It goes from there into the import and nowhere else.
    uses = [node for node in nodes(script, "variable") if text(node).lower() == "$password"]
    assert len(uses) == 2
    assert position - len("$password = ") <= uses[0].start_byte < uses[1].start_byte
    assert commands(script, "Import-RmsTPD")[0][0] < uses[1].start_byte


def test_the_import_has_named_parameters_only(script):
    assert parameters(script, "Import-RmsTPD") == ["-Path", "-DisplayName", "-SourceFile", "-Password"]
    (_position, command) = commands(script, "Import-RmsTPD")[0]
    assert command.split()[1::2] == ["-Path", "-DisplayName", "-SourceFile", "-Password"]
    assert command.split()[2::2] == ["$container", "$manifest.display_name", "$tpdFile", "$password"]


def test_the_order(script):
    """The manifest and the hash before anything is loaded; what is there before the password; the proof last."""
    order = [
        SCRIPT.index("$manifest.schema -ne 1"),
        SCRIPT.index("$manifest.rehearsal -and -not $Rehearsal"),
        commands(script, "Get-FileHash")[0][0],
        SCRIPT.index("$hash -ne $manifest.sha256"),
        commands(script, "Import-Module")[0][0],
        commands(script, "New-PSDrive")[0][0],
        commands(script, "Get-ChildItem")[0][0],
        SCRIPT.index("Nothing to do"),
        SCRIPT.index("already and holds another key"),
        SCRIPT.index("$PSCmdlet.ShouldProcess"),
        commands(script, "Read-Host")[0][0],
        commands(script, "Import-RmsTPD")[0][0],
        commands(script, "Get-ChildItem")[1][0],
        SCRIPT.index("$new.Count -ne 1"),
        SCRIPT.index("WriteAllText"),
        commands(script, "Remove-PSDrive")[0][0],
    ]
    assert order == sorted(order)
    assert len(commands(script, "Get-ChildItem")) == 2


def test_it_runs_no_text(script):
    """Values come from the manifest as data: nothing is expanded into code, paths are taken literally."""
    for way in (
        "Invoke-Expression",
        "iex ",
        "ScriptBlock",
        "Add-Type",
        "Start-Process",
        "Invoke-Command",
        "DownloadString",
    ):
        assert way not in SCRIPT
    assert nodes(script, "expandable_string_literal", "expandable_here_string_literal") == []
    # No command is chosen at run time, as & and . would.
    assert [command for _position, command in commands(script) if command.startswith(("&", ". "))] == []
    for name in ("Test-Path", "Get-FileHash"):
        assert all("-LiteralPath" in command for _position, command in commands(script, name))


def test_it_uses_only_what_it_is_known_to_use(script):
    assert {command.split()[0] for _position, command in commands(script)} == {
        *("Set-StrictMode", "Join-Path", "Test-Path", "Get-FileHash", "Import-Module", "New-PSDrive", "Remove-PSDrive"),
        *("Get-ChildItem", "ForEach-Object", "Where-Object", "ConvertFrom-Json", "ConvertTo-Json", "New-Object"),
        *("Read-Host", "Import-RmsTPD", "Write-Output", "Out-Null", "Read-Json", "Get-BareId"),
    }
    assert "$ErrorActionPreference = 'Stop'" in SCRIPT
