#!/bin/bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# tests/box/kernel_arm926.sh CACHE: a Linux for QEMU's versatilepb (ARM926EJ-S, the instruction set of a Kirkwood NAS)
# from Debian's linux-source; prints the folder with zImage and board.dtb. Built once for each source and configuration.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cache=$1
source=$(find /usr/src -maxdepth 1 -name 'linux-source-6.1.tar.xz' | head -n 1)
[ -n "$source" ] || { echo 'box: linux-source-6.1 is missing (tests/deps.sh box926)' >&2; exit 1; }
version=$(dpkg-query -W -f '${Version}' linux-source-6.1)
digest=$({ echo "$version"; cat "$here/arm926.config"; arm-linux-gnueabi-gcc --version; } | sha256sum | cut -c1-12)
out=$cache/linux-arm926-$digest
mkdir -p "$cache"
exec 9> "$cache/linux-arm926.lock"
flock 9
if [ ! -e "$out/complete" ]; then
  rm -rf "$out"
  mkdir -p "$out/build"
  started=$(date +%s)
  {
    tar xJf "$source" -C "$out/build" --strip-components=1
    export ARCH=arm CROSS_COMPILE=arm-linux-gnueabi- KBUILD_BUILD_USER=nasready KBUILD_BUILD_HOST=box
    cd "$out/build"
    KCONFIG_ALLCONFIG=$here/arm926.config nice -n 10 make allnoconfig
    nice -n 10 make -j"${JOBS:-$(nproc)}" zImage versatile-pb.dtb
    cp arch/arm/boot/zImage .config ..
    cp arch/arm/boot/dts/versatile-pb.dtb ../board.dtb
  } > "$out/log" 2>&1 || { tail -n 20 "$out/log" >&2; echo "box: the kernel could not be built: $out/log" >&2; exit 1; }
  rm -rf "$out/build"
  touch "$out/complete"
  echo "box: Linux $version for an ARM926EJ-S, built in $(($(date +%s) - started)) s" >&2
fi
echo "$out"
