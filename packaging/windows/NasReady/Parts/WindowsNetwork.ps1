# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors

# the adapter through which an address is reached; $null where it cannot be told
function Get-WinLink {
    param([string]$Address)
    $route = Find-NetRoute -RemoteIPAddress $Address -ErrorAction SilentlyContinue | Select-Object -First 1
    if (-not $route) { return $null }
    $adapter = Get-NetAdapter -InterfaceIndex $route.InterfaceIndex -ErrorAction SilentlyContinue
    if (-not $adapter) { return $null }
    $mtu = (Get-NetIPInterface -InterfaceIndex $route.InterfaceIndex -AddressFamily IPv4 -ErrorAction SilentlyContinue).NlMtu
    [pscustomobject]@{
        Name = [string]$adapter.Name
        SpeedMbps = [uint32]([uint64]$adapter.Speed / 1000000)
        Wireless = $adapter.PhysicalMediaType -match '802\.11|Wireless'
        FullDuplex = $adapter.FullDuplex
        Mtu = $mtu
    }
}

# one echo of that many bytes that no router may cut in pieces; $null where pings are not allowed at all
function Test-WinPing {
    param([string]$Address, [int]$Bytes)
    $ping = New-Object System.Net.NetworkInformation.Ping
    try {
        $options = New-Object System.Net.NetworkInformation.PingOptions(64, $true)
        $reply = $ping.Send($Address, 1000, (New-Object byte[] $Bytes), $options)
        $reply.Status -eq [System.Net.NetworkInformation.IPStatus]::Success
    } catch {
        $null
    } finally {
        $ping.Dispose()
    }
}

# how this server speaks to the NAS just now; $null without a connection
function Get-WinSmbConnection {
    param([string]$Server)
    $connection = Get-SmbConnection -ServerName $Server -ErrorAction SilentlyContinue | Select-Object -First 1
    if (-not $connection) { return $null }
    [pscustomobject]@{ Dialect = [string]$connection.Dialect; Signed = $connection.Signed; Encrypted = $connection.Encrypted }
}

function Get-WinSmbTimeout {
    $configuration = Get-SmbClientConfiguration -ErrorAction SilentlyContinue
    if ($configuration -and $configuration.SessionTimeout) { return [int]$configuration.SessionTimeout }
    60
}

# drives and remembered connections that hold a session open on the NAS
function Get-WinMapping {
    param([string]$Server)
    foreach ($mapping in @(Get-SmbMapping -ErrorAction SilentlyContinue)) {
        if ($mapping.RemotePath -like "\\$([System.Management.Automation.WildcardPattern]::Escape($Server))\*") {
            [pscustomobject]@{ Drive = [string]$mapping.LocalPath; Path = [string]$mapping.RemotePath }
        }
    }
}

# reads and writes one byte in the share
function Test-WinShare {
    param([string]$Share)
    try {
        $file = [System.IO.Path]::Combine($Share, ".nasready-$PID.tmp")
        [System.IO.File]::WriteAllText($file, 'x')
        [System.IO.File]::Delete($file)
        $null
    } catch {
        $_.Exception.GetBaseException().Message
    }
}

# sleep after so many seconds on mains (0: never), and whether this server runs on its battery or UPS now
function Get-WinPower {
    $sleep = $null
    $values = & "$env:SystemRoot\System32\powercfg.exe" /query SCHEME_CURRENT SUB_SLEEP STANDBYIDLE
    $numbers = @($values | Select-String -Pattern '0x[0-9a-fA-F]{8}\s*$' | ForEach-Object { $_.Matches[0].Value.Trim() })
    if ($numbers.Count -ge 2) { $sleep = [System.Convert]::ToUInt32($numbers[$numbers.Count - 2].Substring(2), 16) }
    $battery = Get-CimInstance -ClassName Win32_Battery -ErrorAction SilentlyContinue | Select-Object -First 1
    [pscustomobject]@{ SleepAfterSeconds = $sleep; OnBattery = [bool]($battery -and $battery.BatteryStatus -eq 1) }
}

# keeps Windows awake until it is called again with $false, or this process ends
function Set-WinAwake {
    param([bool]$Awake)
    if (-not (Test-WinIsWindows)) { return }
    if (-not ('NasReady.Power' -as [type])) {
        Add-Type -Namespace NasReady -Name Power -MemberDefinition '[System.Runtime.InteropServices.DllImport("kernel32.dll")] public static extern uint SetThreadExecutionState(uint flags);'
    }
    $flags = [uint32]2147483648 # ES_CONTINUOUS
    if ($Awake) { $flags = [uint32]2147483649 } # and ES_SYSTEM_REQUIRED
    [void][NasReady.Power]::SetThreadExecutionState($flags)
}

function Resolve-WinAddress {
    param([string]$Server)
    $plain = (ConvertTo-NasReadyHost $Server).Trim('[', ']')
    try {
        $found = [System.Net.Dns]::GetHostAddresses($plain)
        ($found | Sort-Object { $_.AddressFamily -ne 'InterNetwork' } | Select-Object -First 1).IPAddressToString
    } catch {
        $null
    }
}
