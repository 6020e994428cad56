# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors

$script:defaultPort = 8439
$script:agents = @{}

# per user; NASREADY_HOME is for tests and portable use
function Get-NasReadySettingsFolder {
    if ($env:NASREADY_HOME) { return [System.IO.Path]::Combine($env:NASREADY_HOME, 'settings') }
    $base = [System.Environment]::GetFolderPath([System.Environment+SpecialFolder]::ApplicationData)
    [System.IO.Path]::Combine($base, 'NasReady')
}

# written beside it and renamed, so that a power cut leaves the old file or the new one
function Write-NasReadyFile {
    param([Parameter(Mandatory)][string]$File, [Parameter(Mandatory)][AllowEmptyString()][string]$Text)
    $folder = [System.IO.Path]::GetDirectoryName($File)
    [void][System.IO.Directory]::CreateDirectory($folder)
    $new = "$File.new"
    $bytes = (New-Object System.Text.UTF8Encoding($false)).GetBytes($Text)
    $stream = New-Object System.IO.FileStream($new, [System.IO.FileMode]::Create, [System.IO.FileAccess]::Write)
    try {
        $stream.Write($bytes, 0, $bytes.Length)
        $stream.Flush($true)
    } finally {
        $stream.Dispose()
    }
    if ([System.IO.File]::Exists($File)) { [System.IO.File]::Replace($new, $File, [NullString]::Value) }
    else { [System.IO.File]::Move($new, $File) }
}

# $null where there is none; a damaged file is an error that names it
function Read-NasReadyFile {
    param([Parameter(Mandatory)][string]$File)
    if (-not [System.IO.File]::Exists($File)) { return $null }
    try {
        ConvertFrom-Json ([System.IO.File]::ReadAllText($File))
    } catch {
        Stop-NasReady -Code 'bad-file' -Subject $File -Category InvalidData -Message "$File cannot be read: $($_.Exception.Message)." `
            -Remedy 'Delete it if nothing in it is needed.'
    }
}

function Get-NasReadyServerFile {
    param([Parameter(Mandatory)][string]$Server)
    $name = [System.Uri]::EscapeDataString($Server.ToLowerInvariant())
    [System.IO.Path]::Combine((Get-NasReadySettingsFolder), "$name.json")
}

# \\server\share\file.vhdx in its parts; a disk lies in the root of its share
function ConvertFrom-NasReadyPath {
    param([Parameter(Mandatory)][string]$Path, [switch]$ShareOnly)
    $plain = $Path.Trim().Replace('/', '\').TrimEnd('\')
    $advice = 'Write it as \\NAS\SHARE\SERVER.vhdx.'
    if ($plain -notmatch '^\\\\(?<server>[^\\?.][^\\]*)\\(?<share>[^\\]+)(\\(?<rest>.+))?$') {
        Stop-NasReady -Code 'bad-path' -Subject $Path -Category InvalidArgument -Message "`"$Path`" is no path on a NAS." -Remedy $advice
    }
    $parts = @{ Server = $Matches['server']; Share = $Matches['share']; File = $Matches['rest'] }
    if ($ShareOnly) { return [pscustomobject]@{ Server = $parts.Server; Share = $parts.Share; Rest = $parts.File; Unc = $plain } }
    if (-not $parts.File) {
        Stop-NasReady -Code 'bad-path' -Subject $Path -Category InvalidArgument -Message "`"$Path`" names a share, but no file in it." -Remedy $advice
    }
    if ($parts.File -match '[\\"<>|*?:\x00-\x1f]') {
        Stop-NasReady -Code 'bad-path' -Subject $Path -Category InvalidArgument `
            -Message "`"$($parts.File)`" is no name of a file in the root of the share `"$($parts.Share)`"." `
            -Remedy 'A backup disk lies in the root of its share, for the sake of the 110 characters; its name has none of \ " < > | * ? :'
    }
    if ($parts.File -notmatch '\.vhdx$') {
        Stop-NasReady -Code 'not-vhdx' -Subject $Path -Category InvalidArgument -Message "`"$($parts.File)`" is no VHDX." `
            -Remedy 'Only a VHDX survives a broken connection: end its name in .vhdx.'
    }
    [pscustomobject]@{ Server = $parts.Server; Share = $parts.Share; File = $parts.File; Unc = $plain; Disk = "$($parts.Share)/$($parts.File)" }
}

# what follows http:// for a server of a UNC path; 2001-db8--1.ipv6-literal.net is [2001:db8::1]
function ConvertTo-NasReadyHost {
    param([Parameter(Mandatory)][string]$Server)
    if ($Server -match '^(?<a>[0-9a-fA-F-]+)(s[0-9]+)?\.ipv6-literal\.net$') { return '[' + $Matches['a'].Replace('-', ':') + ']' }
    if ($Server -match '^[0-9a-fA-F]*:[0-9a-fA-F:]+$') { return "[$Server]" }
    $Server
}

<#
.SYNOPSIS
Saves, for this user, where the agent of a NAS answers, and with which account.
.DESCRIPTION
Needed only where the agent does not answer at http://NAS:8439, where disks are to be created on the NAS (which takes an
account), or after the NAS got a new agent: the first answer of an agent pins its id, and another one is refused until it
is accepted here. Passwords are kept encrypted for this user on this computer (DPAPI), on Windows alone.
.PARAMETER Path
A path on the NAS, as in \\NAS\Backup\SRV1.vhdx or \\NAS\Backup.
.PARAMETER AgentUri
Where its agent answers.
.PARAMETER Credential
Who may create disks there: `nasready passwd` on the NAS makes the account.
.PARAMETER AcceptNewAgent
Forgets the pinned id: the next agent that answers is the right one.
.EXAMPLE
Set-NasReadySetting -Path \\nas\Backup -AgentUri http://192.168.1.20:8439 -Credential operator
#>
function Set-NasReadySetting {
    [CmdletBinding(SupportsShouldProcess)]
    param(
        [Parameter(Mandatory, Position = 0)][string]$Path,
        [uri]$AgentUri,
        [System.Management.Automation.PSCredential][System.Management.Automation.Credential()]$Credential,
        [switch]$AcceptNewAgent
    )
    $server = (ConvertFrom-NasReadyPath $Path -ShareOnly).Server
    $saved = Read-NasReadyServer $server
    if ($AgentUri) { $saved.Uri = (Test-NasReadyUri $AgentUri) }
    if ($AcceptNewAgent) { $saved.Id = $null }
    if ($Credential) {
        $saved.User = $Credential.UserName
        $saved.Secret = Protect-WinSecret $Credential.Password
    }
    $file = Get-NasReadyServerFile $server
    if (-not $PSCmdlet.ShouldProcess($file, 'save')) { return }
    Write-NasReadyFile $file (ConvertTo-Json ([pscustomobject]$saved))
    $script:agents.Remove($server.ToLowerInvariant())
}

<#
.SYNOPSIS
Shows what is saved for a NAS, or for all.
.PARAMETER Path
A path on the NAS; without it, all that is saved.
.EXAMPLE
Get-NasReadySetting
#>
function Get-NasReadySetting {
    [CmdletBinding()]
    param([Parameter(Position = 0)][string]$Path)
    if ($Path) { $servers = @((ConvertFrom-NasReadyPath $Path -ShareOnly).Server) }
    else {
        $folder = Get-NasReadySettingsFolder
        if (-not [System.IO.Directory]::Exists($folder)) { return }
        $servers = @([System.IO.Directory]::GetFiles($folder, '*.json') | Sort-Object | ForEach-Object {
                [System.Uri]::UnescapeDataString([System.IO.Path]::GetFileNameWithoutExtension($_)) })
    }
    foreach ($server in $servers) {
        $saved = Read-NasReadyServer $server
        [pscustomobject]@{ PSTypeName = 'NasReady.Setting'; Server = $server; AgentUri = $saved.Uri; AgentId = $saved.Id; User = $saved.User }
    }
}

function Get-NasReadyUsualUri {
    param([Parameter(Mandatory)][string]$Server)
    "http://$(ConvertTo-NasReadyHost $Server):$script:defaultPort"
}

function Read-NasReadyServer {
    param([Parameter(Mandatory)][string]$Server)
    $saved = @{ Uri = Get-NasReadyUsualUri $Server; Id = $null; User = $null; Secret = $null }
    $read = Read-NasReadyFile (Get-NasReadyServerFile $Server)
    if ($read) {
        foreach ($name in @($saved.Keys)) {
            if ($read.PSObject.Properties[$name] -and $null -ne $read.$name) { $saved[$name] = [string]$read.$name }
        }
    }
    $saved
}

function Test-NasReadyUri {
    param([Parameter(Mandatory)][uri]$Uri)
    if (-not $Uri.IsAbsoluteUri -or $Uri.Scheme -notin @('http', 'https') -or $Uri.AbsolutePath -ne '/') {
        Stop-NasReady -Code 'bad-address' -Subject "$Uri" -Category InvalidArgument -Message "`"$Uri`" is no address of an agent." `
            -Remedy 'Write it as http://NAS:8439.'
    }
    $Uri.GetLeftPart([System.UriPartial]::Authority)
}

# The agent of a path (or an address given by hand), its id checked against the one that answered first.
function Get-NasReadyAgent {
    param([string]$Path, [uri]$AgentUri, [System.Management.Automation.PSCredential]$Credential)
    if (-not $Path -and -not $AgentUri) {
        Stop-NasReady -Code 'which-nas' -Category InvalidArgument -Message 'Which NAS?' -Remedy 'Name a path on it (-Path \\NAS\SHARE\SERVER.vhdx) or its agent (-AgentUri http://NAS:8439).'
    }
    $server = ''
    if ($Path) { $server = (ConvertFrom-NasReadyPath $Path -ShareOnly).Server }
    elseif ($AgentUri.IsAbsoluteUri) { $server = $AgentUri.Authority }
    $key = "$($server.ToLowerInvariant()) $AgentUri $(if ($Credential) { $Credential.UserName })"
    if (-not $Credential -and $script:agents.ContainsKey($key)) { return $script:agents[$key] }
    $saved = Read-NasReadyServer $server
    $uri = $saved.Uri
    if ($AgentUri) { $uri = Test-NasReadyUri $AgentUri }
    if (-not $Credential -and $saved.Secret) {
        $Credential = New-Object System.Management.Automation.PSCredential($saved.User, (Unprotect-WinSecret $saved.Secret))
    }
    $agent = [pscustomobject]@{ PSTypeName = 'NasReady.Agent'; Server = $server; Uri = $uri; Id = $saved.Id; Version = $null; Credential = $Credential; Client = $null }
    Confirm-NasReadyAgent $agent
    $script:agents[$key] = $agent
    $agent
}

function Confirm-NasReadyAgent {
    param([Parameter(Mandatory)][object]$Agent)
    $about = (Invoke-NasReadyRequest -Agent $Agent -Path '/v1/status').Body.agent
    if (-not $about -or -not $about.version) {
        Stop-NasReady -Code 'not-an-agent' -Subject $Agent.Uri -Message "What answers at $($Agent.Uri) is no nasready agent: its status names no version." `
            -Remedy 'Is the address right? Set-NasReadySetting -AgentUri corrects it.'
    }
    $Agent.Version = [string]$about.version
    if (-not $about.id) { return } # an agent that cannot keep an id has none to check
    if ($Agent.Id -and $Agent.Id -ne $about.id) {
        Stop-NasReady -Code 'agent-changed' -Subject $Agent.Uri -Category SecurityError `
            -Message "The agent at $($Agent.Uri) is another one than before: its id is $($about.id), it was $($Agent.Id)." `
            -Remedy "If the NAS was installed anew: Set-NasReadySetting -Path \\$($Agent.Server)\SHARE -AcceptNewAgent. Else somebody else answers for it."
    }
    if (-not $Agent.Id) {
        $Agent.Id = [string]$about.id
        $saved = Read-NasReadyServer $Agent.Server
        $saved.Id = $Agent.Id
        Write-NasReadyFile (Get-NasReadyServerFile $Agent.Server) (ConvertTo-Json ([pscustomobject]$saved))
    }
}
