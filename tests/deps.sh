#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# tests/deps.sh build|test|disks|cross|bench|page|box|arm926|guest|package...: installs the Debian packages that are
# missing; asks the network for nothing else.
set -eu

build='gcc make pkg-config zopfli libc6-dev libmicrohttpd-dev libblkid-dev'
test='check libjson-c-dev clang llvm libclang-rt-14-dev clang-format universal-ctags curl python3 jq prometheus xfsprogs
  btrfs-progs e2fsprogs fuse3 libfuse3-dev ethtool iproute2 samba smbclient python3-impacket nut-server nut-client'
disks='qemu-utils qemu-system-common libvhdi-utils ntfs-3g strace fdisk'
cross='gcc-arm-linux-gnueabi gcc-arm-linux-gnueabihf gcc-aarch64-linux-gnu gcc dpkg-dev make cmake ninja-build qemu-user-static'
page='chromium fonts-dejavu-core nodejs'
bench='python3 valgrind monit prometheus-node-exporter busybox samba smbclient util-linux'
box='qemu-system-arm qemu-utils e2fsprogs kmod cpio python3-impacket gcc-arm-linux-gnueabi libc6-dev-armel-cross'
arm926="$box linux-source-6.1 bc flex bison xz-utils libc6-dev gcc"
package='dpkg-dev lintian systemd debootstrap qemu-user-static binutils python3 iproute2'
guest='qemu-system-x86 debootstrap busybox-static e2fsprogs kmod cpio'
# npm fetches uPlot for the page; other distributions of Node.js bring it in the same package
command -v npm >/dev/null || build="$build nodejs npm"

wanted=
for set in "$@"; do
  case $set in
    build) wanted="$wanted $build" ;;
    test) wanted="$wanted $test" ;;
    cross) wanted="$wanted $cross" ;;
    disks) wanted="$wanted $disks" ;;
    bench) wanted="$wanted $bench" ;;
    page) wanted="$wanted $page" ;;
    box) wanted="$wanted $box" ;;
    arm926) wanted="$wanted $arm926" ;;
    guest) wanted="$wanted $guest" ;;
    package) wanted="$wanted $package" ;;
    *) echo "deps: no set of packages is called '$set' (build, test, cross, bench, page, box, arm926, guest, package)" >&2; exit 2 ;;
  esac
done

if ! command -v dpkg-query >/dev/null; then
  echo "deps: this is no Debian; install what corresponds to:$wanted" | tr -s '\n ' ' ' >&2
  echo >&2
  exit 0
fi

missing=
for package in $wanted; do
  case $(dpkg-query -W -f '${db:Status-Status} ' "$package" 2>/dev/null || true) in
    installed\ * | *\ installed\ *) ;;
    *) missing="$missing $package" ;;
  esac
done
[ -n "$missing" ] || exit 0

echo "deps: installing$missing"
as_root=
if [ "$(id -u)" != 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "deps: neither root nor sudo here; as root: apt-get install --no-install-recommends$missing" >&2
    exit 1
  fi
  as_root=sudo
fi

# A package that brings a daemon (prometheus, wanted for promtool; smbd and upsd, which the live tests start themselves;
# what the bench compares with) must not start it: the policy forbids it now, disabling it does after the next boot.
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  trap '$as_root rm -f $policy' EXIT
  trap 'exit 130' INT TERM
  printf '#!/bin/sh\nexit 101\n' | $as_root tee $policy >/dev/null
  $as_root chmod 755 $policy
fi
apt() {
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120 "$@"
}
# shellcheck disable=SC2086
if ! { apt update && apt install -y --no-install-recommends $missing >/dev/null; }; then
  echo "deps: apt-get could not install:$missing (is there a network?)" >&2
  exit 1
fi
# disable PACKAGE SERVICE...: if that package was installed just now
disable() {
  case " $(echo $missing) " in
    *" $1 "*) command -v systemctl >/dev/null || return 0 ;;
    *) return 0 ;;
  esac
  shift
  for service; do
    $as_root systemctl disable --quiet "$service.service" 2>/dev/null || true
  done
}
disable prometheus prometheus
disable prometheus-node-exporter prometheus-node-exporter
disable monit monit
disable samba smbd nmbd samba-ad-dc
disable nut-server nut-server
disable nut-client nut-monitor
