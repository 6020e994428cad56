#!/bin/bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# tests/golden.sh [--update]: what the program says of each recorded machine and timeline, against the expected JSON.
# Version, target and durations are left out of the comparison: they tell of the build, not of the machine.
set -euo pipefail
cd "$(dirname "$0")/.."

build=${BUILD:-build}
program=${NASREADY:-$build/nasready}
update=0
[ "${1:-}" = --update ] && update=1
passed=0 failed=0
mkdir -p "$build/golden"

[ -x "$program" ] || { echo "golden: '$program' is not there; run make" >&2; exit 2; }

neutral() {
  sed -E 's/("version": *)"[^"]*"/\1"-"/;s/("target": *)"[^"]*"/\1"-"/;s/("duration_us": *)[0-9]+/\10/'
}

not_ok() {
  failed=$((failed + 1))
  echo "not ok - $1"
  sed 's/^/#   /' "$2"
}

# golden NAME ROOT EXPECTED
golden() {
  local said=$build/golden/$1.json problem=$build/golden/$1.problem code=0
  mkdir -p "${said%/*}"
  "$program" status --json --root "$2" > "$said.raw" 2> "$problem" || code=$?
  neutral < "$said.raw" > "$said"
  # 0 good, 1 wait or warning, 2 no: all are answers
  if [ $code -gt 2 ]; then
    echo "exit code $code" >> "$problem"
    not_ok "$1" "$problem"
  elif ! jq -e . "$said" > /dev/null 2> "$problem"; then
    [ -s "$problem" ] || echo 'it said nothing' > "$problem"
    not_ok "$1" "$problem"
  elif [ $update = 1 ]; then
    mkdir -p "${3%/*}"
    cmp -s "$said" "$3" && echo "unchanged - $1" || { cp "$said" "$3"; echo "written - $1"; }
    passed=$((passed + 1))
  elif [ ! -e "$3" ]; then
    echo "$3 is missing; make golden-update writes it" > "$problem"
    not_ok "$1" "$problem"
  elif ! diff -u "$3" "$said" > "$problem"; then
    not_ok "$1" "$problem"
  else
    passed=$((passed + 1))
    echo "ok - $1"
  fi
}

echo '== golden: recorded machines'
for machine in tests/machines/*/; do
  machine=${machine%/}
  golden "${machine##*/}" "$machine" "$machine/expected/status.json"
done

if [ -e tests/timelines.py ]; then
  echo '== golden: timelines'
  rm -rf "$build/timelines"
  python3 tests/timelines.py "$build/timelines"
  for timeline in "$build"/timelines/*/; do
    timeline=${timeline%/}
    golden "timelines/${timeline##*/}" "$timeline" "tests/timelines/${timeline##*/}.json"
  done
  # an expectation that nothing is compared with any more would look like a test
  for expected in tests/timelines/*.json; do
    [ -e "$expected" ] || continue
    name=$(basename "$expected" .json)
    [ -d "$build/timelines/$name" ] && continue
    echo "tests/timelines.py makes no timeline '$name'" > "$build/golden/left.problem"
    not_ok "$expected" "$build/golden/left.problem"
  done
fi

echo "golden: $passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
