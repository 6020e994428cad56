# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# The firmware mounts the data volume when the agent already runs: it must be seen then. Shows what the agent says.
# shellcheck shell=bash

is_seen() {
  ask_status && find_volume /c
}

# in short, then all of it, a line for each of its parts
show_status() {
  jq -r '"# | \(.agent.host) \(.agent.version) (\(.agent.target)), Linux \(.agent.kernel), up \(.agent.uptime_s) s; answer \(.answer)",
    (.findings[] | "# |   \(.severity) \(.code): \(.message)"),
    "# | cpu \(.cpu.busy_percent) % of \(.cpu.cores); memory \(.memory.available_bytes) of \(.memory.total_bytes)",
    (.volumes[] | "# | \(.mount) \(.device) \(.fstype): \(.free_bytes) of \(.size_bytes) free, \(.state), settled \(.settled), journal \(.journal.mode) \(.journal.state)"),
    (.links[] | "# | \(.name) up \(.up) mtu \(.mtu) speed \(.speed_mbps)")' "$1"
  echo '# GET /v1/status'
  jq -r 'to_entries[] | "# | \(.key): \(.value | tojson)"' "$1"
}

test_volume() {
  local told
  agent_again || { not_ok 'the agent answers before there is a data volume' "$(tail -n 5 $out/agent.log)"; return; }
  ask_status
  expect volumes / "$(field '[.volumes[].mount] | join(" ")')"
  verdict 'before the data volume is mounted the agent knows the root alone'
  /etc/init.d/volume
  mkdir -p /c/Backup
  check 'the volume is seen when it is mounted' wait_until 20 is_seen
  check 'its label is known soon after' wait_until 20 volume_says /c '.label != null'
  read -r told <<< "$(stat -f -c '%b %f %a %S' /c | awk '{ printf "%.0f %.0f %.0f", $1 * $4, $2 * $4, $3 * $4 }')"
  expect space "$told" "$(of_volume '"\(.size_bytes) \(.free_bytes) \(.available_bytes)"')"
  expect fstype ext4 "$(of_volume .fstype)"
  expect label c "$(of_volume .label)"
  verdict 'its space is what statfs says'
  cp $scratch/status.json $out/status.json
  show_status $out/status.json
}
