# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# What Windows PowerShell 5.1 lacks, found in the syntax tree of every file; and its encoding: without a mark 5.1 reads a
# file in the code page of the machine, so it has to be ASCII.

function Find-Modern {
    param([string]$File)
    $tokens = $null
    $errors = $null
    $tree = [System.Management.Automation.Language.Parser]::ParseFile($File, [ref]$tokens, [ref]$errors)
    foreach ($parseError in $errors) { "line $($parseError.Extent.StartLineNumber): $($parseError.Message)" }
    Find-ModernToken $tokens
    Find-ModernTree $tree
    Find-ModernName $tree
}

# by name: 5.1 itself does not know these kinds
function Find-ModernToken {
    param([object[]]$Tokens)
    foreach ($token in $Tokens) {
        if ([string]$token.Kind -in @('QuestionQuestion', 'QuestionQuestionEquals', 'QuestionDot', 'QuestionLBracket', 'AndAnd', 'OrOr', 'Clean', 'QuestionMark')) {
            "line $($token.Extent.StartLineNumber): `"$($token.Text)`" ($($token.Kind)) is not in 5.1"
        }
    }
}

function Find-ModernTree {
    param([object]$Tree)
    foreach ($node in $Tree.FindAll({ param($at) $at.GetType().Name -in @('TernaryExpressionAst', 'PipelineChainAst') }, $true)) {
        "line $($node.Extent.StartLineNumber): $($node.GetType().Name) is not in 5.1"
    }
    foreach ($node in $Tree.FindAll({ param($at) $at.GetType().Name -eq 'PipelineAst' }, $true)) {
        if ($node.PSObject.Properties['Background'] -and $node.Background) { "line $($node.Extent.StartLineNumber): & at the end is not in 5.1" }
    }
}

# parameters, commands, variables, types and members that only PowerShell 7 (.NET) has
$script:coreParameters = @{
    'ConvertFrom-Json' = 'AsHashtable', 'Depth', 'NoEnumerate', 'DateKind'; 'ConvertTo-Json' = 'AsArray', 'EnumsAsStrings', 'EscapeHandling'
    'Join-Path' = 'AdditionalChildPath', 'Extension'; 'Split-Path' = 'LeafBase', 'Extension'; 'Select-Object' = 'CaseInsensitive'
    'ForEach-Object' = 'Parallel', 'ThrottleLimit', 'AsJob'; 'Select-String' = 'NoEmphasis', 'Raw', 'Culture'; 'Get-Content' = 'AsByteStream'
    'Start-Process' = 'Environment'; 'Out-String' = 'NoNewline2'; 'Sort-Object' = 'Top', 'Bottom', 'Stable'; 'Get-Date' = 'AsUTC', 'UnixTimeSeconds'
    'Start-Sleep' = 'Duration'; 'Test-Connection' = 'TargetName', 'MtuSize', 'TcpPort', 'Ping'; 'ConvertFrom-SecureString' = 'AsPlainText'
    'Invoke-WebRequest' = 'SkipHttpErrorCheck', 'Authentication'; 'Invoke-RestMethod' = 'SkipHttpErrorCheck', 'Authentication'; 'Import-Module' = 'UseWindowsPowerShell'
}
$script:coreCommands = @('Test-Json', 'Get-Uptime', 'Remove-Alias', 'Join-String', 'Get-Error', 'ConvertFrom-Markdown', 'Remove-Service', 'Get-SecureRandom')
$script:coreVariables = @('IsWindows', 'IsLinux', 'IsMacOS', 'IsCoreCLR', 'PSStyle', 'EnabledExperimentalFeatures')
$script:coreTypes = 'SocketsHttpHandler|SpanAction|\bSpan\b|ReadOnlySpan|HashCode|System\.Text\.Json|MathF|\bHalf\b|NativeLibrary|OperatingSystem|semver|SemanticVersion'
$script:coreMembers = @('ReadAllTextAsync', 'WriteAllTextAsync', 'GetRelativePath', 'IsPathFullyQualified', 'Fill', 'ReadAsStream', 'Patch', 'Send2',
    'IsWindows', 'IsLinux', 'ProcessPath', 'ArgumentList', 'KillTree', 'Kill2', 'TrimEndingDirectorySeparator', 'ReplaceLineEndings', 'ToHexString', 'FromHexString', 'Clamp', 'HashData', 'WaitAsync', 'IsCompletedSuccessfully', 'ReadExactly')

function Find-ModernName {
    param([object]$Tree)
    foreach ($command in $Tree.FindAll({ param($at) $at -is [System.Management.Automation.Language.CommandAst] }, $true)) {
        $name = $command.GetCommandName()
        if (-not $name) { continue }
        $name = ($name -split '\\')[-1]
        if ($name -in $script:coreCommands) { "line $($command.Extent.StartLineNumber): $name is not in 5.1" }
        $known = $script:coreParameters[$name]
        foreach ($element in $command.CommandElements) {
            if ($known -and $element -is [System.Management.Automation.Language.CommandParameterAst] -and $element.ParameterName -in $known) { "line $($element.Extent.StartLineNumber): $name -$($element.ParameterName) is not in 5.1" }
        }
        if ($name -eq 'Join-Path' -and @($command.CommandElements | Where-Object { $_ -isnot [System.Management.Automation.Language.CommandParameterAst] }).Count -gt 3) { "line $($command.Extent.StartLineNumber): Join-Path takes two paths in 5.1" }
        if ($command.Extent.Text -match '(?i)-Encoding\s+utf8NoBOM|utf8BOM') { "line $($command.Extent.StartLineNumber): that encoding has no such name in 5.1" }
    }
    foreach ($variable in $Tree.FindAll({ param($at) $at -is [System.Management.Automation.Language.VariableExpressionAst] }, $true)) {
        if ($variable.VariablePath.UserPath -in $script:coreVariables) { "line $($variable.Extent.StartLineNumber): `$$($variable.VariablePath.UserPath) is not in 5.1" }
    }
    foreach ($type in $Tree.FindAll({ param($at) $at -is [System.Management.Automation.Language.TypeExpressionAst] -or $at -is [System.Management.Automation.Language.TypeConstraintAst] }, $true)) {
        if ($type.TypeName.FullName -match $script:coreTypes) { "line $($type.Extent.StartLineNumber): [$($type.TypeName.FullName)] is not in .NET Framework" }
    }
    foreach ($member in $Tree.FindAll({ param($at) $at -is [System.Management.Automation.Language.MemberExpressionAst] }, $true)) {
        if ([string]$member.Member -in $script:coreMembers) { "line $($member.Extent.StartLineNumber): .$($member.Member) is not in .NET Framework" }
    }
}

$files = @([System.IO.Directory]::GetFiles($module, '*.ps*1', 'AllDirectories')) + @([System.IO.Directory]::GetFiles($PSScriptRoot, '*.ps1')) | Sort-Object
foreach ($file in $files) {
    $name = [System.IO.Path]::GetFileName($file)
    $found = @(Find-Modern $file)
    $bytes = [System.IO.File]::ReadAllBytes($file)
    $marked = $bytes.Length -gt 3 -and $bytes[0] -eq 0xEF -and $bytes[1] -eq 0xBB -and $bytes[2] -eq 0xBF
    if (-not $marked -and @($bytes | Where-Object { $_ -gt 127 }).Count) { $found += 'neither ASCII nor UTF-8 with its mark' }
    $lines = [System.IO.File]::ReadAllLines($file)
    if ($lines.Count -gt 400) { $found += "$($lines.Count) lines: at most 400" }
    if ($found.Count) { NotOk "$name is for both editions" ($found -join "`n") } else { Ok "$name is for both editions ($($lines.Count) lines)" }
}

# the walk itself must find what it is there for
$bad = [System.IO.Path]::Combine($env:NASREADY_TEST_SCRATCH, 'bad.ps1')
$samples = [ordered]@{
    '$a ? 1 : 2' = 'TernaryExpressionAst'; '$a ?? 1' = 'QuestionQuestion'; '$a ??= 1' = 'QuestionQuestionEquals'; '${a}?.b' = 'QuestionDot'
    'a && b' = 'PipelineChainAst|AndAnd'; 'function f { clean { } }' = 'Clean|clean'; '"{}" | ConvertFrom-Json -AsHashtable' = 'AsHashtable'
    'if ($IsWindows) { }' = 'IsWindows'; '[System.Net.Http.SocketsHttpHandler]::new()' = 'SocketsHttpHandler'; '[System.IO.Path]::GetRelativePath(1, 2)' = 'GetRelativePath'
    'Join-Path a b c' = 'Join-Path'; 'Get-Uptime' = 'Get-Uptime'
}
foreach ($sample in $samples.Keys) {
    [System.IO.File]::WriteAllText($bad, $sample)
    # 5.1 does not parse half of them, which is a finding as well
    Check "found: $sample" { @(Find-Modern $bad | Where-Object { $_ -match $samples[$sample] -or $PSVersionTable.PSVersion.Major -lt 7 }).Count -gt 0 }
}

# functions no longer than 60 lines, as everywhere in this project
foreach ($file in @([System.IO.Directory]::GetFiles($module, '*.ps1', 'AllDirectories'))) {
    $tree = [System.Management.Automation.Language.Parser]::ParseFile($file, [ref]$null, [ref]$null)
    foreach ($function in $tree.FindAll({ param($at) $at -is [System.Management.Automation.Language.FunctionDefinitionAst] }, $true)) {
        $length = $function.Extent.EndLineNumber - $function.Extent.StartLineNumber + 1
        if ($length -gt 60) { NotOk "$($function.Name) has at most 60 lines" "it has $length" }
    }
}
Check 'Windows is called by the files of wrappers alone' {
    $calls = 'New-VHD|Resize-VHD|Mount-VHD|Get-Disk|Set-Disk|Get-Volume|Get-Partition|Format-Volume|Get-SmbConnection|Get-WinEvent|Get-VM|Register-ScheduledTask|Get-CimInstance|Get-Service|Mount-DiskImage|Dismount-DiskImage|Get-DiskImage'
    $found = @()
    foreach ($file in @([System.IO.Directory]::GetFiles([System.IO.Path]::Combine($module, 'Parts'), '*.ps1') | Where-Object { [System.IO.Path]::GetFileName($_) -notlike 'Windows*' })) {
        $tree = [System.Management.Automation.Language.Parser]::ParseFile($file, [ref]$null, [ref]$null)
        foreach ($command in $tree.FindAll({ param($at) $at -is [System.Management.Automation.Language.CommandAst] }, $true)) {
            if (($command.GetCommandName() -split '\\')[-1] -match "^($calls)$") { $found += "$file $($command.Extent.StartLineNumber)" }
        }
    }
    if ($found.Count) { throw ($found -join ', ') }
    $true
}
