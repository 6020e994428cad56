#!/bin/bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# tests/box/root.sh CACHE: what the boxes boot, made once of Debian's armel packages; prints the folder that has it.
#   root.img  an ext3 of 4 GiB as RAIDiator's: Debian's programs (the firmware's are Debian's too), Samba among them
#   data.img  a sparse ext4 of 5.4 TiB with the features that Linux 2.6.31 knows
#   control  what a program for this root is built with, for the filter's control
#   vmlinuz, board.dtb, initrd.gz  Debian's kernel for the Raspberry Pi 1, with the modules that the box needs
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cache=$1
packages='bash coreutils sed grep tar gzip mawk findutils util-linux mount procps e2fsprogs iproute2 curl jq dash
  diffutils base-files base-passwd hostname samba smbclient busybox-static libmicrohttpd12 libblkid1'
# what nothing here runs
without='^(apt|apt-utils|gpgv|debconf.*|dpkg|adduser|python3.*|libpython3.*|perl.*|lib.*-perl|tzdata|media-types|ucf|
  |debian-archive-keyring|libapt-pkg6.0|systemd|cpio|sensible-utils|libc-bin|logsave|passwd|tasksel.*)$'
modules='ext4 crc32c_generic sd_mod usb-storage cdc_ether rndis_host cdc_subset dwc2'
digest=$({ cd "$here" && find root.sh initrd.sh firmware ../../cross/apt.sh -type f -exec sha256sum {} + | sort; } | sha256sum | cut -c1-12)
out=$cache/box-$digest
mkdir -p "$cache"
exec 9> "$cache/box.lock"
flock 9
[ ! -e "$out/complete" ] || { echo "$out"; exit 0; }
started=$(date +%s)
rm -rf "$out"
mkdir -p "$out/packages" "$out/root" "$out/kernel"

apt() {
  "$here/../../cross/apt.sh" "$cache/apt-armel" armel -o APT::Install-Recommends=0 "$@"
}

# unpacked, not installed: no maintainer script runs, and no foreign program on this machine
unpack() {
  local deb
  for deb in "$1"/*.deb; do
    dpkg-deb --fsys-tarfile "$deb" | tar -x --keep-directory-symlink -C "$2"
  done
}

fetch() {
  local names
  apt update || echo 'box: some package lists are missing, see above' >&2
  # shellcheck disable=SC2086
  names=$(apt -s install $packages | awk '$1 == "Inst" { print $2 }' | grep -vE "$(tr -d ' \n' <<< "$without")")
  # shellcheck disable=SC2086
  (cd "$out/packages" && apt download $names)
  mkdir "$out/packages/kernel"
  names=$(apt -s install linux-image-rpi | awk '$1 == "Inst" && $2 ~ /^linux-image-6/ { print $2 }')
  (cd "$out/packages/kernel" && apt download "$names")
  mkdir "$out/packages/control"
  (cd "$out/packages/control" && apt download libmicrohttpd-dev libmicrohttpd12 libblkid-dev libblkid1)
}

make_root() {
  local folder root=$out/root
  for folder in bin sbin lib; do
    mkdir -p "$root/usr/$folder"
    ln -s "usr/$folder" "$root/$folder"
  done
  unpack "$out/packages" "$root"
  rm -rf "$root"/usr/share/{doc,man,locale,info,lintian,perl*,i18n,zoneinfo} "$root"/usr/lib/arm-linux-gnueabi/gconv
  mkdir -p "$root"/{proc,sys,dev,run,tmp,c,in,out,var/run,var/log/frontview,etc/samba,etc/default,frontview/bin}
  mkdir -p "$root"/var/{lib/samba/private,cache/samba,log/samba} "$root"/etc/frontview/{addons/bin,addons/ui,apache/addons}
  for folder in run lock; do rm -rf "$root/var/$folder"; done
  ln -s /run "$root/var/run"
  ln -sf bash "$root/usr/bin/sh"
  ln -sf mawk "$root/usr/bin/awk"
  cp -r "$here/firmware/." "$root/"
  chmod 755 "$root/usr/sbin/init" "$root"/etc/init.d/*
  cp "$root/usr/share/base-passwd/passwd.master" "$root/etc/passwd"
  cp "$root/usr/share/base-passwd/group.master" "$root/etc/group"
  printf 'admin:x:98:98::/:/bin/sh\n' >> "$root/etc/passwd"
  printf 'admin:x:98:\n' >> "$root/etc/group"
  truncate -s 4G "$out/root.img"
  mkfs.ext3 -q -F -d "$root" -L root "$out/root.img"
}

make_data() {
  truncate -s 5937362789376 "$out/data.img"
  mkfs.ext4 -q -F -m 0 -L c -O 'uninit_bg,^metadata_csum,^64bit' \
    -E lazy_itable_init=1,lazy_journal_init=1,nodiscard "$out/data.img"
}

make_initrd() {
  local version tree=$out/initrd
  unpack "$out/packages/kernel" "$out/kernel"
  version=$(ls "$out/kernel/lib/modules")
  cp "$out/kernel/boot/vmlinuz-$version" "$out/vmlinuz"
  cp "$out/kernel/usr/lib/linux-image-$version/bcm2835-rpi-a-plus.dtb" "$out/board.dtb"
  depmod -b "$out/kernel" "$version"
  mkdir -p "$tree"/{bin,proc,dev,new,modules}
  cp "$out"/root/usr/bin/busybox "$tree/bin/"
  # shellcheck disable=SC2086
  for module in $modules; do modprobe -d "$out/kernel" -S "$version" --show-depends "$module"; done |
    awk '$1 == "insmod" && !seen[$2]++ { print $2 }' > "$out/order"
  while read -r module; do
    cp "$module" "$tree/modules/"
    basename "$module"
  done < "$out/order" > "$tree/modules/order"
  cp "$here/initrd.sh" "$tree/init"
  chmod 755 "$tree/init"
  (cd "$tree" && find . | cpio -o -H newc -R 0:0 --quiet | gzip -6) > "$out/initrd.gz"
}

fetch
mkdir "$out/control"
unpack "$out/packages/control" "$out/control"
make_root
make_data
make_initrd
rm -rf "$out/packages" "$out/root" "$out/kernel" "$out/initrd"
touch "$out/complete"
echo "box: made of Debian's armel packages in $(($(date +%s) - started)) s" >&2
echo "$out"
