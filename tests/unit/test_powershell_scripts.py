# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every PowerShell script of the roles keeps the rules that make it safe to run, and each rule catches who breaks it.

No PowerShell runs here. tree-sitter's grammar tells whether a script is well formed, and finds commands and parameters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tree_sitter
import tree_sitter_powershell

SCRIPTS = sorted(Path(__file__).resolve().parents[2].glob("roles/*/files/*.ps1"))
PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))

LICENCE = """# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""
# They run text as code, or put secrets into a file or into what win_powershell returns.
BANNED = {
    "invoke-expression",
    "iex",
    "start-transcript",
    "write-host",
    "read-host",
    "convertfrom-securestring",
}
SECRET = re.compile(r"password|token|secret", re.IGNORECASE)
HIDDEN_TYPES = {
    "securestring",
    "system.security.securestring",
    "pscredential",
    "system.management.automation.pscredential",
}


def problems(script: str) -> list[str]:
    """The names of the rules that a script breaks."""
    root = PARSER.parse(script.encode()).root_node
    return [
        name
        for name, broken in (
            ("licence", not script.startswith(LICENCE)),
            ("help", not re.search(r"^\.SYNOPSIS$.*^\.DESCRIPTION$", script, re.MULTILINE | re.DOTALL)),
            ("ascii", not script.isascii()),
            ("syntax", root.has_error or any(nodes(root, "pipeline_chain_tail"))),
            ("check mode", not declares_check_mode(root)),
            ("strict", "Set-StrictMode -Version 2.0\n" not in script),
            ("errors", "$ErrorActionPreference = 'Stop'\n" not in script),
            ("changed", "$Ansible.Changed = $false\n" not in script),
            ("secrets", bool(open_secrets(root))),
            ("commands", bool(banned(root))),
        )
        if broken
    ]


def nodes(node: Any, kind: str) -> Iterator[Any]:
    if node.type == kind:
        yield node
    for child in node.children:
        yield from nodes(child, kind)


def declares_check_mode(root: Any) -> bool:
    """As win_powershell sees it: in the attributes of the script's own param block."""
    block = next((child for child in root.children if child.type == "param_block"), None)
    attributes = [] if block is None else [child for child in block.children if child.type == "attribute_list"]
    wanted = re.compile(r"\[CmdletBinding\(.*SupportsShouldProcess\s*=\s*\$true.*\)\]", re.DOTALL)
    return any(wanted.search(attribute.text.decode()) for attribute in attributes)


def open_secrets(root: Any) -> list[str]:
    """Parameters for secrets, of the script or of a function in it, that would take one as plain text."""
    found = []
    for parameter in (*nodes(root, "script_parameter"), *nodes(root, "function_parameter")):
        name = next(node for node in parameter.children if node.type == "variable").text.decode()[1:]
        types = {literal.text.decode()[1:-1].lower() for literal in nodes(parameter, "type_literal")}
        if SECRET.search(name) and not types & HIDDEN_TYPES:
            found.append(name)
    return found


def banned(root: Any) -> list[str]:
    found = []
    for command in nodes(root, "command"):
        text = command.text.decode()
        word = re.split(r"[\s'\"]+", text.lstrip("&. '\"").lower())[0].rpartition("\\")[2]
        # PowerShell takes every beginning of a parameter's name.
        plain = word == "convertto-securestring" and re.search(r"\s-a\w*", text, re.IGNORECASE)
        if word in BANNED or plain:
            found.append(text)
    return found


def test_there_are_scripts():
    assert "client_state/files/read_state.ps1" in {"/".join(path.parts[-3:]) for path in SCRIPTS}


@pytest.mark.parametrize("path", SCRIPTS, ids=["/".join((path.parts[-3], path.name)) for path in SCRIPTS])
def test_each_script_keeps_the_rules(path):
    data = path.read_bytes()
    assert b"\r" not in data
    assert problems(data.decode("utf-8")) == []


# -- each rule catches ---------------------------------------------------------------------------------------------------

GOOD = f"""{LICENCE}<#
.SYNOPSIS
    Made for a test.
.DESCRIPTION
    Made for a test.
#>
[CmdletBinding(SupportsShouldProcess = $true)]
param(
    [Parameter(Mandatory = $true)] [string] $Path,
    [System.Security.SecureString] $Password,
    [pscredential] $TokenOfSomebody
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$Ansible.Changed = $false

function Get-It([string] $Name) {{
    return "{{0}}" -f $Name
}}
if ($PSCmdlet.ShouldProcess($Path, 'Write')) {{
    Set-Content -LiteralPath $Path -Value (Get-It -Name 'x')
    $Ansible.Changed = $true
}}
$Ansible.Result = @{{ 'path' = $Path }}
"""


def test_a_good_script():
    assert problems(GOOD) == []


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        ("licence", "# SPDX", "# spdx"),
        ("help", ".SYNOPSIS", "Synopsis:"),
        ("help", ".DESCRIPTION", ""),
        ("ascii", "Made for a test.", "Zürich"),
        ("syntax", "    $Ansible.Changed = $true\n}", "    $Ansible.Changed = $true\n"),
        ("syntax", "'path' = $Path }", "'path' = $Path"),
        ("syntax", "'x'", "'x"),
        ("syntax", "return ", "foreach ($one in ) { } return "),
        ("syntax", "-Value (Get-It -Name 'x')", "-Value ($Path ? 1 : 2)"),
        ("syntax", "-Value (Get-It -Name 'x')", "-Value ($Path ?? 'x')"),
        ("syntax", "return ", "Get-Date && Get-Date; return "),
        ("check mode", "SupportsShouldProcess = $true", ""),
        ("check mode", "SupportsShouldProcess = $true", "SupportsShouldProcess = $false"),
        (
            "check mode",
            "[CmdletBinding(SupportsShouldProcess = $true)]\n",
            "# [CmdletBinding(SupportsShouldProcess = $true)]\n",
        ),
        ("strict", "Set-StrictMode -Version 2.0\n", ""),
        ("errors", "$ErrorActionPreference = 'Stop'\n", ""),
        ("changed", "$Ansible.Changed = $false\n", ""),
        ("secrets", "[System.Security.SecureString] $Password", "[string] $Password"),
        ("secrets", "[System.Security.SecureString] $Password", "$Password"),
        ("secrets", "[System.Security.SecureString] $Password", "[String[]] $ThePasswords"),
        ("secrets", "[pscredential] $TokenOfSomebody", "[string] $TokenOfSomebody"),
        ("secrets", "Get-It([string] $Name)", "Get-It([string] $ClientSecret)"),
        ("commands", "return ", "Invoke-Expression $Name; return "),
        ("commands", "return ", "$Name | iex; return "),
        ("commands", "return ", "& 'Invoke-Expression' $Name; return "),
        ("commands", "return ", "Microsoft.PowerShell.Utility\\Invoke-Expression $Name; return "),
        ("commands", "return ", "Start-Transcript -Path x; return "),
        ("commands", "return ", "WRITE-HOST $Name; return "),
        ("commands", "return ", "$x = ConvertTo-SecureString $Name -AsPlainText -Force; return "),
        ("commands", "return ", "$x = ConvertTo-SecureString -String $Name -Force -asp; return "),
        ("commands", "return ", "$x = ConvertFrom-SecureString $Password; return "),
    ],
)
def test_each_rule_catches(rule, old, new):
    assert GOOD.count(old) >= 1
    assert rule in problems(GOOD.replace(old, new, 1))
