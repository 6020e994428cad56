#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# cross/sources.sh APT_STATE OUT: Debian's sources of musl and the libraries, unpacked under OUT. apt checks every file against
# the signed lists; cross/sources.sha256 says in addition which upstream tarballs are meant.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
state=$1 out=$2
rm -rf "$out"
mkdir -p "$out"
"$here/apt.sh" "$state" source update || echo "sources: some package lists are missing, see above" >&2
cd "$out"
"$here/apt.sh" "$state" source source --download-only musl libmicrohttpd json-c util-linux check
if ! sha256sum --quiet --strict -c "$here/sources.sha256"; then
  echo "sources: Debian has other upstream tarballs than cross/sources.sha256 names; read what changed, then:" >&2
  echo "sources: sha256sum $(echo *.orig.tar.?z) > cross/sources.sha256" >&2
  exit 1
fi
for description in *.dsc; do
  dpkg-source --no-check -x "$description" > unpack.log 2>&1 || { cat unpack.log >&2; exit 1; }
done
# Patched or not, what autoconf and automake made is to be used as it is: neither is needed here.
for name in aclocal.m4 'configure' '*.in'; do
  find . -name "$name" -exec touch {} +
done
