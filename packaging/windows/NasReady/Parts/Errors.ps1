# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors

# Every error of this module: FullyQualifiedErrorId is NasReady.CODE, ErrorDetails.RecommendedAction the way out,
# TargetObject what it is about, Exception.Data holds Status and Problem when the agent sent them.
function New-NasReadyError {
    param(
        [Parameter(Mandatory)][string]$Code,
        [Parameter(Mandatory)][string]$Message,
        [string]$Remedy = '',
        [object]$Subject,
        [System.Management.Automation.ErrorCategory]$Category = 'InvalidOperation',
        [int]$Status = 0,
        [object]$Problem
    )
    $exception = New-Object System.InvalidOperationException($Message)
    $exception.Data['Code'] = $Code
    $exception.Data['Status'] = $Status
    $exception.Data['Problem'] = $Problem
    $record = New-Object System.Management.Automation.ErrorRecord($exception, "NasReady.$Code", $Category, $Subject)
    $text = $Message
    if ($Remedy) { $text = "$Message $Remedy" }
    $record.ErrorDetails = New-Object System.Management.Automation.ErrorDetails($text)
    $record.ErrorDetails.RecommendedAction = $Remedy
    $record
}

function Stop-NasReady {
    param(
        [Parameter(Mandatory)][string]$Code,
        [Parameter(Mandatory)][string]$Message,
        [string]$Remedy = '',
        [object]$Subject,
        [System.Management.Automation.ErrorCategory]$Category = 'InvalidOperation',
        [int]$Status = 0,
        [object]$Problem
    )
    throw (New-NasReadyError @PSBoundParameters)
}

# '' for whatever this module did not throw
function Get-NasReadyErrorCode {
    param([Parameter(Mandatory)][System.Management.Automation.ErrorRecord]$Record)
    if ($Record.FullyQualifiedErrorId -match '^NasReady\.([a-z0-9-]+)') { return $Matches[1] }
    ''
}

# One table: what the number means here, and what to do. Source: where that is known from.
$script:knownErrors = @(
    @{ Code = '0x80070001'; Name = 'Incorrect function'; Meaning = 'Restoring a system image over the network fails: the path to the image is too long. The image itself is usually sound.'
        Remedy = 'Test-NasReadyRestorePath tells the lengths. Move the image so that \\NAS\SHARE\WindowsImageBackup\SERVER is all there is above it; `nasready path --rescue` on the NAS does it in an instant, without copying. Or attach the VHDX and restore from that: inside it no path is too long.'; Source = 'the article of 2014 on 0x80070001: 110 characters' }
    @{ Code = '0x80070002'; Name = 'The system cannot find the file specified'; Meaning = 'Hyper-V could not make a backup checkpoint: a disk of the virtual machine lies on another volume, outside a folder with the name of the machine. The disk that the event names is the first one, not the culprit. What was backed up of this machine cannot be trusted.'
        Remedy = 'Test-NasReadyVMLayout names the culprit and prints the Move-VMStorage line.'; Source = 'the article of 2014 on 0x80070002' }
    @{ Code = '0xC03A001A'; Name = 'The virtual disk is compressed, encrypted or sparse'; Meaning = 'Windows refuses a virtual disk whose file has holes: the share''s Samba runs with "strict allocate = no", or the file was copied sparsely.'
        Remedy = 'Set "strict allocate = yes" for the share and fill the holes (fallocate on the NAS), or create the disk anew: New-NasReadyDisk.'; Source = 'github.com/cifsd-team/ksmbd-tools/issues/316' }
    @{ Code = '0xC03A0005'; Name = 'The virtual disk file is damaged'; Meaning = 'Header, log or tables of the VHDX do not check out.'
        Remedy = 'Look at it on the NAS: nasready inspect FILE. Restore from another copy; do not write to this one.'; Source = 'virtdisk error codes (winerror.h)' }
    @{ Code = '0x80070035'; Name = 'The network path was not found'; Meaning = 'The NAS or the share does not answer by this name.'
        Remedy = 'Ping it, and try its address in place of its name. Firmware that speaks SMB 1 only cannot be reached by current Windows: see docs/windows.md.'; Source = 'winerror.h' }
    @{ Code = '0x80070040'; Name = 'The specified network name is no longer available'; Meaning = 'The connection to the NAS broke while it was used: a time-out of 60 s, or the link.'
        Remedy = 'Get-NasReadyStatus shows link errors and what the NAS was busy with. Creating disks: New-NasReadyDisk keeps each step below the time-out.'; Source = 'winerror.h; MS-SMB2 3.2.6.1' }
    @{ Code = '0x80070079'; Name = 'The semaphore timeout period has expired'; Meaning = 'The NAS did not answer within the time that Windows gives it: usually an allocation or a deletion that keeps it busy.'
        Remedy = 'Wait-NasReady, then try again; create disks with New-NasReadyDisk.'; Source = 'winerror.h' }
    @{ Code = '0x8007003B'; Name = 'An unexpected network error occurred'; Meaning = 'The SMB connection was dropped.'
        Remedy = 'Get-NasReadyStatus shows errors, drops and duplex of the NAS''s link; check cable and switch.'; Source = 'winerror.h' }
    @{ Code = '0x80070070'; Name = 'There is not enough space on the disk'; Meaning = 'The volume is full: on the backup disk, or on the NAS where the file has holes.'
        Remedy = 'Expand-NasReadyDisk grows the disk. Get-NasReadyStatus shows what is free on the NAS, and what is still being freed.'; Source = 'winerror.h' }
    @{ Code = '0x80070020'; Name = 'The file is used by another process'; Meaning = 'Somebody holds the VHDX open: this server, another one, or a session that died.'
        Remedy = 'Get-NasReadyStatus names the clients of the NAS. Repair-NasReadyState takes back what an ended run left here.'; Source = 'winerror.h' }
    @{ Code = '0x80070005'; Name = 'Access is denied'; Meaning = 'Attaching a virtual disk needs an elevated administrator who may write to the share; SYSTEM and tasks without a stored password have no access to it.'
        Remedy = 'Run it elevated. For the schedule: Register-NasReadyTask with an account that has a password.'; Source = 'github.com/medo64/VhdAttach/issues/9, /11' }
    @{ Code = '0x800423F4'; Name = 'VSS_E_WRITERERROR_NONRETRYABLE'; Meaning = 'A VSS writer failed and will fail again: with Hyper-V, see 0x80070002.'
        Remedy = 'vssadmin list writers names it. On a Hyper-V host: Test-NasReadyVMLayout.'; Source = 'vswriter.h' }
    @{ Code = '0x80042306'; Name = 'VSS_E_PROVIDER_VETO'; Meaning = 'The shadow copy provider refused, mostly for want of space or because a volume is damaged.'
        Remedy = 'Keep 15 % free on each volume that is backed up; chkdsk it.'; Source = 'vss.h' }
    @{ Code = '0x8004231F'; Name = 'VSS_E_INSUFFICIENT_STORAGE'; Meaning = 'There is no room for the shadow copy.'
        Remedy = 'Keep 15 % free on each volume that is backed up, or move its shadow storage (vssadmin add shadowstorage).'; Source = 'vss.h' }
    @{ Code = '0x80780049'; Name = 'None of the items included in backup were backed up'; Meaning = 'Nothing was backed up; the detailed code says why.'
        Remedy = 'Resolve-NasReadyError with the detailed code; a VSS writer with a wrong path is the usual cause.'; Source = 'Microsoft''s article on error 0x1873D' }
    @{ Code = '0x80780119'; Name = 'Not enough disk space to create the volume shadow copy'; Meaning = 'A volume that is backed up (often the small EFI or recovery partition) has too little room for its shadow copy: 50 MB below 500 MB, 320 MB above.'
        Remedy = 'Make room on that small partition, or give it shadow storage elsewhere.'; Source = 'Microsoft''s requirements of Windows Server Backup' }
    @{ Code = '0x807800C5'; Name = 'Failure in preparing the backup image'; Meaning = 'Windows Server Backup could not prepare the image on the target disk.'
        Remedy = 'The detailed code says why. Is the backup disk mounted, NTFS, and large enough? chkdsk it.'; Source = 'seen with 0x80070057 and 0x80070079 (assumption)' }
)

<#
.SYNOPSIS
Says what an error number of a backup or restore onto a NAS means, and the way out.
.DESCRIPTION
Knows the errors that this scheme runs into: the path that is too long (0x80070001), the split virtual machine
(0x80070002), the sparse disk (0xC03A001A) and others. Without a number it lists them.
.PARAMETER Code
The number as Windows shows it: 0x80070001, 80070001, -2147024895 or 2147942401.
.EXAMPLE
Resolve-NasReadyError 0x80070001
.EXAMPLE
Resolve-NasReadyError | Format-Table Code, Name
#>
function Resolve-NasReadyError {
    [CmdletBinding()]
    param([Parameter(Position = 0, ValueFromPipeline)][AllowNull()][object]$Code)
    process {
        if ($null -eq $Code) {
            foreach ($known in $script:knownErrors) { New-NasReadyErrorExplanation $known.Code $known }
            return
        }
        $wanted = ConvertTo-NasReadyErrorNumber $Code
        $known = $script:knownErrors | Where-Object { $_.Code -eq $wanted } | Select-Object -First 1
        New-NasReadyErrorExplanation $wanted $known
    }
}

function New-NasReadyErrorExplanation {
    param([string]$Code, [object]$Known)
    if (-not $Known) {
        $Known = @{ Name = Get-NasReadySystemMessage $Code; Meaning = 'Not one of the errors that this module knows.'
            Remedy = 'The event logs Microsoft-Windows-Backup and Application have more; Get-NasReadyStatus tells what the NAS saw.'; Source = $null }
    }
    [pscustomobject]@{ PSTypeName = 'NasReady.ErrorExplanation'; Code = $Code; Name = $Known.Name
        Meaning = $Known.Meaning; Remedy = $Known.Remedy; Source = $Known.Source }
}

# any way of writing an HRESULT becomes 0x and eight capital digits
function ConvertTo-NasReadyErrorNumber {
    param([Parameter(Mandatory)][object]$Code)
    $text = ([string]$Code).Trim()
    $number = [int64]0
    $invariant = [System.Globalization.CultureInfo]::InvariantCulture
    $digits = $text -replace '^0[xX]', ''
    $isHex = $text -match '^0[xX]' -or $text -match '^[0-9a-fA-F]{8}$'
    if ($isHex -and [int64]::TryParse($digits, [System.Globalization.NumberStyles]::AllowHexSpecifier, $invariant, [ref]$number)) {
        return '0x{0:X8}' -f ($number -band 0xFFFFFFFFL)
    }
    if ([int64]::TryParse($text, [System.Globalization.NumberStyles]::AllowLeadingSign, $invariant, [ref]$number)) {
        return '0x{0:X8}' -f ($number -band 0xFFFFFFFFL)
    }
    Stop-NasReady -Code 'bad-error-number' -Subject $text -Category InvalidArgument -Message "`"$text`" is no error number." `
        -Remedy 'Write it as in 0x80070001.'
}

function Get-NasReadySystemMessage {
    param([string]$Code)
    $number = [System.Convert]::ToInt64($Code.Substring(2), 16)
    $win32 = $number
    if (($number -band 0xFFFF0000L) -eq 0x80070000L) { $win32 = $number -band 0xFFFFL }
    if ($win32 -gt [int]::MaxValue) { return 'unknown' }
    (New-Object System.ComponentModel.Win32Exception([int]$win32)).Message
}
