# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# Debian's smbd beside the agent: sessions, and an allocation as Windows asks for it. The client comes from the host where
# the board has a network card.
# shellcheck shell=bash

session_is_seen() {
  status_says '.smb.connections == 1'
}

is_allocating() {
  volume_says /c '.state == "allocating"'
}

free_kib() {
  awk '$1 == "MemAvailable:" { print $2 }' /proc/meminfo
}

from_here() {
  mkfifo $scratch/hold
  exec {hold}<> $scratch/hold
  smbclient -N //127.0.0.1/Backup <&"$hold" > $out/smbclient.log 2>&1 &
  helpers+=($!)
  check 'a session of smbclient is seen' wait_until 60 session_is_seen
  helper_kill "${helpers[-1]}"
  exec {hold}<&-
}

from_host() {
  local told size
  network_begin
  echo 'BOX-WANTS-CLIENT'
  check 'a session from another machine is seen' wait_until 60 session_is_seen
  expect address 10.0.2.2 "$(field '[.smb.clients[]?.address] | join(" ")')"
  told=$(ss -Htn state established 'sport = :445' | wc -l)
  expect connections "$told" "$(field .smb.connections)"
  verdict 'its address and number as `ss` has them'
  check 'the allocation that it asks for is seen' wait_until 120 is_allocating
  echo "# rate $(of_volume .rate_bytes_per_s) bytes/s"
  for _ in {1..60}; do
    size=$(stat -c %s /c/Backup/SRV1.vhdx 2> /dev/null || echo 0)
    [ "$size" -lt 500000000000 ] || break
    sleep 2
  done
  expect size 500000000000 "$size"
  verdict 'it is done'
}

test_samba() {
  local before
  before=$(free_kib)
  /etc/init.d/samba start
  check 'smbd listens' wait_until 60 port_is_open
  mkdir -p /c/Backup
  if [ -e /sys/class/net/eth0 ]; then from_host; else from_here; fi
  echo "# smbd with one client: $((before - $(free_kib))) KiB less memory available, $(free_kib) KiB left; smbd processes: \
$(ps -C smbd -o rss= | awk '{ sum += $1; n++ } END { print n, "with", sum, "KiB resident" }')"
  # a client that holds the file would keep its space
  /etc/init.d/samba stop
  wait_until 20 no_smbd || pkill -KILL -x smbd
  rm -f /c/Backup/SRV1.vhdx
}
