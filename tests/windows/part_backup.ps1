# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# Start-NasReadyBackup from end to end: real agent, a VHDX of qemu-img on a real share, a real SMB client that holds it.

$disk = '\\127.0.0.1\Backup\SRV1.vhdx'
New-BackupMachine
# the agent has looked at the disk before, as it has where a backup runs every night
$env:NASREADY_TEST_INSPECT = '1'
$seen = Wait-Until { @((Invoke-Agent /v1/disks).disks | Where-Object { $_.file -eq 'SRV1.vhdx' -and $_.current -and $_.data_write_id }).Count -eq 1 } 60
$result = Start-NasReadyBackup $disk -WatchSeconds 0.3
Check "a backup: $($result.Outcome), $($result.Seconds) s" { $result.Outcome -eq 'Success' -and $result.ExitCode -eq 0 -and $result.Result -eq '0x00000000' }
Check 'one version more' { $result.VersionsBefore -eq 0 -and $result.VersionsAfter -eq 1 -and $result.LatestVersion -match '^\d\d/\d\d/\d{4}-\d\d:\d\d$' }
Check 'what is in it, and what is not' { ($result.Included -join ',') -eq 'C:,D:' -and ($result.NotIncluded -join ' ') -match 'FAT32' }
Check 'as wbadmin was told' { $arguments = @(Read-State arguments) -join ' '; $arguments -match '^start backup -backupTarget:B: -include:C:,D: -allCritical -systemState -vssCopy -quiet$' }
Check 'the order of things' {
    $calls = @([System.IO.File]::ReadAllLines([System.IO.Path]::Combine($env:NASREADY_TEST_MACHINE, 'calls')) | Where-Object { $_ -match '^stage:' } | ForEach-Object { $_.Substring(6) })
    ($calls -join ' ') -eq 'lease mount volume backup drain flush offline dismount verdict release report'
}
Check 'dismounted, awake no more, nothing left' { -not (Read-State 'disk SRV1.vhdx').Attached -and (Read-State awake) -eq $false -and @(Repair-NasReadyState).Count -eq 0 }
Check 'the recovery sheet lies beside the disk' {
    $sheet = [System.IO.File]::ReadAllText([System.IO.Path]::Combine($env:NASREADY_TEST_SHARE, 'SRV1.recovery.txt'))
    $sheet -match "-version:$([regex]::Escape($result.LatestVersion)) " -and $sheet -match 'attach vdisk' -and $sheet -match '5000C500A1B2C3D4' -and $result.RecoverySheet -match 'SRV1\.recovery\.txt$'
}
Check 'the event log has it' { (Read-State reported).Id -eq 1 -and (Read-State reported).Message -match 'Success' }
if ($env:NASREADY_TEST_SMB -and $seen) {
    Check "the agent's verdict: $($result.Verdict.Message)" { $result.Verdict.ClosedCleanly -eq $true -and $result.Verdict.Written -eq $true }
} else { Skip "the agent's verdict: $($result.Verdict.Message)" }

$env:NASREADY_TEST_INSPECT = ''

# each way it can end otherwise
$endings = @(
    @('completed with warnings', @{ DetailedHResult = -2147212300 }, 'Warning'), @('a component skipped', @{ VolumesInfo = '<VolumeInfo><VolumeInfoItem Name="C:" HResult="-2147212300" DetailedHResult="0" IsIncremental="1" DataTransferred="1" NumUnreadableBytes="0"/></VolumeInfo>' }, 'Warning'),
    @('unreadable bytes', @{ VolumesInfo = '<VolumeInfo><VolumeInfoItem Name="C:" HResult="0" DetailedHResult="0" IsIncremental="1" DataTransferred="1" NumUnreadableBytes="4096"/></VolumeInfo>' }, 'Warning'),
    @('failed', @{ ExitCode = -3; HResult = -2139619319; DetailedHResult = -2147024783 }, 'Failed'), @('no record of the end', @{ NoEvent = $true }, 'Unconfirmed'))
foreach ($ending in $endings) {
    New-BackupMachine $ending[1]
    $result = Start-NasReadyBackup $disk
    Check "$($ending[0]) is $($ending[2])" { $result.Outcome -eq $ending[2] -and -not (Read-State 'disk SRV1.vhdx').Attached -and (Read-State reported).Id -gt 1 }
}
New-BackupMachine @{ KeepVersions = 1 }
[System.IO.File]::WriteAllText([System.IO.Path]::Combine($env:NASREADY_TEST_MACHINE, 'versions.json'), '["01/01/2026-10:00","01/02/2026-10:00"]')
$result = Start-NasReadyBackup $disk
Check 'fewer versions than before: history lost, reported as 7' { $result.HistoryLost -and $result.VersionsBefore -eq 2 -and $result.VersionsAfter -eq 1 -and (Read-State reported).Id -eq 7 -and (Read-State reported).Message -match 'history-lost' }
New-BackupMachine @{ ShadowLoss = @(@{ Id = 25 }) }
Check 'VolSnap 25: history lost' { (Start-NasReadyBackup $disk).HistoryLost }

New-BackupMachine @{ MountsOffline = $true }
Check 'a disk that comes offline is brought online' { (Start-NasReadyBackup $disk -Exclude d: -VssFull).Outcome -eq 'Success' -and (@(Read-State arguments) -join ' ') -match '-include:C: .*-vssFull' }

# the UPS: the NAS's, then this server's own
New-BackupMachine @{ JobMilliseconds = 600000 }
$stub = Start-Stub -Body '{"agent":{"version":"1","id":null},"answer":"no","findings":[{"code":"ups-on-battery","severity":"block","message":"The UPS runs on its battery.","remedy":""}]}'
. (Get-Module NasReady) { ${script:realWatch} = ${function:Find-NasReadyBattery}; function Find-NasReadyBattery { param($Agent, $Target, $Watch) & $script:realWatch ([pscustomobject]@{ Uri = $env:NASREADY_TEST_STUB; Client = $null; Credential = $null; Version = '' }) $Target $Watch } }
$env:NASREADY_TEST_STUB = $stub.Uri
$result = Start-NasReadyBackup $disk -WatchSeconds 0.3
Check "the NAS on battery stops the job (after $($result.Seconds) s of 600)" { $result.Outcome -eq 'Stopped' -and (Read-State job).Stopped -and -not (Read-State 'disk SRV1.vhdx').Attached -and $result.Error -match 'battery' }
$stub.Listener.Stop()
New-BackupMachine @{ JobMilliseconds = 1500 }
. (Get-Module NasReady) { ${script:realWatch} = ${function:Find-NasReadyBattery}; function Find-NasReadyBattery { param($Agent, $Target, $Watch) & $script:realWatch ([pscustomobject]@{ Uri = 'http://127.0.0.1:9'; Client = $null; Credential = $null; Version = '' }) $Target $Watch } }
$result = Start-NasReadyBackup $disk -WatchSeconds 0.3
Check 'the agent gone: the backup goes on, and says so' { $result.Outcome -eq 'Success' -and $result.AgentLost }

# refused before anything is changed
$refusals = @(
    @('SYSTEM', @{ Identity = @{ Name = 'NT AUTHORITY\SYSTEM'; Sid = 'S-1-5-18'; Elevated = $true } }, 'runs-as-system'), @('not elevated', @{ Identity = @{ Name = 'x'; Sid = 'S-1-5-21-1'; Elevated = $false } }, 'not-elevated')
    @('no Windows Server Backup', @{ Feature = @{ HyperV = $true; ServerBackup = $false; Version = '10.0.1.1' } }, 'no-server-backup'), @('wireless', @{ Link = @{ Name = 'Wi-Fi'; SpeedMbps = 866; Wireless = $true; FullDuplex = $true; Mtu = 1500 } }, 'link-wireless')
    @('half duplex', @{ Link = @{ Name = 'Ethernet'; SpeedMbps = 100; Wireless = $false; FullDuplex = $false; Mtu = 1500 } }, 'link-half-duplex'), @('a job that runs', @{ ForeignJob = $true }, 'other-job')
    @('a share that cannot be written', @{ ShareRefusal = 'Zugriff verweigert' }, 'share-refused'), @('on battery', @{ Power = @{ OnBattery = $true; SleepAfterSeconds = 0 } }, 'server-on-battery'))
foreach ($refusal in $refusals) {
    New-BackupMachine $refusal[1]
    Refuses $refusal[0] $refusal[2] { Start-NasReadyBackup $disk }
}
New-BackupMachine
Refuses 'a disk that is not there' 'no-disk' { Start-NasReadyBackup \\127.0.0.1\Backup\none.vhdx } 'New-NasReadyDisk'
[void](Mount-NasReadyDisk $disk)
Refuses 'a disk that is mounted' 'disk-mounted' { Start-NasReadyBackup $disk } 'Dismount-NasReadyDisk'
Dismount-NasReadyDisk $disk
Check 'it was only mounted, now it is not' { -not (Read-State 'disk SRV1.vhdx').Attached }
Check 'what only slows is warned of' {
    New-BackupMachine @{ PingLimit = 1472; Link = @{ Name = 'E'; SpeedMbps = 100; Wireless = $false; FullDuplex = $true; Mtu = 9014 }; SmbConnection = @{ Dialect = '1.5'; Signed = $true; Encrypted = $false }; Mapping = @(@{ Drive = 'Z:'; Path = '\\127.0.0.1\Backup' }) }
    $codes = @((Test-NasReadyBackup $disk).Code)
    -not (Compare-Object @('link-slow', 'jumbo-broken', 'smb1', 'smb-signed', 'drive-mapped') $codes | Where-Object { $_.SideIndicator -eq '<=' })
}
Check '-PreflightOnly changes nothing' { New-BackupMachine; (Start-NasReadyBackup $disk -PreflightOnly).Outcome -eq 'Ready' -and -not (Read-State arguments) }
Check '-WhatIf changes nothing' { New-BackupMachine; Start-NasReadyBackup $disk -WhatIf; -not (Read-State arguments) }
Check 'flushing switched off is warned of' { New-BackupMachine @{ DiskCache = @{ Cached = $true; PowerProtected = $true } }; @((Start-NasReadyBackup $disk).Findings.Code) -contains 'flush-off' }
Check 'mail is sent' { New-BackupMachine; [void](Start-NasReadyBackup $disk -MailTo ops@example.org -MailServer mail -MailFrom srv@example.org); (Read-State mail).Subject -match 'Success' }

Check 'a web hook that fails does not spoil the backup' { New-BackupMachine; (Start-NasReadyBackup $disk -WebHook http://127.0.0.1:9/x).Outcome -eq 'Success' }
Check 'the usual rate is the median of the last successes for this disk' {
    New-BackupMachine
    $last = foreach ($rate in 10, 30, 20) { @{ Path = $disk; Begun = '2026-01-01T00:00:00Z'; Outcome = 'Success'; BytesPerSecond = $rate } }
    [void][System.IO.Directory]::CreateDirectory("$env:NASREADY_HOME/state")
    [System.IO.File]::WriteAllText("$env:NASREADY_HOME/state/results.json", (ConvertTo-Json @{ results = @($last) } -Depth 4))
    $result = Start-NasReadyBackup $disk
    $result.UsualBytesPerSecond -eq 20 -and $result.BytesPerSecond -gt 0 -and @((ConvertFrom-Json ([System.IO.File]::ReadAllText("$env:NASREADY_HOME/state/results.json"))).results).Count -eq 4
}
foreach ($name in "it's `$5 [1]", "Gr$([char]0xf6)$([char]0xdf)e & Co") {
    New-BackupMachine -File "$name.vhdx"
    Check "a disk called $name" { (Start-NasReadyBackup "\\127.0.0.1\Backup\$name.vhdx").Outcome -eq 'Success' -and @(Repair-NasReadyState).Count -eq 0 }
    [System.IO.File]::Delete([System.IO.Path]::Combine($env:NASREADY_TEST_SHARE, "$name.vhdx"))
}
foreach ($culture in 'de-DE', 'ar-SA') {
    New-BackupMachine
    [System.Threading.Thread]::CurrentThread.CurrentCulture = [cultureinfo]$culture
    Check "${culture}: the whole backup" { $result = Start-NasReadyBackup $disk; $result.Outcome -eq 'Success' -and $result.LatestVersion -match '^\d\d/\d\d/20\d\d-\d\d:\d\d$' -and $result.Begun -match '^20\d\d-' }
    [System.Threading.Thread]::CurrentThread.CurrentCulture = [cultureinfo]'en-US'
}

# the script for schedulers: its exit codes
$entry = [System.IO.Path]::Combine($module, 'Invoke-NasReadyBackup.ps1')
function Get-ExitCode {
    param([hashtable]$Facts, [hashtable]$Arguments, [string]$Trap)
    New-BackupMachine $Facts
    if ($Trap) { Set-Trap $Trap error }
    $global:LASTEXITCODE = -1
    $quiet = [System.Console]::Error
    [System.Console]::SetError([System.IO.TextWriter]::Null)
    try { $null = & $entry @Arguments } finally { [System.Console]::SetError($quiet) }
    $LASTEXITCODE
}
Check 'exit code 0: success' { (Get-ExitCode @{} @{ Path = $disk }) -eq 0 }
Check 'exit code 0: checks alone' { (Get-ExitCode @{} @{ Path = $disk; PreflightOnly = $true }) -eq 0 }
Check 'exit code 0: nothing to repair' { (Get-ExitCode @{} @{ Repair = $true }) -eq 0 }
Check 'exit code 1: warnings' { (Get-ExitCode @{ DetailedHResult = -2147212300 } @{ Path = $disk }) -eq 1 }
Check 'exit code 1: not confirmed' { (Get-ExitCode @{ NoEvent = $true } @{ Path = $disk }) -eq 1 }
Check 'exit code 1: versions lost' { (Get-ExitCode @{ ShadowLoss = @(@{ Id = 25 }) } @{ Path = $disk }) -eq 1 }
Check 'exit code 2: refused, with an event' { (Get-ExitCode @{ ForeignJob = $true } @{ Path = $disk }) -eq 2 -and (Read-State reported).Id -eq 8 }
Check 'exit code 3: failed' { (Get-ExitCode @{ ExitCode = -3; HResult = -2139619319 } @{ Path = $disk }) -eq 3 }
Check 'exit code 3: Windows could not do it' { (Get-ExitCode @{} @{ Path = $disk } 'Mount-WinVhd:before') -eq 3 -and -not (Read-State 'disk SRV1.vhdx').Attached }

# another server's lease
$leases = Within { (Invoke-NasReadyRequest -Agent (Get-NasReadyAgent -Path $args[0]) -Path /v1/leases -Accept 404).Status } $disk
if ($leases -eq 200) {
    New-BackupMachine
    $other = Within { Invoke-NasReadyRequest -Agent (Get-NasReadyAgent -Path $args[0]) -Method PUT -Path /v1/leases/Backup/SRV1.vhdx -Body @{ server = 'OTHER' } } $disk
    [void](Wait-Until { -not (Test-NasReady $disk) })
    Refuses "another server's disk" 'not-ready' { Start-NasReadyBackup $disk } 'disk-foreign-lease: SRV1.vhdx belongs to OTHER'
    Refuses "and where that became known only now" 'disk-foreign-lease' { Within { $record = [pscustomobject]@{ Token = $null; Leased = $false; File = "$env:NASREADY_HOME/x.json"; Lock = $null }; Request-NasReadyLease (Get-NasReadyAgent -Path $args[0]) (ConvertFrom-NasReadyPath $args[0]) $record } $disk } 'OTHER'
    Check 'nothing was mounted for it' { -not (Read-State 'disk SRV1.vhdx').Attached -and @(Repair-NasReadyState).Count -eq 0 }
    [void](Within { Invoke-NasReadyRequest -Agent (Get-NasReadyAgent -Path $args[0]) -Method DELETE -Path /v1/leases/Backup/SRV1.vhdx -Body @{ token = $args[1] } } $disk $other.Body.token)
    Check 'given back, it may begin' { [void](Wait-Until { Test-NasReady $disk }); (Start-NasReadyBackup $disk).Outcome -eq 'Success' -and @((Invoke-Agent /v1/leases).leases).Count -eq 0 }
} else { Skip 'leases: the agent knows none' }
