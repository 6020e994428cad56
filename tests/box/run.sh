#!/bin/bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# tests/box/run.sh rpi|arm926 OUT [PART...]: a NAS of 256 MB in an emulator, with the program and the unit tests that OUT
# holds (built for armv5-musl), and the add-on made of it. rpi: Debian's kernel on a Raspberry Pi 1, with a USB disk of
# 5.4 TiB; arm926: a kernel of our own on an ARM926EJ-S, the processor family of the ReadyNAS, with traps for unaligned
# access and a network card. TOOLS is the cross compiler, CACHE where what takes long is kept. ICOUNT=1: each ARM
# instruction takes a nanosecond of the box's time, however busy the host is; not for `samba` on the arm926.
set -euo pipefail
cd "$(dirname "$0")/../.."
board=$1 out=$2
shift 2
cache=${CACHE:?} tools=${TOOLS:?}
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-1790000000}
parts=("$@")
if [ ${#parts[@]} = 0 ]; then
  parts=(filter suite addon volume gate memory samba enforce allocation report lacks addon_full addon_upgrade addon_remove clock)
fi
patience=${BOX_PATIENCE_S:-900}
base=$(tests/box/root.sh "$cache")
[ "$board" != arm926 ] || kernel=$(tests/box/kernel_arm926.sh "$cache")
scratch=$(realpath "$(mktemp -d "${TMPDIR:-/tmp}/nasready-box.XXXXXX")")
emulator='' client='' shown='' sizes_set=0

clean_up() {
  trap '' INT TERM HUP
  for pid in $client $emulator $shown; do
    kill "$pid" 2> /dev/null || true
    wait "$pid" 2> /dev/null || true
  done
  rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# -- what the box gets --

compile() {
  "$tools/bin/cc" -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -Os -s -o "$scratch/in/bin/$(basename "$1" .c)" "$1"
}

# the same program as Debian would build it: what the filter must stop
control() {
  make -s BUILD="$out/glibc" TARGET=armel-glibc CC=arm-linux-gnueabi-gcc WERROR= CFLAGS=-O1 \
    PACKAGE_CFLAGS="-idirafter $base/control/usr/include -idirafter $base/control/usr/include/arm-linux-gnueabi" \
    PACKAGE_LIBS="-L$base/control/usr/lib/arm-linux-gnueabi -lmicrohttpd -lblkid -Wl,--unresolved-symbols=ignore-in-shared-libs" all
  cp "$out/glibc/nasready" "$scratch/in/bin/nasready-glibc"
}

fill() {
  local in=$scratch/in version gate=''
  mkdir -p "$in/bin" "$in/packages" "$in/box" "$in/tests"
  [ ! -e "$out/libnasready-gate.so" ] || gate=$out/libnasready-gate.so
  compile tests/cross/as2631.c
  compile tests/box/newer_calls.c
  compile tests/box/unaligned.c
  cp "$out/nasready" "$out/check/unit" "$in/bin/"
  case " ${parts[*]} " in
    *' filter '*) control ;;
  esac
  cp "$out/check/suites.h" "$in/"
  for version in 0.0.9 "$(< VERSION)"; do
    packaging/readynas/build.sh "$out/nasready" "$version" "$in/packages/nasready_$version.bin" $gate
  done
  cp -r tests/box/inside "$in/box/"
  cp packaging/readynas/report.sh "$in/"
  mkdir "$in/tests/live"
  cp tests/live/lib.sh "$in/tests/live/"
  cp -r tests/machines tests/timelines "$in/tests/"
  echo "${parts[*]}" > "$in/parts"
  [ -z "${ICOUNT:-}" ] || touch "$in/icount"
  # forks and waits a lot; tries every length of a long text
  printf '%s\n' ${BOX_LEAVE_OUT-channel source_smbstatus} > "$in/suites-left-out"
  echo "${BOX_SIZES_GIB:-128}" > "$in/sizes"
  tar -cf "$scratch/in.tar" --owner=0 --group=0 --mtime=@0 -C "$in" .
  cp --sparse=always "$base/root.img" "$scratch/root.img"
  debugfs -w -f /dev/stdin "$scratch/root.img" <<< "write $scratch/in.tar in.tar" > "$scratch/debugfs" 2>&1
}

# -- the machine --

boot() {
  local options=(-display none -monitor none -no-reboot -serial "file:$scratch/console")
  port=$((20000 + RANDOM % 20000))
  options+=(-drive "if=none,id=data,format=raw,file=$base/data.img,snapshot=on")
  [ -z "${ICOUNT:-}" ] || options+=(-icount shift=0,sleep=off)
  case $board in
    rpi)
      options+=(-M raspi1ap -kernel "$base/vmlinuz" -dtb "$base/board.dtb" -initrd "$base/initrd.gz"
        -append 'console=ttyAMA0,115200 rdinit=/init mem=256M quiet initcall_blacklist=bcm2835_pm_driver_init,bcm2835_power_driver_init'
        -drive "if=sd,format=raw,file=$scratch/root.img,cache=unsafe" -device usb-storage,drive=data)
      ;;
    arm926)
      options+=(-M versatilepb -cpu arm926 -m 256 -kernel "$kernel/zImage" -dtb "$kernel/board.dtb"
        -append 'console=ttyAMA0 root=/dev/vda rw init=/sbin/init quiet'
        -drive "if=none,id=root,format=raw,file=$scratch/root.img,cache=unsafe" -device virtio-blk-pci,drive=root
        -device virtio-blk-pci,drive=data -device virtio-rng-pci
        -netdev "user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:$port-:445" -net nic,model=smc91c111,netdev=net)
      ;;
    *)
      echo "box: there is no board '$board' (rpi, arm926)" >&2
      exit 2
      ;;
  esac
  : > "$scratch/console"
  # the changes to the data volume go to a temporary file
  TMPDIR=$scratch QEMU_AUDIO_DRV=none qemu-system-arm "${options[@]}" 2> "$scratch/emulator.log" &
  emulator=$!
  tail -n +1 -f --pid "$emulator" "$scratch/console" | sed -u 's/\r$//' | grep --line-buffered -vE 'Division by zero|^\[ ' &
  shown=$!
}

# a Windows server, as far as an allocation goes: SMB2, FileEndOfFileInformation
start_client() {
  /usr/bin/python3 tests/live/smb_client.py "$port" Backup --source 127.0.0.1 --open SRV1.vhdx --grow 500000000000 \
    > "$scratch/client.log" 2>&1 &
  client=$!
}

# sets that size of that file, and lays what the server said into the share
set_size() { # NUMBER FILE SIZE
  timeout 300 /usr/bin/python3 tests/live/smb_client.py "$port" Backup --source 127.0.0.1 --open "$2" --steps 0 \
    <<< "$3" 2> "$scratch/client.log" | grep -v '^ready' > "$scratch/answer" || tail -n 1 "$scratch/client.log" > "$scratch/answer"
  smbclient //127.0.0.1/Backup -p "$port" -N -c "put $scratch/answer answer; rename answer answer.$1" > "$scratch/client.log" 2>&1 ||
    cat "$scratch/client.log" >&2
}

set_wanted_sizes() {
  local number file size
  while read -r _ number file size; do
    sizes_set=$number
    set_size "$number" "$file" "$size"
  done < <(tr -d '\r' < "$scratch/console" | awk -v done="$sizes_set" '$1 == "BOX-WANTS-SIZE" && NF == 4 && $2 > done')
}

wait_for_end() {
  local until=$((SECONDS + patience))
  until grep -q '^BOX-END' "$scratch/console"; do
    if ! kill -0 "$emulator" 2> /dev/null; then
      echo "box: the emulator has ended: $(tail -n 3 "$scratch/emulator.log")" >&2
      return 1
    fi
    if [ $SECONDS -gt $until ]; then
      echo "box: no end after $patience s; the console's last lines:" >&2
      tail -n 5 "$scratch/console" >&2
      return 1
    fi
    if [ -z "$client" ] && grep -q BOX-WANTS-CLIENT "$scratch/console"; then start_client; fi
    set_wanted_sizes
    sleep 0.5
  done
}

fill
echo "== a NAS in a box: $board, parts ${parts[*]}"
started=$SECONDS
boot
wait_for_end
sleep 1
kill "$emulator" 2> /dev/null || true
wait "$emulator" "$shown" 2> /dev/null || true
emulator='' shown=''
mkdir -p "$out/box-$board"
debugfs -R "dump /out.tar $scratch/out.tar" "$scratch/root.img" 2> /dev/null && tar -xf "$scratch/out.tar" -C "$out/box-$board"
cp "$scratch/console" "$out/box-$board/console"
echo "# $((SECONDS - started)) s from power-on to power-off; what it left is in $out/box-$board"
grep -q '^BOX-CODE 0' "$scratch/console"
