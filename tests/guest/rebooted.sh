# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# After the part `reboot`.
# shellcheck shell=bash

test_rebooted() {
  local stop
  check 'it answers after a reboot under load' wait_until 30 answers /v1/status
  ask_status
  row reboot 'service' "$(systemctl is-active nasready)" "$(field 'if .agent.version then "active" else "" end')"
  row reboot 'id of the installation' "$(cat $kept/id)" "$(field .agent.id)"
  row reboot 'uptime above 0, below that of the machine' true \
    "$(jq -n --argjson up "$(field .agent.uptime_s)" --argjson all "$(cut -d ' ' -f 1 /proc/uptime)" '$up > 0 and $up <= $all')"
  told reboot 'the unit became active after' "$(systemctl show -p ActiveEnterTimestampMonotonic --value nasready | awk '{ print $1 / 1000000 }') s"
  stop=$(journalctl -b -1 -u nasready -o cat --no-pager | tail -n 4 | tr '\n' ';')
  told reboot 'the last words before it' "$stop"
  expect killed '' "$(journalctl -b -1 -u nasready --no-pager | grep -iE 'SIGKILL|timed out')"
  verdict 'it ended by itself, in time'
  expect errors '' "$(journalctl -b -k --no-pager | grep -i 'EXT4-fs error')"
  row reboot 'errors of /' "$(tune2fs -l /dev/vda | sed -n 's/^FS Error count: *//p' | grep . || echo null)" \
    "$(field '.volumes[] | select(.mount == "/").journal.last_error')"
  verdict 'the file system has no errors'
  rm -f /srv/backup/*
}
