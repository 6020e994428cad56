#!/bin/bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# packaging/readynas/build.sh PROGRAM VERSION OUT.bin [FILE...]: the add-on for RAIDiator 5.3 (header of 16 KiB, tar).
# More FILEs are laid beside the program. The same input gives the same bytes: SOURCE_DATE_EPOCH is all dates.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=$1 version=$2 out=$3
shift 3
. "$here/settings.sh"
epoch=${SOURCE_DATE_EPOCH:?}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
home=etc/frontview/addons/bin/$TAG
ui=etc/frontview/addons/ui/$TAG

pack() {
  tar --format=ustar --blocking-factor=1 --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$epoch" "$@"
}

mkdir -p "$work/files/$home" "$work/files/$ui/language/en-us" "$work/files/etc/frontview/apache/addons" "$work/bin"
install -m 755 "$program" "$work/files/$home/nasready"
install -m 755 "$here"/{start,stop,running}.sh "$work/files/$home/"
install -m 644 "$here/lib.sh" "$@" "$work/files/$home/"
sed -e "s|^#state-dir = .*|state-dir = /$home/state|" -e "s|^#credentials = .*|credentials = /$home/nasready.passwd|" \
  -e 's|^#user = .*|user = nobody|' -e 's|^#log = .*|log = syslog|' -e 's|^#run-dir = .*|run-dir = /var/run/nasready|' \
  "$here/../nasready.conf" > "$work/files/$home/nasready.conf"
install -m 755 "$here/ui/${TAG}_HANDLER.pl" "$work/files/$ui/"
install -m 644 "$here/ui/$TAG.html" "$here/ui/$TAG.js" "$work/files/$ui/"
install -m 644 "$here/ui/$TAG.str" "$work/files/$ui/language/en-us/"
sed -e "s/@VERSION@/$version/" -e "s/@MIN_RAIDIATOR@/$MIN_RAIDIATOR/" "$here/ui/$TAG.xml.in" > "$work/files/$ui/$TAG.xml"
install -m 644 "$here/ui/$TAG.conf" "$work/files/etc/frontview/apache/addons/"
# only files: the folders above them are the firmware's
(cd "$work/files" && find . -type f | LC_ALL=C sort) > "$work/list"
pack -C "$work/files" --no-recursion -T "$work/list" -cf "$work/files.tar"
zopfli -c "$work/files.tar" > "$work/bin/files.tgz" # gzip's format, 3 % smaller
install -m 755 "$here/install.sh" "$here/remove.sh" "$work/bin/"
echo "$TAG!!$FRIENDLY!!$version!!/$home/start.sh!!/$home/stop.sh!!Other!!" > "$work/bin/addons.conf"
pack -C "$work/bin" -cf "$work/payload" addons.conf files.tgz install.sh remove.sh

printf 'addon::name=%s,version=%s,time=%s,size=%s,md5sum=%s,unencrypted=1,skipreboot=1,api=1,arch=arm,min_raidiator_version=%s,restartapache=1\n' \
  "$FRIENDLY" "$version" "$epoch" "$(stat -c %s "$work/payload")" "$(md5sum < "$work/payload" | cut -d' ' -f1)" "$MIN_RAIDIATOR" |
  dd bs=16384 conv=sync of="$work/header" status=none
mkdir -p "$(dirname "$out")"
cat "$work/header" "$work/payload" > "$out"
