# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# A reboot while files are written and an allocation runs; the part `rebooted` looks at what came back.
# shellcheck shell=bash

test_reboot() {
  ask_status
  field .agent.id > $kept/id
  find /var/lib/nasready -type f -exec md5sum {} + > $kept/state
  (while :; do dd if=/dev/zero of=/srv/backup/load bs=1M count=256 conv=fsync status=none; done) &
  smbclient -N //127.0.0.1/Backup -c 'put /usr/bin/bash a; put /usr/bin/perl b' > /dev/null 2>&1 &
  sleep 4
  ask_status
  told reboot 'before it' "load $(cut -d ' ' -f 1 /proc/loadavg)" "$(field '"\(.answer), cpu \(.cpu.busy_percent) %"')"
  date +%s > $kept/reboot-at
  reboot_now
}
