# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors

# -- Windows Server Backup: started and stopped by wbadmin, judged by its event log, which is the same in all languages --

# leaves its text in $Log; the engine goes on even if this process and wbadmin end
function Start-WinBackup {
    param([string[]]$Arguments, [string]$Log)
    $process = Start-Process -FilePath "$env:SystemRoot\System32\wbadmin.exe" -ArgumentList $Arguments -NoNewWindow -PassThru `
        -RedirectStandardOutput $Log -RedirectStandardError "$Log.err"
    [void]$process.Handle # else Windows PowerShell forgets the exit code
    [pscustomobject]@{ Id = $process.Id; Process = $process }
}

# $null while wbadmin runs
function Get-WinBackupExit {
    param([object]$Started)
    if ($Started.Process.HasExited) { return [int]$Started.Process.ExitCode }
}

# is the backup engine busy, with whosever job?
function Get-WinBackupJob {
    $engine = Get-Service -Name wbengine -ErrorAction SilentlyContinue
    $running = $false
    if ($engine -and $engine.Status -eq 'Running') {
        $events = @(Get-WinBackupEvent -Newest 20)
        $started = @($events | Where-Object { $_.Id -eq 1 } | Select-Object -First 1)
        $ended = @($events | Where-Object { $_.Id -in @(4, 5, 8, 14) } | Select-Object -First 1)
        $running = $started.Count -gt 0 -and ($ended.Count -eq 0 -or $ended[0].RecordId -lt $started[0].RecordId)
    }
    if (Get-Process -Name wbadmin -ErrorAction SilentlyContinue) { $running = $true }
    [pscustomobject]@{ Running = $running; Percent = $null }
}

function Stop-WinBackup {
    & "$env:SystemRoot\System32\wbadmin.exe" stop job -quiet | Out-Null
}

# newest first; Data holds the event's named values: HRESULT, DetailedHRESULT, VolumesInfo ...
function Get-WinBackupEvent {
    param([int]$Newest = 50, [int64]$AfterRecord = 0)
    foreach ($record in @(Get-WinEvent -LogName 'Microsoft-Windows-Backup' -MaxEvents $Newest -ErrorAction SilentlyContinue)) {
        if ($record.RecordId -gt $AfterRecord) { ConvertFrom-WinEvent $record.ToXml() }
    }
}

function ConvertFrom-WinEvent {
    param([string]$Xml)
    $document = New-Object System.Xml.XmlDocument
    $document.XmlResolver = $null
    $document.LoadXml($Xml)
    $system = $document.DocumentElement.SelectSingleNode('*[local-name()="System"]')
    $data = @{}
    foreach ($node in $document.DocumentElement.SelectNodes('*[local-name()="EventData"]/*[local-name()="Data"]')) {
        $name = $node.GetAttribute('Name')
        if ($name) { $data[$name] = $node.InnerText }
    }
    [pscustomobject]@{
        Id = [int]$system.SelectSingleNode('*[local-name()="EventID"]').InnerText
        RecordId = [int64]$system.SelectSingleNode('*[local-name()="EventRecordID"]').InnerText
        Time = $system.SelectSingleNode('*[local-name()="TimeCreated"]').GetAttribute('SystemTime')
        Provider = $system.SelectSingleNode('*[local-name()="Provider"]').GetAttribute('Name')
        Data = $data
    }
}

# the text of `wbadmin get versions`, in whatever language
function Get-WinBackupVersionText {
    param([string]$Target, [string]$Machine)
    $arguments = @('get', 'versions', "-backupTarget:$Target")
    if ($Machine) { $arguments += "-machine:$Machine" }
    (& "$env:SystemRoot\System32\wbadmin.exe" @arguments) -join "`n"
}

# VolSnap 24, 25: shadow copies deleted for want of room; 36: the limit on them was reached
function Get-WinShadowLoss {
    param([datetime]$Since)
    foreach ($record in @(Get-WinEvent -FilterHashtable @{ LogName = 'System'; ProviderName = 'volsnap'; Id = 24, 25, 36; StartTime = $Since } -ErrorAction SilentlyContinue)) {
        ConvertFrom-WinEvent $record.ToXml()
    }
}

function Write-WinEvent {
    param([int]$Id, [string]$Level, [string]$Message)
    try {
        if (-not [System.Diagnostics.EventLog]::SourceExists('NasReady')) { [System.Diagnostics.EventLog]::CreateEventSource('NasReady', 'Application') }
        [System.Diagnostics.EventLog]::WriteEntry('NasReady', $Message, [System.Diagnostics.EventLogEntryType]$Level, $Id)
    } catch {
        Write-Verbose "the event log does not take it: $($_.Exception.Message)"
    }
}

function Send-WinMail {
    param([string]$Server, [string]$From, [string[]]$To, [string]$Subject, [string]$Text)
    $client = New-Object System.Net.Mail.SmtpClient($Server)
    $mail = New-Object System.Net.Mail.MailMessage
    try {
        $client.Timeout = 30000
        $mail.From = New-Object System.Net.Mail.MailAddress($From)
        foreach ($address in $To) { $mail.To.Add($address) }
        $mail.Subject = $Subject
        $mail.Body = $Text
        $client.Send($mail)
    } finally {
        $mail.Dispose()
        $client.Dispose()
    }
}

# -- the schedule --

function Register-WinTask {
    param([string]$Name, [string]$Xml, [System.Management.Automation.PSCredential]$Credential)
    [void](Register-ScheduledTask -TaskName $Name -TaskPath '\NasReady\' -Xml $Xml -User $Credential.UserName `
            -Password $Credential.GetNetworkCredential().Password -Force)
}

function Start-WinTask {
    param([string]$Name)
    Start-ScheduledTask -TaskName $Name -TaskPath '\NasReady\'
}

# State as Windows names it, and the exit code of the last run
function Get-WinTask {
    param([string]$Name)
    $task = Get-ScheduledTask -TaskName $Name -TaskPath '\NasReady\' -ErrorAction SilentlyContinue
    if (-not $task) { return $null }
    [pscustomobject]@{ Name = $Name; Running = $task.State -eq 'Running'; LastResult = [int64](Get-ScheduledTaskInfo $task).LastTaskResult }
}

function Unregister-WinTask {
    param([string]$Name)
    Unregister-ScheduledTask -TaskName $Name -TaskPath '\NasReady\' -Confirm:$false -ErrorAction SilentlyContinue
}

# -- Hyper-V --

function Get-WinVM {
    param([string[]]$Name = @('*'))
    foreach ($vm in @(Hyper-V\Get-VM -Name $Name)) {
        $vss = Hyper-V\Get-VMIntegrationService -VM $vm | Where-Object { $_.Id -like '*5CED1297-4598-4915-A5FC-AD21BB4D02A4' }
        [pscustomobject]@{
            Name = [string]$vm.Name; Id = [string]$vm.Id; Path = [string]$vm.Path; SnapshotPath = [string]$vm.SnapshotFileLocation
            Disks = @(Hyper-V\Get-VMHardDiskDrive -VM $vm | Where-Object { $_.Path } | ForEach-Object { [string]$_.Path })
            GuestOs = Get-WinGuestOs ([string]$vm.Id)
            BackupService = [bool]($vss -and $vss.Enabled)
            BackupServiceOk = -not $vss -or [string]$vss.PrimaryOperationalStatus -in @('', 'Ok')
            IntegrationState = [string]$vm.IntegrationServicesState
        }
    }
}

# what the guest itself tells by its key-value pairs, as in 6.0.6002; $null if it tells nothing
function Get-WinGuestOs {
    param([string]$Id)
    $machine = Get-CimInstance -Namespace root\virtualization\v2 -ClassName Msvm_ComputerSystem -Filter "Name='$Id'" -ErrorAction SilentlyContinue
    if (-not $machine) { return $null }
    $pairs = Get-CimAssociatedInstance -InputObject $machine -ResultClassName Msvm_KvpExchangeComponent -ErrorAction SilentlyContinue
    foreach ($item in @($pairs.GuestIntrinsicExchangeItems)) {
        if (-not $item) { continue }
        $values = @{}
        foreach ($property in ([xml]$item).INSTANCE.PROPERTY) { $values[[string]$property.NAME] = [string]$property.VALUE }
        if ($values['Name'] -eq 'OSVersion') { return $values['Data'] }
    }
}

# may Hyper-V's machines (S-1-5-83-0) use that file?
function Test-WinVMAccess {
    param([string]$Path)
    $rules = (Get-Acl -LiteralPath $Path).GetAccessRules($true, $true, [System.Security.Principal.SecurityIdentifier])
    [bool]($rules | Where-Object { $_.IdentityReference.Value -like 'S-1-5-83-*' -and $_.AccessControlType -eq 'Allow' -and
            ($_.FileSystemRights -band [System.Security.AccessControl.FileSystemRights]::Write) })
}

# the volume that holds a path, as Get-WinFixedVolume has it; $null if there is none
function Get-WinVolumeOf {
    param([string]$Path)
    $volume = Get-Volume -FilePath $Path -ErrorAction SilentlyContinue
    if ($volume) { ConvertTo-WinVolume $volume }
}

function Test-WinDirtyVolume {
    param([string]$Letter)
    $volume = Get-CimInstance -ClassName Win32_Volume -Filter "DriveLetter='$Letter'" -ErrorAction SilentlyContinue
    if ($volume) { [bool]$volume.DirtyBitSet }
}

function Get-WinHotfix { @(Get-CimInstance -ClassName Win32_QuickFixEngineering -ErrorAction SilentlyContinue | ForEach-Object { $_.HotFixID }) }

function Test-WinCheckpoint {
    param([string]$Name)
    $mark = "nasready-$([guid]::NewGuid())"
    Hyper-V\Checkpoint-VM -Name $Name -SnapshotName $mark
    Hyper-V\Get-VMSnapshot -VMName $Name -Name $mark | Hyper-V\Remove-VMSnapshot
}

function Write-WinRecoverySheet {
    param([string]$File, [string]$Text)
    [System.IO.File]::WriteAllText($File, $Text, (New-Object System.Text.UTF8Encoding($true)))
}

# what a restore on bare metal needs a driver for: network and storage controllers
function Get-WinDriver {
    foreach ($driver in @(Get-CimInstance -ClassName Win32_PnPSignedDriver -ErrorAction SilentlyContinue |
                Where-Object { $_.DeviceClass -in @('NET', 'SCSIADAPTER', 'HDC') -and $_.InfName -like 'oem*' })) {
        [pscustomobject]@{ Device = [string]$driver.DeviceName; Inf = [string]$driver.InfName; Version = [string]$driver.DriverVersion }
    }
}

# disks of this server that are not the system's: to be excluded when it is restored
function Get-WinDiskList {
    foreach ($disk in @(Get-Disk -ErrorAction SilentlyContinue)) {
        [pscustomobject]@{ Number = [int]$disk.Number; Name = [string]$disk.FriendlyName; SizeBytes = [uint64]$disk.Size; UniqueId = [string]$disk.UniqueId
            Boot = [bool]($disk.IsBoot -or $disk.IsSystem); Virtual = $disk.BusType -eq 'File Backed Virtual' }
    }
}
