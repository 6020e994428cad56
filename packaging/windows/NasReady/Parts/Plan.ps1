# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors

<#
.SYNOPSIS
In which steps a disk can be created or grown on this NAS without a time-out.
.DESCRIPTION
One allocation that takes longer than Windows waits (60 s by default) destroys the disk that is being created. The agent
knows what its volume can do and answers with steps that stay below it. Sends the time-out of this computer along.
.PARAMETER Path
The share or the disk, as in \\NAS\Backup or \\NAS\Backup\SRV1.vhdx.
.PARAMETER Size
The virtual size: bytes (5.3TB in PowerShell means 5.3 TiB), or a text like "5.3TiB".
.PARAMETER CurrentSize
What the disk has now, when it is to grow.
.PARAMETER ClientTimeoutSeconds
How long Windows waits for the NAS; read from this computer by default.
.PARAMETER AgentUri
Where the agent answers, if not at port 8439 of that NAS.
.PARAMETER Credential
Whom to ask as; reading needs nobody.
.EXAMPLE
(Get-NasReadyPlan \\nas\Backup -Size 5.3TiB).Steps
#>
function Get-NasReadyPlan {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 0)][string]$Path,
        [Parameter(Mandatory, Position = 1)][object]$Size,
        [object]$CurrentSize,
        [ValidateRange(1, 65535)][int]$ClientTimeoutSeconds,
        [uri]$AgentUri,
        [System.Management.Automation.PSCredential][System.Management.Automation.Credential()]$Credential
    )
    $agent = Get-NasReadyAgent -Path $Path -AgentUri $AgentUri -Credential $Credential
    if (-not $ClientTimeoutSeconds) { $ClientTimeoutSeconds = Get-WinSmbTimeout }
    $query = [ordered]@{ share = (ConvertFrom-NasReadyPath $Path -ShareOnly).Share; size = ConvertTo-NasReadySize $Size
        client_timeout_s = $ClientTimeoutSeconds }
    if ($null -ne $CurrentSize) { $query['current'] = ConvertTo-NasReadySize $CurrentSize }
    ConvertTo-NasReadyPlan (Invoke-NasReadyRequest -Agent $agent -Path ('/v1/plan' + (ConvertTo-NasReadyQuery $query))).Body
}

# numbers as digits whatever the culture; a text goes to the agent as it is, who refuses an ambiguous one
function ConvertTo-NasReadySize {
    param([Parameter(Mandatory)][object]$Size)
    if ($Size -is [string]) { return $Size.Trim() }
    if ($Size -isnot [ValueType] -or $Size -lt 0) {
        Stop-NasReady -Code 'bad-size' -Subject $Size -Category InvalidArgument -Message "$Size is no size." -Remedy 'Give bytes, 5.3TB without quotes, or "5.3TiB".'
    }
    ([uint64][math]::Floor([decimal]$Size)).ToString([System.Globalization.CultureInfo]::InvariantCulture)
}

function ConvertTo-NasReadyPlan {
    param([Parameter(Mandatory)][object]$Plan)
    $steps = @($Plan.steps | ForEach-Object {
            [pscustomobject]@{ Action = [string]$_.action; SizeBytes = [uint64]$_.size_bytes; StepBytes = [uint64]$_.step_bytes; PredictedSeconds = $_.predicted_s } })
    [pscustomobject]@{
        PSTypeName = 'NasReady.Plan'; SizeBytes = [uint64]$Plan.size_bytes; CurrentBytes = [uint64]$Plan.current_bytes; Steps = $steps
        StepsOmitted = [uint32]$Plan.steps_omitted; PredictedSeconds = $Plan.predicted_s; ClientTimeoutSeconds = [uint32]$Plan.client_timeout_s
        AvailableBytes = $Plan.available_bytes; LimitBytes = $Plan.limit_bytes; LimitReason = $Plan.limit_reason; Notes = @($Plan.notes)
    }
}

<#
.SYNOPSIS
How large the backup disk of this server should be.
.DESCRIPTION
What is used on all fixed volumes, half as much again, and a day's change for each day that versions are kept. Without a
figure of your own a day's change is taken as 2 % of what is used.
.PARAMETER DailyChangeBytes
What changes on a day.
.PARAMETER Days
How many days versions are to be kept.
.EXAMPLE
New-NasReadyDisk \\nas\Backup\SRV1.vhdx -Size (Measure-NasReadyDiskSize -Days 60).SizeBytes
#>
function Measure-NasReadyDiskSize {
    [CmdletBinding()]
    param([uint64]$DailyChangeBytes, [ValidateRange(0, 3650)][int]$Days = 30)
    $used = [uint64]0
    foreach ($volume in @(Get-WinFixedVolume)) { $used += $volume.SizeBytes - $volume.FreeBytes }
    $source = 'given'
    if (-not $PSBoundParameters.ContainsKey('DailyChangeBytes')) {
        $DailyChangeBytes = [uint64]($used / 50)
        $source = 'assumed: 2 % of what is used'
    }
    $size = [uint64]([math]::Floor([decimal]$used * 1.5d)) + $DailyChangeBytes * [uint64]$Days
    $mebibyte = [uint64]1MB
    $size = $size - ($size % $mebibyte) + $mebibyte
    [pscustomobject]@{ PSTypeName = 'NasReady.DiskSize'; UsedBytes = $used; DailyChangeBytes = $DailyChangeBytes; DailyChangeSource = $source; Days = $Days; SizeBytes = $size }
}

# The gate: may this step begin now? Waits while the NAS has not settled; answers $null when granted, or the plan to follow
# in place of a step that is too large.
function Request-NasReadyStep {
    param([object]$Agent, [object]$Target, [uint64]$SizeBytes, [uint64]$CurrentBytes, [int]$ClientTimeoutSeconds, [int]$TimeoutSeconds)
    $body = [ordered]@{ share = $Target.Share; file = $Target.File; size_bytes = $SizeBytes; current_bytes = $CurrentBytes; client_timeout_s = $ClientTimeoutSeconds }
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    while ($true) {
        $answer = Invoke-NasReadyRequest -Agent $Agent -Method POST -Path '/v1/allocations' -Body $body -Accept 409, 503 -TimeoutSeconds 30
        if ($answer.Status -eq 200) { return $null }
        $problem = $answer.Body
        if ($answer.Status -eq 409 -and $problem.code -eq 'step-too-large' -and $problem.plan) { return (ConvertTo-NasReadyPlan $problem.plan) }
        if ($answer.Status -ne 503) { Stop-NasReadyProblem $Agent POST '/v1/allocations' $answer }
        if ($clock.Elapsed.TotalSeconds -ge $TimeoutSeconds) {
            Stop-NasReady -Code 'wait-timeout' -Subject $Target.Unc -Category OperationTimeout -Problem $problem -Message "The NAS did not let the step to $SizeBytes bytes begin within $TimeoutSeconds s: $($problem.detail)" -Remedy 'Get-NasReadyStatus shows what keeps it busy.'
        }
        Write-Progress -Activity "nasready: $($Target.Unc)" -Status ([string]$problem.detail)
        Start-Sleep -Seconds ([math]::Max(1, [math]::Min($answer.RetryAfter, 30)))
    }
}
