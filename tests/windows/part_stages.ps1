# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# Start-NasReadyBackup fails at every stage, once by an error, once by Ctrl+C (the engine's Stop), once by a kill of its
# process. What is left then, and what after Repair-NasReadyState: the table at the end, which NASREADY_TEST_TABLE keeps.

$disk = '\\127.0.0.1\Backup\SRV1.vhdx'
$stages = @(
    'stage:lease', 'stage:mount', 'Mount-WinVhd:before', 'Mount-WinVhd:after', 'stage:volume', 'Get-WinDiskVolume', 'stage:backup', 'Start-WinBackup:before', 'Start-WinBackup:after'
    'Get-WinBackupExit', 'stage:drain', 'stage:flush', 'Write-WinVolumeCache', 'Set-WinDisk:True', 'stage:dismount', 'Dismount-WinVhd:before', 'Dismount-WinVhd:after'
    'stage:verdict', 'stage:release', 'stage:report')

function Get-LeftBehind {
    $left = @()
    $state = Read-State 'disk SRV1.vhdx'
    if ($state.Attached) { $left += 'mounted disk' }
    if ($env:NASREADY_TEST_SMB -and (Test-Client)) { $left += 'open file on the share' }
    if (Within { (Get-WinBackupJob).Running }) { $left += 'running job' }
    if (Test-Lease) { $left += 'lease' }
    $runs = [System.IO.Path]::Combine($env:NASREADY_HOME, 'state', 'runs')
    if ([System.IO.Directory]::Exists($runs) -and [System.IO.Directory]::GetFiles($runs, '*.json').Count) { $left += 'record' }
    if ((Read-State awake) -eq $true) { $left += 'kept awake' }
    if ($left.Count) { $left -join ', ' } else { 'nothing' }
}

# a real SMB client of the recorded Windows that still has the file open
function Test-Client {
    $control = [System.IO.Path]::Combine($env:NASREADY_TEST_MACHINE, 'client')
    [System.IO.File]::Exists([System.IO.Path]::Combine($control, 'ready')) -and -not [System.IO.File]::Exists([System.IO.Path]::Combine($control, 'closed'))
}

# does the agent hold a lease of that disk? $false where it knows none
function Test-Lease {
    $answer = Within { Invoke-NasReadyRequest -Agent (Get-NasReadyAgent -Path $args[0]) -Path '/v1/leases' -Accept 404 } $disk
    [bool]@($answer.Body.leases | Where-Object { $_ -and $_.file -eq 'SRV1.vhdx' }).Count
}

$script = "`$ErrorActionPreference = 'Stop'; `$WarningPreference = 'SilentlyContinue'; `$ProgressPreference = 'SilentlyContinue'; . '$PSScriptRoot/lib.ps1'; Import-NasReady; Start-NasReadyBackup '$disk' -WatchSeconds 0.5 -DrainSeconds 20"

function Test-Reached { [System.IO.File]::Exists([System.IO.Path]::Combine($env:NASREADY_TEST_MACHINE, 'reached')) }

function Invoke-Failure {
    param([string]$Stage, [string]$How)
    if ($How -eq 'error') {
        Set-Trap $Stage error
        try { [void](Start-NasReadyBackup $disk -DrainSeconds 20); return $true } catch { return "$_" -match 'trapped' }
    }
    Set-Trap $Stage hang
    if ($How -eq 'Ctrl+C') {
        $shell = [powershell]::Create()
        [void]$shell.AddScript($script.Replace('$PSScriptRoot', $PSScriptRoot))
        $running = $shell.BeginInvoke()
        $reached = Wait-Until { (Test-Reached) -or $running.IsCompleted } 60
        $shell.Stop()
        $stopped = $shell.InvocationStateInfo.State -eq 'Stopped'
        $shell.Dispose()
        return $reached -and $stopped
    }
    $start = New-Object System.Diagnostics.ProcessStartInfo($env:NASREADY_TEST_PWSH, "-NoProfile -NonInteractive -EncodedCommand $([System.Convert]::ToBase64String([System.Text.Encoding]::Unicode.GetBytes($script)))")
    $start.UseShellExecute = $false
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    $process = [System.Diagnostics.Process]::Start($start)
    $reached = Wait-Until { (Test-Reached) -or $process.HasExited } 90
    $alive = -not $process.HasExited
    if ($alive) { $process.Kill() }
    $process.WaitForExit()
    $reached -and $alive
}

$table = @()
foreach ($how in 'error', 'Ctrl+C', 'kill') {
    foreach ($stage in $stages) {
        New-BackupMachine @{ JobMilliseconds = 400; EngineMilliseconds = 100 }
        if ($stage -in @('Start-WinBackup:after', 'Get-WinBackupExit')) { Set-Facts @{ JobMilliseconds = 4000; EngineMilliseconds = 100 } }
        $sprung = Invoke-Failure $stage $how
        $left = Get-LeftBehind
        $repaired = @(Repair-NasReadyState)
        $again = Get-LeftBehind
        if ($again -match 'running job') { # it is left to finish; the watchdog comes again
            [void](Wait-Until { -not (Within { (Get-WinBackupJob).Running }) } 30)
            $repaired += @(Repair-NasReadyState)
            $again = "$(Get-LeftBehind) (second call, after the job)"
        }
        $sins = [System.IO.Path]::Combine($env:NASREADY_TEST_MACHINE, 'sins')
        $clean = $again -match '^nothing' -and -not [System.IO.File]::Exists($sins) -and $sprung
        # keeping awake ends with the process
        if ($how -eq 'kill') { $clean = $again -replace ', kept awake|kept awake', '' -match '^(nothing|)( \(|$)' -and -not [System.IO.File]::Exists($sins) -and $sprung; $left = $left -replace ', kept awake', '' -replace '^kept awake$', 'nothing'; $again = $again -replace ', kept awake', '' -replace '^kept awake', 'nothing' }
        $table += [pscustomobject]@{ How = $how; Stage = $stage; Left = $left; AfterRepair = $again }
        if ($clean) { Ok "$how at ${stage}: left $left; after the repair $again" } else { NotOk "$how at $stage" "reached: $sprung`nleft: $left`nafter repair: $again`n$(if ([System.IO.File]::Exists($sins)) { [System.IO.File]::ReadAllText($sins) })`n$($repaired.Left)" }
        $beside = [System.IO.Path]::Combine($env:NASREADY_TEST_SHARE, 'SRV1.recovery.txt')
        [System.IO.File]::Delete($beside)
    }
}
if ($env:NASREADY_TEST_TABLE) {
    $lines = @('| stage | error | Ctrl+C | kill | after Repair-NasReadyState |', '|---|---|---|---|---|')
    foreach ($stage in $stages) {
        $row = @($table | Where-Object { $_.Stage -eq $stage })
        $after = @($row | ForEach-Object { $_.AfterRepair } | Sort-Object -Unique) -join '; '
        $lines += "| $stage | $(($row | Where-Object { $_.How -eq 'error' }).Left) | $(($row | Where-Object { $_.How -eq 'Ctrl+C' }).Left) | $(($row | Where-Object { $_.How -eq 'kill' }).Left) | $after |"
    }
    [System.IO.File]::WriteAllLines($env:NASREADY_TEST_TABLE, $lines)
}

# a job whose script died: left to finish, never dismounted under it; or stopped when asked to
New-BackupMachine @{ JobMilliseconds = 600000 }
[void](Invoke-Failure 'Get-WinBackupExit' kill)
$first = Repair-NasReadyState
Check 'an orphaned job is left to finish, and its disk mounted' { -not $first.Clean -and (Read-State 'disk SRV1.vhdx').Attached -and "$($first.Left)" -match 'goes on' }
$second = Repair-NasReadyState -StopJob
Check '-StopJob stops it, and the disk goes' { $second.Clean -and (Read-State job).Stopped -and -not (Read-State 'disk SRV1.vhdx').Attached }
Check 'a running run is left alone' {
    New-BackupMachine
    Set-Trap 'stage:backup' hang
    $shell = [powershell]::Create()
    [void]$shell.AddScript($script)
    [void]$shell.BeginInvoke()
    [void](Wait-Until { Test-Reached } 60)
    $none = @(Repair-NasReadyState).Count -eq 0
    $refused = try { Start-NasReadyBackup $disk -Force; '' } catch { $_.FullyQualifiedErrorId }
    $shell.Stop()
    $none -and $refused -match 'already-running|not-ready' -and (Get-LeftBehind) -eq 'nothing'
}
Check 'a record that a power cut tore is put aside' {
    New-BackupMachine
    $runs = [System.IO.Path]::Combine($env:NASREADY_HOME, 'state', 'runs')
    [void][System.IO.Directory]::CreateDirectory($runs)
    [System.IO.File]::WriteAllText("$runs/torn.json", '{"Path": "\\\\127')
    [void](Repair-NasReadyState)
    [System.IO.File]::Exists("$runs/torn.json.bad") -and @(Repair-NasReadyState).Count -eq 0
}
