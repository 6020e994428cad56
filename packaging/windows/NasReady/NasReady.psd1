# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
@{
    RootModule = 'NasReady.psm1'
    ModuleVersion = '0.1.0'
    GUID = '6f0d5a5e-7d3c-4c52-9d0e-5b8d1f4e8439'
    Author = 'the nasready authors'
    CompanyName = 'the nasready authors'
    Copyright = '(c) 2026 the nasready authors. MIT licence.'
    Description = 'Backs up a Windows server with Windows Server Backup into one VHDX on an SMB share of a NAS that runs the nasready agent, and warns of what spoils the restore.'
    PowerShellVersion = '5.1'
    CompatiblePSEditions = @('Desktop', 'Core')
    FunctionsToExport = @(
        'Expand-NasReadyDisk', 'Export-NasReadyTranscript', 'Get-NasReadyPlan', 'Get-NasReadyRecovery', 'Get-NasReadySetting',
        'Get-NasReadyStatus', 'Get-NasReadyVersion', 'Dismount-NasReadyDisk', 'Measure-NasReadyDiskSize', 'Mount-NasReadyDisk',
        'New-NasReadyDisk', 'Register-NasReadyTask', 'Repair-NasReadyState', 'Resolve-NasReadyError', 'Set-NasReadySetting',
        'Start-NasReadyBackup', 'Test-NasReady', 'Test-NasReadyBackup', 'Test-NasReadyRestorePath', 'Test-NasReadyVMLayout', 'Unregister-NasReadyTask',
        'Wait-NasReady'
    )
    CmdletsToExport = @()
    VariablesToExport = @()
    AliasesToExport = @()
    PrivateData = @{ PSData = @{ Tags = @('Backup', 'WindowsServerBackup', 'VHDX', 'SMB', 'NAS') } }
}
