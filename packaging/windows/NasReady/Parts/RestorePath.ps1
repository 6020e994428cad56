# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors

<#
.SYNOPSIS
Would a restore over the network fail with 0x80070001, because the path to the image is too long?
.DESCRIPTION
The agent judges the path that Windows will build from the name of a server and a folder of the share; `nasready path` on
the NAS does the same for the images that are there now. 110 characters are the limit, counted from the share on; that the whole UNC path is longer is a note.
Inside a mounted VHDX no path is too long; the rule bites where images lie on the share itself, or are copied there.
.PARAMETER Path
A folder of the share where the image is or will be, as in \\NAS\Backup\Servers, or \\NAS\Backup.
.PARAMETER Server
The name of the server whose image it is; this one by default.
.PARAMETER AgentUri
Where the agent answers, if not at port 8439 of that NAS.
.EXAMPLE
Test-NasReadyRestorePath '\\192.168.15.106\BackupFiles\Servers\2012 R2' -Server SRV1 | Format-List
#>
function Test-NasReadyRestorePath {
    [CmdletBinding()]
    param([Parameter(Mandatory, Position = 0)][string]$Path, [string]$Server, [uri]$AgentUri)
    $at = ConvertFrom-NasReadyPath $Path -ShareOnly
    if (-not $Server) { $Server = [System.Environment]::MachineName }
    $agent = Get-NasReadyAgent -Path $Path -AgentUri $AgentUri
    $body = [ordered]@{ server = $at.Server; share = $at.Share; host = $Server }
    if ($at.Rest) { $body['folder'] = $at.Rest }
    $answer = (Invoke-NasReadyRequest -Agent $agent -Method POST -Path '/v1/paths' -Body $body).Body
    [pscustomobject]@{
        PSTypeName = 'NasReady.PathVerdict'; Verdict = [string]$answer.verdict; Path = [string]$answer.path; Characters = $answer.characters
        Limit = $answer.limit_characters; FullCharacters = $answer.full_characters; AtShareRootCharacters = $answer.at_share_root_characters
        Message = [string]$answer.message; Remedy = [string]$answer.remedy
    }
}
