# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# For tests/live/run.sh: virtual disks in the shares of a real smbd that keeps its oplocks in the kernel (kernel oplocks =
# yes): found, judged, left alone while a client has them open, flushed and judged anew afterwards.
# shellcheck shell=bash

# disk_says FILE FILTER: of GET /v1/disks
disk_says() {
  ask /v1/disks
  [ "$status" = 200 ] && jq -e --arg file "$1" "first(.disks[] | select(.file == \$file)) | $2" "$scratch/body" > /dev/null
}

disk_field() {
  jq -r --arg file "$1" "first(.disks[] | select(.file == \$file)) | $2" "$scratch/body"
}

no_such_disk() {
  ask /v1/disks
  jq -e --arg file "$1" 'all(.disks[]; .file != $file)' "$scratch/body" > /dev/null
}

make_disks() {
  local share=$scratch/mnt/smb
  qemu-img create -q -f vhdx -o subformat=fixed,block_size=1M,block_state_zero=off "$share/SRV1.vhdx" 20M
  qemu-img create -q -f vhdx -o subformat=dynamic "$share/dynamic.vhdx" 1G
  qemu-img create -q -f vpc -o subformat=dynamic "$share/old.vhd" 1G
  mkdir -p "$share/one/two" "$share/.hidden" "$share/WindowsImageBackup/SRV1/Backup 2026-11-22 210407"
  cp --sparse=always "$share/dynamic.vhdx" "$share/one/deeper.VHDX"
  cp --sparse=always "$share/dynamic.vhdx" "$share/one/two/too deep.vhdx"
  cp --sparse=always "$share/dynamic.vhdx" "$share/.hidden/hidden.vhdx"
  cp --sparse=always "$share/dynamic.vhdx" "$share/WindowsImageBackup/SRV1/Backup 2026-11-22 210407/a.vhdx"
  ln -s /etc/hostname "$share/link.vhdx"
  ln -s /etc "$share/link"
  mkfifo "$share/fifo.vhdx"
  printf x > "$share/broken.vhdx"
}

check_found() {
  wait_until 20 disk_says SRV1.vhdx '.current'
  expect found 'SRV1.vhdx WindowsImageBackup/SRV1/Backup 2026-11-22 210407/a.vhdx broken.vhdx dynamic.vhdx old.vhd one/deeper.VHDX' \
    "$(jq -r '[.disks[].file] | sort | join(" ")' "$scratch/body")"
  expect verdict 'vhdx fixed true true false' \
    "$(disk_field SRV1.vhdx '[.format, .type, .clean, .hollow, .in_use] | join(" ")')"
  ask "/v1/disks/$(disk_field SRV1.vhdx .id)"
  expect one 'SRV1.vhdx 200' "$(jq -r .file "$scratch/body") $status"
  verdict 'virtual disks are found'
  for disk in SRV1.vhdx:go dynamic.vhdx:go old.vhd:no broken.vhdx:no; do
    ask "/v1/ready?disk=Backup/${disk%:*}"
    expect "$disk" "$([ "${disk#*:}" = no ] && echo true || echo false)" \
      "$(jq '[.findings[] | select(.severity == "block") | .code] | any(startswith("disk-"))' "$scratch/body")"
  done
  ask '/v1/ready?disk=Backup/dynamic.vhdx'
  expect codes disk-dynamic "$(jq -r '[.findings[].code | select(startswith("disk-"))] | join(" ")' "$scratch/body")"
  verdict 'and decide for who asks about them'
}

leases() {
  grep -c "LEASE .*ACTIVE .*WRITE .*:$(stat -c %i "$scratch/mnt/smb/$1") " /proc/locks
}

# the client's oplock is the kernel's, and nothing that the agent or `inspect` does breaks it
check_left_alone() {
  local at
  client_start Backup --open SRV1.vhdx --oplock
  if [ "$(leases SRV1.vhdx)" = 0 ]; then
    skip 'kernel oplocks: smbd takes no lease here'
    clients_end
    return
  fi
  expect before 1 "$(leases SRV1.vhdx)"
  wait_until 40 disk_says SRV1.vhdx '.in_use'
  expect in-use true "$(disk_field SRV1.vhdx .in_use)"
  for at in 1 2 3; do
    ask /v1/disks
    "$scratch/nasready" inspect "$scratch/mnt/smb/SRV1.vhdx" > /dev/null 2>&1
    expect "inspect-$at" 3 $?
    sleep 11 # a search every 10 s
  done
  expect after 1 "$(leases SRV1.vhdx)"
  expect breaks 0 "$(grep -c break "$client_log")"
  ask '/v1/ready?disk=Backup/SRV1.vhdx'
  expect finding true "$(jq '[.findings[] | select(.severity == "block") | .code] | any(. == "disk-in-use")' "$scratch/body")"
  # and the test could have noticed: an ordinary open does break it
  timeout 2 head -c 1 "$scratch/mnt/smb/SRV1.vhdx" > /dev/null 2>&1
  expect 'an ordinary open' 0 "$(leases SRV1.vhdx)"
  verdict 'an oplock is not broken'
  clients_end
}

check_after_close() {
  local before
  ask /v1/disks
  before=$(disk_field SRV1.vhdx .data_write_id)
  client_start Backup --open SRV1.vhdx --oplock
  wait_until 40 disk_says SRV1.vhdx '.in_use'
  qemu-io -f vhdx -c 'write -q -P 5 1M 1M' "$scratch/mnt/smb/SRV1.vhdx" > /dev/null 2>&1
  disk_says SRV1.vhdx '.clean == null' || true
  clients_end
  wait_until 60 disk_says SRV1.vhdx '.current and .in_use == false'
  expect clean 'true false' "$(disk_field SRV1.vhdx '[.clean, .in_use] | join(" ")')"
  expect written true "$([ "$before" != "$(disk_field SRV1.vhdx .data_write_id)" ] && echo true)"
  rm "$scratch/mnt/smb/dynamic.vhdx"
  client_start Backup
  wait_until 20 no_such_disk dynamic.vhdx
  expect removed true "$(jq 'all(.disks[]; .file != "dynamic.vhdx")' "$scratch/body")"
  clients_end
  verdict 'a disk that was closed is flushed and judged anew'
}

test_disks() {
  local smb=$scratch/smb smb_port=$((31000 + RANDOM % 1000)) smbd client client_log clients=() python
  if ! command -v smbd > /dev/null || ! find_impacket || ! command -v qemu-img > /dev/null; then
    not_ok 'virtual disks' 'smbd, impacket or qemu-img is missing (make deps)'
    return 0
  fi
  volume_make "$scratch/mnt/smb" 256M defaults mkfs.ext4 -q -m 0 && chmod 777 "$scratch/mnt/smb"
  make_disks
  smb_kernel_oplocks=yes
  check 'smbd runs' smb_start
  smb_kernel_oplocks=no
  agent_options=(--smb-conf "$smb/smb.conf")
  agent_start || return 0
  check_found
  check_left_alone
  check_after_close
  agent_stop
  agent_options=()
  smbd_stop
  rm -rf "$smb"
  volume_unmount "$scratch/mnt/smb"
}
