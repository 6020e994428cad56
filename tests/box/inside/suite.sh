# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# The unit tests behind the filter, suite by suite. /in/suites names those to leave out: what is slow in an emulator.
# shellcheck shell=bash

test_suite() {
  local suite said sum=0 wrong='' code
  for suite in $(sed 's/SUITE(\(.*\))/\1/' suites.h); do
    ! grep -qx "$suite" suites-left-out || continue
    code=0
    said=$(CK_FORK=no timeout 300 $only_2631 bin/unit "$suite" 2>&1) || code=$?
    said=$(tail -n 1 <<< "$said")
    [ $code = 0 ] || wrong+="$suite ($code: $said) "
    [[ $said =~ ^([0-9]+)\ passed ]] && sum=$((sum + BASH_REMATCH[1]))
  done
  expect failed '' "$wrong"
  agreed=" $sum passed; left out: $(tr '\n' ' ' < suites-left-out)"
  verdict 'unit tests behind the filter'
}
