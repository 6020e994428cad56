# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# A recorded Windows, in place of Windows.ps1, WindowsNetwork.ps1 and WindowsBackup.ps1: dot-sourced into the module. It
# lives in files below NASREADY_TEST_MACHINE, so that it outlives the PowerShell that used it, as Windows does. Where
# NASREADY_TEST_SMB names a port, a mounted disk is a real SMB client that has the file open on a real Samba, and creating
# one is that client's SET_INFO. What each part stands for:
#   New-VHD, Resize-VHD, Mount-VHD, Dismount-DiskImage, Get-DiskImage, Get-Disk, Get-Volume: Microsoft's reference of them;
#     that Location is the path of the file, and that a fresh disk is RAW, is assumed
#   wbadmin: its exit code, its text in German (learn.microsoft.com/de-de), identifiers MM/DD/YYYY-HH:MM in UTC
#   events 1, 4, 14 of Microsoft-Windows-Backup: the names of their values as the provider's own schema has them
# A trap (trap.json: At, How) springs once: "error" throws, "hang" waits until somebody stops or kills this PowerShell.

$script:machineFolder = $env:NASREADY_TEST_MACHINE

function Get-MachineFile { param([string]$Name) [System.IO.Path]::Combine($script:machineFolder, $Name) }

function Read-Machine {
    param([string]$Name)
    $file = Get-MachineFile "$Name.json"
    if ([System.IO.File]::Exists($file)) { ConvertFrom-Json ([System.IO.File]::ReadAllText($file)) }
}

function Write-Machine {
    param([string]$Name, [object]$Value)
    Write-NasReadyFile (Get-MachineFile "$Name.json") (ConvertTo-Json -InputObject $Value -Depth 6)
}

function Invoke-Trap {
    param([string]$At)
    [System.IO.File]::AppendAllText((Get-MachineFile 'calls'), "$At`n")
    $trap = Read-Machine 'trap'
    if (-not $trap -or $trap.At -ne $At) { return }
    [System.IO.File]::Delete((Get-MachineFile 'trap.json'))
    if ($trap.How -eq 'error') { throw "trapped at $At" }
    [System.IO.File]::WriteAllText((Get-MachineFile 'reached'), $At)
    while ($true) { Start-Sleep -Milliseconds 50 }
}

$script:realStage = ${function:Set-NasReadyStage}
function Set-NasReadyStage {
    param([object]$Record, [string]$Stage)
    & $script:realStage $Record $Stage
    Invoke-Trap "stage:$Stage"
}

# the agent lists disks every ten seconds: only the test of its verdict waits for that
$script:realInspection = ${function:Get-NasReadyInspection}
function Get-NasReadyInspection {
    param([object]$Agent, [object]$Target)
    if ($env:NASREADY_TEST_INSPECT) { & $script:realInspection $Agent $Target }
}

# -- facts that a test sets by facts.json: whatever is not there is a healthy server --

function Get-Fact {
    param([string]$Name, [object]$Usual)
    $facts = Read-Machine 'facts'
    if ($facts -and $facts.PSObject.Properties[$Name]) { return $facts.$Name }
    $Usual
}

function Test-WinIsWindows { $false }
function Get-WinIdentity { Get-Fact Identity ([pscustomobject]@{ Name = 'SRV1\backup'; Sid = 'S-1-5-21-1-2-3-1001'; Elevated = $true }) }
function Get-WinFeature { Get-Fact Feature ([pscustomobject]@{ HyperV = $true; ServerBackup = $true; Version = '10.0.20348.0' }) }
function Get-WinLink { Get-Fact Link ([pscustomobject]@{ Name = 'Ethernet'; SpeedMbps = 1000; Wireless = $false; FullDuplex = $true; Mtu = 1500 }) }
function Test-WinPing { param([string]$Address, [int]$Bytes) $Bytes -le (Get-Fact PingLimit 1472) }
function Get-WinSmbConnection { Get-Fact SmbConnection ([pscustomobject]@{ Dialect = '2.0.2'; Signed = $false; Encrypted = $false }) }
function Get-WinSmbTimeout { Get-Fact SmbTimeout 60 }
function Get-WinMapping { Get-Fact Mapping @() }
function Test-WinShare { Get-Fact ShareRefusal $null }
function Get-WinPower { Get-Fact Power ([pscustomobject]@{ SleepAfterSeconds = 0; OnBattery = $false }) }
function Set-WinAwake { param([bool]$Awake) Write-Machine awake $Awake }
function Get-WinHotfix { Get-Fact Hotfix @('KB2920151') }
function Get-WinVM { Get-Fact VM @() }
function Test-WinVMAccess { Get-Fact VMAccess $true }
function Get-WinVolumeOf { param([string]$Path) Get-WinFixedVolume | Where-Object { $_.Letter -eq $Path.Substring(0, 2) } }
function Test-WinDirtyVolume { param([string]$Letter) (Get-Fact Dirty @()) -contains $Letter }
function Get-WinDriver { }
function Get-WinDiskList { [pscustomobject]@{ Number = 1; Name = 'DATA'; SizeBytes = [uint64]4TB; UniqueId = '5000C500A1B2C3D4'; Boot = $false; Virtual = $false } }
function Get-WinFixedVolume {
    Get-Fact FixedVolume @(
        [pscustomobject]@{ Path = '\\?\Volume{c}\'; Letter = 'C:'; Label = 'System'; FileSystem = 'NTFS'; ClusterBytes = 4096; SizeBytes = [uint64]200GB; FreeBytes = [uint64]100GB; Healthy = $true },
        [pscustomobject]@{ Path = '\\?\Volume{d}\'; Letter = 'D:'; Label = 'Daten'; FileSystem = 'NTFS'; ClusterBytes = 4096; SizeBytes = [uint64]1TB; FreeBytes = [uint64]600GB; Healthy = $true },
        [pscustomobject]@{ Path = '\\?\Volume{e}\'; Letter = $null; Label = 'EFI'; FileSystem = 'FAT32'; ClusterBytes = 4096; SizeBytes = [uint64]100MB; FreeBytes = [uint64]70MB; Healthy = $true })
    foreach ($name in @(Get-MachineDisk)) {
        $disk = Read-Machine $name
        if ($disk.Attached -and $disk.Formatted) { ConvertTo-MachineVolume $disk }
    }
}

# -- disks --

function Get-MachineName { param([string]$Path) 'disk ' + [System.Uri]::EscapeDataString(($Path -split '\\')[-1]) }
function Get-MachineDisk { @([System.IO.Directory]::GetFiles($script:machineFolder, 'disk *.json') | ForEach-Object { [System.IO.Path]::GetFileNameWithoutExtension($_) }) }
function Get-ShareFile { param([string]$Path) [System.IO.Path]::Combine($env:NASREADY_TEST_SHARE, ($Path -split '\\')[-1]) }
function ConvertTo-MachineVolume {
    param([object]$Disk)
    [pscustomobject]@{ Path = '\\?\Volume{b}\'; Letter = $Disk.Letter; Label = $Disk.Label; FileSystem = 'NTFS'; ClusterBytes = $Disk.ClusterBytes
        SizeBytes = [uint64]$Disk.SizeBytes; FreeBytes = [uint64]$Disk.SizeBytes; Healthy = $true }
}

function Test-WinFile { param([string]$Path) [System.IO.File]::Exists((Get-ShareFile $Path)) }
function Remove-WinFile {
    param([string]$Path)
    Invoke-Trap 'Remove-WinFile'
    [System.IO.File]::Delete((Get-ShareFile $Path))
    [System.IO.File]::Delete((Get-MachineFile "$(Get-MachineName $Path).json"))
}

function Get-WinVhd {
    param([string]$Path)
    $disk = Read-Machine (Get-MachineName $Path)
    if (-not (Test-WinFile $Path)) { return $null }
    # a file that another hand made: not attached, of the size that a VHDX of that length can have
    if (-not $disk) { return [pscustomobject]@{ Path = $Path; Attached = $false; DiskNumber = $null; SizeBytes = [uint64](Get-Fact FoundSize 0); FileBytes = [uint64]0 } }
    $number = $null
    if ($disk.Attached) { $number = 3 }
    [pscustomobject]@{ Path = $Path; Attached = [bool]$disk.Attached; DiskNumber = $number; SizeBytes = [uint64]$disk.SizeBytes; FileBytes = [uint64]$disk.SizeBytes }
}

function Set-ShareFileSize {
    param([string]$Path, [uint64]$SizeBytes)
    if ($env:NASREADY_TEST_SMB) {
        $file = ($Path -split '\\')[-1]
        & $env:NASREADY_TEST_PYTHON "$PSScriptRoot/attach.py" $env:NASREADY_TEST_SMB (ConvertFrom-NasReadyPath $Path).Share $file --size $SizeBytes
        if ($LASTEXITCODE -ne 0) { throw 'the SMB client could not grow the file' }
        return
    }
    $stream = [System.IO.File]::Open((Get-ShareFile $Path), 'OpenOrCreate')
    $stream.SetLength([int64]$SizeBytes)
    $stream.Dispose()
}

function New-WinVhd {
    param([string]$Path, [uint64]$SizeBytes)
    Invoke-Trap 'New-WinVhd:before'
    Set-ShareFileSize $Path $SizeBytes
    Invoke-Trap 'New-WinVhd:half'
    Write-Machine (Get-MachineName $Path) @{ Path = $Path; SizeBytes = $SizeBytes; Formatted = $false; Attached = $false; Label = ''; Letter = $null; ClusterBytes = 0; Style = 'RAW'; Offline = $false; ReadOnly = $false; Client = $null }
    Invoke-Trap 'New-WinVhd:after'
}

function Edit-Machine {
    param([string]$Path, [hashtable]$With)
    $name = Get-MachineName $Path
    $disk = Read-Machine $name
    foreach ($key in $With.Keys) { $disk.$key = $With[$key] }
    Write-Machine $name $disk
}

function Resize-WinVhd {
    param([string]$Path, [uint64]$SizeBytes)
    Invoke-Trap 'Resize-WinVhd:before'
    Set-ShareFileSize $Path $SizeBytes
    Edit-Machine $Path @{ SizeBytes = $SizeBytes }
    Invoke-Trap 'Resize-WinVhd:after'
}

function Test-WinVhd { param([string]$Path) Get-Fact TestVhd $true }

function Mount-WinVhd {
    param([string]$Path, [switch]$ReadOnly)
    Invoke-Trap 'Mount-WinVhd:before'
    if (-not (Read-Machine (Get-MachineName $Path))) { # what the NAS created
        Write-Machine (Get-MachineName $Path) @{ Path = $Path; SizeBytes = [uint64](Get-Fact FoundSize 0); Formatted = $false; Attached = $false; Label = ''; Letter = $null; ClusterBytes = 0; Style = 'RAW'; Offline = $false; ReadOnly = $false; Client = $null }
    }
    $client = $null
    if ($env:NASREADY_TEST_SMB) {
        $control = Get-MachineFile 'client'
        [void][System.IO.Directory]::CreateDirectory($control)
        foreach ($file in [System.IO.Directory]::GetFiles($control)) { [System.IO.File]::Delete($file) }
        $arguments = @("$PSScriptRoot/attach.py", $env:NASREADY_TEST_SMB, (ConvertFrom-NasReadyPath $Path).Share, ($Path -split '\\')[-1], '--control', $control)
        $client = (Start-Process -FilePath setsid -ArgumentList (@($env:NASREADY_TEST_PYTHON) + @($arguments | ForEach-Object { "`"$_`"" })) -PassThru -RedirectStandardOutput (Get-MachineFile 'client.out') -RedirectStandardError (Get-MachineFile 'client.err')).Id
        $deadline = [System.Diagnostics.Stopwatch]::StartNew()
        while (-not [System.IO.File]::Exists("$control/ready")) {
            if ($deadline.Elapsed.TotalSeconds -gt 20) { throw "the SMB client does not attach: $([System.IO.File]::ReadAllText((Get-MachineFile 'client.err')))" }
            Start-Sleep -Milliseconds 50
        }
    }
    Edit-Machine $Path @{ Attached = $true; Offline = [bool](Get-Fact MountsOffline $false); ReadOnly = [bool]$ReadOnly; Client = $client }
    Invoke-Trap 'Mount-WinVhd:after'
}

function Dismount-WinVhd {
    param([string]$Path)
    Invoke-Trap 'Dismount-WinVhd:before'
    if ((Read-Machine job) -and (Get-WinBackupJob).Running) { [System.IO.File]::AppendAllText((Get-MachineFile 'sins'), "dismounted under a running job`n") }
    if ($env:NASREADY_TEST_SMB) {
        $control = Get-MachineFile 'client'
        [System.IO.File]::WriteAllText("$control/close", '')
        $deadline = [System.Diagnostics.Stopwatch]::StartNew()
        while (-not [System.IO.File]::Exists("$control/closed") -and $deadline.Elapsed.TotalSeconds -lt 20) { Start-Sleep -Milliseconds 50 }
    }
    Edit-Machine $Path @{ Attached = $false; Client = $null }
    Invoke-Trap 'Dismount-WinVhd:after'
}

function Get-MachineAttached { foreach ($name in @(Get-MachineDisk)) { $disk = Read-Machine $name; if ($disk.Attached) { return $disk } } }

function Get-WinDisk {
    param([int]$Number)
    Invoke-Trap 'Get-WinDisk'
    $disk = Get-MachineAttached
    if (-not $disk) { return $null }
    [pscustomobject]@{ Number = 3; Style = $disk.Style; Offline = $disk.Offline; ReadOnly = $disk.ReadOnly; SizeBytes = [uint64]$disk.SizeBytes
        Location = Get-Fact Location $disk.Path; UniqueId = '60022480' }
}

function Set-WinDisk { param([int]$Number, [bool]$Offline) Invoke-Trap "Set-WinDisk:$Offline"; Edit-Machine (Get-MachineAttached).Path @{ Offline = $Offline } }
function Initialize-WinDisk {
    param([int]$Number, [string]$Label, [int]$ClusterBytes, [string]$DriveLetter)
    Invoke-Trap 'Initialize-WinDisk'
    $letter = 'B:'
    if ($DriveLetter) { $letter = $DriveLetter.ToUpperInvariant() + ':' }
    Edit-Machine (Get-MachineAttached).Path @{ Formatted = $true; Style = 'GPT'; Label = $Label; Letter = $letter; ClusterBytes = $ClusterBytes }
}
function Get-WinDiskVolume {
    param([int]$Number)
    Invoke-Trap 'Get-WinDiskVolume'
    $disk = Get-MachineAttached
    if ($disk -and $disk.Formatted -and -not $disk.Offline) { ConvertTo-MachineVolume $disk }
}
function Expand-WinPartition { param([int]$Number) Invoke-Trap 'Expand-WinPartition' }
function Set-WinShadowStorage { param([string]$Volume, [int]$Percent) Write-Machine shadow @{ Volume = $Volume; Percent = $Percent }; $true }
function Get-WinDiskCache { Get-Fact DiskCache ([pscustomobject]@{ Cached = $true; PowerProtected = $false }) }
function Write-WinVolumeCache { param([string]$Volume) Invoke-Trap 'Write-WinVolumeCache' }
function Test-WinDiskEnds { Get-Fact DiskEnds $true }

# -- backups --

function Get-MachineNow { [int64]([datetime]::UtcNow - [datetime]'1970-01-01').TotalMilliseconds }

# a job ends by itself, whoever looks; its end is an event and a version
function Update-MachineJob {
    $job = Read-Machine job
    if (-not $job -or $job.Ended -or (Get-MachineNow) -lt $job.EndsAt) { return $job }
    $job.Ended = $true
    Write-Machine job $job
    $job.Stopped = [bool]$job.Stopped
    $data = @{ HRESULT = [string](Get-Fact HResult 0); DetailedHRESULT = [string](Get-Fact DetailedHResult 0); BackupTarget = 'B:'
        VolumesInfo = (Get-Fact VolumesInfo '<VolumeInfo><VolumeInfoItem Name="C:" OriginalAccessPath="C:\" State="14" HResult="0" DetailedHResult="0" PreviousState="8" IsCritical="1" IsIncremental="1" BlockLevel="1" HasFiles="0" HasSystemState="1" DataTransferred="734003200" NumUnreadableBytes="0" TotalSize="107374182400" /></VolumeInfo>') }
    if ($job.Stopped) { $data.HRESULT = '-2139619309' }
    if (-not (Get-Fact NoEvent $false)) { Add-MachineEvent 14 $data }
    if (-not $job.Stopped -and $data.HRESULT -eq '0') {
        $versions = @(@(Read-Machine versions) | Where-Object { $_ })
        $keep = [int](Get-Fact KeepVersions 99)
        $versions = @($versions + [datetime]::UtcNow.ToString('MM/dd/yyyy-HH:mm', [cultureinfo]::InvariantCulture))
        if ($versions.Count -gt $keep) { $versions = @($versions[($versions.Count - $keep)..($versions.Count - 1)]) }
        Write-Machine versions $versions
    }
    $job
}

function Add-MachineEvent {
    param([int]$Id, [hashtable]$Data)
    $events = @(@(Read-Machine events) | Where-Object { $_ })
    $next = 1 + [int64](Get-Fact FirstRecord 100) + $events.Count
    Write-Machine events @($events + @{ Id = $Id; RecordId = $next; Data = $Data })
}

function Start-WinBackup {
    param([string[]]$Arguments, [string]$Log)
    Invoke-Trap 'Start-WinBackup:before'
    Write-Machine arguments $Arguments
    Add-MachineEvent 1 @{ BackupTemplateID = '{1}' }
    # the target is the mounted disk: what wbadmin says of it in German
    [void][System.IO.Directory]::CreateDirectory([System.IO.Path]::GetDirectoryName($Log))
    [System.IO.File]::WriteAllText($Log, "wbadmin 1.0 - Sicherungs-Befehlszeilentool`r`nEine Sicherung von Volume `"Daten (D:)`" wird erstellt. Kopiert: (34 %).`r`n")
    if ($env:NASREADY_TEST_SMB) { [System.IO.File]::WriteAllText((Get-MachineFile 'client/write'), '') }
    Write-Machine job @{ EndsAt = (Get-MachineNow) + [int](Get-Fact JobMilliseconds 700); Ended = $false; Stopped = $false }
    Invoke-Trap 'Start-WinBackup:after'
    [pscustomobject]@{ Id = 4711; Process = $null }
}

function Get-WinBackupExit {
    param([object]$Started)
    Invoke-Trap 'Get-WinBackupExit'
    $job = Update-MachineJob
    if ((Get-MachineNow) -lt $job.EndsAt) { return }
    if ($job.Stopped) { return -4 }
    [int](Get-Fact ExitCode 0)
}

function Get-WinBackupJob {
    Invoke-Trap 'Get-WinBackupJob'
    $job = Update-MachineJob
    # the engine is busy for a moment after wbadmin has ended
    $busy = [bool]($job -and (Get-MachineNow) -lt ($job.EndsAt + [int](Get-Fact EngineMilliseconds 200)))
    [pscustomobject]@{ Running = $busy -or [bool](Get-Fact ForeignJob $false); Percent = $null }
}

function Stop-WinBackup {
    Invoke-Trap 'Stop-WinBackup'
    $job = Read-Machine job
    if ($job -and (Get-MachineNow) -lt $job.EndsAt) { $job.Stopped = $true; $job.EndsAt = Get-MachineNow; Write-Machine job $job }
}

function Get-WinBackupEvent {
    param([int]$Newest = 50, [int64]$AfterRecord = 0)
    $events = @(@(Read-Machine events) | Where-Object { $_ -and $_.RecordId -gt $AfterRecord } | Sort-Object RecordId -Descending | Select-Object -First $Newest)
    foreach ($event in $events) {
        $data = @{}
        foreach ($property in $event.Data.PSObject.Properties) { $data[$property.Name] = [string]$property.Value }
        [pscustomobject]@{ Id = $event.Id; RecordId = $event.RecordId; Time = ''; Provider = 'Microsoft-Windows-Backup'; Data = $data }
    }
}

function Get-WinBackupVersionText {
    param([string]$Target, [string]$Machine)
    Invoke-Trap 'Get-WinBackupVersionText'
    $lines = @('wbadmin 1.0 - Sicherungs-Befehlszeilentool', '(C) Copyright Microsoft Corporation. Alle Rechte vorbehalten.', '')
    foreach ($version in @(@(Read-Machine versions) | Where-Object { $_ })) {
        $lines += @('Sicherungszeit: 31.03.2013 11:00', 'Sicherungsziel: Festplatte mit der Bezeichnung Backup Disk(B:)', "Versions-ID: $version", 'Wiederherstellbar: Volume(s), Datei(en), Systemstatus', '')
    }
    $lines -join "`r`n"
}

function Get-WinShadowLoss { Get-Fact ShadowLoss @() }
function Write-WinEvent { param([int]$Id, [string]$Level, [string]$Message) Invoke-Trap 'Write-WinEvent'; Write-Machine reported @{ Id = $Id; Level = $Level; Message = $Message } }
function Send-WinMail { param([string]$Server, [string]$From, [string[]]$To, [string]$Subject, [string]$Text) Write-Machine mail @{ To = $To; Subject = $Subject; Text = $Text } }
function Write-WinRecoverySheet { param([string]$File, [string]$Text) Invoke-Trap 'Write-WinRecoverySheet'; [System.IO.File]::WriteAllText((Get-ShareFile $File), $Text) }

# -- tasks: running one is asking the facts --

function Register-WinTask { param([string]$Name, [string]$Xml, [System.Management.Automation.PSCredential]$Credential) Write-Machine "task $($Name -replace '[^A-Za-z0-9 .-]', '_')" @{ Name = $Name; Xml = $Xml; User = $Credential.UserName } }
function Start-WinTask { param([string]$Name) Write-Machine started @{ Name = $Name } }
function Get-WinTask { param([string]$Name) [pscustomobject]@{ Name = $Name; Running = $false; LastResult = Get-Fact TaskResult 0 } }
function Unregister-WinTask { param([string]$Name) [System.IO.File]::Delete((Get-MachineFile "task $($Name -replace '[^A-Za-z0-9 .-]', '_').json")) }
