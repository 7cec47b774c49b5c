# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

<#
.SYNOPSIS
Imports a trusted publishing domain (TPD) into an AD RMS cluster.

.DESCRIPTION
Needs 64-bit Windows PowerShell on a server with the module AdRmsAdmin, as a member of AD RMS Enterprise Administrators.
A file with another SHA-256 than the given one is not imported.

.PARAMETER Root
Where the AdRmsAdmin provider finds the cluster.

.PARAMETER DisplayName
The name under which AD RMS shows the trusted publishing domain.

.PARAMETER SourceFile
The file with the TPD.

.PARAMETER Sha256
The SHA-256 of that file.

.PARAMETER Password
The password of the TPD.
#>
[CmdletBinding(SupportsShouldProcess = $true)]
param(
    [Parameter(Mandatory = $true)]
    [string] $Root,

    [Parameter(Mandatory = $true)]
    [string] $DisplayName,

    [Parameter(Mandatory = $true)]
    [string] $SourceFile,

    [Parameter(Mandatory = $true)]
    [string] $Sha256,

    [Parameter(Mandatory = $true)]
    [securestring] $Password
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$Ansible.Changed = $false

if (-not $PSCmdlet.ShouldProcess($DisplayName, 'Import trusted publishing domain')) {
    $Ansible.Changed = $true
    return
}
if ((Get-FileHash -LiteralPath $SourceFile -Algorithm SHA256).Hash -ne $Sha256) {
    throw ('{0} is not what was handed over: its SHA-256 differs.' -f $SourceFile)
}

Import-Module -Name AdRmsAdmin
$drive = 'InfoprotectTenantKey'
$null = New-PSDrive -Name $drive -PSProvider AdRmsAdmin -Root $Root
try {
    # Named parameters only: two of them are documented at the same position. Without a password it would ask for one.
    $import = @{
        Path = $drive + ':\TrustPolicy\TrustedPublishingDomain'
        DisplayName = $DisplayName
        SourceFile = $SourceFile
        Password = $Password
    }
    $null = Import-RmsTPD @import
    $Ansible.Changed = $true
} finally {
    Remove-PSDrive -Name $drive
}
