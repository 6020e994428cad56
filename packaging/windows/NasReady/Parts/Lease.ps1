# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# One VHDX belongs to one server. The first PUT returns a token that renews and releases it; while a client has the disk
# open the lease does not end, so nothing has to renew it.

function Get-NasReadyLeasePath {
    param([object]$Target)
    '/v1/leases/' + [System.Uri]::EscapeDataString($Target.Share) + '/' + [System.Uri]::EscapeDataString($Target.File)
}

function Request-NasReadyLease {
    param([object]$Agent, [object]$Target, [object]$Record)
    $body = @{ server = Get-NasReadyComputerName }
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
    if ($Record.Token) {
        $answer = Invoke-NasReadyRequest -Agent $Agent -Method DELETE -Path (Get-NasReadyLeasePath $Target) -Body @{ token = $Record.Token } -Accept 404
        if ($answer.Status -eq 404) { Write-Verbose 'the NAS had no such lease any more' }
    } else {
        # killed between the agent's answer and the note of it: nobody has the token, so the lease ends by itself
        Write-Warning "$($Target.Unc): the NAS may hold a lease that nobody can give back; it ends by itself, or an admin of the agent breaks it."
    }
    $Record.Leased = $false
    $Record.Token = $null
    Save-NasReadyRecord $Record
}
