# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors

New-Machine
function New-VM1 {
    param([string]$Name = 'WEB01', [string]$Path = 'E:\Virtual Machines\WEB01', [string[]]$Disks, [object]$GuestOs = '6.0.6002')
    [pscustomobject]@{ Name = $Name; Id = '1'; Path = $Path; SnapshotPath = $Path; Disks = $Disks; GuestOs = $GuestOs; BackupService = $true; BackupServiceOk = $true; IntegrationState = '' }
}
$c = 'E:\Virtual Machines\WEB01\Virtual Hard Disks\web01-c-drive.vhdx'
$e = 'E:\Virtual Machines\WEB01\Virtual Hard Disks\web01-e-drive.vhdx'
$found = @(Test-NasReadyVMLayout -InputObject (New-VM1 -Disks $c, 'D:\web01-d-drive.vhdx', $e))
Check "the seed's layout is refused; the culprit is the page file's disk, not the first: $($found.Subject)" { $found.Count -eq 1 -and $found[0].Severity -eq 'block' -and $found[0].Subject -eq 'D:\web01-d-drive.vhdx' -and $found[0].Message -match '0x80070002' }
Check "its remedy: $($found[0].Remedy)" { $found[0].Remedy -eq "Move-VMStorage -VMName 'WEB01' -Vhds @(@{ SourceFilePath = 'D:\web01-d-drive.vhdx'; DestinationFilePath = 'D:\WEB01\web01-d-drive.vhdx' })" }
Check "the seed's repair is accepted" { @(Test-NasReadyVMLayout -InputObject (New-VM1 -Disks $c, 'D:\WEB01\web01-d-drive.vhdx', $e)).Count -eq 0 }
Check '1: all on one volume, in no folder of that name' { @(Test-NasReadyVMLayout -InputObject (New-VM1 -Disks 'E:\disks\a.vhdx', 'E:\b.vhdx')).Count -eq 0 }
Check '2: two culprits are two findings' { (@(Test-NasReadyVMLayout -InputObject (New-VM1 -Disks $c, 'D:\a.vhdx', 'F:\VMs\b.vhdx')).Subject -join ' ') -eq 'D:\a.vhdx F:\VMs\b.vhdx' }
Check '3: deeper below a folder of that name, in other letters' { @(Test-NasReadyVMLayout -InputObject (New-VM1 -Disks $c, 'd:\hyper-v\web01\disks\a.vhdx')).Count -eq 0 }
Check '4: a folder that only begins like it' { @(Test-NasReadyVMLayout -InputObject (New-VM1 -Disks $c, 'D:\WEB01-old\a.vhdx')).Count -eq 1 }
Check '5: a file called like the machine is no folder' { @(Test-NasReadyVMLayout -InputObject (New-VM1 -Disks $c, 'D:\WEB01.vhdx')).Count -eq 1 }
Check '6: a guest newer than 2008 is warned of' { (Test-NasReadyVMLayout -InputObject (New-VM1 -GuestOs '10.0.20348' -Disks $c, 'D:\a.vhdx')).Severity -eq 'warn' }
Check '7: one that tells no version is refused' { (Test-NasReadyVMLayout -InputObject (New-VM1 -GuestOs $null -Disks $c, 'D:\a.vhdx')).Severity -eq 'block' }
Check '8: 2008 R2 (6.1) is not 2008' { (Test-NasReadyVMLayout -InputObject (New-VM1 -GuestOs '6.1.7601' -Disks $c, 'D:\a.vhdx')).Severity -eq 'warn' }
Check '9: volumes of a cluster are volumes' {
    $vm = New-VM1 -Path 'C:\ClusterStorage\Volume1\WEB01' -Disks 'C:\ClusterStorage\Volume1\WEB01\a.vhdx', 'C:\ClusterStorage\Volume2\b.vhdx'
    $found = @(Test-NasReadyVMLayout -InputObject $vm)
    $found.Count -eq 1 -and $found[0].Remedy -match "DestinationFilePath = 'C:\\ClusterStorage\\Volume2\\WEB01\\b.vhdx'"
}
Check '10: a name with a quote, brackets and an umlaut' {
    $name = "it's [a] Gr$([char]0xfc)n"
    $found = @(Test-NasReadyVMLayout -InputObject (New-VM1 -Name $name -Path "E:\$name" -Disks "E:\$name\c.vhdx", "D:\$name\d.vhdx", 'F:\x.vhdx'))
    $found.Count -eq 1 -and $found[0].Subject -eq 'F:\x.vhdx' -and $found[0].Remedy -like "*-VMName 'it''s ``[a``] *"
}
Check '11: on a share' { @(Test-NasReadyVMLayout -InputObject (New-VM1 -Path '\\fs\vms\WEB01' -Disks '\\fs\vms\WEB01\c.vhdx', '\\fs\other\d.vhdx')).Count -eq 1 }
Check '12: machines from a recording, through JSON' { @(ConvertFrom-Json (ConvertTo-Json @((New-VM1 -Disks $c, 'D:\a.vhdx'), (New-VM1 -Disks $c)) -Depth 4) | ForEach-Object { $_ } | Test-NasReadyVMLayout).Count -eq 1 }

# the whole host
$vm = New-VM1 -Disks $c, 'D:\WEB01\d.vhdx'
$vm.BackupService = $false
$vm.IntegrationState = 'Update required'
New-Machine @{ VM = @($vm); VMAccess = $false; Dirty = @('D:'); Hotfix = @('KB1'); Feature = @{ HyperV = $true; ServerBackup = $true; Version = '6.3.9600' }
    FixedVolume = @(@{ Path = 'e'; Letter = 'E:'; SizeBytes = 1000; FreeBytes = 100; FileSystem = 'NTFS' }, @{ Path = 'd'; Letter = 'D:'; SizeBytes = 1000; FreeBytes = 150; FileSystem = 'NTFS' }) }
$codes = @(Test-NasReadyVMLayout)
foreach ($code in 'host-update-missing', 'vm-backup-service-off', 'vm-integration-old', 'vm-access', 'vm-volume-full', 'vm-volume-dirty') { Check "the host: $code" { $codes.Code -contains $code } }
Check '15 % is enough, 10 % is not' { @($codes | Where-Object { $_.Code -eq 'vm-volume-full' }).Subject -eq 'E:' }
Check 'icacls takes the group in any language' { ($codes | Where-Object { $_.Code -eq 'vm-access' } | Select-Object -First 1).Remedy -match "icacls '.*' /grant '\*S-1-5-83-0:\(F\)'" }
New-Machine @{ Feature = @{ HyperV = $false; ServerBackup = $true; Version = '10.0.1.1' } }
Refuses 'no host' 'no-hyper-v' { Test-NasReadyVMLayout }
