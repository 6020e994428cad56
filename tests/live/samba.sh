# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# For tests/live/run.sh: a real smbd on the loopback interface, with its own configuration and databases, and real
# clients: what the agent says of them against smbstatus and `ss`; clients that die; smbstatus and testparm that hang,
# talk nonsense, or are missing.
# shellcheck shell=bash

smb_configuration() {
  smb_global "kernel oplocks = ${smb_kernel_oplocks:-no}"
  smb_share Backup "$scratch/mnt/smb" 'force user = root' 'strict sync = yes'
  smb_share Big "$scratch/mnt/big" 'force user = root' 'strict sync = no'
}

smb_start() {
  smb_configure smb_configuration && smbd_start
}

# -- clients --

# client_start [OPTION...] of smb_client.py; leaves $client
client_start() {
  local log
  log=$(mktemp "$smb/client.XXXXXX")
  setpriv --pdeathsig KILL "$python" tests/live/smb_client.py "$smb_port" "$@" > "$log" 2>&1 &
  client=$! client_log=$log
  clients+=("$client")
  helpers+=("$client")
  wait_until 20 grep -q '^ready' "$log" || { not_ok "an SMB client connects ($*)" "$(tail -n 3 "$log")"; return 1; }
}

# the one that people have; it stays as long as its standard input
smbclient_start() {
  local hold
  mkfifo "$smb/hold"
  exec {hold}<> "$smb/hold"
  setpriv --pdeathsig KILL smbclient -s "$smb/smb.conf" -N -p "$smb_port" //127.0.0.1/Backup <&"$hold" \
    > "$smb/smbclient" 2>&1 &
  clients+=($!)
  helpers+=($!)
  exec {hold}<&-
}

no_connections() {
  [ -z "$(ss -Htn state established state close-wait "sport = :$smb_port")" ]
}

clients_end() {
  local pid
  for pid in "${clients[@]}"; do
    helper_kill "$pid"
  done
  clients=()
  wait_until 10 no_connections
}

# -- comparing --

# $told: connections and sessions as smbstatus has them, and connections as the kernel has
look_at_smb() {
  smbstatus -s "$smb/smb.conf" -p -j > "$smb/status.json" 2> /dev/null
  told=$(jq -r '.sessions | "\(map(.hostname) | unique | length) \(length)"' "$smb/status.json")
  told+=" $(ss -Htn state established "sport = :$smb_port" | wc -l)"
}

smb_agrees() {
  look_at_smb
  status_says '"\(.smb.connections) \(.smb.sessions) \(.smb.connections)" == $told' told "$told"
}

# check_smb WHAT CONNECTIONS SESSIONS: the agent, smbstatus and what was made agree; smbstatus is asked every 30 s
check_smb() {
  local told from now_ms
  look_at_clock
  from=$now_ms
  wait_until 40 smb_agrees || true
  look_at_clock
  expect connections "$2" "$(field .smb.connections)"
  expect sessions "$3" "$(field .smb.sessions)"
  expect smbstatus "$told" "$(field '"\(.smb.connections) \(.smb.sessions) \(.smb.connections)"')"
  agreed+=" after $(seconds $((now_ms - from))) s"
  verdict "$1"
}

check_shares() {
  local id filter
  wait_until 15 status_says '(.shares | length == 2) and .smb.server != null'
  find_volume "$scratch/mnt/smb" && id=$(of_volume .id)
  for filter in '.path' '.strict_allocate' '.strict_sync' '.read_only' '.volume'; do
    expect "$filter" "$(share_setting "$filter")" "$(field ".shares[] | select(.name == \"Backup\")$filter")"
  done
  expect Big.strict_sync false "$(field '.shares[] | select(.name == "Big").strict_sync')"
  expect server "Samba $(smbd -V | sed 's/^Version //; s/-.*//')" "$(field .smb.server)"
  verdict 'shares as testparm has them'
}

share_setting() {
  case $1 in
    .path) echo "$scratch/mnt/smb" ;;
    .read_only) echo false ;;
    .volume) echo "$id" ;;
    *) echo true ;;
  esac
}

# -- who is connected --

check_counts() {
  check_smb 'no client' 0 0
  client_start Backup
  check 'a new connection is counted within 5 s' wait_until 5 status_says '.smb.connections == 1'
  check_smb 'one client, seen by an agent that has asked smbstatus before' 1 1
  client_start Backup --source 127.0.0.3
  smbclient_start
  check 'three connections are counted within 5 s' wait_until 5 status_says '.smb.connections == 3'
  agent_restart
  check_smb 'three clients, one of them smbclient' 3 3
  client_start Backup --target ::1 --source ::1 --connections 2
  agent_restart
  check_smb 'one more, with two connections by IPv6' 5 5
  expect clients '127.0.0.1=1/1 127.0.0.2=1/1 127.0.0.3=1/1 ::1=2/2' \
    "$(field '[.smb.clients[] | "\(.address)=\(.connections)/\(.sessions)"] | sort | join(" ")')"
  verdict 'each address with its own'
  check_finds 5 smb-other-clients smb:127.0.0.3 warn go
  ask_ready 127.0.0.3
  check 'who asks is no culprit' eval '! told smb-other-clients smb:127.0.0.3 && told smb-other-clients smb:127.0.0.2'
  clients_end
  check 'smb-other-clients ends within 5 s with their connections' wait_until 5 finds_no smb-other-clients
}

check_odd_counts() {
  client_start Backup --sessions 2
  agent_restart
  check_smb 'two sessions on one connection' 1 2
  clients_end
  exec {bare}<> "/dev/tcp/127.0.0.1/$smb_port"
  agent_restart
  check 'a bare TCP connection is a connection without session' wait_until 8 status_says \
    '.smb.connections == 1 and .smb.sessions == 0'
  exec {bare}>&-
}

check_open_file() {
  : > "$scratch/mnt/smb/SRV1.vhdx"
  client_start Backup --open SRV1.vhdx
  agent_restart
  check_smb 'one client with an open disk' 1 1
  expect open_files "$(smbstatus -s "$smb/smb.conf" -L 2> /dev/null | grep -c 'SRV1\.vhdx')" "$(field .smb.open_files)"
  expect open_disks Backup/SRV1.vhdx "$(field '.smb.clients[].open_disks | join(",")')"
  verdict 'its open disk as in smbstatus -L'
  check_finds 5 smb-other-clients smb:127.0.0.2 warn go
  smbstatus -s "$smb/smb.conf" -L -j > /dev/null 2>&1 || echo '# (smbstatus --json of this Samba breaks down over it)'
}

# -- clients that die --

smbd_of_client() {
  "$python" -c 'import json, sys
for session in json.load(open(sys.argv[1]))["sessions"].values():
    print(session["server_id"]["pid"])' "$smb/status.json"
}

# smbd that cannot notice: its process for that client is stopped
check_stale_connection() {
  local child told
  look_at_smb
  child=$(smbd_of_client)
  kill -STOP "$child"
  helper_kill "$client"
  check 'a client that dies while smbd is busy leaves a connection in CLOSE_WAIT' wait_until 8 status_says \
    '.smb.connections == 0 and .smb.clients[0].close_wait == 1'
  check_finds 20 smb-stale-connection smb:127.0.0.2 wait wait
  kill -CONT "$child"
  check 'smb-stale-connection ends within 5 s of it' wait_until 5 finds_no smb-stale-connection
  clients=()
}

# Asked about five times a second until smbd is through; leaves what was seen in $seen
watch_orphan() {
  local i
  seen=''
  for ((i = 0; i < 300; i++)); do
    finds allocating && remember_seen allocating
    told allocation-orphaned && remember_seen allocation-orphaned
    ! status_says '.smb.clients | any(.close_wait > 0)' || remember_seen close_wait
    ! no_connections || break
    sleep 0.2
  done
}

remember_seen() {
  case $seen in *"$1"*) return ;; esac
  seen+=" $1"
  ! told "$1" || cp "$scratch/ready.json" "$scratch/$1.json"
}

# past the knee, so that it takes some seconds more
check_orphan() {
  local big big_file seen size
  big_make || return 0
  chmod 777 "$big"
  agent_restart
  check 'the volume of 5.4 TiB is settled within 20 s' wait_until 20 volume_says "$big" '.settled == true'
  size=$(($(df -B1 --output=avail "$big" | tail -n 1) / 100 * 99))
  client_start Big --open SRV1.vhdx --grow "$size"
  wait_until 5 grep -q growing "$client_log"
  sleep 1
  helper_kill "$client"
  watch_orphan
  echo "# of $size bytes, $(du -B1 "$big/SRV1.vhdx" | cut -f 1) are allocated; seen:$seen"
  case $seen in
    *allocation-orphaned*)
      mv "$scratch/allocation-orphaned.json" "$scratch/ready.json"
      check_told allocation-orphaned "volume:" wait wait
      ;;
    *close_wait*) ok 'a client that dies during its allocation: CLOSE_WAIT was seen, the finding not: smbd was too fast' ;;
    *) not_ok 'a client that dies during its allocation is seen' "$(cat "$client_log")" ;;
  esac
  clients=()
  check 'allocation-orphaned ends within 5 s' wait_until 5 finds_no allocation-orphaned
  rm -f "$big/SRV1.vhdx"
  volume_unmount "$big"
}

# -- Samba's programs that do not work --

# replace PROGRAM SCRIPT: for this script and its agents alone
replace() {
  printf '#!/bin/sh\n%s\n' "$2" > "$scratch/instead"
  chmod 755 "$scratch/instead"
  mount --bind "$scratch/instead" "$1" && mounts+=("$1")
}

# without PROGRAM: its folder, but for that
without() {
  local folder=${1%/*} name=${1##*/}
  mkdir -p "$scratch/hide.$name"
  mknod "$scratch/hide.$name/$name" c 0 0 || return 1
  mount -t overlay overlay -o "lowerdir=$scratch/hide.$name:$folder" "$folder" && mounts+=("$folder")
}

# check_source WHAT SOURCE STATE ERROR SECONDS: with the agent anew; answers stay in time
check_source() {
  local slowest bad
  agent_restart || return 0
  check "$1: source $2 is $3" wait_until "$5" status_says \
    '.sources[] | select(.name == $source) | .state == $state and (.error // "" | test($error))' \
    source "$2" state "$3" error "$4"
  echo "# $2: $(field ".sources[] | select(.name == \"$2\").error"); smb.reason: $(field .smb.reason)"
  check_times "($1)"
}

no_sleepers() {
  ! agent_processes "$agent" | xargs ps -o comm= -p | grep -q sleep
}

check_broken_smbstatus() {
  local program
  program=$(command -v smbstatus)
  replace "$program" 'exec sleep 1000'
  check_source 'smbstatus hangs' smbstatus stale 'still at work' 5
  check 'and is given up after 20 s' wait_until 25 status_says \
    '.sources[] | select(.name == "smbstatus") | .state == "stale" and (.error | test("20 s"))'
  expect connections 1 "$(field .smb.connections)"
  expect sessions null "$(field .smb.sessions)"
  verdict 'what the kernel tells is there, sessions are unknown'
  check 'and nothing is left of it' no_sleepers
  volume_unmount "$program"
  replace "$program" 'head -c 5000 /dev/urandom; exit 3'
  check_source 'smbstatus prints nonsense' smbstatus failed 'makes no sense' 5
  volume_unmount "$program"
  if without "$program"; then
    check_source 'smbstatus is missing' smbstatus absent 'not installed' 5
    volume_unmount "${program%/*}"
  else
    skip 'smbstatus is missing: no overlays here'
  fi
}

check_broken_testparm() {
  local program
  program=$(command -v testparm)
  replace "$program" 'exec sleep 1000'
  check_source 'testparm hangs' shares stale 'still working' 5
  check 'and is given up after 20 s' wait_until 25 status_says \
    '.sources[] | select(.name == "shares") | .state == "stale" and (.error | test("20 s"))'
  check 'and nothing is left of it' no_sleepers
  check_shares
  volume_unmount "$program"
  replace "$program" 'echo "[glob"; head -c 300 /dev/urandom; exit 1'
  check_source 'testparm prints nonsense' shares stale 'makes sense' 5
  check_shares
  volume_unmount "$program"
  if without "$program"; then
    check_source 'testparm is missing' shares ok '' 5
    check_shares
    volume_unmount "${program%/*}"
  fi
}

test_samba() {
  local smb=$scratch/smb smb_port=$((30000 + RANDOM % 1000)) smbd client client_log clients=() python bare
  if ! command -v smbd > /dev/null || ! find_impacket; then
    not_ok 'SMB clients' 'smbd or impacket is missing: apt-get install samba python3-impacket (make deps)'
    return 0
  fi
  volume_make "$scratch/mnt/smb" 256M defaults mkfs.ext4 -q -m 0 && chmod 777 "$scratch/mnt/smb"
  check 'smbd runs' smb_start
  agent_options=(--smb-conf "$smb/smb.conf")
  agent_start || return 0
  check_shares
  check_counts
  check_odd_counts
  check_open_file
  check_stale_connection
  check_orphan
  if [ -n "${NASREADY_LIVE_APART:-}" ]; then
    client_start Backup
    check_broken_smbstatus
    check_broken_testparm
    clients_end
  else
    skip 'smbstatus and testparm that do not work: these tests have no mounts of their own here'
  fi
  agent_stop
  agent_options=()
  smbd_stop
  volume_unmount "$scratch/mnt/smb"
}
