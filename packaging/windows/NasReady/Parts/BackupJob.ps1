# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors

# All fixed volumes but the target, unless they are excluded; and what therefore is not in the backup.
function Select-NasReadyVolume {
    param([object]$Target, [string[]]$Exclude)
    $chosen = @()
    $missing = @()
    foreach ($volume in @(Get-WinFixedVolume)) {
        if ($volume.Path -eq $Target.Path) { continue }
        $name = Get-NasReadyVolumeName $volume
        $unwanted = @($Exclude | Where-Object { $_ -and $_.TrimEnd('\', ':') -eq $name.TrimEnd('\', ':') }).Count
        if ($unwanted) { $missing += "$name (excluded)" }
        elseif ($volume.FileSystem -notin @('NTFS', 'ReFS')) { $missing += "$name ($($volume.FileSystem), which Windows Server Backup cannot back up; the system's own partitions come with -allCritical)" }
        else { $chosen += $name }
    }
    [pscustomobject]@{ Include = $chosen; Missing = $missing }
}

function Get-NasReadyArgument {
    param([object]$Volume, [string[]]$Include, [switch]$VssFull)
    $arguments = @('start', 'backup', "-backupTarget:$(Get-NasReadyVolumeName $Volume)")
    if ($Include.Count) { $arguments += '-include:' + ($Include -join ',') }
    $vss = '-vssCopy'
    if ($VssFull) { $vss = '-vssFull' }
    $arguments + @('-allCritical', '-systemState', $vss, '-quiet')
}

# Follows the job until wbadmin has ended. Stops it when a UPS runs on its battery; when the agent is gone, goes on.
function Watch-NasReadyJob {
    param([object]$Agent, [object]$Target, [object]$Started, [string]$Log, [double]$WatchSeconds)
    $watch = @{ Clock = [System.Diagnostics.Stopwatch]::StartNew(); Gone = $false; Stopped = $null }
    $activity = "nasready: $($Target.Unc)"
    while ($null -eq ($exit = Get-WinBackupExit $Started)) {
        $percent = Get-NasReadyPercent $Log
        if ($null -ne $percent) { Write-Progress -Activity $activity -Status 'backup' -PercentComplete $percent }
        if (-not $watch.Stopped -and $watch.Clock.Elapsed.TotalSeconds -ge $WatchSeconds) {
            $watch.Clock.Restart()
            $watch.Stopped = Find-NasReadyBattery $Agent $Target $watch
            if ($watch.Stopped) {
                Write-Warning "$($Target.Unc): $($watch.Stopped); the backup is being stopped."
                Stop-WinBackup
            }
        }
        Start-Sleep -Milliseconds 200
    }
    [pscustomobject]@{ ExitCode = $exit; Stopped = $watch.Stopped; AgentLost = $watch.Gone }
}

# why the job has to stop, or $null
function Find-NasReadyBattery {
    param([object]$Agent, [object]$Target, [hashtable]$Watch)
    if ((Get-WinPower).OnBattery) { return 'this server runs on its battery' }
    try {
        $answer = Get-NasReadyAnswer $Agent $Target.Disk
    } catch {
        if (-not $Watch.Gone) { Write-Warning "$($Target.Unc): the agent cannot be asked any more, the backup goes on: $($_.Exception.Message)" }
        $Watch.Gone = $true
        return $null
    }
    $battery = @($answer.Findings | Where-Object { $_.code -eq 'ups-on-battery' })
    if ($battery.Count) { return [string]$battery[0].message }
}

# the last percentage that wbadmin printed, whatever the words around it
function Get-NasReadyPercent {
    param([string]$Log)
    try {
        $stream = New-Object System.IO.FileStream($Log, 'Open', 'Read', 'ReadWrite')
        try {
            [void]$stream.Seek([math]::Max(0, $stream.Length - 4096), 'Begin')
            $text = (New-Object System.IO.StreamReader($stream)).ReadToEnd()
        } finally { $stream.Dispose() }
    } catch { return $null }
    $found = [regex]::Matches($text, '(\d{1,3})\s?%')
    if ($found.Count) { [math]::Min(100, [int]$found[$found.Count - 1].Groups[1].Value) }
}

# "03/31/2026-09:00": wbadmin writes version identifiers so in every language, in UTC
function ConvertFrom-NasReadyVersionText {
    param([AllowEmptyString()][string]$Text)
    $seen = @{}
    foreach ($match in [regex]::Matches($Text, '\b(\d{2}/\d{2}/\d{4}-\d{2}:\d{2})\b')) {
        $id = $match.Value
        if ($seen.ContainsKey($id)) { continue }
        $seen[$id] = $true
        $time = [datetime]::MinValue
        $style = [System.Globalization.DateTimeStyles]::AssumeUniversal -bor [System.Globalization.DateTimeStyles]::AdjustToUniversal
        if ([datetime]::TryParseExact($id, 'MM/dd/yyyy-HH:mm', [System.Globalization.CultureInfo]::InvariantCulture, $style, [ref]$time)) {
            [pscustomobject]@{ PSTypeName = 'NasReady.Version'; Version = $id; Time = $time }
        }
    }
}

function Get-NasReadyVersionList {
    param([object]$Volume)
    @(ConvertFrom-NasReadyVersionText (Get-WinBackupVersionText -Target (Get-NasReadyVolumeName $Volume)))
}

# What the event log says of the job: its end (4 well, 14 done, 5 failed, 8 stopped ...) with the numbers, in no language.
function Get-NasReadyOutcome {
    param([int64]$AfterRecord, [object]$Watched)
    $events = @(Get-WinBackupEvent -AfterRecord $AfterRecord)
    $end = @($events | Where-Object { $_.Data.ContainsKey('HRESULT') } | Sort-Object RecordId -Descending | Select-Object -First 1)
    $volumes = @()
    $result = $null
    $detail = $null
    if ($end.Count) {
        $result = ConvertTo-NasReadyErrorNumber $end[0].Data['HRESULT']
        if ($end[0].Data['DetailedHRESULT']) { $detail = ConvertTo-NasReadyErrorNumber $end[0].Data['DetailedHRESULT'] }
        $volumes = @(ConvertFrom-NasReadyVolumeInfo $end[0].Data['VolumesInfo'])
    }
    $outcome = Get-NasReadyVerdictOf $Watched $result $detail $volumes
    [pscustomobject]@{ Outcome = $outcome; ExitCode = $Watched.ExitCode; Result = $result; Detail = $detail; Volumes = $volumes }
}

# 'Success' takes everything: exit code, both numbers, every volume. No event at all is no success either.
function Get-NasReadyVerdictOf {
    param([object]$Watched, [string]$Result, [string]$Detail, [object[]]$Volumes)
    $well = '0x00000000'
    if ($Watched.Stopped) { return 'Stopped' }
    if ($Watched.ExitCode -ne 0 -or ($Result -and $Result -ne $well)) { return 'Failed' }
    $bad = @($Volumes | Where-Object { $_.Result -ne $well -or $_.UnreadableBytes -gt 0 })
    if (-not $Result) { return 'Unconfirmed' }
    if (($Detail -and $Detail -ne $well) -or $bad.Count) { return 'Warning' }
    'Success'
}

function ConvertFrom-NasReadyVolumeInfo {
    param([AllowNull()][AllowEmptyString()][string]$Xml)
    if (-not $Xml) { return }
    $document = New-Object System.Xml.XmlDocument
    $document.XmlResolver = $null
    try { $document.LoadXml($Xml) } catch { Write-Verbose "VolumesInfo of the backup event is not understood: $($_.Exception.Message)"; return }
    foreach ($item in $document.SelectNodes('//VolumeInfoItem')) {
        [pscustomobject]@{
            Name = $item.GetAttribute('Name'); Result = ConvertTo-NasReadyErrorNumber ('0' + $item.GetAttribute('HResult') -replace '^0-', '-')
            Incremental = $item.GetAttribute('IsIncremental') -eq '1'
            TransferredBytes = ConvertTo-NasReadyUInt64 $item.GetAttribute('DataTransferred'); UnreadableBytes = ConvertTo-NasReadyUInt64 $item.GetAttribute('NumUnreadableBytes')
        }
    }
}

function ConvertTo-NasReadyUInt64 {
    param([AllowNull()][AllowEmptyString()][string]$Text)
    $number = [uint64]0
    [void][uint64]::TryParse($Text, [System.Globalization.NumberStyles]::None, [System.Globalization.CultureInfo]::InvariantCulture, [ref]$number)
    $number
}
