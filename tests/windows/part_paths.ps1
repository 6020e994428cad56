# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors

New-Machine
Use-Agent
$judge = { param($path, $server) Test-NasReadyRestorePath $path -Server $server -AgentUri $env:NASREADY_TEST_AGENT }
$verdict = & $judge '\\192.168.15.106\BackupFiles\Servers\2012 R2' 'SRV-HYPERV1'
Check "the seed's failing path: $($verdict.Characters) characters" { $verdict.Verdict -eq 'too-long' -and $verdict.Characters -gt 110 -and $verdict.Remedy }
$verdict = & $judge '\\192.168.15.106\BackupFiles' 'SRV-HYPERV1'
Check "the seed's repaired path: $($verdict.Characters) characters, $($verdict.FullCharacters) in full" { $verdict.Verdict -ne 'too-long' -and $verdict.Characters -le 110 }
foreach ($length in 109, 110, 111) {
    # WindowsImageBackup\HOST\...vhdx is 86 with the host's name, a folder and its backslash come before it
    $base = (& $judge '\\nas\Backup' 'SRV1').Characters
    $folder = 'f' * ($length - $base - 1)
    $verdict = & $judge "\\nas\Backup\$folder" 'SRV1'
    Check "$length characters from the share on: $($verdict.Verdict)" { $verdict.Characters -eq $length -and ($verdict.Verdict -eq 'too-long') -eq ($length -gt 110) }
}
foreach ($length in 109, 110, 111) {
    $base = (& $judge '\\n\Backup' 'SRV1').FullCharacters
    $nas = 'n' * (1 + $length - $base)
    $verdict = & $judge "\\$nas\Backup" 'SRV1'
    Check "$length characters in full: $($verdict.Verdict)" { $verdict.FullCharacters -eq $length -and $verdict.Verdict -eq $(if ($length -gt 110) { 'note' } else { 'fits' }) }
}
Check 'a share that ends in a backslash' { (& $judge '\\nas\Backup\' 'SRV1').Verdict -in @('fits', 'note') }
Check 'umlauts count as one' { (& $judge "\\nas\Backup\$([char]0xfc)" 'SRV1').Characters -eq (& $judge '\\nas\Backup\u' 'SRV1').Characters }
Refuses 'no path of a share' 'bad-path' { & $judge 'C:\Backup' 'SRV1' }
