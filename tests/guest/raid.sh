# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# A RAID 1 on two disks: while it is made, when a member fails, while that is rebuilt.
# shellcheck shell=bash

raid_speed() {
  echo "$1" > /proc/sys/dev/raid/speed_limit_min
  echo "$1" > /proc/sys/dev/raid/speed_limit_max
}

of_raid() {
  field ".raid[] | select(.name == \"md0\") | $1"
}

of_mdadm() {
  mdadm --detail /dev/md0 | sed -n "s/^ *$1 : //p"
}

array_idle() {
  [ "$(cat /sys/block/md0/md/sync_action)" = idle ]
}

in_percent() {
  grep -oE '(resync|recovery) = *[0-9.]+%' /proc/mdstat | grep -oE '[0-9.]+'
}

# the system first, then the agent: its look may be 2 s old
compare_raid() {
  local percent
  wait_until 10 status_says '.raid[0].name == "md0"'
  sleep 2.5
  percent=$(in_percent)
  ask_status
  row "$1" 'sync action' "$(sed 's/idle/null/; s/recover$/recovery/' /sys/block/md0/md/sync_action)" "$(of_raid '.sync // "null"')"
  [ -z "$percent" ] || row_near "$1" 'percent done' "$percent" "$(of_raid .sync_percent)" 4
  row "$1" 'working members' "$(of_mdadm 'Active Devices') of $(of_mdadm 'Raid Devices')" "$(of_raid '"\(.active) of \(.members)"')"
  row "$1" degraded "$(of_mdadm State | grep -c degraded | sed 's/0/false/; s/1/true/')" "$(of_raid .degraded)"
  told "$1" state "$(of_mdadm State)" "$(of_raid .state); $(findings)"
}

test_raid() {
  modprobe raid1
  raid_speed 2000
  mdadm --create /dev/md0 --run --level=1 --raid-devices=2 --metadata=1.2 /dev/vdd /dev/vde > $out/mdadm.log 2>&1 ||
    { not_ok 'a RAID 1 is made' "$(cat $out/mdadm.log)"; return; }
  mkfs.ext4 -q -L data /dev/md0
  mkdir -p /srv/data
  mount /dev/md0 /srv/data
  compare_raid 'RAID resync'
  check 'finding raid-resync' wait_until 10 found raid-resync
  row 'RAID resync' 'volume of' "$(findmnt -no SOURCE /srv/data)" "$(field '.volumes[] | select(.mount == "/srv/data").device')"
  raid_speed 900000
  wait_until 90 array_idle || not_ok 'the resync ends'
  check 'it goes when the resync ends' wait_until 15 not_found raid-resync
  compare_raid 'RAID whole'
  mdadm --fail /dev/md0 /dev/vde > /dev/null 2>&1
  compare_raid 'RAID degraded'
  check 'finding raid-degraded' wait_until 10 found raid-degraded
  raid_speed 2000
  mdadm --remove /dev/md0 /dev/vde > /dev/null 2>&1
  mdadm --zero-superblock /dev/vde
  mdadm --add /dev/md0 /dev/vde > /dev/null 2>&1
  sleep 1
  compare_raid 'RAID rebuild'
  raid_speed 900000
  wait_until 90 array_idle || not_ok 'the rebuild ends'
  check 'it goes when the rebuild ends' wait_until 15 not_found raid-degraded
  umount /srv/data
  mdadm --stop /dev/md0 > /dev/null 2>&1
}
