# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# The gate in smbd: Debian's armel smbd with the add-on's libnasready-gate.so and `strict allocate = yes`, asked by a client
# on another machine (the host) to set sizes. Only where the board has a network card. The clients have 10 s here, so that
# steps are small: this processor takes a minute for a TiB.
# shellcheck shell=bash

enforce_size=5827411627212 # 5.3 TiB
enforce_within=137438953472 # 128 GiB: a step of the ladder
enforce_beyond=500000000000 # above the largest step, which is 341 GiB

answered() {
  [ -e "/c/Backup/answer.$asked" ]
}

# the host sets that size of that file, and lays what the server said into the share; leaves $said and $waited
client_sets() { # FILE SIZE
  asked=$((asked + 1))
  echo "BOX-WANTS-SIZE $asked $1 $2"
  said='' waited=''
  wait_until 300 answered || { differs+="no answer to $2"$'\n'; return; }
  # shellcheck disable=SC2034
  read -r _ said waited _ < "/c/Backup/answer.$asked"
  rm -f "/c/Backup/answer.$asked"
  echo "# $2 bytes: $said, the client waited $waited s"
}

free_blocks() {
  stat -f -c %f /c
}

refused_once() {
  status_says '.gate.refused == 1 and (.gate.steps[] | select(.state == "refused") | .refusal == "step-too-large")'
}

# no systemd here, so the object comes by the environment, as the add-on's README says
smbd_with_object() {
  LD_PRELOAD=$addon/libnasready-gate.so NASREADY_RUN_DIR=/var/run/nasready /etc/init.d/samba start
  wait_until 60 port_is_open
}

check_enabled() {
  cp $addon/nasready.conf $scratch/nasready.conf
  echo 'client-timeout-s = 10' >> $addon/nasready.conf
  agent_again
  $only_2631 $addon/nasready gate enable Backup --config $addon/nasready.conf > $out/gate 2>&1
  expect code 0 $?
  sed 's/^/# | /' $out/gate
  verdict 'gate enable: the agent has taken it up'
  check 'smbd runs with the object' smbd_with_object
  expect loaded yes "$(grep -q libnasready-gate.so "/proc/$(cat /run/samba/smbd.pid)/maps" && echo yes)"
  expect word enforce "$(wait_until 60 status_says '.shares[] | select(.name == "Backup") | .gate == "enforce"'; field '.shares[].gate')"
  verdict 'and the status says so'
}

check_refused() {
  local before
  before=$(free_blocks)
  client_sets refused.vhdx $enforce_size
  expect said STATUS_DISK_FULL "$said"
  expect free_blocks "$before" "$(free_blocks)"
  verdict '5.3 TiB in one step: the client is told that the disk is full, and no block is taken'
  check 'the refusal is counted' wait_until 10 refused_once
  jq -c '.gate' $scratch/status.json | cut -c1-400 | sed 's/^/# | /'
  client_sets step.vhdx $enforce_within
  expect said STATUS_SUCCESS "$said"
  # a little more, for the list of its extents
  expect_near taken $enforce_within "$(($(stat -c '%b * %B' /c/Backup/step.vhdx)))" 1048576
  verdict 'a step of the ladder passes'
}

check_without_agent() {
  local before
  rm -f /c/Backup/step.vhdx
  sync
  find_agent && kill -KILL "${agent_pids[@]}"
  wait_until 10 no_agent
  before=$(free_blocks)
  client_sets dead.vhdx $enforce_beyond
  expect said STATUS_SUCCESS "$said"
  expect taken yes "$([ "$(free_blocks)" -lt $((before - enforce_beyond / 4096 + 1)) ] && echo yes)"
  verdict 'the agent is killed: smbd takes 500 GB at once, as without the object'
  rm -f /c/Backup/dead.vhdx
}

test_enforce() {
  local asked=0 said waited
  [ -e /sys/class/net/eth0 ] || { skip 'the gate in smbd: this board has no network card (make box-arm926)'; return; }
  [ -e $addon/libnasready-gate.so ] || { not_ok 'the object is in the add-on'; return; }
  network_begin
  mkdir -p /c/Backup
  check_enabled
  check_refused
  check_without_agent
  /etc/init.d/samba stop
  wait_until 20 no_smbd || pkill -KILL -x smbd
  $only_2631 $addon/nasready gate disable Backup --config $addon/nasready.conf > $out/gate-off 2>&1
  expect code 0 $?
  expect left '' "$(ls $addon/state/gate.conf 2> /dev/null)"
  verdict 'gate disable takes it back'
  cp $scratch/nasready.conf $addon/nasready.conf
  agent_begin
  check 'the agent runs again' wait_until 30 first_line /v1
}
