#!/bin/bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# tests/cross/check.sh TARGET OUT: the cross-built program and its unit tests under the emulator that RUNNER names, each
# run again where only the system calls of Linux 2.6.31 are answered (ARMv5). What the emulator cannot do (sock_diag,
# some ioctls) shows as unknown and is no failure.
set -euo pipefail
cd "$(dirname "$0")/../.."
target=$1 out=$(realpath "$2") runner=${RUNNER:-}
scratch=$out/run
failed=0 agent=
rm -rf "$scratch"
mkdir -p "$scratch"

stop() {
  [ -z "$agent" ] || { kill "$agent" 2>/dev/null && wait "$agent" 2>/dev/null; } || true
  agent=
}
trap stop EXIT

result() {
  if [ "$1" = 0 ]; then
    echo "ok - $2"
  else
    failed=$((failed + 1))
    echo "FAILED - $2"
    [ ! -s "${3:-}" ] || tail -20 "$3" | cut -c1-200 | sed 's/^/    /'
  fi
}

# wrapper NAME PREFIX...: a program that runs nasready behind the prefix
wrapper() {
  local name=$1
  shift
  printf '#!/bin/sh\nexec %s %s/nasready "$@"\n' "$*" "$out" > "$scratch/$name"
  chmod 755 "$scratch/$name"
}

# serves NAME SECONDS COMMAND...: the agent answers over loopback; it prints the first answer's time
serves() {
  local name=$1 patience=$2 port tries began
  shift 2
  port=$((20000 + RANDOM % 20000))
  "$@" serve --listen "127.0.0.1:$port" --state-dir "$scratch/state-$name" > "$scratch/$name.log" 2>&1 &
  agent=$!
  began=$(date +%s%N)
  for ((tries = patience * 10; tries > 0; tries--)); do
    if curl -fsS --noproxy '*' --max-time 5 -o "$scratch/$name.json" "http://127.0.0.1:$port/v1/status" \
      2> "$scratch/$name.curl"; then
      echo "# $name: first answer after $((($(date +%s%N) - began) / 1000000)) ms"
      for ((tries = 0; tries < 20; tries++)); do
        curl -fsS --noproxy '*' --max-time 5 -o "$scratch/$name.json" "http://127.0.0.1:$port/v1/status" || return 1
      done
      stop
      jq -e '.nasready.target // .agent.target // .target' "$scratch/$name.json" > /dev/null || jq -e . "$scratch/$name.json" > /dev/null
      return
    fi
    kill -0 "$agent" 2>/dev/null || break
    sleep 0.1
  done
  stop
  return 1
}

echo "== $target${runner:+ under $runner}"
wrapper plain "$runner"
said=$("$scratch/plain" version)
result $? "version: $said"

code=0
NASREADY=$scratch/plain BUILD=$scratch tests/golden.sh > "$scratch/golden.log" 2>&1 || code=$?
result $code "golden: $(tail -1 "$scratch/golden.log")" "$scratch/golden.log"

code=0
# shellcheck disable=SC2086
CK_FORK=no timeout 300 $runner "$out/check/unit" > "$scratch/unit.log" 2>&1 || code=$?
result $code "unit tests: $(tail -1 "$scratch/unit.log")" "$scratch/unit.log"

code=0
serves serve 20 "$scratch/plain" || code=$?
result $code 'serve answers 21 times' "$scratch/serve.log"

if [ "$target" = armv5-musl ] && [ "$(uname -m)" = x86_64 ]; then
  ${HOSTCC:-gcc} -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -Os -o "$scratch/as2631" tests/cross/as2631.c
  wrapper filtered "$scratch/as2631" "$runner"
  code=0
  serves filtered 20 "$scratch/filtered" || code=$?
  result $code 'serve answers 21 times with the system calls of 2.6.31 only' "$scratch/filtered.log"

  # The control: does the filter bite? A program that needs a newer call must fail behind it and run without it.
  printf '%s\n' '#include <sys/socket.h>' '#include <unistd.h>' '#include <sys/syscall.h>' 'int main(void) {' \
    'return syscall(SYS_getrandom, (char[4]){0}, 4, 1) == 4 ? 0 : 1; }' > "$scratch/newer.c"
  "$TOOLS/bin/cc" -D_GNU_SOURCE -Os -o "$scratch/newer" "$scratch/newer.c"
  code=0
  # shellcheck disable=SC2086
  $runner "$scratch/newer" && ! "$scratch/as2631" $runner "$scratch/newer" || code=$?
  result $code 'the filter refuses a newer call, and only it does'
fi

[ $failed = 0 ] && echo "cross-check $target: all passed"
