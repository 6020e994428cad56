#!/bin/bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# tests/guest/base.sh CACHE: a Debian NAS for the emulator, made once; prints the folder that has it: base.img (Debian 12
# under systemd with Samba, mdadm and quota, an ext4 of 4 GiB with a journal), vmlinuz and initrd.gz.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cache=$1
packages=systemd-sysv,udev,dbus,samba,smbclient,cifs-utils,iproute2,kmod,e2fsprogs,mdadm,quota,curl,jq,procps,libcap2-bin
# of the kernel's modules, those that a guest's parts load
modules='virtio_pci virtio_blk virtio_rng ext4 crc32c_generic loop md-mod raid1 quota_v2 cifs cmac hmac md4 md5 sha256_generic sha512_generic aes_generic
  ecb ccm gcm ctr ghash_generic nls_utf8 dm-mod dm-flakey fuse inet_diag tcp_diag af_packet dummy veth'
digest=$(cat "$here"/base.sh "$here"/initrd.sh "$here"/guest.service | sha256sum | cut -c1-12)
out=$cache/guest-$digest
mkdir -p "$cache"
exec 9> "$cache/guest.lock"
flock 9
[ ! -e "$out/complete" ] || { echo "$out"; exit 0; }
started=$(date +%s)
rm -rf "$out"
mkdir -p "$out/kernel"

# dependencies of modules, each once, in the order in which they load
module_files() {
  local module
  for module; do
    modprobe -d "$out/kernel" -S "$version" --show-depends "$module" 2> /dev/null || echo "builtin $module" >&2
  done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | grep -v crc32c-intel
}

fetch_kernel() {
  local package
  package=$(apt-cache depends linux-image-amd64 | awk '/Depends: linux-image-6/ { print $2 }')
  version=${package#linux-image-}
  (cd "$out" && apt-get -qq download "$package" && dpkg-deb -x "$package"_*.deb kernel && rm "$package"_*.deb)
  depmod -b "$out/kernel" "$version"
  cp "$out/kernel/boot/vmlinuz-$version" "$out/vmlinuz"
}

make_root() {
  local root=$out/root file
  debootstrap --variant=minbase --include=$packages bookworm "$root"
  # shellcheck disable=SC2086
  module_files $modules | while read -r file; do
    install -D -m 644 "$file" "$root/usr${file#"$out/kernel"}"
  done
  cp "$out/kernel/lib/modules/$version"/modules.{order,builtin,builtin.modinfo} "$root/usr/lib/modules/$version/"
  depmod -b "$root/usr" "$version" 2> /dev/null || depmod -b "$root" "$version"
  for unit in nmbd samba-ad-dc winbind mdmonitor getty@tty1 serial-getty@ttyS0 systemd-networkd-wait-online apt-daily.timer \
    apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap fstrim.timer mdcheck_start.timer; do
    ln -sf /dev/null "$root/etc/systemd/system/${unit%.timer}$(case $unit in *.timer) echo .timer ;; *) echo .service ;; esac)"
  done
  cp "$here/guest.service" "$root/etc/systemd/system/"
  ln -s ../guest.service "$root/etc/systemd/system/multi-user.target.wants/guest.service"
  echo nas > "$root/etc/hostname"
  printf '/dev/vda / ext4 errors=remount-ro 0 1\n' > "$root/etc/fstab"
  rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/usr/share/{doc,locale,man}/*
  truncate -s 4G "$out/base.img"
  mkfs.ext4 -q -F -L nasroot -O quota -E quotatype=usrquota:grpquota -d "$root" "$out/base.img"
}

make_initrd() {
  local tree=$out/initrd file
  mkdir -p "$tree"/{bin,proc,sys,dev,modules,new}
  cp /bin/busybox "$tree/bin/"
  module_files virtio_pci virtio_blk quota_v2 ext4 crc32c_generic | while read -r file; do
    cp "$file" "$tree/modules/"
    basename "$file"
  done > "$tree/modules/order"
  cp "$here/initrd.sh" "$tree/init"
  chmod 755 "$tree/init"
  (cd "$tree" && find . | cpio -o -H newc -R 0:0 --quiet | gzip -1) > "$out/initrd.gz"
}

{
  fetch_kernel
  make_root
  make_initrd
} > "$out/log" 2>&1 || { tail -n 20 "$out/log" >&2; echo "guest: the base could not be made: $out/log" >&2; exit 1; }
rm -rf "$out/root" "$out/kernel" "$out/initrd"
touch "$out/complete"
echo "guest: made of Debian's packages in $(($(date +%s) - started)) s" >&2
echo "$out"
