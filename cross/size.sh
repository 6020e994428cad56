#!/bin/bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# cross/size.sh [--symbols] UNSTRIPPED: how many bytes of the program each module has: its code and data by the source
# file that the debugger's tables name. What has no symbol, text literals above all, is shown by section.
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
      module = "C library and compiler"
      if (match(file, /(agent|common)\/.*/)) {
        module = substr(file, RSTART); sub(/\/[^\/]*$/, "", module)
      } else if (match(file, /(libmicrohttpd|json-c|util-linux|check)-[0-9.]+\//)) {
        module = substr(file, RSTART, RLENGTH - 1)
      } else if (file == "") {
        module = "C library and compiler"
      }
      print $2, $3, $4, module
    }' | while read -r size rest; do echo "$((16#$size)) $rest"; done
}

if [ $list = 1 ]; then
  symbols | sort -rn
  exit
fi
symbols | awk '
  { bytes[$4 " " $5 " " $6 " " $7] += $1; all += $1 }
  END { for (m in bytes) printf "%8d  %s\n", bytes[m], m; printf "%8d  = all with a symbol\n", all }' | sort -rn
"${prefix}size" -A -d "$program" | awk '$1 ~ /^\.(text|rodata|data|data.rel.ro|ARM.extab|ARM.exidx|eh_frame|init|got|rel.dyn|rela.dyn|bss)$/ { printf "%8d  section %s\n", $2, $1 }'
