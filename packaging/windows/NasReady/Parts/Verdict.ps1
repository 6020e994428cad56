# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# What the agent sees in the VHDX's own header: was it closed cleanly, and did this run write to it?

# $null where the agent has no inspection of that disk (or is too old for it)
function Get-NasReadyInspection {
    param([object]$Agent, [object]$Target)
    try {
        $list = (Invoke-NasReadyRequest -Agent $Agent -Path '/v1/disks').Body
    } catch {
        Write-Verbose "no inspection: $($_.Exception.Message)"
        return $null
    }
    foreach ($disk in @($list.disks)) {
        if ($disk -and $disk.share -eq $Target.Share -and $disk.file -eq $Target.File) {
            return ($disk | Add-Member -NotePropertyName listed_age_ms -NotePropertyValue $list.age_ms -PassThru)
        }
    }
}

function Get-NasReadyVerdict {
    param([object]$Agent, [object]$Target, [object]$Before, [int]$TimeoutSeconds = 90)
    $last = @{}
    $since = [System.Diagnostics.Stopwatch]::StartNew()
    # the agent looks at a disk when nobody has it open, which it may learn a little later than this server; a look from
    # before the dismount says nothing
    $fresh = Wait-NasReadyCondition -TimeoutSeconds $TimeoutSeconds -Milliseconds 1000 -Until {
            $last.Disk = Get-NasReadyInspection $Agent $Target
            -not $last.Disk -or ($null -ne $last.Disk.clean -and $last.Disk.current -and
                $null -ne $last.Disk.listed_age_ms -and $last.Disk.listed_age_ms -lt $since.ElapsedMilliseconds)
        }
    $disk = $last.Disk
    if (-not $disk) {
        return [pscustomobject]@{ ClosedCleanly = $null; Written = $null; Message = 'The agent tells nothing of this disk.' }
    }
    if (-not $fresh) {
        return [pscustomobject]@{ ClosedCleanly = $null; Written = $null
            Message = "Whether it was closed cleanly is not known: the agent has not looked at it since the dismount$(if ($disk.reason) { " ($($disk.reason))" })." }
    }
    $written = $null
    if ($Before -and $Before.data_write_id -and $disk.data_write_id) { $written = $Before.data_write_id -ne $disk.data_write_id }
    $message = 'It was closed cleanly.'
    if ($disk.clean -eq $false) { $message = 'It was NOT closed cleanly: its log is not empty. Mount it once in Windows, which replays the log, and dismount it.' }
    if ($written -eq $false) { $message += ' Nothing was written to it since before this backup.' }
    foreach ($problem in @($disk.problems)) { if ($problem) { $message += " $($problem.message)" } }
    [pscustomobject]@{ ClosedCleanly = $disk.clean; Written = $written; Message = $message }
}
