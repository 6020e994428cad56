# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# For tests/live/run.sh: file systems in sparse files on loop devices, and the end of all that was made. A device is
# released as soon as it is in use: the kernel then frees it with its last user, whatever becomes of this script.
# shellcheck shell=bash

mounts=() loops=() nodes=() made_devices=()

# loop_attach FILE: leaves the device in $loop
loop_attach() {
  local name
  for _ in 1 2 3 4 5; do
    loop=$(losetup -f) || return 1
    name=${loop#/dev/}
    # a number that the kernel has just thought of has no node where /dev is not kept by the kernel
    if [ ! -b "$loop" ]; then
      mknod -m 600 "$loop" b 7 "${name#loop}" || return 1
      nodes+=("$loop")
    fi
    [ "${name#loop}" -lt "$loops_at_first" ] || made_devices+=("${name#loop}")
    if losetup "$loop" "$1" 2> /dev/null; then
      loops+=("$loop")
      return 0
    fi
  done
  echo "# losetup finds no free loop device for $1" >&2
  return 1
}

# loop_make FILE SIZE: a new sparse file; leaves $loop
loop_make() {
  truncate -s "$2" "$1" && loop_attach "$1"
}

# volume_mount DEVICE DIR [OPTIONS]
volume_mount() {
  mkdir -p "$2"
  mount -o "${3:-defaults}" "$1" "$2" || return 1
  mounts+=("$2")
  losetup -d "$1"
}

# volume_make DIR SIZE OPTIONS MKFS...: leaves the device in $loop
volume_make() {
  local dir=$1 size=$2 options=$3 file
  shift 3
  file=$(mktemp "$scratch/volume.XXXXXX")
  loop_make "$file" "$size" || return 1
  if ! "$@" "$loop" > "$scratch/mkfs.log" 2>&1; then
    echo "# $*: $(tail -n 3 "$scratch/mkfs.log")" >&2
    return 1
  fi
  volume_mount "$loop" "$dir" "$options"
}

volume_unmount() {
  local dir=$1 at
  umount "$dir" 2> /dev/null || umount -l "$dir" 2> /dev/null || true
  for at in "${!mounts[@]}"; do
    [ "${mounts[at]}" != "$dir" ] || unset "mounts[at]"
  done
}

device_of() {
  findmnt --noheadings --output SOURCE --mountpoint "$1"
}

# -- the end of everything --

unmount_all() {
  local at
  for ((at = ${#all_mounts[@]} - 1; at >= 0; at--)); do
    volume_unmount "${all_mounts[at]}"
  done
}

loop_is_free() {
  [ ! -e "/sys/block/${1#/dev/}/loop/backing_file" ]
}

release_loops() {
  local loop number
  for loop in "${loops[@]}"; do
    # somebody else's by now, if it is not a file of ours
    case $(cat "/sys/block/${loop#/dev/}/loop/backing_file" 2> /dev/null) in
      "$scratch"/*) losetup -d "$loop" 2> /dev/null || true ;;
    esac
    wait_until 2 loop_is_free "$loop" || true
  done
  for number in "${made_devices[@]}"; do
    loop_is_free "/dev/loop$number" && remove_device "$number"
  done
  rm -f "${nodes[@]}"
}

# the number goes back to the kernel (LOOP_CTL_REMOVE); a free device more would do no harm
remove_device() {
  python3 -c 'import fcntl, sys; fcntl.ioctl(open("/dev/loop-control"), 0x4C81, int(sys.argv[1]))' "$1" \
    2> /dev/null || true
}

live_clean_up() {
  local pid all_mounts=("${mounts[@]}")
  trap '' INT TERM HUP
  for pid in "${helpers[@]}"; do
    helper_kill "$pid"
  done
  for pid in "${agents[@]}"; do
    agent_kill "$pid"
  done
  unmount_all
  release_loops
  cd /
  rm -rf --one-file-system "$scratch"
}
