# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# For tests/live/run.sh: two FUSE file systems, one that hangs later, one that hangs from the start. Nothing but the
# agent may ask them for their space meanwhile.
# shellcheck shell=bash

# hangfs_start NAME: mounted at mnt/NAME, hangs while $scratch/NAME.flag exists; leaves $hangfs
hangfs_start() {
  local mount=$scratch/mnt/$1
  mkdir -p "$mount"
  setpriv --pdeathsig KILL "$scratch/hangfs" "$scratch/$1.flag" "$mount" 2>> "$scratch/hangfs.log" &
  hangfs=$!
  disown "$hangfs"
  helpers+=("$hangfs")
  mounts+=("$mount")
  wait_until 5 mountpoint -q "$mount"
}

hangfs_build() {
  local flags
  flags=$(pkg-config --cflags --libs fuse3) || return 1
  # shellcheck disable=SC2086
  ${CC:-gcc} -std=c11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -Wall -Wextra -o "$scratch/hangfs" tests/live/hangfs.c $flags
}

# twenty requests; leaves the slowest in $slowest and how many failed in $bad
ask_often() {
  local i
  slowest=0 bad=0
  for ((i = 0; i < 20; i++)); do
    ask_status || bad=$((bad + 1))
    slowest=$(jq -n --arg a "$slowest" --arg b "$took" '[($a, $b) | tonumber] | max')
    sleep 0.3
  done
}

check_times() {
  local slowest bad
  ask_often
  expect failed 0 "$bad"
  if jq -en --arg slowest "$slowest" '($slowest | tonumber) < 0.3' > /dev/null; then
    agreed+=" slowest=${slowest}s"
  else
    differs+="the slowest took $slowest s"
  fi
  verdict "20 requests are answered within 300 ms each $1"
}

is_stale() {
  volume_says "$1" '.stale == true and (.reason | length > 0)'
}

others_are_fresh() {
  ask_status && jq -e --arg a "$1" --arg b "$2" '.volumes | map(select(.mount != $a and .mount != $b))
    | length > 0 and all(.stale == false and .age_ms < 3000)' "$scratch/status.json" > /dev/null
}

# while both hang
check_stale() {
  check 'the volume that hangs is stale, with a reason' is_stale "$1"
  echo "# reason: $(of_volume .reason)"
  expect old_figures 1073741824 "$(of_volume .size_bytes)"
  expect aging true "$(of_volume '.age_ms > 3000')"
  verdict 'it keeps its old figures and tells their age'
  check 'so is the one that never answered' is_stale "$2"
  expect size null "$(of_volume .size_bytes)"
  expect settled null "$(of_volume .settled)"
  verdict 'which has no figures'
  check 'all other volumes are fresh' others_are_fresh "$1" "$2"
  check 'the source says that it is stale' jq -e \
    '.sources[] | select(.name == "volumes") | .state == "stale" and (.error | length > 0)' "$scratch/status.json"
  echo "# volumes: $(field '.sources[] | select(.name == "volumes").error')"
}

# asked at the same time as the agent; leaves how long it took in $scratch/took
run_status_command() {
  local now_ms from
  look_at_clock
  from=$now_ms
  timeout -k 1 20 "$scratch/nasready" status --json > "$scratch/command.json" 2> "$scratch/command.err"
  look_at_clock
  echo $((now_ms - from)) > "$scratch/took"
}

check_status_command() {
  local took=999999
  read -r took < "$scratch/took"
  check "nasready status --json ends within 8 s ($took ms)" [ "$took" -lt 8000 ]
  check 'and lists both as stale' jq -e --arg a "$1" --arg b "$2" \
    '.volumes | map(select(.mount == $a or .mount == $b)) | length == 2 and all(.stale)' "$scratch/command.json"
}

# watch_recovery MOUNT FILTER BELOW: asks for 4.5 s; leaves in $recovered whether the filter came to hold for it,
# and in $lies how often the status said what a child had seen of another volume before it hung
watch_recovery() {
  local until
  look_at_clock
  until=$((now_ms + 4500)) recovered=
  while [ "$now_ms" -lt "$until" ]; do
    volume_says "$plain" ".free_bytes < $3" || lies=$((lies + 1))
    find_volume "$1"
    [ "$(of_volume "$2")" != true ] || recovered=yes
    sleep 0.3
    look_at_clock
  done
}

check_recovery() {
  local below lies=0 recovered
  ask_status && find_volume "$plain"
  below=$(($(of_volume .free_bytes) - 10000000))
  fallocate -l 20000000 "$plain/meanwhile"
  check 'space taken meanwhile on another volume shows' wait_until 4 volume_says "$plain" ".free_bytes < $below"
  rm "$scratch/late.flag"
  watch_recovery "$1" '.stale == false and .reason == null and .age_ms < 3000' "$below"
  check 'when the volume answers again, it is fresh within 4 s' [ "$recovered" = yes ]
  kill_quietly "$hangfs"
  watch_recovery "$2" '(.reason // "does not answer") | contains("does not answer") | not' "$below"
  check 'when its program is killed, the other one gives another reason within 4 s' [ "$recovered" = yes ]
  echo "# reason: $(of_volume .reason), stale: $(of_volume .stale)"
  check "and no volume falls back to what it had when they hung ($lies answers)" [ "$lies" = 0 ]
  rm "$plain/meanwhile"
  check 'no child of it is left as a zombie' wait_until 4 no_zombies
}

no_zombies() {
  ! ps -o stat= -s "$agent" | grep -q Z
}

# an agent that ends, or is killed, while a child of its is stuck in the kernel, where no signal reaches it
check_ends() {
  local first=$agent
  touch "$scratch/late.flag"
  wait_until 6 is_stale "$1" || true
  kill -TERM "$first"
  check 'SIGTERM ends the agent within 2 s although a volume hangs' wait_until 2 agent_is_gone_or_stuck "$first"
  agent_start || return 0
  check 'an agent that starts while it hangs lists it as stale within 5 s' wait_until 5 is_stale "$1"
  kill_quietly "$agent"
  check 'killed while it hangs, no process that can end is left within 2 s' \
    wait_until 2 agent_is_gone_or_stuck "$agent"
  rm "$scratch/late.flag"
  check 'when the volume answers again, nothing is left of either' \
    wait_until 3 eval 'agent_is_gone '"$first"' && agent_is_gone '"$agent"
}

test_hang() {
  local late=$scratch/mnt/late never=$scratch/mnt/never hangfs command hanging=()
  make_plain
  if [ ! -e /dev/fuse ]; then
    skip 'a statfs that hangs: no /dev/fuse here'
    return 0
  fi
  if ! hangfs_build; then
    not_ok 'hangfs is built' 'libfuse3-dev and a compiler are needed (make deps)'
    return 0
  fi
  hangfs_start late
  hanging=("$hangfs")
  agent_start || return 0
  check 'a FUSE volume is listed, and fresh' wait_until 5 volume_says "$late" '.stale == false and .size_bytes > 0'
  touch "$scratch/late.flag" "$scratch/never.flag"
  hangfs_start never
  hanging+=("$hangfs")
  run_status_command &
  command=$!
  helpers+=("$command")
  check_times 'while two volumes hang'
  check_stale "$late" "$never"
  wait "$command"
  check_status_command "$late" "$never"
  check_recovery "$late" "$never"
  check_ends "$late"
  for hangfs in "${hanging[@]}"; do
    helper_kill "$hangfs"
  done
  volume_unmount "$late"
  volume_unmount "$never"
}
