# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
<#
.SYNOPSIS
    Reads what a client knows of Rights Management.
.DESCRIPTION
    Reads keys of the machine, of each user whose registry is loaded, and of the default profile, and looks for keys and
    folders that a reset would remove. It changes nothing; for the reading only, the default profile's hive is loaded.
#>
[CmdletBinding(SupportsShouldProcess = $true)]
param(
    # Which accounts count as users.
    [Parameter(Mandatory = $true)] [string] $SidPattern,
    # Keys whose values are read, below HKLM and below each user's hive.
    [string[]] $MachineKeys = @(),
    [string[]] $UserKeys = @(),
    # Keys that are only looked for, below HKLM, a user's hive, and a user's hive of classes.
    [string[]] $MachineTrees = @(),
    [string[]] $UserTrees = @(),
    [string[]] $ClassesTrees = @(),
    # Folders that are only looked for, below a profile's local application data.
    [string[]] $LocalFolders = @()
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$Ansible.Changed = $false

$profileList = 'SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList'
$mountedName = 'infoprotect.tenant_key'

function Open-Root([string] $Hive) {
    # Not the view of this process, but the whole registry: the second view is the key Wow6432Node in it.
    return [Microsoft.Win32.RegistryKey]::OpenBaseKey([Microsoft.Win32.RegistryHive] $Hive, [Microsoft.Win32.RegistryView]::Registry64)
}

function Read-Key([Microsoft.Win32.RegistryKey] $Root, [string] $Path) {
    $found = @{ 'path' = $Path; 'exists' = $false; 'subkeys' = 0; 'values' = @() }
    $key = $Root.OpenSubKey($Path)
    if ($null -eq $key) {
        return $found
    }
    try {
        $values = New-Object -TypeName 'System.Collections.Generic.List[object]'
        foreach ($name in $key.GetValueNames()) {
            $data = $key.GetValue($name, $null, [Microsoft.Win32.RegistryValueOptions]::DoNotExpandEnvironmentNames)
            if ($data -is [array]) {
                $data = [string]::Join(', ', $data)
            }
            $type = $key.GetValueKind($name).ToString().ToLowerInvariant()
            $values.Add(@{ 'name' = $name; 'type' = $type; 'data' = $data })
        }
        $found['exists'] = $true
        $found['subkeys'] = $key.SubKeyCount
        $found['values'] = $values.ToArray()
    }
    finally {
        $key.Dispose()
    }
    return $found
}

function Test-Key([Microsoft.Win32.RegistryKey] $Root, [string] $Path) {
    $key = $Root.OpenSubKey($Path)
    if ($null -eq $key) {
        return $false
    }
    $key.Dispose()
    return $true
}

function Read-Folder([string] $ProfileFolder, [string] $Name) {
    $path = $ProfileFolder
    $exists = $true
    $linked = $false
    foreach ($part in ('AppData\Local\' + $Name).Split('\')) {
        $path = $path + '\' + $part
        $item = New-Object -TypeName System.IO.DirectoryInfo -ArgumentList $path
        # The attributes of a folder that is not there are all set.
        $exists = $item.Exists
        if ($exists -and ($item.Attributes -band [System.IO.FileAttributes]::ReparsePoint)) {
            $linked = $true
        }
    }
    return @{ 'name' = $Name; 'path' = $path; 'exists' = $exists; 'linked' = $linked }
}

function Invoke-Reg([string] $Arguments) {
    # What reg.exe writes to its error stream must not become an error of this script, hence no call operator.
    $start = New-Object -TypeName System.Diagnostics.ProcessStartInfo
    $start.FileName = [System.IO.Path]::Combine([System.Environment]::SystemDirectory, 'reg.exe')
    $start.Arguments = $Arguments
    $start.UseShellExecute = $false
    $start.CreateNoWindow = $true
    $start.RedirectStandardError = $true
    $process = [System.Diagnostics.Process]::Start($start)
    $message = $process.StandardError.ReadToEnd()
    $process.WaitForExit()
    if ($process.ExitCode -ne 0) {
        throw "reg.exe $Arguments has failed: $message"
    }
}

$localMachine = Open-Root -Hive 'LocalMachine'
$allUsers = Open-Root -Hive 'Users'

# Users: whoever has a profile here, and whoever's registry is loaded.
$profiles = @{}
$defaultProfile = ''
$listed = $localMachine.OpenSubKey($profileList)
if ($null -ne $listed) {
    $defaultProfile = [string] $listed.GetValue('Default', '')
    foreach ($sid in $listed.GetSubKeyNames()) {
        $one = $listed.OpenSubKey($sid)
        $profiles[$sid] = [string] $one.GetValue('ProfileImagePath', '')
        $one.Dispose()
    }
    $listed.Dispose()
}
$loaded = @($allUsers.GetSubKeyNames())
$sids = @(@($profiles.Keys) + $loaded | Where-Object { $_ -match $SidPattern } | Sort-Object -Unique)

$users = New-Object -TypeName 'System.Collections.Generic.List[object]'
foreach ($sid in $sids) {
    $user = @{ 'sid' = $sid; 'profile' = ''; 'loaded' = ($loaded -contains $sid) }
    $user['keys'] = @()
    $user['trees'] = @()
    $user['classes'] = @()
    $user['folders'] = @()
    if ($profiles.ContainsKey($sid)) {
        $user['profile'] = $profiles[$sid]
        $user['folders'] = @($LocalFolders | ForEach-Object { Read-Folder -ProfileFolder $profiles[$sid] -Name $_ })
    }
    if ($user['loaded']) {
        $user['keys'] = @($UserKeys | ForEach-Object { Read-Key -Root $allUsers -Path "$sid\$_" })
        foreach ($key in $user['keys']) {
            $key['path'] = $key['path'].Substring($sid.Length + 1)
        }
        $user['trees'] = @($UserTrees | Where-Object { Test-Key -Root $allUsers -Path "$sid\$_" })
        $user['classes'] = @($ClassesTrees | Where-Object { Test-Key -Root $allUsers -Path "${sid}_Classes\$_" })
    }
    $users.Add($user)
}

$default = @{ 'profile' = $defaultProfile; 'hive' = ''; 'keys' = @(); 'folders' = @() }
if ($defaultProfile -ne '') {
    $default['folders'] = @($LocalFolders | ForEach-Object { Read-Folder -ProfileFolder $defaultProfile -Name $_ })
    $hive = $defaultProfile + '\NTUSER.DAT'
    if ([System.IO.File]::Exists($hive)) {
        $default['hive'] = $hive
    }
}
if ($default['hive'] -ne '' -and $UserKeys.Length -gt 0) {
    if (Test-Key -Root $localMachine -Path $mountedName) {
        # A run before this one was stopped in between.
        Invoke-Reg -Arguments "unload ""HKLM\$mountedName"""
    }
    Invoke-Reg -Arguments "load ""HKLM\$mountedName"" ""$hive"""
    try {
        $default['keys'] = @($UserKeys | ForEach-Object { Read-Key -Root $localMachine -Path "$mountedName\$_" })
        foreach ($key in $default['keys']) {
            $key['path'] = $key['path'].Substring($mountedName.Length + 1)
        }
    }
    finally {
        # A hive with an open handle cannot be unloaded.
        [System.GC]::Collect()
        [System.GC]::WaitForPendingFinalizers()
        Invoke-Reg -Arguments "unload ""HKLM\$mountedName"""
    }
}

$Ansible.Result = @{
    'computer' = [System.Environment]::MachineName
    'os64' = [System.Environment]::Is64BitOperatingSystem
    'process64' = [System.Environment]::Is64BitProcess
    'machine' = @($MachineKeys | ForEach-Object { Read-Key -Root $localMachine -Path $_ })
    'machine_trees' = @($MachineTrees | Where-Object { Test-Key -Root $localMachine -Path $_ })
    'default' = $default
    'users' = $users.ToArray()
}
