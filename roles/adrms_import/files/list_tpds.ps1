# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

<#
.SYNOPSIS
Lists the trusted publishing domains of an AD RMS cluster.

.DESCRIPTION
Needs 64-bit Windows PowerShell on a server with the module AdRmsAdmin. Changes nothing.

.PARAMETER Root
Where the AdRmsAdmin provider finds the cluster.
#>
[CmdletBinding(SupportsShouldProcess = $true)]
param(
    [Parameter(Mandatory = $true)]
    [string] $Root
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$Ansible.Changed = $false

Import-Module -Name AdRmsAdmin
$drive = 'InfoprotectTenantKey'
$null = New-PSDrive -Name $drive -PSProvider AdRmsAdmin -Root $Root -WhatIf:$false -Confirm:$false
try {
    $tpds = @(Get-ChildItem -Path ($drive + ':\TrustPolicy\TrustedPublishingDomain') | ForEach-Object {
            @{ id = [string] $_.Id; display_name = [string] $_.DisplayName }
        })
    $Ansible.Result = @{ tpds = $tpds }
} finally {
    Remove-PSDrive -Name $drive -WhatIf:$false -Confirm:$false
}
