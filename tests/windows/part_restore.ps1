# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors

$disk = '\\127.0.0.1\Backup\SRV1.vhdx'
New-BackupMachine
[System.IO.File]::WriteAllText([System.IO.Path]::Combine($env:NASREADY_TEST_MACHINE, 'versions.json'), '["03/31/2013-09:00","04/01/2013-21:30"]')
$versions = @(Get-NasReadyVersion $disk)
Check 'versions of a German wbadmin, newest first' { ($versions.Version -join ' ') -eq '04/01/2013-21:30 03/31/2013-09:00' }
Check 'and the disk is away again' { -not (Read-State 'disk SRV1.vhdx').Attached -and @(Repair-NasReadyState).Count -eq 0 }
$mounted = Mount-NasReadyDisk $disk -ReadOnly
Check "mounted read-only as $($mounted.Letter)" { $mounted.Letter -eq 'B:' -and (Read-State 'disk SRV1.vhdx').ReadOnly }
Refuses 'twice' 'disk-mounted' { Mount-NasReadyDisk $disk } 'Dismount-NasReadyDisk'
Check 'versions while it is mounted leave it mounted' { @(Get-NasReadyVersion $disk).Count -eq 2 -and (Read-State 'disk SRV1.vhdx').Attached }
Set-Facts @{ ForeignJob = $true }
Refuses 'not under a running job' 'job-running' { Dismount-NasReadyDisk $disk }
Set-Facts @{}
Dismount-NasReadyDisk $disk
Check 'dismounted' { -not (Read-State 'disk SRV1.vhdx').Attached -and @(Repair-NasReadyState).Count -eq 0 }
Check 'a disk that somebody mounted without us is dismounted, too' {
    Within { Mount-WinVhd -Path $args[0] } $disk
    Dismount-NasReadyDisk $disk
    -not (Read-State 'disk SRV1.vhdx').Attached
}
Refuses 'a disk that is not there' 'no-disk' { Mount-NasReadyDisk \\127.0.0.1\Backup\none.vhdx }
Set-Trap 'Mount-WinVhd:before' error
Check 'a mount that fails leaves nothing' { try { Mount-NasReadyDisk $disk } catch { $null = $_ }; @(Repair-NasReadyState).Count -eq 0 }
$text = Get-NasReadyRecovery $disk -Version 04/01/2013-21:30
foreach ($needed in 'wpeinit', 'drvload', 'net use \\127.0.0.1\Backup', 'select vdisk file="\\127.0.0.1\Backup\SRV1.vhdx"', 'attach vdisk readonly', 'wbadmin get versions -backupTarget:B:', 'wbadmin start sysrecovery -version:04/01/2013-21:30', '-excludeDisks', '0x80070001') {
    Check "the recipe has: $needed" { $text.Contains($needed) }
}
Check 'without the agent all of this works' {
    New-Machine
    Within { Write-Machine (Get-MachineName $args[0]) @{ Path = $args[0]; SizeBytes = [uint64]64MB; Formatted = $true; Attached = $false; Label = 'B'; Letter = 'B:'; ClusterBytes = 65536; Style = 'GPT'; Offline = $false; ReadOnly = $false; Client = $null } } $disk
    [void](Mount-NasReadyDisk $disk -AgentUri http://127.0.0.1:9)
    Dismount-NasReadyDisk $disk
    -not (Read-State 'disk SRV1.vhdx').Attached
}
