# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# Runs in the box as root, started by its init: the parts that /in/parts names, each a function test_PART in a file beside
# this, which is called by its first word.
# What a part leaves in /out comes back to the host.
# shellcheck shell=bash
set -uo pipefail
cd /in || exit 2
scratch=/tmp out=/out addon=/etc/frontview/addons/bin/NASREADY
only_2631=/in/bin/as2631
# shellcheck source=tests/live/lib.sh
. tests/live/lib.sh
url=http://127.0.0.1:8439

# seconds since power-on; no process is started for it
uptime_ms() {
  local up
  read -r up _ < /proc/uptime
  up=${up/./}
  now_ms=$((10#$up * 10))
}

# the first line of an answer, as soon as there is one: asked without starting a process, they are slow here
first_line() {
  local line
  line=$({ exec 3<> /dev/tcp/127.0.0.1/8439 && printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' "$1" >&3 &&
    read -r line <&3 && echo "$line"; } 2> /dev/null) || return 1
  [[ $line == *' 200 '* ]]
}

# both processes; the numbers in $agent_pids
find_agent() {
  local file
  agent_pids=()
  for file in /proc/[0-9]*/exe; do
    case $(readlink "$file") in
      */nasready) agent_pids+=("${file//[^0-9]/}") ;;
    esac
  done
  [ ${#agent_pids[@]} -gt 0 ]
}

no_agent() {
  ! find_agent
}

# for moments there are children that ask for what can hang
two_processes() {
  find_agent && [ ${#agent_pids[@]} = 2 ]
}

# the agent under the filter, by the add-on's own script where there is one
agent_begin() {
  if [ -x $addon/start.sh ]; then
    $only_2631 $addon/start.sh
  else
    mkdir -p /run/nasready
    $only_2631 bin/nasready serve --user nobody --state-dir /run/nasready > $out/agent.log 2>&1 < /dev/null &
  fi
}

agent_end() {
  if [ -x $addon/stop.sh ]; then
    $addon/stop.sh
  elif find_agent; then
    kill "${agent_pids[@]}" 2> /dev/null
  fi
  wait_until 10 no_agent
}

agent_again() {
  agent_end
  agent_begin
  wait_until 30 first_line /v1
}

# of smbd
port_is_open() {
  ss -Htln 'sport = :445' | grep -q .
}

no_smbd() {
  ! pgrep -x smbd > /dev/null
}

# to the host, where the board has a card
network_begin() {
  ip link set eth0 up
  ip address replace 10.0.2.15/24 dev eth0
}

echo "# $(uname -srm); $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1); $(awk '$1 == "MemTotal:" { print $2 }' /proc/meminfo) KiB"
read -ra parts < parts
for part in "${parts[@]}"; do
  # shellcheck source=/dev/null
  . "box/inside/${part%%_*}.sh"
  uptime_ms
  began_ms=$now_ms
  "test_$part"
  uptime_ms
  echo "# $part: $(((now_ms - began_ms) / 1000)) s"
done
echo "$passed passed, $failed failed$([ "$skipped" = 0 ] || echo ", $skipped skipped")"
[ "$failed" = 0 ]
