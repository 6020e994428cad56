# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors

<#
.SYNOPSIS
Everything that the agent knows of its NAS.
.DESCRIPTION
The answer of GET /v1/status as objects: findings, volumes with their journals, SMB clients, links, disks, RAID, UPS.
Sizes are bytes; what is not known is $null.
.PARAMETER Path
A path on the NAS, as in \\NAS\Backup\SRV1.vhdx or \\NAS\Backup.
.PARAMETER AgentUri
Where the agent answers, if not at port 8439 of that NAS.
.PARAMETER Credential
Whom to ask as; reading needs nobody.
.EXAMPLE
(Get-NasReadyStatus \\nas\Backup).volumes | Format-Table mount, state, settled, available_bytes
#>
function Get-NasReadyStatus {
    [CmdletBinding()]
    param(
        [Parameter(Position = 0)][string]$Path,
        [uri]$AgentUri,
        [System.Management.Automation.PSCredential][System.Management.Automation.Credential()]$Credential
    )
    $agent = Get-NasReadyAgent @PSBoundParameters
    $status = (Invoke-NasReadyRequest -Agent $agent -Path '/v1/status').Body
    $status.PSObject.TypeNames.Insert(0, 'NasReady.Status')
    $status
}

function Get-NasReadyAnswer {
    param([Parameter(Mandatory)][object]$Agent, [string]$Disk)
    $query = [ordered]@{}
    if ($Disk) { $query['disk'] = $Disk }
    $query['server'] = Get-NasReadyComputerName
    $answer = (Invoke-NasReadyRequest -Agent $Agent -Path ('/v1/ready' + (ConvertTo-NasReadyQuery $query))).Body
    if ($answer.answer -notin @('go', 'wait', 'no')) {
        Stop-NasReady -Code 'not-an-agent' -Subject $Agent.Uri -Message "What answers at $($Agent.Uri) says neither go, wait nor no." -Remedy 'Is the address right?'
    }
    $retry = [uint32]0
    if ($answer.retry_after_s) { $retry = [uint32]$answer.retry_after_s }
    [pscustomobject]@{ PSTypeName = 'NasReady.Answer'; Answer = [string]$answer.answer; RetryAfterSeconds = $retry; Findings = @($answer.findings) }
}

# a name that the agent takes: letters, digits, - _ .
function Get-NasReadyComputerName {
    $name = [System.Environment]::MachineName -replace '[^A-Za-z0-9._-]', '-'
    if ($name.Length -gt 15) { $name = $name.Substring(0, 15) }
    $name
}

function Get-NasReadyDiskOf {
    param([string]$Path)
    if ($Path -and (ConvertFrom-NasReadyPath $Path -ShareOnly).Rest) { return (ConvertFrom-NasReadyPath $Path).Disk }
}

<#
.SYNOPSIS
May a backup run now? True or false.
.DESCRIPTION
Asks the agent once. False also while the NAS says "wait": Wait-NasReady waits. With -Verbose the reasons are shown.
.PARAMETER Path
The disk, as in \\NAS\Backup\SRV1.vhdx, or a share.
.PARAMETER AgentUri
Where the agent answers, if not at port 8439 of that NAS.
.PARAMETER Credential
Whom to ask as; reading needs nobody.
.EXAMPLE
if (Test-NasReady \\nas\Backup\SRV1.vhdx) { 'go' }
#>
function Test-NasReady {
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Position = 0)][string]$Path,
        [uri]$AgentUri,
        [System.Management.Automation.PSCredential][System.Management.Automation.Credential()]$Credential
    )
    $answer = Get-NasReadyAnswer (Get-NasReadyAgent @PSBoundParameters) (Get-NasReadyDiskOf $Path)
    foreach ($finding in $answer.Findings) { Write-Verbose "$($finding.severity) $($finding.code): $($finding.message) $($finding.remedy)" }
    $answer.Answer -eq 'go'
}

<#
.SYNOPSIS
Waits until a backup may run.
.DESCRIPTION
Asks again when the agent said to, shows what it waits for, and answers with the findings that are left (warnings) as soon
as the NAS says go. It gives up at once when the NAS says no, and when the time is up; the error names the reasons.
.PARAMETER Path
The disk, as in \\NAS\Backup\SRV1.vhdx, or a share.
.PARAMETER AgentUri
Where the agent answers, if not at port 8439 of that NAS.
.PARAMETER Credential
Whom to ask as; reading needs nobody.
.PARAMETER TimeoutSeconds
How long to wait at most; an hour by default.
.EXAMPLE
Wait-NasReady \\nas\Backup\SRV1.vhdx -TimeoutSeconds 1800
#>
function Wait-NasReady {
    [CmdletBinding()]
    param(
        [Parameter(Position = 0)][string]$Path,
        [uri]$AgentUri,
        [System.Management.Automation.PSCredential][System.Management.Automation.Credential()]$Credential,
        [ValidateRange(0, 604800)][int]$TimeoutSeconds = 3600
    )
    [void]$PSBoundParameters.Remove('TimeoutSeconds')
    Wait-NasReadyAgent -Agent (Get-NasReadyAgent @PSBoundParameters) -Disk (Get-NasReadyDiskOf $Path) -TimeoutSeconds $TimeoutSeconds
}

function Wait-NasReadyAgent {
    param([Parameter(Mandatory)][object]$Agent, [string]$Disk, [int]$TimeoutSeconds)
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    $activity = "waiting for the NAS at $($Agent.Uri)"
    try {
        while ($true) {
            $answer = Get-NasReadyAnswer $Agent $Disk
            if ($answer.Answer -eq 'go') { return $answer }
            $reasons = Format-NasReadyFinding $answer.Findings
            if ($answer.Answer -eq 'no') {
                Stop-NasReady -Code 'not-ready' -Subject $answer -Message "The NAS says no: $reasons" -Remedy 'Mend that first.'
            }
            $left = $TimeoutSeconds - [int]$clock.Elapsed.TotalSeconds
            if ($left -le 0) {
                Stop-NasReady -Code 'wait-timeout' -Subject $answer -Category OperationTimeout -Message "The NAS still says wait after $TimeoutSeconds s: $reasons" -Remedy 'Wait longer (-TimeoutSeconds), or mend that first.'
            }
            $pause = [math]::Max(1, [math]::Min([math]::Min($answer.RetryAfterSeconds, 30), $left))
            Write-Progress -Activity $activity -Status $reasons -SecondsRemaining ([int]$answer.RetryAfterSeconds)
            Start-Sleep -Seconds $pause
        }
    } finally {
        Write-Progress -Activity $activity -Completed
    }
}

function Format-NasReadyFinding {
    param([object[]]$Findings)
    $grave = @($Findings | Where-Object { $_.severity -in @('block', 'wait') })
    ($grave | ForEach-Object { "$($_.code): $($_.message) $($_.remedy)" }) -join ' '
}
