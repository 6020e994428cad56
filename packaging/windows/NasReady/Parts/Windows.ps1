# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# Windows itself: the only files that call its cmdlets and programs are this one, WindowsNetwork.ps1 and
# WindowsBackup.ps1. Thin on purpose: each answers plain objects, so that the tests can put a recorded Windows in their
# place. What is assumed rather than documented stands in docs/windows.md.

# -- who and what --

function Test-WinIsWindows { $env:OS -eq 'Windows_NT' }

function Get-WinIdentity {
    $identity = [System.Security.Principal.WindowsIdentity]::GetCurrent()
    $role = [System.Security.Principal.WindowsBuiltInRole]::Administrator
    [pscustomobject]@{
        Name = $identity.Name
        Sid = $identity.User.Value
        Elevated = (New-Object System.Security.Principal.WindowsPrincipal($identity)).IsInRole($role)
    }
}

# the roles by their services: their modules may be there without them
function Get-WinFeature {
    $vmms = Get-Service -Name vmms -ErrorAction SilentlyContinue
    [pscustomobject]@{
        HyperV = [bool]($vmms -and $vmms.Status -eq 'Running')
        ServerBackup = [System.IO.File]::Exists("$env:SystemRoot\System32\wbadmin.exe") -and
            [bool](Get-Service -Name wbengine -ErrorAction SilentlyContinue)
        Version = [System.Environment]::OSVersion.Version.ToString()
    }
}

function Protect-WinSecret {
    param([securestring]$Secret)
    if (-not (Test-WinIsWindows)) {
        Stop-NasReady -Code 'cannot-keep-password' -Category NotImplemented -Message 'Only Windows can keep a password encrypted for one user.' -Remedy 'Give -Credential with each command.'
    }
    ConvertFrom-SecureString $Secret
}

function Unprotect-WinSecret {
    param([string]$Secret)
    ConvertTo-SecureString $Secret
}

# Where records lie that an administrator acts on later: nobody else may write there.
function Get-WinStateFolder {
    if ($env:NASREADY_HOME) { return [System.IO.Path]::Combine($env:NASREADY_HOME, 'state') }
    $folder = [System.IO.Path]::Combine($env:ProgramData, 'NasReady')
    if ([System.IO.Directory]::Exists($folder)) {
        $owner = (Get-Acl -LiteralPath $folder).GetOwner([System.Security.Principal.SecurityIdentifier]).Value
        if ($owner -notin @('S-1-5-32-544', 'S-1-5-18', [System.Security.Principal.WindowsIdentity]::GetCurrent().User.Value)) {
            Stop-NasReady -Code 'foreign-folder' -Subject $folder -Category SecurityError -Message "$folder belongs to somebody else ($owner)." -Remedy 'Look into it, then delete it.'
        }
        return $folder
    }
    [void][System.IO.Directory]::CreateDirectory($folder)
    & "$env:SystemRoot\System32\icacls.exe" $folder /inheritance:r /grant '*S-1-5-32-544:(OI)(CI)F' '*S-1-5-18:(OI)(CI)F' /q | Out-Null
    $folder
}

# -- virtual disks: Hyper-V's cmdlets create and grow; the Storage module's attach where there is no Hyper-V --

function New-WinVhd {
    param([string]$Path, [uint64]$SizeBytes)
    [void](Hyper-V\New-VHD -Path $Path -Fixed -SizeBytes $SizeBytes)
}

function Resize-WinVhd {
    param([string]$Path, [uint64]$SizeBytes)
    Hyper-V\Resize-VHD -Path $Path -SizeBytes $SizeBytes
}

function Test-WinVhd {
    param([string]$Path)
    [bool](Hyper-V\Test-VHD -Path $Path -ErrorAction SilentlyContinue)
}

function Remove-WinFile {
    param([string]$Path)
    Remove-Item -LiteralPath $Path -Force
}

function Test-WinFile {
    param([string]$Path)
    [System.IO.File]::Exists($Path)
}

# $null if there is no such file; DiskNumber is $null unless it is attached here
function Get-WinVhd {
    param([string]$Path)
    if (-not [System.IO.File]::Exists($Path)) { return $null }
    $image = Get-DiskImage -ImagePath $Path
    $number = $null
    if ($image.Attached) { $number = [int]$image.Number }
    [pscustomobject]@{ Path = $Path; Attached = [bool]$image.Attached; DiskNumber = $number; SizeBytes = [uint64]$image.Size; FileBytes = [uint64]$image.FileSize }
}

function Mount-WinVhd {
    param([string]$Path, [switch]$ReadOnly)
    if ((Get-WinFeature).HyperV) {
        Hyper-V\Mount-VHD -Path $Path -ReadOnly:$ReadOnly
        return
    }
    $access = 'ReadWrite'
    if ($ReadOnly) { $access = 'ReadOnly' }
    [void](Mount-DiskImage -ImagePath $Path -StorageType VHDX -Access $access)
}

function Dismount-WinVhd {
    param([string]$Path)
    [void](Dismount-DiskImage -ImagePath $Path)
}

# -- disks, partitions, volumes --

function Get-WinDisk {
    param([int]$Number)
    $disk = Get-Disk -Number $Number -ErrorAction SilentlyContinue
    if (-not $disk) { return $null }
    [pscustomobject]@{
        Number = [int]$disk.Number; Style = [string]$disk.PartitionStyle; Offline = [bool]$disk.IsOffline
        ReadOnly = [bool]$disk.IsReadOnly; SizeBytes = [uint64]$disk.Size; Location = [string]$disk.Location; UniqueId = [string]$disk.UniqueId
    }
}

function Set-WinDisk {
    param([int]$Number, [bool]$Offline)
    Set-Disk -Number $Number -IsOffline $Offline
    if (-not $Offline -and (Get-Disk -Number $Number).IsReadOnly) { Set-Disk -Number $Number -IsReadOnly $false }
}

function Initialize-WinDisk {
    param([int]$Number, [string]$Label, [int]$ClusterBytes, [string]$DriveLetter)
    Initialize-Disk -Number $Number -PartitionStyle GPT
    $letter = @{ AssignDriveLetter = $true }
    if ($DriveLetter) { $letter = @{ DriveLetter = $DriveLetter } }
    $partition = New-Partition -DiskNumber $Number -UseMaximumSize @letter
    [void]($partition | Format-Volume -FileSystem NTFS -AllocationUnitSize $ClusterBytes -NewFileSystemLabel $Label -Confirm:$false -Force)
}

# the data volume of a disk; $null while Windows has not found it yet
function Get-WinDiskVolume {
    param([int]$Number)
    foreach ($partition in @(Get-Partition -DiskNumber $Number -ErrorAction SilentlyContinue)) {
        $volume = $partition | Get-Volume -ErrorAction SilentlyContinue
        if ($volume -and $volume.FileSystem -eq 'NTFS') { return (ConvertTo-WinVolume $volume) }
    }
}

function ConvertTo-WinVolume {
    param([object]$Volume)
    $letter = $null
    if ($Volume.DriveLetter) { $letter = [string]$Volume.DriveLetter + ':' }
    $cluster = $null
    if ($Volume.AllocationUnitSize) { $cluster = [uint32]$Volume.AllocationUnitSize }
    [pscustomobject]@{
        Path = [string]$Volume.Path; Letter = $letter; Label = [string]$Volume.FileSystemLabel; FileSystem = [string]$Volume.FileSystem
        ClusterBytes = $cluster; SizeBytes = [uint64]$Volume.Size; FreeBytes = [uint64]$Volume.SizeRemaining; Healthy = $Volume.HealthStatus -eq 'Healthy'
    }
}

# what can be backed up: fixed NTFS or ReFS volumes with a size
function Get-WinFixedVolume {
    foreach ($volume in @(Get-Volume | Where-Object { $_.DriveType -eq 'Fixed' -and $_.Size -gt 0 })) { ConvertTo-WinVolume $volume }
}

function Expand-WinPartition {
    param([int]$Number)
    $partition = Get-Partition -DiskNumber $Number | Where-Object { $_.Type -eq 'Basic' } | Select-Object -Last 1
    $largest = ($partition | Get-PartitionSupportedSize).SizeMax
    if ($largest -gt $partition.Size) { $partition | Resize-Partition -Size $largest }
}

# shadow copies on the backup disk are the earlier versions: without a limit of its own Windows keeps 10 % for them
function Set-WinShadowStorage {
    param([string]$Volume, [int]$Percent)
    $vssadmin = "$env:SystemRoot\System32\vssadmin.exe"
    & $vssadmin resize shadowstorage "/for=$Volume" "/on=$Volume" "/maxsize=$Percent%" | Out-Null
    if ($LASTEXITCODE -eq 0) { return $true }
    & $vssadmin add shadowstorage "/for=$Volume" "/on=$Volume" "/maxsize=$Percent%" | Out-Null
    $LASTEXITCODE -eq 0
}

function Write-WinVolumeCache {
    param([string]$Volume)
    Microsoft.PowerShell.Management\Get-Item -LiteralPath $Volume -ErrorAction SilentlyContinue | Out-Null
    Storage\Write-VolumeCache -Path $Volume
}

# writes and reads back 64 KiB near both ends of a disk that has no partitions yet
function Test-WinDiskEnds {
    param([int]$Number, [uint64]$SizeBytes)
    if (-not ('NasReady.Device' -as [type])) {
        Add-Type -Namespace NasReady -Name Device -MemberDefinition ('[DllImport("kernel32.dll", CharSet = CharSet.Unicode, SetLastError = true)] ' +
            'public static extern Microsoft.Win32.SafeHandles.SafeFileHandle CreateFile(string name, uint access, uint share, IntPtr security, uint disposition, uint flags, IntPtr template);')
    }
    # GENERIC_READ and WRITE, shared, OPEN_EXISTING, FILE_FLAG_WRITE_THROUGH; .NET itself opens no devices
    $handle = [NasReady.Device]::CreateFile("\\.\PhysicalDrive$Number", [uint32]3221225472, 3, [System.IntPtr]::Zero, 3, [uint32]2147483648, [System.IntPtr]::Zero)
    if ($handle.IsInvalid) { throw (New-Object System.ComponentModel.Win32Exception([System.Runtime.InteropServices.Marshal]::GetLastWin32Error())) }
    $stream = New-Object System.IO.FileStream($handle, [System.IO.FileAccess]::ReadWrite, 65536)
    try {
        $pattern = New-Object byte[] 65536
        (New-Object System.Random(8439)).NextBytes($pattern)
        $ends = @([int64]1MB, ([int64]$SizeBytes - 2MB))
        foreach ($at in $ends) { Write-WinBlock $stream $at $pattern }
        foreach ($at in $ends) { if (-not (Test-WinBlock $stream $at $pattern)) { return $false } }
        foreach ($at in $ends) { Write-WinBlock $stream $at (New-Object byte[] 65536) }
        $true
    } finally {
        $stream.Dispose()
    }
}

function Write-WinBlock {
    param([System.IO.Stream]$Stream, [int64]$At, [byte[]]$Block)
    [void]$Stream.Seek($At, [System.IO.SeekOrigin]::Begin)
    $Stream.Write($Block, 0, $Block.Length)
    $Stream.Flush()
}

function Test-WinBlock {
    param([System.IO.Stream]$Stream, [int64]$At, [byte[]]$Block)
    $read = New-Object byte[] $Block.Length
    [void]$Stream.Seek($At, [System.IO.SeekOrigin]::Begin)
    $Stream.Read($read, 0, $read.Length) -eq $read.Length -and [System.Convert]::ToBase64String($read) -eq [System.Convert]::ToBase64String($Block)
}

# whether Windows caches writes to a disk, and whether somebody told it that its power cannot fail; $null is unknown
function Get-WinDiskCache {
    param([int]$Number)
    $properties = Get-PhysicalDisk -ErrorAction SilentlyContinue | Where-Object { $_.DeviceId -eq $Number } |
        Get-StorageAdvancedProperty -ErrorAction SilentlyContinue
    if (-not $properties) { return [pscustomobject]@{ Cached = $null; PowerProtected = $null } }
    [pscustomobject]@{ Cached = $properties.IsDeviceCacheEnabled; PowerProtected = $properties.IsPowerProtected }
}
