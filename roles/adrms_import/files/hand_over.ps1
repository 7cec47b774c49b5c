# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

<#
.SYNOPSIS
Writes one file into a new folder that only administrators and the system can read.

.DESCRIPTION
The folder has its access control list from birth, before any byte is written. A folder that is there already is refused.
The content is never a parameter of a command, so that module logging does not record it.

.PARAMETER Folder
The folder that is made.

.PARAMETER Name
The name of the file.

.PARAMETER Content
The content of the file in base64.

.PARAMETER Sha256
The SHA-256 that the file must have.
#>
[CmdletBinding(SupportsShouldProcess = $true)]
param(
    [Parameter(Mandatory = $true)]
    [string] $Folder,

    [Parameter(Mandatory = $true)]
    [string] $Name,

    [Parameter(Mandatory = $true)]
    [string] $Content,

    [Parameter(Mandatory = $true)]
    [string] $Sha256
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$Ansible.Changed = $false

# Administrators and SYSTEM by their well-known SIDs: their names differ by language.
$administrators = New-Object -TypeName System.Security.Principal.SecurityIdentifier -ArgumentList 'S-1-5-32-544'
$system = New-Object -TypeName System.Security.Principal.SecurityIdentifier -ArgumentList 'S-1-5-18'

function Assert-Private($Access, [string] $Path) {
    $known = @($administrators.Value, $system.Value)
    $rules = $Access.GetAccessRules($true, $true, [System.Security.Principal.SecurityIdentifier])
    if (@($rules | Where-Object { $known -notcontains $_.IdentityReference.Value }).Count -gt 0) {
        throw ('Others than administrators and the system have access to {0}. Nothing is handed over there.' -f $Path)
    }
}

if (Test-Path -LiteralPath $Folder) {
    throw ('{0} is there already. Remove it, and find out who made it.' -f $Folder)
}
$file = Join-Path -Path $Folder -ChildPath $Name
if (-not $PSCmdlet.ShouldProcess($file, 'Write')) {
    $Ansible.Changed = $true
    return
}

$access = New-Object -TypeName System.Security.AccessControl.DirectorySecurity
$access.SetAccessRuleProtection($true, $false)
$access.SetOwner($administrators)
foreach ($trusted in @($administrators, $system)) {
    $rule = @($trusted, 'FullControl', 'ContainerInherit, ObjectInherit', 'None', 'Allow')
    $access.AddAccessRule((New-Object -TypeName System.Security.AccessControl.FileSystemAccessRule -ArgumentList $rule))
}
$null = [System.IO.Directory]::CreateDirectory($Folder, $access)
$Ansible.Changed = $true
# It may have been made by somebody else in the meantime, and then it has another list.
$found = Get-Acl -LiteralPath $Folder
$owner = $found.GetOwner([System.Security.Principal.SecurityIdentifier]).Value
if ((-not $found.AreAccessRulesProtected) -or (@($administrators.Value, $system.Value) -notcontains $owner)) {
    throw ('{0} belongs to somebody else or inherits access. Nothing is handed over there.' -f $Folder)
}
Assert-Private $found $Folder

$stream = [System.IO.File]::Open($file, [System.IO.FileMode]::CreateNew, [System.IO.FileAccess]::ReadWrite, [System.IO.FileShare]::None)
try {
    Assert-Private $stream.GetAccessControl() $file
    $bytes = [System.Convert]::FromBase64String($Content)
    $stream.Write($bytes, 0, $bytes.Length)
    $stream.Flush($true)
} finally {
    $stream.Dispose()
}
if ((Get-FileHash -LiteralPath $file -Algorithm SHA256).Hash -ne $Sha256) {
    throw ('{0} is not what was handed over: its SHA-256 differs.' -f $file)
}
