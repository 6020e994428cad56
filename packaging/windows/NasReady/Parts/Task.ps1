# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors

# The task as XML, which Windows 2012 to today read the same. Runs whether somebody is logged on or not, with a stored
# password: S4U and SYSTEM cannot mount from a share. No time limit, no second instance, not stopped by a battery.
function New-NasReadyTaskXml {
    param([string]$User, [string]$Arguments, [string]$Trigger, [string]$Description)
    $escape = { param($text) [System.Security.SecurityElement]::Escape($text) }
    @"
<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.3" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Author>nasready</Author><Description>$(& $escape $Description)</Description></RegistrationInfo>
  <Triggers>$Trigger</Triggers>
  <Principals><Principal id="Author"><UserId>$(& $escape $User)</UserId><LogonType>Password</LogonType><RunLevel>HighestAvailable</RunLevel></Principal></Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Priority>6</Priority>
    <Enabled>true</Enabled>
  </Settings>
  <Actions Context="Author"><Exec><Command>%SystemRoot%\System32\WindowsPowerShell\v1.0\powershell.exe</Command><Arguments>$(& $escape $Arguments)</Arguments></Exec></Actions>
</Task>
"@
}

# an argument of powershell.exe -File, whatever is in it
function ConvertTo-NasReadyArgument {
    param([string]$Text)
    if ($Text -match '"') { Stop-NasReady -Code 'bad-argument' -Subject $Text -Category InvalidArgument -Message "A double quote cannot be passed to a task: $Text" -Remedy 'Leave it out.' }
    '"' + ($Text -replace '\\+$', '$0$0') + '"'
}

function Get-NasReadyTaskArgument {
    param([string[]]$More)
    $script = [System.IO.Path]::Combine((Split-Path $PSScriptRoot), 'Invoke-NasReadyBackup.ps1')
    "-NoProfile -NonInteractive -ExecutionPolicy Bypass -File $(ConvertTo-NasReadyArgument $script) $($More -join ' ')"
}

function Get-NasReadyTaskName {
    param([object]$Target)
    'Backup ' + ($Target.Disk -replace '[\\/:*?"<>|]', ' ')
}

<#
.SYNOPSIS
Schedules the backup, and the repair at start-up and every quarter of an hour.
.DESCRIPTION
The account needs a password (SYSTEM, and tasks without a stored one, cannot mount from a share), must be an administrator
of this server, and may write to the share: a local account of its own, made for this, is best. Before anything is
scheduled the checks of a backup run once under that account, and the tasks are not made if they fail.
.PARAMETER Path
The disk, as in \\NAS\Backup\SRV1.vhdx.
.PARAMETER Credential
The account that backs up.
.PARAMETER At
The time of day, as in 22:00.
.PARAMETER DaysOfWeek
On which days; every day by default.
.PARAMETER Argument
More arguments of Invoke-NasReadyBackup.ps1, as in '-VssFull'.
.PARAMETER SkipTest
Does not run the checks under that account first.
.PARAMETER TimeoutSeconds
How long the checks may take.
.EXAMPLE
Register-NasReadyTask \\nas\Backup\SRV1.vhdx -Credential SRV1\backup -At 22:00
#>
function Register-NasReadyTask {
    [CmdletBinding(SupportsShouldProcess)]
    param(
        [Parameter(Mandatory, Position = 0)][string]$Path,
        [Parameter(Mandatory)][System.Management.Automation.PSCredential][System.Management.Automation.Credential()]$Credential,
        [timespan]$At = '22:00',
        [System.DayOfWeek[]]$DaysOfWeek,
        [string[]]$Argument = @(),
        [switch]$SkipTest,
        [ValidateRange(1, 86400)][int]$TimeoutSeconds = 600
    )
    $target = ConvertFrom-NasReadyPath $Path
    if ($Credential.UserName -match '(?i)^(NT AUTHORITY\\)?(SYSTEM|LOCAL SERVICE|NETWORK SERVICE)$' -or $Credential.Password.Length -eq 0) {
        Stop-NasReady -Code 'no-password' -Subject $Credential.UserName -Category InvalidArgument -Message "$($Credential.UserName) has no password: such an account cannot mount a disk from a share." -Remedy 'Use a local administrator that was made for this, with a password.'
    }
    $name = Get-NasReadyTaskName $target
    if (-not $PSCmdlet.ShouldProcess("\NasReady\$name", "schedule for $At")) { return }
    $run = @('-Path', (ConvertTo-NasReadyArgument $target.Unc))
    # settings are those of a user, and the task's is another one
    $saved = Read-NasReadyServer $target.Server
    if ($saved.Uri -ne (Get-NasReadyUsualUri $target.Server)) { $run += @('-AgentUri', (ConvertTo-NasReadyArgument $saved.Uri)) }
    if (-not $SkipTest) { Test-NasReadyPrincipal $target $Credential $run $TimeoutSeconds }
    $common = @{ User = $Credential.UserName }
    $xml = New-NasReadyTaskXml @common -Arguments (Get-NasReadyTaskArgument ($run + $Argument)) -Trigger (New-NasReadyTrigger $At $DaysOfWeek) -Description "Backs this server up onto $($target.Unc)."
    Register-WinTask -Name $name -Xml $xml -Credential $Credential
    $often = '<BootTrigger><Enabled>true</Enabled></BootTrigger><TimeTrigger><Repetition><Interval>PT15M</Interval></Repetition><StartBoundary>2020-01-01T00:07:00</StartBoundary><Enabled>true</Enabled></TimeTrigger>'
    $xml = New-NasReadyTaskXml @common -Arguments (Get-NasReadyTaskArgument '-Repair') -Trigger $often -Description 'Takes back what a backup left that was killed or lost its power.'
    Register-WinTask -Name 'Repair' -Xml $xml -Credential $Credential
    [pscustomobject]@{ PSTypeName = 'NasReady.Task'; Name = "\NasReady\$name"; Path = $target.Unc; At = $At; User = $Credential.UserName; Repair = '\NasReady\Repair' }
}

function New-NasReadyTrigger {
    param([timespan]$At, [System.DayOfWeek[]]$DaysOfWeek)
    $invariant = [System.Globalization.CultureInfo]::InvariantCulture
    $start = "<StartBoundary>2020-01-01T$($At.ToString('hh\:mm\:ss', $invariant))</StartBoundary><Enabled>true</Enabled>"
    if (-not $DaysOfWeek) { return "<CalendarTrigger>$start<ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay></CalendarTrigger>" }
    $days = ($DaysOfWeek | ForEach-Object { "<$_ />" }) -join ''
    "<CalendarTrigger>$start<ScheduleByWeek><DaysOfWeek>$days</DaysOfWeek><WeeksInterval>1</WeeksInterval></ScheduleByWeek></CalendarTrigger>"
}

# the checks of a backup, once, as that account sees them
function Test-NasReadyPrincipal {
    param([object]$Target, [System.Management.Automation.PSCredential]$Credential, [string[]]$Run, [int]$TimeoutSeconds)
    $name = 'Check ' + [guid]::NewGuid().ToString()
    $xml = New-NasReadyTaskXml -User $Credential.UserName -Arguments (Get-NasReadyTaskArgument ($Run + '-PreflightOnly')) -Trigger '' -Description 'Runs once, then goes.'
    Register-WinTask -Name $name -Xml $xml -Credential $Credential
    try {
        Start-WinTask $name
        $never = 267011 # SCHED_S_TASK_HAS_NOT_RUN
        $task = Wait-NasReadyCondition -TimeoutSeconds $TimeoutSeconds -Until {
            $now = Get-WinTask $name
            if ($now -and -not $now.Running -and $now.LastResult -ne $never) { $now }
        }
        if (-not $task) { Stop-NasReady -Code 'task-check-timeout' -Subject $Target.Unc -Category OperationTimeout -Message "The checks as $($Credential.UserName) did not end within $TimeoutSeconds s." -Remedy 'Look at the task''s history; -SkipTest schedules without them.' }
        if ($task.LastResult -ne 0) {
            Stop-NasReady -Code 'task-check-failed' -Subject $Target.Unc -Message "The checks as $($Credential.UserName) failed (exit code $($task.LastResult))." -Remedy "The event log Application, source NasReady, has the reason. Or run as that account: Test-NasReadyBackup '$($Target.Unc)'."
        }
    } finally {
        Unregister-WinTask $name
    }
}

<#
.SYNOPSIS
Removes the schedule of a disk.
.DESCRIPTION
The repair task stays, for other disks, unless -All is given.
.PARAMETER Path
The disk, as in \\NAS\Backup\SRV1.vhdx.
.PARAMETER All
Removes the repair task, too.
.EXAMPLE
Unregister-NasReadyTask \\nas\Backup\SRV1.vhdx -All
#>
function Unregister-NasReadyTask {
    [CmdletBinding(SupportsShouldProcess)]
    param([Parameter(Mandatory, Position = 0)][string]$Path, [switch]$All)
    $target = ConvertFrom-NasReadyPath $Path
    $name = Get-NasReadyTaskName $target
    if (-not $PSCmdlet.ShouldProcess("\NasReady\$name", 'remove')) { return }
    Unregister-WinTask $name
    if ($All) { Unregister-WinTask 'Repair' }
}
