# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# Plan and gate for 5.3 TiB on the data volume.
# shellcheck shell=bash

test_gate() {
  ask '/v1/plan?share=Backup&size=5.3TiB' --header 'Accept: text/plain' --max-time 30
  expect status 200 "$status"
  expect steps 3 "$(grep -c -- '-SizeBytes [0-9]' $scratch/body)"
  verdict 'GET /v1/plan: the ladder to 5.3 TiB'
  sed 's/^/# | /' $scratch/body
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    ask /v1/allocations --max-time 30 --header 'Content-Type: application/json' \
      --data '{"share": "Backup", "file": "SRV1.vhdx", "size_bytes": 5827411627212}'
    [ "$status" = 503 ] || break
    sleep 5
  done
  expect status 409 "$status"
  expect code step-too-large "$(jq -r .code $scratch/body)"
  verdict 'the gate refuses 5.3 TiB in one step'
  jq -r '"# | \(.detail)"' $scratch/body
  cp $scratch/body $out/gate.json
}
