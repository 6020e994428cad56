#!/bin/bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# tests/release.sh [STEP...]: what .ci/run leaves out, before a release; three hours on two cores, as root. Each step's output
# is kept in BUILD/release; the table at the end has its time and its last word. It goes on after a step that fails.
set -uo pipefail
cd "$(dirname "$0")/.."
out=${BUILD:-build}/release
mkdir -p "$out"
failed=0

step_other-processors() { for target in amd64-musl armhf-musl arm64-musl; do make cross-check TARGET=$target || return; done; }
step_package() { make package-check; }
step_box() { make box; }
step_box-arm926() { make box-arm926; }
step_guest() { make guest; }
step_live() { make live; }
step_windows() { make windows; }
step_crash() { make crash KILLS=300 CUTS=100; }
step_fuzz() { make fuzz FUZZ_S=1800; }

steps=("$@")
[ ${#steps[@]} -gt 0 ] || steps=(other-processors package box box-arm926 guest live windows crash fuzz)
: > "$out/table"
for step in "${steps[@]}"; do
  declare -F "step_$step" > /dev/null || { echo "release: there is no step '$step'" >&2; exit 2; }
  echo "== $step"
  began=$SECONDS
  if "step_$step" > "$out/$step.log" 2>&1; then said=passed; else said=FAILED failed=1; fi
  printf '%-18s %s %5d s  %s\n' "$step" $said $((SECONDS - began)) "$(grep -E '[0-9]+ passed' "$out/$step.log" | tail -n 1)" | tee -a "$out/table"
done
cat "$out/table"
exit $failed
