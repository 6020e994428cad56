# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# For tests/live/run.sh: the gate in smbd. A real smbd with strict allocate = yes, started with libnasready-gate.so, on a
# sparse ext4 of 5.4 TiB; real clients that give up after 2 s. The accident first, without the gate, then its end; what
# passes; an agent that is killed; nasready gate and nasready dfree.
# shellcheck shell=bash

enforce_client_s=2
enforce_size=5827411627212 # 5.3 TiB

enforce_configuration() {
  smb_global
  smb_share Backup "$big" 'strict sync = yes'
  smb_share Other "$big/other"
}

# client_steps FILE LINE...: leaves "SIZE STATUS WALL CPU" of each line in $scratch/took; the share is Backup
client_steps() {
  local file=$1
  shift
  printf '%s\n' "$@" | timeout 300 "$python" tests/live/smb_client.py "$smb_port" "${share:-Backup}" --open "$file" \
    --steps "$smbd" 2> "$smb/client.log" | grep -v '^ready' > "$scratch/took"
  sed 's/^/# size, status, client waited s, smbd worked s: /' "$scratch/took"
}

took() { # NUMBER of the field of the last step
  tail -n 1 "$scratch/took" | cut -d ' ' -f "$1"
}

free_of() {
  stat -f -c '%f' "$1"
}

calm() {
  volume_says "$big" '.state == "idle" and .settled == true'
}

# the page says what the last pass saw; the agent itself knows nothing of what the object has just told
page_is_calm() {
  ask_status && says "$scratch/status.json" '.gate.steps | all(.state != "running")' && calm
}

# -- the parts --

check_accident() {
  client_steps accident.vhdx "$enforce_size"
  expect status STATUS_SUCCESS "$(took 2)"
  differs+=$(awk -v most="$enforce_client_s" '$4 < most { print "smbd worked for " $4 " s only" }' "$scratch/took")
  verdict "without the gate: 5.3 TiB in one step outlast a client that gives up after $enforce_client_s s"
  rm -f "$big/accident.vhdx"
}

check_refusal() {
  local before after
  before=$(free_of "$big")
  client_steps refused.vhdx "$enforce_size" "$enforce_size" "$enforce_size"
  after=$(free_of "$big")
  expect status 'STATUS_DISK_FULL STATUS_DISK_FULL STATUS_DISK_FULL' "$(cut -d ' ' -f 2 "$scratch/took" | xargs)"
  # the fastest of three: this machine does other things, too
  expect in_20_ms yes "$(sort -n -k 3 -t ' ' "$scratch/took" | awk 'NR == 1 { print $3 < 0.02 ? "yes" : $3 " s" }')"
  expect free_blocks "$before" "$after"
  verdict 'with the gate: STATUS_DISK_FULL, and not a block is taken'
  client_steps refused.vhdx "allocate $enforce_size"
  expect status STATUS_DISK_FULL "$(took 2)"
  verdict 'FileAllocationInformation is refused as well'
  check 'the refusals are in /v1/status within 3 s' wait_until 3 status_says \
    '.gate.refused == 4 and (.gate.steps[] | select(.state == "refused") |
      .refusal == "step-too-large" and (.path | endswith("/refused.vhdx")))'
  gate_command status
  check 'and in nasready gate status' grep -q 'refused so far: 4' "$scratch/told"
  sed 's/^/# | /' "$scratch/told"
}

gate_command() {
  "$scratch/nasready" gate "$@" --state-dir "$state" --run-dir "$state" --smb-conf "$smb/smb.conf" \
    --service-dir "$scratch/units" > "$scratch/told" 2>&1
}

# Every step of the plan by a real client, each asked for first. The budget is half of what the client waits, the other half
# is for a busy machine: what is over the budget is counted, what the client would not have waited for fails.
check_enforced_ladder() {
  local size current=0 count=0 over=0
  while [ "$current" -lt $((enforce_size - 1048576)) ] && [ $count -lt "$1" ]; do
    wait_until 40 page_is_calm || true
    ask "/v1/plan?share=Backup&size=$enforce_size&current=$current" --max-time 10
    size=$(jq -r '.steps[0].size_bytes' "$scratch/body")
    gate_when_settled "$size" "$current" || true
    expect granted true "$(gate_says .granted)"
    client_steps SRV1.vhdx "$size"
    if [ "$(took 2)" != STATUS_SUCCESS ]; then
      ask_status
      differs+="to $size: $(took 2): $(field '.gate.steps[0] | tostring')"$'\n'
    fi
    over=$((over + $(awk -v client="$enforce_client_s" '$4 > client / 2' "$scratch/took" | wc -l)))
    differs+=$(awk -v client="$enforce_client_s" '$4 > client { print $1 " took " $4 " s" }' "$scratch/took")
    current=$size count=$((count + 1))
  done
  agreed=" steps=$count to=$current over_budget=$over"
  verdict "the ladder, step by step by a real client who waits $enforce_client_s s"
}

check_seen_through() {
  ask /v1/allocations
  jq -r '.allocations | reverse[] | select(.outcome == "granted") | "# \(.seen): +\(.step_bytes), predicted \(.predicted_s
    ) s, measured \(.measured_s) s (\(.measured_by)), processor \(.measured_cpu_s) s"' "$scratch/body"
  expect measured true "$(jq '[.allocations[] | select(.outcome == "granted")] |
    length > 0 and all(.seen == "done" and .measured_s != null and .measured_by == "smbd")' "$scratch/body")"
  verdict 'predicted and measured stand side by side in GET /v1/allocations'
  check 'and so does what the file itself took, within 25 s' wait_until 25 files_tell
  ask "/v1/plan?share=Backup&size=1GiB"
  expect source learned "$(jq -r .cost_source "$scratch/body")"
  agreed+=" $(jq -r '"\(.cost_s_per_tib) s/TiB of \(.cost_samples) samples"' "$scratch/body")"
  verdict 'what allocating costs was learned from them'
}

check_while_moving() {
  local worker
  wait_until 40 page_is_calm || true
  fallocate -l 4000000000000 "$big/elsewhere" &
  worker=$!
  helpers+=("$worker")
  wait_until 5 volume_says "$big" '.state == "allocating"' || true
  client_steps moving.vhdx 2147483648 536870912
  wait "$worker"
  expect statuses 'STATUS_DISK_FULL STATUS_SUCCESS' "$(cut -d ' ' -f 2 "$scratch/took" | xargs)"
  verdict 'while space is being allocated 2 GiB are refused, 512 MiB pass'
  rm -f "$big/elsewhere" "$big/moving.vhdx"
}

check_passes() {
  local file
  wait_until 40 page_is_calm || true
  expect databases "" "$(grep -l 'No space left\|ENOSPC' "$smb"/log* 2> /dev/null)"
  share=Other client_steps small.bin 1073741823 1073741824
  expect small 'STATUS_SUCCESS STATUS_SUCCESS' "$(cut -d ' ' -f 2 "$scratch/took" | xargs)"
  qemu-img create -q -f vhdx -o subformat=dynamic "$scratch/dynamic.vhdx" 2T 2> /dev/null ||
    head -c 8388608 /dev/urandom > "$scratch/dynamic.vhdx"
  head -c 300000000 /dev/urandom > "$scratch/copy.bin"
  for file in dynamic.vhdx copy.bin; do
    smbclient -s "$smb/smb.conf" -N -p "$smb_port" //127.0.0.1/Backup -c "put $scratch/$file $file" > "$smb/put" 2>&1
    expect "$file" "$(sha256sum < "$scratch/$file")" "$(sha256sum < "$big/$file")"
  done
  differs="${differs}" agreed=' databases, small files, a dynamic VHDX and a copy'
  verdict 'everything else passes'
  rm -f "$big/copy.bin" "$big/other/small.bin" "$scratch/copy.bin"
}

# a copy of 50 GB, by a file that has as many bytes but few of them written: strict allocate takes them all
check_large_copy() {
  wait_until 40 page_is_calm || true
  ask "/v1/plan?share=Backup&size=1TiB" --max-time 10
  client_steps copy50.bin 50000000000
  expect status STATUS_SUCCESS "$(took 2)"
  expect taken 50000000000 "$(stat -c '%s' "$big/copy50.bin")"
  verdict 'the space of a copy of 50 GB is taken at once, within the safe step'
  rm -f "$big/copy50.bin"
}

# A client that says that it waits longer is granted more than smbd lets pass by itself: once, in that file alone.
check_longer_grant() {
  local size
  wait_until 40 page_is_calm || true
  ask "/v1/plan?share=Backup&size=1TiB" --max-time 10
  # by so much that what is learned from it does not make it safe
  size=$(($(jq ".max_step_bytes // 0" "$scratch/body") * 3 / 2))
  gate_when_settled "$size" 0 20 || true
  expect granted true "$(gate_says .granted)"
  client_steps another.vhdx "$size"
  expect another STATUS_DISK_FULL "$(took 2)"
  client_steps SRV1.vhdx "$size"
  expect granted_file STATUS_SUCCESS "$(took 2)"
  rm -f "$big/SRV1.vhdx" "$big/another.vhdx"
  wait_until 40 page_is_calm || true
  client_steps SRV1.vhdx "$size"
  expect once STATUS_DISK_FULL "$(took 2)"
  rm -f "$big/SRV1.vhdx"
  verdict 'a step that was granted to a client which waits 20 s passes: once, in that file alone'
}

check_dead_agent() {
  wait_until 40 page_is_calm || true
  rm -f "$big/SRV1.vhdx"
  wait_until 40 page_is_calm || true
  client_steps dead.vhdx 5000000000000
  expect before STATUS_DISK_FULL "$(took 2)"
  # the privileged process holds the page; it alone is killed
  kill -KILL "$agent"
  client_steps dead.vhdx 5000000000000
  expect after STATUS_SUCCESS "$(took 2)"
  verdict 'an agent that is killed leaves smbd as it was without it, at the next call'
  rm -f "$big/dead.vhdx"
  agent_kill "$agent"
}

check_dfree() {
  local real
  wait_until 40 page_is_calm || true
  ask "/v1/plan?share=Backup&size=1TiB" --max-time 10
  real=$(($(df -B1024 --output=avail "$big" | tail -n 1)))
  expect capped "$(($(jq ".max_step_bytes // 0" "$scratch/body") / 1024)) 1024" \
    "$("$scratch/nasready" dfree "$big" --run-dir "$state" | cut -d ' ' -f 2-)"
  expect elsewhere yes "$("$scratch/nasready" dfree / --run-dir "$state" | awk '{ print ($2 > 0) ? "yes" : "no" }')"
  expect no_agent "$real 1024" "$("$scratch/nasready" dfree "$big" --run-dir "$scratch/nowhere" | cut -d ' ' -f 2-)"
  verdict 'nasready dfree shows the safe step, and the real figure without an agent'
}

check_gate_command() {
  rm -rf "$scratch/units"
  wait_until 5 status_says '.shares | length == 2'
  gate_command enable Backup --dry-run
  expect dry_run '' "$(find "$scratch/units" -type f 2> /dev/null; ls "$state/gate.conf" 2> /dev/null)"
  gate_command enable Nowhere && differs+='an unknown share was enabled'$'\n'
  gate_command enable Backup
  expect enabled 0 $?
  sed 's/^/# | /' "$scratch/told"
  expect drop_in 'Environment="LD_PRELOAD=' "$(grep -o '^Environment="LD_PRELOAD=' "$scratch/units/smbd.service.d/nasready-gate.conf")"
  expect include ok "$(testparm -s "$state/gate.conf" > /dev/null 2>&1 && echo ok)"
  verdict 'nasready gate enable writes the list and the drop-in, and the agent takes it up'
  check 'gate-off is over, the share says enforce' wait_until 40 status_says \
    '.shares[] | select(.name == "Backup") | .gate == "enforce"'
}

check_gate_disable() {
  gate_command disable Backup
  expect disabled 0 $?
  expect left '' "$(find "$scratch/units" -type f 2> /dev/null; ls "$state/gate.conf" 2> /dev/null)"
  client_steps off.vhdx 2000000000000
  expect passes STATUS_SUCCESS "$(took 2)"
  verdict 'nasready gate disable takes all of it back, and a running smbd lets everything pass'
  rm -f "$big/off.vhdx"
}

test_enforce() {
  local big big_file smb=$scratch/smb smb_port=$((31000 + RANDOM % 1000)) smbd python retry_after state share
  local object=$scratch/libnasready-gate.so
  command -v smbd > /dev/null && find_impacket || { not_ok 'the gate in smbd' 'smbd or impacket is missing'; return 0; }
  big_make || return 0
  mkdir -m 777 "$big/other" && chmod 777 "$big"
  install -m 644 "$(dirname "$program")/libnasready-gate.so" "$object"
  smb_configure enforce_configuration
  check 'smbd runs' smbd_start
  check_accident
  smbd_stop
  agent_options=(--smb-conf "$smb/smb.conf" --client-timeout-s "$enforce_client_s")
  agent_start || return 0
  # shellcheck disable=SC2153
  check 'smbd runs with the object' smbd_start env LD_PRELOAD="$object" NASREADY_RUN_DIR="$state"
  check_gate_command
  check_refusal
  check_while_moving
  check_passes
  check_large_copy
  check_dfree
  check_enforced_ladder "${LADDER:-8}"
  check_seen_through
  rm -f "$big/SRV1.vhdx"
  check_longer_grant
  check_dead_agent
  agent_start || return 0
  check_gate_command
  check_gate_disable
  agent_stop
  agent_options=()
  smbd_stop
  volume_unmount "$big"
}
