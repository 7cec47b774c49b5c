# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

<#
.SYNOPSIS
Signs in to the tenant's protection service, does one thing, and signs out again.

.DESCRIPTION
The operations whose names begin with read, and export_template, change nothing. Each of the others compares first and
changes one thing.
Works with the module AIPService and with the old AADRM, whose cmdlets have other names.
#>
[CmdletBinding(SupportsShouldProcess = $true)]
param(
    [Parameter(Mandatory = $true)]
    [ValidateSet('read_functional_state', 'read_state', 'read_keys', 'read_templates', 'enable_super_user', 'add_super_user',
        'set_super_user_group', 'disable_service', 'export_template', 'activate_key', 'read_admin_log')]
    [string] $Operation,

    [Parameter(Mandatory = $true)]
    [ValidateSet('AIPService', 'AADRM')]
    [string] $Module,

    [Parameter(Mandatory = $true)]
    [string] $ModuleVersion,

    [Parameter(Mandatory = $true)]
    [ValidateSet('service_principal', 'access_token', 'credential')]
    [string] $SignIn,

    [string] $TenantId,
    [string] $EnvironmentName,
    [string] $ApplicationId,
    [string] $CertificateThumbprint,
    [securestring] $AccessToken,
    [pscredential] $Credential,

    # What add_super_user and set_super_user_group are about.
    [string] $EmailAddress,
    # What export_template is about.
    [string] $TemplateId,
    # What activate_key is about.
    [string] $KeyIdentifier,
    # From when to when read_admin_log reads, as ISO 8601 writes it. Without a zone it is UTC.
    [string] $FromTime,
    [string] $ToTime
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$Ansible.Changed = $false

if ($Module -eq 'AADRM') {
    $session, $noun = 'AadrmService', 'Aadrm'
} else {
    $session, $noun = 'AipService', 'AipService'
}

function Connect-Tenant {
    $how = @{}
    if ($TenantId) { $how['TenantId'] = $TenantId }
    if ($EnvironmentName) { $how['EnvironmentName'] = $EnvironmentName }
    if ($SignIn -eq 'service_principal') {
        $how['ServicePrincipal'] = $true
        $how['ApplicationId'] = $ApplicationId
        $how['CertificateThumbprint'] = $CertificateThumbprint
    } elseif ($SignIn -eq 'access_token') {
        # The cmdlet takes no other form.
        $how['AccessToken'] = (New-Object -TypeName System.Net.NetworkCredential -ArgumentList '', $AccessToken).Password
    } else {
        $how['Credential'] = $Credential
    }
    $null = & "Connect-$session" @how
}

function Get-Text {
    # The first of these properties that has a value, as text. Versions of the module name them differently.
    param($From, [string[]] $Name)
    foreach ($one in $Name) {
        $property = $From.PSObject.Properties[$one]
        if ($null -ne $property -and $null -ne $property.Value) {
            return [string] $property.Value
        }
    }
    return ''
}

function Get-FunctionalState {
    return [string] (& "Get-$noun")
}

function Get-SuperUser {
    return @(& "Get-${noun}SuperUser" | ForEach-Object { [string] $_ })
}

function Get-SuperUserGroup {
    return [string] (& "Get-${noun}SuperUserGroup")
}

function Read-State {
    $configuration = & "Get-${noun}Configuration"
    return @{
        functional_state = Get-FunctionalState
        service_id = Get-Text $configuration 'RightsManagementServiceId', 'AzureInformationProtectionServiceId'
        licensing_intranet_url = Get-Text $configuration 'LicensingIntranetDistributionPointUrl'
        licensing_extranet_url = Get-Text $configuration 'LicensingExtranetDistributionPointUrl'
        certification_intranet_url = Get-Text $configuration 'CertificationIntranetDistributionPointUrl'
        certification_extranet_url = Get-Text $configuration 'CertificationExtranetDistributionPointUrl'
        licensor_certificate_guid = Get-Text $configuration 'CurrentLicensorCertificateGuid'
        key_rollover_count = Get-Text $configuration 'KeyRolloverCount'
        super_users_enabled = Get-Text $configuration 'SuperUsersEnabled'
        super_users = @(Get-SuperUser)
        super_user_group = Get-SuperUserGroup
    }
}

function Read-Key {
    $keys = @(& "Get-${noun}Keys" | ForEach-Object {
            $created = $_.PSObject.Properties['CreationTime']
            @{
                key_identifier = Get-Text $_ 'KeyIdentifier'
                status = Get-Text $_ 'Status'
                key_type = Get-Text $_ 'KeyType'
                creation_time = if ($null -ne $created -and $created.Value -is [datetime]) {
                    $created.Value.ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ssZ')
                } else {
                    Get-Text $_ 'CreationTime'
                }
            }
        })
    return @{ keys = $keys }
}

function Read-Template {
    $templates = @(& "Get-${noun}Template" | ForEach-Object {
            $names = @{}
            $named = $_.PSObject.Properties['Names']
            if ($null -ne $named -and $named.Value -is [System.Collections.IDictionary]) {
                foreach ($entry in $named.Value.GetEnumerator()) {
                    $names[[string] $entry.Key] = [string] $entry.Value
                }
            }
            @{ template_id = Get-Text $_ 'TemplateId'; status = Get-Text $_ 'Status'; names = $names }
        })
    return @{ templates = $templates }
}

function Enable-SuperUser {
    if ([string] (& "Get-${noun}SuperUserFeature") -ne 'Enabled') {
        if ($PSCmdlet.ShouldProcess('super user feature', 'enable')) {
            $null = & "Enable-${noun}SuperUserFeature"
        }
        $Ansible.Changed = $true
    }
    return @{ super_users_enabled = [string] (& "Get-${noun}SuperUserFeature") }
}

function Add-SuperUser {
    if (@(Get-SuperUser) -notcontains $EmailAddress) {
        if ($PSCmdlet.ShouldProcess($EmailAddress, 'make a super user')) {
            $null = & "Add-${noun}SuperUser" -EmailAddress $EmailAddress
        }
        $Ansible.Changed = $true
    }
    return @{ super_users = @(Get-SuperUser) }
}

function Set-SuperUserGroup {
    if ((Get-SuperUserGroup) -ne $EmailAddress) {
        if ($PSCmdlet.ShouldProcess($EmailAddress, 'make the super user group')) {
            $null = & "Set-${noun}SuperUserGroup" -GroupEmailAddress $EmailAddress
        }
        $Ansible.Changed = $true
    }
    return @{ super_user_group = Get-SuperUserGroup }
}

function Disable-Service {
    $before = Get-FunctionalState
    if ($before -ne 'Disabled') {
        if ($PSCmdlet.ShouldProcess('protection service', 'disable')) {
            $null = & "Disable-$noun"
        }
        $Ansible.Changed = $true
    }
    return @{ functional_state_before = $before; functional_state = Get-FunctionalState }
}

function Read-Output {
    # What a cmdlet writes into the file that its -Path names, in base64. The file is a temporary one of this user's.
    param([string] $Command, [hashtable] $Argument)
    # Reading is not to stop at a question, or because nothing is to be changed.
    $WhatIfPreference = $false
    $ConfirmPreference = 'None'
    $path = Join-Path -Path ([System.IO.Path]::GetTempPath()) -ChildPath ([System.Guid]::NewGuid().ToString('N'))
    try {
        $null = & $Command -Path $path @Argument
        if (-not (Test-Path -LiteralPath $path)) {
            throw "$Command has written no file."
        }
        return [System.Convert]::ToBase64String([System.IO.File]::ReadAllBytes($path))
    } finally {
        if (Test-Path -LiteralPath $path) {
            Remove-Item -LiteralPath $path -Force
        }
    }
}

function Export-Template {
    return @{ template_id = $TemplateId; content = Read-Output "Export-${noun}Template" @{ TemplateId = $TemplateId } }
}

function Read-AdminLog {
    $universal = [System.Globalization.DateTimeStyles] 'AssumeUniversal, AdjustToUniversal'
    $between = @{}
    foreach ($name in 'FromTime', 'ToTime') {
        $text = Get-Variable -Name $name -ValueOnly
        if ($text) {
            $between[$name] = [datetime]::Parse($text, [cultureinfo]::InvariantCulture, $universal)
        }
    }
    return @{ content = Read-Output "Get-${noun}AdminLog" $between }
}

function Enable-Key {
    $active = @((Read-Key).keys | Where-Object { $_.key_identifier -eq $KeyIdentifier -and $_.status -eq 'Active' })
    if ($active.Count -eq 0) {
        if ($PSCmdlet.ShouldProcess($KeyIdentifier, 'make the active key')) {
            # Without -Force it asks. The key that was active becomes an archived one by this.
            $null = & "Set-${noun}KeyProperties" -KeyIdentifier $KeyIdentifier -Active $true -Force
        }
        $Ansible.Changed = $true
    }
    return Read-Key
}

Import-Module -Name $Module -RequiredVersion $ModuleVersion
Connect-Tenant
try {
    $found = switch ($Operation) {
        'read_functional_state' { @{ functional_state = Get-FunctionalState } }
        'read_state' { Read-State }
        'read_keys' { Read-Key }
        'read_templates' { Read-Template }
        'enable_super_user' { Enable-SuperUser }
        'add_super_user' { Add-SuperUser }
        'set_super_user_group' { Set-SuperUserGroup }
        'disable_service' { Disable-Service }
        'export_template' { Export-Template }
        'activate_key' { Enable-Key }
        'read_admin_log' { Read-AdminLog }
    }
} finally {
    # What went wrong before must not be hidden by a failure of this.
    $null = & "Disconnect-$session" -ErrorAction Continue
}
$Ansible.Result = @{ operation = $Operation; module = $Module; module_version = $ModuleVersion; found = $found }
