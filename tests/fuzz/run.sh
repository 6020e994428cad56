#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# tests/fuzz/run.sh: runs the fuzzers in BUILD, two at a time, FUZZ_S seconds (600) in all, their time shared evenly;
# FUZZ="size text" runs only those. Corpora, logs and what was found stay in BUILD. Exit code 1: something was found.
set -eu
cd "$(dirname "$0")/../.."
BUILD=${BUILD:-build/fuzz}
FUZZ_S=${FUZZ_S:-600}

# one fuzzer: run.sh --one SECONDS NAME
if [ "${1:-}" = --one ]; then
  seconds=$2 name=$3
  log=$BUILD/log/$name
  max_len=$(sed -n 's/.*max_len: \([0-9]*\).*/\1/p' "tests/fuzz/fuzz_$name.c")
  mkdir -p "$BUILD/corpus/$name" "$BUILD/seeds/$name"
  code=0
  "$BUILD/fuzz_$name" -max_total_time="$seconds" -max_len="${max_len:-4096}" -timeout=10 -rss_limit_mb=512 \
    -print_final_stats=1 -artifact_prefix="$BUILD/found/$name-" \
    "$BUILD/corpus/$name" "$BUILD/seeds/$name" > "$log" 2>&1 || code=$?
  figure() {
    sed -n "s/^.*$1[: ]*\([0-9][0-9]*\).*/\1/p" "$log" | tail -n 1
  }
  verdict=
  if [ $code != 0 ]; then
    verdict=" FOUND: $(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1)"
    grep -E 'broken promise|runtime error|^SUMMARY' "$log" | head -n 3 > "$BUILD/found/$name" || true
    [ -s "$BUILD/found/$name" ] || tail -n 3 "$log" > "$BUILD/found/$name"
  fi
  printf '%-12s %10s executions %7s/s  cov %5s  ft %6s%s\n' "$name" "$(figure number_of_executed_units)" \
    "$(figure average_exec_per_sec)" "$(figure ' cov')" "$(figure ' ft')" "$verdict"
  exit 0
fi

names=${FUZZ:-$(ls tests/fuzz/fuzz_*.c | sed 's|.*/fuzz_||; s|\.c$||')}
count=$(echo $names | wc -w)
seconds=$((FUZZ_S / ((count + 1) / 2)))
[ "$seconds" -ge 1 ] || seconds=1
mkdir -p "$BUILD/found" "$BUILD/log"
for name in $names; do
  if [ ! -x "$BUILD/fuzz_$name" ]; then
    echo "fuzz: there is no fuzzer $name in $BUILD: build it with \`make fuzz\`, or look for its name in tests/fuzz" >&2
    exit 2
  fi
  rm -f "$BUILD/found/$name"
done
tests/fuzz/seeds.sh "$BUILD/seeds"

echo "== fuzzing, $count fuzzers, $seconds s each, two at a time"
export BUILD
echo $names | tr ' ' '\n' | xargs -P 2 -n 1 tests/fuzz/run.sh --one "$seconds"

failed=0
for name in $names; do
  [ -e "$BUILD/found/$name" ] || continue
  failed=$((failed + 1))
  sed "s/^/$name: /" "$BUILD/found/$name"
done
[ $failed = 0 ] || echo "run it again with: $BUILD/fuzz_NAME FILE"
echo "fuzz: $((count - failed)) passed, $failed failed"
[ $failed = 0 ]
