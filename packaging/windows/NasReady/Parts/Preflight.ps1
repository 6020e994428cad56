# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# What spoils a backup and can be seen before it. Each check answers findings like the agent's: code, severity (info, warn,
# block), message, remedy.

function New-NasReadyFinding {
    param([string]$Code, [string]$Severity, [string]$Message, [string]$Remedy = '')
    [pscustomobject]@{ PSTypeName = 'NasReady.Finding'; Code = $Code; Severity = $Severity; Message = $Message; Remedy = $Remedy; Where = 'server' }
}

function Test-NasReadyIdentity {
    $who = Get-WinIdentity
    if ($who.Sid -eq 'S-1-5-18') {
        New-NasReadyFinding 'runs-as-system' block 'SYSTEM cannot attach a disk from a share: it has no access to the NAS.' 'Register-NasReadyTask runs it as an account with a password.'
    } elseif (-not $who.Elevated) {
        New-NasReadyFinding 'not-elevated' block "$($who.Name) is not an elevated administrator, who alone may attach disks and back up." 'Run PowerShell as administrator.'
    }
}

function Test-NasReadyFeature {
    $features = Get-WinFeature
    if (-not $features.ServerBackup) {
        New-NasReadyFinding 'no-server-backup' block 'Windows Server Backup is not installed.' 'Install-WindowsFeature Windows-Server-Backup.'
    }
    if ([version]$features.Version -lt [version]'6.2') {
        New-NasReadyFinding 'windows-too-old' block "Windows $($features.Version) knows no VHDX." 'Windows Server 2012 or later.'
    }
    if ((Get-WinBackupJob).Running) {
        New-NasReadyFinding 'other-job' block 'A backup is running on this server already.' 'Wait until it has ended (wbadmin get status).'
    }
}

function Test-NasReadyLink {
    param([string]$Server)
    $address = Resolve-WinAddress $Server
    if (-not $address) { return (New-NasReadyFinding 'name-unknown' warn "The name $Server cannot be resolved to an address." 'Use the address of the NAS.') }
    $link = Get-WinLink $address
    if ($link) {
        if ($link.Wireless) { New-NasReadyFinding 'link-wireless' block "The NAS is reached by wireless ($($link.Name))." 'Never back up over wireless: use a cable.' }
        if ($link.SpeedMbps -and $link.SpeedMbps -lt 1000) { New-NasReadyFinding 'link-slow' warn "The link $($link.Name) runs at $($link.SpeedMbps) Mbit/s." 'A gigabit link at both ends: check cable and switch.' }
        if ($link.FullDuplex -eq $false) { New-NasReadyFinding 'link-half-duplex' block "The link $($link.Name) runs half duplex." 'Let both ends negotiate; check the cable.' }
    }
    Test-NasReadyJumbo $address $link
}

function Test-NasReadyJumbo {
    param([string]$Address, [object]$Link)
    if ($Link -and $Link.Mtu -and $Link.Mtu -lt 9000) {
        return (New-NasReadyFinding 'mtu-small' info "The link $($Link.Name) has an MTU of $($Link.Mtu)." 'Jumbo frames at all ends (server, switch, NAS) are worth 10 to 20 Mbit/s.')
    }
    if ((Test-WinPing $Address 1472) -and -not (Test-WinPing $Address 8972)) {
        New-NasReadyFinding 'jumbo-broken' warn "This server sends jumbo frames, but none of 9000 bytes reaches the NAS." 'Set the same MTU on the switch and on the NAS, or 1500 everywhere: frames that get lost cost far more than they win.'
    }
}

function Test-NasReadySmb {
    param([string]$Server, [string]$Share)
    $refusal = Test-WinShare "\\$Server\$Share"
    if ($refusal) { New-NasReadyFinding 'share-refused' block "\\$Server\$Share cannot be written: $refusal" 'Check the account of this run and the share''s permissions.' }
    $connection = Get-WinSmbConnection $Server
    if ($connection) {
        if ($connection.Dialect -match '^1') { New-NasReadyFinding 'smb1' warn "The NAS speaks SMB $($connection.Dialect) only." 'docs/windows.md says what that means and what to do.' }
        if ($connection.Encrypted) { New-NasReadyFinding 'smb-encrypted' warn 'The connection to the NAS is encrypted, which a small NAS pays for with most of its throughput.' 'Switch SMB encryption off for this share, in a network that you trust.' }
        elseif ($connection.Signed) { New-NasReadyFinding 'smb-signed' info 'The connection to the NAS is signed, which costs its processor throughput.' 'In a network that you trust signing can be switched off: docs/windows.md.' }
    }
    foreach ($mapping in @(Get-WinMapping $Server)) {
        New-NasReadyFinding 'drive-mapped' warn "$($mapping.Path) is mapped$(if ($mapping.Drive) { " as $($mapping.Drive)" }): its session costs 10 to 20 Mbit/s." "Remove-SmbMapping -RemotePath '$($mapping.Path)'"
    }
}

function Test-NasReadyPower {
    $power = Get-WinPower
    if ($power.OnBattery) { New-NasReadyFinding 'server-on-battery' block 'This server runs on its battery or UPS.' 'Wait for mains.' }
    if ($power.SleepAfterSeconds) { New-NasReadyFinding 'server-sleeps' info "This server would sleep after $($power.SleepAfterSeconds) s; it is kept awake while the backup runs." '' }
}

function Test-NasReadySpace {
    foreach ($volume in @(Get-WinFixedVolume)) {
        if ($volume.SizeBytes -eq 0 -or -not $volume.Letter) { continue }
        $percent = [int][math]::Floor(100d * $volume.FreeBytes / $volume.SizeBytes)
        if ($percent -lt 15) { New-NasReadyFinding 'snapshot-space' warn "$($volume.Letter) has $percent % free; shadow copies want 15 %." 'Make room, or move its shadow storage to another volume.' }
    }
}

# can be seen only once the disk is mounted
function Test-NasReadyDiskCache {
    param([object]$Disk)
    $cache = Get-WinDiskCache $Disk.Number
    if ($cache.PowerProtected) {
        New-NasReadyFinding 'flush-off' warn 'Windows was told not to flush its write cache for this disk: a power cut at either end can cost the backups on it.' 'Only with a UPS at the server, the switch and the NAS; else switch buffer flushing on again (Device Manager, the disk''s policies).'
    }
}

function Get-NasReadyPreflight {
    param([object]$Target)
    Test-NasReadyIdentity
    Test-NasReadyFeature
    Test-NasReadyPower
    Test-NasReadyLink $Target.Server
    Test-NasReadySmb $Target.Server $Target.Share
    Test-NasReadySpace
    $disk = Get-WinVhd $Target.Unc
    if (-not $disk) { New-NasReadyFinding 'no-disk' block "There is no $($Target.Unc)." 'New-NasReadyDisk creates it.' }
    elseif ($disk.Attached) { New-NasReadyFinding 'disk-mounted' block "$($Target.Unc) is mounted on this server already." 'Repair-NasReadyState, or Dismount-NasReadyDisk if somebody mounted it by hand.' }
}

<#
.SYNOPSIS
Everything that a backup checks before it begins, without beginning it.
.DESCRIPTION
Answers the findings of both sides: what the agent says of the NAS, and what this server can see of itself, of the link
between the two and of the share. A finding of severity block stops a backup; wait makes it wait.
.PARAMETER Path
The disk, as in \\NAS\Backup\SRV1.vhdx.
.PARAMETER AgentUri
Where the agent answers, if not at port 8439 of that NAS.
.EXAMPLE
Test-NasReadyBackup \\nas\Backup\SRV1.vhdx | Format-Table Severity, Code, Message -Wrap
#>
function Test-NasReadyBackup {
    [CmdletBinding()]
    param([Parameter(Mandatory, Position = 0)][string]$Path, [uri]$AgentUri)
    $target = ConvertFrom-NasReadyPath $Path
    Get-NasReadyPreflight $target
    $answer = Get-NasReadyAnswer (Get-NasReadyAgent -Path $Path -AgentUri $AgentUri) $target.Disk
    ConvertFrom-NasReadyFinding $answer.Findings
}

function ConvertFrom-NasReadyFinding {
    param([object[]]$Findings)
    foreach ($finding in $Findings) {
        if (-not $finding) { continue }
        $own = New-NasReadyFinding ([string]$finding.code) ([string]$finding.severity) ([string]$finding.message) ([string]$finding.remedy)
        $own.Where = 'nas'
        $own
    }
}
