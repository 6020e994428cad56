#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# page/embed.sh OUT.c: makes the files that the health page loads into constants, compressed.
# uPlot comes from page/node_modules (npm ci), its licence goes along.
set -eu
out=$1
here=$(dirname "$0")
uplot=$here/node_modules/uplot
command -v zopfli > /dev/null || { echo 'embed: zopfli is missing, which compresses the page (make deps)' >&2; exit 1; }
pinned=$(grep '"integrity"' "$here/package-lock.json")
grep -qF "$pinned" "$here/node_modules/.package-lock.json" || {
  echo 'embed: page/node_modules is not what page/package-lock.json says: npm ci --prefix page' >&2
  exit 1
}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

{
  echo '/*! uPlot:'
  cat "$uplot/LICENSE"
  echo '*/'
  cat "$uplot/dist/uPlot.iife.min.js"
  # without indents and comments
  sed -e 's/^ *//' -e '/^\/\/ /d' -e '/^\/\/$/d' "$here/page.js"
} > "$tmp/page.js"
cat "$uplot/dist/uPlot.min.css" "$here/page.css" > "$tmp/page.css"
cp "$here/icon.svg" "$tmp/icon.svg"

# bytes NAME FILE: an array
bytes() {
  echo "static const unsigned char $1[] = {"
  od -An -v -tu1 "$2" | sed 's/[0-9]\{1,\}/&,/g'
  echo '};'
}

# asset NAME FILE MEDIA: its array, and its row of the table
asset() {
  zopfli -c "$tmp/$2" > "$tmp/$2.gz" # gzip's format, 4 % smaller
  bytes "$1_gzip" "$tmp/$2.gz"
  version=$(sha256sum "$tmp/$2" | cut -c1-16)
  echo "{\"/assets/$2\", \"$3\", \"$version\", \"\\\"$version\\\"\"," \
    "$1_gzip, sizeof $1_gzip}," >> "$tmp/rows"
}

{
  echo '/* made by page/embed.sh */'
  echo '#include "show/assets.h"'
  asset css page.css 'text/css; charset=utf-8'
  asset js page.js 'text/javascript; charset=utf-8'
  asset icon icon.svg 'image/svg+xml'
  echo 'const struct asset assets[] = {'
  cat "$tmp/rows"
  echo '};'
  echo 'const unsigned assets_count = sizeof assets / sizeof assets[0];'
} > "$out"
sum=$(cat "$tmp"/*.gz | wc -c)
[ "$sum" -le 61440 ] || { echo "embed: the page's files have $sum bytes compressed, 61440 at most" >&2; exit 1; }
