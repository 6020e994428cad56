# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors

<#
.SYNOPSIS
Records what the cmdlets of Windows answer on a real machine, to prove or refute what this module assumes.
.DESCRIPTION
Calls everything that the module uses to look (nothing that changes anything) and writes the raw answers, or the error, into
one JSON file. It holds names, paths and addresses of this server: read it before you pass it on. With -Path also the state
of that disk; taken once while it is mounted, it is worth the most.
.PARAMETER File
Where the recording goes.
.PARAMETER Path
A disk, as in \\NAS\Backup\SRV1.vhdx.
.EXAMPLE
Export-NasReadyTranscript .\srv1.json -Path \\nas\Backup\SRV1.vhdx
#>
function Export-NasReadyTranscript {
    [CmdletBinding(SupportsShouldProcess)]
    param([Parameter(Mandatory, Position = 0)][string]$File, [string]$Path)
    $full = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($File)
    if (-not $PSCmdlet.ShouldProcess($full, 'record')) { return }
    $questions = [ordered]@{
        Identity = { Get-WinIdentity }; Feature = { Get-WinFeature }; Power = { Get-WinPower }; FixedVolume = { Get-WinFixedVolume }
        SmbTimeout = { Get-WinSmbTimeout }; BackupJob = { Get-WinBackupJob }; BackupEvent = { Get-WinBackupEvent -Newest 20 }
        ShadowLoss = { Get-WinShadowLoss ([datetime]::Now.AddDays(-7)) }; Disk = { Get-WinDiskList }; Driver = { Get-WinDriver }
        VM = { Get-WinVM }; Hotfix = { Get-WinHotfix }
    }
    if ($Path) {
        $target = ConvertFrom-NasReadyPath $Path
        $questions['Address'] = { Resolve-WinAddress $target.Server }
        $questions['Link'] = { Get-WinLink (Resolve-WinAddress $target.Server) }
        $questions['Ping1472'] = { Test-WinPing (Resolve-WinAddress $target.Server) 1472 }
        $questions['Ping8972'] = { Test-WinPing (Resolve-WinAddress $target.Server) 8972 }
        $questions['SmbConnection'] = { Get-WinSmbConnection $target.Server }
        $questions['Mapping'] = { Get-WinMapping $target.Server }
        $questions['Vhd'] = { Get-WinVhd $target.Unc }
        $questions['VhdDisk'] = { Get-WinDisk (Get-WinVhd $target.Unc).DiskNumber }
        $questions['VhdVolume'] = { Get-WinDiskVolume (Get-WinVhd $target.Unc).DiskNumber }
        $questions['VersionText'] = { Get-WinBackupVersionText -Target (Get-NasReadyVolumeName (Get-WinDiskVolume (Get-WinVhd $target.Unc).DiskNumber)) }
    }
    $answers = [ordered]@{ Time = Get-NasReadyTime; Module = [string]$MyInvocation.MyCommand.Module.Version; PowerShell = [string]$PSVersionTable.PSVersion
        Culture = [System.Globalization.CultureInfo]::CurrentCulture.Name; Answers = [ordered]@{} }
    foreach ($name in $questions.Keys) {
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        try { $answer = @{ Value = @(& $questions[$name]) } } catch { $answer = @{ Error = $_.Exception.Message; ErrorId = $_.FullyQualifiedErrorId } }
        $answer['Milliseconds'] = $clock.ElapsedMilliseconds
        $answers.Answers[$name] = $answer
    }
    Write-NasReadyFile $full (ConvertTo-Json $answers -Depth 7)
    Get-Item -LiteralPath $full
}
