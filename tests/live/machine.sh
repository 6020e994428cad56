# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# For tests/live/run.sh: memory, processor and links against /proc and `ip`, and the metrics against promtool.
# shellcheck shell=bash

meminfo_bytes() {
  awk -v key="$1:" '$1 == key { printf "%.0f", $2 * 1024 }' /proc/meminfo
}

compare_memory() {
  local total
  total=$(meminfo_bytes MemTotal)
  expect total "$total" "$(field .memory.total_bytes)"
  expect estimated false "$(field .memory.available_estimated)"
  # others work on this machine: 5 %
  expect_near available "$(meminfo_bytes MemAvailable)" "$(field .memory.available_bytes)" $((total / 20))
  expect swap_used "$(($(meminfo_bytes SwapTotal) - $(meminfo_bytes SwapFree)))" "$(field .memory.swap_used_bytes)"
  verdict 'memory as in /proc/meminfo'
}

compare_load() {
  local load1 load5 load15
  read -r load1 load5 load15 _ < /proc/loadavg
  # it is computed anew every 5 s, and the status may be older than that moment
  expect_near load1 "$load1" "$(field .cpu.load1)" 0.5
  expect_near load5 "$load5" "$(field .cpu.load5)" 0.2
  expect_near load15 "$load15" "$(field .cpu.load15)" 0.1
  expect cores "$(getconf _NPROCESSORS_ONLN)" "$(field .cpu.cores)"
  verdict 'load and cores as in /proc'
}

# leaves "all ticks" and "idle ticks and those that waited for a disk" of all processors
look_at_cpu() {
  local user nice system idle iowait irq softirq steal
  read -r _ user nice system idle iowait irq softirq steal _ < /proc/stat
  ticks=$((user + nice + system + idle + iowait + irq + softirq + steal)) idle_ticks=$((idle + iowait))
}

# compare_cpu: over two windows that nearly coincide, one processor kept busy meanwhile
compare_cpu() {
  local ticks idle_ticks from idle_from burner busy
  (until=$((SECONDS + 20)) && while [ $SECONDS -lt $until ]; do :; done) &
  burner=$!
  helpers+=("$burner")
  look_at_cpu
  from=$ticks idle_from=$idle_ticks
  sleep 4.5
  ask_status
  look_at_cpu
  helper_kill "$burner"
  busy=$((100 - 100 * (idle_ticks - idle_from) / (ticks - from)))
  expect_near busy_percent "$busy" "$(field .cpu.busy_percent)" 25
  expect whole true "$(field '.cpu | .user_percent + .system_percent <= .busy_percent + 0.1')"
  expect window true "$(field '.cpu.window_s > 1 and .cpu.window_s < 10')"
  verdict 'processor time as in /proc/stat, with one core kept busy'
}

# up as the agent understands it: operstate, and where that is unknown the carrier
compare_links() {
  local name mtu up
  ip -j link | jq -r '.[] | select(.ifname != "lo") | [.ifname, .mtu, if .operstate == "UNKNOWN"
    then (.flags | index("LOWER_UP") != null) else .operstate == "UP" end] | @tsv' > "$scratch/links"
  expect count "$(wc -l < "$scratch/links")" "$(field '.links | length')"
  while IFS=$'\t' read -r name mtu up; do
    expect "$name.up" "$up" "$(field ".links[] | select(.name == \"$name\").up")"
    expect "$name.mtu" "$mtu" "$(field ".links[] | select(.name == \"$name\").mtu")"
    expect "$name.speed" "$(speed_of "$name")" "$(field ".links[] | select(.name == \"$name\").speed_mbps")"
  done < "$scratch/links"
  verdict 'links as `ip -j link` has them'
}

speed_of() {
  local speed
  speed=$(cat "/sys/class/net/$1/speed" 2> /dev/null || true)
  case $speed in '' | -1 | 65535) echo null ;; *) echo "$speed" ;; esac
}

compare_moment() {
  expect kernel "$(uname -r)" "$(field .agent.kernel)"
  expect host "$(hostname)" "$(field .agent.host)"
  expect_near time "$(date +%s)" "$(field '.time | fromdate')" 15 # a look may be late on a busy machine
  verdict 'kernel, host and time'
}

test_machine() {
  agent_start || return 0
  check 'two samples are there within 8 s' wait_until 8 has_rates
  compare_memory
  compare_load
  compare_links
  compare_moment
  compare_cpu
  agent_stop
}

has_rates() {
  ask_status && jq -e '.cpu.busy_percent != null' "$scratch/status.json" > /dev/null
}

test_metrics() {
  make_plain
  agent_start || return 0
  wait_until 5 has_rates || true
  ask /metrics
  if ! command -v promtool > /dev/null; then
    not_ok 'promtool finds nothing wrong with /metrics' 'promtool is missing: apt-get install prometheus (make deps)'
  elif promtool check metrics < "$scratch/body" > "$scratch/promtool" 2>&1 && [ ! -s "$scratch/promtool" ]; then
    ok "promtool finds nothing wrong with /metrics ($(grep -c '^nasready_' "$scratch/body") samples)"
  else
    not_ok 'promtool finds nothing wrong with /metrics' "$(head -n 10 "$scratch/promtool")"
  fi
  agent_stop
}
