#!/bin/bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# cross/size.sh [--symbols] UNSTRIPPED [RECORD]: how many bytes of the program each module has: its code and data by the source
# file that the debugger's tables name. What has no symbol, text literals above all, is shown by section. Behind each
# figure stands how it differs from RECORD as the last commit on main has it (make size-record writes that file).
set -euo pipefail
list=0
[ "$1" != --symbols ] || { list=1; shift; }
program=$1
prefix=${GNU:+$GNU-}

# size type name file, only what is stored in the file: no bss
symbols() {
  "${prefix}nm" -l -S --defined-only "$program" | awk '
    NF >= 4 && $2 ~ /^[0-9a-f]+$/ && $3 !~ /^[bBN]$/ && !seen[$1]++ {
      file = $5; sub(/:[0-9?]+$/, "", file)
      module = "libgcc, and tables without a file"
      if (match(file, /(agent|common)\/.*/)) {
        module = substr(file, RSTART); sub(/\/[^\/]*$/, "", module)
      } else if (file ~ /\/libblkid\/|\/util-linux/) {
        module = "libblkid"
      } else if (match(file, /\/(libmicrohttpd|musl)[-\/]/)) {
        module = substr(file, RSTART + 1, RLENGTH - 2)
      } else if ($4 ~ /_gzip$/) {
        module = "page"
      }
      print $2, $3, $4, module
    }' | while read -r size rest; do echo "$((16#$size)) $rest"; done
}

if [ $list = 1 ]; then
  symbols | sort -rn
  exit
fi
report() {
  symbols | awk '
    { size = $1; $1 = $2 = $3 = ""; sub(/^ +/, ""); bytes[$0] += size; all += size }
    END { for (m in bytes) printf "%8d  %s\n", bytes[m], m; printf "%8d  all that has a symbol\n", all }' | sort -rn
  "${prefix}size" -A -d "$program" | awk '$1 ~ /^\.(text|rodata|data|data.rel.ro|got|rel.dyn|rela.dyn|eh_frame|bss)$/ && $2 > 99 {
    printf "%8d  section %s%s\n", $2, $1, $1 == ".bss" ? " (memory only)" : "" }'
}

record=${2:-}
main=$([ -z "$record" ] || git show "origin/main:$record" 2>/dev/null || git show "HEAD:$record" 2>/dev/null || true)
report | awk -v main="$main" '
  BEGIN {
    count = split(main, lines, "\n")
    for (i = 1; i <= count; i++) { size = lines[i] + 0; sub(/^ *[0-9]+  /, "", lines[i]); before[lines[i]] = size }
  }
  { size = $1; line = $0; sub(/^ *[0-9]+  /, "", line)
    printf "%s%s\n", $0, !count || size == before[line] ? "" : sprintf("  (%+d)", size - before[line]) }'
