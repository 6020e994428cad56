# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors

# A machine whose files lie on several volumes: each disk away from the configuration needs a folder with the machine's
# name above it, or the backup checkpoint of a Windows Server 2008 guest fails with 0x80070002. The event names the first
# disk; the culprit is the one without that folder.
function Find-NasReadyVMCulprit {
    param([object]$VM)
    $main = Get-NasReadyRoot $VM.Path
    foreach ($disk in @($VM.Disks)) {
        if ((Get-NasReadyRoot $disk) -eq $main) { continue }
        $folders = @($disk -split '[\\/]' | Select-Object -SkipLast 1)
        if ($folders -notcontains $VM.Name) { $disk }
    }
}

# D:\ of D:\x\y.vhdx; \\server\share of a UNC path; C:\ClusterStorage\Volume1 of a cluster's
function Get-NasReadyRoot {
    param([string]$Path)
    if ($Path -match '^(\\\\[^\\]+\\[^\\]+)') { return $Matches[1].ToLowerInvariant() }
    if ($Path -match '^([A-Za-z]:\\ClusterStorage\\[^\\]+)') { return $Matches[1].ToLowerInvariant() }
    if ($Path -match '^([A-Za-z]:)') { return $Matches[1].ToLowerInvariant() }
    $Path.ToLowerInvariant()
}

function New-NasReadyVMFinding {
    param([object]$VM, [string]$Code, [string]$Severity, [string]$Subject, [string]$Message, [string]$Remedy)
    [pscustomobject]@{ PSTypeName = 'NasReady.VMFinding'; VM = $VM.Name; Code = $Code; Severity = $Severity; Subject = $Subject; Message = $Message; Remedy = $Remedy }
}

function ConvertTo-NasReadyQuoted { param([string]$Text) "'" + ($Text -replace "(['\u2018\u2019\u201a\u201b])", '$1$1') + "'" }

function Get-NasReadyVMLayoutFinding {
    param([object]$VM)
    $culprits = @(Find-NasReadyVMCulprit $VM)
    if (-not $culprits.Count) { return }
    # only the 2008 (6.0) guests were seen to fail; one that does not tell its version may be one
    $severity = 'warn'
    $who = "its guest ($($VM.GuestOs)) is newer than the ones that were seen to fail"
    if (-not $VM.GuestOs) { $severity = 'block'; $who = 'its guest does not tell its version' }
    elseif ($VM.GuestOs -match '^6\.0(\.|$)') { $severity = 'block'; $who = 'its guest is Windows Server 2008 or Vista' }
    foreach ($disk in $culprits) {
        $root = $disk -replace '^((\\\\[^\\]+\\[^\\]+)|([A-Za-z]:(\\ClusterStorage\\[^\\]+)?)).*$', '$1'
        $wanted = "$root\$($VM.Name)\$(@($disk -split '[\\/]')[-1])"
        $move = "Move-VMStorage -VMName $(ConvertTo-NasReadyQuoted $VM.Name) -Vhds @(@{ SourceFilePath = $(ConvertTo-NasReadyQuoted $disk); DestinationFilePath = $(ConvertTo-NasReadyQuoted $wanted) })"
        New-NasReadyVMFinding $VM 'vm-split' $severity $disk "$disk lies on another volume than the machine, outside a folder called `"$($VM.Name)`": its backup checkpoint fails with 0x80070002 ($who)." $move
    }
}

function Get-NasReadyVMServiceFinding {
    param([object]$VM)
    if (-not $VM.BackupService) {
        New-NasReadyVMFinding $VM 'vm-backup-service-off' warn $VM.Name 'The backup integration service is off: the machine is saved or crash-consistent at best.' "Get-VMIntegrationService -VMName $(ConvertTo-NasReadyQuoted $VM.Name) | Where-Object Id -like '*5CED1297-4598-4915-A5FC-AD21BB4D02A4' | Enable-VMIntegrationService"
    } elseif (-not $VM.BackupServiceOk) {
        New-NasReadyVMFinding $VM 'vm-backup-service-ill' warn $VM.Name 'The backup integration service of the guest does not answer as it should.' 'Update the guest''s integration services; look at its VSS writers: vssadmin list writers.'
    }
    if ($VM.IntegrationState -and $VM.IntegrationState -match '(?i)update|required') {
        New-NasReadyVMFinding $VM 'vm-integration-old' warn $VM.Name "The integration services are not current: $($VM.IntegrationState)." 'Install the guest''s updates, or its integration services.'
    }
}

function Get-NasReadyVMDiskFinding {
    param([object]$VM)
    foreach ($disk in @($VM.Disks)) {
        if ((Test-WinVMAccess $disk) -eq $false) {
            New-NasReadyVMFinding $VM 'vm-access' warn $disk "Hyper-V's machines have no right to write $disk." "icacls $(ConvertTo-NasReadyQuoted $disk) /grant '*S-1-5-83-0:(F)'"
        }
    }
}

function Get-NasReadyVMVolumeFinding {
    param([object]$VM)
    $seen = @{}
    foreach ($file in @($VM.Path) + @($VM.Disks) + @($VM.SnapshotPath)) {
        if (-not $file) { continue }
        $volume = Get-WinVolumeOf $file
        if (-not $volume -or $volume.SizeBytes -eq 0 -or $seen[$volume.Path]) { continue }
        $seen[$volume.Path] = $true
        $name = Get-NasReadyVolumeName $volume
        $percent = [int][math]::Floor(100d * $volume.FreeBytes / $volume.SizeBytes)
        if ($percent -lt 15) {
            New-NasReadyVMFinding $VM 'vm-volume-full' warn $name "$name has $percent % free; checkpoints and shadow copies want 15 %." "Make room, or move the checkpoints: Set-VM -Name $(ConvertTo-NasReadyQuoted $VM.Name) -SnapshotFileLocation D:\Checkpoints"
        }
        if ($volume.Letter -and (Test-WinDirtyVolume $volume.Letter)) {
            New-NasReadyVMFinding $VM 'vm-volume-dirty' warn $name "$name is marked dirty: it was not unmounted cleanly." "chkdsk $name /f, and the same inside the guest."
        }
    }
}

<#
.SYNOPSIS
Finds the virtual machines of this host whose backup would fail or be worth nothing, and names the culprit.
.DESCRIPTION
The rule behind 0x80070002: the disks of a machine may lie on several volumes, but each needs a folder with the name of the
machine above it. The event log names the first disk; this names the one at fault and prints the line that moves it (with
Hyper-V's own move; never by hand, for the rights). Besides: integration services, rights, 15 % free, dirty volumes, and on
Windows Server 2012 R2 the update KB2920151. Nothing is changed; -TestCheckpoint makes a checkpoint and deletes it again.
.PARAMETER Name
Which machines; all by default.
.PARAMETER InputObject
Machines from a transcript (Export-NasReadyTranscript), to judge them elsewhere. Only the layout is judged then.
.PARAMETER TestCheckpoint
Makes and deletes a checkpoint of each machine.
.EXAMPLE
Test-NasReadyVMLayout | Format-List VM, Message, Remedy
#>
function Test-NasReadyVMLayout {
    [CmdletBinding(DefaultParameterSetName = 'Host', SupportsShouldProcess, ConfirmImpact = 'Medium')]
    param(
        [Parameter(Position = 0, ParameterSetName = 'Host')][string[]]$Name = @('*'),
        [Parameter(Mandatory, ValueFromPipeline, ParameterSetName = 'Given')][object[]]$InputObject,
        [Parameter(ParameterSetName = 'Host')][switch]$TestCheckpoint
    )
    begin {
        if ($PSCmdlet.ParameterSetName -eq 'Host') { Get-NasReadyHostFinding }
    }
    process {
        if ($PSCmdlet.ParameterSetName -eq 'Given') {
            foreach ($vm in $InputObject) { Get-NasReadyVMLayoutFinding $vm }
            return
        }
        foreach ($vm in @(Get-WinVM -Name $Name)) {
            Get-NasReadyVMLayoutFinding $vm
            Get-NasReadyVMServiceFinding $vm
            Get-NasReadyVMDiskFinding $vm
            Get-NasReadyVMVolumeFinding $vm
            if ($TestCheckpoint -and $PSCmdlet.ShouldProcess($vm.Name, 'make and delete a checkpoint')) { Get-NasReadyVMCheckpointFinding $vm }
        }
    }
}

function Get-NasReadyVMCheckpointFinding {
    param([object]$VM)
    try { Test-WinCheckpoint $VM.Name } catch {
        New-NasReadyVMFinding $VM 'vm-checkpoint' block $VM.Name "A checkpoint by hand fails as well: $($_.Exception.Message)" 'It is no matter of the backup: mend that first. Moving the machine away and back (live or storage migration) renews its rights.'
    }
}

function Get-NasReadyHostFinding {
    $features = Get-WinFeature
    if (-not $features.HyperV) { Stop-NasReady -Code 'no-hyper-v' -Category NotInstalled -Message 'The Hyper-V role does not run on this server.' -Remedy 'Run this on the host of the machines.' }
    if ($features.Version -match '^6\.3(\.|$)' -and (Get-WinHotfix) -notcontains 'KB2920151') {
        New-NasReadyVMFinding ([pscustomobject]@{ Name = '' }) 'host-update-missing' info 'KB2920151' 'Windows Server 2012 R2 without the update KB2920151 (it may be part of a later one).' 'Install all updates of Windows.'
    }
}
