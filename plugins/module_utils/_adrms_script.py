# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The script that imports a staged TPD into AD RMS: a constant, the same for everyone.

It is a Python string because a module carries nothing else to its host. Every value comes from the manifest beside it.
"""

from __future__ import annotations

SCRIPT = r"""#Requires -Version 4.0
<#
.SYNOPSIS
Imports a staged trusted publishing domain (TPD) into AD RMS.
.DESCRIPTION
Run it on a server of the AD RMS cluster, in 64-bit Windows PowerShell, as a member of AD RMS Enterprise
Administrators. It reads manifest.json beside it, checks the hash of the TPD file, and asks for the password. An import
that is already there is skipped. Where the same display name holds another key, it stops. What was imported is written
to imported.json, by which the next run knows it again.
If the cluster key lives in an HSM, set a cluster key password first (AD RMS console, Security Policies).
.PARAMETER Root
Where the AdRmsAdmin provider finds the cluster.
.PARAMETER Rehearsal
Allows a TPD that was made for a rehearsal. Never use it on a production cluster.
#>
[CmdletBinding(SupportsShouldProcess = $true)]
param(
    [string] $Root = 'https://localhost',
    [switch] $Rehearsal
)

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

function Get-BareId([string] $Id) {
    return $Id.Trim().Trim('{', '}').ToLowerInvariant()
}

function Read-Json([string] $Path) {
    return [System.IO.File]::ReadAllText($Path, [System.Text.Encoding]::UTF8) | ConvertFrom-Json
}

$manifest = Read-Json (Join-Path $PSScriptRoot 'manifest.json')
if ($manifest.schema -ne 1) {
    throw 'The manifest has a schema that this script does not know. Stage the TPD again.'
}
if ($manifest.rehearsal -and -not $Rehearsal) {
    throw 'This TPD was made for a rehearsal. Import it into a test cluster only, with -Rehearsal.'
}

$tpdFile = Join-Path $PSScriptRoot $manifest.tpd_file
if (-not (Test-Path -LiteralPath $tpdFile -PathType Leaf)) {
    throw 'The TPD file named in the manifest is missing. Copy the whole staging folder again.'
}
$hash = (Get-FileHash -LiteralPath $tpdFile -Algorithm SHA256).Hash
if ($hash -ne $manifest.sha256) {
    throw 'The TPD file is not the one in the manifest: its SHA-256 differs. Copy the whole staging folder again.'
}

Import-Module AdRmsAdmin
$drive = 'InfoprotectTenantKey'
New-PSDrive -Name $drive -PSProvider AdRmsAdmin -Root $Root -Scope Script -WhatIf:$false -Confirm:$false | Out-Null
try {
    $container = $drive + ':\TrustPolicy\TrustedPublishingDomain'
    $before = @(Get-ChildItem -Path $container)

    # What this folder imported before, if it did, with the provider's own Id.
    $recordFile = Join-Path $PSScriptRoot 'imported.json'
    $record = $null
    if (Test-Path -LiteralPath $recordFile -PathType Leaf) {
        $record = Read-Json $recordFile
        if ($record.sha256 -ne $manifest.sha256) {
            $record = $null
        }
    }
    $keyId = Get-BareId $manifest.key_id
    foreach ($entry in $before) {
        $id = [string] $entry.Id
        # An Id may be given again after a removal, so the name must be the recorded one too.
        $recorded = ($null -ne $record) -and ($id -eq $record.id) -and ($entry.DisplayName -eq $record.display_name)
        if ($recorded -or ((Get-BareId $id) -eq $keyId)) {
            Write-Output ('Nothing to do: this key is already imported as "{0}", Id {1}.' -f $entry.DisplayName, $id)
            return
        }
    }
    foreach ($entry in $before) {
        if ($entry.DisplayName -eq $manifest.display_name) {
            $text = 'A trusted publishing domain named "{0}" is there already and holds another key (Id {1}). ' +
                'Stage this TPD under another display name.'
            throw ($text -f $entry.DisplayName, $entry.Id)
        }
    }

    if (-not $PSCmdlet.ShouldProcess($manifest.display_name, 'Import trusted publishing domain')) {
        return
    }
    $password = Read-Host -Prompt ('Password of {0}' -f $manifest.tpd_file) -AsSecureString
    Import-RmsTPD -Path $container -DisplayName $manifest.display_name -SourceFile $tpdFile -Password $password

    # Proven by listing: exactly one entry more than before, under the name that was asked for.
    $known = @($before | ForEach-Object { [string] $_.Id })
    $new = @(Get-ChildItem -Path $container | Where-Object { $known -notcontains [string] $_.Id })
    if (($new.Count -ne 1) -or ($new[0].DisplayName -ne $manifest.display_name)) {
        throw ('The import reported success but the list of trusted publishing domains does not show one new entry ' +
            'of that name. Look at the AD RMS console.')
    }
    $imported = [ordered] @{ id = [string] $new[0].Id; display_name = $new[0].DisplayName; sha256 = $manifest.sha256 }
    [System.IO.File]::WriteAllText($recordFile, ($imported | ConvertTo-Json), (New-Object System.Text.UTF8Encoding $false))
    $text = 'Imported "{0}" as Id {1}. Now open a document that was protected before the export: ' +
        'only that shows that the key works.'
    Write-Output ($text -f $new[0].DisplayName, $imported.id)
}
finally {
    Remove-PSDrive -Name $drive -WhatIf:$false -Confirm:$false
}
"""
