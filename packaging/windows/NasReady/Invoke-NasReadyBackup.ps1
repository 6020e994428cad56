# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
<#
.SYNOPSIS
For schedulers: one backup, or the repair after a crash, with an exit code.
.DESCRIPTION
0 success, 1 done but not to be trusted (warnings, not confirmed, versions lost, not closed cleanly), 2 refused or stopped
(checks, NAS not ready, UPS on battery), 3 failed. What happened stands in the event log Application, source NasReady.
.PARAMETER Path
The disk, as in \\NAS\Backup\SRV1.vhdx.
.PARAMETER PreflightOnly
Checks only.
.PARAMETER Repair
Takes back what an earlier run left; needs no path.
.EXAMPLE
powershell.exe -NoProfile -File Invoke-NasReadyBackup.ps1 -Path \\nas\Backup\SRV1.vhdx
#>
[CmdletBinding(DefaultParameterSetName = 'Backup')]
param(
    [Parameter(Mandatory, ParameterSetName = 'Backup')][string]$Path,
    [Parameter(ParameterSetName = 'Backup')][string[]]$Exclude = @(),
    [Parameter(ParameterSetName = 'Backup')][switch]$VssFull,
    [Parameter(ParameterSetName = 'Backup')][switch]$PreflightOnly,
    [Parameter(ParameterSetName = 'Backup')][switch]$Force,
    [Parameter(ParameterSetName = 'Backup')][int]$TimeoutSeconds = 3600,
    [Parameter(ParameterSetName = 'Backup')][uri]$WebHook,
    [Parameter(ParameterSetName = 'Backup')][string[]]$MailTo,
    [Parameter(ParameterSetName = 'Backup')][string]$MailServer,
    [Parameter(ParameterSetName = 'Backup')][string]$MailFrom,
    [Parameter(ParameterSetName = 'Backup')][uri]$AgentUri,
    [Parameter(Mandatory, ParameterSetName = 'Repair')][switch]$Repair
)
$ErrorActionPreference = 'Stop'
$module = Import-Module ([System.IO.Path]::Combine($PSScriptRoot, 'NasReady.psd1')) -PassThru
try {
    if ($Repair) {
        $states = @(Repair-NasReadyState)
        $states | Format-List | Out-String | Write-Output
        if (@($states | Where-Object { -not $_.Clean }).Count) { exit 1 }
        exit 0
    }
    $result = Start-NasReadyBackup @PSBoundParameters
    $result | Format-List | Out-String | Write-Output
} catch {
    $text = $_.Exception.Message
    if ($_.ErrorDetails) { $text = $_.ErrorDetails.Message }
    & $module { param($message) Write-WinEvent -Id 8 -Level Error -Message $message } $text
    [System.Console]::Error.WriteLine($text)
    if ($_.FullyQualifiedErrorId -match '^NasReady\.') { exit 2 }
    exit 3
}
switch ($result.Outcome) {
    'Ready' { exit 0 }
    'Success' {
        if ($result.HistoryLost -or ($result.Verdict -and $result.Verdict.ClosedCleanly -eq $false)) { exit 1 }
        exit 0
    }
    'Stopped' { exit 2 }
    'Failed' { exit 3 }
    default { exit 1 }
}
