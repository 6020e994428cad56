#!/bin/bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# tests/packaging/debian.sh PACKAGES RELEASE[:ARCH]...: lintian, systemd's checker, and each .deb in a clean root of that
# release (made once by debootstrap and kept in CACHE): installed, started, upgraded, removed, purged; then the tarball.
# A root of another processor needs binfmt_misc, and is left out with a word where the kernel has none. Needs root.
set -uo pipefail
cd "$(dirname "$0")/../.."
passed=${PASSED:-0} failed=0

# what the command said stays in said for the next one, which may ask for it
ok() {
  local what=$1 code=0
  shift
  "$@" > "$scratch/says" 2>&1 || code=$?
  mv "$scratch/says" "$scratch/said"
  if [ $code = 0 ]; then
    passed=$((passed + 1))
    echo "ok - $what"
  else
    failed=$((failed + 1))
    echo "FAILED - $what"
    head -8 "$scratch/said" | sed 's/^/    /'
  fi
}
is_not() { ! "$@"; }

# -- in namespaces of its own, below the unpacked root --

in_root() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C "$@"; }
answers() { curl -fsS --noproxy '*' --max-time 20 --retry 30 --retry-connrefused --retry-delay 1 -o "$scratch/answer" "http://127.0.0.1:${1:-8439}/v1/status"; }
says_version() { jq -e --arg v "$1" '.agent.version == $v' "$scratch/answer"; }
# the server's user, from /proc: the root may have no ps
server_user() {
  local parent=$1 file
  for file in /proc/[0-9]*/status; do
    awk -v parent="$parent" '/^PPid:/ { mine = $2 == parent } /^Uid:/ && mine { print $2 }' "$file" 2>/dev/null
  done | head -1
}
left() { (cd "$root" && find . -xdev \( -path ./proc -o -path ./sys -o -path ./tmp \) -prune -o -iname '*nasready*' -print | grep -v '^./usr/share/doc$'); }

# the name, not the program's file: that is the emulator where this machine is of another processor
none_runs() { ! grep -lx 'Name:.nasready' /proc/[0-9]*/status 2>/dev/null | xargs -r grep -L '^State:.Z' | grep -q .; }

later_version() {
  rm -rf "$scratch/later"
  dpkg-deb -R "$1" "$scratch/later"
  sed -i 's/^Version: .*/&.1/' "$scratch/later/DEBIAN/control"
  dpkg-deb --root-owner-group --no-uniform-compression -Zxz -b "$scratch/later" "$root/tmp/later.deb" >/dev/null
}

# full: the root takes nothing more; full no: it does again
full() {
  if [ "${1:-}" = no ]; then
    mount -o remount,size=2g "$root"
  else
    mount -o remount,size="$(df -k --output=used "$root" | tail -n 1)k" "$root"
  fi
}

program_of() { md5sum < "$root$1"; }

# on_full PROGRAM COMMAND...: the installer must fail, and leave the old program and its service
on_full() {
  local program=$1 before
  shift
  before=$(program_of "$program")
  full
  ok 'on a full root it does not install' is_not in_root "$@"
  ok 'and says why' grep -qiE 'no space left|disk full' "$scratch/said"
  full no
  ok 'the program before is as it was' [ "$(program_of "$program")" = "$before" ]
  ok 'and nothing lies beside it' [ -z "$(find "$root/usr" "$root/etc" -name '*nasready*.new' -o -name '*nasready*.dpkg-*')" ]
}

check_deb() {
  cp "$1" "$root/tmp/nasready.deb"
  ok 'dpkg -i' in_root dpkg -i /tmp/nasready.deb
  ok 'it was started, and answers' answers
  ok "as version $version" says_version "$version"
  ok 'the server runs as nasready' [ "$(server_user "$(cat "$root/run/nasready.pid")")" = "$(awk -F: '$1 == "nasready" { print $3 }' "$root/etc/passwd")" ]
  ok 'stopped by hand' in_root /etc/init.d/nasready stop
  ok 'it says that it is' is_not in_root /etc/init.d/nasready status
  ok 'started by hand' in_root /etc/init.d/nasready start
  ok 'started twice' in_root /etc/init.d/nasready start
  ok 'it says that it runs' in_root /etc/init.d/nasready status
  ok 'dpkg -i of the same again' in_root dpkg -i /tmp/nasready.deb
  later_version "$1"
  on_full /usr/sbin/nasready dpkg -i /tmp/later.deb
  ok 'and it answers' answers
  echo 'listen = 127.0.0.1:9000' >> "$root/etc/nasready.conf"
  echo 'operator:nasready:0123456789abcdef0123456789abcdef' > "$root/etc/nasready.passwd"
  chmod 600 "$root/etc/nasready.passwd"
  ok 'dpkg -i of a later version' in_root dpkg -i /tmp/later.deb
  ok 'the configuration is kept, and it answers there' answers 9000
  # as `nasready gate enable` has it, which needs smbd and systemd
  install -D /dev/null "$root/etc/systemd/system/smbd.service.d/nasready-gate.conf"
  ok 'the passwords are kept' grep -q '^operator:' "$root/etc/nasready.passwd"
  ok 'dpkg -r' in_root dpkg -r nasready
  ok 'it does not run' none_runs
  ok 'and smbd is not started with what is gone' [ ! -e "$root/etc/systemd/system/smbd.service.d" ]
  ok 'configuration and passwords stay' [ -s "$root/etc/nasready.conf" -a -s "$root/etc/nasready.passwd" ]
  ok 'installed again' in_root dpkg -i /tmp/nasready.deb
  ok 'with them' answers 9000
  ok 'dpkg -P' in_root dpkg -P nasready
  left > "$scratch/left"
  ok 'nothing is left' [ ! -s "$scratch/left" ]
  [ ! -s "$scratch/left" ] || sed 's/^/    /' "$scratch/left"
  ok 'nor its user' is_not grep -q nasready "$root/etc/passwd" "$root/etc/group"
}

check_tarball() {
  tar -xzf "$1" -C "$root/tmp"
  local folder
  folder=/tmp/$(basename "$1" .tar.gz)
  ok 'the tarball installs' in_root "$folder/install.sh"
  ok 'and answers' answers
  ok 'with the object for smbd' [ ! -e "$root/$folder/libnasready-gate.so" -o -e "$root/usr/local/lib/nasready/libnasready-gate.so" ]
  ok 'twice' in_root "$folder/install.sh"
  on_full /usr/local/sbin/nasready "$folder/install.sh"
  echo 'listne = 1' >> "$root/etc/nasready.conf"
  ok 'a configuration that it does not take' is_not in_root "$folder/install.sh"
  ok 'is named, by line' grep -q listne "$scratch/said"
  ok 'and it answers all the while' answers
  ok 'it is removed' in_root "$folder/install.sh" --remove
  ok 'and stopped' none_runs
  rm -rf "$root"/etc/nasready.conf "$root/var/lib/nasready" "$root/run/nasready" "$root$folder" "$root/tmp"/*.deb
  left > "$scratch/left"
  ok 'but for configuration and records nothing is left' [ ! -s "$scratch/left" ]
  [ ! -s "$scratch/left" ] || sed 's/^/    /' "$scratch/left"
}

if [ -n "${IN_ROOT:-}" ]; then
  root=$IN_ROOT
  mount -t tmpfs -o size=2g none "$root"
  tar -xf "$1" -C "$root"
  mount -t proc none /proc
  mount -t proc none "$root/proc"
  mount --rbind /dev "$root/dev"
  mount -t tmpfs none "$root/run" # as everywhere: a full root does not fill it
  # without an init system invoke-rc.d starts nothing unless it is told to
  printf '#!/bin/sh\nexit 0\n' > "$root/usr/sbin/policy-rc.d"
  chmod 755 "$root/usr/sbin/policy-rc.d"
  ip link set lo up
  check_deb "$2"
  check_tarball "$3"
  echo "$passed" > "$scratch/passed"
  [ "$failed" = 0 ]
  exit
fi

# -- outside --

packages=$(realpath "$1")
shift
cache=${CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/nasready}
version=$(cat VERSION)
scratch=$(mktemp -d)
export scratch version
binfmt=/proc/sys/fs/binfmt_misc registered=
finish() {
  for name in $registered; do
    echo -1 > "$binfmt/$name"
  done
  rm -rf --one-file-system "$scratch"
}
trap finish EXIT

# foreign ARCH: true if programs of that processor can be run here
foreign() {
  local magic mask name=nasready-$1 interpreter
  [ "$1" != "$(dpkg --print-architecture)" ] || return 0
  [ -e $binfmt/register ] || mount -t binfmt_misc none $binfmt 2>/dev/null || return 1
  case $1 in
    armel | armhf) magic='\x7fELF\x01\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x28\x00' interpreter=qemu-arm-static ;;
    arm64) magic='\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00' interpreter=qemu-aarch64-static ;;
    *) return 1 ;;
  esac
  mask='\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff'
  [ ! -e "$binfmt/$name" ] || return 0
  printf '%s' ":$name:M::$magic:$mask:$(command -v $interpreter):F" > $binfmt/register 2>/dev/null || return 1
  registered="$registered $name"
}

make_root() {
  local release=$1 arch=$2 tar=$3
  [ ! -s "$tar" ] || return 0
  mkdir -p "${tar%/*}"
  debootstrap --arch="$arch" --variant=minbase "$release" "$scratch/made" > "$scratch/debootstrap.log" 2>&1 ||
    { tail -3 "$scratch/debootstrap.log"; return 1; }
  rm -rf "$scratch"/made/var/{cache/apt,lib/apt/lists}/* "$scratch"/made/usr/share/{locale,man}/* "$scratch"/made/dev/*
  tar -C "$scratch/made" -cf "$tar.new" . && mv "$tar.new" "$tar"
  rm -rf --one-file-system "$scratch/made"
}

in_release() {
  local release=${1%%:*} arch
  arch=$(dpkg --print-architecture)
  [ "$release" = "$1" ] || arch=${1#*:}
  echo "== $release $arch"
  foreign "$arch" || { echo "skipped: this kernel cannot run programs of $arch (binfmt_misc)"; return; }
  make_root "$release" "$arch" "$cache/root-$release-$arch.tar" || { echo "skipped: no root of $release $arch could be made"; return; }
  mkdir -p "$scratch/root"
  PASSED=$passed IN_ROOT=$scratch/root unshare --mount --net --pid --fork --kill-child "$0" \
    "$cache/root-$release-$arch.tar" "$packages/nasready_${version}_$arch.deb" \
    "$packages/nasready-$version-$(target_of "$arch").tar.gz" || failed=$((failed + 1))
  passed=$(cat "$scratch/passed" 2>/dev/null || echo "$passed")
}

target_of() {
  case $1 in
    armel) echo armv5-musl ;;
    *) echo "$1-musl" ;;
  esac
}

unit_is_good() {
  install -D -m 755 /bin/true "$scratch/unit/true"
  sed "s|/usr/sbin/nasready|$scratch/unit/true|" packaging/debian/nasready.service > "$scratch/unit/nasready.service"
  ! systemd-analyze --man=no verify "$scratch/unit/nasready.service" 2>&1 | grep .
}

ok 'lintian has nothing to say but what is overridden' lintian --allow-root --fail-on error,warning "$packages"/*.deb
ok 'systemd-analyze verify has nothing to say' unit_is_good
[ "$(id -u)" = 0 ] || { echo 'the rest skipped: not root'; set --; }
for one; do
  in_release "$one"
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
