# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors

$script:largestAnswer = 4MB

# The one way to the agent. Answers Status, Body and RetryAfter; whatever is no success and not in -Accept is thrown, with
# the agent's own code. Questions (GET) are asked again when nothing answers; what changes something is not.
function Invoke-NasReadyRequest {
    param(
        [Parameter(Mandatory)][object]$Agent,
        [Parameter(Mandatory)][string]$Path,
        [string]$Method = 'GET',
        [object]$Body,
        [int]$TimeoutSeconds = 10,
        [int[]]$Accept = @()
    )
    $tries = 1
    if ($Method -eq 'GET') { $tries = 3 }
    for ($try = 1; ; $try++) {
        try {
            $answer = Send-NasReadyRequest $Agent $Method $Path $Body $TimeoutSeconds
            break
        } catch {
            if ($try -ge $tries -or (Get-NasReadyErrorCode $_) -ne 'agent-unreachable') { throw }
            Start-Sleep -Milliseconds (200 * $try)
        }
    }
    if (($answer.Status -ge 200 -and $answer.Status -lt 300) -or $Accept -contains $answer.Status) { return $answer }
    Stop-NasReadyProblem $Agent $Method $Path $answer
}

function Get-NasReadyClient {
    param([Parameter(Mandatory)][object]$Agent)
    if ($Agent.Client) { return $Agent.Client }
    Add-Type -AssemblyName System.Net.Http
    $handler = New-Object System.Net.Http.HttpClientHandler
    $handler.UseProxy = $false
    $handler.AllowAutoRedirect = $false
    if ($Agent.Credential) {
        $cache = New-Object System.Net.CredentialCache
        $cache.Add([uri]$Agent.Uri, 'Digest', $Agent.Credential.GetNetworkCredential())
        $handler.Credentials = $cache
    }
    $client = New-Object System.Net.Http.HttpClient($handler)
    $client.Timeout = [System.Threading.Timeout]::InfiniteTimeSpan # each request has its own
    $client.MaxResponseContentBufferSize = $script:largestAnswer
    $client.DefaultRequestHeaders.ExpectContinue = $false
    [void]$client.DefaultRequestHeaders.TryAddWithoutValidation('User-Agent', "NasReady/$($MyInvocation.MyCommand.Module.Version)")
    [void]$client.DefaultRequestHeaders.TryAddWithoutValidation('Accept', 'application/json')
    $Agent.Client = $client
    $client
}

function Send-NasReadyRequest {
    param([object]$Agent, [string]$Method, [string]$Path, [object]$Body, [int]$TimeoutSeconds)
    $client = Get-NasReadyClient $Agent
    $request = New-Object System.Net.Http.HttpRequestMessage((New-Object System.Net.Http.HttpMethod($Method)), ($Agent.Uri + $Path))
    if ($null -ne $Body) {
        $json = ConvertTo-Json $Body -Depth 8 -Compress
        $request.Content = New-Object System.Net.Http.StringContent($json, [System.Text.Encoding]::UTF8, 'application/json')
    }
    $cancel = New-Object System.Threading.CancellationTokenSource
    $response = $null
    try {
        $cancel.CancelAfter([timespan]::FromSeconds($TimeoutSeconds))
        $task = $client.SendAsync($request, $cancel.Token)
        Wait-NasReadyTask $task
        if ($task.IsCanceled -or $task.IsFaulted) { Stop-NasReadyTransport $Agent $Path $task $TimeoutSeconds }
        $response = $task.Result
        Read-NasReadyAnswer $Agent $Path $response
    } finally {
        $cancel.Cancel()
        $request.Dispose()
        if ($response) { $response.Dispose() }
        $cancel.Dispose()
    }
}

# in short pieces, so that Ctrl+C is heard
function Wait-NasReadyTask {
    param([System.Threading.Tasks.Task]$Task)
    $tasks = [System.Threading.Tasks.Task[]]@($Task)
    while (-not $Task.IsCompleted) { [void][System.Threading.Tasks.Task]::WaitAny($tasks, 100) }
}

function Stop-NasReadyTransport {
    param([object]$Agent, [string]$Path, [System.Threading.Tasks.Task]$Task, [int]$TimeoutSeconds)
    if ($Task.IsCanceled) {
        Stop-NasReady -Code 'agent-slow' -Subject $Agent.Uri -Category OperationTimeout `
            -Message "The agent at $($Agent.Uri) did not answer $Path within $TimeoutSeconds s." -Remedy 'The NAS may be overloaded; try again, or look at its processes.'
    }
    $reason = $Task.Exception.GetBaseException().Message
    if ($reason -match '(?i)buffer|exceeded|exceed') {
        Stop-NasReady -Code 'not-an-agent' -Subject $Agent.Uri -Message "What answers at $($Agent.Uri) sends more than any agent does." -Remedy 'Is the address right? Set-NasReadySetting -AgentUri corrects it.'
    }
    Stop-NasReady -Code 'agent-unreachable' -Subject $Agent.Uri -Category ConnectionError -Message "No agent answers at $($Agent.Uri): $reason." `
        -Remedy 'Does nasready run on the NAS, and does its firewall let port 8439 through? Another address: Set-NasReadySetting -AgentUri.'
}

function Read-NasReadyAnswer {
    param([object]$Agent, [string]$Path, [System.Net.Http.HttpResponseMessage]$Response)
    $type = ''
    if ($Response.Content.Headers.ContentType) { $type = $Response.Content.Headers.ContentType.MediaType }
    # the whole body is there: SendAsync read it
    $bytes = $Response.Content.ReadAsByteArrayAsync().Result
    $text = [System.Text.Encoding]::UTF8.GetString($bytes)
    $status = [int]$Response.StatusCode
    $parsed = $null
    if ($type -in @('application/json', 'application/problem+json')) {
        try { $parsed = ConvertFrom-Json $text } catch { $type = 'damaged JSON' }
    }
    if ($null -eq $parsed -and $status -notin @(204, 401)) {
        Stop-NasReady -Code 'not-an-agent' -Subject $Agent.Uri -Status $status -Category InvalidData `
            -Message "What answers at $($Agent.Uri) is no nasready agent: $Path gave $(if ($type) { $type } else { 'no type' }) with status $status." `
            -Remedy 'Is the address right, the NAS''s own web page perhaps? Set-NasReadySetting -AgentUri corrects it.'
    }
    $retry = [uint32]0
    if ($Response.Headers.RetryAfter -and $Response.Headers.RetryAfter.Delta) { $retry = [uint32]$Response.Headers.RetryAfter.Delta.TotalSeconds }
    [pscustomobject]@{ Status = $status; Body = $parsed; RetryAfter = $retry }
}

function Stop-NasReadyProblem {
    param([object]$Agent, [string]$Method, [string]$Path, [object]$Answer)
    $problem = $Answer.Body
    $code = ''
    if ($problem -and $problem.code) { $code = [string]$problem.code }
    if ($Answer.Status -eq 401) { Stop-NasReadyCredential $Agent }
    if ($code -in @('no-such-route', 'method-not-allowed')) {
        Stop-NasReady -Code 'agent-too-old' -Subject $Agent.Uri -Status $Answer.Status -Category NotImplemented `
            -Message "The agent at $($Agent.Uri) (version $($Agent.Version)) does not know $Method $(($Path -split '\?')[0])." `
            -Remedy "Install nasready $($MyInvocation.MyCommand.Module.Version) on the NAS."
    }
    if (-not $code) { $code = "http-$($Answer.Status)" }
    $detail = "The agent answered with status $($Answer.Status)."
    if ($problem -and $problem.detail) { $detail = [string]$problem.detail }
    Stop-NasReady -Code $code -Subject $Agent.Uri -Status $Answer.Status -Problem $problem -Message $detail
}

function Stop-NasReadyCredential {
    param([object]$Agent)
    if (-not $Agent.Credential) {
        Stop-NasReady -Code 'credentials-needed' -Subject $Agent.Uri -Status 401 -Category AuthenticationError -Message "The agent at $($Agent.Uri) wants to know who asks for this." `
            -Remedy 'Give -Credential, or save one: Set-NasReadySetting -Credential. `nasready passwd` on the NAS makes the account.'
    }
    Stop-NasReady -Code 'wrong-credentials' -Subject $Agent.Uri -Status 401 -Category AuthenticationError -Message "The agent at $($Agent.Uri) does not accept the name or password of `"$($Agent.Credential.UserName)`"." `
        -Remedy '`nasready passwd` on the NAS sets a new one; Set-NasReadySetting -Credential saves it.'
}

# a value for the query part of an address, whatever is in it
function ConvertTo-NasReadyQuery {
    param([Parameter(Mandatory)][System.Collections.IDictionary]$Values)
    $parts = @()
    foreach ($name in $Values.Keys) {
        if ($null -ne $Values[$name]) { $parts += $name + '=' + [System.Uri]::EscapeDataString([string]$Values[$name]) }
    }
    if ($parts.Count -eq 0) { return '' }
    '?' + ($parts -join '&')
}
