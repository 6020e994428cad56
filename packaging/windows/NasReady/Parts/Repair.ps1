# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors

# Takes back whatever the record says was begun: the end of every run, and all that Repair-NasReadyState does. Each step is
# tried whatever became of the others, but a disk is never dismounted under a running job. Answers what could not be undone.
function Undo-NasReadyRun {
    [CmdletBinding()]
    param([object]$Agent, [object]$Target, [object]$Record, [int]$DrainSeconds = 600, [switch]$KeepJob)
    $left = @()
    try {
        if ($Record.Job) {
            try { Stop-NasReadyJob $Record $DrainSeconds -Keep:$KeepJob } catch { $left += "the backup job: $($_.Exception.Message)" }
        }
        if ($Record.Mounted -and -not $Record.Job) {
            try { Dismount-NasReadyVolume $Target $Record } catch { $left += "the mounted disk: $($_.Exception.Message)" }
        }
        if ($Record.Creating) {
            try { Remove-NasReadyHalfDisk $Target $Record } catch { $left += "a disk that was half created: $($_.Exception.Message)" }
        }
        if ($Record.Leased -and -not $Record.Mounted) {
            try { Remove-NasReadyLease $Agent $Target $Record } catch { $left += "the lease: $($_.Exception.Message)" }
        }
    } finally {
        Set-WinAwake $false
        Close-NasReadyRecord $Record
        Write-Progress -Activity "nasready: $($Target.Unc)" -Completed
    }
    foreach ($what in $left) { Write-Warning "$($Target.Unc): left behind for Repair-NasReadyState: $what" }
}

function Stop-NasReadyJob {
    param([object]$Record, [int]$DrainSeconds, [switch]$Keep)
    if ((Get-WinBackupJob).Running) {
        if ($Keep) { Stop-NasReady -Code 'job-running' -Subject $Record.Path -Category ResourceBusy -Message 'the backup goes on' }
        Stop-WinBackup
    }
    $idle = Wait-NasReadyCondition -TimeoutSeconds $DrainSeconds -Until { -not (Get-WinBackupJob).Running }
    if (-not $idle) { Stop-NasReady -Code 'engine-busy' -Subject $Record.Path -Category ResourceBusy -Message "Windows Server Backup is still busy after $DrainSeconds s" }
    $Record.Job = $false
    Save-NasReadyRecord $Record
}

# New-VHD was cut off: a file without volumes is nothing but its beginning
function Remove-NasReadyHalfDisk {
    param([object]$Target, [object]$Record)
    $image = Get-WinVhd $Target.Unc
    if ($image -and $image.Attached) { Stop-NasReady -Code 'disk-mounted' -Subject $Target.Unc -Message 'it is mounted' }
    if (Test-WinFile $Target.Unc) { Remove-WinFile $Target.Unc }
    $Record.Creating = $false
    Save-NasReadyRecord $Record
}

<#
.SYNOPSIS
Takes back what a run left behind that was killed or lost its power: a mounted disk, a lease, an orphaned job.
.DESCRIPTION
Made to run at start-up and every quarter of an hour (Register-NasReadyTask does that). It leaves running runs alone. A
backup whose script died goes on in Windows: it is left to finish, and the next call takes the disk away; -StopJob stops it.
A disk is never dismounted under a running job. Answers one object for each run that it found.
.PARAMETER Path
Only this disk.
.PARAMETER StopJob
Stops an orphaned backup in place of letting it finish.
.PARAMETER DrainSeconds
How long to wait for the backup engine to become idle.
.EXAMPLE
Repair-NasReadyState -Verbose
#>
function Repair-NasReadyState {
    [CmdletBinding(SupportsShouldProcess)]
    param(
        [Parameter(Position = 0)][string]$Path,
        [switch]$StopJob,
        [ValidateRange(0, 86400)][int]$DrainSeconds = 600
    )
    $folder = [System.IO.Path]::Combine((Get-WinStateFolder), 'runs')
    if (-not [System.IO.Directory]::Exists($folder)) { return }
    foreach ($file in @([System.IO.Directory]::GetFiles($folder, '*.json'))) {
        $lock = Lock-NasReadyRecord $file
        if (-not $lock) { Write-Verbose "$file belongs to a run that lives"; continue }
        try {
            $record = Read-NasReadyRecord $file $lock
            if (-not $record -or ($Path -and $record.Path -ne (ConvertFrom-NasReadyPath $Path).Unc)) { continue }
            if (-not $PSCmdlet.ShouldProcess($record.Path, "take back what the run of $($record.Begun) left ($($record.Stage))")) { continue }
            Repair-NasReadyRecord $record -StopJob:$StopJob -DrainSeconds $DrainSeconds
        } finally {
            $lock.Dispose()
        }
    }
}

# a record that a power cut left unreadable tells nothing; it is put aside, not thrown away
function Read-NasReadyRecord {
    param([string]$File, [System.IO.FileStream]$Lock)
    try {
        $read = Read-NasReadyFile $File
        [void](ConvertFrom-NasReadyPath ([string]$read.Path))
    } catch {
        Write-Warning "$($_.Exception.Message) It is kept as $File.bad; see whether its disk is still mounted."
        [System.IO.File]::Delete("$File.bad")
        [System.IO.File]::Move($File, "$File.bad")
        return $null
    }
    $read | Add-Member -NotePropertyMembers @{ File = $File; Lock = $Lock } -PassThru
}

function Repair-NasReadyRecord {
    param([object]$Record, [switch]$StopJob, [int]$DrainSeconds)
    $target = ConvertFrom-NasReadyPath $Record.Path
    $begun = [ordered]@{ Job = [bool]$Record.Job; Mounted = [bool]$Record.Mounted; Leased = [bool]$Record.Leased; HalfDisk = [bool]$Record.Creating }
    $stage = $Record.Stage
    # no agent, no lease to give back; all else is undone without it
    $agent = [pscustomobject]@{ Server = $target.Server; Uri = [string]$Record.AgentUri; Id = $null; Version = $null; Credential = $null; Client = $null }
    $warnings = @()
    Undo-NasReadyRun $agent $target $Record -KeepJob:(-not $StopJob) -DrainSeconds $DrainSeconds -WarningVariable warnings -WarningAction SilentlyContinue
    $clean = -not ($Record.Job -or $Record.Mounted -or $Record.Leased -or $Record.Creating)
    foreach ($warning in $warnings) { Write-Warning ([string]$warning) }
    [pscustomobject]@{
        PSTypeName = 'NasReady.Repair'; Path = $Record.Path; Begun = $Record.Begun; Stage = $stage; Found = @($begun.Keys | Where-Object { $begun[$_] })
        Clean = $clean; Left = @($warnings | ForEach-Object { [string]$_ })
    }
}
