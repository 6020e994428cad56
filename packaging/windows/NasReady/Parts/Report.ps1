# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors

# After everything else, and never in its way: what cannot be reported is warned of.
function Complete-NasReadyReport {
    param([object]$Target, [object]$Run, [hashtable]$Options)
    $steps = @(
        { Compare-NasReadyHistory $Run },
        { if ($Run.Outcome -in @('Success', 'Warning', 'Unconfirmed')) { Write-NasReadyRecoverySheet $Target $Run $Options['RecoverySheet'] } },
        { Write-NasReadyResultEvent $Run },
        { if ($Options['WebHook']) { Send-NasReadyHook $Options['WebHook'] $Run } },
        { if ($Options['MailTo']) { Send-WinMail -Server $Options['MailServer'] -From $Options['MailFrom'] -To $Options['MailTo'] -Subject "nasready: $($Run.Server): $($Run.Outcome)" -Text (Format-NasReadyResult $Run) } }
    )
    foreach ($step in $steps) {
        try { & $step } catch { Write-Warning "$($Target.Unc): the report is not complete: $($_.Exception.Message)" }
    }
}

function Get-NasReadyResultFile { [System.IO.Path]::Combine((Get-WinStateFolder), 'results.json') }

# keeps the last 30 results; the median rate of the successes for this disk is the usual one
function Compare-NasReadyHistory {
    param([object]$Run)
    $file = Get-NasReadyResultFile
    $saved = @()
    try { $saved = @((Read-NasReadyFile $file).results | Where-Object { $_ }) } catch { Write-Verbose $_.Exception.Message }
    $rates = @($saved | Where-Object { $_.Path -eq $Run.Path -and $_.Outcome -eq 'Success' -and $_.BytesPerSecond } | ForEach-Object { [uint64]$_.BytesPerSecond } | Sort-Object)
    if ($rates.Count -ge 3) { $Run.UsualBytesPerSecond = $rates[[int][math]::Floor($rates.Count / 2)] }
    $mine = [pscustomobject]@{ Path = $Run.Path; Begun = $Run.Begun; Outcome = $Run.Outcome; Seconds = $Run.Seconds
        BytesPerSecond = $Run.BytesPerSecond; Versions = $Run.VersionsAfter; LatestVersion = $Run.LatestVersion; Error = $Run.Error }
    $all = @($saved) + $mine
    if ($all.Count -gt 30) { $all = $all[($all.Count - 30)..($all.Count - 1)] }
    Write-NasReadyFile $file (ConvertTo-Json @{ results = @($all) } -Depth 4)
}

function Write-NasReadyResultEvent {
    param([object]$Run)
    $levels = @{ Success = @(1, 'Information'); Warning = @(2, 'Warning'); Unconfirmed = @(3, 'Warning'); Stopped = @(4, 'Warning'); Failed = @(5, 'Error'); Interrupted = @(6, 'Error') }
    $level = $levels[[string]$Run.Outcome]
    if ($Run.Outcome -eq 'Success' -and ($Run.HistoryLost -or ($Run.Verdict -and $Run.Verdict.ClosedCleanly -eq $false))) { $level = @(7, 'Warning') }
    Write-WinEvent -Id $level[0] -Level $level[1] -Message (Format-NasReadyResult $Run)
}

function Format-NasReadyResult {
    param([object]$Run)
    $lines = @("Backup of $($Run.Server) onto $($Run.Path): $($Run.Outcome).", "Begun $($Run.Begun), $($Run.Seconds) s.")
    if ($Run.Error) { $lines += $Run.Error }
    if ($Run.Result -and $Run.Result -ne '0x00000000') { $lines += "$($Run.Result): $((Resolve-NasReadyError $Run.Result).Meaning)" }
    if ($Run.Detail -and $Run.Detail -ne '0x00000000') {
        $known = Resolve-NasReadyError $Run.Detail
        $lines += "$($Run.Detail): $($known.Meaning) $($known.Remedy)"
    }
    if ($null -ne $Run.VersionsAfter) { $lines += "Versions: $($Run.VersionsBefore) before, $($Run.VersionsAfter) after; the latest is $($Run.LatestVersion)." }
    if ($Run.HistoryLost) { $lines += 'history-lost: earlier versions were deleted for want of room. Expand-NasReadyDisk makes some.' }
    if ($Run.NotIncluded.Count) { $lines += "Not in this backup: $($Run.NotIncluded -join ', ')." }
    if ($Run.BytesPerSecond) {
        $usual = ''
        if ($Run.UsualBytesPerSecond) { $usual = ", usually $([math]::Round([double]$Run.UsualBytesPerSecond * 8 / 1e6)) Mbit/s" }
        $lines += "$($Run.TransferredBytes) bytes, $([math]::Round([double]$Run.BytesPerSecond * 8 / 1e6)) Mbit/s$usual."
    }
    if ($Run.Verdict) { $lines += "The NAS says: $($Run.Verdict.Message)" }
    $lines -join "`r`n"
}

function Send-NasReadyHook {
    param([uri]$Uri, [object]$Run)
    Add-Type -AssemblyName System.Net.Http
    $client = New-Object System.Net.Http.HttpClient
    try {
        $client.Timeout = [timespan]::FromSeconds(30)
        $json = ConvertTo-Json ($Run | Select-Object -Property * -ExcludeProperty Clock) -Depth 6
        $task = $client.PostAsync($Uri, (New-Object System.Net.Http.StringContent($json, [System.Text.Encoding]::UTF8, 'application/json')))
        Wait-NasReadyTask $task
        if ($task.IsFaulted -or $task.IsCanceled -or -not $task.Result.IsSuccessStatusCode) { throw "$Uri did not take the result" }
    } finally {
        $client.Dispose()
    }
}

# two copies: beside the disk, where a restore finds it, and here
function Write-NasReadyRecoverySheet {
    param([object]$Target, [object]$Run, [string]$File)
    $text = Format-NasReadyRecovery $Target $Run.Server $Run.LatestVersion $Run
    $copy = [System.IO.Path]::Combine((Get-WinStateFolder), [System.IO.Path]::ChangeExtension($Target.File, '.recovery.txt'))
    Write-NasReadyFile $copy $text
    $Run.RecoverySheet = $copy
    if (-not $File) { $File = [System.IO.Path]::ChangeExtension($Target.Unc, '.recovery.txt') }
    Write-WinRecoverySheet -File $File -Text $text
    $Run.RecoverySheet = $File
}
