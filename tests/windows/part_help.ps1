# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors

$manifest = Test-ModuleManifest ([System.IO.Path]::Combine($module, 'NasReady.psd1')) -WarningAction Stop
Check 'the manifest is sound' { $manifest.Name -eq 'NasReady' -and $manifest.PowerShellVersion -eq [version]'5.1' -and 'Desktop' -in $manifest.CompatiblePSEditions }
$versionFile = [System.IO.Path]::Combine($PSScriptRoot, '..', '..', 'VERSION')
Check 'its version is the project''s' { [string]$manifest.Version -eq [System.IO.File]::ReadAllText($versionFile).Trim() }
New-Machine
$commands = @(Get-Command -Module NasReady | Sort-Object Name)
Check 'it exports what it has, and nothing else' { -not (Compare-Object @($commands.Name) @($manifest.ExportedFunctions.Keys)) }
$verbs = @(Get-Verb | ForEach-Object { $_.Verb })
foreach ($command in $commands) {
    $help = Get-Help $command.Name -Full
    $missing = @()
    if ($command.Verb -notin $verbs) { $missing += "$($command.Verb) is no approved verb" }
    if (-not $help.Synopsis -or $help.Synopsis -match "^\s*$($command.Name)\s") { $missing += 'a synopsis' }
    if (@($help.examples.example).Count -eq 0 -or -not $help.examples.example[0].code) { $missing += 'an example' }
    elseif (($help.examples.example | ForEach-Object { $_.code }) -join ' ' -notmatch $command.Name) { $missing += 'an example that uses it' }
    foreach ($parameter in $command.Parameters.Values) {
        if ($parameter.Name -in [System.Management.Automation.PSCmdlet]::CommonParameters -or $parameter.Name -in @('WhatIf', 'Confirm')) { continue }
        $text = @($help.parameters.parameter | Where-Object { $_.name -eq $parameter.Name } | ForEach-Object { $_.description })
        if (-not $text) { $missing += "what -$($parameter.Name) is" }
    }
    $changes = $command.Verb -in @('New', 'Expand', 'Start', 'Set', 'Register', 'Unregister', 'Repair', 'Mount', 'Dismount', 'Export')
    if ($changes -and -not $command.Parameters.ContainsKey('WhatIf')) { $missing += '-WhatIf, though it changes something' }
    if ($missing.Count) { NotOk "help of $($command.Name)" ($missing -join "`n") } else { Ok "help of $($command.Name), with $(@($help.examples.example).Count) example(s)" }
}
Check 'about_NasReady is there' { [System.IO.File]::Exists([System.IO.Path]::Combine($module, 'en-US', 'about_NasReady.help.txt')) }
