# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# The unit's sandbox is in force: something is started in it, by a drop-in, that tries what must be denied; and the
# service with its sandbox can do what it must: read a file system's superblock, ask smbstatus.
# shellcheck shell=bash

tries='write:touch /etc/nasready-was-here
usr:touch /usr/bin/nasready-was-here
home:touch /root/nasready-was-here
clock:date -s 2001-01-01
module:modprobe dummy
mount:mount -t tmpfs none /mnt
kernel:sysctl -w vm.swappiness=61
hostname:hostname somebody-else
state:touch /var/lib/nasready/was-here'

test_sandbox() {
  local level
  systemd-analyze security nasready.service --no-pager > $out/security 2>&1
  level=$(tail -n 1 $out/security)
  told sandbox 'systemd-analyze security' "$level"
  systemd-analyze verify nasready.service > $out/verify 2>&1
  expect complaints '' "$(grep -i nasready $out/verify | grep -v 'man nasready')"
  verdict 'systemd-analyze verify finds nothing'
  mkdir -p /etc/systemd/system/nasready.service.d
  {
    echo '#!/bin/sh'
    while IFS=: read -r name command; do
      echo "if $command > /run/nasready/try 2>&1; then echo '$name allowed'; else echo '$name denied:' \$(head -n 1 /run/nasready/try); fi"
    done <<< "$tries"
    echo 'rm -f /run/nasready/try'
  } > /usr/local/bin/nasready-tries
  chmod 755 /usr/local/bin/nasready-tries
  printf '[Service]\nExecStartPre=-/usr/local/bin/nasready-tries\n' > /etc/systemd/system/nasready.service.d/tries.conf
  systemctl daemon-reload
  systemctl restart nasready
  wait_until 20 answers /v1/status || not_ok 'it answers after a restart' "$(journalctl -u nasready --no-pager | tail -n 5)"
  journalctl -b -u nasready -o cat --no-pager | grep -E '^(write|usr|home|clock|module|mount|kernel|hostname|state) ' > $out/tries
  while read -r name how; do
    told sandbox "$name" "$how"
  done < $out/tries
  # a share may lie anywhere, in /root too
  expect allowed 'home state' "$(sed -n 's/ allowed$//p' $out/tries | xargs)"
  expect denied 7 "$(grep -c ' denied' $out/tries)"
  verdict 'in the sandbox only the shares and its own state can be written'
  expect no_new_privileges 1 "$(awk '$1 == "NoNewPrivs:" { print $2 }' "/proc/$(main_pid)/status")"
  expect seccomp 2 "$(awk '$1 == "Seccomp:" { print $2 }' "/proc/$(main_pid)/status")"
  verdict 'no new privileges, system calls filtered'
  told sandbox 'capabilities it may have' "$(capsh --decode="$(awk '$1 == "CapBnd:" { print $2 }' "/proc/$(main_pid)/status")" | sed 's/.*=//')"
  rm -rf /root/nasready-was-here /etc/systemd/system/nasready.service.d /usr/local/bin/nasready-tries /var/lib/nasready/was-here
  systemctl daemon-reload
  systemctl restart nasready
  check 'the service works without the drop-in' wait_until 20 answers /v1/status
  # an emulated machine takes its time to read the superblock after the start
  wait_until 60 status_says '.volumes[] | select(.mount == "/").label != null' || true
  row sandbox 'label of /' "$(blkid -s LABEL -o value /dev/vda)" "$(field '.volumes[] | select(.mount == "/").label')"
}
