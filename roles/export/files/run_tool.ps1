# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

<#
.SYNOPSIS
Runs AadrmTpd.exe in a folder.

.DESCRIPTION
The tool writes into the current folder. What it prints is dropped, because nobody has documented what that may be; what it
did is seen from its files. Its exit code is the result. It cannot wait for an answer: its input is empty.

.PARAMETER Tool
The path of AadrmTpd.exe.

.PARAMETER Folder
The folder.

.PARAMETER Arguments
The arguments of the tool: switches and names of files, never a secret.
#>
[CmdletBinding(SupportsShouldProcess = $true)]
param(
    [Parameter(Mandatory = $true)]
    [string] $Tool,

    [Parameter(Mandatory = $true)]
    [string] $Folder,

    [Parameter(Mandatory = $true)]
    [string[]] $Arguments
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$Ansible.Changed = $false
$Ansible.Result = @{ exit_code = $null }

if (-not (Test-Path -LiteralPath $Tool -PathType Leaf)) {
    throw ('{0} is not there. Set export_engine_tool to the path of AadrmTpd.exe.' -f $Tool)
}
$Ansible.Changed = $true
if (-not $PSCmdlet.ShouldProcess($Tool, 'Run')) {
    return
}
Push-Location -LiteralPath $Folder
try {
    # Windows PowerShell takes a line on the error output of a program for an error.
    $ErrorActionPreference = 'Continue'
    $null = @() | & $Tool $Arguments 2>&1
    $Ansible.Result = @{ exit_code = $LASTEXITCODE }
} finally {
    $ErrorActionPreference = 'Stop'
    Pop-Location
}
