# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# For tests/live/run.sh: Network UPS Tools' own upsd with its dummy-ups driver, whose UPS is a file; then nobody in its
# place, and one who stops in mid-sentence.
# shellcheck shell=bash

# where the distributions put it; Debian's /usr/sbin/upsd asks /etc/nut whether it may
find_nut() {
  local place
  for place in /lib/nut /usr/lib/nut /usr/libexec/nut /usr/sbin /usr/bin; do
    [ -x "$place/$1" ] && echo "$place/$1" && return
  done
  return 1
}

set_ups() {
  printf 'ups.model: dummy\nups.status: %s\nbattery.charge: %s\nbattery.runtime: %s\n' "$@" > "$nut/lab.new"
  mv "$nut/lab.new" "$nut/lab.dev"
}

# what upsd tells its own client
upsc_says() {
  [ "$(upsc "lab@127.0.0.1:$ups_port" ups.status 2> /dev/null)" = "$1" ]
}

start_upsd() {
  daemon_start "$nut/upsd.log" env NUT_CONFPATH="$nut" NUT_STATEPATH="$nut" "$(find_nut upsd)" -u root -F
  wait_until 10 upsc_says "$1"
}

start_nut() {
  mkdir -m 700 "$nut"
  printf '[lab]\n  driver = dummy-ups\n  port = %s\n' "$nut/lab.dev" > "$nut/ups.conf"
  echo "LISTEN 127.0.0.1 $ups_port" > "$nut/upsd.conf"
  : > "$nut/upsd.users"
  set_ups OL 100 1800
  daemon_start "$nut/driver.log" env NUT_CONFPATH="$nut" NUT_STATEPATH="$nut" "$(find_nut dummy-ups)" -a lab -u root -F
  driver=$daemon
  start_upsd OL
}

# check_ups_unknown WHAT REASON STATE: upsd is asked every 10 s, and has 5 s to answer
check_ups_unknown() {
  check "$1" wait_until 20 status_says '.ups.present == null and .ups.on_battery == null
    and (.ups.reason | test($reason)) and (.sources[] | select(.name == "ups").state == $state)' \
    reason "$2" state "$3"
  echo "# reason: $(field .ups.reason)"
}

# a fake upsd, which sends this and then nothing more; with `close` it hangs up
start_fake() {
  setpriv --pdeathsig KILL python3 - "$ups_port" "$1" "${2:-}" << 'END' > "$nut/fake" 2>&1 &
import socket, sys, time
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("ready", flush=True)
kept = []
while True:
    peer = server.accept()[0]
    peer.recv(1000)
    peer.send(sys.argv[2].encode().decode("unicode_escape").encode())
    peer.close() if sys.argv[3] else kept.append(peer)
END
  fake=$!
  helpers+=("$fake")
  wait_until 5 grep -q ready "$nut/fake"
}

check_mains() {
  check 'a UPS on mains is present, and as upsd has it' wait_until 15 status_says '.ups.present == true
    and .ups.on_battery == false and .ups.battery_low == false and .ups.name == "lab"
    and .ups.charge_percent == 100 and .ups.runtime_s == 1800'
  check 'and is no finding' finds_no ups-on-battery
}

check_battery() {
  set_ups 'OB DISCHRG' 81 600
  check 'upsd says OB when mains fail' wait_until 10 upsc_says 'OB DISCHRG'
  check_finds 15 ups-on-battery ups block no
  set_ups 'OB LB DISCHRG' 9 60
  check 'a low battery is seen' wait_until 20 status_says '.ups.battery_low == true and .ups.charge_percent == 9'
  echo "# $(ask_ready && jq -r '.findings[] | select(.code == "ups-on-battery").message' "$scratch/ready.json")"
  set_ups 'OL CHRG' 12 90
  check 'when mains are back, the finding ends 30 s later' wait_until 50 finds_no ups-on-battery
}

test_ups() {
  local nut=$scratch/nut ups_port=$((34000 + RANDOM % 500)) driver fake
  if ! find_nut upsd > /dev/null || ! find_nut dummy-ups > /dev/null || ! command -v upsc > /dev/null; then
    not_ok 'a UPS of upsd' 'upsd, dummy-ups or upsc is missing: apt-get install nut-server nut-client (make deps)'
    return 0
  fi
  check 'upsd with a dummy UPS runs' start_nut
  agent_options=(--ups "lab@127.0.0.1:$ups_port")
  agent_start || return 0
  check_mains
  check_battery
  agent_kill "$daemon"
  check_ups_unknown 'without upsd the UPS is unknown, with a reason' 'no upsd answers' absent
  start_fake 'BEGIN LIST UPS\nUPS lab "a UPS"\nEND LIST UPS\nVAR lab ups.status "O'
  check_ups_unknown 'an upsd that stops in mid-sentence is unknown, with a reason' 'mid-sentence' stale
  ask_status
  check "and the answer comes in time ($took s)" jq -en --arg took "$took" '($took | tonumber) < 0.3'
  helper_kill "$fake"
  start_fake 'BEGIN LIST U' close
  check_ups_unknown 'so is one that hangs up in mid-sentence' 'mid-sentence|does not talk' stale
  helper_kill "$fake"
  check 'upsd runs again' start_upsd 'OL CHRG'
  check 'and the UPS is known again within 15 s' wait_until 15 status_says '.ups.present == true'
  agent_kill "$daemon"
  agent_kill "$driver"
  agent_stop
  agent_options=()
}
