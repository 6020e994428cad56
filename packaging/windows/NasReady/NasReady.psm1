# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# Windows PowerShell 5.1 and PowerShell 7. One file a concern; Windows.ps1 alone calls cmdlets and programs of Windows.
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 1.0

foreach ($part in @('Windows', 'WindowsNetwork', 'WindowsBackup', 'Errors', 'Settings', 'Http', 'State', 'Lease', 'Ready',
        'Plan', 'Verdict', 'Disk', 'DiskOnNas', 'Preflight', 'BackupJob', 'Backup', 'Report', 'Repair', 'Task', 'Restore',
        'RestorePath', 'VMLayout', 'Transcript')) {
    . ([System.IO.Path]::Combine($PSScriptRoot, 'Parts', "$part.ps1"))
}
