# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# For tests/live/run.sh: what the agent costs while nobody asks. Takes seven minutes: only with IDLE=1. Space that moves
# on this machine's own volumes would be news and wake the server, so the agent runs in a root of its own, which is one
# volume where nothing happens.
# shellcheck shell=bash

calm_s=130
minutes=5

# copy_program PROGRAM...: with the libraries that it needs, to the same place below $quiet
copy_program() {
  local file
  for file in "$@" $(ldd "$@" | grep -o '/[^ :]*' | sort -u); do
    mkdir -p "$quiet/$(dirname "$file")"
    cp -L "$file" "$quiet/$file"
  done
}

quiet_mount() {
  mkdir -p "$quiet/$2"
  mount -t "$1" "$1" "$quiet/$2" && mounts+=("$quiet/$2")
}

make_quiet_root() {
  volume_make "$quiet" 256M defaults mkfs.ext4 -q -L quiet || return 1
  quiet_mount proc proc && quiet_mount sysfs sys && quiet_mount devtmpfs dev || return 1
  mkdir -p "$quiet/etc" "$quiet$scratch"
  cp /etc/passwd /etc/group /etc/nsswitch.conf "$quiet/etc/"
  copy_program "$scratch/nasready" "$(command -v setpriv)"
  sync -f "$quiet"
}

# "voluntary involuntary nanoseconds ticks" of a process; ticks are too coarse to judge by, and shown for that
read_cost() {
  local voluntary involuntary ns ticks
  voluntary=$(sed -n 's/^voluntary_ctxt_switches:[ \t]*//p' "/proc/$1/status")
  involuntary=$(sed -n 's/^nonvoluntary_ctxt_switches:[ \t]*//p' "/proc/$1/status")
  read -r ns _ < "/proc/$1/schedstat"
  # after the name, which may hold blanks
  ticks=$(sed 's/^.*) //' "/proc/$1/stat" | awk '{ print $12 + $13 }')
  echo "$voluntary $involuntary $ns $ticks"
}

# leaves the sum of both processes in $voluntary, $involuntary, $ns, $ticks
read_both() {
  local a b c d e f g h
  read -r a b c d < <(read_cost "$agent")
  read -r e f g h < <(read_cost "$server")
  each="collector $a $b $c $d, server $e $f $g $h"
  voluntary=$((a + e)) involuntary=$((b + f)) ns=$((c + g)) ticks=$((d + h))
}

# print_minute NAME: what came since the last call
print_minute() {
  echo "# $1: $((voluntary - last_voluntary)) voluntary and $((involuntary - last_involuntary)) involuntary switches," \
    "$(((ns - last_ns) / 1000)) us, $((ticks - last_ticks)) ticks ($each)"
}

remember() {
  last_voluntary=$voluntary last_involuntary=$involuntary last_ns=$ns last_ticks=$ticks
}

sees_quiet_volume() {
  ask_status && jq -e '.volumes | length == 1 and .[0].label == "quiet"' "$scratch/status.json"
} > /dev/null

test_idle() {
  local minute voluntary involuntary ns ticks each last_voluntary last_involuntary last_ns last_ticks
  local first_voluntary first_involuntary first_ns first_ticks quiet
  quiet=$scratch/mnt/quiet
  make_quiet_root || { not_ok 'a root with one quiet volume is made'; return 0; }
  agent_start chroot "$quiet" || return 0
  check 'the agent sees the quiet volume alone' wait_until 5 sees_quiet_volume
  sleep $calm_s
  read_both
  remember
  first_voluntary=$voluntary first_involuntary=$involuntary first_ns=$ns first_ticks=$ticks
  echo "# at first: $each (voluntary, involuntary, nanoseconds, ticks)"
  for ((minute = 1; minute <= minutes; minute++)); do
    sleep 60
    read_both
    print_minute "minute $minute"
    remember
  done
  last_voluntary=$first_voluntary last_involuntary=$first_involuntary last_ns=$first_ns last_ticks=$first_ticks
  print_minute "all $minutes minutes"
  check "idle: at most 2 wake-ups a minute ($((voluntary - first_voluntary)) in $minutes)" \
    [ $((voluntary - first_voluntary)) -le $((2 * minutes)) ]
  check "idle: at most 1 ms of processor time a minute ($(((ns - first_ns) / 1000)) us in $minutes)" \
    [ $((ns - first_ns)) -le $((1000000 * minutes)) ]
  agent_stop
}
