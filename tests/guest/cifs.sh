# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# The kernel's own SMB client, another one on the same machine.
# shellcheck shell=bash

no_session() {
  status_says '.smb.connections == 0'
}

test_cifs() {
  mkdir -p /mnt/cifs
  mount -t cifs -o username=x,password=,vers=3.0 //127.0.0.1/Backup /mnt/cifs 2> $out/cifs.log ||
    { not_ok 'the kernel mounts a share' "$(cat $out/cifs.log)"; return; }
  wait_until 40 status_says '.smb.connections == 1 and .smb.sessions == 1' || true
  row cifs 'TCP connections (ss)' "$(ss -Htn state established 'sport = :445' | wc -l)" "$(field .smb.connections)"
  row cifs 'sessions (smbstatus)' "$(smbstatus -p 2> /dev/null | grep -c SMB3)" "$(field .smb.sessions)"
  row cifs 'mounted share' "$(findmnt -no SOURCE,FSTYPE /mnt/cifs | xargs)" \
    "$(field '.volumes[] | select(.mount == "/mnt/cifs") | "\(.device) \(.fstype)"')"
  told cifs 'findings' '' "$(findings)"
  dd if=/dev/zero of=/mnt/cifs/file bs=1M count=32 status=none
  row cifs 'file in the share' "$(stat -c %s /srv/backup/file)" 33554432
  umount /mnt/cifs
  check 'the session goes' wait_until 40 no_session
  rm -f /srv/backup/file
}
