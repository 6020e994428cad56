# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# New-NasReadyDisk and Expand-NasReadyDisk: the gate, the allocation and the volume are real; the client's SET_INFO too,
# where there is a Samba.

New-Machine
Use-Agent
[void](Wait-NasReady \\127.0.0.1\Backup -TimeoutSeconds 120)
$file = [System.IO.Path]::Combine($env:NASREADY_TEST_SHARE, 'SRV1.vhdx')
Check '-WhatIf creates nothing' { New-NasReadyDisk \\127.0.0.1\Backup\SRV1.vhdx -Size 1GB -WhatIf; -not [System.IO.File]::Exists($file) }
if ($env:NASREADY_TEST_SMB) {
    $created = New-NasReadyDisk \\127.0.0.1\Backup\SRV1.vhdx -Size 5.3TB -DriveLetter B -TimeoutSeconds 300
    Check "the seed's 5.3 TiB in steps, through the gate: $($created.SizeBytes)" { $created.SizeBytes -eq 5827410788352 -and [System.IO.FileInfo]::new($file).Length -ge $created.SizeBytes }
    $calls = [System.IO.File]::ReadAllLines([System.IO.Path]::Combine($env:NASREADY_TEST_MACHINE, 'calls'))
    Check 'one New-VHD, then Resize-VHD, each step granted' { @($calls -like 'New-WinVhd:after').Count -eq 1 -and @($calls -like 'Resize-WinVhd:after').Count -ge 2 -and
        @((Invoke-Agent /v1/allocations).allocations | Where-Object { $_.file -eq 'SRV1.vhdx' -and $_.outcome -eq 'granted' }).Count -ge 3 }
} else {
    $created = New-NasReadyDisk \\127.0.0.1\Backup\SRV1.vhdx -Size 1GB -DriveLetter B -TimeoutSeconds 300
}
Check 'formatted: GPT, NTFS, clusters of 64 KiB, label, letter' { $disk = Read-State 'disk SRV1.vhdx'; $disk.Style -eq 'GPT' -and $disk.ClusterBytes -eq 65536 -and $disk.Label -eq 'Backup Disk' -and $disk.Letter -eq 'B:' }
Check 'the room for earlier versions was set' { (Read-State shadow).Percent -eq 90 }
Check 'dismounted, nothing left' { -not (Read-State 'disk SRV1.vhdx').Attached -and @(Repair-NasReadyState).Count -eq 0 }
Refuses 'a disk that is there' 'disk-exists' { New-NasReadyDisk \\127.0.0.1\Backup\SRV1.vhdx -Size 1GB } 'Expand-NasReadyDisk'
if ($env:NASREADY_TEST_SMB) { [System.IO.File]::Delete($file); [System.IO.File]::Delete([System.IO.Path]::Combine($env:NASREADY_TEST_MACHINE, 'disk SRV1.vhdx.json')); [void](Wait-NasReady \\127.0.0.1\Backup -TimeoutSeconds 120) }

foreach ($name in "it's `$5 [1]", "Gr$([char]0xf6)$([char]0xdf)e", 'a b') {
    $small = New-NasReadyDisk "\\127.0.0.1\Backup\$name.vhdx" -Size 1GB -TimeoutSeconds 120
    Check "a disk called $name" { $small.SizeBytes -eq 1GB -and [System.IO.File]::Exists([System.IO.Path]::Combine($env:NASREADY_TEST_SHARE, "$name.vhdx")) }
}
$grown = Expand-NasReadyDisk '\\127.0.0.1\Backup\a b.vhdx' -Size 2GB -TimeoutSeconds 120
Check 'it grows, and its partition' { $grown.SizeBytes -eq 2GB -and (Read-State 'disk a%20b.vhdx').SizeBytes -eq 2GB -and [System.IO.File]::ReadAllText([System.IO.Path]::Combine($env:NASREADY_TEST_MACHINE, 'calls')) -match 'Expand-WinPartition' }
Refuses 'growing what is not there' 'no-disk' { Expand-NasReadyDisk \\127.0.0.1\Backup\none.vhdx -Size 2GB }
Refuses 'more than the NAS has' 'no-space' { New-NasReadyDisk \\127.0.0.1\Backup\big.vhdx -Size 9TB }

Set-Facts @{ Feature = @{ HyperV = $false; ServerBackup = $true; Version = '10.0.20348.0' } }
Refuses 'without the role' 'no-hyper-v' { New-NasReadyDisk \\127.0.0.1\Backup\x.vhdx -Size 1GB } '-OnNas'
Set-Facts @{ Identity = @{ Name = 'SRV1\bob'; Sid = 'S-1-5-21-1-2-3-1002'; Elevated = $false } }
Refuses 'not elevated' 'not-elevated' { New-NasReadyDisk \\127.0.0.1\Backup\x.vhdx -Size 1GB } 'as administrator'
Set-Facts @{ Location = '\\other\share\y.vhdx' }
Refuses 'a disk that is not ours is not formatted' 'foreign-disk' { New-NasReadyDisk \\127.0.0.1\Backup\x.vhdx -Size 1GB -TimeoutSeconds 120 } 'Nothing was written'
Check 'and stays unformatted, not mounted' { -not (Read-State 'disk x.vhdx').Formatted -and -not (Read-State 'disk x.vhdx').Attached }
Set-Facts @{}
foreach ($case in @(@('New-WinVhd:before', 'create-failed', 'e1'), @('New-WinVhd:half', 'create-failed', 'e2'))) {
    Set-Trap $case[0] error
    Refuses "New-VHD fails ($($case[0]))" $case[1] { New-NasReadyDisk "\\127.0.0.1\Backup\$($case[2]).vhdx" -Size 1GB -TimeoutSeconds 120 } 'Nothing is left'
    Check "nothing is left of it" { -not [System.IO.File]::Exists([System.IO.Path]::Combine($env:NASREADY_TEST_SHARE, "$($case[2]).vhdx")) -and @(Repair-NasReadyState).Count -eq 0 }
}
Set-Trap 'Resize-WinVhd:before' error
Refuses 'Resize-VHD fails' 'resize-failed' { Expand-NasReadyDisk '\\127.0.0.1\Backup\a b.vhdx' -Size 3GB -TimeoutSeconds 120 } 'keeps its size'
Check 'and the disk is as it was' { (Read-State 'disk a%20b.vhdx').SizeBytes -eq 2GB -and @(Repair-NasReadyState).Count -eq 0 }
foreach ($left in [System.IO.Directory]::GetFiles($env:NASREADY_TEST_SHARE, '*.vhdx')) { [System.IO.File]::Delete($left) }
