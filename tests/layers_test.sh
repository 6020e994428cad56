#!/bin/bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# Does tests/layers.sh bite? Puts each kind of violation into a scratch copy of the sources and expects that very
# line to be named; and puts in what is allowed, and expects silence.
set -euo pipefail
cd "$(dirname "$0")/.."

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0

fresh() {
  rm -rf "$scratch/tree"
  mkdir -p "$scratch/tree/agent"/{base,system,collect,judge,model,serve,show,cmd} "$scratch/tree/common"
  cp common/scope.h "$scratch/tree/common/"
}

verdict() {
  if [ "$1" = ok ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "not ok - layers: $2"; fi
}

# bites FILE LINE TEXT: TEXT, put into FILE, must be found at LINE
bites() {
  local out code=0
  fresh
  printf '%b' "$3" > "$scratch/tree/$1"
  out=$(tests/layers.sh "$scratch/tree" 2>&1) || code=$?
  if [ $code = 1 ] && grep -q "^$1:$2: " <<< "$out"; then verdict ok
  else verdict no "$1:$2 was not named (exit code $code): ${3:0:60}"; sed 's/^/#   /' <<< "$out"; fi
}

# passes FILE TEXT: nothing may be said about FILE
passes() {
  local out code=0
  fresh
  printf '%b' "$2" > "$scratch/tree/$1"
  out=$(tests/layers.sh "$scratch/tree" 2>&1) || code=$?
  if [ $code = 0 ]; then verdict ok
  else verdict no "$1 is allowed, but: $out"; fi
}

lines() {
  local i
  printf '%s' "$2"
  for ((i = 0; i < $1; i++)); do printf '\\tx++;\\n'; done
  printf '%s' "$3"
}

# direction of includes
bites common/a.c 2 '#include "common/a.h"\n#include "model/snapshot.h"\n'
bites agent/model/a.c 1 '#include "judge/history.h"\n'
bites agent/model/a.c 1 '#include "base/log.h"\n'
bites agent/collect/a.c 1 '#include "judge/history.h"\n'
bites agent/system/a.c 1 '#include "collect/source.h"\n'
bites agent/judge/a.c 1 '#include "collect/source.h"\n'
bites agent/collect/a.c 1 '#  include "show/json.h"\n'
bites agent/judge/a.c 3 '/* one\n two */\n#include "system/root.h"\n'
bites agent/judge/a.h 1 '#include "show/out.h"\n'
bites agent/judge/a.c 1 '#include "base/loop.h"\n'
bites agent/show/a.c 1 '#include "collect/source.h"\n'
bites agent/show/a.c 1 '#include "serve/request.h"\n'
bites agent/serve/a.c 1 '#include "system/root.h"\n'
bites agent/serve/a.c 1 '#include "cmd/serve.h"\n'
bites agent/base/a.c 1 '#include "system/root.h"\n'
bites agent/collect/a.c 1 '#include "cmd/serve.h"\n'
bites agent/judge/a.c 1 '#include "../system/root.h"\n'
bites agent/judge/a.c 1 '#include "history.h"\n'
passes agent/collect/a.c '#include "base/log.h"\n#include "system/root.h"\n#include "model/snapshot.h"\n'
passes agent/serve/a.c '#include "base/log.h"\n#include "show/json.h"\n/* #include "system/root.h" */\n'
passes agent/main.c '#include "cmd/serve.h"\n#include "base/options.h"\n'

# the system outside the root handle
bites agent/collect/a.c 2 'void f(void)\n{ open("x", 0); }\n'
bites agent/collect/a.c 1 'int f(void) { return openat (3, "x", 0); }\n'
bites agent/serve/a.c 1 'void f(void) { fopen("x", "r"); }\n'
bites agent/base/a.c 1 'void f(void) { opendir("x"); }\n'
bites agent/base/a.c 1 'void f(void) { stat("x", 0); }\n'
bites agent/collect/a.c 1 'void f(void) { statfs("x", 0); }\n'
bites agent/show/a.c 1 'void f(void) { popen("x", "r"); }\n'
bites common/a.c 1 'void f(void) { system("x"); }\n'
bites agent/collect/a.c 1 'const char *a = "/proc/stat";\n'
bites agent/judge/a.c 1 'const char *a = "/sys";\n'
bites agent/base/a.c 1 'const char *a = "/etc/passwd";\n'
bites agent/cmd/a.c 3 '/* "/proc" */\n\nconst char *a = "/dev/null";\n'
bites agent/judge/a.c 1 'long f(void) { return time(0); }\n'
bites common/a.c 1 'void f(void) { clock_gettime(1, 0); }\n'
passes agent/system/root.c 'int f(void) { return open("x", 0); }\n'
passes agent/collect/a.c '/* open("/proc/stat") */\nconst char *a = "cannot open(x)", *b = "/proc/stat is empty";\n'
passes agent/collect/a.c 'int root_open(int);\nint f(struct x *p) { return root_open(1) + p->open(1); }\n'

# libraries
bites agent/serve/a.c 1 '#include <json-c/json.h>\n'
bites agent/show/a.c 1 '#include <microhttpd.h>\n'
bites agent/collect/source_raid.c 2 '#include <stdio.h>\n#include <blkid/blkid.h>\n'
passes agent/serve/server.c '#include <microhttpd.h>\n'
passes agent/collect/source_filesystems.c '#include <blkid/blkid.h>\n'

# macros and sizes
bites common/a.h 2 '#define A 1\n#define TRY(x) do { if (x) return -1; } while (0)\n'
bites common/a.h 1 '#define TRY(x) \\\\\n\tdo { \\\\\n\t\tif (x) goto out; \\\\\n\t} while (0)\n'
passes common/a.h '#define RETURNS 1 /* return */\n#define B "return"\n'
bites common/a.c 2 "$(lines 58 'int x;\nvoid f(void)\n{\n' '}\n')"
passes common/a.c "$(lines 57 'int x;\nvoid f(void)\n{\n' '}\n')"
bites agent/main.c 2 "$(lines 38 'int x;\nint main(void)\n{\n' '}\n')"
passes agent/main.c "$(lines 37 'int x;\nint main(void)\n{\n' '}\n')"
bites common/a.h 1 "$(lines 58 'static inline void f(int x)\n{\n' '}\n')"
bites common/a.c 401 "$(printf 'int x;\\n%.0s' {1..401})"
passes common/a.c "$(printf 'int x;\\n%.0s' {1..400})"
bites common/a.h 151 "$(printf 'int x;\\n%.0s' {1..151})"

# a folder without a place
fresh
mkdir "$scratch/tree/agent/extra"
echo 'int x;' > "$scratch/tree/agent/extra/a.c"
if tests/layers.sh "$scratch/tree" > "$scratch/out" 2>&1 || ! grep -q '^agent/extra/a.c:1: ' "$scratch/out"; then
  verdict no 'the unknown folder agent/extra was not named'
else
  verdict ok
fi

echo "layers_test: $passed passed, $failed failed"
[ "$failed" = 0 ]
