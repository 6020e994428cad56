#!/bin/bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# tests/layers.sh [DIR]: holds the sources under DIR (here) to the architecture. Each violation is one line,
# file:line: what; exit code 1 if there was any. The rules are the tables below; everything after them only
# applies them.
set -euo pipefail
cd "${1:-$(dirname "$0")/..}"

# Who may include what. A folder that is not listed is a violation, so a new one must find its place here.
includes='
common         common
agent/model    common model
agent/base     common model base
agent/system   common model base system
agent/collect  common model base system collect
agent/judge    common model judge
agent/show     common model judge show
agent/serve    common model judge show base serve
agent/work     common model base system collect work
agent/enforce  common model base system judge work enforce
agent/cmd      common model judge show base system collect serve work enforce cmd
agent          common model judge show base system collect serve work enforce cmd
'

# Calls that reach the system past the root handle: name, files that may, reason.
calls='
open       agent/system/root.c             the root handle itself
openat     agent/system/root.c             the root handle itself
fdopendir  agent/system/root.c             the root handle itself
faccessat  agent/system/root.c             the root handle itself
openat     agent/collect/vdisks_ask.c       folders of shares, in a disposable child
fdopendir  agent/collect/vdisks_ask.c       folders of shares, in a disposable child
fstatat    agent/collect/vdisks_ask.c       files in shares, in a disposable child
openat     agent/system/image_file.c       the file of a virtual disk, which a lease protects
fstatat    agent/system/image_file.c       the file of a virtual disk, which a lease protects
open       agent/base/options.c             its own configuration file
fopen      agent/base/options.c             its own configuration file
open       agent/base/busy.c                what the kernel says of this process
open       agent/base/credentials.c         its own file of passwords
open       agent/base/state.c               the files of its own state directory
openat     agent/base/state.c               the files of its own state directory
fopen      agent/base/state.c               the files of its own state directory
stat       agent/base/state.c               the files of its own state directory
open       agent/work/lock.c                the lock of the state directory
open       agent/work/record.c              the files of its own state directory
openat     agent/work/record.c              the files of its own state directory
stat       agent/work/record.c              the files of its own state directory
open       agent/enforce/page_file.c        the gate page in its own run directory
openat     agent/enforce/page_file.c        the gate page in its own run directory
fstatat    agent/enforce/page_file.c        the gate page in its own run directory
open       agent/enforce/page_read.c        the gate page in its own run directory
access     agent/enforce/service.c          our drop-in for the service manager
open       agent/enforce/service.c          our drop-in for the service manager
stat       agent/enforce/service.c          the object that smbd loads
readlink   agent/enforce/service.c          where this program lies
execlp     agent/enforce/service.c          the service manager
readlink   agent/cmd/cmd_gate.c             where this program lies
statvfs    agent/cmd/cmd_dfree.c            space of the folder that Samba asks for
open       agent/work/tree.c                the folders of a share, for who asked for it by name
fdopendir  agent/work/tree.c                the folders of a share, for who asked for it by name
open       agent/work/place.c               the folders of shares, and /dev/urandom
openat     agent/work/*.c                   below the folder of a share, without following links
fdopendir  agent/work/place.c               the folders of shares
fstatat    agent/work/*.c                   below the folder of a share, without following links
statfs     agent/collect/source_volumes.c   space of a mount, in a disposable child
statvfs    agent/collect/source_volumes.c   space of a mount, in a disposable child
'
forbidden_calls='open|openat|open64|creat|fopen|freopen|opendir|fdopendir|scandir|stat|lstat|fstatat|statx|statfs|statvfs|access|faccessat|readlink|readlinkat|popen|system|execlp|execvp|ftw|nftw'

# String literals that are a path of the system (a sentence, with a blank in it, is none): file, path, reason.
paths='
agent/base/options.c      /etc/nasready       where its own configuration is by default
agent/base/options.c      /var/lib/nasready   where its own state is by default
agent/base/options.c      /run/nasready       where the gate page is by default
agent/enforce/page_read.h /run/nasready       the same, for what smbd starts
agent/enforce/service.c   /proc/self/exe      where this program lies
agent/enforce/service.h   /etc/systemd/system our drop-in for the service manager
agent/enforce/service.c   /run/systemd/system is there a service manager
agent/cmd/cmd_gate.c      /proc/self/exe      where this program lies
agent/base/busy.c         /proc/self/schedstat how long this process waited for a processor
agent/base/state.c        /dev/urandom        the random id of this install
agent/work/place.c        /dev/urandom        GUIDs of new disks
agent/base/privilege.c    /dev/null           the standard descriptors of a daemon
'

# Headers of libraries that only one place knows: beginning of the name, files (a shell pattern).
libraries='
json            tests/*
microhttpd.h    agent/serve/server.c
microhttpd.h    agent/serve/*mhd*.c
blkid/          agent/collect/source_filesystems.c
blkid/          agent/collect/*probe*.c
blkid/          agent/system/*probe*.c
check.h         tests/unit/*
'

# Time is an argument: who may look at a clock.
clock_calls='time|gettimeofday|clock_gettime|localtime'
clock_files='
clock  agent/base/*      the clock of the event loop
clock  agent/collect/*   a pass writes its time into the snapshot; deadlines of children
clock  agent/enforce/*   the gate page tells its age to other processes
clock  agent/work/*      deadlines, times of jobs
clock  agent/cmd/*       one-shot commands
'

function_lines=60
main_lines=40
source_lines=400
header_lines=150

failures=$(mktemp)
code=$(mktemp)
trap 'rm -f "$failures" "$code"' EXIT

fail() {
  echo "$1: $2" >> "$failures"
}

# in_table TABLE WORD FILE: is there a row "WORD pattern ..." whose pattern fits FILE?
in_table() {
  local word pattern rest
  while read -r word pattern rest; do
    # shellcheck disable=SC2053
    [[ $word == "$2" && $3 == $pattern ]] && return 0
  done <<< "$1"
  return 1
}

# The text of a C file, each line kept: comments out; with strings=0 the strings' contents too.
strip() {
  awk -v strings="$1" '
    {
      out = ""; n = length($0); quote = ""
      for (i = 1; i <= n; i++) {
        c = substr($0, i, 1); two = substr($0, i, 2)
        if (comment) { if (two == "*/") { comment = 0; i++; out = out " " } continue }
        if (quote != "") {
          if (c == "\\") { if (strings) out = out two; i++; continue }
          if (c == quote) quote = ""
          if (strings || quote == "") out = out c
          continue
        }
        if (two == "/*") { comment = 1; i++; continue }
        if (two == "//") break
        if (c == "\"" || c == "\047") quote = c
        out = out c
      }
      print out
    }' "$2"
}

check_includes() {
  local file=$1 folder=${1%/*} allowed line header first
  allowed=$(awk -v folder="$folder" '$1 == folder { $1 = ""; print $0 " " }' <<< "$includes")
  if [ -z "$allowed" ]; then
    fail "$file:1" "the folder $folder has no place among the layers (tests/layers.sh, includes)"
    return
  fi
  while IFS=: read -r line header; do
    first=${header%%/*}
    if [[ $header != */* || $header == *..* ]]; then
      fail "$file:$line" "\"$header\" is not written from the top (\"folder/name.h\")"
    elif [[ $allowed != *" $first "* ]]; then
      fail "$file:$line" "$folder may not include $first/ (\"$header\")"
    fi
  done < <(sed -n 's/^[ \t]*#[ \t]*include[ \t]*"\([^"]*\)".*/\1/;T;=;p' "$code.strings" | paste -d: - -)
}

check_libraries() {
  local file=$1 line header prefix pattern known ok
  while IFS=: read -r line header; do
    known=0 ok=0
    while read -r prefix pattern; do
      [[ -n $prefix && $header == "$prefix"* ]] || continue
      known=1
      # shellcheck disable=SC2053
      [[ $file == $pattern ]] && ok=1
    done <<< "$libraries"
    [ $known = 0 ] || [ $ok = 1 ] || fail "$file:$line" "<$header> is not for this file (tests/layers.sh, libraries)"
  done < <(sed -n 's/^[ \t]*#[ \t]*include[ \t]*<\([^>]*\)>.*/\1/;T;=;p' "$code.strings" | paste -d: - -)
}

check_calls() {
  local file=$1 line call
  while IFS=: read -r line call; do
    call=${call%%[( ]*}
    in_table "$calls" "$call" "$file" ||
      fail "$file:$line" "$call() outside the root handle (tests/layers.sh, calls)"
  done < <(grep -noP "(?<![\w.>])($forbidden_calls)[ \t]*\(" "$code" || true)
  in_table "$clock_files" clock "$file" && return
  while IFS=: read -r line call; do
    fail "$file:$line" "${call%%[( ]*}() here: time is an argument (tests/layers.sh, clock_files)"
  done < <(grep -noP "(?<![\w.>])($clock_calls)[ \t]*\(" "$code" || true)
}

check_paths() {
  local file=$1 line literal allowed path rest ok
  while IFS=: read -r line literal; do
    ok=0
    while read -r allowed path rest; do
      [[ $allowed == "$file" && ${literal#\"} == "$path"* ]] && ok=1
    done <<< "$paths"
    [ $ok = 1 ] || fail "$file:$line" "$literal: a path of the system outside the root handle (tests/layers.sh, paths)"
  done < <(grep -noP '"/(proc|sys|etc|dev|run|var)\b[^" ]*"' "$code.strings" || true)
}

check_macros() {
  local file=$1 line
  while read -r line; do
    fail "$file:$line" 'a macro with return or goto inside'
  done < <(awk '
    !inside && /^[ \t]*#[ \t]*define/ { inside = 1; start = NR; text = "" }
    inside { text = text " " $0; if ($0 !~ /\\$/) {
      inside = 0
      if (text ~ /[^A-Za-z0-9_](return|goto)[^A-Za-z0-9_]/ || text ~ /[^A-Za-z0-9_](return|goto)$/) print start
    } }' "$code")
}

check_length() {
  local file=$1 most=$source_lines lines
  [[ $file == *.h ]] && most=$header_lines
  lines=$(wc -l < "$file")
  [ "$lines" -le "$most" ] || fail "$file:$((most + 1))" "$lines lines in this file, $most at most"
}

# prints "lines name file:line" for every function and adds those that are too long to the failures
functions() {
  ctags -f - --languages=C --langmap=C:.c.h --kinds-C=f --excmd=number --fields=ne "$@" |
    awk -F'\t' -v most=$function_lines -v main=$main_lines -v failures="$failures" '
      {
        start = end = 0
        for (i = 4; i <= NF; i++) {
          if ($i ~ /^line:/) start = substr($i, 6)
          if ($i ~ /^end:/) end = substr($i, 5)
        }
        if (!end) next
        lines = end - start + 1
        limit = $1 == "main" ? main : most
        if (lines > limit)
          printf "%s:%d: %s() has %d lines, %d at most\n", $2, start, $1, lines, limit >> failures
        print lines, $1, $2 ":" start
      }'
}

command -v ctags >/dev/null || { echo 'layers: ctags is missing (universal-ctags; make deps)' >&2; exit 2; }
mapfile -t files < <(find agent common -name '*.[ch]' 2>/dev/null | LC_ALL=C sort)
[ ${#files[@]} -gt 0 ] || { echo "layers: no sources under $PWD" >&2; exit 2; }

trap 'rm -f "$failures" "$code" "$code.strings"' EXIT
for file in "${files[@]}"; do
  strip 0 "$file" > "$code"
  strip 1 "$file" > "$code.strings"
  check_includes "$file"
  check_libraries "$file"
  check_calls "$file"
  check_paths "$file"
  check_macros "$file"
  check_length "$file"
done
summary=$(functions "${files[@]}" | sort -n | awk '
  { lines[NR] = $1; name = $2; place = $3 }
  END { if (NR) printf "%d functions, median %d lines, longest %d (%s, %s)", NR, lines[int((NR + 1) / 2)], lines[NR], name, place }')

LC_ALL=C sort -t: -k1,1 -k2,2n "$failures" >&2
echo "layers: ${#files[@]} files, $summary; $(wc -l < "$failures") violations"
[ ! -s "$failures" ]
