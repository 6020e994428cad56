#!/bin/bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# packaging/tarball/build.sh PROGRAM VERSION TARGET OUT.tar.gz [FILE...]: the static program with an install script, for any
# other NAS. The same input gives the same bytes: SOURCE_DATE_EPOCH is all dates.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=$1 version=$2 target=$3 out=$4
shift 4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
folder=$work/nasready-$version-$target
mkdir "$folder"
install -m 755 "$program" "$folder/nasready"
install -m 755 "$here/install.sh" "$folder/"
install -m 644 "$@" "$here/../copyright" "$here/../nasready.conf" "$here/../man/nasready.8" "$here/../debian/nasready.service" \
  "$here/../debian/nasready.init" "$here/../../README.md" "$here/../../CHANGELOG.md" "$folder/"
mkdir -p "$(dirname "$out")"
tar --format=ustar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@${SOURCE_DATE_EPOCH:?}" --mode=u+rwX,go=rX \
  -C "$work" -cf - "${folder##*/}" | gzip -9n > "$out"
