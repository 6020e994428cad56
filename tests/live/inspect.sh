# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# For tests/live/run.sh: `nasready inspect` against tools that others wrote (qemu-img, vhdiinfo) on every kind of file
# that they make, on files made by hand (tests/compose/disks.py), and on logs that a killed qemu-io leaves behind.
# shellcheck shell=bash

# inspect FILE: leaves $scratch/inspect.json and $code
inspect() {
  code=0
  "$scratch/nasready" inspect --json "$1" > "$scratch/inspect.json" 2> "$scratch/inspect.err" || code=$?
}

of_inspect() {
  jq -r "$1" "$scratch/inspect.json"
}

# vhdi KEY: what vhdiinfo says of $file
vhdi() {
  sed -n "s/^[[:blank:]]*$1[[:blank:]]*: *//p" "$scratch/vhdi.txt"
}

# agree FILE TYPE: format, type, sizes, block size and health as both tools have them
agree() {
  local file=$1 type=$2 format=vhdx identifier
  case $file in *.vhd) format=vpc ;; esac # qemu-img looks for its footer only when it is told
  inspect "$file"
  qemu-img info -U -f $format --output=json "$file" > "$scratch/qemu.json" 2>&1
  vhdiinfo "$file" > "$scratch/vhdi.txt" 2>&1
  [ $format != vpc ] || format=vhd
  expect format $format "$(of_inspect .format)"
  expect type "$type" "$(of_inspect .type)"
  expect "type for vhdiinfo" "$(vhdi 'Disk type' | tr 'FD' 'fd')" "$(of_inspect '.type | sub("ing$"; "ial") | sub("encial"; "ential")')"
  expect size "$(vhdi 'Media size' | sed 's/.*(\(.*\) bytes)/\1/;s/ bytes//')" "$(of_inspect .virtual_size_bytes)"
  [ $format = vhd ] || expect size-qemu "$(jq -r '."virtual-size"' "$scratch/qemu.json")" "$(of_inspect .virtual_size_bytes)"
  [ $format = vhd ] || expect block "$(jq -r '."cluster-size"' "$scratch/qemu.json")" "$(of_inspect .block_bytes)"
  identifier=$(of_inspect 'if .format == "vhdx" then .data_write_id else .disk_id end')
  expect id "$(vhdi Identifier)" "$identifier"
  expect damaged "$(qemu-img check -q "$file" > /dev/null 2>&1 || [ $? = 63 ]; echo $?)" "$(of_inspect 'if .damaged then 2 else 0 end')"
}

check_what_qemu_makes() {
  local type block file
  for type in fixed dynamic; do
    for block in 1M 2M 4M 8M 16M 32M 64M 128M 256M; do
      file=$scratch/disk.vhdx
      qemu-img create -q -f vhdx -o "subformat=$type,block_size=$block,block_state_zero=off" "$file" 1000M
      agree "$file" "$type"
      expect clean true "$(of_inspect .clean)"
      [ $type = dynamic ] || expect hollow true "$(of_inspect .hollow)" # qemu leaves a hole
      qemu-io -f vhdx -c 'write -q -P 7 900M 3M' -c 'write -q -P 7 1M 1M' -c 'write -q 513 k' "$file" > /dev/null 2>&1
      agree "$file" "$type"
      expect clean-after-writing true "$(of_inspect .clean)"
      rm -f "$file"
    done
    verdict "VHDX, $type, blocks of 1 to 256 MiB: as qemu-img and vhdiinfo say"
    file=$scratch/disk.vhd
    qemu-img create -q -f vpc -o "subformat=$type,force_size" "$file" 100M
    agree "$file" "$type"
    expect code 2 "$code"
    verdict "VHD, $type"
    rm -f "$file"
  done
}

# made_by_hand KIND WANTED: [log, clean, damaged, first problem]
made_by_hand() {
  python3 tests/compose/disks.py "$scratch/hand.vhdx" "$1"
  inspect "$scratch/hand.vhdx"
  expect "$1" "$2" "$(of_inspect '[.log // "-", .clean, .damaged, (.problems[0].code // "-")] | join(" ")')"
}

check_made_by_hand() {
  made_by_hand good 'empty true false -'
  agree "$scratch/hand.vhdx" dynamic
  made_by_hand differencing 'empty true false -'
  expect parent base.vhdx "$(of_inspect .parent)"
  vhdiinfo "$scratch/hand.vhdx" > "$scratch/vhdi.txt" 2>&1
  expect vhdiinfo Differential "$(vhdi 'Disk type')"
  made_by_hand partial-without-bitmap 'empty false true block-state'
  made_by_hand torn 'damaged false true log-damaged'
  made_by_hand overlap 'empty false true block-overlap'
  made_by_hand beyond-end 'empty false true block-beyond-end'
  made_by_hand in-metadata 'empty false true block-in-region'
  made_by_hand one-header 'empty true false header-damaged'
  made_by_hand no-header '- false true header-damaged'
  made_by_hand one-table 'empty true false region-table-damaged'
  made_by_hand no-table 'empty false true region-table-damaged'
  made_by_hand no-metadata 'empty false true metadata-damaged'
  made_by_hand no-identifier 'empty false true identifier-damaged'
  verdict 'disks made by hand'
}

# what waits in the log is what qemu replays, and afterwards nothing does
check_dirty() {
  local kind before
  for kind in dirty dirty-over-the-end; do
    made_by_hand "$kind" 'dirty false false log-dirty'
    before=$(of_inspect .blocks_present)
    expect refused 1 "$(qemu-img check -q "$scratch/hand.vhdx" > /dev/null 2>&1; echo $?)"
    expect unchanged "$(cksum < "$scratch/hand.vhdx")" "$(inspect "$scratch/hand.vhdx"; cksum < "$scratch/hand.vhdx")"
    qemu-img check -q -r all "$scratch/hand.vhdx" > /dev/null 2>&1
    inspect "$scratch/hand.vhdx"
    expect replayed 'empty true' "$(of_inspect '[.log, .clean] | join(" ")')"
    expect blocks $((before + 1)) "$(of_inspect .blocks_present)"
  done
  verdict 'a log that waits to be replayed: qemu replays it, and one more block is there'
}

# Killed at each of its first flushes: wherever qemu-img finds a log to replay, so do we, and nowhere else. strace counts
# the flushes of each thread, and on a busy machine each may be another one's first: then once more.
check_killed() {
  local at dirty=0 says
  command -v strace > /dev/null || { skip 'a killed qemu-io: strace is missing (make deps)'; return; }
  for at in {1..12} {1..12} {1..12}; do
    [ "$at" -gt 1 ] || [ "$dirty" = 0 ] || break
    qemu-img create -q -f vhdx -o subformat=dynamic,block_size=1M "$scratch/killed.vhdx" 64M
    (strace -qq -f -o /dev/null -e trace=fdatasync -e "inject=fdatasync:signal=SIGKILL:when=$at" qemu-io -f vhdx \
      -c 'write 0 1M' -c 'write 5M 1M' "$scratch/killed.vhdx" > /dev/null 2>&1 || true) 2> /dev/null
    inspect "$scratch/killed.vhdx"
    says=no
    case $(qemu-img info "$scratch/killed.vhdx" 2>&1) in
      *'log that needs to be replayed'*) says=yes dirty=$((dirty + 1)) ;;
    esac
    expect "at-$at" "$says" "$(of_inspect 'if .log == "dirty" then "yes" else "no" end')"
    rm -f "$scratch/killed.vhdx"
  done
  expect 'some are dirty' true "$([ "$dirty" -gt 0 ] && echo true)"
  verdict 'qemu-io killed at its flushes'
}

# a partition table and NTFS inside a fixed disk, at the payload's offset
check_content() {
  local file=$scratch/full.vhdx raw=$scratch/full.raw cluster
  command -v mkntfs > /dev/null || { skip 'what is inside: ntfs-3g is missing (make deps)'; return; }
  for cluster in 65536 4096; do
    truncate -s 64M "$raw"
    printf 'label: gpt\nstart=2048, type=ebd0a0a2-b9e5-4433-87c0-68b6b72699c7\n' | sfdisk -q "$raw"
    truncate -s 62M "$scratch/part.raw"
    mkntfs -q -F -Q -s 512 -c "$cluster" -p 2048 -H 16 -S 63 -L 'Backup Disk' "$scratch/part.raw" > /dev/null 2>&1
    dd if="$scratch/part.raw" of="$raw" bs=1M seek=1 conv=notrunc,sparse status=none
    qemu-img convert -q -f raw -O vhdx -o subformat=fixed,block_size=32M,block_state_zero=off "$raw" "$file"
    inspect "$file"
    expect table gpt "$(of_inspect .content.partition_table)"
    expect inside "ntfs Backup Disk $cluster 1048576" \
      "$(of_inspect '.content.partitions[0] | [.file_system, .label, .cluster_bytes, .offset_bytes] | join(" ")')"
    rm -f "$raw" "$file" "$scratch/part.raw"
  done
  verdict 'what is inside a fixed disk'
}

check_bad_files() {
  local name
  : > "$scratch/empty.vhdx"
  inspect "$scratch/empty.vhdx"
  expect empty '2 not-a-disk' "$code $(of_inspect '.problems[0].code')"
  printf x > "$scratch/one.vhdx"
  inspect "$scratch/one.vhdx"
  expect one '2 not-a-disk' "$code $(of_inspect '.problems[0].code')"
  head -c 3000000 /dev/urandom > "$scratch/random.vhdx"
  inspect "$scratch/random.vhdx"
  expect random '2 unknown' "$code $(of_inspect '.format')"
  mkfifo "$scratch/fifo.vhdx"
  for name in fifo.vhdx missing.vhdx . ''; do
    inspect "$scratch/$name"
    expect "$name" "3 1" "$code $(wc -l < "$scratch/inspect.err")"
  done
  rm -f "$scratch"/{empty,one,random,fifo}.vhdx
  verdict 'files that are none'
}

test_inspect() {
  if ! command -v qemu-img > /dev/null || ! command -v vhdiinfo > /dev/null; then
    not_ok 'virtual disks' 'qemu-img or vhdiinfo is missing: apt-get install qemu-utils libvhdi-utils (make deps)'
    return 0
  fi
  check_what_qemu_makes
  check_made_by_hand
  check_dirty
  check_killed
  check_content
  check_bad_files
}
