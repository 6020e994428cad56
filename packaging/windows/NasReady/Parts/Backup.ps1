# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors

<#
.SYNOPSIS
Backs this server up onto its disk on the NAS, and leaves nothing mounted whatever happens.
.DESCRIPTION
Checks both ends, waits until the NAS says go, takes the lease of the disk, mounts it, waits for its volume, backs up all
fixed volumes with the system state, follows the job, waits until the backup engine is done, flushes, takes the disk
offline, dismounts it, asks the agent whether it was closed cleanly and written, and answers with one object: outcome,
versions before and after, duration, rate. The recovery sheet says how to restore this very backup.

Outcome is Success, Warning (something is missing or was skipped: do not trust it), Failed, Stopped (a UPS ran on its
battery) or Unconfirmed (Windows left no record of the end). Ctrl+C stops the job and cleans up.
.PARAMETER Path
The disk, as in \\NAS\Backup\SRV1.vhdx.
.PARAMETER Exclude
Volumes to leave out, as in D:.
.PARAMETER VssFull
Lets applications truncate their logs. Not beside another backup product.
.PARAMETER PreflightOnly
Checks, waits for the NAS, and stops before anything is changed.
.PARAMETER Force
Goes on although a check of this server says no. What the NAS says is not overridden.
.PARAMETER TimeoutSeconds
How long to wait for the NAS to say go.
.PARAMETER DrainSeconds
How long to wait for the backup engine after the job.
.PARAMETER WatchSeconds
How often the agent is asked for the UPS meanwhile.
.PARAMETER RecoverySheet
Where the recovery sheet goes; beside the disk by default, with a copy on this server.
.PARAMETER WebHook
An address that gets the result as JSON.
.PARAMETER MailTo
Who gets the result by mail; with -MailServer and -MailFrom.
.PARAMETER MailServer
The mail server, port 25.
.PARAMETER MailFrom
The sender.
.PARAMETER AgentUri
Where the agent answers, if not at port 8439 of that NAS.
.EXAMPLE
Start-NasReadyBackup \\nas\Backup\SRV1.vhdx
.EXAMPLE
Start-NasReadyBackup \\nas\Backup\SRV1.vhdx -VssFull -Exclude D: -MailTo ops@example.org -MailServer mail -MailFrom srv1@example.org
#>
function Start-NasReadyBackup {
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium')]
    param(
        [Parameter(Mandatory, Position = 0)][string]$Path,
        [string[]]$Exclude = @(),
        [switch]$VssFull,
        [switch]$PreflightOnly,
        [switch]$Force,
        [ValidateRange(0, 604800)][int]$TimeoutSeconds = 3600,
        [ValidateRange(1, 86400)][int]$DrainSeconds = 600,
        [ValidateRange(0, 3600)][double]$WatchSeconds = 30,
        [string]$RecoverySheet,
        [uri]$WebHook,
        [string[]]$MailTo,
        [string]$MailServer,
        [string]$MailFrom,
        [uri]$AgentUri
    )
    $target = ConvertFrom-NasReadyPath $Path
    $agent = Get-NasReadyAgent -Path $Path -AgentUri $AgentUri
    $run = New-NasReadyRun $target
    $run.Findings = @(Test-NasReadyBeforeBackup $agent $target $TimeoutSeconds -Force:$Force)
    if ($PreflightOnly) { $run.Outcome = 'Ready'; return $run }
    if (-not $PSCmdlet.ShouldProcess($target.Unc, 'back this server up')) { return }
    $record = New-NasReadyRecord $target $agent
    $keep = $false
    try {
        Invoke-NasReadyBackupRun $agent $target $record $run $PSBoundParameters $DrainSeconds $WatchSeconds
    } catch {
        $run.Outcome = 'Failed'
        $run.Error = $_.Exception.Message
        # an engine that still works is left to finish: stopping it would cost the version that it is making
        $keep = (Get-NasReadyErrorCode $_) -eq 'engine-busy'
        throw
    } finally {
        Undo-NasReadyRun $agent $target $record -DrainSeconds $DrainSeconds -KeepJob:$keep
        $run.Seconds = [math]::Round($run.Clock.Elapsed.TotalSeconds, 1)
        Complete-NasReadyReport $target $run $PSBoundParameters
    }
    $run | Select-Object -Property * -ExcludeProperty Clock
}

function New-NasReadyRun {
    param([object]$Target)
    [pscustomobject]@{
        PSTypeName = 'NasReady.BackupResult'; Path = $Target.Unc; Server = [System.Environment]::MachineName; Begun = Get-NasReadyTime
        Outcome = 'Interrupted'; Findings = @(); Included = @(); NotIncluded = @(); ExitCode = $null; Result = $null; Detail = $null; Volumes = @()
        VersionsBefore = $null; VersionsAfter = $null; LatestVersion = $null; HistoryLost = $false; AgentLost = $false; Verdict = $null
        Seconds = 0.0; TransferredBytes = [uint64]0; BytesPerSecond = $null; UsualBytesPerSecond = $null; RecoverySheet = $null; Error = $null
        Clock = [System.Diagnostics.Stopwatch]::StartNew()
    }
}

function Test-NasReadyBeforeBackup {
    param([object]$Agent, [object]$Target, [int]$TimeoutSeconds, [switch]$Force)
    $findings = @(Get-NasReadyPreflight $Target)
    $block = @($findings | Where-Object { $_.Severity -eq 'block' })
    if ($block.Count -and -not $Force) {
        Stop-NasReady -Code $block[0].Code -Subject $findings -Message (($block | ForEach-Object { $_.Message }) -join ' ') -Remedy (($block | ForEach-Object { $_.Remedy }) -join ' ')
    }
    $answer = Wait-NasReadyAgent -Agent $Agent -Disk $Target.Disk -TimeoutSeconds $TimeoutSeconds
    $findings + @(ConvertFrom-NasReadyFinding $answer.Findings)
}

function Invoke-NasReadyBackupRun {
    param([object]$Agent, [object]$Target, [object]$Record, [object]$Run, [hashtable]$Options, [int]$DrainSeconds, [double]$WatchSeconds)
    Set-WinAwake $true
    $before = Get-NasReadyInspection $Agent $Target
    Set-NasReadyStage $Record 'lease'
    Request-NasReadyLease $Agent $Target $Record
    Set-NasReadyStage $Record 'mount'
    $mounted = Mount-NasReadyVolume $Target $Record
    $Run.Findings = @($Run.Findings) + @(Test-NasReadyDiskCache $mounted.Disk)
    $versions = @(Get-NasReadyVersionList $mounted.Volume)
    $Run.VersionsBefore = $versions.Count
    $begun = [datetime]::Now
    Invoke-NasReadyJob $Agent $Target $Record $Run $mounted.Volume $Options $WatchSeconds
    Set-NasReadyStage $Record 'drain'
    Wait-NasReadyEngine $Record $DrainSeconds
    $versions = @(Get-NasReadyVersionList $mounted.Volume)
    $Run.VersionsAfter = $versions.Count
    if ($versions.Count) { $Run.LatestVersion = ($versions | Sort-Object Time | Select-Object -Last 1).Version }
    $lost = @(Get-WinShadowLoss $begun)
    $Run.HistoryLost = $Run.VersionsAfter -lt $Run.VersionsBefore -or $lost.Count -gt 0
    Dismount-NasReadyVolume $Target $Record
    Set-NasReadyStage $Record 'verdict'
    $Run.Verdict = Get-NasReadyVerdict $Agent $Target $before
    Set-NasReadyStage $Record 'release'
    Remove-NasReadyLease $Agent $Target $Record
    Set-NasReadyStage $Record 'report'
}

function Invoke-NasReadyJob {
    param([object]$Agent, [object]$Target, [object]$Record, [object]$Run, [object]$Volume, [hashtable]$Options, [double]$WatchSeconds)
    $chosen = Select-NasReadyVolume $Volume $Options['Exclude']
    $Run.Included = $chosen.Include
    $Run.NotIncluded = $chosen.Missing
    if ($chosen.Missing.Count) { Write-Warning "Not in this backup: $($chosen.Missing -join ', ')." }
    $newest = @(Get-WinBackupEvent -Newest 1)
    $last = [int64]0
    if ($newest.Count) { $last = $newest[0].RecordId }
    $log = [System.IO.Path]::Combine((Get-WinStateFolder), 'wbadmin.log')
    $Record.Job = $true
    Set-NasReadyStage $Record 'backup'
    $started = Start-WinBackup -Arguments (Get-NasReadyArgument $Volume $chosen.Include -VssFull:([bool]$Options['VssFull'])) -Log $log
    $watched = Watch-NasReadyJob $Agent $Target $started $log $WatchSeconds
    $outcome = Get-NasReadyOutcome $last $watched
    foreach ($name in 'Outcome', 'ExitCode', 'Result', 'Detail', 'Volumes') { $Run.$name = $outcome.$name }
    $Run.AgentLost = $watched.AgentLost
    if ($watched.Stopped) { $Run.Error = "stopped: $($watched.Stopped)" }
    foreach ($part in $outcome.Volumes) { $Run.TransferredBytes += $part.TransferredBytes }
    $seconds = ([datetime]::UtcNow - (ConvertTo-NasReadyTime $Run.Begun).ToUniversalTime()).TotalSeconds
    if ($Run.TransferredBytes -gt 0 -and $seconds -gt 0) { $Run.BytesPerSecond = [uint64]($Run.TransferredBytes / $seconds) }
}

# until the engine is idle: wbadmin has ended, but the shadow copy on the target may still be made
function Wait-NasReadyEngine {
    param([object]$Record, [int]$DrainSeconds)
    $idle = Wait-NasReadyCondition -TimeoutSeconds $DrainSeconds -Until { -not (Get-WinBackupJob).Running }
    if (-not $idle) {
        Stop-NasReady -Code 'engine-busy' -Subject $Record.Path -Category ResourceBusy -Message "Windows Server Backup is still busy $DrainSeconds s after the job ended." -Remedy 'The disk stays mounted; Repair-NasReadyState dismounts it when the engine is done.'
    }
    $Record.Job = $false
    Save-NasReadyRecord $Record
}
