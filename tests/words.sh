#!/bin/bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# Man page, completion and sample configuration say what the program says (`make words` writes them anew), and are good.
set -euo pipefail
cd "$(dirname "$0")/.."
program=${NASREADY:-build/nasready}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0

# check WHAT COMMAND...
check() {
  local what=$1
  shift
  if "$@" > "$scratch/said" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "not ok - $what"
    head -n 20 "$scratch/said" | sed 's/^/#   /'
  fi
}

silent() {
  local said
  said=$("$@" 2>&1 > /dev/null) || return 1
  [ -z "$said" ] || { echo "$said"; return 1; }
}

# completes "WORDS SO FAR" WANTED...: the last word is being typed
completes() {
  local words=$1 wanted
  shift
  read -ra COMP_WORDS <<< "$words"
  [[ $words != *' ' ]] || COMP_WORDS+=('')
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  _nasready
  for wanted; do
    [[ " ${COMPREPLY[*]} " == *" $wanted "* ]] || { echo "\"$words\" gives: ${COMPREPLY[*]}"; return 1; }
  done
}

no_mandoc_warnings() {
  ! mandoc -T lint -W warning "$1" | grep .
}

NASREADY=$program packaging/generate.sh "$scratch"
for file in man/nasready.8 completion/nasready nasready.conf; do
  check "packaging/$file is of another program: make words" diff -u "packaging/$file" "$scratch/$file"
done
check 'the sample configuration is good' "$program" serve --check-config --config packaging/nasready.conf
sed 's/^#\([a-z-]* =\)/\1/' packaging/nasready.conf > "$scratch/all.conf"
check 'and with every key given' "$program" serve --check-config --config "$scratch/all.conf"
if command -v mandoc > /dev/null; then
  check 'mandoc finds nothing wrong' no_mandoc_warnings packaging/man/nasready.8
else
  echo 'mandoc is missing (make deps): the man page was not looked at'
fi
if command -v man > /dev/null && command -v groff > /dev/null; then
  check 'man warns of nothing' silent env LC_ALL=C.UTF-8 man --warnings -l packaging/man/nasready.8
fi
check 'the completion is bash' bash -n packaging/completion/nasready
# shellcheck source=/dev/null
. packaging/completion/nasready
check 'a command' completes 'nasready sta' status
check 'options of a command' completes 'nasready plan --' --share --json --help
check 'keys are options of serve' completes 'nasready serve --li' --listen
check 'values that are words' completes 'nasready serve --log s' stderr syslog
check 'files' completes 'nasready serve --config packaging/na' packaging/nasready.conf
check 'folders' completes 'nasready status --root tests/mach' tests/machines

# every command answers --help, and says no to what is none
while IFS=$'\t' read -r _ command _; do
  check "$command --help" bash -c '"$1" "$2" --help | grep -q "^usage: nasready $2"' - "$program" "$command"
  check "$command --xyzzy" bash -c '"$1" "$2" --xyzzy; [ $? = 3 ]' - "$program" "$command"
done < <("$program" words | grep ^command)
check 'did you mean' bash -c '"$1" stauts 2>&1 | grep -q "did you mean status?"' - "$program"
is_coloured() {
  local said
  said=$("$@" "$program" ready --root tests/machines/dev-vm) || true
  [[ $said == *$'\033'* ]]
}
in_terminal() {
  script -qec "$*" /dev/null < /dev/null
}
is_plain() {
  ! is_coloured "$@"
}
check 'without a terminal nothing is coloured' is_plain env TERM=xterm
if command -v script > /dev/null; then
  check 'on a terminal it is' is_coloured in_terminal env TERM=xterm
  check 'unless NO_COLOR says otherwise' is_plain in_terminal env TERM=xterm NO_COLOR=1
  check 'or the terminal is dumb' is_plain in_terminal env TERM=dumb
fi
echo "words: $passed passed, $failed failed"
[ "$failed" = 0 ]
