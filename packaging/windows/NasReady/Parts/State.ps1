# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# What a run has begun is written down before it is done, one record a disk, so that Repair-NasReadyState can take it back
# after a kill or a power cut. While a run lives it holds the lock beside its record; Windows lets go of it when it ends.

function Get-NasReadyRecordFile {
    param([Parameter(Mandatory)][string]$Path)
    [System.IO.Path]::Combine((Get-WinStateFolder), 'runs', [System.Uri]::EscapeDataString($Path.ToLowerInvariant()) + '.json')
}

# $null while somebody else has it
function Lock-NasReadyRecord {
    param([Parameter(Mandatory)][string]$File)
    [void][System.IO.Directory]::CreateDirectory([System.IO.Path]::GetDirectoryName($File))
    try {
        New-Object System.IO.FileStream("$File.lock", [System.IO.FileMode]::OpenOrCreate, [System.IO.FileAccess]::ReadWrite, [System.IO.FileShare]::None)
    } catch {
        $null
    }
}

function New-NasReadyRecord {
    param([Parameter(Mandatory)][object]$Target, [Parameter(Mandatory)][object]$Agent)
    $file = Get-NasReadyRecordFile $Target.Unc
    $lock = Lock-NasReadyRecord $file
    if (-not $lock) {
        Stop-NasReady -Code 'already-running' -Subject $Target.Unc -Category ResourceBusy -Message "Something is being done with $($Target.Unc) on this server already." `
            -Remedy 'Wait for it; only one run at a time uses a disk.'
    }
    if ([System.IO.File]::Exists($file)) {
        $lock.Dispose()
        Stop-NasReady -Code 'left-behind' -Subject $Target.Unc -Message "An earlier run with $($Target.Unc) ended without cleaning up." -Remedy 'Repair-NasReadyState takes back what it left; then begin again.'
    }
    $record = [pscustomobject]@{
        Path = $Target.Unc; AgentUri = $Agent.Uri; Begun = Get-NasReadyTime; ProcessId = $PID; Stage = 'begin'
        Token = $null; Leased = $false; Mounted = $false; Job = $false; Creating = $false; File = $file; Lock = $lock
    }
    Save-NasReadyRecord $record
    $record
}

function Save-NasReadyRecord {
    param([Parameter(Mandatory)][object]$Record)
    Write-NasReadyFile $Record.File (ConvertTo-Json ($Record | Select-Object -Property * -ExcludeProperty File, Lock))
}

function Set-NasReadyStage {
    param([Parameter(Mandatory)][object]$Record, [Parameter(Mandatory)][string]$Stage)
    $Record.Stage = $Stage
    Save-NasReadyRecord $Record
    Write-Verbose "$($Record.Path): $Stage"
    Write-Progress -Activity "nasready: $($Record.Path)" -Status $Stage
}

# everything is undone: the record goes; else it stays for Repair-NasReadyState
function Close-NasReadyRecord {
    param([Parameter(Mandatory)][object]$Record)
    $done = -not ($Record.Leased -or $Record.Mounted -or $Record.Job -or $Record.Creating)
    if ($done) { [System.IO.File]::Delete($Record.File) }
    $Record.Lock.Dispose()
    if ($done) { [System.IO.File]::Delete("$($Record.File).lock") }
}

function Get-NasReadyTime {
    [datetime]::UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", [System.Globalization.CultureInfo]::InvariantCulture)
}

# PowerShell 7 makes times of such texts while it reads JSON, 5.1 leaves them; $null stays $null
function ConvertTo-NasReadyTime {
    param([AllowNull()][object]$Value)
    if ($null -eq $Value -or $Value -is [datetime]) { return $Value }
    [datetime]::Parse([string]$Value, [System.Globalization.CultureInfo]::InvariantCulture, [System.Globalization.DateTimeStyles]::AdjustToUniversal)
}

# asks every $Milliseconds until the block answers something true, which is returned; $null when the time is up
function Wait-NasReadyCondition {
    param([Parameter(Mandatory)][scriptblock]$Until, [int]$TimeoutSeconds = 60, [int]$Milliseconds = 500)
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    while ($true) {
        $answer = & $Until
        if ($answer) { return $answer }
        if ($clock.Elapsed.TotalSeconds -ge $TimeoutSeconds) { return $null }
        Start-Sleep -Milliseconds $Milliseconds
    }
}
