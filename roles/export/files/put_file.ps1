# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

<#
.SYNOPSIS
Writes one file that is not there yet.

.DESCRIPTION
A file with the same content is left alone, one with another content is refused. The content is never a parameter of a
command, so that module logging does not record it.

.PARAMETER Path
The file.

.PARAMETER Content
Its content in base64.

.PARAMETER Sha256
The SHA-256 that it must have.
#>
[CmdletBinding(SupportsShouldProcess = $true)]
param(
    [Parameter(Mandatory = $true)]
    [string] $Path,

    [Parameter(Mandatory = $true)]
    [string] $Content,

    [Parameter(Mandatory = $true)]
    [string] $Sha256
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$Ansible.Changed = $false

if (Test-Path -LiteralPath $Path) {
    if ((Get-FileHash -LiteralPath $Path -Algorithm SHA256).Hash -ne $Sha256) {
        throw ('{0} is there already and holds something else. Move it away.' -f $Path)
    }
    return
}
$Ansible.Changed = $true
if (-not $PSCmdlet.ShouldProcess($Path, 'Write')) {
    return
}
# Under another name until it is whole, so that a run that is stopped leaves nothing that looks like it.
$unfinished = $Path + '.unfinished'
[System.IO.File]::WriteAllBytes($unfinished, [System.Convert]::FromBase64String($Content))
if ((Get-FileHash -LiteralPath $unfinished -Algorithm SHA256).Hash -ne $Sha256) {
    throw ('{0} is not what was sent: its SHA-256 differs.' -f $unfinished)
}
[System.IO.File]::Move($unfinished, $Path)
