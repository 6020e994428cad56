# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# One VHDX belongs to one server. The first PUT returns a token that renews and releases it.

function Get-NasReadyLeasePath {
    param([object]$Target)
    '/v1/leases/' + [System.Uri]::EscapeDataString($Target.Share) + '/' + [System.Uri]::EscapeDataString($Target.File)
}

function Request-NasReadyLease {
    param([object]$Agent, [object]$Target, [object]$Record)
    $body = @{ owner = Get-NasReadyComputerName }
    if ($Record.Token) { $body['token'] = $Record.Token }
    $Record.Leased = $true
    Save-NasReadyRecord $Record
    try {
        $lease = (Invoke-NasReadyRequest -Agent $Agent -Method PUT -Path (Get-NasReadyLeasePath $Target) -Body $body).Body
    } catch {
        $code = Get-NasReadyErrorCode $_
        # refused is not taken; whether an answer that never came would have been a lease, nobody knows
        if ($code -notin @('agent-slow', 'agent-unreachable')) { $Record.Leased = $false }
        if ($code -ne 'agent-too-old') { throw }
        Save-NasReadyRecord $Record
        Write-Warning "$($Target.Unc): the agent knows no leases; nothing keeps another server from this disk."
        return
    }
    $Record.Token = [string]$lease.token
    Save-NasReadyRecord $Record
}

function Remove-NasReadyLease {
    param([object]$Agent, [object]$Target, [object]$Record)
    if (-not $Record.Leased) { return }
    $body = @{ owner = Get-NasReadyComputerName }
    if ($Record.Token) { $body['token'] = $Record.Token }
    $answer = Invoke-NasReadyRequest -Agent $Agent -Method DELETE -Path (Get-NasReadyLeasePath $Target) -Body $body -Accept 404
    $Record.Leased = $false
    $Record.Token = $null
    if ($answer.Status -eq 404) { Write-Verbose 'the NAS had no such lease any more' }
    Save-NasReadyRecord $Record
}
