# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors

<#
.SYNOPSIS
Attaches a backup disk for a look or a restore; read-only unless told otherwise.
.DESCRIPTION
Read-only is right for restoring files: Windows Server Backup and Explorer read from it, and nothing can be spoiled.
Answers disk number and volume. Dismount-NasReadyDisk takes it away again; Repair-NasReadyState does too, after a crash.
.PARAMETER Path
The disk, as in \\NAS\Backup\SRV1.vhdx.
.PARAMETER ReadOnly
The default; -ReadOnly:$false attaches it for writing, which replays the log of a disk that was not closed cleanly.
.PARAMETER AgentUri
Where the agent answers, if not at port 8439 of that NAS.
.EXAMPLE
Mount-NasReadyDisk \\nas\Backup\SRV1.vhdx -ReadOnly
#>
function Mount-NasReadyDisk {
    [CmdletBinding(SupportsShouldProcess)]
    param([Parameter(Mandatory, Position = 0)][string]$Path, [switch]$ReadOnly = $true, [uri]$AgentUri)
    $target = ConvertFrom-NasReadyPath $Path
    $block = @(Test-NasReadyIdentity | Where-Object { $_.Severity -eq 'block' })
    if ($block.Count) { Stop-NasReady -Code $block[0].Code -Subject $target.Unc -Category PermissionDenied -Message $block[0].Message -Remedy $block[0].Remedy }
    $image = Get-WinVhd $target.Unc
    if (-not $image) { Stop-NasReady -Code 'no-disk' -Subject $target.Unc -Category ObjectNotFound -Message "There is no $($target.Unc)." -Remedy 'Is the name right, and may this account read the share?' }
    if ($image.Attached) { Stop-NasReady -Code 'disk-mounted' -Subject $target.Unc -Category ResourceBusy -Message "$($target.Unc) is mounted already (disk $($image.DiskNumber))." -Remedy 'Dismount-NasReadyDisk takes it away.' }
    if (-not $PSCmdlet.ShouldProcess($target.Unc, 'attach')) { return }
    # a restore must work without the NAS's agent
    $agent = [pscustomobject]@{ Server = $target.Server; Uri = [string]$AgentUri; Credential = $null; Client = $null; Version = $null }
    $record = New-NasReadyRecord $target $agent
    $mounted = $null
    try {
        $mounted = Mount-NasReadyVolume $target $record -ReadOnly:$ReadOnly
        Set-NasReadyStage $record 'mounted by hand'
    } finally {
        if ($mounted) { Close-NasReadyRecord $record } else { Undo-NasReadyRun $agent $target $record }
        Write-Progress -Activity "nasready: $($target.Unc)" -Completed
    }
    [pscustomobject]@{ PSTypeName = 'NasReady.MountedDisk'; Path = $target.Unc; DiskNumber = $mounted.Disk.Number; Volume = $mounted.Volume.Path
        Letter = $mounted.Volume.Letter; Label = $mounted.Volume.Label; ReadOnly = [bool]$ReadOnly }
}

<#
.SYNOPSIS
Flushes a backup disk, takes it offline and detaches it.
.DESCRIPTION
Refuses while a backup runs.
.PARAMETER Path
The disk, as in \\NAS\Backup\SRV1.vhdx.
.EXAMPLE
Dismount-NasReadyDisk \\nas\Backup\SRV1.vhdx
#>
function Dismount-NasReadyDisk {
    [CmdletBinding(SupportsShouldProcess)]
    param([Parameter(Mandatory, Position = 0)][string]$Path)
    $target = ConvertFrom-NasReadyPath $Path
    if ((Get-WinBackupJob).Running) {
        Stop-NasReady -Code 'job-running' -Subject $target.Unc -Category ResourceBusy -Message 'A backup runs on this server; its disk must not be taken away.' -Remedy 'Wait until it has ended.'
    }
    if (-not $PSCmdlet.ShouldProcess($target.Unc, 'dismount')) { return }
    $file = Get-NasReadyRecordFile $target.Unc
    if (-not [System.IO.File]::Exists($file)) {
        $record = New-NasReadyRecord $target ([pscustomobject]@{ Uri = '' })
        $record.Mounted = $true
        Save-NasReadyRecord $record
        Close-NasReadyRecord $record
    }
    $repaired = Repair-NasReadyState -Path $target.Unc -Confirm:$false
    if (-not $repaired) { Stop-NasReady -Code 'already-running' -Subject $target.Unc -Category ResourceBusy -Message "A run uses $($target.Unc)." -Remedy 'Wait until it has ended.' }
    if (-not $repaired.Clean) { Stop-NasReady -Code 'dismount-failed' -Subject $target.Unc -Message ($repaired.Left -join ' ') -Remedy 'Close what uses the disk, then again.' }
}

<#
.SYNOPSIS
The backups on a disk, newest first.
.DESCRIPTION
Mounts the disk read-only if it is not mounted, asks Windows Server Backup for its versions, and takes it away again.
.PARAMETER Path
The disk, as in \\NAS\Backup\SRV1.vhdx.
.PARAMETER Server
Whose backups; those of this server by default.
.EXAMPLE
Get-NasReadyVersion \\nas\Backup\SRV1.vhdx | Select-Object -First 1
#>
function Get-NasReadyVersion {
    [CmdletBinding()]
    param([Parameter(Mandatory, Position = 0)][string]$Path, [string]$Server)
    $target = ConvertFrom-NasReadyPath $Path
    $image = Get-WinVhd $target.Unc
    $ours = -not ($image -and $image.Attached)
    if ($ours) { [void](Mount-NasReadyDisk -Path $target.Unc -Confirm:$false) }
    try {
        $volume = Get-WinDiskVolume (Get-WinVhd $target.Unc).DiskNumber
        $text = Get-WinBackupVersionText -Target (Get-NasReadyVolumeName $volume) -Machine $Server
        ConvertFrom-NasReadyVersionText ([string]$text) | Sort-Object Time -Descending
    } finally {
        if ($ours) { Dismount-NasReadyDisk -Path $target.Unc -Confirm:$false }
    }
}

<#
.SYNOPSIS
How to restore this server onto bare metal, every command for the recovery environment.
.DESCRIPTION
The text of the recovery sheet that each backup leaves beside its disk: network, attaching the VHDX from the share, listing
versions, restoring the system, and what has to be excluded. Print it: the server that could show it will be gone.
.PARAMETER Path
The disk, as in \\NAS\Backup\SRV1.vhdx.
.PARAMETER Version
The version to restore; the last one of this server's backups if it is known.
.EXAMPLE
Get-NasReadyRecovery \\nas\Backup\SRV1.vhdx | Out-File recovery.txt
#>
function Get-NasReadyRecovery {
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory, Position = 0)][string]$Path, [string]$Version)
    $target = ConvertFrom-NasReadyPath $Path
    if (-not $Version) {
        $last = @((Read-NasReadyFile (Get-NasReadyResultFile)).results | Where-Object { $_ -and $_.Path -eq $target.Unc -and $_.LatestVersion }) | Select-Object -Last 1
        if ($last) { $Version = [string]$last.LatestVersion }
    }
    Format-NasReadyRecovery $target ([System.Environment]::MachineName) $Version $null
}

function Format-NasReadyRecovery {
    param([object]$Target, [string]$Server, [string]$Version, [object]$Run)
    $address = Resolve-WinAddress $Target.Server
    if (-not $address) { $address = $Target.Server }
    if (-not $Version) { $Version = 'MM/DD/YYYY-HH:MM' }
    $share = "\\$address\$($Target.Share)"
    $excluded = @(Get-WinDiskList | Where-Object { -not $_.Boot -and -not $_.Virtual })
    $drivers = @(Get-WinDriver | ForEach-Object { "  $($_.Device): $($_.Inf) $($_.Version)" })
    if (-not $drivers.Count) { $drivers = @('  none besides those of Windows') }
    $lines = @(
        "How to restore $Server from $($Target.Unc)", "Written $(Get-NasReadyTime). NAS: $($Target.Server) ($address). Version: $Version."
        '', 'Drivers that the recovery environment needs from you (network, storage):') + $drivers + @(
        '', "A. A few files, on a running Windows: Mount-NasReadyDisk '$($Target.Unc)' -ReadOnly, then the wizard of Windows Server"
        '   Backup, or wbadmin start recovery; Dismount-NasReadyDisk afterwards.'
        '', 'B. The whole server, onto bare metal: start the Windows Server medium of the same version, Shift+F10 (or Repair your computer,', '   Troubleshoot, Command Prompt), then:', ''
        '     wpeinit', '     drvload X:\path\driver.inf          (only where a driver is missing)', '     ipconfig                            (no address? netsh interface ip set address "Ethernet" static 192.0.2.5 255.255.255.0)'
        "     net use $share /user:NAME *", '     diskpart', "       select vdisk file=`"$share\$($Target.File)`"", '       attach vdisk readonly', '       list volume                       (note the letter of the backup disk; assign letter=B if it has none)', '       exit'
        "     wbadmin get versions -backupTarget:B: -machine:$Server", "     wbadmin start sysrecovery -version:$Version -backupTarget:B: -machine:$Server -restoreAllVolumes -recreateDisks -quiet", ''
        'C. Without -recreateDisks the disks keep their partitions; with it they are repartitioned. Unplug, or exclude with', '   -excludeDisks:ID,ID, every disk that must keep its content:')
    if ($excluded.Count) { $lines += @($excluded | ForEach-Object { "     disk $($_.Number) $($_.Name), $($_.SizeBytes) bytes, id $($_.UniqueId)" }) }
    else { $lines += '     none was known when this was written' }
    $lines += @('', 'If wbadmin says 0x80070001: the path to an image on a share is too long. Attach the VHDX as above instead of naming the share.')
    if ($Run -and $Run.NotIncluded.Count) { $lines += "Not in this backup: $($Run.NotIncluded -join ', ')." }
    ($lines -join "`r`n") + "`r`n"
}
