# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# For tests/live/run.sh: the findings of the agent and of `nasready ready`, each with the thing itself: damaged,
# read-only and full volumes, a share's settings, logins, services, a link in half duplex. Those that need smbd, upsd
# or a volume of 5.4 TiB are in the other parts.
# shellcheck shell=bash

# -- for all parts --

# asked from an address of its own: nobody is blamed to himself. Leaves $scratch/ready.json
ask_ready() {
  ask "/v1/ready" --interface "${1:-127.0.0.9}"
  [ "$status" = 200 ] && mv "$scratch/body" "$scratch/ready.json"
}

# told CODE [SUBJECT]: that finding is in $scratch/ready.json, about a subject that begins so
told() {
  says "$scratch/ready.json" 'any(.findings[]; .code == $code and (.subject | startswith($about)))' \
    code "$1" about "${2:-}"
}

finds() {
  ask_ready && told "$@"
}

finds_no() {
  ask_ready && ! told "$@"
}

# check_told CODE SUBJECT SEVERITY ANSWER: in $scratch/ready.json
check_told() {
  local line
  line=$(jq -r --arg code "$1" --arg about "$2" '[.findings[] | select(.code == $code and
    (.subject | startswith($about)))][0] // {} | "\(.severity)|\(.message)"' "$scratch/ready.json")
  expect severity "$3" "${line%%|*}"
  expect answer "$4" "$(answer_rank "$4")"
  agreed+=" message=\"${line#*|}\""
  verdict "finding $1"
}

# the answer, which other things of this machine can only make worse
answer_rank() {
  local ranks='go wait no ' answer
  answer=$(jq -r .answer "$scratch/ready.json")
  case $ranks in *"$1 "*"$answer "*) echo "$1" ;; *) echo "$answer" ;; esac
}

# check_finds SECONDS CODE SUBJECT SEVERITY ANSWER: of the agent
check_finds() {
  if wait_until "$1" finds "$2" "$3"; then
    check_told "$2" "$3" "$4" "$5"
  else
    not_ok "finding $2 within $1 s" "$(jq -c '[.findings[] | [.code, .subject]]' "$scratch/ready.json")"
  fi
}

# -- by the command, which takes two looks --

ready_command() {
  "$@" "$scratch/nasready" ready --json > "$scratch/ready.json" 2> "$scratch/ready.err"
  code=$?
}

volume_id() {
  ask_status && find_volume "$1" && of_volume .id
}

# -- volumes --

make_sick_volumes() {
  local mnt=$scratch/mnt trigger loop
  volume_make "$mnt/nojournal" 64M defaults mkfs.ext4 -q -O '^has_journal' || return 1
  volume_make "$mnt/readonly" 64M ro mkfs.ext4 -q || return 1
  volume_make "$mnt/full" 256M defaults mkfs.ext4 -q -m 0 || return 1
  fallocate -l "$(($(df -B1 --output=avail "$mnt/full" | tail -n 1) - 1000000))" "$mnt/full/file"
  volume_make "$mnt/broken" 64M errors=continue mkfs.ext4 -q || return 1
  trigger=/sys/fs/ext4/${loop#/dev/}/trigger_fs_error
  if [ -e "$trigger" ]; then echo 1 > "$trigger"; fi
}

# a share on each, so that each matters
write_shares() {
  local name
  echo '[global]'
  for name in nojournal readonly full broken; do
    printf '[%s]\n  path = %s\n  read only = no\n  strict allocate = yes\n  strict sync = no\n' "$name" \
      "$scratch/mnt/$name"
  done
}

find_in_volumes() {
  local mnt=$scratch/mnt
  check_finds 10 journal-absent "volume:$(volume_id "$mnt/nojournal")" warn go
  check_finds 10 volume-read-only "volume:$(volume_id "$mnt/readonly")" block no
  check_finds 10 space-low "volume:$(volume_id "$mnt/full")" warn go
  check_finds 10 fs-error "volume:$(volume_id "$mnt/broken")" block no
  check_finds 10 strict-allocate share:full info go
  check_finds 5 gate-off share:full info go
  check_finds 5 sync-ignored share:full warn go
  mount -o remount,rw "$mnt/readonly"
  check 'volume-read-only ends within 5 s when it is writable' wait_until 5 finds_no volume-read-only \
    "volume:$(volume_id "$mnt/readonly")"
}

# -- logins and services --

# a listener that keeps its connections, and clients from two addresses
start_logins() {
  setpriv --pdeathsig KILL python3 - "$1" "$2" << 'END' > "$scratch/logins" 2>&1 &
import signal, socket, sys
kept = []
for port in map(int, sys.argv[1:]):
    server = socket.create_server(("127.0.0.1", port))
    for source in "127.0.0.2", "127.0.0.3":
        kept += [socket.create_connection(("127.0.0.1", port), source_address=(source, 0)), server.accept()[0]]
    kept.append(server)
print("ready", flush=True)
signal.pause()
END
  logins=$!
  helpers+=("$logins")
  wait_until 5 grep -q ready "$scratch/logins"
}

find_logins() {
  local logins
  check 'two people log in by SSH and in the web interface' start_logins "$1" "$2"
  check_finds 5 ssh-open ssh:127.0.0.2 warn go
  check_finds 5 web-ui-open web-ui:127.0.0.3 warn go
  ask_ready 127.0.0.2
  check 'the one who asks is not told of himself' eval '! told ssh-open ssh:127.0.0.2 && told ssh-open ssh:127.0.0.3'
  helper_kill "$logins"
  check 'ssh-open ends within 5 s' wait_until 5 finds_no ssh-open
  check 'web-ui-open ends 30 s later' wait_until 40 finds_no web-ui-open
}

start_service() {
  cp "$(command -v sleep)" "$scratch/minidlnad"
  setpriv --pdeathsig KILL "$scratch/minidlnad" 600 &
  service=$!
  helpers+=("$service")
}

# -- the machine --

find_busy_cpu() {
  local burner burners=() i
  for ((i = 0; i < $(getconf _NPROCESSORS_ONLN); i++)); do
    (until=$((SECONDS + 40)) && while [ $SECONDS -lt $until ]; do :; done) &
    burners+=($!)
    helpers+=($!)
  done
  check_finds 25 cpu-busy cpu wait wait
  for burner in "${burners[@]}"; do
    helper_kill "$burner"
  done
}

# commits without end, one after another
find_busy_journal() {
  local writer journal=$scratch/mnt/full
  setpriv --pdeathsig KILL python3 -c 'import os, sys
with open(sys.argv[1], "r+b") as file:
    while True:
        os.pwrite(file.fileno(), os.urandom(4096), 0)
        os.utime(file.fileno())
        os.fsync(file.fileno())' "$journal/file" &
  writer=$!
  helpers+=("$writer")
  check_finds 40 journal-busy "volume:$(volume_id "$journal")" wait wait
  helper_kill "$writer"
  check 'journal-busy ends within 30 s' wait_until 30 finds_no journal-busy "volume:$(volume_id "$journal")"
}

# in a network of its own, where /sys shows that one's links: three taps whose driver lets their speed be set
links_apart() {
  mount -t sysfs none /sys || return 3
  setpriv --pdeathsig KILL python3 - << 'END' > "$scratch/taps" 2>&1 &
import fcntl, os, signal, struct
taps = []
for name in b"slow0", b"half0", b"good0":
    taps.append(os.open("/dev/net/tun", os.O_RDWR))
    fcntl.ioctl(taps[-1], 0x400454CA, struct.pack("16sH22x", name, 0x1002))
print("ready", flush=True)
signal.pause()
END
  taps=$!
  wait_until 5 grep -q ready "$scratch/taps" || return 3
  ip link set slow0 up && ip link set half0 up
  ethtool -s slow0 speed 100 duplex full autoneg off && ethtool -s half0 speed 1000 duplex half autoneg off || return 3
  ready_command env
  mv "$scratch/ready.json" "$scratch/bad-links.json"
  ip link set good0 up
  ethtool -s good0 speed 1000 duplex full autoneg off
  ready_command env
  kill_quietly "$taps"
}

find_links() {
  if [ ! -e /dev/net/tun ] || ! unshare --net true 2> /dev/null; then
    skip 'findings of links: no /dev/net/tun or no network namespaces here'
    return
  fi
  export -f links_apart ready_command wait_until look_at_clock kill_quietly
  if ! scratch=$scratch unshare --mount --net --propagation private bash -c links_apart; then
    not_ok 'links of three kinds are made' "$(cat "$scratch/taps" "$scratch/ready.err")"
    return
  fi
  check_told mtu-small link:good0 info go
  check_told link-half-duplex link:half0 warn go # beside a good link
  mv "$scratch/bad-links.json" "$scratch/ready.json"
  check_told link-slow link:slow0 warn go
  check_told link-half-duplex link:half0 block no
}

# a kernel that does not tell what decides
find_failed_source() {
  ready_command unshare --mount --propagation private sh -c 'mount --bind /dev/null /proc/stat && exec "$@"' -
  check_told source-failed source:cpu warn go
}

test_findings() {
  local service code ssh_port=$((32000 + RANDOM % 300)) web_port=$((32400 + RANDOM % 300))
  if ! make_sick_volumes; then
    not_ok 'volumes with something wrong are made' "$(cat "$scratch/mkfs.log")"
    return 0
  fi
  write_shares > "$scratch/findings.conf"
  start_service
  agent_options=(--smb-conf "$scratch/findings.conf" --ssh-ports "$ssh_port" --web-ports "$web_port")
  agent_start || return 0
  find_in_volumes
  check_finds 5 service-unneeded service:minidlnad warn go
  find_logins "$ssh_port" "$web_port"
  find_busy_cpu
  find_busy_journal
  helper_kill "$service"
  agent_stop
  agent_options=()
  find_links
  find_failed_source
  for service in nojournal readonly full broken; do
    volume_unmount "$scratch/mnt/$service"
  done
}
