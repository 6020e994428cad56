# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# For tests/live/run.sh: an agent without root's rights, which may not open a device.
# shellcheck shell=bash

test_nonroot() {
  local device
  make_plain
  device=$(device_of "$plain")
  agent_start setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups || return 0
  check 'as nobody, the agent answers' answers /v1/status
  check 'as nobody, it gives a reason for the missing label within 5 s' \
    wait_until 5 volume_says "$plain" '.label_reason | test("Permission denied")'
  look_at_space "$plain"
  expect user nobody "$(ps -o user= -p "$agent" | tr -d ' ')"
  expect label null "$(of_volume .label)"
  expect uuid null "$(of_volume .uuid)"
  expect device_named true "$(jq -r --arg device "$device" '.label_reason | contains($device)' "$scratch/volume.json")"
  expect size "${space%% *}" "$(of_volume .size_bytes)"
  expect journal true "$(of_volume .journal.present)"
  verdict 'as nobody, all but the device is known'
  echo "# label_reason: $(of_volume .label_reason)"
  agent_stop
}
