# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors

New-Machine
Use-Agent
Check 'the agent is known by its path' { (Get-NasReadyStatus \\127.0.0.1\Backup\SRV1.vhdx).agent.version }
Check 'its id is pinned' { (Get-NasReadySetting \\127.0.0.1\x).AgentId -eq (Invoke-Agent /v1/status).agent.id }
Check 'settings are listed' { @(Get-NasReadySetting).Count -eq 1 }

$settings = @([System.IO.Directory]::GetFiles([System.IO.Path]::Combine($env:NASREADY_HOME, 'settings')))[0]
[System.IO.File]::WriteAllText($settings, [System.IO.File]::ReadAllText($settings).Replace((Get-NasReadySetting).AgentId, 'deadbeef'))
Import-NasReady
Refuses 'another agent is refused' 'agent-changed' { Get-NasReadyStatus \\127.0.0.1\Backup } 'AcceptNewAgent'
Set-NasReadySetting \\127.0.0.1\Backup -AcceptNewAgent
Check 'and accepted when told so' { (Get-NasReadyStatus \\127.0.0.1\Backup).agent.id -eq (Get-NasReadySetting \\127.0.0.1\Backup).AgentId }
[System.IO.File]::WriteAllText($settings, '{"Uri": ')
Import-NasReady
Refuses 'damaged settings name their file' 'bad-file' { Get-NasReadyStatus \\127.0.0.1\Backup } 'Delete it'
[System.IO.File]::Delete($settings)

Refuses 'nobody answers' 'agent-unreachable' { Get-NasReadyStatus -AgentUri http://127.0.0.1:9 } 'firewall'
Refuses 'a name that does not exist' 'agent-unreachable' { Get-NasReadyStatus -AgentUri http://nas.invalid:8439 }
Refuses 'an address that is none' 'bad-address' { Get-NasReadyStatus -AgentUri ftp://nas }
Refuses 'no NAS at all' 'which-nas' { Get-NasReadyStatus }

$stubs = @()
function Test-Stub {
    param([string]$What, [string]$Code, [hashtable]$With, [string]$Says, [scriptblock]$That = { Get-NasReadyStatus -AgentUri $stub.Uri })
    $stub = Start-Stub @With
    $script:stubs += $stub
    Refuses $What $Code $That $Says
}
Test-Stub 'a web page' 'not-an-agent' @{ Head = "HTTP/1.1 200 OK`r`nContent-Type: text/html"; Body = '<html><body>FrontView</body></html>' } 'text/html'
Test-Stub 'a login page' 'not-an-agent' @{ Head = "HTTP/1.1 302 Found`r`nLocation: /login`r`nContent-Type: text/html"; Body = '' } '302'
Test-Stub 'JSON of something else' 'not-an-agent' @{ Body = '{"server":"nginx"}' } 'names no version'
Test-Stub 'half an answer' 'not-an-agent' @{ Body = '{"agent":' } 'damaged JSON'
Test-Stub 'no type' 'not-an-agent' @{ Head = 'HTTP/1.1 200 OK'; Body = 'x' } 'no type'
Test-Stub 'far too much' 'not-an-agent' @{ Body = '{"a":"' + ('x' * 5MB) + '"}' } 'more than any agent'
Test-Stub 'no HTTP at all' 'agent-unreachable' @{ Head = 'SSH-2.0-OpenSSH_9.2'; Body = '' }
Test-Stub 'an error without a body' 'not-an-agent' @{ Head = 'HTTP/1.1 500 Internal Server Error'; Body = '' } '500'
Test-Stub 'a server that wants a password for reading' 'credentials-needed' @{ Head = "HTTP/1.1 401 Unauthorized`r`nWWW-Authenticate: Digest realm=`"x`", nonce=`"y`", qop=`"auth`""; Body = '' }
Test-Stub 'a wrong password' 'wrong-credentials' @{ Head = "HTTP/1.1 401 Unauthorized`r`nWWW-Authenticate: Digest realm=`"x`", nonce=`"y`", qop=`"auth`""; Body = '' } 'passwd' {
    Get-NasReadyStatus -AgentUri $stub.Uri -Credential ([pscredential]::new('operator', (ConvertTo-SecureString wrong -AsPlainText -Force))) }
Test-Stub 'an answer that is none of three' 'not-an-agent' @{ Body = '{"agent":{"version":"9"},"answer":"maybe"}' } 'neither go' { Test-NasReady -AgentUri $stub.Uri }
$slow = Start-Stub -Body '{"agent":{"version":"9"}}' -Milliseconds 30000
$stubs += $slow
Refuses 'a slow one' 'agent-slow' { Within { Invoke-NasReadyRequest -Agent ([pscustomobject]@{ Uri = $args[0]; Credential = $null; Client = $null; Version = '' }) -Path /v1/status -TimeoutSeconds 1 } $slow.Uri } 'within 1 s'
Refuses 'an agent that does not know a route' 'agent-too-old' { Within { Invoke-NasReadyRequest -Agent (Get-NasReadyAgent -AgentUri $args[0]) -Path /v1/none } $env:NASREADY_TEST_AGENT } 'Install nasready'
Refuses 'the agent''s own problem is passed on' 'no-such-share' { Test-NasReady \\127.0.0.1\Nix\a.vhdx -AgentUri $env:NASREADY_TEST_AGENT } 'its shares are'
Check 'a later version with fields nobody knows is read' {
    $stub = Start-Stub -Body '{"agent":{"version":"7.0.0","id":null,"new":[1]},"answer":"go","findings":[{"code":"x","severity":"later","message":"m"}],"extra":{"a":null}}'
    $script:stubs += $stub
    (Get-NasReadyStatus -AgentUri $stub.Uri).agent.version -eq '7.0.0' -and (Test-NasReady -AgentUri $stub.Uri)
}

# Ctrl+C while the NAS does not answer: at once
$shell = [powershell]::Create()
[void]$shell.AddScript("Import-Module '$module/NasReady.psd1'; Get-NasReadyStatus -AgentUri $($slow.Uri)")
$running = $shell.BeginInvoke()
Start-Sleep -Milliseconds 1500
$clock = [System.Diagnostics.Stopwatch]::StartNew()
$shell.Stop()
Check "Ctrl+C does not wait for the NAS ($($clock.ElapsedMilliseconds) ms)" { $clock.ElapsedMilliseconds -lt 20000 -and $shell.InvocationStateInfo.State -eq 'Stopped' }
$shell.Dispose()
foreach ($stub in $stubs) { $stub.Listener.Stop() }
