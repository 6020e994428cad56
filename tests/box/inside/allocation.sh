# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# Allocations of the sizes in /in/sizes (GiB): how long the kernel works on each. Where the emulator counts
# instructions as time (a nanosecond each), the seconds are billions of ARM instructions.
# shellcheck shell=bash

test_allocation() {
  local size user kernel wall TIMEFORMAT='%U %S %R'
  mkdir -p /c/Backup
  for size in $(< sizes); do
    sync
    read -r user kernel wall <<< "$({ time fallocate -l "${size}GiB" /c/Backup/one; } 2>&1)"
    expect size $((size * 1073741824)) "$(stat -c %s /c/Backup/one)"
    expect gib "$size" "$(($(stat -c %b /c/Backup/one) * 512 / 1073741824))"
    echo "# allocated $size GiB: kernel $kernel s, wall $wall s, $(awk "BEGIN { print $kernel / $size * 1024 }") s per TiB"
    read -r user kernel wall <<< "$({ time rm /c/Backup/one; } 2>&1)"
    echo "# freed $size GiB: kernel $kernel s, wall $wall s"
    echo "$size $kernel" >> $out/allocations
  done
  verdict "allocations of $(tr '\n' ' ' < sizes)GiB"
}
