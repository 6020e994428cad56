#!/bin/bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# cross/verify.sh TARGET PROGRAM UNSTRIPPED: does the binary keep the target's promises? Each one is a line; exit code 1
# if one is broken. SIZE_LIMIT is the stripped program's, in bytes.
set -euo pipefail
target=$1 program=$2 unstripped=$3
failed=0

# promise WHAT COMMAND...: kept if the command succeeds
promise() {
  local what=$1
  shift
  if "$@"; then
    echo "ok - $what"
  else
    failed=$((failed + 1))
    echo "FAILED - $what"
  fi
}

has() { grep -qE -- "$2" <<< "$1"; }
has_not() { ! has "$@"; }

header=$(readelf -hW "$program")
segments=$(readelf -lW "$program")
dynamic=$(readelf -dW "$program" 2>/dev/null)
attributes=$(readelf -AW "$program")
# this one is a fence and a store, and comes with the 32-bit ones in one object of libgcc
symbols=$(nm "$unstripped" | grep -v ' __sync_lock_release_8$')
notes=$(readelf -SW "$program")

case $target in
  arm*-musl) machine=ARM ;;
  *) machine='Advanced Micro Devices X86-64' ;;
esac
[ "$target" != arm64-musl ] || machine=AArch64
promise "it is for $machine" has "$header" "Machine: +$machine\$"
promise 'static: no interpreter' has_not "$segments" INTERP
promise 'static: needs no library' has_not "$dynamic" NEEDED
promise 'stripped' has_not "$notes" ' \.symtab '
promise 'the stack is not executable' has "$segments" 'GNU_STACK.* RW +0'
promise 'no segment is writable and executable' has_not "$segments" ' RWE '
promise 'read-only after start: GNU_RELRO' has "$segments" GNU_RELRO
promise 'stack protector' has "$symbols" ' __stack_chk_fail$'

case $target in
  armv5-musl)
    promise 'EABI5, soft-float ABI' has "$header" 'Flags:.*0x5000200, Version5 EABI, soft-float ABI'
    promise 'ARMv5TE at most' has "$attributes" 'Tag_CPU_arch: v(4T|5T|5TE)$'
    promise 'no floating point unit, no SIMD' has_not "$attributes" 'Tag_(FP_arch|Advanced_SIMD_arch|WMMX_arch|ABI_VFP_args)'
    promise 'no arithmetic with fractions (musl here cannot print them)' has_not "$symbols" '__aeabi_(d|f)(add|sub|mul|div|2|cmp)|fmt_fp|__floatscan'
    # They need a kernel helper of Linux 3.1 and end the program without it. Neither an emulator nor a newer kernel
    # shows that.
    promise 'no 64-bit atomics' has_not "$symbols" '__sync_[a-z_]*_8|__check_for_sync8_kernelhelper|__kernel_cmpxchg64'
    promise 'no functions that Linux 2.6.31 cannot do and musl cannot replace' has_not "$symbols" \
      ' T (ppoll|pselect|prlimit|getrandom|getentropy|recvmmsg|sendmmsg|syncfs|renameat2|copy_file_range|memfd_create|preadv2)$'
    ;;
  *)
    promise 'can be loaded at any address' has "$header" 'Type: +DYN'
    ;;
esac

size=$(stat -c %s "$program")
promise "$size bytes, at most $SIZE_LIMIT" [ "$size" -le "$SIZE_LIMIT" ]
[ $failed = 0 ]
