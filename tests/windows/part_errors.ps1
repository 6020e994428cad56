# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors

New-Machine
foreach ($written in '0x80070001', '80070001', '-2147024895', '2147942401', '0X80070001', -2147024895) {
    Check "0x80070001 written as $written" { $known = Resolve-NasReadyError $written; $known.Code -eq '0x80070001' -and $known.Remedy -match 'Test-NasReadyRestorePath' }
}
Check '0x80070002 is the split machine' { (Resolve-NasReadyError 0x80070002).Remedy -match 'Test-NasReadyVMLayout' }
Check '0xC03A001A is the sparse disk' { (Resolve-NasReadyError '0xC03A001A').Meaning -match 'holes' }
Check 'an unknown one is answered, too' { (Resolve-NasReadyError 0x80070999).Meaning -match 'Not one of' }
Check 'all are listed' { @(Resolve-NasReadyError).Count -ge 15 -and -not @(Resolve-NasReadyError | Where-Object { -not $_.Remedy -or -not $_.Source }).Count }
Refuses 'no number' 'bad-error-number' { Resolve-NasReadyError 'kaputt' } '0x80070001'

foreach ($culture in 'de-DE', 'fr-FR', 'en-US', 'tr-TR', 'ar-SA') {
    [System.Threading.Thread]::CurrentThread.CurrentCulture = [cultureinfo]$culture
    Check "${culture}: 5.3TB as a number is digits" { (Within { ConvertTo-NasReadySize 5.3TB }) -eq '5827411627212' }
    Check "${culture}: versions are read" {
        $version = @(Within { ConvertFrom-NasReadyVersionText "Versions-ID: 03/31/2013-09:00`nSicherungszeit: 31.03.2013 11:00 PM" })
        $version.Count -eq 1 -and $version[0].Time -eq [datetime]::new(2013, 3, 31, 9, 0, 0, [System.DateTimeKind]::Utc)
    }
    Check "${culture}: a time of JSON is read" { (Within { ConvertTo-NasReadyTime '2026-11-22T21:04:07Z' }).ToUniversalTime() -eq [datetime]::new(2026, 11, 22, 21, 4, 7, [System.DateTimeKind]::Utc) }
    Check "${culture}: our time is written" { (Within { Get-NasReadyTime }) -match '^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$' }
}
[System.Threading.Thread]::CurrentThread.CurrentCulture = [cultureinfo]'en-US'

Check 'the same version twice is one' { @(Within { ConvertFrom-NasReadyVersionText "a 03/31/2013-09:00`nb 03/31/2013-09:00 c 04/01/2013-21:30" }).Count -eq 2 }
Check 'no version in a text without any' { @(Within { ConvertFrom-NasReadyVersionText "FEHLER - Es wurde kein Sicherungssatz gefunden. 31/31/2013-09:00" }).Count -eq 0 }
Check 'no version in no text' { @(Within { ConvertFrom-NasReadyVersionText '' }).Count -eq 0 }

# paths: what is one, what is none
$good = [ordered]@{
    '\\nas\Backup\SRV1.vhdx' = 'nas|Backup|SRV1.vhdx'; '//nas/Backup/SRV1.vhdx' = 'nas|Backup|SRV1.vhdx'; '\\10.0.0.2\My Share\a b.VHDX' = '10.0.0.2|My Share|a b.VHDX'
    "\\nas\it's `$5\o'ne [1].vhdx" = "nas|it's `$5|o'ne [1].vhdx"; "\\nas\B$([char]0xfc)ro\S$([char]0xe4)ge.vhdx" = "nas|B$([char]0xfc)ro|S$([char]0xe4)ge.vhdx"
}
foreach ($path in $good.Keys) { Check "a disk: $path" { $at = Within { ConvertFrom-NasReadyPath $args[0] } $path; "$($at.Server)|$($at.Share)|$($at.File)" -ceq $good[$path] } }
foreach ($path in 'C:\x.vhdx', '\\nas', '\\?\Volume{1}\x.vhdx', '', 'x') { Refuses "no path: `"$path`"" 'bad-path' { if (-not $path) { Within { Stop-NasReady -Code bad-path -Message empty } } else { Within { ConvertFrom-NasReadyPath $args[0] } $path } } }
foreach ($path in '\\nas\Backup', '\\nas\Backup\', '\\nas\Backup\sub\x.vhdx', '\\nas\Backup\a*.vhdx', '\\nas\Backup\a?.vhdx', '\\nas\Backup\a"b.vhdx') { Refuses "no disk: $path" 'bad-path' { Within { ConvertFrom-NasReadyPath $args[0] } $path } }
foreach ($path in '\\nas\Backup\x.vhd', '\\nas\Backup\x', '\\nas\Backup\x.vhdx.txt') { Refuses "no VHDX: $path" 'not-vhdx' { Within { ConvertFrom-NasReadyPath $args[0] } $path } }
Check 'a share with a backslash at its end' { (Within { ConvertFrom-NasReadyPath '\\nas\Backup\' -ShareOnly }).Share -eq 'Backup' }
$hosts = [ordered]@{ 'nas' = 'nas'; '10.0.0.2' = '10.0.0.2'; '2001-db8--1.ipv6-literal.net' = '[2001:db8::1]'; 'fe80--1s4.ipv6-literal.net' = '[fe80::1]' }
foreach ($name in $hosts.Keys) { Check "the host of $name" { (Within { ConvertTo-NasReadyHost $args[0] } $name) -eq $hosts[$name] } }

# how a job is judged: exit code, HRESULT, DetailedHRESULT, volumes
$cases = @(
    @('all well', 0, '0x00000000', '0x00000000', 'Success'), @('no event', 0, '', '', 'Unconfirmed'), @('a detail', 0, '0x00000000', '0x800423F4', 'Warning')
    @('a result', 0, '0x80780049', '0x8007007B', 'Failed'), @('an exit code', -3, '0x00000000', '0x00000000', 'Failed'))
foreach ($case in $cases) { Check "$($case[0]) is $($case[4])" { (Within { Get-NasReadyVerdictOf ([pscustomobject]@{ Stopped = $null; ExitCode = $args[0] }) $args[1] $args[2] @() } $case[1] $case[2] $case[3]) -eq $case[4] } }
Check 'a volume with an error is a warning' {
    $volumes = @(Within { ConvertFrom-NasReadyVolumeInfo '<VolumeInfo><VolumeInfoItem Name="D:" HResult="-2147024784" NumUnreadableBytes="0" IsIncremental="0" DataTransferred="5"/></VolumeInfo>' })
    $volumes[0].Result -eq '0x80070070' -and (Within { Get-NasReadyVerdictOf ([pscustomobject]@{ ExitCode = 0 }) '0x00000000' '0x00000000' $args } $volumes) -eq 'Warning'
}
Check 'an event of the log is read' {
    $event = Within { ConvertFrom-WinEvent $args[0] } '<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="Microsoft-Windows-Backup"/><EventID>14</EventID><TimeCreated SystemTime="2026-11-22T21:04:07.1234567Z"/><EventRecordID>1234567890123</EventRecordID></System><EventData><Data Name="HRESULT">2155348165</Data><Data Name="DetailedHRESULT">0x80070015</Data></EventData></Event>'
    $event.Id -eq 14 -and $event.RecordId -eq 1234567890123 -and (Within { ConvertTo-NasReadyErrorNumber $args[0] } $event.Data['HRESULT']) -eq '0x807800C5'
}
