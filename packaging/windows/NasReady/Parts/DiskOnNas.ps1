# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# The agent creates the file (POST /v1/disks, a job); Windows then tries it while it is empty. Nothing is answered where
# there is any doubt: then the file is deleted again and the caller takes the steps.

function New-NasReadyDiskOnNas {
    param([object]$Agent, [object]$Target, [object]$Record, [object]$Plan, [hashtable]$Format)
    Set-NasReadyStage $Record 'the NAS creates it'
    $body = [ordered]@{ share = $Target.Share; file = $Target.File; size_bytes = $Plan.SizeBytes }
    $job = (Invoke-NasReadyRequest -Agent $Agent -Method POST -Path '/v1/disks' -Body $body -TimeoutSeconds 30).Body
    Wait-NasReadyJob $Agent $Target $job
    try {
        if ((Get-WinFeature).HyperV -and -not (Test-WinVhd $Target.Unc)) {
            Stop-NasReady -Code 'disk-unreliable' -Subject $Target.Unc -Message "Test-VHD refuses what the NAS created at $($Target.Unc)."
        }
        $result = Complete-NasReadyDisk $Target $Record $Plan.SizeBytes $Format -Try
        $verdict = Get-NasReadyVerdict $Agent $Target $null
        if ($verdict.ClosedCleanly -eq $false) { Stop-NasReady -Code 'disk-unreliable' -Subject $Target.Unc -Message $verdict.Message }
        $result
    } catch {
        if ((Get-NasReadyErrorCode $_) -eq 'foreign-disk') { throw }
        Write-Warning "$($Target.Unc), created by the NAS, is not used: $($_.Exception.Message) It is deleted, and created in steps."
        Dismount-NasReadyVolume $Target $Record
        if (Test-WinFile $Target.Unc) { Remove-WinFile $Target.Unc }
        Assert-NasReadyCanCreate $Target -HyperV
    }
}

function Expand-NasReadyDiskOnNas {
    param([object]$Agent, [object]$Target, [object]$Record, [uint64]$SizeBytes)
    Set-NasReadyStage $Record 'the NAS grows it'
    $disk = Get-NasReadyInspection $Agent $Target
    if (-not $disk) { Stop-NasReady -Code 'no-disk' -Subject $Target.Unc -Category ObjectNotFound -Message "The agent does not know $($Target.Disk)." -Remedy 'Get-NasReadyStatus shows its shares.' }
    $job = (Invoke-NasReadyRequest -Agent $Agent -Method PATCH -Path "/v1/disks/$($disk.id)" -Body @{ size_bytes = $SizeBytes } -TimeoutSeconds 30).Body
    Wait-NasReadyJob $Agent $Target $job
}

function Wait-NasReadyJob {
    param([object]$Agent, [object]$Target, [object]$Job)
    while ($true) {
        $now = (Invoke-NasReadyRequest -Agent $Agent -Path "/v1/jobs/$($Job.job)").Body
        if ($now.state -in @('done')) { return }
        if ($now.state -in @('failed', 'cancelled')) {
            Stop-NasReady -Code 'job-failed' -Subject $Target.Unc -Problem $now -Message "The NAS could not do it: job $($Job.job) $($now.state): $($now.message)" -Remedy 'Get-NasReadyStatus shows what it lacks.'
        }
        $progress = @{}
        if ($now.total_bytes) { $progress['PercentComplete'] = [int](100 * [double]$now.done_bytes / [double]$now.total_bytes) }
        Write-Progress -Activity "nasready: $($Target.Unc)" -Status "job $($Job.job): $($now.state)" @progress
        Start-Sleep -Milliseconds 500
    }
}
