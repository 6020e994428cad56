#!/bin/bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# tests/guest/run.sh OUT [PART...]: a Debian NAS under systemd in an emulator, with the .deb made of the program in OUT
# (built for amd64-musl); runs the parts (tests/guest/PART.sh, each with a function test_PART) in it, one after another on
# the same system. CACHE is where the system is kept. Always the emulator's own processor: a kernel module for that is not to be relied on.
set -euo pipefail
cd "$(dirname "$0")/../.."
out=$1
shift
cache=${CACHE:?}
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-1790000000}
parts=("$@")
if [ ${#parts[@]} = 0 ]; then
  parts=(package sandbox service raid journal quota cifs gate reboot rebooted upgrade purge)
fi
patience=${GUEST_PATIENCE_S:-900}
base=$(tests/guest/base.sh "$cache")
scratch=$(realpath "$(mktemp -d "${TMPDIR:-/tmp}/nasready-guest.XXXXXX")")
emulator='' shown=''

clean_up() {
  trap '' INT TERM HUP
  for pid in $emulator $shown; do
    kill "$pid" 2> /dev/null || true
    wait "$pid" 2> /dev/null || true
  done
  rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fill() {
  local in=$scratch/in version gate=''
  mkdir -p "$in/packages" "$in/tests/live"
  cp -r tests/guest "$in/"
  cp tests/live/lib.sh tests/live/smb_client.py "$in/tests/live/"
  [ ! -e "$out/libnasready-gate.so" ] || gate=$out/libnasready-gate.so
  for version in "$(< VERSION)" "$(< VERSION)+later"; do
    packaging/debian/build.sh "$out/nasready" amd64 "$version" "$in/packages/nasready_${version}_amd64.deb" $gate
  done
  echo "${parts[*]}" > "$in/parts"
  tar -cf "$scratch/in.tar" --owner=0 --group=0 -C "$in" .
  truncate -s %512 "$scratch/in.tar"
  truncate -s 64M "$scratch/out.tar"
  truncate -s 512M "$scratch/one.img" "$scratch/two.img"
}

boot() {
  local file options=(-accel 'tcg,thread=multi' -m 512 -smp 2 -nodefaults -nographic -serial "file:$scratch/console"
    -kernel "$base/vmlinuz" -initrd "$base/initrd.gz" -device virtio-rng-pci
    -append 'console=ttyS0 quiet panic=-1 systemd.show_status=0'
    -drive "file=$base/base.img,if=virtio,format=raw,snapshot=on,cache=unsafe")
  for file in in.tar out.tar one.img two.img; do
    options+=(-drive "file=$scratch/$file,if=virtio,format=raw,cache=unsafe")
  done
  : > "$scratch/console"
  TMPDIR=$scratch qemu-system-x86_64 "${options[@]}" 2> "$scratch/emulator.log" &
  emulator=$!
  tail -n +1 -f --pid "$emulator" "$scratch/console" | sed -u 's/\r$//' | grep --line-buffered -E '^(ok|not ok|skipped|#|==|[0-9]+ passed|GUEST)' &
  shown=$!
}

wait_for_end() {
  local until=$((SECONDS + patience))
  until grep -q '^GUEST-END' "$scratch/console"; do
    if ! kill -0 "$emulator" 2> /dev/null || [ $SECONDS -gt $until ]; then
      echo "guest: no end; $(tail -n 2 "$scratch/emulator.log") the console's last lines:" >&2
      tail -n 10 "$scratch/console" >&2
      return 1
    fi
    sleep 0.5
  done
}

fill
echo "== a Debian NAS in an emulator: ${parts[*]}"
started=$SECONDS
boot
wait_for_end
sleep 2
kill "$emulator" 2> /dev/null || true
wait "$emulator" "$shown" 2> /dev/null || true
emulator='' shown=''
out=$out/guest
mkdir -p "$out"
tar -xf "$scratch/out.tar" -C "$out"
cp "$scratch/console" "$out/console"
echo "# $((SECONDS - started)) s from power-on to power-off; what it left is in $out"
echo '| part | what | the system says | the agent says |'
sed 's/^/| /; s/$/ |/' "$out/table" 2> /dev/null || true
grep -q '^GUEST-END 0' "$scratch/console"
