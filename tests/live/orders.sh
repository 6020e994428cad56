# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# For tests/live/run.sh: disks created, grown and deleted over HTTP with a password, what is refused and why, and what
# happens when a file appears or is opened while a job works.
# shellcheck shell=bash

orders_mib=1048576

# order METHOD PATH [JSON]: as admin; leaves $status and the answer in $scratch/body
order() {
  local more=()
  [ $# -lt 3 ] || more=(--header 'Content-Type: application/json' --data-binary "$3")
  for _ in 1 2 3 4; do
    ask "$2" --request "$1" --digest --user "${orders_user:-admin}:secret of $$" --max-time 10 "${more[@]}"
    # the agent looks after each share once when it has begun
    [ "$status" = 409 ] && grep -q 'makes way' "$scratch/body" || return 0
    sleep "$(answer_of .retry_after_s)"
  done
}

# create FILE SIZE [MORE JSON]
create() {
  order POST /v1/disks "$(jq -nc --arg file "$1" --arg size "$2" --arg share "${share:-good}" \
    "{share: \$share, file: \$file, size_bytes: (\$size | tonumber? // \$size)} ${3:-}")"
}

answer_of() {
  jq -r "$1" "$scratch/body" 2> /dev/null
}

# refused WHAT STATUS CODE
refused() {
  expect status "$2" "$status"
  expect code "$3" "$(answer_of .code)"
  verdict "$1"
  echo "#   $(answer_of .detail)"
}

job_has_ended() {
  ask "/v1/jobs/$job"
  [ "$(answer_of .state)" != running ] && [ "$(answer_of .state)" != cancelling ]
}

# ended WHAT STATE: the job that the last order became
ended() {
  [ "$status" = 202 ] || { not_ok "$1" "status $status: $(cat "$scratch/body")"; return; }
  job=$(answer_of .job)
  ask "/v1/jobs/$job"
  expect found 200 "$status"
  wait_until 150 job_has_ended || true
  expect state "$2" "$(answer_of .state)"
  verdict "$1"
  echo "#   $(answer_of .message)"
}

# leaves $id
disk_id() {
  ask /v1/disks
  id=$(jq -r --arg file "$1" '.disks[]? | select(.file == $file) | .id' "$scratch/body")
  [ -n "$id" ]
}

# -- what is done --

check_orders() {
  create SRV1.vhdx $((1024 * orders_mib)) && ended 'POST /v1/disks makes a disk' done
  check 'qemu-img accepts it' qemu-img check "$orders/good/SRV1.vhdx"
  check 'owner, group and mode are those of the folder' \
    [ "$(stat -c %u:%g:%a "$orders/good/SRV1.vhdx")" = "$(stat -c %u:%g "$orders/good"):664" ]
  check 'the job says who asked' says "$scratch/body" '.who == "admin" and .address == "127.0.0.1"'
  check 'GET /v1/disks finds it' wait_until 90 disk_id SRV1.vhdx
  order PATCH "/v1/disks/$id" '{"size_bytes": "2GiB"}' && ended 'PATCH grows it' done
  check 'qemu-img accepts that, too' qemu-img check "$orders/good/SRV1.vhdx"
  order PATCH "/v1/disks/$id" '{"size_bytes": "1GiB"}' && refused 'it is not made smaller' 422 bad-size
  orders_user=operator order DELETE "/v1/disks/$id" && refused 'an operator may not delete' 403 admin-needed
  order DELETE "/v1/disks/$id" && ended 'DELETE takes it away' done
  check 'it is gone' [ ! -e "$orders/good/SRV1.vhdx" ]
  order POST /v1/disks '{"share": "good", "file": "SRV1.vhdx", "undelete": true}' && ended 'and gives it back' done
  check 'it is there, as it was' qemu-img check "$orders/good/SRV1.vhdx"
  create 'Ümläut 1.vhdx' '1.5GiB' ' + {type: "dynamic", mode: "0640"}' && ended 'a dynamic one with a name' done
  check 'with the mode that was asked for' [ "$(stat -c %a "$orders/good/Ümläut 1.vhdx")" = 640 ]
  create zero.vhdx $((64 * orders_mib)) ' + {prezero: true}' && ended 'one whose zeros are written' done
  check 'no extent of its blocks is unwritten' [ "$(filefrag -v "$orders/good/zero.vhdx" | tail -n +4 | grep -c unwritten)" -le 4 ]
}

# -- what is refused --

check_bad_names() {
  local name
  for name in .. . '' a.vhd 'a.vhdx.' 'a/b.vhdx' '../a.vhdx' 'a\b.vhdx' CON.vhdx 'com1.x.vhdx' 'a?.vhdx' .hidden.vhdx; do
    create "$name" $((100 * orders_mib)) && refused "the name \"$name\"" 422 bad-name
  done
  create "$(printf 'x%.0s' {1..251}).vhdx" $((100 * orders_mib)) && refused 'a name of 256 bytes' 400 bad-body
  create "$(printf 'x%.0s' {1..250}).vhdx" $((100 * orders_mib)) && ended 'a name of 255 bytes' done
  order POST /v1/disks '{"share": "good", "file": "a\u0000.vhdx", "size_bytes": 104857600}' && refused 'a NUL' 400 bad-body
}

check_bad_sizes() {
  local size
  for size in 0 1 3145727; do
    create a.vhdx "$size" && refused "the size $size" 422 bad-size
  done
  create a.vhdx $(((64 << 40) + 1)) && refused '64 TiB and a byte' 422 beyond-limit
  create a.vhdx 5.3TB && refused '5.3TB, which is ambiguous' 400 bad-body
  create a.vhdx $((100 * orders_mib + 513)) && ended 'a size that is not whole' done
  check 'it is rounded down' [ "$(qemu-img info --output=json "$orders/good/a.vhdx" | jq '."virtual-size"')" = $((100 * orders_mib)) ]
  create A.VHDX $((100 * orders_mib)) && refused 'a name that is there in another case' 409 disk-exists
  create b.vhdx $((12 << 40)) && refused 'more than there is' 507 no-space
}

check_bad_places() {
  share=nowhere create a.vhdx $((100 * orders_mib)) && refused 'no such share' 404 no-such-share
  share=old create a.vhdx $((100 * orders_mib)) && refused 'ext3' 422 not-supported
  share=fixed create a.vhdx $((100 * orders_mib)) && refused 'a volume that is read-only' 422 volume-read-only
  share=xfs create a.vhdx $((100 * orders_mib)) && ended 'xfs' done
  share=btrfs create a.vhdx $((100 * orders_mib)) && ended 'btrfs' done
  ln -s /etc/passwd "$orders/good/link.vhdx"
  ln -s /etc "$orders/good/outside"
  check 'what a link leads to is no disk of the share' [ -z "$(disk_id link.vhdx && echo there)" ]
  order DELETE /v1/disks/ffffffff && refused 'no such disk' 404 no-such-disk
  rm "$orders/good/link.vhdx" "$orders/good/outside"
}

# -- what happens meanwhile --

check_meanwhile() {
  disk_id SRV1.vhdx
  exec {held}< "$orders/good/SRV1.vhdx"
  order PATCH "/v1/disks/$id" '{"size_bytes": "3GiB"}' && refused 'a disk that is open does not grow' 409 disk-in-use
  order DELETE "/v1/disks/$id" && refused 'nor is it deleted' 409 disk-in-use
  exec {held}<&-
  create late.vhdx $((1536 * orders_mib)) ' + {prezero: true}'
  echo mine > "$orders/good/late.vhdx"
  create other.vhdx $((100 * orders_mib))
  expect status 409 "$status" && expect code job-running "$(answer_of .code)" && verdict 'one job at a time'
  job=$(($(jobs_last)))
  status=202
  echo "{\"job\": $job}" > "$scratch/body"
  ended 'a file that appears meanwhile stays, and ours goes' failed
  check 'it is as it was' [ "$(cat "$orders/good/late.vhdx")" = mine ]
  rm "$orders/good/late.vhdx"
  create long.vhdx $((4096 * orders_mib)) ' + {prezero: true}'
  job=$(answer_of .job)
  order DELETE "/v1/jobs/$job"
  check 'a job can be cancelled' [ "$status" = 200 ]
  status=202
  echo "{\"job\": $job}" > "$scratch/body"
  ended 'and then nothing is left' cancelled
  check 'indeed' [ ! -e "$orders/good/long.vhdx" ]
}

jobs_last() {
  ask /v1/jobs
  answer_of '.jobs[0].id'
}

# volumes NAME MKFS...
orders_volume() {
  local name=$1
  shift
  volume_make "$orders/$name.volume" "${orders_size:-2G}" defaults "$@" && mkdir "$orders/$name.volume/share" || return 1
  ln -s "$orders/$name.volume/share" "$orders/$name"
  chmod 775 "$orders/$name.volume/share"
  printf '[%s]\n  path = %s\n  read only = no\n' "$name" "$orders/$name.volume/share" >> "$scratch/orders.conf"
}

test_orders() {
  local orders=$scratch/orders share='' job='' id='' held
  mkdir "$orders"
  echo '[global]' > "$scratch/orders.conf"
  orders_size=40G orders_volume good mkfs.ext4 -q -m 0 && orders_volume old mkfs.ext3 -q && orders_volume fixed mkfs.ext4 -q &&
    orders_volume xfs mkfs.xfs -q && orders_volume btrfs mkfs.btrfs -q || { not_ok 'volumes for orders' "$(cat "$scratch/mkfs.log")"; return; }
  mount -o remount,ro "$orders/fixed.volume"
  mkdir "$scratch/orders.state"
  for user in operator admin; do
    echo "secret of $$" | "$scratch/nasready" passwd $user --credentials "$scratch/orders.passwd" --state-dir "$scratch/orders.state" > /dev/null
  done
  agent_options=(--smb-conf "$scratch/orders.conf" --credentials "$scratch/orders.passwd")
  agent_start || return 0
  check_orders
  check_bad_names
  check_bad_sizes
  check_bad_places
  check_meanwhile
  agent_stop
  agent_options=()
  for name in good old fixed xfs btrfs; do volume_unmount "$orders/$name.volume"; done
}
