# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors

# Attaches the disk and waits until its volume is there: a condition, not a minute. Answers Disk and Volume; with -Raw the
# disk alone, for one that has no volume yet.
function Mount-NasReadyVolume {
    param([object]$Target, [object]$Record, [switch]$ReadOnly, [switch]$Raw, [int]$TimeoutSeconds = 300)
    $Record.Mounted = $true
    Save-NasReadyRecord $Record
    Mount-WinVhd -Path $Target.Unc -ReadOnly:$ReadOnly
    Set-NasReadyStage $Record 'volume'
    $disk = Wait-NasReadyCondition -TimeoutSeconds $TimeoutSeconds -Until {
        $image = Get-WinVhd $Target.Unc
        if ($image -and $image.Attached -and $null -ne $image.DiskNumber) { Get-WinDisk $image.DiskNumber }
    }
    if (-not $disk) { Stop-NasReadyMount $Target "no disk appeared within $TimeoutSeconds s" }
    if ($disk.Offline) { Set-WinDisk -Number $disk.Number -Offline $false }
    if ($Raw) { return [pscustomobject]@{ Disk = $disk; Volume = $null } }
    $volume = Wait-NasReadyCondition -TimeoutSeconds $TimeoutSeconds -Until { Get-WinDiskVolume $disk.Number }
    if (-not $volume) { Stop-NasReadyMount $Target "it shows no NTFS volume within $TimeoutSeconds s" }
    [pscustomobject]@{ Disk = $disk; Volume = $volume }
}

function Stop-NasReadyMount {
    param([object]$Target, [string]$Reason)
    Stop-NasReady -Code 'mount-failed' -Subject $Target.Unc -Category ResourceUnavailable -Message "$($Target.Unc) was attached, but $Reason." `
        -Remedy 'Look at it in Disk Management. A disk that was never initialised: New-NasReadyDisk does it.'
}

# Flush, offline, detach, and see that it is gone. Offline closes whatever still looks at the volume; it may fail on a disk
# that is half gone, which must not keep it attached.
function Dismount-NasReadyVolume {
    param([object]$Target, [object]$Record, [int]$TimeoutSeconds = 120)
    if (-not $Record.Mounted) { return }
    $image = Get-WinVhd $Target.Unc
    if ($image -and $image.Attached) {
        foreach ($step in @('flush', 'offline')) {
            try {
                Set-NasReadyStage $Record $step
                Invoke-NasReadyBeforeDismount $step $image
            } catch {
                Write-Warning "$($Target.Unc): $step before the dismount failed: $($_.Exception.Message)"
            }
        }
        Set-NasReadyStage $Record 'dismount'
        Dismount-WinVhd $Target.Unc
    }
    $gone = Wait-NasReadyCondition -TimeoutSeconds $TimeoutSeconds -Until {
        $now = Get-WinVhd $Target.Unc
        -not $now -or -not $now.Attached
    }
    if (-not $gone) {
        Stop-NasReady -Code 'dismount-failed' -Subject $Target.Unc -Category ResourceBusy -Message "$($Target.Unc) is still attached $TimeoutSeconds s after its dismount." -Remedy 'Close what uses the disk, then Repair-NasReadyState.'
    }
    $Record.Mounted = $false
    Save-NasReadyRecord $Record
}

function Invoke-NasReadyBeforeDismount {
    param([string]$Step, [object]$Image)
    if ($Step -eq 'offline') { Set-WinDisk -Number $Image.DiskNumber -Offline $true; return }
    $volume = Get-WinDiskVolume $Image.DiskNumber
    if ($volume) { Write-WinVolumeCache $volume.Path }
}

# Only a disk that is empty, at our path and of the size that we created is written to.
function Assert-NasReadyDisk {
    param([object]$Target, [object]$Disk, [uint64]$SizeBytes)
    $reason = $null
    if ($Disk.Style -ne 'RAW') { $reason = "it is partitioned already ($($Disk.Style))" }
    elseif ($Disk.Location -and $Disk.Location -ne $Target.Unc) { $reason = "disk $($Disk.Number) is $($Disk.Location)" }
    elseif ($Disk.SizeBytes -ne $SizeBytes) { $reason = "disk $($Disk.Number) has $($Disk.SizeBytes) bytes, not $SizeBytes" }
    if ($reason) {
        Stop-NasReady -Code 'foreign-disk' -Subject $Target.Unc -Category SecurityError -Message "Disk $($Disk.Number) is not initialised: $reason." -Remedy 'Nothing was written to it. Look at it in Disk Management.'
    }
}

function Initialize-NasReadyVolume {
    param([object]$Target, [object]$Disk, [string]$Label, [string]$DriveLetter)
    Initialize-WinDisk -Number $Disk.Number -Label $Label -ClusterBytes 65536 -DriveLetter $DriveLetter
    $volume = Wait-NasReadyCondition -TimeoutSeconds 120 -Until { Get-WinDiskVolume $Disk.Number }
    if (-not $volume) { Stop-NasReadyMount $Target 'its new volume does not appear' }
    if ($volume.ClusterBytes -and $volume.ClusterBytes -ne 65536) {
        Write-Warning "$($Target.Unc) was formatted with clusters of $($volume.ClusterBytes) bytes, not 65536."
    }
    if (-not (Set-WinShadowStorage -Volume (Get-NasReadyVolumeName $volume) -Percent 90)) {
        Write-Warning "$($Target.Unc): the space for earlier versions could not be set; Windows keeps its own limit."
    }
    $volume
}

function Get-NasReadyVolumeName {
    param([object]$Volume)
    if ($Volume.Letter) { return $Volume.Letter }
    $Volume.Path.TrimEnd('\')
}

<#
.SYNOPSIS
Creates the backup disk of a server on the NAS: a fixed VHDX, in steps that cannot time out, formatted for backups.
.DESCRIPTION
Asks the agent before each step, waits until the NAS has settled, and follows a new plan when the agent has one. Then the
disk gets a GPT, one NTFS volume with clusters of 64 KiB, and room for earlier versions; it is dismounted again. Windows
writes zeros over the network meanwhile: count on an hour for 200 GB. Creating needs the Hyper-V role.

With -OnNas the agent creates it in seconds and without those zeros, and Windows formats and tries it while it is still
empty; on any doubt it is deleted, and the steps are taken after all. This way is experimental until it was seen on Windows.
.PARAMETER Path
The disk, as in \\NAS\Backup\SRV1.vhdx: in the root of its share, one for each server.
.PARAMETER Size
Its virtual size: bytes (5.3TB in PowerShell means 5.3 TiB) or a text like "5.3TiB". Measure-NasReadyDiskSize proposes one.
.PARAMETER Label
The name of the volume.
.PARAMETER DriveLetter
The letter of the volume; without one Windows chooses.
.PARAMETER OnNas
Lets the agent create the disk. Needs an account of the agent.
.PARAMETER TimeoutSeconds
How long to wait before a step for the NAS to settle.
.PARAMETER AgentUri
Where the agent answers, if not at port 8439 of that NAS.
.PARAMETER Credential
The account of the agent, for -OnNas.
.EXAMPLE
New-NasReadyDisk \\nas\Backup\SRV1.vhdx -Size 5.3TiB -DriveLetter B
.EXAMPLE
New-NasReadyDisk \\nas\Backup\SRV1.vhdx -Size 2TB -OnNas -Credential operator
#>
function New-NasReadyDisk {
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium')]
    param(
        [Parameter(Mandatory, Position = 0)][string]$Path,
        [Parameter(Mandatory, Position = 1)][object]$Size,
        [ValidateLength(1, 32)][string]$Label = 'Backup Disk',
        [ValidatePattern('^[A-Za-z]$')][string]$DriveLetter,
        [switch]$OnNas,
        [ValidateRange(0, 604800)][int]$TimeoutSeconds = 3600,
        [uri]$AgentUri,
        [System.Management.Automation.PSCredential][System.Management.Automation.Credential()]$Credential
    )
    $target = ConvertFrom-NasReadyPath $Path
    $agent = Get-NasReadyAgent -Path $Path -AgentUri $AgentUri -Credential $Credential
    Assert-NasReadyCanCreate $target -HyperV:(-not $OnNas)
    $plan = Get-NasReadyPlan -Path $Path -Size $Size -AgentUri $AgentUri
    $how = "create it in $($plan.Steps.Count + $plan.StepsOmitted) step(s), $($plan.SizeBytes) bytes"
    if ($OnNas) { $how = "let the NAS create it, $($plan.SizeBytes) bytes" }
    if (-not $PSCmdlet.ShouldProcess($target.Unc, $how)) { return }
    $record = New-NasReadyRecord $target $agent
    try {
        $format = @{ Label = $Label; DriveLetter = $DriveLetter }
        $result = $null
        if ($OnNas) { $result = New-NasReadyDiskOnNas $agent $target $record $plan $format }
        if (-not $result) {
            Invoke-NasReadyLadder $agent $target $record $plan $TimeoutSeconds
            $result = Complete-NasReadyDisk $target $record $plan.SizeBytes $format
        }
        $result
    } finally {
        Undo-NasReadyRun $agent $target $record
    }
}

function Assert-NasReadyCanCreate {
    param([object]$Target, [switch]$HyperV, [switch]$Grow)
    $block = @(Test-NasReadyIdentity | Where-Object { $_.Severity -eq 'block' })
    if ($block.Count) { Stop-NasReady -Code $block[0].Code -Subject $Target.Unc -Category PermissionDenied -Message $block[0].Message -Remedy $block[0].Remedy }
    if ($HyperV -and -not (Get-WinFeature).HyperV) {
        Stop-NasReady -Code 'no-hyper-v' -Subject $Target.Unc -Category NotInstalled -Message 'The Hyper-V role does not run on this server, and New-VHD and Resize-VHD need it.' `
            -Remedy 'Install-WindowsFeature Hyper-V -IncludeManagementTools, create the disk on a server that has it, or let the NAS do it: -OnNas.'
    }
    $there = Get-WinVhd $Target.Unc
    if (-not $Grow -and $there) {
        Stop-NasReady -Code 'disk-exists' -Subject $Target.Unc -Category ResourceExists -Message "$($Target.Unc) exists already ($($there.SizeBytes) bytes)." -Remedy 'Expand-NasReadyDisk grows it; another server takes another name.'
    }
    if ($Grow -and -not $there) { Stop-NasReady -Code 'no-disk' -Subject $Target.Unc -Category ObjectNotFound -Message "There is no $($Target.Unc)." -Remedy 'New-NasReadyDisk creates it.' }
    if ($there -and $there.Attached) { Stop-NasReady -Code 'disk-mounted' -Subject $Target.Unc -Category ResourceBusy -Message "$($Target.Unc) is mounted." -Remedy 'Dismount-NasReadyDisk first.' }
}

# the steps of a plan, each only when the gate opened; the agent may put another plan in its place
function Invoke-NasReadyLadder {
    param([object]$Agent, [object]$Target, [object]$Record, [object]$Plan, [int]$TimeoutSeconds, [uint64]$CurrentBytes = 0)
    $current = $CurrentBytes
    $goal = $Plan.SizeBytes
    $timeout = [int]$Plan.ClientTimeoutSeconds
    for ($replans = 0; $current -lt $goal; ) {
        $size = $Plan.Steps[0].SizeBytes
        $better = Request-NasReadyStep $Agent $Target $size $current $timeout $TimeoutSeconds
        if ($better) {
            if (++$replans -gt 5) { Stop-NasReady -Code 'no-plan' -Subject $Target.Unc -Message "The NAS refused its own plan five times, last at $current bytes." -Remedy 'Get-NasReadyStatus shows what changes so fast there.' }
            $Plan = $better
            continue
        }
        Invoke-NasReadyStep $Target $Record $size $current
        $current = $size
        $rest = @($Plan.Steps | Select-Object -Skip 1)
        if ($rest.Count -eq 0 -and $current -lt $goal) {
            $query = [ordered]@{ share = $Target.Share; size = ConvertTo-NasReadySize $goal; current = ConvertTo-NasReadySize $current; client_timeout_s = $timeout }
            $Plan = ConvertTo-NasReadyPlan (Invoke-NasReadyRequest -Agent $Agent -Path ('/v1/plan' + (ConvertTo-NasReadyQuery $query))).Body
        } else { $Plan.Steps = $rest }
    }
}

function Invoke-NasReadyStep {
    param([object]$Target, [object]$Record, [uint64]$SizeBytes, [uint64]$CurrentBytes)
    Set-NasReadyStage $Record "step to $SizeBytes bytes"
    if ($CurrentBytes -eq 0) {
        $Record.Creating = $true
        Save-NasReadyRecord $Record
        try {
            New-WinVhd -Path $Target.Unc -SizeBytes $SizeBytes
        } catch {
            # half a disk holds nothing: it goes, as Windows itself lets it go
            if (Test-WinFile $Target.Unc) { Remove-WinFile $Target.Unc }
            $Record.Creating = $false
            Stop-NasReady -Code 'create-failed' -Subject $Target.Unc -Message "New-VHD could not create $($Target.Unc): $($_.Exception.Message)" -Remedy 'Nothing is left of it. Wait-NasReady, then try again.'
        }
        $Record.Creating = $false
        Save-NasReadyRecord $Record
        return
    }
    try {
        Resize-WinVhd -Path $Target.Unc -SizeBytes $SizeBytes
    } catch {
        Stop-NasReady -Code 'resize-failed' -Subject $Target.Unc -Message "Resize-VHD could not grow $($Target.Unc) from $CurrentBytes to $SizeBytes bytes: $($_.Exception.Message)" `
            -Remedy 'The disk keeps its size and content: Wait-NasReady, then Expand-NasReadyDisk goes on.'
    }
}

function Complete-NasReadyDisk {
    param([object]$Target, [object]$Record, [uint64]$SizeBytes, [hashtable]$Format, [switch]$Try)
    Set-NasReadyStage $Record 'format'
    $mounted = Mount-NasReadyVolume $Target $Record -Raw
    Assert-NasReadyDisk $Target $mounted.Disk $SizeBytes
    if ($Try -and -not (Test-WinDiskEnds -Number $mounted.Disk.Number -SizeBytes $SizeBytes)) {
        Stop-NasReady -Code 'disk-unreliable' -Subject $Target.Unc -Category InvalidResult -Message "What was written to both ends of $($Target.Unc) was not read back." -Remedy 'The disk is not used.'
    }
    $volume = Initialize-NasReadyVolume $Target $mounted.Disk @Format
    Dismount-NasReadyVolume $Target $Record
    [pscustomobject]@{ PSTypeName = 'NasReady.Disk'; Path = $Target.Unc; SizeBytes = $SizeBytes; Label = $volume.Label; Letter = $volume.Letter; ClusterBytes = $volume.ClusterBytes }
}

<#
.SYNOPSIS
Grows a backup disk: the file in steps that cannot time out, then its partition.
.PARAMETER Path
The disk, as in \\NAS\Backup\SRV1.vhdx. It must not be mounted.
.PARAMETER Size
Its new virtual size: bytes or a text like "7TiB".
.PARAMETER OnNas
Lets the agent grow the file. Needs an account of the agent; experimental.
.PARAMETER TimeoutSeconds
How long to wait before a step for the NAS to settle.
.PARAMETER AgentUri
Where the agent answers, if not at port 8439 of that NAS.
.PARAMETER Credential
The account of the agent, for -OnNas.
.EXAMPLE
Expand-NasReadyDisk \\nas\Backup\SRV1.vhdx -Size 7TiB
#>
function Expand-NasReadyDisk {
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium')]
    param(
        [Parameter(Mandatory, Position = 0)][string]$Path,
        [Parameter(Mandatory, Position = 1)][object]$Size,
        [switch]$OnNas,
        [ValidateRange(0, 604800)][int]$TimeoutSeconds = 3600,
        [uri]$AgentUri,
        [System.Management.Automation.PSCredential][System.Management.Automation.Credential()]$Credential
    )
    $target = ConvertFrom-NasReadyPath $Path
    $agent = Get-NasReadyAgent -Path $Path -AgentUri $AgentUri -Credential $Credential
    Assert-NasReadyCanCreate $target -HyperV:(-not $OnNas) -Grow
    $current = (Get-WinVhd $target.Unc).SizeBytes
    $plan = Get-NasReadyPlan -Path $Path -Size $Size -CurrentSize $current -AgentUri $AgentUri
    if (-not $PSCmdlet.ShouldProcess($target.Unc, "grow it from $current to $($plan.SizeBytes) bytes in $($plan.Steps.Count + $plan.StepsOmitted) step(s)")) { return }
    $record = New-NasReadyRecord $target $agent
    try {
        if ($OnNas) { Expand-NasReadyDiskOnNas $agent $target $record $plan.SizeBytes }
        else { Invoke-NasReadyLadder $agent $target $record $plan $TimeoutSeconds $current }
        $mounted = Mount-NasReadyVolume $target $record
        Expand-WinPartition $mounted.Disk.Number
        $volume = Get-WinDiskVolume $mounted.Disk.Number
        Dismount-NasReadyVolume $target $record
        [pscustomobject]@{ PSTypeName = 'NasReady.Disk'; Path = $target.Unc; SizeBytes = $plan.SizeBytes; Label = $volume.Label; Letter = $volume.Letter; ClusterBytes = $volume.ClusterBytes }
    } finally {
        Undo-NasReadyRun $agent $target $record
    }
}
