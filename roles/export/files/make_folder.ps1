# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

<#
.SYNOPSIS
Makes the folder in which AadrmTpd.exe works, for administrators and the system only.

.DESCRIPTION
The folder has its access control list from birth. One that is there already is taken as it is, if nobody else has access.

.PARAMETER Folder
The folder.
#>
[CmdletBinding(SupportsShouldProcess = $true)]
param(
    [Parameter(Mandatory = $true)]
    [string] $Folder
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$Ansible.Changed = $false

# Administrators and SYSTEM by their well-known SIDs: their names differ by language.
$known = @('S-1-5-32-544', 'S-1-5-18')

if (-not (Test-Path -LiteralPath $Folder)) {
    $Ansible.Changed = $true
    if (-not $PSCmdlet.ShouldProcess($Folder, 'Make folder')) {
        return
    }
    $access = New-Object -TypeName System.Security.AccessControl.DirectorySecurity
    $access.SetAccessRuleProtection($true, $false)
    foreach ($sid in $known) {
        $trusted = New-Object -TypeName System.Security.Principal.SecurityIdentifier -ArgumentList $sid
        $rule = @($trusted, 'FullControl', 'ContainerInherit, ObjectInherit', 'None', 'Allow')
        $access.AddAccessRule((New-Object -TypeName System.Security.AccessControl.FileSystemAccessRule -ArgumentList $rule))
    }
    $null = [System.IO.Directory]::CreateDirectory($Folder, $access)
}
$rules = (Get-Acl -LiteralPath $Folder).GetAccessRules($true, $true, [System.Security.Principal.SecurityIdentifier])
$others = @($rules | Where-Object { ($_.AccessControlType -eq 'Allow') -and ($known -notcontains $_.IdentityReference.Value) })
if ($others.Count -gt 0) {
    throw ('{0} is open to others than administrators and the system. Give AadrmTpd.exe a folder of its own.' -f $Folder)
}
