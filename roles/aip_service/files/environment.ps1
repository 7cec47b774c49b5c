# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

<#
.SYNOPSIS
Says which PowerShell this is, and which modules for the tenant's protection service there are.

.DESCRIPTION
Reads only. Whether that is good enough is decided by the role.
#>
[CmdletBinding(SupportsShouldProcess = $true)]
param()
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$Ansible.Changed = $false

# Windows PowerShell before 5.1 does not tell its edition.
$edition = 'Desktop'
if ($PSVersionTable.ContainsKey('PSEdition')) {
    $edition = [string] $PSVersionTable['PSEdition']
}
$modules = @(Get-Module -ListAvailable -Name 'AIPService', 'AADRM' | ForEach-Object {
        @{ name = $_.Name; version = [string] $_.Version }
    })
$Ansible.Result = @{
    edition = $edition
    version = [string] $PSVersionTable['PSVersion']
    modules = $modules
}
