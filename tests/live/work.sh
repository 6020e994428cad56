# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# For tests/live/run.sh: disks created, grown and deleted on a volume of 5.4 TiB by `nasready disk`, judged by tools that
# we did not write (qemu-img, qemu-io, libvhdi); and a file system with thousands of files in a disk that is grown.
# shellcheck shell=bash

work_blocks='block_size=33554432,subformat=fixed'
files_wanted=3000

# on_nas WORD...: leaves what it says in $scratch/disk.out
on_nas() {
  "$scratch/nasready" disk "$@" --state-dir "$scratch/disks.state" --smb-conf "$scratch/disks.conf" \
    > "$scratch/disk.out" 2>&1
}

work_says() {
  cat "$scratch/disk.out"
}

# timed COMMAND...: leaves $seconds
timed() {
  local now_ms from code=0
  look_at_clock
  from=$now_ms
  "$@" || code=$?
  look_at_clock
  seconds=$(awk "BEGIN { printf \"%.2f\", ($now_ms - $from) / 1000 }")
  return "$code"
}

# -- judging --

reads_zeros_at_both_ends() {
  qemu-io -r -f vhdx -c 'read -P 0 0 64k' -c "read -P 0 $(($2 - 65536)) 64k" "$1" > "$scratch/io" 2>&1 &&
    [ "$(grep -c '^read 65536/65536' "$scratch/io")" = 2 ]
}

# accepted FILE SIZE: by all of them; leaves $verdicts
accepted() {
  local inspected
  verdicts=
  qemu-img check "$1" > "$scratch/checked" 2>&1 || { verdicts="qemu-img check: $(cat "$scratch/checked")"; return 1; }
  [ "$(qemu-img info --output=json "$1" | jq -r '."virtual-size"')" = "$2" ] || { verdicts='qemu-img info'; return 1; }
  reads_zeros_at_both_ends "$1" "$2" || { verdicts="qemu-io: $(cat "$scratch/io")"; return 1; }
  grep -q "Media size.*($2 bytes)" <<< "$(vhdiinfo "$1")" || { verdicts="vhdiinfo"; return 1; }
  inspected=$("$scratch/nasready" inspect --json "$1")
  says <(echo "$inspected") '.clean and (.damaged | not) and .type == "fixed" and (.hollow | not)' ||
    { verdicts="inspect: $inspected"; return 1; }
}

# check_accepted WHAT FILE SIZE
check_accepted() {
  if accepted "$2" "$3"; then ok "$1: check, info, qemu-io, vhdiinfo, inspect"; else not_ok "$1" "$verdicts"; fi
}

# -- the table --

# table_row NAME SIZE: a third, two thirds, five sixths of the size, then all of it
table_row() {
  local name=$1 size=$2 file=$disks/backup/t.vhdx mib=1048576 step row seconds at
  local steps=($((size / 3 / mib * mib)) $((size * 2 / 3 / mib * mib)) $((size * 5 / 6 / mib * mib)) "$size")
  row="# | $name |"
  timed on_nas create backup/t.vhdx "${steps[0]}" || not_ok "$name: create" "$(work_says)"
  row+=" $seconds s |"
  check_accepted "$name: a disk of ${steps[0]} bytes" "$file" "${steps[0]}"
  for at in 1 2 3; do
    step=${steps[at]}
    timed on_nas grow backup/t.vhdx "$step" || not_ok "$name: grow to $step" "$(work_says)"
    row+=" $seconds s |"
    check_accepted "$name: grown to $step" "$file" "$step"
  done
  timed on_nas delete backup/t.vhdx --trash-hours 0 || not_ok "$name: delete" "$(work_says)"
  row+=" $seconds s |"
  check "$name: nothing is left" [ -z "$(ls -A "$disks/backup")" ]
  timed on_nas create backup/t.vhdx "$size" || not_ok "$name: create at once" "$(work_says)"
  row+=" $seconds s |"
  check_accepted "$name: made at once" "$file" "$size"
  on_nas delete backup/t.vhdx --trash-hours 0
  if timed qemu-img create -q -f vhdx -o "$work_blocks" "$file" "$size" 2> "$scratch/io"; then
    row+=" $seconds s, $(du -m "$file" | cut -f 1) MiB taken |"
  else
    row+=" $(head -c 80 "$scratch/io") |"
  fi
  rm -f "$file"
  echo "$row"
}

check_table() {
  echo '# | size | create a third | grow to 2/3 | to 5/6 | to all | delete, freed | create at once | qemu-img create, fixed |'
  table_row '100 GiB' $((100 << 30))
  table_row '1 TiB' $((1 << 40))
  table_row '5.0 TB' $((5000000000000 / 1048576 * 1048576))
}

# a raw copy made by qemu is what the disk says it is
check_copies() {
  local file=$disks/backup/c.vhdx
  on_nas create backup/c.vhdx 512MiB || not_ok 'a disk for copies' "$(work_says)"
  qemu-io -f vhdx -c 'write -P 171 100M 1M' -c 'write -P 205 511M 1M' "$file" > /dev/null
  qemu-img convert -f vhdx -O raw "$file" "$scratch/copy.raw"
  check 'qemu-img convert and compare agree on it' qemu-img compare -f vhdx -F raw "$file" "$scratch/copy.raw"
  on_nas grow backup/c.vhdx 700MiB || not_ok 'it grows after qemu wrote to it' "$(work_says)"
  truncate -s 700M "$scratch/copy.raw"
  check 'grown, it is the same and zeros' qemu-img compare -f vhdx -F raw "$file" "$scratch/copy.raw"
  qemu-img create -q -f vhdx -o "$work_blocks" "$disks/backup/q.vhdx" 1G
  on_nas grow backup/q.vhdx 3GiB || not_ok "a fixed disk of qemu's grows" "$(work_says)"
  check "a fixed disk of qemu's is accepted after growing" qemu-img check "$disks/backup/q.vhdx"
  check 'and has its new size' grep -q '3.2 GB (3.00 GiB)' "$scratch/disk.out"
  rm -f "$scratch/copy.raw" "$file" "$disks/backup/q.vhdx"
}

# -- what is inside --

inside_open() {
  : > "$scratch/inside.raw"
  qemu-storage-daemon --blockdev "driver=file,node-name=file,filename=$disks/backup/inside.vhdx" \
    --blockdev driver=vhdx,node-name=disk,file=file \
    --export "type=fuse,id=export,node-name=disk,mountpoint=$scratch/inside.raw,writable=on" > "$scratch/daemon" 2>&1 &
  storage=$!
  helpers+=("$storage")
  wait_until 10 inside_is_there && loop_attach "$scratch/inside.raw"
}

inside_is_there() {
  [ "$(stat -c %s "$scratch/inside.raw")" -gt 0 ]
}

inside_close() {
  umount "$scratch/mnt/inside"
  losetup -d "$loop"
  kill "$storage"
  wait "$storage" 2> /dev/null
}

# 3,000 files of up to 64 KiB in 30 folders
fill_inside() {
  python3 - "$scratch/mnt/inside" "$files_wanted" << 'END'
import os, random, sys
rng = random.Random(1)
for number in range(int(sys.argv[2])):
    folder = f'{sys.argv[1]}/{number % 30}'
    os.makedirs(folder, exist_ok=True)
    with open(f'{folder}/{number}', 'wb') as file:
        file.write(rng.randbytes(rng.randrange(65536)))
END
}

inside_digest() {
  (cd "$scratch/mnt/inside" && find . -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -d ' ' -f 1)
}

# inside_looks SIZE: mounted as it is after growing
inside_looks() {
  local now count
  inside_open && mount -t "$inside_fs" -o ro "$loop" "$scratch/mnt/inside" || { not_ok "inside after $1" "$(dmesg | tail -n 2)"; return; }
  now=$(inside_digest)
  count=$(find "$scratch/mnt/inside" -type f | wc -l)
  inside_close
  expect files "$files_wanted" "$count"
  expect digest "${digest:0:12}" "${now:0:12}"
  verdict "the files inside are the same after growing to $1"
}

check_inside() {
  local storage digest inside_fs=ntfs-3g
  mkdir -p "$scratch/mnt/inside"
  on_nas create backup/inside.vhdx 1GiB || not_ok 'a disk for files' "$(work_says)"
  inside_open || { not_ok 'the disk is exported' "$(cat "$scratch/daemon")"; return; }
  if ! mkntfs -q -Q -F -c 65536 "$loop" > "$scratch/mkfs.log" 2>&1 || ! mount -t ntfs-3g "$loop" "$scratch/mnt/inside" 2> /dev/null; then
    inside_fs=ext4
    mkfs.ext4 -q "$loop" && mount "$loop" "$scratch/mnt/inside"
  fi
  fill_inside
  digest=$(inside_digest)
  inside_close
  echo "# $inside_fs, $files_wanted files; inspect: $("$scratch/nasready" inspect "$disks/backup/inside.vhdx" | grep inside)"
  for size in 1500MiB 10GiB 100GiB; do
    on_nas grow backup/inside.vhdx "$size" || not_ok "grow to $size" "$(work_says)"
    inside_looks "$size"
  done
  on_nas delete backup/inside.vhdx --trash-hours 0
}

test_work() {
  local disks=$scratch/mnt/disks seconds verdicts free_kib
  for tool in qemu-img qemu-io qemu-storage-daemon vhdiinfo mkntfs; do
    command -v "$tool" > /dev/null || { not_ok 'disks' "$tool is missing: make deps"; return 0; }
  done
  free_kib=$(df -k --output=avail "$scratch" | tail -n 1)
  [ "$free_kib" -gt 8000000 ] || { skip "disks: $scratch has $free_kib KiB free, 8 GB may be needed"; return 0; }
  volume_make "$disks" "$big_bytes" noinit_itable mkfs.ext4 -q -m 0 -E lazy_itable_init=1,lazy_journal_init=1 ||
    { not_ok 'a volume for disks' "$(cat "$scratch/mkfs.log")"; return 0; }
  mkdir "$disks/backup" "$scratch/disks.state"
  printf '[global]\n[backup]\n  path = %s\n  read only = no\n' "$disks/backup" > "$scratch/disks.conf"
  check_table
  check_copies
  check_inside
  volume_unmount "$disks"
}
