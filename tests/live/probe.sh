# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# For tests/live/run.sh: nasready probe and POST /v1/probes on a sparse ext4 of 1 TiB: what they learn a running agent
# takes up, what they took is free again, and where nothing can be learned they say why.
# shellcheck shell=bash

probe_configuration() {
  printf '[Big]\n  path = %s\n[Small]\n  path = %s\n[Old]\n  path = %s\n[Temporary]\n  path = %s\n' \
    "$probed" "$scratch/mnt/small" "$scratch/mnt/old" "$scratch/state.probe"
}

probe() { # SHARE: leaves $code and what it said in $scratch/told
  code=0
  "$scratch/nasready" probe "$1" --state-dir "$state" --smb-conf "$scratch/probe.conf" > "$scratch/told" 2>&1 || code=$?
  sed 's/^/# | /' "$scratch/told"
}

samples_are() {
  ask "/v1/plan?share=Big&size=1GiB" --max-time 10
  says "$scratch/body" ".cost_samples == $1 and .cost_source == \"learned\""
}

check_probe_learns() {
  local before
  before=$(stat -f -c %f "$probed")
  probe Big
  expect code 0 $code
  expect free "$before" "$(sync; stat -f -c %f "$probed")"
  expect left lost+found "$(ls -A "$probed")"
  verdict 'nasready probe learns, and leaves nothing'
  check 'the running agent takes it up' wait_until 20 samples_are 1
  wait_until 60 volume_says "$probed" '.state == "idle" and .settled == true' || true
  order POST /v1/probes '{"share": "Big"}'
  ended 'POST /v1/probes, as operator' done
  check 'and that was learned too' wait_until 20 samples_are 2
  expect free "$before" "$(sync; stat -f -c %f "$probed")"
  verdict 'what it took is free again'
}

check_probe_refusals() {
  ask /v1/probes --header 'Content-Type: application/json' --data '{"share": "Big"}'
  refused 'nobody may without a password' 401 credentials-needed
  order POST /v1/probes '{"share": "Nowhere"}'
  refused 'an unknown share' 404 no-such-share
  order POST /v1/probes '{"share": 5}'
  refused 'a share that is no name' 400 bad-body
  order POST /v1/probes '{"share": "Small"}'
  refused 'a volume of which 1 % is too little' 507 no-space
  order POST /v1/probes '{"share": "Old"}'
  refused 'ext3' 422 not-supported
  probe Small
  expect code 2 $code
  probe Nowhere
  expect nowhere 3 $code
  verdict 'nasready probe says the same'
}

test_probe() {
  local probed=$scratch/mnt/probed orders_user=operator code job
  volume_make "$probed" 1T noinit_itable mkfs.ext4 -q -m 0 -E lazy_itable_init=1,lazy_journal_init=1 &&
    volume_make "$scratch/mnt/small" 1G defaults mkfs.ext4 -q -m 0 &&
    volume_make "$scratch/mnt/old" 64M defaults mkfs.ext3 -q -m 0 || { not_ok 'volumes are made'; return 0; }
  mkdir -p "$scratch/state.probe"
  probe_configuration > "$scratch/probe.conf"
  echo "secret of $$" | "$scratch/nasready" passwd operator --credentials "$scratch/probe.passwd" --state-dir "$scratch/state.probe" > /dev/null
  agent_options=(--smb-conf "$scratch/probe.conf" --credentials "$scratch/probe.passwd" --state-dir "$scratch/state.probe")
  agent_start || return 0
  state=$scratch/state.probe
  wait_until 30 volume_says "$probed" '.settled == true' || true
  check_probe_learns
  check_probe_refusals
  agent_stop
  agent_options=()
  volume_unmount "$probed"
}
