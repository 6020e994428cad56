# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors

$script:passed = 0
$script:failed = 0
$script:skipped = 0

function Ok { param([string]$What) $script:passed++; Write-Output "ok $($script:passed + $script:failed) - $What" }
function NotOk {
    param([string]$What, [string]$Detail)
    $script:failed++
    Write-Output "not ok $($script:passed + $script:failed) - $What"
    foreach ($line in ($Detail -split "`n")) { if ($line.Trim()) { Write-Output "#   $($line.Trim())" } }
}
function Skip { param([string]$What) $script:skipped++; Write-Output "skipped - $What" }

# passed if the block answers something true; what it throws is the reason
function Check {
    param([string]$What, [scriptblock]$That)
    try {
        $answer = & $That
        if ($answer) { Ok $What } else { NotOk $What "it is `"$answer`": $That" }
    } catch {
        NotOk $What "$($_.Exception.Message) ($($_.FullyQualifiedErrorId)) $($_.ScriptStackTrace)"
    }
}

# passed if the block throws the module's error of that code, with a text that names what -Says
function Refuses {
    param([string]$What, [string]$Code, [scriptblock]$That, [string]$Says)
    try {
        $answer = & $That
        NotOk $What "nothing was thrown; it answered `"$answer`""
    } catch {
        if ($_.FullyQualifiedErrorId -notlike "NasReady.$Code*") { NotOk $What "expected NasReady.$Code, got $($_.FullyQualifiedErrorId): $($_.Exception.Message) $($_.ScriptStackTrace)" }
        elseif ($Says -and "$($_.Exception.Message) $($_.ErrorDetails.RecommendedAction)" -notlike "*$Says*") { NotOk $What "`"$Says`" is not in: $($_.Exception.Message) $($_.ErrorDetails.RecommendedAction)" }
        else { Ok "${What}: $($_.Exception.Message)" }
    }
}

# a new recorded Windows with empty settings, in the module that is loaded
function New-Machine {
    param([hashtable]$Facts = @{})
    $folder = [System.IO.Path]::Combine($env:NASREADY_TEST_SCRATCH, "machine-$([guid]::NewGuid().ToString('N').Substring(0, 8))")
    [void][System.IO.Directory]::CreateDirectory($folder)
    $env:NASREADY_TEST_MACHINE = $folder
    $env:NASREADY_HOME = [System.IO.Path]::Combine($folder, 'home')
    Import-NasReady
    Set-Facts $Facts
}

function Import-NasReady {
    Import-Module ([System.IO.Path]::Combine($PSScriptRoot, '..', '..', 'packaging', 'windows', 'NasReady', 'NasReady.psd1')) -Force -Global
    . (Get-Module NasReady) { . $args[0] } ([System.IO.Path]::Combine($PSScriptRoot, 'machine.ps1'))
}

# calls something private of the module
function Within { param([scriptblock]$Block) & (Get-Module NasReady) $Block @args }

function Set-Facts { param([hashtable]$Facts) [System.IO.File]::WriteAllText([System.IO.Path]::Combine($env:NASREADY_TEST_MACHINE, 'facts.json'), (ConvertTo-Json $Facts -Depth 6)) }
function Set-Trap { param([string]$At, [string]$How) [System.IO.File]::WriteAllText([System.IO.Path]::Combine($env:NASREADY_TEST_MACHINE, 'trap.json'), (ConvertTo-Json @{ At = $At; How = $How })) }
function Read-State {
    param([string]$Name)
    $file = [System.IO.Path]::Combine($env:NASREADY_TEST_MACHINE, "$Name.json")
    if ([System.IO.File]::Exists($file)) { ConvertFrom-Json ([System.IO.File]::ReadAllText($file)) }
}

# a NAS at 127.0.0.1 whose agent is the one under test
function Use-Agent { Set-NasReadySetting -Path \\127.0.0.1\Backup -AgentUri $env:NASREADY_TEST_AGENT }

function Wait-Until {
    param([scriptblock]$That, [int]$Seconds = 20)
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    while ($clock.Elapsed.TotalSeconds -lt $Seconds) {
        if (& $That) { return $true }
        Start-Sleep -Milliseconds 50
    }
    $false
}

function Invoke-Agent {
    param([string]$Path)
    $client = New-Object System.Net.Http.HttpClient
    try { ConvertFrom-Json $client.GetStringAsync($env:NASREADY_TEST_AGENT + $Path).Result } finally { $client.Dispose() }
}

# Answers every request on a port of its own with that text (slowly, if so many milliseconds are named): no agent, but
# what may answer in place of one. Answers @{ Uri; Stop }.
function Start-Stub {
    param([string]$Head = "HTTP/1.1 200 OK`r`nContent-Type: application/json", [string]$Body = '{}', [int]$Milliseconds = 0)
    $listener = New-Object System.Net.Sockets.TcpListener([System.Net.IPAddress]::Loopback, 0)
    $listener.Start()
    $shell = [powershell]::Create()
    [void]$shell.AddScript({
            param($listener, $head, $body, $milliseconds)
            $bytes = [System.Text.Encoding]::UTF8.GetBytes($body)
            while ($true) {
                try { $client = $listener.AcceptTcpClient() } catch { break }
                try {
                    $stream = $client.GetStream()
                    [void]$stream.Read((New-Object byte[] 8192), 0, 8192)
                    if ($milliseconds) { [System.Threading.Thread]::Sleep($milliseconds) }
                    $start = [System.Text.Encoding]::ASCII.GetBytes("$head`r`nContent-Length: $($bytes.Length)`r`nConnection: close`r`n`r`n")
                    $stream.Write($start, 0, $start.Length)
                    $stream.Write($bytes, 0, $bytes.Length)
                } catch { $null = $_ } finally { $client.Close() }
            }
        }).AddArgument($listener).AddArgument($Head).AddArgument($Body).AddArgument($Milliseconds)
    [void]$shell.BeginInvoke()
    [pscustomobject]@{ Uri = "http://127.0.0.1:$($listener.LocalEndpoint.Port)"; Listener = $listener }
}

# a recorded Windows with a formatted disk on the share: a VHDX of qemu-img where there is one
function New-BackupMachine {
    param([hashtable]$Facts = @{}, [string]$File = 'SRV1.vhdx')
    New-Machine $Facts
    Use-Agent
    $path = [System.IO.Path]::Combine($env:NASREADY_TEST_SHARE, $File)
    if (-not [System.IO.File]::Exists($path)) {
        $qemu = Get-Command qemu-img -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
        if ($qemu) { & $qemu.Source create -q -f vhdx -o subformat=fixed,block_size=1M $path 64M | Out-Null; & fallocate -l ([System.IO.FileInfo]::new($path).Length) $path }
        else { [System.IO.File]::WriteAllBytes($path, (New-Object byte[] 67108864)) }
    }
    Within { Write-Machine (Get-MachineName $args[0]) @{ Path = $args[0]; SizeBytes = [uint64]64MB; Formatted = $true; Attached = $false; Label = 'Backup Disk'; Letter = 'B:'; ClusterBytes = 65536; Style = 'GPT'; Offline = $false; ReadOnly = $false; Client = $null } } "\\127.0.0.1\Backup\$File"
    [void](Wait-NasReady "\\127.0.0.1\Backup\$File" -TimeoutSeconds 120)
}
