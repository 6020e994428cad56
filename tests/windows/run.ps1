# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# The tests of the PowerShell module; Windows PowerShell 5.1 and PowerShell 7 run them. run.ps1 [PART...]: the parts are
# the files part_*.ps1 beside this one. Those that need an agent read where it is from NASREADY_TEST_AGENT (run.sh starts
# one); on Windows: $env:NASREADY_TEST_AGENT = 'http://nas:8439'; .\run.ps1 syntax help errors ready
param([Parameter(ValueFromRemainingArguments)][string[]]$Part)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$WarningPreference = 'SilentlyContinue'
. ([System.IO.Path]::Combine($PSScriptRoot, 'lib.ps1'))
if (-not $env:NASREADY_TEST_SCRATCH) { $env:NASREADY_TEST_SCRATCH = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), "nasready-$PID") }
[void][System.IO.Directory]::CreateDirectory($env:NASREADY_TEST_SCRATCH)
if (-not $env:NASREADY_TEST_SHARE) { $env:NASREADY_TEST_SHARE = [System.IO.Path]::Combine($env:NASREADY_TEST_SCRATCH, 'share') }
[void][System.IO.Directory]::CreateDirectory($env:NASREADY_TEST_SHARE)
$module = [System.IO.Path]::Combine($PSScriptRoot, '..', '..', 'packaging', 'windows', 'NasReady')

$all = @('syntax', 'help', 'errors', 'paths', 'vm', 'http', 'ready', 'disk', 'backup', 'stages', 'restore', 'task', 'nas')
$needsAgent = @('http', 'ready', 'disk', 'backup', 'stages', 'restore', 'paths', 'nas')
if (-not $Part) { $Part = $all }
foreach ($name in $Part) {
    $file = [System.IO.Path]::Combine($PSScriptRoot, "part_$name.ps1")
    if (-not [System.IO.File]::Exists($file)) { throw "there is no part '$name': $($all -join ', ')" }
    if ($name -in $needsAgent -and -not $env:NASREADY_TEST_AGENT) { Skip "${name}: it needs an agent (NASREADY_TEST_AGENT)"; continue }
    Write-Output "== $name"
    . $file
}
$text = "$script:passed passed, $script:failed failed"
if ($script:skipped) { $text += ", $script:skipped skipped" }
Write-Output $text
if ($script:failed) { exit 1 }
