# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# For tests/live/run.sh: what the agent says of each volume and its journal, against tune2fs, blkid, stat and
# /proc/mounts. The mount points have the names that break parsers.
# shellcheck shell=bash

make_plain() {
  plain="$scratch/mnt/plain"
  [ -n "$(device_of "$plain")" ] || volume_make "$plain" 64M defaults mkfs.ext4 -q -L 'lab plain'
}

make_external() {
  local journal
  loop_make "$scratch/journal.img" 64M || return 1
  journal=$loop
  mke2fs -q -b 4096 -O journal_dev "$journal" > /dev/null || return 1
  volume_make "$scratch/mnt/back\\slash" 128M defaults mkfs.ext4 -q -b 4096 -L external -J "device=$journal" || return 1
  losetup -d "$journal"
}

make_volumes() {
  local mnt=$scratch/mnt
  make_plain
  volume_make "$mnt/with a space" 128M defaults mkfs.ext4 -q -L 'a "label"'
  volume_make "$mnt/quote's \"end\"" 64M defaults mkfs.ext4 -q -O '^has_journal'
  make_external
  volume_make "$mnt/Größe ☃" 128M data=writeback,commit=30 mkfs.ext4 -q -L Größe
  volume_make "$mnt/old#3" 64M defaults mkfs.ext3 -q -L three
  volume_make "$mnt/"$'tab\tand\nline' 64M errors=continue mkfs.ext4 -q -L broken
  volume_make "$mnt/xfs" 320M defaults mkfs.xfs -q -L 'xfs label'
  volume_make "$mnt/btrfs" 256M defaults mkfs.btrfs -q -L 'btrfs label'
}

# tune2fs_says NAME: that line of `tune2fs -l`, or nothing
tune2fs_says() {
  sed -n "s/^$1: *//p" "$scratch/tune2fs"
}

# mount_option DEVICE NAME: its value in /proc/mounts, or nothing
mount_option() {
  awk -v device="$1" '$1 == device { print $4; exit }' /proc/mounts | tr ',' '\n' | sed -n "s/^$2=//p"
}

# what the kernel and e2fsprogs say becomes $present, $external, $mode, $commit, $broken
look_at_ext() {
  local device=$1
  tune2fs -l "$device" > "$scratch/tune2fs" 2>&1
  present=false external=null mode=null commit=null broken=false
  case $(tune2fs_says 'Filesystem features') in
    *has_journal*)
      present=true
      external=$([ -n "$(tune2fs_says 'Journal device')" ] && echo true || echo false)
      mode=$(mount_option "$device" data)
      commit=$(mount_option "$device" commit)
      ;;
  esac
  [ $present = false ] || { mode=${mode:-ordered} commit=${commit:-5}; }
  case "$(tune2fs_says 'Filesystem state')/$(tune2fs_says 'FS Error count')" in
    *error*/* | */[1-9]*) broken=true ;;
  esac
}

compare_journal() {
  local device=$1
  look_at_ext "$device"
  expect present "$present" "$(of_volume .journal.present)"
  [ $present = false ] || expect external "$external" "$(of_volume .journal.external)"
  expect mode "$mode" "$(of_volume .journal.mode)"
  expect commit_s "$commit" "$(of_volume .journal.commit_s)"
  expect needs_check "$broken" "$(of_volume .journal.needs_check)"
  expect error_known "$broken" "$(of_volume '.journal.last_error != null')"
}

# blkid_says DEVICE TAG: past its cache; nothing is null, as in JSON
blkid_says() {
  local value
  value=$(blkid -p -o value -s "$2" "$1" || true)
  echo "${value:-null}"
}

# $space: "size free available" in bytes, by the call that the agent uses
look_at_space() {
  space=$(stat -f -c '%S %b %f %a' "$1" | awk '{ printf "%.0f %.0f %.0f", $1 * $2, $1 * $3, $1 * $4 }')
}

# free space may move by itself: the agent's figures must lie between two looks at it, of which one can be repeated
space_agrees() {
  local before
  look_at_space "$1"
  before=$space
  ask_status && find_volume "$1" || return 1
  told=$(of_volume '"\(.size_bytes) \(.free_bytes) \(.available_bytes)"')
  look_at_space "$1"
  [ "$told" = "$before" ] || [ "$told" = "$space" ]
}

# compare_volume MOUNT WHAT
compare_volume() {
  local device told=''
  device=$(findmnt --raw --noheadings --output SOURCE "$1" || device_of "$1")
  if ! wait_until 8 space_agrees "$1"; then
    if [ -z "$told" ]; then
      not_ok "$2" "the status does not list the mount point $1"
      return
    fi
    expect space "$space" "$told"
  fi
  agreed+=" space=\"$told\""
  expect device "$device" "$(of_volume .device)"
  expect fstype "$(blkid_says "$device" TYPE)" "$(of_volume .fstype)"
  expect label "$(blkid_says "$device" LABEL)" "$(of_volume .label)"
  expect uuid "$(blkid_says "$device" UUID)" "$(of_volume .uuid)"
  expect read_only false "$(of_volume .read_only)"
  case $(of_volume .fstype) in ext?) compare_journal "$device" ;; esac
  verdict "$2"
}

compare_df() {
  local size available
  find_volume "$1"
  read -r size available < <(df -B1 --output=size,avail "$1" | tail -n 1)
  expect size "$size" "$(of_volume .size_bytes)"
  expect_near available "$available" "$(of_volume .available_bytes)" 67108864
  verdict "df agrees on $(basename "$1")"
}

# the error is set while the agent looks on
break_volume() {
  local broken_at=$scratch/mnt/$'tab\tand\nline' device trigger
  device=$(device_of "$broken_at")
  trigger=/sys/fs/ext4/${device#/dev/}/trigger_fs_error
  check 'before the error, none is known' volume_says "$broken_at" '.journal.needs_check == false'
  if [ ! -e "$trigger" ]; then
    skip "an error in ext4: this kernel has no $trigger"
    return
  fi
  echo 1 > "$trigger"
  check 'an error set in ext4 is known within 5 s' wait_until 5 volume_says "$broken_at" '.journal.needs_check == true'
  echo "# last_error: $(of_volume .journal.last_error)"
  sync -f "$broken_at"
  compare_volume "$broken_at" 'ext4 with an error, tab and newline in its name'
  sed -n '/^Filesystem state\|^FS Error count/s/^/# tune2fs: /p' "$scratch/tune2fs"
}

# every volume of ours was probed, each by its own mount point
all_are_known() {
  local mount
  ask_status || return 1
  for mount in "${mounts[@]}"; do
    find_volume "$mount" && [ "$(of_volume .uuid)" != null ] || return 1
  done
}

# journal_moves MOUNT: some commits show in the rate
journal_moves() {
  local i
  for i in 1 2 3 4 5 6; do
    echo "$i" > "$1/file$i" && sync -f "$1"
    sleep 0.5
    if volume_says "$1" '.journal.transactions_per_s > 0'; then return 0; fi
  done
  return 1
}

test_journal() {
  local mnt=$scratch/mnt
  make_volumes
  agent_start || return 0
  check 'every volume is known within 5 s' wait_until 5 all_are_known
  compare_volume "$mnt/plain" 'ext4 with its journal'
  compare_volume "$mnt/with a space" 'ext4, space in its name, quotes in its label'
  compare_volume "$mnt/quote's \"end\"" 'ext4 without journal, quotes in its name'
  compare_volume "$mnt/back\\slash" 'ext4 with an external journal, backslash in its name'
  compare_volume "$mnt/Größe ☃" 'ext4 data=writeback,commit=30, UTF-8 in its name'
  compare_volume "$mnt/old#3" 'ext3'
  compare_volume "$mnt/xfs" 'xfs'
  compare_volume "$mnt/btrfs" 'btrfs'
  compare_df "$mnt/xfs"
  compare_df "$mnt/btrfs"
  compare_df /
  break_volume
  check 'commits show in the journal' journal_moves "$mnt/plain"
  check 'commits show in the external journal' journal_moves "$mnt/back\\slash"
  agent_stop
}
