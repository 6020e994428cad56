# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# The system calls of Linux 2.6.31 and no others, by number; and the controls: without the filter newer ones answer,
# and a program that cannot do without them fails behind it. On an ARM926 also the alignment trap.
# shellcheck shell=bash

never_answers() {
  local i
  for ((i = 0; i < 8; i++)); do
    ! first_line /v1 || return 1
    sleep 1
  done
}

# Debian's glibc and libmicrohttpd, which call accept4() and know nothing else
test_filter_control() {
  mkdir -p /run/control
  bin/nasready-glibc serve --user nobody --state-dir /run/control > $out/control.log 2>&1 < /dev/null &
  agent=$!
  check 'control: a nasready with glibc answers on this kernel' wait_until 20 first_line /v1
  kill $agent
  wait $agent 2> /dev/null
  $only_2631 bin/nasready-glibc serve --user nobody --state-dir /run/control > $out/control.log 2>&1 < /dev/null &
  agent=$!
  sleep 2
  check 'control: behind the filter it never does' never_answers
  kill $agent 2> /dev/null
  wait $agent 2> /dev/null
}

test_alignment() {
  local code=0
  case $(uname -m) in
    armv5*) ;;
    *) return ;;
  esac
  echo 4 > /proc/cpu/alignment
  bin/unaligned > /dev/null 2>&1 || code=$?
  expect signal 135 "$code"
  verdict 'control: an unaligned access ends a program with SIGBUS; so it does from here on'
}

test_filter() {
  local newer
  newer=$(bin/newer_calls)
  check "control: $newer system calls that Linux 2.6.31 lacks answer here" [ "$newer" -gt 20 ]
  expect answering 0 "$($only_2631 bin/newer_calls)"
  verdict 'behind the filter no newer system call answers'
  test_alignment
  test_filter_control
}
