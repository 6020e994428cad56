# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors

<#
.SYNOPSIS
Would a restore over the network fail with 0x80070001, because the path to the image is too long?
.DESCRIPTION
The agent judges: image folders that are on the share now, and those that Windows will build from the name of a server and
a folder of the share. 110 characters are the limit, counted from the share on; that the whole UNC path is longer is a note.
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
    $folder = ''
    if ($at.Rest) { $folder = $at.Rest.Replace('\', '/') }
    $body = [ordered]@{ nas = $at.Server; share = $at.Share; folder = $folder; server = $Server }
    ConvertTo-NasReadyPathVerdict (Invoke-NasReadyRequest -Agent $agent -Method POST -Path '/v1/paths' -Body $body).Body
}

function ConvertTo-NasReadyPathVerdict {
    param([object]$Answer)
    foreach ($item in @($Answer.paths)) {
        [pscustomobject]@{
            PSTypeName = 'NasReady.PathVerdict'; Verdict = [string]$item.verdict; Path = [string]$item.path; ShareLength = $item.share_length
            UncLength = $item.unc_length; Limit = $item.limit; Message = [string]$item.message; Remedy = [string]$item.remedy
        }
    }
}
