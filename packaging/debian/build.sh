#!/bin/bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# packaging/debian/build.sh PROGRAM ARCH VERSION OUT.deb [FILE...]: the package around a static program; more FILEs go to
# /usr/lib/nasready. data.tar is xz, control.tar gzip: every dpkg since 2010 reads both. The same input gives the
# same bytes: SOURCE_DATE_EPOCH is all dates.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=$1 arch=$2 version=$3 out=$4
shift 4
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:?}
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
umask 022
maintainer='the nasready authors <maintainers@nasready.example.org>'

put() { install -D -m "$1" "$2" "$root/$3"; }

chmod 755 "$root"
put 755 "$program" usr/sbin/nasready
for file; do put 644 "$file" "usr/lib/nasready/${file##*/}"; done
put 644 "$here/../nasready.conf" etc/nasready.conf
sed -i -e 's|^#user = .*|user = nasready|' "$root/etc/nasready.conf"
put 644 "$here/nasready.service" lib/systemd/system/nasready.service
put 755 "$here/nasready.init" etc/init.d/nasready
put 644 "$here/../copyright" usr/share/doc/nasready/copyright
put 644 "$here/lintian-overrides" usr/share/lintian/overrides/nasready
put 644 "$here/../completion/nasready" usr/share/bash-completion/completions/nasready
put 644 "$here/../man/nasready.8" usr/share/man/man8/nasready.8
printf 'nasready (%s) unstable; urgency=medium\n\n  * See CHANGELOG.md of the sources.\n\n -- %s  %s\n' "$version" "$maintainer" \
  "$(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")" > "$root/changelog"
put 644 "$root/changelog" usr/share/doc/nasready/changelog
rm "$root/changelog"
gzip -9n "$root/usr/share/man/man8/nasready.8" "$root/usr/share/doc/nasready/changelog"

size=$(du -k --apparent-size -s "$root" | cut -f1)
mkdir "$root/DEBIAN"
sed -e "s/@VERSION@/$version/" -e "s/@ARCH@/$arch/" -e "s/@MAINTAINER@/$maintainer/" -e "s/@KIB@/$size/" \
  "$here/control.in" > "$root/DEBIAN/control"
printf '%s\n' /etc/nasready.conf /etc/init.d/nasready > "$root/DEBIAN/conffiles"
install -m 755 "$here"/{postinst,prerm,postrm} "$root/DEBIAN/"
(cd "$root" && find . -path ./DEBIAN -prune -o -type f -printf '%P\0' | LC_ALL=C sort -z | xargs -0 md5sum) > "$root/DEBIAN/md5sums"
mkdir -p "$(dirname "$out")"
dpkg-deb --root-owner-group --no-uniform-compression -Zxz -z9 --build "$root" "$out" >/dev/null
