# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# For tests/live/run.sh: plan and gate on sparse volumes of 5.4 TiB, with block groups that are wholly free and without
# (^flex_bg), for a client that gives up after 2 s: what would time out is refused, and what is granted keeps within
# its budget. Steps are the kernel's fallocate, as smbd calls it.
# shellcheck shell=bash

gate_client_s=2
gate_size=5827411627212 # 5.3 TiB

gate_configuration() {
  printf '[global]\n[Backup]\n  path = %s\n  read only = no\n  strict allocate = yes\n  strict sync = yes\n' "$big"
  printf '[Huge]\n  path = %s\n  read only = no\n' "$scratch/mnt/huge"
}

# gate SIZE [CURRENT [CLIENT_S [SHARE]]]: leaves $status, $retry_after and the answer in $scratch/gate.json
gate() {
  jq -nc --arg share "${4:-Backup}" --argjson size "$1" --argjson current "${2:-0}" --argjson client "${3:-0}" \
    '{share: $share, file: "SRV1.vhdx", size_bytes: $size}
      + if $current > 0 then {current_bytes: $current} else {} end
      + if $client > 0 then {client_timeout_s: $client} else {} end' > "$scratch/question"
  ask /v1/allocations --header 'Content-Type: application/json' --data-binary @"$scratch/question" \
    --dump-header "$scratch/head" --max-time 10
  mv "$scratch/body" "$scratch/gate.json"
  retry_after=$(sed -n 's/^retry-after: *\([0-9]*\).*/\1/Ip' "$scratch/head")
}

gate_says() {
  jq -r "$1" "$scratch/gate.json"
}

# check_gate WHAT STATUS CODE FILTER: of the last answer
check_gate() {
  expect status "$2" "$status"
  expect code "$3" "$(gate_says .code)"
  expect numbers true "$(gate_says "$4")"
  verdict "$1"
  echo "# $(gate_says .detail)"
}

# asks until it is not told to wait; false after 60 s
gate_when_settled() {
  local until=$((SECONDS + 60))
  while gate "$@" && [ "$status" = 503 ] && [ $SECONDS -lt $until ]; do
    sleep "${retry_after:-1}"
  done
  [ "$status" != 503 ]
}

# ask_plan SIZE CURRENT: it may wait 5 s for block groups to be read
ask_plan() {
  ask "/v1/plan?share=Backup&size=$1&current=$2" --max-time 10
}

# -- the ladder --

# take < SIZES: leaves "size wall sys" of each in $scratch/took, and $current
take() {
  python3 tests/live/take_steps.py "$big/SRV1.vhdx" "$current" > "$scratch/took" || return 1
  current=$(tail -n 1 "$scratch/took" | cut -d ' ' -f 1)
}

# take_through_gate STEPS: the first so many of the plan in $scratch/ladder.json
take_through_gate() {
  local count=$1 size from
  for size in $(jq -r ".steps[:$count][].size_bytes" "$scratch/ladder.json"); do
    from=$SECONDS
    gate_when_settled "$size" "$current" || true
    expect granted true "$(gate_says .granted)"
    take <<< "$size"
    awk -v waited=$((SECONDS - from)) '{ print "# step to " $1 ": asked for " waited " s, took " $2 " s, the kernel " $3 }' \
      "$scratch/took"
    check_took
  done
}

# More figures of the steps just taken. The budget is half of what the client waits; the other half is for a machine
# that is busy with other work, as one that runs tests may be: what is over the budget is shown, what the client would
# not have waited for fails.
check_took() {
  local slow
  over=$((over + $(awk -v budget="$budget" '$3 > budget' "$scratch/took" | wc -l)))
  slow=$(awk -v most="$gate_client_s" '$3 > most' "$scratch/took")
  [ -z "$slow" ] || differs+="longer than the client waits (size, wall, kernel): $slow"$'\n'
  steps=$((steps + $(wc -l < "$scratch/took")))
  most=$(awk -v most="$most" '$3 > most { most = $3 } END { print most }' "$scratch/took")
}

# take_the_rest SIZE SECONDS WHAT: by the plan for what is left, without asking before each; but a plan is made of what
# the agent knows, so that it must have seen the steps before
take_the_rest() {
  local most=0 steps=0 over=0 from=$SECONDS
  while [ "$current" -lt $(($1 - 1048576)) ] && [ $((SECONDS - from)) -lt "$2" ]; do
    wait_until 5 space_agrees "$big" || true
    ask_plan "$1" "$current"
    expect status 200 "$status"
    [ "$status" = 200 ] && jq -r '.steps[:48][].size_bytes' "$scratch/body" > "$scratch/steps" || break
    take < "$scratch/steps" || { differs+="fallocate failed: $(cat "$scratch/took")"; break; }
    check_took
  done
  agreed=" steps=$steps to=$current most=${most}s over_budget=$over"
  verdict "$3 within the $gate_client_s s that the client waits (budget $budget s)"
}

check_ladder() {
  local most=0 steps=0 over=0
  gate_when_settled "$gate_size" || true
  check_gate "5.3 TiB for a client that gives up after $gate_client_s s are too large a step" 409 step-too-large \
    '.plan.steps | length > 1 and all(.predicted_s <= '"$gate_client_s"' / 2)'
  jq .plan "$scratch/gate.json" > "$scratch/ladder.json"
  budget=$(jq .budget_s "$scratch/ladder.json")
  echo "# $(jq -r '"\(.steps | length) steps, \(.steps_omitted) more; knee at \(.knee_bytes), past it
    \(.past_knee_bytes); largest step \(.max_step_bytes); \(.cost_s_per_tib) s/TiB (\(.cost_source))"' \
    "$scratch/ladder.json" | tr -s '\n ' ' ')"
  gate "$gate_size" 0 60
  echo "# for a client that gives up after 60 s: $status $(gate_says '.code // "granted"'), predicted \
$(gate_says .predicted_s) s: $(gate_says '.detail // ""')"
  take_through_gate "$1"
  agreed+=" most=${most}s over_budget=$over"
  verdict "$1 steps of its ladder are granted one after another, for a budget of $budget s"
}

# -- what it must not grant --

check_while_allocating() {
  local worker seen='' i
  fallocate -l 4000000000000 "$big/other" &
  worker=$!
  helpers+=("$worker")
  for ((i = 0; i < 100; i++)); do
    gate 64000000000
    [ "$status $(gate_says .state)" != '503 allocating' ] || { seen=yes && break; }
    sleep 0.1
  done
  check_gate 'during an allocation' 503 not-settled '.retry_after_s > 0 and .state == "allocating"'
  expect retry_after "$(gate_says .retry_after_s)" "$retry_after"
  verdict 'Retry-After tells when to ask again'
  check_finds 5 allocating volume: wait wait
  wait "$worker"
  [ -n "$seen" ] || echo '# (the allocation was over before the agent looked)'
}

# somebody else's, of which the last look at the volume knows nothing yet
check_just_begun() {
  local worker
  wait_until 30 volume_says "$big" '.settled == true' || true
  sleep 2.2
  ask_status
  fallocate -l 4000000000000 "$big/other" &
  worker=$!
  helpers+=("$worker")
  sleep 1
  gate 64000000000
  check_gate 'one second into an allocation of somebody else' 503 not-settled '.retry_after_s > 0'
  wait "$worker"
}

check_while_freeing() {
  local i seen=''
  wait_until 30 volume_says "$big" '.settled == true' || true
  rm -f "$big/other"
  for ((i = 0; i < 60; i++)); do
    finds freeing volume: && seen=yes && break
    sleep 0.2
  done
  if [ -n "$seen" ]; then
    check_told freeing volume: wait wait
    gate 64000000000
    check_gate 'while space is being freed' 503 not-settled '.retry_after_s > 0'
  else
    echo '# freeing was not seen: this kernel frees at once'
  fi
}

check_no_space() {
  gate_when_settled 6500000000000 || true
  check_gate 'more than there is' 507 no-space '.step_bytes > .available_bytes and .granted == false'
}

check_limit() {
  local host=$scratch/mnt/host huge=$scratch/mnt/huge loop
  # its file must lie on XFS: on ext4 no file can have 20 TiB, which is the point
  if ! volume_make "$host" 4G defaults mkfs.xfs -q || ! loop_make "$host/huge.img" 20T ||
    ! mkfs.ext4 -q -m 0 -b 4096 -E lazy_itable_init=1,lazy_journal_init=1 "$loop" > "$scratch/mkfs.log" 2>&1 ||
    ! volume_mount "$loop" "$huge" noinit_itable; then
    not_ok 'an ext4 of 20 TiB is made' "$(cat "$scratch/mkfs.log")"
    return
  fi
  wait_until 5 volume_says "$huge" '.size_bytes > 0'
  gate 18141941858304 0 0 Huge # 16.5 TiB
  check_gate 'more than ext4 can hold in a file' 422 beyond-limit \
    '.limit_bytes < 17592186044416 and (.limit_reason | test("16 TiB"))'
  echo "# (the volume of 20 TiB takes $(du -k "$host/huge.img" | cut -f 1) KiB)"
  volume_unmount "$huge"
  wait_until 5 loop_is_free "$loop" || true
  volume_unmount "$host"
}

check_unknown_share() {
  gate 64000000000 0 0 Nowhere
  check_gate 'a share that does not exist' 404 no-such-share '.detail | test("Nowhere")'
}

# -- plans --

check_plan() {
  local steps
  ask "/v1/plan?share=Backup&size=5.3TiB&client_timeout_s=60"
  expect status 200 "$status"
  steps=$(jq -r '[.steps[].size_bytes] | join(" ")' "$scratch/body")
  agreed+=" steps=$steps"
  ask "/v1/plan?share=Backup&size=5.3TiB&client_timeout_s=60" --header 'Accept: text/plain'
  expect lines "$steps" "$(grep -o 'SizeBytes [0-9]*' "$scratch/body" | cut -d ' ' -f 2 | paste -sd ' ')"
  expect first New-VHD "$(grep -o '^New-VHD' "$scratch/body")"
  verdict 'GET /v1/plan gives the same steps as JSON and as PowerShell'
  sed 's/^/# | /' "$scratch/body"
  "$scratch/nasready" plan 5.3TiB > "$scratch/plan" 2>&1
  expect default '2199023255552 4398046511104 5827410788352' \
    "$(grep -o 'SizeBytes [0-9]*' "$scratch/plan" | cut -d ' ' -f 2 | paste -sd ' ')"
  verdict 'nasready plan 5.3TiB: 2, 4 and 5.3 TiB'
}

# later steps of the same file may be in it
files_tell() {
  ask /v1/allocations
  says "$scratch/body" '[.allocations[] | select(.outcome == "granted")] | length > 0 and all(.file_taken_bytes >= .step_bytes)'
}

check_records() {
  ask /v1/allocations
  jq -r '.allocations | reverse[] | "# | \(.time) \(.outcome) x\(.times): \(.file) to \(.size_bytes), +\(.step_bytes), " +
    "\(.predicted_s) s of \(.budget_s) s, for \(.asker)"' "$scratch/body"
  expect granted "$1" "$(jq '[.allocations[] | select(.outcome == "granted")] | length' "$scratch/body")"
  expect refused 'beyond-limit no-space not-settled step-too-large' \
    "$(jq -r '[.allocations[].outcome | select(. != "granted")] | unique | join(" ")' "$scratch/body")"
  verdict 'GET /v1/allocations remembers all of it'
  check 'and what the file of each granted step took' wait_until 25 files_tell
  jq -r '.allocations | reverse[] | select(.outcome == "granted") |
    "# \(.seen) \(.measured_reason // .measured_s): +\(.step_bytes), the file took \(.file_taken_bytes)"' "$scratch/body"
}

# -- without flex_bg --

plan_knows_knee() {
  ask_plan "$gate_size" "$1"
  [ "$status" = 200 ] && says "$scratch/body" '.knee_bytes != null'
}

# the knee is found in another way there, and all beyond is a thousand times slower
check_without_flex_bg() {
  local big=$scratch/mnt/unflexed knee
  if ! volume_make "$big" "$big_bytes" noinit_itable mkfs.ext4 -q -m 0 -O '^flex_bg' \
    -E lazy_itable_init=1,lazy_journal_init=1; then
    skip "an ext4 without flex_bg: $(tail -n 1 "$scratch/mkfs.log")"
    return
  fi
  echo "# (without flex_bg it takes $(du -k "$(losetup --noheadings --output BACK-FILE "$loop")" | cut -f 1) KiB)"
  gate_configuration > "$scratch/gate.conf"
  agent_restart || return 0
  check 'without flex_bg the knee is found too' wait_until 10 plan_knows_knee 0
  knee=$(jq .knee_bytes "$scratch/body")
  echo "# it is at $knee; $(jq -r '"\(.steps | length) steps, \(.steps_omitted) more"' "$scratch/body")"
  current=$((knee - 200000000000))
  fallocate -l $current "$big/SRV1.vhdx"
  take_the_rest $((knee + 50000000000)) 15 'there, steps up to the knee and beyond are'
  rm -f "$big/SRV1.vhdx"
  volume_unmount "$big"
}

test_gate() {
  local big big_file current=0 retry_after budget=1
  big_make || return 0
  gate_configuration > "$scratch/gate.conf"
  agent_options=(--smb-conf "$scratch/gate.conf" --client-timeout-s "$gate_client_s")
  agent_start || return 0
  check 'the knee is known within 10 s' wait_until 10 plan_knows_knee 0
  check_plan
  check_ladder 3
  check_while_allocating
  rm -f "$big/other"
  check_just_begun
  check_while_freeing
  check_no_space
  check_limit
  check_unknown_share
  check_records 3
  take_the_rest "$gate_size" 30 'all other steps of the ladder are'
  rm -f "$big/SRV1.vhdx"
  volume_unmount "$big"
  check_without_flex_bg
  agent_stop
  agent_options=()
}
