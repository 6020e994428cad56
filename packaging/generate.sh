#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# packaging/generate.sh OUT: man page, bash completion and sample configuration, made from what the program says of
# itself (NASREADY words), into OUT/man/nasready.8, OUT/completion/nasready and OUT/nasready.conf.
set -eu
here=$(dirname "$0")
out=$1
mkdir -p "$out/man" "$out/completion"
words=$(mktemp)
trap 'rm -f "$words"' EXIT
"${NASREADY:-build/nasready}" words > "$words"

generate() {
  awk -F '\t' -v kind="$1" -f "$here/words.awk" "$words"
}

template=$here/man/nasready.8.in
{
  sed '/^@COMMANDS@$/,$d' "$template"
  generate commands
  sed '1,/^@COMMANDS@$/d; /^@KEYS@$/,$d' "$template"
  generate keys
  sed '1,/^@KEYS@$/d' "$template"
} > "$out/man/nasready.8"
generate completion > "$out/completion/nasready"
generate configuration > "$out/nasready.conf"
