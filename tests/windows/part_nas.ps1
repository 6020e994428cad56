# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# -OnNas: the agent creates and grows the file, after HTTP Digest; what Windows says of it is recorded. run.sh has set the
# password of "operator".

$operator = [pscredential]::new('operator', (ConvertTo-SecureString 'long enough for this' -AsPlainText -Force))
$file = [System.IO.Path]::Combine($env:NASREADY_TEST_SHARE, 'NAS1.vhdx')
function Clear-Share { foreach ($left in [System.IO.Directory]::GetFiles($env:NASREADY_TEST_SHARE, '*.vhdx')) { [System.IO.File]::Delete($left) } }
Clear-Share
New-Machine @{ FoundSize = 1GB; Feature = @{ HyperV = $false; ServerBackup = $true; Version = '10.0.20348.0' } }
Use-Agent
[void](Wait-NasReady \\127.0.0.1\Backup -TimeoutSeconds 120)
Refuses 'without an account' 'credentials-needed' { New-NasReadyDisk \\127.0.0.1\Backup\NAS1.vhdx -Size 1GB -OnNas } 'passwd'
Refuses 'with a wrong password' 'wrong-credentials' { New-NasReadyDisk \\127.0.0.1\Backup\NAS1.vhdx -Size 1GB -OnNas -Credential ([pscredential]::new('operator', (ConvertTo-SecureString 'wrong' -AsPlainText -Force))) }
Check 'nothing is left of these' { -not [System.IO.File]::Exists($file) -and @(Repair-NasReadyState).Count -eq 0 }
$made = New-NasReadyDisk \\127.0.0.1\Backup\NAS1.vhdx -Size 1GB -OnNas -Credential $operator
Check "the NAS creates it, by Digest, without the Hyper-V role: $($made.SizeBytes)" { $made.SizeBytes -eq 1GB -and $made.ClusterBytes -eq 65536 -and [System.IO.FileInfo]::new($file).Length -gt 1GB }
$qemu = Get-Command qemu-img -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
if ($qemu) { Check 'qemu-img reads it as a VHDX of that size' { (ConvertFrom-Json ((& $qemu.Source info --output json $file) -join '')).'virtual-size' -eq 1GB } }
Check 'formatted, tried, dismounted' { $disk = Read-State 'disk NAS1.vhdx'; $disk.Formatted -and -not $disk.Attached }
Set-Facts @{ FoundSize = 1GB; DiskEnds = $false }
$made = New-NasReadyDisk \\127.0.0.1\Backup\NAS2.vhdx -Size 1GB -OnNas -Credential $operator -TimeoutSeconds 120
Check 'what was written is not read back: deleted, and created in steps' {
    $calls = [System.IO.File]::ReadAllLines([System.IO.Path]::Combine($env:NASREADY_TEST_MACHINE, 'calls'))
    $made.SizeBytes -eq 1GB -and $calls -contains 'Remove-WinFile' -and $calls -contains 'New-WinVhd:after'
}
Set-Facts @{ FoundSize = 1GB; TestVhd = $false }
[void](New-NasReadyDisk \\127.0.0.1\Backup\NAS3.vhdx -Size 1GB -OnNas -Credential $operator -TimeoutSeconds 120)
Check 'Test-VHD refuses it: the same' { @([System.IO.File]::ReadAllLines([System.IO.Path]::Combine($env:NASREADY_TEST_MACHINE, 'calls')) -eq 'New-WinVhd:after').Count -eq 2 }
Set-Facts @{ FoundSize = 1GB; Location = '\\other\share\y.vhdx' }
Refuses 'another disk at that number is not touched' 'foreign-disk' { New-NasReadyDisk \\127.0.0.1\Backup\NAS4.vhdx -Size 1GB -OnNas -Credential $operator }
Set-Facts @{ FoundSize = 1GB }
$known = Within { try { (Invoke-NasReadyRequest -Agent (Get-NasReadyAgent -Path \\127.0.0.1\Backup) -Path /v1/disks).Status } catch { 0 } }
if ($known -eq 200) {
    [void](Wait-Until { @((Invoke-Agent /v1/disks).disks | Where-Object { $_.file -eq 'NAS1.vhdx' }).Count } 90)
    [void](Wait-NasReady \\127.0.0.1\Backup -TimeoutSeconds 120)
    $env:NASREADY_TEST_INSPECT = '1'
    $grown = Expand-NasReadyDisk \\127.0.0.1\Backup\NAS1.vhdx -Size 2GB -OnNas -Credential $operator
    Check 'the NAS grows it' { $grown.SizeBytes -eq 2GB -and (-not $qemu -or (ConvertFrom-Json ((& $qemu.Source info --output json $file) -join '')).'virtual-size' -eq 2GB) }
    $env:NASREADY_TEST_INSPECT = ''
} else { Skip 'growing on the NAS: the agent lists no disks' }
Clear-Share
