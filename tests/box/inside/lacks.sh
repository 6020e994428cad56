# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# A kernel without the journal's statistics, mb_groups and the links' speed: empty folders over those that have them.
# shellcheck shell=bash

test_lacks() {
  local folder
  for folder in /proc/fs /sys/fs/ext4 /sys/class/net; do
    mount -t tmpfs -o size=4k lacking $folder
  done
  agent_again || { not_ok 'the agent starts on such a kernel' "$(tail -n 5 $out/agent.log)"; }
  wait_until 15 is_seen
  expect free "$(stat -f -c %f /c)" "$(of_volume '.free_bytes / 4096')"
  expect journal null "$(of_volume .journal.state)"
  expect reason true "$(of_volume '.journal.reason != null')"
  expect knee null "$(of_volume .knee_bytes)"
  # the driver still answers the older question (ETHTOOL_GSET)
  expect speed true "$(field '.links | all(.speed_mbps == 100 or (.speed_mbps == null and .reason != null))')"
  verdict 'without /proc/fs, /sys/fs/ext4 and /sys/class/net: unknown with a reason, and the rest works'
  echo "# journal: $(of_volume .journal.reason); links: $(field '.links | tojson')"
  ask '/v1/plan?share=Backup&size=5.3TiB' --max-time 30
  expect status 200 "$status"
  expect knee null "$(jq -r .knee_bytes $scratch/body)"
  [ "$status" = 200 ] || differs+="$(jq -r .detail $scratch/body)"$'\n'
  verdict 'and there is a plan'
  for folder in /proc/fs /sys/fs/ext4 /sys/class/net; do
    umount $folder
  done
}
