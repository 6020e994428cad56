# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors

New-Machine
$account = [pscredential]::new('SRV1\backup & "co"', (ConvertTo-SecureString 'secret' -AsPlainText -Force))
$made = Register-NasReadyTask '\\nas\Backup\SRV 1 & <x>.vhdx'.Replace('<', '(').Replace('>', ')') -Credential $account -At 22:15 -DaysOfWeek Monday, Friday
Check "made: $($made.Name)" { $made.Name -match '^\\NasReady\\Backup ' -and (Read-State 'task Repair') }
$saved = @([System.IO.Directory]::GetFiles($env:NASREADY_TEST_MACHINE, 'task Backup*.json'))
$xml = [xml](ConvertFrom-Json ([System.IO.File]::ReadAllText($saved[0]))).Xml
$task = $xml.Task
Check 'it is XML, with a password, elevated' { $task.Principals.Principal.LogonType -eq 'Password' -and $task.Principals.Principal.RunLevel -eq 'HighestAvailable' -and $task.Principals.Principal.UserId -eq 'SRV1\backup & "co"' }
Check 'on battery too, no limit, one at a time' { $task.Settings.DisallowStartIfOnBatteries -eq 'false' -and $task.Settings.StopIfGoingOnBatteries -eq 'false' -and $task.Settings.ExecutionTimeLimit -eq 'PT0S' -and $task.Settings.MultipleInstancesPolicy -eq 'IgnoreNew' }
Check 'Mondays and Fridays at 22:15' { $task.Triggers.CalendarTrigger.StartBoundary -match 'T22:15:00$' -and ($task.Triggers.CalendarTrigger.ScheduleByWeek.DaysOfWeek.ChildNodes | ForEach-Object { $_.Name }) -join ' ' -eq 'Monday Friday' }
Check 'the path arrives in one piece' { $task.Actions.Exec.Arguments -match '-Path "\\\\nas\\Backup\\SRV 1 & \(x\)\.vhdx"' }
$repair = ([xml](Read-State 'task Repair').Xml).Task
Check 'the repair runs at start-up and every quarter of an hour' { $repair.Triggers.BootTrigger.Enabled -eq 'true' -and $repair.Triggers.TimeTrigger.Repetition.Interval -eq 'PT15M' -and $repair.Actions.Exec.Arguments -match '-Repair$' }
Check 'the checks ran once under that account, and their task is gone' { (Read-State started).Name -match '^Check ' -and @([System.IO.Directory]::GetFiles($env:NASREADY_TEST_MACHINE, 'task Check*')).Count -eq 0 }
Unregister-NasReadyTask '\\nas\Backup\SRV 1 & (x).vhdx' -All
Check 'removed' { @([System.IO.Directory]::GetFiles($env:NASREADY_TEST_MACHINE, 'task *')).Count -eq 0 }
Set-NasReadySetting \\nas\Backup -AgentUri http://192.168.1.20:9999
[void](Register-NasReadyTask \\nas\Backup\SRV1.vhdx -Credential $account -SkipTest)
Check 'the other account learns where the agent is' { @([System.IO.Directory]::GetFiles($env:NASREADY_TEST_MACHINE, 'task Backup*.json') | Where-Object { (ConvertFrom-Json ([System.IO.File]::ReadAllText($_))).Xml -match '-AgentUri &quot;http://192.168.1.20:9999&quot;' }).Count -eq 1 }
Unregister-NasReadyTask \\nas\Backup\SRV1.vhdx -All
Set-Facts @{ TaskResult = 2 }
Refuses 'checks that fail under that account' 'task-check-failed' { Register-NasReadyTask \\nas\Backup\SRV1.vhdx -Credential $account } 'Test-NasReadyBackup'
Check 'and nothing is scheduled' { @([System.IO.Directory]::GetFiles($env:NASREADY_TEST_MACHINE, 'task *')).Count -eq 0 }
Set-Facts @{ TaskResult = 267011 }
Refuses 'checks that never begin' 'task-check-timeout' { Register-NasReadyTask \\nas\Backup\SRV1.vhdx -Credential $account -TimeoutSeconds 1 } '-SkipTest'
Refuses 'SYSTEM' 'no-password' { Register-NasReadyTask \\nas\Backup\SRV1.vhdx -Credential ([pscredential]::new('NT AUTHORITY\SYSTEM', (ConvertTo-SecureString x -AsPlainText -Force))) } 'local administrator'
Check '-WhatIf schedules nothing' { Register-NasReadyTask \\nas\Backup\SRV1.vhdx -Credential $account -WhatIf; @([System.IO.Directory]::GetFiles($env:NASREADY_TEST_MACHINE, 'task *')).Count -eq 0 }
foreach ($culture in 'de-DE', 'en-US', 'ar-SA') {
    [System.Threading.Thread]::CurrentThread.CurrentCulture = [cultureinfo]$culture
    Check "${culture}: 22:15 in the task" { (Within { New-NasReadyTrigger '22:15' $null }) -match 'T22:15:00<' }
}
[System.Threading.Thread]::CurrentThread.CurrentCulture = [cultureinfo]'en-US'

# a recording of this machine: what Windows does not answer here is an error in it, not one of the command
Import-Module ([System.IO.Path]::Combine($module, 'NasReady.psd1')) -Force -Global
$file = Export-NasReadyTranscript ([System.IO.Path]::Combine($env:NASREADY_TEST_SCRATCH, 'transcript.json'))
$recorded = ConvertFrom-Json ([System.IO.File]::ReadAllText($file.FullName))
Check 'a transcript holds every answer or its error' { @($recorded.Answers.PSObject.Properties).Count -ge 12 -and -not @($recorded.Answers.PSObject.Properties | Where-Object { -not $_.Value.PSObject.Properties['Value'] -and -not $_.Value.Error }).Count }
