# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors

New-Machine
Use-Agent
Check 'the agent under test settles' { Wait-Until { Test-NasReady \\127.0.0.1\Backup\SRV1.vhdx } 60 }
Check 'Wait-NasReady answers with go' { (Wait-NasReady \\127.0.0.1\Backup\SRV1.vhdx -TimeoutSeconds 60).Answer -eq 'go' }
Check 'status has volumes and shares' { $status = Get-NasReadyStatus \\127.0.0.1\Backup; @($status.volumes).Count -gt 0 -and @($status.shares | Where-Object { $_.name -eq 'Backup' }).Count -eq 1 }

# what a NAS may say, in a row
$no = Start-Stub -Body '{"agent":{"version":"1","id":"a"},"answer":"no","retry_after_s":null,"findings":[{"code":"ups-on-battery","severity":"block","message":"The UPS runs on its battery.","remedy":"Wait for mains."}]}'
$wait = Start-Stub -Body '{"agent":{"version":"1","id":"a"},"answer":"wait","retry_after_s":240,"findings":[{"code":"freeing","severity":"wait","message":"Volume \"c\" is still giving back space.","remedy":"Wait."}]}'
Check 'no is false' { -not (Test-NasReady -AgentUri $no.Uri) }
Check 'wait is false' { -not (Test-NasReady -AgentUri $wait.Uri) }
Refuses 'no ends the waiting at once' 'not-ready' { Wait-NasReady -AgentUri $no.Uri } 'The UPS runs on its battery'
Refuses 'waiting has its limit' 'wait-timeout' { Wait-NasReady -AgentUri $wait.Uri -TimeoutSeconds 2 } 'still giving back space'
foreach ($stub in $no, $wait) { $stub.Listener.Stop() }

$plan = Get-NasReadyPlan \\127.0.0.1\Backup -Size 5.3TB
Check "the seed's disk in steps: $(($plan.Steps | ForEach-Object { $_.SizeBytes }) -join ', ')" { $plan.SizeBytes -eq 5827410788352 -and $plan.Steps.Count -ge 3 -and $plan.Steps[0].SizeBytes -eq 2TB -and $plan.Steps[0].Action -eq 'create' }
Check '5.3TiB as text is the same' { (Get-NasReadyPlan \\127.0.0.1\Backup -Size '5.3TiB').SizeBytes -eq $plan.SizeBytes }
Check 'growing' { (Get-NasReadyPlan \\127.0.0.1\Backup -Size 3TB -CurrentSize 2TB).Steps[0].Action -eq 'resize' }
Refuses '"5.3TB" as text is refused with both readings' 'bad-size' { Get-NasReadyPlan \\127.0.0.1\Backup -Size '5.3TB' } '5827411627212'
Refuses 'more than there is' 'no-space' { Get-NasReadyPlan \\127.0.0.1\Backup -Size 7TB }
Refuses 'beyond the limit' 'beyond-limit' { Get-NasReadyPlan \\127.0.0.1\Backup -Size 65TB }
Refuses 'less than nothing' 'bad-size' { Get-NasReadyPlan \\127.0.0.1\Backup -Size (-1) }
Refuses 'a share with strange letters that is not there' 'no-such-share' { Get-NasReadyPlan "\\127.0.0.1\B$([char]0xfc)ro & `$x" -Size 1GB }
Check 'a size for this server is proposed' { (Measure-NasReadyDiskSize -DailyChangeBytes 10GB -Days 10).SizeBytes -ge 1.5 * (100GB + 424GB) + 100GB }
